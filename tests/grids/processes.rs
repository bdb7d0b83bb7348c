//! Several processes over one database, and the command line.

use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use support::Service;
use support::district::{Events, degrees, district};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// The district's cells as a GeoJSON file.
fn district_file(folder: &std::path::Path) -> std::path::PathBuf {
    let ring = |west: i32, east: i32| {
        let corners = [(west, 0), (east, 0), (east, 100_000), (west, 100_000), (west, 0)];
        corners.map(|(x, y)| <[f64; 2]>::from(degrees(x, y))).to_vec()
    };
    let feature = |(code, west, east): (&str, i32, i32)| {
        json!({
            "type": "Feature",
            "properties": { "code": code },
            "geometry": { "type": "Polygon", "coordinates": [ring(west, east)] },
        })
    };
    let features = [("a", 0, 100_000), ("b", 100_000, 200_000)].map(feature);
    let file = folder.join("district.geojson");
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    std::fs::write(&file, text).expect("a file");
    file
}

#[tokio::test]
async fn another_process_follows_a_new_edition_within_a_second() {
    let service = Service::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = district_file(folder.path());
    let program = env!("CARGO_BIN_EXE_wangge");
    let mut serving = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .env("DATABASE_URL", service.database.url())
        .env("WANGGE_DATA_DIR", folder.path())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(serving.stdout.take().expect("its output")).lines();
    let line = lines.next_line().await.expect("it answers").expect("a line");
    let url: Value = serde_json::from_str(&line).expect("one JSON object");
    let url = url["listening"].as_str().expect("an address").to_owned();
    let mut events = Events::of(&url).await;

    let imported = Command::new(program)
        .args(["grids", "import", "--code", "code", "--json"])
        .arg(&file)
        .env("DATABASE_URL", service.database.url())
        .env("WANGGE_DATA_DIR", folder.path())
        .output()
        .await
        .expect("the program runs");
    let told = String::from_utf8_lossy(&imported.stderr).into_owned();
    assert!(imported.status.success(), "{told}");
    let answer: Value = serde_json::from_slice(&imported.stdout).expect("one JSON object");
    assert_eq!((&answer["edition"], &answer["cells"]), (&json!(2), &json!(2)), "{answer}");
    let follows = tokio::time::timeout(Duration::from_secs(1), events.until("edition", "2")).await;
    follows.expect("within a second");

    let (lng, lat) = degrees(50_000, 50_000);
    let path = format!("{url}/api/locate?lng={lng}&lat={lat}");
    let answer: Value = reqwest::get(path).await.expect("it answers").json().await.expect("JSON");
    assert_eq!((&answer["edition"], &answer["cell"]), (&json!(2), &json!("a")));
    serving.kill().await.expect("it can be killed");
    service.finish().await;
}

#[tokio::test]
async fn the_command_line_locates_a_place_and_every_row_of_a_file() {
    let service = Service::start().await;
    service.publish(district()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let run = async |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_wangge"))
            .args(arguments)
            .env("DATABASE_URL", service.database.url())
            .env("WANGGE_DATA_DIR", folder.path())
            .output()
            .await;
        let output = output.expect("the program runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (lng, lat) = degrees(250_000, 50_000);
    let (fine, text) = run(&["locate", &lng.to_string(), &lat.to_string(), "--json"]).await;
    let answer: Value = serde_json::from_str(&text).expect("one JSON object");
    assert!(fine);
    assert_eq!((&answer["cell"], &answer["basis"]), (&json!("c"), &json!("inside")));
    let (fine, text) = run(&["locate", "120", "95", "--json"]).await;
    let refused: Value = serde_json::from_str(&text).expect("one JSON object");
    let why = refused["error"].as_str().expect("a sentence");
    assert!(!fine && why.contains("纬度") && why.contains("latitude"), "{why}");
    let (fine, _) = run(&["locate", "-70.5", "-33.4", "--json"]).await;
    assert!(fine, "negative figures are figures");

    let rows = folder.path().join("rows.csv");
    let (west, _) = degrees(50_000, 50_000);
    std::fs::write(&rows, format!("id,x,y\n1,{west},{lat}\n2,,\n3,\"{lng}\",{lat}\n"))
        .expect("rows");
    let rows = rows.to_str().expect("a path");
    let (fine, text) = run(&["locate", "--csv", rows, "--lon", "x", "--lat", "y"]).await;
    assert!(fine);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "id,x,y,cell,basis,distance_m");
    assert!(lines[1].starts_with(&format!("1,{west},{lat},a,inside,")), "{}", lines[1]);
    assert_eq!(lines[2], "2,,,,,");
    assert!(lines[3].contains(",c,inside,"), "{}", lines[3]);
    let (fine, _) = run(&["locate", "--csv", rows, "--lon", "lng", "--lat", "y"]).await;
    assert!(!fine, "a column that is not there");
    service.finish().await;
}
