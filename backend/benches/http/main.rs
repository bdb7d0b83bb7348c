//! The service over HTTP against its own bounds: `cargo bench -p backend --bench http --
//! [--seconds N] [--rounds N] [--only locate|intake] [--write FILE]`.
//!
//! - *locate* against the empty route of the same server: what finding the cell and naming the
//!   people costs on top of HTTP.
//! - *intake*, durable, against `pgbench` with the same number of connections into the same server:
//!   inserting the report's row, and inserting every row that a report makes (its ticket and the
//!   ticket's first event are committed with it). What HTTP, JSON and look-up cost, and what group
//!   commit wins back.
//!
//! Server, database and load share the machine. Rivals take turns round by round; a figure is
//! the median of the rounds, a ratio the median of the ratios within a round.

mod load;
mod rows;
mod server;

use backend::config::Config;
use backend::db::Db;
use backend::grids::drawing::{Drawing, Given};
use backend::grids::publish;
use backend::people::{password, store};
use backend::reports::store::{NewToken, add_token};
use domain::ids::PersonId;
use domain::people::{Role, UnitKind};
use domain::reports::Channel;
use load::{Reached, get, load, post};
use serde_json::{Value, json};
use server::{median, pgbench, serve};
use spatial::Position;
use spatial::build::Drawn;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// Cells of the chessboard: as many as the synthetic coverage has.
const SIDE: i32 = 71;
/// Their size in units of 1e-7 degree: about 750 m.
const SIZE: i32 = 75_000;
const CORNER: (i32, i32) = (1_206_000_000, 312_500_000);

struct Wishes {
    seconds: u64,
    rounds: usize,
    only: Option<String>,
    write: Option<String>,
}

fn wishes() -> Wishes {
    let mut wishes = Wishes { seconds: 3, rounds: 5, only: None, write: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        match word.as_str() {
            "--seconds" => wishes.seconds = next().parse().expect("whole seconds"),
            "--rounds" => wishes.rounds = next().parse().expect("a whole number"),
            "--only" => wishes.only = Some(next()),
            "--write" => wishes.write = Some(next()),
            "--bench" => {} // cargo says so
            other => panic!("unknown word {other}"),
        }
    }
    wishes
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wishes = wishes();
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, address) = serve(folder.path());
    prepare(folder.path(), address).await;
    let mut text = String::from("### The service over HTTP\n\n");
    let cells = SIDE * SIDE;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    writeln!(
        text,
        "{cells} cells with three people each; {} rounds of {} s, medians; server, database and \
         load on {cores} cores.\n",
        wishes.rounds, wishes.seconds
    )
    .expect("text grows");
    text.push_str(
        "| what | connections | a second | rival | a second | ratio | target | p50 / p99 ms |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let wanted = |part| wishes.only.as_deref().is_none_or(|only| only == part);
    for connections in [16, 64].into_iter().filter(|_| wanted("locate")) {
        text.push_str(&locate(&wishes, address, connections).await);
    }
    for connections in [16, 64].into_iter().filter(|_| wanted("intake")) {
        text.push_str(&intake(&wishes, address, folder.path(), connections).await);
    }
    print!("{text}");
    if let Some(file) = wishes.write {
        std::fs::write(&file, text).unwrap_or_else(|why| panic!("cannot write {file}: {why}"));
    }
}

/// Publishes a chessboard with people and waits until the server answers by it.
async fn prepare(folder: &Path, address: SocketAddr) {
    let config = Config {
        data_dir: folder.to_owned(),
        database_url: None,
        database_connections: 4,
        log: "warn".to_owned(),
        log_json: false,
    };
    let db = Db::open(&config).await.expect("the database opens");
    let mut client = db.client().await.expect("the database answers");
    let drawing = chessboard();
    let codes: Vec<String> = drawing.cells.iter().map(|cell| cell.code.clone()).collect();
    let unit = store::add_unit(&**client, "网格队伍", UnitKind::GridTeam).await.expect("a unit");
    let person = |i: usize| store::NewPerson {
        name: format!("网格员 {i}"),
        role: Role::Member,
        unit,
        duty_desk: false,
        login: None,
    };
    let people: Vec<_> = (0..codes.len() * 3).map(person).collect();
    let people: Vec<PersonId> = store::add_people(&**client, &people).await.expect("people");
    let roles = [Role::Leader, Role::Member, Role::Adviser];
    let posts: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(i, &person)| store::NewPost {
            person,
            level: 3,
            cell: codes[i / 3].clone(),
            role: roles[i % 3],
        })
        .collect();
    store::add_posts(&**client, &posts).await.expect("posts");
    let token = NewToken {
        name: "bench",
        channel: Channel::Hotline,
        issued_by: people[0],
        issued_at: jiff::Timestamp::now(),
        expires_at: None,
    };
    let hash = password::token_hash(SECRET);
    add_token(&**client, &token, &hash).await.expect("a token");
    publish::publish(&mut client, &publish::cut(drawing)).await.expect("an edition");
    let http = reqwest::Client::new();
    loop {
        let url = format!("http://{address}{}", place(0, 0));
        let answer: Value =
            http.get(url).send().await.expect("it answers").json().await.expect("JSON");
        if answer["edition"] == 2 {
            assert_eq!(answer["contacts"].as_array().map(Vec::len), Some(3), "{answer}");
            return;
        }
        tokio::task::yield_now().await;
    }
}

fn chessboard() -> Drawing {
    let mut given = Vec::new();
    for i in 0..SIDE * SIDE {
        let (w, s) = (CORNER.0 + i % SIDE * SIZE, CORNER.1 + i / SIDE * SIZE);
        let corner = |x, y| Position::new(w + x, s + y);
        let ring = vec![corner(0, 0), corner(SIZE, 0), corner(SIZE, SIZE), corner(0, SIZE)];
        let community = format!("{:012}", i / 10);
        given.push(Given {
            number: i as u64 + 1,
            code: Some(format!("{community}{:03}", i % 10)),
            name: Some(format!("第 {i} 网格")),
            parents: vec![Some((community.clone(), Some(format!("社区 {community}"))))],
            drawn: Drawn { parts: vec![vec![ring]] },
        });
    }
    Drawing::of("bench".to_owned(), given, None)
}

/// A place somewhere in the chessboard, different for every count (a Weyl sequence).
fn degrees(connection: usize, count: usize) -> (f64, f64) {
    let n = (connection * 1_000_003 + count) as f64;
    let span = f64::from(SIDE * SIZE);
    let x = f64::from(CORNER.0) + (n * 0.754_877_666_246_693).fract() * span;
    let y = f64::from(CORNER.1) + (n * 0.569_840_290_998_053).fract() * span;
    (x / 1e7, y / 1e7)
}

fn place(connection: usize, count: usize) -> String {
    let (lng, lat) = degrees(connection, count);
    format!("/api/locate?lng={lng:.7}&lat={lat:.7}")
}

async fn locate(wishes: &Wishes, address: SocketAddr, connections: usize) -> String {
    let lasting = Duration::from_secs(wishes.seconds);
    let mut rounds = Vec::new();
    for _ in 0..wishes.rounds {
        let empty = load(address, connections, lasting, |_, _| get("/api/alive", "")).await;
        let ours = load(address, connections, lasting, |c, n| get(&place(c, n), "")).await;
        rounds.push((ours, empty.a_second));
    }
    line("locate", connections, "empty route", 0.8, &rounds)
}

async fn intake(wishes: &Wishes, address: SocketAddr, folder: &Path, connections: usize) -> String {
    let lasting = Duration::from_secs(wishes.seconds);
    let rivals = [
        ("pgbench, the report's row", 0.7, rows::of_a_report()),
        ("pgbench, the ticket's rows too", 0.7, rows::of_a_report_and_its_ticket()),
    ];
    let mut rounds = [Vec::new(), Vec::new()];
    for round in 0..wishes.rounds {
        let report = move |connection: usize, count: usize| {
            let (lng, lat) = degrees(connection, count);
            let key = format!("{connections}-{round}-{connection}-{count}");
            let body = json!({
                "lng": lng, "lat": lat, "datum": "wgs84", "accuracy_m": 8.0,
                "channel": "hotline", "category": "0101", "text": rows::TEXT,
                "happened_at": "2026-03-01T08:30:00+08:00", "key": key,
            });
            post("/api/reports", &format!("authorization: Bearer {SECRET}\r\n"), &body.to_string())
        };
        let ours = load(address, connections, lasting, report).await;
        for ((_, _, script), rounds) in rivals.iter().zip(&mut rounds) {
            rounds.push((ours, pgbench(folder, script, &[], connections, wishes.seconds).await));
        }
    }
    let lines = rivals.iter().zip(&rounds);
    lines
        .map(|((rival, target, _), rounds)| {
            line("intake, durable", connections, rival, *target, rounds)
        })
        .collect()
}

/// What the hotline's system shows: a token costs its hash and a look into memory.
const SECRET: &str = "wangge-bench";

fn line(
    what: &str,
    connections: usize,
    rival: &str,
    target: f64,
    rounds: &[(Reached, f64)],
) -> String {
    let ours = median(rounds.iter().map(|(ours, _)| ours.a_second));
    let theirs = median(rounds.iter().map(|(_, theirs)| *theirs));
    let ratio = median(rounds.iter().map(|(ours, theirs)| ours.a_second / theirs));
    let [p50, p99] = [0, 1].map(|i| median(rounds.iter().map(|(ours, _)| ours.took_ms[i])));
    format!(
        "| {what} | {connections} | {ours:.0} | {rival} | {theirs:.0} | **{ratio:.2}** | \
         ≥ {target:.2} | {p50:.2} / {p99:.2} |\n"
    )
}
