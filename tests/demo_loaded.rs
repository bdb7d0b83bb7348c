//! `wangge demo` from outside: loaded once however often it is run, never among other grids.

use backend::demo::district::{self, SEED, UNTIL};
use backend::demo::plane::P;
use domain::grids::{BaseMapKind, Basis, Locate, ShowBaseMap};
use domain::people::roster::RosterGaps;
use domain::people::{Role, SignIn};
use domain::place::Datum;
use domain::reports::ListReports;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use support::{Database, Service};
use tempfile::TempDir;

fn wangge(database: &Database, folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(args)
        .arg("--json")
        .env("DATABASE_URL", database.url())
        .env("WANGGE_DATA_DIR", folder)
        .output()
        .expect("the program runs")
}

fn answer(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

#[tokio::test]
async fn a_second_run_finds_the_district_there_and_adds_nothing() {
    let (database, folder) = (Database::migrated().await, TempDir::new().expect("a folder"));
    let first = answer(&wangge(&database, folder.path(), &["demo", "--reports", "900"]));
    let district = district::make(SEED, UNTIL, 900);
    assert_eq!(first["already"], false);
    assert_eq!(first["cells"], district.cells.len());
    assert_eq!(first["blank_zones"], district.blanks.len());
    assert_eq!(first["problems"], district.blanks.len() + district.known.len());
    assert_eq!(first["people"], district.staff.people.len());
    assert_eq!((&first["stored"], &first["stored_before"]), (&900.into(), &0.into()));
    let second = answer(&wangge(&database, folder.path(), &["demo", "--reports", "900"]));
    assert_eq!(second["already"], true);
    assert_eq!((&second["people"], &second["edition"]), (&0.into(), &first["edition"]));
    assert_eq!((&second["stored"], &second["stored_before"]), (&0.into(), &900.into()));
    let client = database.client().await;
    let row = client.query_one("select count(*) from reports where cell is null", &[]).await;
    assert_eq!(row.expect("reports can be counted").get::<_, i64>(0), 0);
    let sql = "select count(distinct received_at), max(received_at) from reports";
    let row = client.query_one(sql, &[]).await.expect("reports can be counted");
    assert!(row.get::<_, i64>(0) > 800, "taken in one by one, all through the year");
    let last = district.reports.last().expect("a report").received_at_s;
    assert_eq!(row.get::<_, jiff::Timestamp>(1).as_second(), last);
    drop(client);
    database.drop().await;
}

#[tokio::test]
async fn the_demo_log_ins_open_the_demo_and_the_base_map_is_served() {
    let (database, folder) = (Database::migrated().await, TempDir::new().expect("a folder"));
    let told = answer(&wangge(&database, folder.path(), &["demo", "--reports", "300"]));
    let base_map = folder.path().join("base-map/base-map.json");
    let service = Service::over(database, |serve| serve.base_map = Some(base_map)).await;
    let map = service.ask(&ShowBaseMap {}).await.expect("there is a base map");
    assert_eq!((map.kind, map.url.as_str()), (BaseMapKind::Geojson, "/base-map/demo.geojson"));
    let log_ins = told["log_ins"].as_array().expect("log-ins are told");
    assert_eq!(log_ins.len(), 6);
    for log_in in log_ins {
        let word = |name: &str| log_in[name].as_str().unwrap_or_default().to_owned();
        let password = told["password"].as_str().unwrap_or_default().to_owned();
        let me = service.ask(&SignIn { login: word("login"), password }).await.expect("signed in");
        assert_eq!(me.name, word("name"));
    }
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    // Day and night, holidays included, and on for another year.
    let until: jiff::Timestamp = format!("{UNTIL}T16:00:00Z").parse().expect("a time");
    let day = |days: i64| {
        let hours = jiff::SignedDuration::from_hours(24 * days);
        until.checked_add(hours).expect("a time").to_string()
    };
    for (from, until) in [(-365, 0), (0, 365)] {
        let year = RosterGaps { from: day(from), until: day(until) };
        assert_eq!(dispatcher.ask(&year).await, Ok(vec![]), "somebody is on duty at every minute");
    }
    let reports = dispatcher.ask(&ListReports::default()).await.expect("a dispatcher reads");
    assert!(reports.len() > 20 && reports.iter().all(|r| r.cell.is_some()));
    // The pile of story 1: nobody drew the strip, and yet somebody answers for it.
    let pile = district::make(SEED, UNTIL, 0).blanks.into_iter().find(|b| b.pile).expect("a pile");
    let (lng, lat) = middle(&pile.ring).degrees();
    let asked = Locate { lng, lat, datum: Datum::Cgcs2000, accuracy_m: None };
    let located = service.ask(&asked).await.expect("every place has an answer");
    assert_eq!(located.basis, Basis::BlankZone);
    assert!(located.cell.is_some() && located.blank_zone.is_some());
    assert!(located.contacts.iter().any(|c| c.role == Role::Leader && c.level == Some(3)));
    service.finish().await;
}

/// A strip's ring runs along one wall and back along the other: the place half way between its
/// first bend and the one opposite lies inside.
fn middle(ring: &[P]) -> P {
    let n = ring.len();
    let across = |(i, j): (usize, usize)| (ring[i] + ring[j]) * 0.5;
    let pairs = (0..n).flat_map(|i| (i + 2..n).map(move |j| (i, j)));
    pairs.map(across).find(|q| backend::demo::plane::inside(ring, *q)).expect("an inside")
}

#[tokio::test]
async fn the_demo_does_not_mix_with_other_grids() {
    let (database, folder) = (Database::migrated().await, TempDir::new().expect("a folder"));
    let file = folder.path().join("own.geojson");
    let square = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
        "properties":{"code":"A"},"geometry":{"type":"Polygon","coordinates":
        [[[120,31],[120.1,31],[120.1,31.1],[120,31.1],[120,31]]]}}]}"#;
    std::fs::write(&file, square).expect("a file can be written");
    let name = file.display().to_string();
    answer(&wangge(&database, folder.path(), &["grids", "import", &name, "--code", "code"]));
    let refused = wangge(&database, folder.path(), &["demo", "--reports", "10"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("must not mix"));
    let client = database.client().await;
    let row = client.query_one("select count(*) from people where login is not null", &[]).await;
    assert_eq!(row.expect("people can be counted").get::<_, i64>(0), 0);
    drop(client);
    database.drop().await;
}

#[tokio::test]
async fn the_written_files_import_as_the_demo_does() {
    let (database, folder) = (Database::migrated().await, TempDir::new().expect("a folder"));
    let files = folder.path().join("files");
    let name = |file: &str| files.join(file).display().to_string();
    let into = files.display().to_string();
    let told =
        answer(&wangge(&database, folder.path(), &["demo", "--write", &into, "--reports", "400"]));
    let (cells, jurisdiction) = (name("cells.geojson"), name("jurisdiction.geojson"));
    let imported = answer(&wangge(
        &database,
        folder.path(),
        &[
            "grids",
            "import",
            &cells,
            "--code",
            "code",
            "--name",
            "name",
            "--parent",
            "parent",
            "--parent-name",
            "parent_name",
            "--parent",
            "street",
            "--parent-name",
            "street_name",
            "--jurisdiction",
            &jurisdiction,
        ],
    ));
    assert_eq!(imported["cells"], told["counts"]["cells"]);
    assert_eq!(imported["blank_zones"], told["counts"]["strips"]);
    assert_eq!(imported["problems"]["overlap"], 6);
    assert_eq!(imported["problems"]["sliver_gap"], 12);
    let reports = name("reports.csv");
    let imported = answer(&wangge(
        &database,
        folder.path(),
        &[
            "reports",
            "import",
            &reports,
            "--lon",
            "lon",
            "--lat",
            "lat",
            "--time",
            "happened_at",
            "--category",
            "category",
            "--text",
            "text",
            "--key",
            "key",
            "--accuracy",
            "accuracy_m",
        ],
    ));
    assert_eq!((&imported["stored"], &imported["rejected"]), (&400.into(), &0.into()));
    database.drop().await;
}
