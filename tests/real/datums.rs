//! Datum conversion against the pairs that other projects publish.

use crate::shared::data;
use serde_json::Value;
use spatial::datum::{Datum, from_cgcs2000, to_cgcs2000};
use std::path::Path;

/// Rows of four numbers under the key that begins so.
fn pairs(path: &Path, key: &str) -> Vec<[f64; 4]> {
    let text = std::fs::read_to_string(path).expect("the data folder is whole");
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    let found = whole.as_object().expect("an object").iter().find(|(k, _)| k.starts_with(key));
    let rows = found.expect("such a key").1.clone();
    serde_json::from_value(rows).expect("rows of four numbers")
}

fn near(got: (f64, f64), expected: (f64, f64), tolerance_deg: f64) {
    let off = (got.0 - expected.0).abs().max((got.1 - expected.1).abs());
    assert!(off <= tolerance_deg, "{got:?}, not {expected:?}: {off} degrees off");
}

#[test]
fn the_pairs_other_projects_publish_come_out() {
    let Some(data) = data("datum pairs") else { return };
    let eviltransform = data.join("datum/eviltransform.json");
    for [lat, lng, gcj_lat, gcj_lng] in pairs(&eviltransform, "wgs_to_gcj") {
        near(from_cgcs2000(lng, lat, Datum::Gcj02), (gcj_lng, gcj_lat), 1e-6);
        near(to_cgcs2000(gcj_lng, gcj_lat, Datum::Gcj02), (lng, lat), 1e-6);
    }
    // The published inverse is one step: put through the published forward formula, its places
    // miss the coordinates they came from by up to 3.7e-4 degree (41 m). Ours must meet them.
    for [bd_lat, bd_lng, lat, lng] in pairs(&eviltransform, "bd_to_wgs") {
        let stated = (bd_lng, bd_lat);
        let ours = to_cgcs2000(bd_lng, bd_lat, Datum::Bd09);
        near(from_cgcs2000(ours.0, ours.1, Datum::Bd09), stated, 1e-9);
        near(ours, (lng, lat), 4e-4);
    }
    let transbigdata = data.join("datum/transbigdata.json");
    for [lng, lat, bd_lng, bd_lat] in pairs(&transbigdata, "wgs84_to_bd09") {
        near(from_cgcs2000(lng, lat, Datum::Bd09), (bd_lng, bd_lat), 1e-6);
    }
    for [bd_lng, bd_lat, lng, lat] in pairs(&transbigdata, "bd09_to_wgs84") {
        near(to_cgcs2000(bd_lng, bd_lat, Datum::Bd09), (lng, lat), 5e-5);
    }
}
