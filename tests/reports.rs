//! Reports: taken in once, with a cell, and never lost once acknowledged.

use domain::grids::Basis;
use domain::ids::ReportId;
use domain::people::Role;
use domain::reports::{Channel, ListReports, ShowReport, TakeReport, Taken};
use domain::{Datum, Kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Output, Stdio};
use support::district::{Events, degrees, district};
use support::{Database, Service};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

fn report(east: i32, key: Option<&str>) -> TakeReport {
    let (lng, lat) = degrees(east, 50_000);
    TakeReport {
        datum: Datum::Cgcs2000,
        accuracy_m: Some(8.0),
        category: Some("0101".to_owned()),
        text: "两堵墙之间的垃圾".to_owned(),
        happened_at: Some("2026-03-01T08:30:00+08:00".to_owned()),
        key: key.map(str::to_owned),
        ..TakeReport::new(Channel::Snapshot, lng, lat)
    }
}

async fn count(service: &Service) -> i64 {
    let db = service.database.client().await;
    db.query_one("select count(*) from reports", &[]).await.expect("a row").get(0)
}

#[tokio::test]
async fn a_report_is_stored_with_its_cell_and_comes_back_as_it_was_told() {
    let service = Service::start().await;
    let published = service.publish(district()).await;
    let taken = service.ask(&report(201_000, None)).await.expect("it is taken");
    assert!(!taken.already);
    assert_eq!(taken.located.cell.as_deref(), Some("b"));
    assert_eq!(taken.located.basis, Basis::BlankZone);
    assert!(!taken.located.contacts.is_empty());
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let stored = dispatcher.ask(&ShowReport { report: taken.report }).await.expect("it is there");
    assert_eq!(stored.text, "两堵墙之间的垃圾");
    assert_eq!(stored.happened_at, "2026-03-01T00:30:00Z");
    assert_eq!((stored.lng, stored.lat), degrees(201_000, 50_000));
    assert_eq!((stored.edition, stored.cell.as_deref()), (published.edition, Some("b")));
    assert_eq!((stored.basis, stored.accuracy_m), (Basis::BlankZone, Some(8.0)));
    let missing = dispatcher.ask(&ShowReport { report: ReportId(99) }).await.expect_err("refused");
    assert_eq!(missing.kind, Kind::Missing);
    service.finish().await;
}

#[tokio::test]
async fn a_report_can_be_taken_before_anything_is_drawn() {
    let service = Service::start().await;
    let taken = service.ask(&report(0, None)).await.expect("it is taken");
    assert_eq!((taken.located.cell, taken.located.basis), (None, Basis::Outside));
    assert_eq!(taken.located.contacts.len(), 1, "the duty desk");
    service.finish().await;
}

#[tokio::test]
async fn the_same_key_is_the_same_report_and_another_channels_key_is_another() {
    let service = Service::start().await;
    service.publish(district()).await;
    let first = service.ask(&report(50_000, Some("k"))).await.expect("taken");
    let again = service.ask(&report(250_000, Some("k"))).await.expect("taken before");
    assert_eq!((again.report, again.already), (first.report, true));
    assert_eq!(again.located, first.located, "as it was told the first time");
    let other = TakeReport { channel: Channel::Hotline, ..report(50_000, Some("k")) };
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    assert!(!dispatcher.ask(&other).await.expect("taken").already);

    let body = serde_json::to_value(report(50_000, None)).expect("JSON");
    let request = service.nobody().post("/api/reports").header("idempotency-key", "k");
    let response = request.json(&body).send().await.expect("it answers");
    let taken: Taken = response.json().await.expect("taken");
    assert_eq!((taken.report, taken.already), (first.report, true), "the header is a key too");
    assert_eq!(count(&service).await, 2);
    service.finish().await;
}

#[tokio::test]
async fn a_repeated_key_keeps_its_cell_when_the_grid_has_been_redrawn() {
    let service = Service::start().await;
    service.publish(district()).await;
    let first = service.ask(&report(50_000, Some("k"))).await.expect("taken");
    service.publish(support::district::chessboard(3, 1, 100_000)).await;
    let again = service.ask(&report(50_000, Some("k"))).await.expect("taken before");
    assert_eq!(again.located.edition, first.located.edition);
    assert_eq!(again.located.cell, first.located.cell);
    assert!(!again.located.contacts.is_empty());
    service.finish().await;
}

#[tokio::test]
async fn of_many_senders_with_one_key_one_is_first_and_all_hear_of_the_same_report() {
    let service = Service::start().await;
    service.publish(district()).await;
    let mut senders = JoinSet::new();
    for i in 0..60 {
        let (visitor, key) = (service.nobody().clone(), format!("key {}", i % 3));
        senders.spawn(async move {
            let taken = visitor.ask(&report(50_000, Some(&key))).await.expect("it is taken");
            (key, taken.report, taken.already)
        });
    }
    let answers = senders.join_all().await;
    let reports: BTreeSet<_> = answers.iter().map(|(key, report, _)| (key, report)).collect();
    assert_eq!(reports.len(), 3, "one report a key");
    assert_eq!(answers.iter().filter(|(.., already)| !already).count(), 3, "one was first");
    assert_eq!(count(&service).await, 3);
    service.finish().await;
}

#[tokio::test]
async fn bad_input_is_refused_with_a_sentence_and_nothing_is_stored() {
    let service = Service::start().await;
    service.publish(district()).await;
    let fine = serde_json::to_value(report(50_000, None)).expect("JSON");
    let with = |field: &str, value: Value| {
        let mut body = fine.clone();
        body[field] = value;
        body.to_string()
    };
    let json = "application/json";
    let cases = [
        (with("lat", json!(95)), json, 422, "lat"),
        (with("lng", json!(-180.5)), json, 422, "lng"),
        (with("lng", json!(1e300)), json, 422, "lng"),
        (with("lng", json!(13_432_891.0)), json, 422, "lng"),
        (with("lng", json!(null)), json, 422, "lng"),
        (with("lng", json!("120.6")), json, 422, "lng"),
        (with("datum", json!("mars")), json, 422, "datum"),
        (with("accuracy_m", json!(-3)), json, 422, "accuracy_m"),
        (with("accuracy_m", json!("3 m")), json, 422, "accuracy_m"),
        (with("accuracy_km", json!(3)), json, 422, "accuracy_km"),
        (with("channel", json!("pigeon")), json, 422, "channel"),
        (with("happened_at", json!("yesterday")), json, 422, "happened_at"),
        (with("happened_at", json!("2026-03-01 08:30")), json, 422, "happened_at"),
        (with("text", json!("长".repeat(4_001))), json, 422, "text"),
        (with("text", json!("a\0b")), json, 422, "text"),
        (with("category", json!("c".repeat(201))), json, 422, "category"),
        (with("key", json!("k\0")), json, 422, "key"),
        (with("text", json!("x".repeat(1_000_000))), json, 413, ""),
        (fine.to_string(), "text/plain", 400, ""),
        (fine.to_string().replace('}', ""), json, 400, ""),
        (fine.to_string().replace("8.0", "NaN"), json, 400, ""),
        ("[".repeat(100_000), json, 422, "[0]"),
    ];
    for (body, media_type, status, field) in cases {
        let shown: String = body.chars().take(120).collect();
        let request = service.nobody().post("/api/reports").header("content-type", media_type);
        let response = request.body(body).send().await.expect("the server answers");
        let got = response.status().as_u16();
        let refusal: Value = response.json().await.expect("a refusal is JSON");
        assert_eq!(got, status, "{shown}: {refusal}");
        assert_eq!(refusal["field"].as_str().unwrap_or_default(), field, "{shown}: {refusal}");
        for language in ["zh", "en"] {
            assert!(refusal["message"][language].is_string(), "{shown}: {refusal}");
        }
    }
    assert_eq!(count(&service).await, 0);
    let longest = TakeReport { text: "长".repeat(4_000), ..report(50_000, None) };
    service.ask(&longest).await.expect("4,000 characters are taken");
    service.finish().await;
}

#[tokio::test]
async fn a_report_the_database_refuses_does_not_take_its_neighbours_with_it() {
    let service = Service::start().await;
    service.publish(district()).await;
    let db = service.database.client().await;
    let sql = "alter table reports add constraint no_bad check (text <> 'bad')";
    db.batch_execute(sql).await.expect("a constraint");
    let mut senders = JoinSet::new();
    for i in 0..30 {
        let text = if i % 10 == 3 { "bad" } else { "good" };
        let question = TakeReport { text: text.to_owned(), ..report(50_000, None) };
        let visitor = service.nobody().clone();
        senders.spawn(async move { (text, visitor.ask(&question).await.map_err(|r| r.kind)) });
    }
    for (text, answer) in senders.join_all().await {
        match text {
            "bad" => assert_eq!(answer, Err(Kind::Broken)),
            _ => assert!(answer.is_ok(), "{answer:?}"),
        }
    }
    assert_eq!(count(&service).await, 27);
    assert!(!service.logs.take().is_empty(), "the failures were logged");
    service.finish().await;
}

#[tokio::test]
async fn reports_are_listed_newest_first_by_cell_of_any_level_and_basis() {
    let service = Service::start().await;
    service.publish(district()).await;
    for east in [50_000, 150_000, 201_000, 250_000] {
        service.ask(&report(east, None)).await.expect("taken");
    }
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let list = async |question: ListReports| {
        let reports = dispatcher.ask(&question).await.expect("a list");
        reports.iter().map(|report| report.id.0).collect::<Vec<_>>()
    };
    let all = ListReports::default();
    let of = |cell: &str| ListReports { cell: Some(cell.to_owned()), ..ListReports::default() };
    assert_eq!(list(all.clone()).await, [4, 3, 2, 1]);
    assert_eq!(list(of("b")).await, [3, 2]);
    assert_eq!(list(of("P")).await, [3, 2, 1]);
    assert_eq!(list(of("S")).await, [4, 3, 2, 1]);
    let blank = ListReports { basis: Some(Basis::BlankZone), ..all.clone() };
    assert_eq!(list(blank).await, [3]);
    let page = ListReports { before: Some(ReportId(3)), limit: Some(1), ..all.clone() };
    assert_eq!(list(page).await, [2]);
    for (question, kind) in [
        (ListReports { limit: Some(0), ..all.clone() }, Kind::Invalid),
        (ListReports { limit: Some(201), ..all.clone() }, Kind::Invalid),
        (of("z"), Kind::Missing),
    ] {
        assert_eq!(dispatcher.ask(&question).await.expect_err("refused").kind, kind);
    }
    service.finish().await;
}

#[tokio::test]
async fn a_map_hears_of_new_reports_without_their_texts() {
    let service = Service::start().await;
    service.publish(district()).await;
    let mut events = Events::of(&service.url).await;
    let taken = service.ask(&report(50_000, None)).await.expect("taken");
    let (name, data) = events.next().await;
    let news: Value = serde_json::from_str(&data).expect("JSON");
    let (lng, lat) = degrees(50_000, 50_000);
    let place = json!({ "report": taken.report, "lng": lng, "lat": lat, "cell": "a" });
    assert_eq!((name.as_str(), news), ("reports", json!({ "count": 1, "reports": [place] })));
    drop(events);
    let tile = async |path: &str| {
        let response = service.nobody().get(path).send().await.expect("it answers");
        response.bytes().await.expect("bytes")
    };
    let has = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    let far = tile("/tiles/reports/0/0/0").await;
    assert!(has(&far, "report_counts"));
    let n = f64::from(1 << 14);
    let x = ((lng + 180.0) / 360.0 * n) as i32;
    let sinh = lat.to_radians().tan().asinh();
    let y = ((1.0 - sinh / std::f64::consts::PI) / 2.0 * n) as i32;
    let near = tile(&format!("/tiles/reports/14/{x}/{y}")).await;
    assert!(has(&near, "basis") && has(&near, "inside") && !has(&near, "text"));
    service.finish().await;
}

/// Runs `wangge reports import` on a file.
async fn import(database: &Database, folder: &Path, file: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["reports", "import", "--lon", "x", "--lat", "y", "--json"])
        .arg(file)
        .args(more)
        .env("DATABASE_URL", database.url())
        .env("WANGGE_DATA_DIR", folder)
        .output()
        .await
        .expect("the program runs")
}

fn object(output: &Output) -> Value {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

fn counts(answer: &Value) -> [u64; 4] {
    ["read", "stored", "already", "rejected"].map(|n| answer[n].as_u64().expect("a count"))
}

#[tokio::test]
async fn good_rows_are_kept_bad_rows_are_told_and_a_second_run_adds_nothing() {
    let service = Service::start().await;
    service.publish(district()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.csv");
    let (x, y) = degrees(50_000, 50_000);
    let (strip, _) = degrees(201_000, 50_000);
    let rows = [
        "\u{feff}id,x,y,when,what".to_owned(),
        format!("1,{x},{y},2026-03-01 08:30:00,rubbish"),
        format!("2,{strip},{y},2026/3/1 8:30,\"rubbish, again\n两行\""),
        format!("3,,{y},2026-03-01 08:30:00,nowhere"),
        format!("4,{y},{x},2026-03-01 08:30:00,swapped"),
        format!("5,{x},{y},some day,untimely"),
        format!("6,{x},{y},2026-03-01 08:30:00"),
        format!("1,{x},{y},2026-03-01 08:30:00,rubbish"),
    ];
    std::fs::write(&file, rows.join("\n")).expect("a file");
    let fields = ["--time", "when", "--text", "what"];
    let first = object(&import(&service.database, folder.path(), &file, &fields).await);
    assert_eq!(counts(&first), [7, 3, 0, 4], "rows alike are two reports: {first}");
    assert_eq!(first["basis"]["inside"], 2);
    assert_eq!(first["basis"]["blank_zone"], 1);
    assert_eq!(first["basis"].as_object().expect("counts").len(), 5, "every basis is counted");
    let rejects = first["rejects"].as_str().expect("a path");
    let rejects = std::fs::read_to_string(rejects).expect("the rejects file");
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "row,reason,id,x,y,when,what");
    let numbers: Vec<&str> = lines[1..].iter().map(|l| l.split(',').next().unwrap_or("")).collect();
    assert_eq!(numbers, ["3", "4", "5", "6"]);

    let again = object(&import(&service.database, folder.path(), &file, &fields).await);
    assert_eq!(counts(&again), [7, 0, 3, 4]);
    assert_eq!(count(&service).await, 3);
    let keyed = object(&import(&service.database, folder.path(), &file, &["--key", "id"]).await);
    assert_eq!(counts(&keyed), [7, 3, 1, 3], "{keyed}");

    let wrong = import(&service.database, folder.path(), &file, &["--time", "date"]).await;
    assert!(!wrong.status.success());
    let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(told.contains("id, x, y, when, what"), "{told}");
    let object: Value = serde_json::from_slice(&wrong.stdout).expect("one JSON object");
    assert!(object["error"].as_str().is_some_and(|why| told.contains(why)), "{object}");
    service.finish().await;
}

#[tokio::test]
async fn an_import_killed_in_the_middle_ends_where_an_undisturbed_one_ends() {
    let service = Service::start().await;
    service.publish(district()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.csv");
    let mut text = String::from("x,y\n");
    const ROWS: u64 = 30_000;
    for i in 0..ROWS as i32 {
        let (x, y) = degrees(i % 9_000, 50_000);
        text.push_str(&format!("{x},{y}\n"));
    }
    std::fs::write(&file, text).expect("a file");
    let mut importing = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["reports", "import", "--lon", "x", "--lat", "y", "--json"])
        .arg(&file)
        .env("DATABASE_URL", service.database.url())
        .env("WANGGE_DATA_DIR", folder.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let half_way = loop {
        let stored = count(&service).await;
        if stored > 0 {
            break stored;
        }
        tokio::task::yield_now().await;
    };
    importing.kill().await.expect("it can be killed");
    assert!(half_way < ROWS as i64, "it was killed in the middle");
    let again = object(&import(&service.database, folder.path(), &file, &[]).await);
    let [read, stored, already, rejected] = counts(&again);
    assert_eq!((read, stored + already, rejected), (ROWS, ROWS, 0));
    assert!(already >= half_way as u64);
    assert_eq!(count(&service).await, ROWS as i64);
    service.finish().await;
}

/// A server in a process of its own, and its address.
async fn server(database: &Database, folder: &Path) -> (Child, String) {
    let mut serving = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .env("DATABASE_URL", database.url())
        .env("WANGGE_DATA_DIR", folder)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(serving.stdout.take().expect("its output")).lines();
    let line = lines.next_line().await.expect("it answers").expect("a line");
    let answer: Value = serde_json::from_str(&line).expect("one JSON object");
    (serving, answer["listening"].as_str().expect("an address").to_owned())
}

#[tokio::test]
async fn a_server_killed_during_intake_loses_nothing_it_acknowledged() {
    let service = Service::start().await;
    service.publish(district()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (mut serving, url) = server(&service.database, folder.path()).await;
    let mut senders = JoinSet::new();
    let (acknowledge, mut acknowledged) = tokio::sync::mpsc::unbounded_channel::<i64>();
    for sender in 0..8 {
        let (url, acknowledge) = (url.clone(), acknowledge.clone());
        senders.spawn(async move {
            let http = reqwest::Client::new();
            for i in 0.. {
                let body = report(50_000, Some(&format!("{sender}-{i}")));
                let sent = http.post(format!("{url}/api/reports")).json(&body).send().await;
                // The server is gone, or was while it answered: not acknowledged.
                let Ok(response) = sent else { return };
                let Ok(taken) = response.json::<Taken>().await else { return };
                acknowledge.send(taken.report.0).expect("somebody counts");
            }
        });
    }
    drop(acknowledge);
    let mut known = Vec::new();
    while let Some(report) = acknowledged.recv().await {
        known.push(report);
        if known.len() == 200 {
            serving.kill().await.expect("it can be killed");
        }
    }
    senders.join_all().await;
    assert!(known.len() >= 200);
    let db = service.database.client().await;
    let sql = "select count(*) from reports where id = any ($1)";
    let kept: i64 = db.query_one(sql, &[&known]).await.expect("a row").get(0);
    assert_eq!(kept, known.len() as i64, "every acknowledged report is there");
    service.finish().await;
}
