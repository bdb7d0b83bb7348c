//! Shapefiles and GeoPackages: as GDAL writes them, and as they arrive.

use super::tests::read_bytes;
use super::*;
use proptest::prelude::*;
use std::io::Write;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name);
    std::fs::read(path).expect("the fixture is committed")
}

fn geopackage() -> Vec<u8> {
    let mut bytes = Vec::new();
    let packed = fixture("cells_zone120.gpkg.gz");
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("gzip");
    bytes
}

fn layer(name: &str) -> Options {
    Options { layer: Some(name.to_owned()), ..Options::default() }
}

/// The fixtures' cells as degrees: parts, rings and the ring's lower left corner.
fn holds_the_three_cells(contents: &Contents) {
    let corners: Vec<Vec<Vec<(f64, f64)>>> = contents.features.iter().map(corners).collect();
    let outer = |lng, lat| vec![(lng, lat)];
    assert_eq!(
        corners,
        [
            vec![vec![(120.6, 31.3), (120.602, 31.302), (120.606, 31.306)]],
            vec![outer(120.61, 31.3), outer(120.603, 31.3025)],
            vec![outer(120.62, 31.3)],
        ]
    );
    let text = |name: &str, i: usize| contents.features[i].properties[name].clone();
    assert_eq!(text("code", 1), "320508001001002");
    assert_eq!(text("名称", 0), "山塘街一号网格");
    assert_eq!(text("households", 0), 312);
    assert_eq!((text("share", 1), text("share", 2)), (1.25.into(), Value::Null));
    assert_eq!(contents.problems, []);
}

fn corners(feature: &Feature) -> Vec<Vec<(f64, f64)>> {
    let rounded = |units: i32| (f64::from(units) / 1e7 * 1e6).round() / 1e6;
    let corner = |ring: &Vec<Position>| {
        let low = spatial::Window::around(ring.iter().copied()).expect("not empty").low;
        (rounded(low.lng_e7), rounded(low.lat_e7))
    };
    feature.parts.iter().map(|part| part.iter().map(corner).collect()).collect()
}

#[test]
fn a_shapefile_in_gbk_and_a_gauss_kruger_zone_is_read_as_gdal_wrote_it() {
    let contents = read_bytes(&fixture("cells_gbk_zone40.zip"), &Options::default());
    let contents = contents.expect("read");
    holds_the_three_cells(&contents);
    assert_eq!(contents.summary.format, Format::Shapefile);
    assert_eq!(Some(contents.summary.crs), Crs::from_epsg(4528));
}

#[test]
fn a_geopackage_with_heights_is_read_as_gdal_wrote_it() {
    let contents = read_bytes(&geopackage(), &layer("cells")).expect("read");
    holds_the_three_cells(&contents);
    assert_eq!(contents.summary.format, Format::GeoPackage);
    assert_eq!(Some(contents.summary.crs), Crs::from_epsg(4549));
    assert_eq!(contents.features[0].properties["fid"], 1);
}

#[test]
fn a_file_with_several_layers_asks_which() {
    let said = read_bytes(&geopackage(), &Options::default()).expect_err("two layers");
    assert!(said.message.en.contains("cells, labels"), "{said}");
    let said = read_bytes(&geopackage(), &layer("labels")).expect_err("points");
    assert!(said.message.en.contains("type 1 is no polygon"), "{said}");
    let said = read_bytes(&geopackage(), &layer("other")).expect_err("no such layer");
    assert!(said.message.en.contains("--layer"), "{said}");
}

/// A square ring, clockwise as outer rings are.
fn square(lng: f64, lat: f64, side: f64) -> Vec<[f64; 2]> {
    let (e, n) = (lng + side, lat + side);
    vec![[lng, lat], [lng, n], [e, n], [e, lat], [lng, lat]]
}

fn reversed(mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    ring.reverse();
    ring
}

/// The bytes of a `.shp` with one polygon of these rings, then a null shape.
fn shp(rings: &[Vec<[f64; 2]>]) -> Vec<u8> {
    let mut record = Vec::new();
    record.extend(5_i32.to_le_bytes());
    record.extend([0; 32]);
    record.extend((rings.len() as i32).to_le_bytes());
    record.extend((rings.iter().map(Vec::len).sum::<usize>() as i32).to_le_bytes());
    let mut start = 0_i32;
    for ring in rings {
        record.extend(start.to_le_bytes());
        start += ring.len() as i32;
    }
    for [x, y] in rings.iter().flatten() {
        record.extend(x.to_le_bytes());
        record.extend(y.to_le_bytes());
    }
    let mut bytes = vec![0; 100];
    bytes[..4].copy_from_slice(&9994_i32.to_be_bytes());
    for (number, body) in [(1_i32, record), (2, vec![0; 4])] {
        bytes.extend(number.to_be_bytes());
        bytes.extend((body.len() as i32 / 2).to_be_bytes());
        bytes.extend(body);
    }
    bytes
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

fn shapes(rings: &[Vec<[f64; 2]>]) -> (Vec<usize>, Vec<String>) {
    let bytes = zip_of(&[("a.shp", &shp(rings))]);
    let contents = read_bytes(&bytes, &Options::default()).expect("read");
    let said = contents.problems.iter().map(|p| p.sentence().en).collect();
    (contents.features[0].parts.iter().map(Vec::len).collect(), said)
}

#[test]
fn rings_find_their_part_in_whatever_order_and_winding_they_come() {
    let outer = square(120.6, 31.3, 0.1);
    let hole = reversed(square(120.62, 31.32, 0.02));
    let island = square(120.625, 31.325, 0.01);
    let nothing = "feature 2: it has no geometry and was left out";
    for rings in [
        [outer.clone(), hole.clone(), island.clone()],
        [hole.clone(), island.clone(), outer.clone()],
        [outer.clone(), hole.clone(), island.clone()].map(|ring| match ring == hole {
            true => ring,
            false => reversed(ring), // nothing runs clockwise: nesting decides
        }),
    ] {
        let (mut parts, said) = shapes(&rings);
        parts.sort_unstable();
        assert_eq!((parts, said), (vec![1, 2], vec![nothing.to_owned()]));
    }
    let stray = reversed(square(121.0, 31.3, 0.01));
    let (parts, said) = shapes(&[outer.clone(), stray]);
    assert_eq!(parts, [1, 1]);
    assert!(said[0].starts_with("feature 1, ring 2: it is wound like a hole"), "{said:?}");
    let mut bad = square(120.8, 31.3, 0.1);
    bad[1][0] = f64::NAN;
    let (parts, said) = shapes(&[bad, reversed(square(120.82, 31.32, 0.01)), outer]);
    assert_eq!(parts, [1]);
    assert!(said[0].starts_with("feature 1, ring 1: point 2 is no coordinate"), "{said:?}");
    assert!(said[1].starts_with("feature 1, ring 2: its outer ring was bad"), "{said:?}");
}

#[test]
fn an_archive_that_is_not_what_it_says_is_refused_with_what_to_do() {
    let good = shp(&[square(120.6, 31.3, 0.1)]);
    let metres = shp(&[square(40_558_429.0, 3_464_398.0, 100.0)]);
    for (entries, expected) in [
        (vec![("readme.txt", b"hello".as_slice())], "holds no .shp"),
        (vec![("../../evil.shp", good.as_slice())], "holds no .shp"),
        (vec![("__MACOSX/._a.shp", good.as_slice())], "holds no .shp"),
        (vec![("a.shp", good.as_slice()), ("b.shp", good.as_slice())], "the file has: a, b"),
        (vec![("a.shp", b"text".as_slice())], "cut short"),
        (vec![("a.shp", [b'x'; 200].as_slice())], "is no Shapefile"),
        (vec![("a.shp", &good[..good.len() - 60])], "inside feature 1"),
        (vec![("a.shp", metres.as_slice())], "--crs EPSG:4528"),
        (vec![("a.shp", good.as_slice()), ("a.prj", b"PROJCS[\"Moon\"]")], "Moon"),
        (vec![("a.shp", good.as_slice()), ("a.dbf", [0; 64].as_slice())], "damaged header"),
    ] {
        let names: Vec<&str> = entries.iter().map(|entry| entry.0).collect();
        let said = read_bytes(&zip_of(&entries), &Options::default()).expect_err("refused");
        assert!(said.message.en.contains(expected), "{names:?}: {said}");
    }
}

#[test]
fn a_symbolic_link_in_an_archive_is_passed_over() {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.add_symlink("a.shp", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    let bytes = writer.finish().expect("finished").into_inner();
    let said = read_bytes(&bytes, &Options::default()).expect_err("refused");
    assert!(said.message.en.contains("holds no .shp"), "{said}");
}

#[test]
fn a_zip_bomb_stops_at_the_limit() {
    let mut bomb = shp(&[square(120.6, 31.3, 0.1)]);
    for number in 3..20_000_i32 {
        bomb.extend(number.to_be_bytes());
        bomb.extend([0, 0, 0, 2, 0, 0, 0, 0]);
    }
    let small = Options { unpacked_max_bytes: 100_000, ..Options::default() };
    let said = read_bytes(&zip_of(&[("a.shp", &bomb)]), &small).expect_err("too large");
    assert_eq!(said.kind, Kind::TooLarge);
}

#[test]
fn counts_that_promise_more_than_there_is_cost_no_memory() {
    let mut bytes = shp(&[square(120.6, 31.3, 0.1)]);
    bytes[144..148].copy_from_slice(&i32::MAX.to_le_bytes()); // rings of the first record
    let said = read_bytes(&zip_of(&[("a.shp", &bytes)]), &Options::default());
    let said = said.expect_err("nothing usable").message.en;
    assert!(said.contains("feature 1: its record is damaged"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_archives_and_databases_are_read_or_refused_without_panic(
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        end in any::<prop::sample::Index>(), which in 0..3_usize, cut in any::<bool>(),
    ) {
        let mut bytes = match which {
            0 => fixture("cells_gbk_zone40.zip"),
            1 => geopackage(),
            _ => shp(&[square(120.6, 31.3, 0.1), reversed(square(120.62, 31.32, 0.02))]),
        };
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        if which == 2 {
            bytes = zip_of(&[("a.shp", &bytes)]);
        }
        let _ = read_bytes(&bytes, &layer("cells"));
    }
}
