//! A million tickets: `cargo bench -p backend --bench tickets -- [--seconds N] [--rounds N]
//! [--write FILE]`.
//!
//! - *lists* over HTTP, in every way they are narrowed, by a dispatcher and by grid leaders: the
//!   99th percentile, to be under 50 ms.
//! - *moving* a ticket over HTTP against `pgbench` with the same statements and the same number of
//!   connections into the same server: what HTTP, JSON and the decision cost on top.
//!
//! Server, database and load share the machine.

#[path = "../http/load.rs"]
mod load;
#[path = "../http/server.rs"]
mod server;

mod district;
mod lists;
mod made;
mod moving;

use backend::config::Config;
use backend::db::Db;
use std::time::Duration;
use support::ledger;

/// What the words after the bench's name ask for.
pub struct Wishes {
    /// How long each load lasts.
    pub lasting: Duration,
    /// How often rivals take turns.
    pub rounds: usize,
    write: Option<String>,
}

fn wishes() -> Wishes {
    let mut wishes = Wishes { lasting: Duration::from_secs(3), rounds: 5, write: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        let mut whole = || next().parse().expect("a whole number");
        match word.as_str() {
            "--seconds" => wishes.lasting = Duration::from_secs(whole()),
            "--rounds" => wishes.rounds = whole() as usize,
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
    let (_server, address) = server::serve(folder.path());
    let config = Config {
        data_dir: folder.path().to_owned(),
        database_url: None,
        database_connections: 4,
        log: "warn".to_owned(),
        log_json: false,
    };
    let db = Db::open(&config).await.expect("the database opens");
    let district = district::settle(&db, address).await;
    let client = db.client().await.expect("the database answers");
    made::fill(&client).await;
    ledger::laws(&client).await;
    let mut text = lists::measure(&wishes, address, &district).await;
    text.push_str(&moving::measure(&wishes, address, folder.path(), &client, &district).await);
    print!("{text}");
    if let Some(file) = wishes.write {
        std::fs::write(&file, text).unwrap_or_else(|why| panic!("cannot write {file}: {why}"));
    }
}
