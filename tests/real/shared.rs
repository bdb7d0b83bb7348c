//! Where the data lies.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The data's folder; where there is none, says plainly that this test was left out.
pub fn data(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if beside.join("README.md").is_file() {
        return Some(beside);
    }
    say(&format!("LEFT OUT: {test}: ../shared/data does not stand beside the checkout"));
    None
}

/// Says something on standard error even while the test harness captures what tests print.
pub fn say(line: &str) {
    let mut error = std::io::stderr();
    writeln!(error, "{line}").expect("standard error takes a line");
}

/// Every file of polygons with how many features it has.
pub const COVERAGES: &[(&str, usize)] = &[
    ("la311/nc_2019.geojson", 99),
    ("la311/council_districts_2012.geojson", 15),
    ("tainan/villages_2017.geojson", 752),
    ("messy/unna.geojson", 69),
    ("messy/atlanta.geojson", 114),
    ("messy/durham.geojson", 228),
    ("messy/seoul.geojson", 424),
    ("liverpool/output_areas_2011.geojson", 1584),
    ("liverpool/lsoa_2011.geojson", 298),
    ("liverpool/wards_2013.geojson", 30),
    ("synthetic/coverage_5041.geojson.gz", 5041),
    ("synthetic/coverage_5041_gaps.geojson.gz", 5041),
];

/// The small cells of Tainan's seven core districts, a file each: 6,102 together.
pub const MICRO_CELLS: [&str; 7] =
    ["67000310", "67000320", "67000330", "67000340", "67000350", "67000360", "67000370"];

/// The whole text of a file, unpacked if it is gzipped.
pub fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("the data folder is whole");
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return String::from_utf8(bytes).expect("UTF-8");
    }
    std::io::read_to_string(flate2::read::MultiGzDecoder::new(bytes.as_slice())).expect("gzip")
}
