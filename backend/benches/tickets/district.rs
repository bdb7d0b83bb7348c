//! The district of the bench: 71 × 71 cells of about 750 m in communities of 10 and streets of 500,
//! each with its leader; and the people who are signed in.

use backend::db::Db;
use backend::grids::drawing::{Drawing, Given};
use backend::grids::publish;
use backend::people::{password, store};
use domain::ids::UnitId;
use domain::people::{Role, UnitKind};
use serde_json::Value;
use spatial::Position;
use spatial::build::Drawn;
use std::net::SocketAddr;

const SIDE: i32 = 71;
/// In units of 1e-7 degree.
const SIZE: i32 = 75_000;
const CORNER: (i32, i32) = (1_206_000_000, 312_500_000);

/// Dispatchers signed in: as many as the heaviest load has connections.
pub const DISPATCHERS: usize = 64;

/// Who is signed in, each as the line of a request's head that says so.
pub struct District {
    /// At the linkage centre.
    pub dispatchers: Vec<String>,
    /// Leader of a cell.
    pub of_cell: String,
    /// Leader of a community.
    pub of_community: String,
    /// Leader of a street.
    pub of_street: String,
    /// The team of a cell.
    pub team: UnitId,
}

/// Codes of the cell, the community and the street of the n-th cell.
pub fn codes(n: i32) -> [String; 3] {
    let (street, community) = (format!("{:09}", n / 500), format!("{:012}", n / 10));
    [format!("{community}{:03}", n % 10), community, street]
}

/// The cell whose leaders are signed in: neither full nor empty.
pub const HOME: i32 = 2_345;

/// Publishes the cells with their leaders and waits until the server answers by them.
///
/// # Panics
/// When the database or the server refuses.
pub async fn settle(db: &Db, address: SocketAddr) -> District {
    let mut client = db.client().await.expect("the database answers");
    publish::publish(&mut client, &publish::cut(cells())).await.expect("an edition");
    let mut dispatchers = Vec::new();
    for _ in 0..DISPATCHERS {
        let centre = store::add_unit(&**client, "联动中心", UnitKind::Centre).await;
        dispatchers.push(signed_in(db, Role::Dispatcher, centre.expect("a unit"), None).await);
    }
    let (mut of_cell, mut of_community, mut of_street) = (None, None, None);
    let mut team = UnitId(0);
    for n in 0..SIDE * SIDE {
        let [cell, community, street] = codes(n);
        // A team for every community has its cells; the community and the street have their own.
        if n % 500 == 0 {
            let unit = store::add_unit(&**client, &format!("街道 {n}"), UnitKind::SubCentre).await;
            let post = Some((1, street));
            let token = signed_in(db, Role::Leader, unit.expect("a unit"), post).await;
            of_street = if n <= HOME { Some(token) } else { of_street };
        }
        if n % 10 == 0 {
            let unit = store::add_unit(&**client, &format!("社区 {n}"), UnitKind::Community).await;
            let post = Some((2, community));
            let token = signed_in(db, Role::Leader, unit.expect("a unit"), post).await;
            of_community = if n <= HOME { Some(token) } else { of_community };
        }
        let name = format!("网格队 {}", n / 10);
        let unit = store::add_unit(&**client, &name, UnitKind::GridTeam).await.expect("a unit");
        let token = signed_in(db, Role::Leader, unit, Some((3, cell))).await;
        if n == HOME {
            (of_cell, team) = (Some(token), unit);
        }
    }
    let http = reqwest::Client::new();
    loop {
        let url = format!("http://{address}/api/locate?lng=120.6037&lat=31.2537");
        let answer = http.get(url).send().await.expect("it answers").json::<Value>().await;
        if answer.expect("JSON")["edition"] == 2 {
            break;
        }
        tokio::task::yield_now().await;
    }
    let [of_cell, of_community, of_street] =
        [of_cell, of_community, of_street].map(|token| token.expect("they have a leader"));
    District { dispatchers, of_cell, of_community, of_street, team }
}

async fn signed_in(db: &Db, role: Role, unit: UnitId, post: Option<(u8, String)>) -> String {
    let client = db.client().await.expect("the database answers");
    let name = "某人".to_owned();
    let person = store::NewPerson { name, role, unit, duty_desk: false, login: None };
    let person = store::add_people(&**client, &[person]).await.expect("a person")[0];
    if let Some((level, cell)) = post {
        let post = store::NewPost { person, level, cell, role };
        store::add_posts(&**client, &[post]).await.expect("a post");
    }
    let token = password::new_token();
    let opened = store::open_session(&**client, &password::token_hash(&token), person).await;
    opened.expect("a session");
    format!("cookie: wangge_session={token}\r\n")
}

fn cells() -> Drawing {
    let mut given = Vec::new();
    for n in 0..SIDE * SIDE {
        let (w, s) = (CORNER.0 + n % SIDE * SIZE, CORNER.1 + n / SIDE * SIZE);
        let corner = |x, y| Position::new(w + x, s + y);
        let ring = vec![corner(0, 0), corner(SIZE, 0), corner(SIZE, SIZE), corner(0, SIZE)];
        let [cell, community, street] = codes(n);
        let named = |code: String| Some((code.clone(), Some(code)));
        given.push(Given {
            number: n as u64 + 1,
            code: Some(cell),
            name: Some(format!("第 {n} 网格")),
            parents: vec![named(community), named(street)],
            drawn: Drawn { parts: vec![vec![ring]] },
        });
    }
    Drawing::of("bench".to_owned(), given, None)
}
