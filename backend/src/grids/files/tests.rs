//! What a boundary file may look like and what comes of it.

use super::*;
use proptest::prelude::*;
use std::io::Write;

/// Writes the bytes to a file and reads it.
pub(super) fn read_bytes(bytes: &[u8], options: &Options) -> Result<Contents, Refusal> {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    read_all(file.path(), options)
}

fn read_text(text: &str) -> Contents {
    read_bytes(text.as_bytes(), &Options::default()).expect("a file that can be used")
}

fn refused(text: &str) -> String {
    read_bytes(text.as_bytes(), &Options::default()).expect_err("a refusal").message.en
}

/// A closed square ring with its lower left corner there.
fn square(lng: f64, lat: f64) -> String {
    let (e, n) = (lng + 0.01, lat + 0.01);
    format!("[[{lng},{lat}],[{e},{lat}],[{e},{n}],[{lng},{n}],[{lng},{lat}]]")
}

fn feature(code: &str, rings: &[String]) -> String {
    let geometry = format!(r#"{{"type":"Polygon","coordinates":[{}]}}"#, rings.join(","));
    format!(r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{geometry}}}"#)
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

fn codes(contents: &Contents) -> Vec<&str> {
    contents.features.iter().map(|f| f.properties["code"].as_str().expect("a code")).collect()
}

fn sentences(contents: &Contents) -> Vec<String> {
    contents.problems.iter().map(|p| p.sentence().en).collect()
}

fn three() -> [String; 3] {
    [("a", 120.60), ("b", 120.61), ("c", 120.62)].map(|(c, x)| feature(c, &[square(x, 31.3)]))
}

#[test]
fn a_feature_collection_is_read_in_order() {
    let contents = read_text(&collection(&three()));
    assert_eq!(codes(&contents), ["a", "b", "c"]);
    assert_eq!(contents.features[2].number, 3);
    assert_eq!(contents.features[0].parts.len(), 1);
    let corner = Position::from_degrees(120.61, 31.31).expect("a position");
    assert_eq!(contents.features[0].parts[0][0][2], corner);
    assert_eq!(contents.problems, []);
    assert_eq!(contents.summary.format, Format::GeoJson);
    assert_eq!((contents.summary.features, contents.summary.problems), (3, 0));
}

#[test]
fn lines_records_and_values_that_follow_each_other_are_read_alike() {
    let [a, b, c] = three();
    for text in [
        format!("{a}\n{b}\n{c}"),
        format!("\u{feff}{a}\r\n\r\n{b}\r\n{c}\r\n"),
        format!("\u{1e}{a}\n\u{1e}{b}\n\u{1e}{c}\n"),
        format!("{a}\n{b}\n").replace(",\"geometry\"", ",\n\"geometry\"") + &c,
        format!("{a}{b} {c}"),
    ] {
        let contents = read_text(&text);
        assert_eq!(codes(&contents), ["a", "b", "c"], "{text}");
        assert_eq!(contents.summary.format, Format::GeoJsonLines);
    }
}

#[test]
fn a_single_feature_a_bare_geometry_and_a_geometry_collection_are_read() {
    let [a, ..] = three();
    assert_eq!(codes(&read_text(&a)), ["a"]);
    let polygon = |x| format!(r#"{{"type":"Polygon","coordinates":[{}]}}"#, square(x, 31.3));
    assert_eq!(read_text(&polygon(120.6)).features[0].parts.len(), 1);
    let (one, two) = (polygon(120.6), polygon(120.7));
    let both = format!(r#"{{"type":"GeometryCollection","geometries":[{one},{two}]}}"#);
    assert_eq!(read_text(&both).features[0].parts.len(), 2);
}

#[test]
fn gzip_is_unpacked_and_limited() {
    let pack = |text: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text.as_bytes()).expect("packed");
        packer.finish().expect("packed")
    };
    let packed = pack(&collection(&three()));
    let contents = read_bytes(&packed, &Options::default()).expect("read");
    assert_eq!(codes(&contents), ["a", "b", "c"]);
    let cut = read_bytes(&packed[..packed.len() / 2], &Options::default()).expect_err("cut");
    assert!(cut.message.en.contains("cut short"), "{cut}");
    let bomb = pack(&format!("{{\"x\":\"{}\"}}", "a".repeat(5_000_000)));
    let small = Options { unpacked_max_bytes: 1_000_000, ..Options::default() };
    assert_eq!(read_bytes(&bomb, &small).expect_err("a bomb").kind, Kind::TooLarge);
}

#[test]
fn one_bad_ring_costs_its_part_and_one_bad_hole_only_itself() {
    let outer = "[[120.6,31.3],[null,31.3],[120.7,31.4]]".to_owned();
    let hole = "[[120.601,31.301],[120.602,1e999],[120.602,31.302]]".to_owned();
    let contents = read_text(&collection(&[
        feature("a", &[square(120.6, 31.3), hole]),
        feature("b", &[outer]),
        feature("c", &[square(120.8, 31.3)]),
    ]));
    assert_eq!(codes(&contents), ["a", "c"]);
    assert_eq!(contents.features[0].parts[0].len(), 1);
    assert_eq!(
        sentences(&contents),
        [
            "feature 1, ring 2: point 2 is no coordinate ([120.602,1e999]); the hole was left out",
            "feature 2, ring 1: point 2 is no coordinate ([null,31.3]); its part was left out",
        ]
    );
}

#[test]
fn one_bad_feature_costs_only_itself_wherever_it_stands() {
    let [a, b, c] = three();
    for bad in [
        r#"{"type":"Feature","properties":{},"geometry":null}"#,
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}"#,
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}"#,
        r#"{"type":"Feature","properties":{},"geometry":7}"#,
        r#"{"type":"Feature" "properties":{}}"#,
        r#"{"type":"Thing"}"#,
        r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":"x"}}"#,
        "null",
        "17",
    ] {
        for text in [
            collection(&[a.clone(), bad.to_owned(), b.clone(), c.clone()]),
            format!("{a}\n{bad}\n{b}\n{c}\n"),
        ] {
            let contents = read_text(&text);
            assert_eq!(codes(&contents), ["a", "b", "c"], "{text}");
            let places: Vec<usize> = contents.problems.iter().map(|p| p.feature).collect();
            assert_eq!(places, [2], "{bad}: {:?}", sentences(&contents));
            assert_eq!(contents.features[1].number, 3);
        }
    }
    let first_broken = format!("{{\"type\":\"Feature\",\n{a}\n{b}\n{c}\n");
    assert_eq!(codes(&read_text(&first_broken)), ["a", "b", "c"]);
}

#[test]
fn a_feature_python_wrote_with_nan_keeps_its_polygon() {
    let [a, ..] = three();
    let with_nan = a.replace(r#""code":"a""#, r#""code":"NaN a","area":NaN,"low":-Infinity"#);
    let contents = read_text(&collection(&[with_nan]));
    assert_eq!(codes(&contents), ["NaN a"]);
    assert_eq!(contents.features[0].properties["area"], Value::Null);
}

#[test]
fn heights_and_measures_are_left_out_and_the_id_is_a_property() {
    let ring = "[[120.6,31.3,5],[120.7,31.3,5,9],[120.7,31.4,6],[120.6,31.3,5]]";
    let text = format!(
        r#"{{"type":"Feature","id":"x7","geometry":{{"coordinates":[{ring}],"type":"Polygon"}}}}"#
    );
    let contents = read_text(&text);
    assert_eq!(contents.features[0].parts[0][0].len(), 4);
    assert_eq!(contents.features[0].properties["id"], "x7");
}

#[test]
fn wrong_nesting_is_read_as_found_and_said() {
    let ring = square(120.6, 31.3);
    for (kind, coordinates, expected) in [
        ("Polygon", ring.clone(), "nest 2 deep, which is not a Polygon"),
        ("Polygon", format!("[[{ring}]]"), "nest 4 deep, which is not a Polygon"),
        ("MultiPolygon", format!("[{ring}]"), "nest 3 deep, which is not a MultiPolygon"),
    ] {
        let text = format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#);
        let contents = read_text(&text);
        assert_eq!(contents.features[0].parts.len(), 1);
        assert!(sentences(&contents)[0].contains(expected), "{:?}", sentences(&contents));
    }
    let said = refused(&format!(r#"{{"type":"Polygon","coordinates":[[[[{ring}]]]]}}"#));
    assert!(said.contains("nest 6 deep, which is no polygon"), "{said}");
}

#[test]
fn the_reference_system_is_read_before_or_behind_the_features() {
    let metres = "[[40558429.9,3464398.5],[40558529.9,3464398.5],[40558529.9,3464498.5]]";
    let features = feature("a", &[metres.to_owned()]);
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4528"}}"#;
    let kind = r#""type":"FeatureCollection""#;
    for text in [
        format!(r#"{{{kind},{crs},"features":[{features}]}}"#),
        format!(r#"{{"features":[{features}],{kind},{crs}}}"#),
    ] {
        let contents = read_text(&text);
        let first = contents.features[0].parts[0][0][0];
        assert!((first.lng_deg() - 120.6137289).abs() < 1e-6, "{first:?}");
        assert!((first.lat_deg() - 31.3).abs() < 1e-6, "{first:?}");
    }
}

#[test]
fn a_datum_that_was_stated_is_believed() {
    let stated = parse_crs("gcj02").expect("a word");
    let options = Options { crs: Some(stated), ..Options::default() };
    let contents = read_bytes(collection(&three()).as_bytes(), &options).expect("read");
    let (lng, lat) = spatial::datum::to_cgcs2000(120.6, 31.3, spatial::Datum::Gcj02);
    assert_eq!(Position::from_degrees(lng, lat), Some(contents.features[0].parts[0][0][0]));
    assert!(parse_crs("EPSG:2154").expect_err("not read").message.en.contains("ogr2ogr"));
}

#[test]
fn a_file_in_another_system_than_it_says_is_refused_with_advice() {
    let with = |ring: &str| collection(&[feature("a", &[ring.to_owned()])]);
    for (ring, advice) in [
        ("[[40558429,3464398],[40558529,3464398],[40558529,3464498]]", "--crs EPSG:4528"),
        ("[[558429,3464398],[558529,3464398],[558529,3464498]]", "EPSG:4534–4554"),
        ("[[13426658,3671771],[13426758,3671771],[13426758,3671871]]", "--crs webmercator"),
        ("[[31.3,120.6],[31.3,120.7],[31.4,120.7]]", "latitude came first"),
        ("[[3464398,40558429],[3464398,40558529],[3464498,40558529]]", "northing came first"),
    ] {
        let said = refused(&with(ring));
        assert!(said.contains(advice), "{ring}: {said}");
        assert!(said.contains("cannot be in WGS 84 degrees"), "{said}");
    }
    let options = Options { crs: parse_crs("EPSG:4549").ok(), ..Options::default() };
    let said = read_bytes(collection(&three()).as_bytes(), &options).expect_err("degrees");
    assert!(said.message.en.contains("state --crs wgs84"), "{said}");
}

#[test]
fn what_is_no_boundary_file_is_refused_with_what_to_do() {
    for (text, expected) in [
        ("", "empty"),
        ("  \n", "empty"),
        ("[1,2]", "JSON array"),
        ("<html>", "ogr2ogr"),
        ("code,name\n1,2\n", "none of the formats"),
        ("{\\rtf1 hello}", "not valid JSON"),
        (r#"{"type":"Topology","objects":{}}"#, "mapshaper"),
        (r#"{"hello":"world"}"#, "not GeoJSON"),
        (r#"{"type":"FeatureCollection","features":[]}"#, "no features"),
        (r#"{"type":"FeatureCollection","features":[{"type":"Feature","#, "inside feature 1"),
    ] {
        let said = refused(text);
        assert!(said.contains(expected), "{text:?}: {said}");
    }
    let whole = collection(&three());
    let said = refused(&whole[..whole.len() - 60]);
    assert!(said.contains("inside feature 3"), "{said}");
    let missing = read_all(Path::new("/nowhere/x.geojson"), &Options::default());
    assert_eq!(missing.expect_err("missing").kind, Kind::Missing);
}

#[test]
fn a_billion_brackets_cost_neither_the_stack_nor_the_memory() {
    let nested = "[".repeat(3_000_000);
    let said = refused(&format!(r#"{{"type":"Polygon","coordinates":{nested}"#));
    assert!(said.contains("cut short"), "{said}");
    let closed = format!("{nested}{}", "]".repeat(3_000_000));
    let deep = format!(r#"{{"type":"Polygon","coordinates":{closed}}}"#);
    let contents = read_text(&collection(&[deep.clone(), three()[0].clone()]));
    assert_eq!((codes(&contents).len(), contents.problems.len()), (1, 1));
    let text = collection(&[deep, three()[0].clone()]);
    let small = Options { feature_max_bytes: 1_000_000, ..Options::default() };
    let contents = read_bytes(text.as_bytes(), &small).expect("the rest is kept");
    assert!(sentences(&contents)[0].contains("too long"), "{:?}", sentences(&contents));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let _ = read_bytes(&bytes, &Options::default());
    }

    #[test]
    fn a_damaged_document_is_read_or_refused_without_panic(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in any::<prop::sample::Index>(), lines in any::<bool>(),
    ) {
        let text = if lines { three().join("\n") } else { collection(&three()) };
        let mut bytes = text.into_bytes();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.index(bytes.len()) + 1);
        let _ = read_bytes(&bytes, &Options::default());
    }
}
