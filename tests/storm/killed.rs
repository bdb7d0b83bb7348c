//! kill -9 while many act: nothing acknowledged is lost, and no ticket is left in a state that its
//! history does not give.

use crate::players::{Acknowledged, cast};
use crate::process::Process;
use backend::config::Config;
use backend::db::Db;
use domain::word::Word;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::{Database, ledger};
use tokio::sync::mpsc::unbounded_channel;
use tokio_postgres::Client;

/// Acts acknowledged before the blow falls.
const BEFORE: usize = 250;

/// Everything that was answered with 200 is written down.
async fn kept(db: &Client, acknowledged: &[Acknowledged]) {
    let rows = db.query("select ticket, action, key from ticket_events", &[]).await;
    let written: BTreeSet<(i64, String, Option<String>)> = rows
        .expect("the events can be read")
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    for Acknowledged { ticket, key, action } in acknowledged {
        let event = (ticket.0, action.code().to_owned(), key.clone());
        assert!(written.contains(&event), "{event:?} was acknowledged and is not there");
    }
    let actions: BTreeSet<&str> = acknowledged.iter().map(|act| act.action.code()).collect();
    assert!(actions.len() >= 12, "the storm was lively: {actions:?}");
}

#[tokio::test]
async fn a_server_killed_in_a_storm_of_acts_loses_nothing_it_acknowledged() {
    let database = Database::migrated().await;
    let cast = cast(&database.db()).await;
    let db = database.client().await;
    let webhook = "
        insert into webhooks (name, url, secret, paused, added_at)
        values ('platform', 'http://127.0.0.1:9', decode(repeat('ab', 24), 'hex'), true, now())";
    db.batch_execute(webhook).await.expect("somebody who is told of everything");
    let mut all = Vec::new();
    for storm in 0..3 {
        let server = Process::start(&database, &[]).await;
        let (told, mut heard) = unbounded_channel();
        let players = cast.act(&server.visitor, storm, false, told);
        let mut server = Some(server);
        let begun = all.len();
        while let Some(act) = heard.recv().await {
            all.push(act);
            if all.len() == begun + BEFORE
                && let Some(server) = server.take()
            {
                server.kill().await;
            }
        }
        players.join_all().await;
        assert!(all.len() >= begun + BEFORE);
        kept(&db, &all).await;
        ledger::check(&db).await;
    }
    drop(db);
    database.drop().await;
}

/// The number of the cluster's server, as it notes it itself.
fn postgres(folder: &Path) -> Pid {
    let note = fs::read_to_string(folder.join("pg/postmaster.pid")).expect("it runs");
    let number = note.lines().next().and_then(|line| line.trim().parse().ok());
    number.and_then(Pid::from_raw).expect("the number of a process")
}

#[tokio::test]
async fn a_database_killed_in_a_storm_of_acts_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    // The account the cluster runs under must be able to pass through.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let data_dir = folder.path().join("data");
    let config = Config {
        data_dir: data_dir.clone(),
        database_url: None,
        database_connections: 4,
        log: "error".to_owned(),
        log_json: false,
    };
    let cast = {
        let db = Db::open(&config).await.expect("a private cluster");
        cast(&db).await
    };
    let server = Process::private(&data_dir).await;
    let (told, mut heard) = unbounded_channel();
    let players = cast.act(&server.visitor, 9, true, told);
    let (mut all, mut server) = (Vec::new(), Some(server));
    while let Some(act) = heard.recv().await {
        all.push(act);
        if all.len() == BEFORE
            && let Some(server) = server.take()
        {
            kill_process(postgres(&data_dir), Signal::KILL).expect("it can be killed");
            server.kill().await;
        }
    }
    players.join_all().await;
    let db = Db::open(&config).await.expect("it comes back");
    let client = db.client().await.expect("it answers");
    kept(&client, &all).await;
    ledger::check(&client).await;
}
