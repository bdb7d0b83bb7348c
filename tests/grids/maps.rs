//! What a map is drawn from: features, tiles, problems with their places.

use domain::grids::ProblemKind;
use domain::word::Word;
use serde_json::{Value, json};
use support::Service;
use support::district::{degrees, district, given, rectangle};

#[tokio::test]
async fn everything_wrong_with_a_file_is_listed_with_its_place() {
    let service = Service::start().await;
    let mut drawing = district();
    let overlapping = given(4, "d", ["Q", "S"], rectangle(190_000, 200_000));
    let twice = given(5, "a", ["P", "S"], rectangle(0, 100_000));
    let mut cells: Vec<_> = [
        given(1, "a", ["P", "S"], rectangle(0, 100_000)),
        given(2, "b", ["P", "S"], rectangle(100_000, 200_000)),
    ]
    .into();
    cells.extend([overlapping, twice]);
    drawing = backend::grids::drawing::Drawing::of("bad".to_owned(), cells, drawing.jurisdiction);
    let published = service.publish(drawing).await;
    assert_eq!(published.problems.len(), ProblemKind::ALL.len(), "every kind is listed");
    for (kind, count) in [("overlap", 1), ("gap", 1), ("shared_code", 1), ("sliver_gap", 0)] {
        assert_eq!(published.problems[kind], count, "{:?}", published.problems);
    }
    let response = service.nobody().get("/api/problems").send().await.expect("it answers");
    let features: Value = response.json().await.expect("GeoJSON");
    let kinds: Vec<_> = features["features"].as_array().expect("features").iter().collect();
    let overlap = kinds.iter().find(|f| f["properties"]["kind"] == "overlap").expect("listed");
    assert_eq!(overlap["properties"]["cells"], json!(["b", "d"]));
    assert_eq!(overlap["geometry"]["type"], "MultiPolygon");
    service.finish().await;
}

#[tokio::test]
async fn features_come_by_level_box_edition_and_limit_and_are_not_sent_twice() {
    let service = Service::start().await;
    let published = service.publish(district()).await;
    let features = async |path: &str| -> Vec<Value> {
        let response = service.nobody().get(path).send().await.expect("it answers");
        assert_eq!(response.headers()["content-type"], "application/geo+json", "{path}");
        let collection: Value = response.json().await.expect("GeoJSON");
        assert_eq!(collection["type"], "FeatureCollection");
        collection["features"].as_array().expect("a list").clone()
    };
    let codes = |features: Vec<Value>| -> Vec<String> {
        let code = |f: &Value| f["properties"]["code"].as_str().expect("a code").to_owned();
        features.iter().map(code).collect()
    };
    assert_eq!(codes(features("/api/cells").await), ["a", "b", "c"]);
    assert_eq!(codes(features("/api/cells?level=2").await), ["P", "Q"]);
    assert_eq!(codes(features("/api/cells?level=1").await), ["S"]);
    assert_eq!(codes(features("/api/cells?limit=2").await), ["a", "b"]);
    let ((w, s), (e, n)) = (degrees(10_000, 10_000), degrees(20_000, 20_000));
    let bbox = format!("/api/cells?bbox={w},{s},{e},{n}");
    assert_eq!(codes(features(&bbox).await), ["a"]);
    assert_eq!(features("/api/cells?edition=1").await.len(), 0);
    let zones = features("/api/blank-zones").await;
    assert_eq!(zones[0]["properties"]["owner"], "b");
    assert_eq!(zones[0]["properties"]["rule"], "lower_code");

    let path = format!("/api/cells?edition={}", published.edition);
    let response = service.nobody().get(&path).send().await.expect("it answers");
    let tag = response.headers()["etag"].clone();
    let lasts = response.headers()["cache-control"].to_str().expect("text").to_owned();
    assert!(lasts.contains("immutable"), "{lasts}");
    let again = service.nobody().get(&path).header("if-none-match", tag).send().await;
    assert_eq!(again.expect("it answers").status().as_u16(), 304);

    for (path, status) in [
        ("/api/cells?level=4", 422),
        ("/api/cells?bbox=1,2,3", 422),
        ("/api/cells?bbox=5,0,1,1", 422),
        ("/api/cells?edition=99", 404),
        ("/api/cells?edition=x", 422),
        ("/api/cells?limit=0", 422),
    ] {
        let response = service.nobody().get(path).send().await.expect("it answers");
        assert_eq!(response.status().as_u16(), status, "{path}");
        let refusal: Value = response.json().await.expect("a refusal is JSON");
        assert!(refusal["message"]["en"].is_string(), "{path}: {refusal}");
    }
    service.finish().await;
}

#[tokio::test]
async fn tiles_of_an_edition_never_change_and_only_lawful_ones_exist() {
    let service = Service::start().await;
    let published = service.publish(district()).await;
    // The tile of zoom 12 that holds the district's middle.
    let (lng, lat) = degrees(150_000, 50_000);
    let n = f64::from(1 << 12);
    let x = ((lng + 180.0) / 360.0 * n) as i32;
    let sinh = lat.to_radians().tan().asinh();
    let y = ((1.0 - sinh / std::f64::consts::PI) / 2.0 * n) as i32;
    let path = format!("/tiles/{}/cells/12/{x}/{y}", published.edition);
    let response = service.nobody().get(&path).send().await.expect("it answers");
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "application/vnd.mapbox-vector-tile");
    let lasts = response.headers()["cache-control"].to_str().expect("text").to_owned();
    assert!(lasts.contains("immutable"), "{lasts}");
    let bytes = response.bytes().await.expect("bytes");
    let has = |word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    for word in ["cells1", "cells2", "cells3", "labels", "blank_zones", "owner_name", "cell b"] {
        assert!(has(word), "{word}");
    }
    for (path, status) in [
        ("/tiles/1/cells/0/0/0".to_owned(), 200),
        (format!("/tiles/{}/problems/12/{x}/{y}", published.edition), 200),
        ("/tiles/99/cells/0/0/0".to_owned(), 404),
        ("/tiles/2/cells/3/8/0".to_owned(), 404),
        ("/tiles/2/cells/3/-1/0".to_owned(), 404),
        ("/tiles/2/cells/99/0/0".to_owned(), 404),
        ("/tiles/reports/3/0/8".to_owned(), 404),
    ] {
        let response = service.nobody().get(&path).send().await.expect("it answers");
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
    service.finish().await;
}
