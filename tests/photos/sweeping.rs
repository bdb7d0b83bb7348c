//! Photos that nobody names are deleted, whatever was killed in between; the others never.

use crate::made::files;
use backend::config::PhotosConfig;
use backend::reports::photos::Photos;
use backend::reports::photos::sweep::Sweeper;
use domain::Kind;
use domain::people::Role;
use domain::reports::{PHOTO_WAITS_HOURS, PhotoId, TakeReport};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use support::photos::jpeg;
use support::tickets::{begun, opened_by, report};
use support::{Database, Service, Visitor, data_dir};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

fn sweeper(db: backend::db::Db, folder: &Path) -> Sweeper {
    let config = PhotosConfig { photos_dir: Some(folder.to_owned()), ..PhotosConfig::default() };
    Sweeper::new(db, Arc::new(Photos::open(&config, folder).expect("a folder")))
}

/// A time at which everything sent now has waited too long.
fn later() -> Timestamp {
    Timestamp::now() + (PHOTO_WAITS_HOURS + 1).hours()
}

async fn rows(service: &Service) -> i64 {
    let db = service.database.client().await;
    db.query_one("select count(*) from photos", &[]).await.expect("a row").get(0)
}

#[tokio::test]
async fn what_nobody_named_in_time_is_deleted_and_what_was_named_stays() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let named = nobody.photographs(1).await;
    // The same picture once more, and another one: nobody names these.
    nobody.photographs(1).await;
    let lost = nobody.photographs(2).await;
    let question = TakeReport { photos: vec![named.clone()], ..report(50_000) };
    opened_by(&service, &cast.dispatcher, &question).await;
    let sweeper = sweeper(service.db.clone(), service.photos.path());
    assert_eq!(sweeper.pass(Timestamp::now()).await.expect("a pass"), 0, "they may wait");
    let before_the_end = Timestamp::now() + PHOTO_WAITS_HOURS.hours();
    assert_eq!(sweeper.pass(before_the_end).await.expect("a pass"), 0);
    assert_eq!(sweeper.pass(later()).await.expect("a pass"), 2);
    assert_eq!((rows(&service).await, files(service.photos.path()).len()), (1, 2));
    let path = format!("/api/photos/{named}");
    let shown = cast.dispatcher.get(&path).send().await.expect("an answer");
    assert_eq!(shown.status().as_u16(), 200, "the same picture was sent by two, one has it");
    let gone = TakeReport { photos: vec![lost], ..report(50_000) };
    let why = service.ask(&gone).await.expect_err("it is deleted");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("photos")));
    assert_eq!(sweeper.pass(later()).await.expect("a pass"), 0);
    service.finish().await;
}

#[tokio::test]
async fn a_photo_that_waited_too_long_is_refused_even_before_it_is_deleted() {
    let (service, _) = begun().await;
    let photo = service.nobody().photographs(1).await;
    let db = service.database.client().await;
    let age = "update photos set sent_at = sent_at - interval '6 hours 1 minute'";
    db.batch_execute(age).await.expect("it has waited");
    let late = TakeReport { photos: vec![photo], ..report(50_000) };
    assert_eq!(service.ask(&late).await.expect_err("too late").kind, Kind::Invalid);
    service.finish().await;
}

#[tokio::test]
async fn sent_again_while_it_is_swept_a_picture_is_there_for_whoever_sent_it() {
    let (service, cast) = begun().await;
    let sweepers = [1, 2].map(|_| sweeper(service.db.clone(), service.photos.path()));
    for round in 0..8 {
        service.nobody().photographs(1).await;
        let db = service.database.client().await;
        let age = "update photos set sent_at = sent_at - interval '7 hours' where used_at is null";
        db.batch_execute(age).await.expect("it has waited");
        let now = Timestamp::now();
        let (one, two, photo) = tokio::join!(
            sweepers[0].pass(now),
            sweepers[1].pass(now),
            service.nobody().photographs(1)
        );
        assert_eq!(one.expect("a pass") + two.expect("a pass"), 1, "round {round}");
        let question = TakeReport { photos: vec![photo.clone()], ..report(50_000) };
        opened_by(&service, &cast.dispatcher, &question).await;
        let path = format!("/api/photos/{photo}");
        let shown = cast.dispatcher.get(&path).send().await.expect("an answer");
        assert_eq!(shown.status().as_u16(), 200, "round {round}");
    }
    service.finish().await;
}

/// The program in a process of its own, that keeps photos in a folder.
async fn process(database: &Database, folder: &Path) -> (Child, Visitor) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wangge"));
    program.env("DATABASE_URL", database.url()).env("WANGGE_DATA_DIR", data_dir());
    program.env("WANGGE_PHOTOS_DIR", folder);
    program.args(["serve", "--listen", "127.0.0.1:0", "--json", "--log", "error"]);
    program.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = program.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let line = lines.next_line().await.expect("it answers").expect("a line");
    let answer: Value = serde_json::from_str(&line).expect("one JSON object");
    let visitor = Visitor::new(answer["listening"].as_str().expect("an address"));
    (child, visitor)
}

/// Sends photos, some at a time, until the server is gone; those it acknowledged.
async fn storm(visitor: &Visitor, mut server: Child, acknowledged: usize) -> Vec<PhotoId> {
    let mut sending = JoinSet::new();
    for number in 0..40_u8 {
        let request = visitor.post("/api/photos").body(jpeg(640, 480, number));
        sending.spawn(async move {
            let response = request.send().await.ok()?;
            let sent: Value = response.json().await.ok()?;
            sent["photo"].as_str().map(|photo| PhotoId(photo.to_owned()))
        });
    }
    let mut photos = Vec::new();
    while let Some(sent) = sending.join_next().await {
        photos.extend(sent.expect("no panic"));
        if photos.len() == acknowledged {
            server.kill().await.expect("it can be killed");
        }
    }
    photos
}

#[tokio::test]
async fn a_server_killed_between_photo_and_report_leaves_nothing_behind() {
    let service = Service::start().await;
    service.publish(support::district::district()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (server, visitor) = process(&service.database, folder.path()).await;
    let sent = storm(&visitor, server, 3).await;
    assert!(sent.len() >= 3, "{}", sent.len());
    // Whoever got an answer may go on with another server, and finds the picture there.
    let (mut server, visitor) = process(&service.database, folder.path()).await;
    let dispatcher = service.signed_in(Role::Dispatcher).await.at(&visitor);
    let photos = sent[..2].to_vec();
    let taken = visitor.ask(&TakeReport { photos, ..report(50_000) }).await;
    taken.expect("the report is taken");
    for photo in &sent[..2] {
        let path = format!("/api/photos/{photo}");
        let shown = dispatcher.get(&path).send().await.expect("an answer");
        assert_eq!(shown.status().as_u16(), 200);
    }
    server.kill().await.expect("it can be killed");
    let sweeper = sweeper(service.db.clone(), folder.path());
    sweeper.pass(later()).await.expect("a pass");
    assert_eq!(rows(&service).await, 2);
    let left = files(folder.path());
    assert_eq!(left.len(), 4, "two photos in two sizes, nothing half written: {left:?}");
    service.finish().await;
}
