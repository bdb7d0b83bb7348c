//! Moving tickets: many dispatchers recall and dispatch, each their own, against `pgbench` doing
//! the same statements.

use crate::Wishes;
use crate::district::{DISPATCHERS, District};
use crate::load::{load, post};
use crate::made::{DISPATCHED, TICKETS};
use crate::server::{median, pgbench};
use backend::people::password;
use serde_json::json;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio_postgres::Client;

/// The first of the tickets that are moved.
const FIRST: i64 = TICKETS - DISPATCHED + 1;
/// How many of them each connection has.
const EACH: i64 = DISPATCHED / DISPATCHERS as i64;

/// Lets ours and `pgbench` take turns.
pub async fn measure(
    wishes: &Wishes,
    address: SocketAddr,
    folder: &Path,
    client: &Client,
    district: &District,
) -> String {
    let mut text = format!(
        "\n### Moving tickets\n\nRecalling and dispatching {DISPATCHED} of {TICKETS} tickets, each \
         step durable, by as many signed-in dispatchers as connections; `pgbench --protocol \
         prepared` does the same statements one by one. {} rounds of {} s, medians; server, \
         database and load share the machine.\n\n\
         | connections | steps a second | p50 / p99 ms | pgbench, transactions a second | ratio | \
         target |\n|---|---|---|---|---|---|\n",
        wishes.rounds,
        wishes.lasting.as_secs()
    );
    let script = script(district);
    let clock = clock().to_string();
    let tokens: Arc<[String]> = district.dispatchers.clone().into();
    let team = district.team;
    for connections in [1, 16, 64] {
        let mut rounds = Vec::new();
        for _ in 0..wishes.rounds {
            let seqs: Arc<[i32]> = seqs(client).await.into();
            let tokens = tokens.clone();
            let step = move |connection: usize, count: usize| {
                let which = connection as i64 * EACH + count as i64 % EACH;
                let seq = seqs[which as usize] + (count as i64 / EACH) as i32;
                let body = match seq % 2 {
                    1 => json!({ "ticket": FIRST + which, "seq": seq, "action": "recall" }),
                    _ => json!({
                        "ticket": FIRST + which, "seq": seq, "action": "dispatch", "unit": team,
                    }),
                };
                post("/api/tickets/act", &tokens[connection], &body.to_string())
            };
            let ours = load(address, connections, wishes.lasting, step).await;
            let seconds = wishes.lasting.as_secs();
            let clock = [("clock", clock.as_str())];
            let theirs = pgbench(folder, &script, &clock, connections, seconds).await;
            rounds.push((ours, theirs));
        }
        let ours = median(rounds.iter().map(|(ours, _)| ours.a_second));
        let theirs = median(rounds.iter().map(|(_, theirs)| *theirs));
        let ratio = median(rounds.iter().map(|(ours, theirs)| ours.a_second / theirs));
        let [p50, p99] = [0, 1].map(|i| median(rounds.iter().map(|(ours, _)| ours.took_ms[i])));
        writeln!(
            text,
            "| {connections} | {ours:.0} | {p50:.2} / {p99:.2} | {theirs:.0} | **{ratio:.2}** | \
             ≥ 0.50 |"
        )
        .expect("text grows");
        eprintln!("{}", text.lines().last().unwrap_or_default());
    }
    text
}

/// The last event of each of the tickets that are moved: odd while it is dispatched.
async fn seqs(client: &Client) -> Vec<i32> {
    let sql = "select seq from tickets where id >= $1 order by id";
    let rows = client.query(sql, &[&FIRST]).await.expect("the tickets are there");
    rows.iter().map(|row| row.get("seq")).collect()
}

fn clock() -> serde_json::Value {
    json!({ "started_at": "2026-11-25T06:00:00Z", "limit": "3wd", "extensions": [], "pauses": [],
            "stopped_at": null })
}

/// What `pgbench` does for a step: the statements of the service, in their order.
fn script(district: &District) -> String {
    let (_, token) = district.dispatchers[0].trim_end().split_once('=').expect("a cookie");
    let hash: String =
        password::token_hash(token).iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = format!("decode('{hash}', 'hex')");
    let scope = ["true", "1::bigint", "'{}'", "'{}'", "'{}'", "true", "null::bigint"];
    let ticket: Vec<&str> = [":ticket"].into_iter().chain(scope).collect();
    let ticket = filled(include_str!("../../src/tickets/ticket.sql"), &ticket);
    let pending = filled(include_str!("../../src/tickets/pending.sql"), &[":ticket"]);
    let units = filled(include_str!("../../src/tickets/units_around.sql"), &[":ticket"]);
    let session = filled(include_str!("../../src/people/session.sql"), &[&hash]);
    let events = filled(include_str!("../../src/tickets/events.sql"), &[":ticket", "true"]);
    let around = [":ticket", "0.00045::float8", "365"].into_iter().chain(scope).chain(["500"]);
    let around: Vec<&str> = around.collect();
    let around = filled(include_str!("../../src/tickets/repeats/earlier.sql"), &around);
    let reports = filled(include_str!("../../src/tickets/reports_of.sql"), &[":ticket", "true"]);
    let report = filled(include_str!("../../src/reports/report.sql"), &[":ticket"]);
    let team = district.team.to_string();
    let recall = moved("'returned'", "'recall'", ":u_centre");
    let dispatch = moved("'dispatched'", "'dispatch'", &team);
    format!(
        "\\set ticket {FIRST} + :client_id * {EACH} + random(0, {EACH} - 1)\n{session};\nbegin;\n\
         {ticket} \\gset t_\n{pending};\n{units} \\gset u_\n\\if :t_seq % 2 = 1\n{recall};\n\
         \\else\n{dispatch};\n\\endif\nend;\n\
         {ticket} \\gset t_\n{pending};\n{events};\n{reports};\n\
         {report};\n{around};\n"
    )
}

fn moved(state: &str, action: &str, unit: &str) -> String {
    let values = [
        ":ticket",
        ":t_seq",
        state,
        action,
        unit,
        "3::smallint",
        "null::bigint",
        "null::bigint",
        "false",
        "'handle'",
        ":clock::jsonb",
        "now() + '1 day'::interval",
        "now() + '2 days'::interval",
        "now() + '5 days'::interval",
        "false",
        "null::timestamptz",
        "null::bigint",
        "now()",
        "false",
        "2::bigint",
        "''",
        "null::text",
        "false",
        "false",
        ":clock::jsonb",
        "now() + '2 days'::interval",
        "null::timestamptz",
    ];
    filled(include_str!("../../src/tickets/move.sql"), &values)
}

/// A statement with values instead of its parameters, without its comments.
fn filled(statement: &str, values: &[&str]) -> String {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    let mut text = lines.collect::<Vec<_>>().join("\n").trim_end().to_owned();
    for (i, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", i + 1), value);
    }
    assert!(!text.contains('$'), "a parameter is left: {text}");
    text
}
