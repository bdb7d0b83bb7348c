//! Reads the polygon coverages beside the checkout (`../shared/data`) for tests and benches.

use serde_json::Value;
use spatial::{Drawn, Position};
use std::io::Read;
use std::path::PathBuf;

/// Where the data lies; `None` if it does not stand beside the checkout.
pub fn data() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    beside.join("README.md").exists().then_some(beside)
}

/// The polygons of a GeoJSON file (gzipped if it says so), in file order.
pub fn read(path: &str) -> Option<Vec<Drawn>> {
    let file = std::fs::read(data()?.join(path)).expect("the data folder is whole");
    let mut text = String::new();
    if path.ends_with(".gz") {
        flate2::read::GzDecoder::new(&file[..]).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(file).expect("UTF-8");
    }
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let features = json["features"].as_array().expect("features");
    Some(features.iter().map(|feature| drawn(&feature["geometry"])).collect())
}

fn drawn(geometry: &Value) -> Drawn {
    let coordinates = &geometry["coordinates"];
    let parts = match geometry["type"].as_str() {
        Some("Polygon") => vec![rings(coordinates)],
        Some("MultiPolygon") => coordinates.as_array().into_iter().flatten().map(rings).collect(),
        _ => vec![],
    };
    Drawn { parts }
}

fn rings(part: &Value) -> Vec<Vec<Position>> {
    let number = |v: &Value| v.as_f64().expect("a number");
    let position = |p: &Value| Position::from_degrees(number(&p[0]), number(&p[1]));
    let ring = |r: &Value| r.as_array().into_iter().flatten().filter_map(position).collect();
    part.as_array().into_iter().flatten().map(ring).collect()
}
