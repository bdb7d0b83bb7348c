//! Our readers against a parser that takes the whole file at once.

use crate::shared::{COVERAGES, MICRO_CELLS, data, text};
use backend::grids::files::{Contents, Format, Options, read_all};
use serde_json::Value;
use spatial::Position;
use std::path::Path;

/// Every feature's properties and rings as a whole-file parser finds them.
fn expected(path: &Path) -> Vec<(Value, Vec<Vec<Vec<Position>>>)> {
    let whole: Value = serde_json::from_str(&text(path)).expect("JSON");
    let features = whole["features"].as_array().expect("a list of features");
    let each = features.iter();
    each.map(|f| (f["properties"].clone(), parts(&f["geometry"]))).collect()
}

fn parts(geometry: &Value) -> Vec<Vec<Vec<Position>>> {
    let coordinates = geometry["coordinates"].as_array().expect("coordinates");
    match geometry["type"].as_str() {
        Some("Polygon") => vec![coordinates.iter().map(ring).collect()],
        Some("MultiPolygon") => {
            let rings = |part: &Value| part.as_array().expect("rings").iter().map(ring).collect();
            coordinates.iter().map(rings).collect()
        }
        other => panic!("a geometry of type {other:?}"),
    }
}

fn ring(ring: &Value) -> Vec<Position> {
    let number = |value: &Value| value.as_f64().expect("a number");
    let position = |at: &Value| Position::from_degrees(number(&at[0]), number(&at[1]));
    ring.as_array().expect("points").iter().map(|at| position(at).expect("on earth")).collect()
}

fn holds_as_expected(path: &Path) -> usize {
    let contents = read_all(path, &Options::default()).expect("a file that can be used");
    let Contents { features, problems, summary } = contents;
    assert_eq!(problems, [], "{}", path.display());
    assert_eq!(summary.format, Format::GeoJson);
    assert_eq!(summary.features, features.len());
    let expected = expected(path);
    assert_eq!(features.len(), expected.len());
    for (i, (feature, (properties, parts))) in features.iter().zip(&expected).enumerate() {
        assert_eq!(feature.number, i + 1);
        let mut own = feature.properties.clone();
        if properties.get("id").is_none() {
            own.remove("id"); // the feature's own id, which we keep among the properties
        }
        assert_eq!(&Value::Object(own), properties, "{} feature {}", path.display(), i + 1);
        assert_eq!(&feature.parts, parts, "{} feature {}", path.display(), i + 1);
    }
    features.len()
}

#[test]
fn every_feature_of_every_file_is_read_as_a_whole_file_parser_reads_it() {
    let Some(data) = data("readers on every file") else { return };
    for &(file, features) in COVERAGES {
        assert_eq!(holds_as_expected(&data.join(file)), features, "{file}");
    }
    let micro = MICRO_CELLS.map(|n| data.join(format!("tainan/microcells/{n}.geojson.gz")));
    let features: usize = micro.iter().map(|path| holds_as_expected(path)).sum();
    assert_eq!(features, 6102);
}

#[test]
fn files_that_follow_each_other_in_one_are_read_as_one() {
    let Some(data) = data("seven files in one") else { return };
    let mut together = tempfile::NamedTempFile::new().expect("a temporary file");
    for number in MICRO_CELLS {
        let path = data.join(format!("tainan/microcells/{number}.geojson.gz"));
        std::io::Write::write_all(&mut together, text(&path).as_bytes()).expect("written");
    }
    let contents = read_all(together.path(), &Options::default()).expect("read");
    assert_eq!((contents.features.len(), contents.problems.len()), (6102, 0));
    assert_eq!(contents.summary.format, Format::GeoJsonLines);
}

#[test]
fn what_is_not_polygons_is_refused_by_name() {
    let Some(data) = data("files of lines") else { return };
    for file in ["tainan/bus_route_lines.geojson.gz", "basemap/shanghai_lujiazui_roads.geojson"] {
        let said = read_all(&data.join(file), &Options::default()).expect_err("lines");
        assert!(said.message.en.contains("which has no area"), "{file}: {said}");
    }
    let said = read_all(&data.join("la311/agencies.csv"), &Options::default()).expect_err("a CSV");
    assert!(said.message.en.contains("none of the formats"), "{said}");
}
