//! A made city as a large GeoJSON file: square cells whose shared borders wiggle.

use flate2::{Compression, write::GzEncoder};
use std::f64::consts::TAU;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Cells along each side of the city.
const CELLS: i32 = 52;
/// Points on each side of a cell.
const POINTS: i32 = 260;
/// A cell's side in degrees.
const SIDE_DEG: f64 = 0.01;

/// Writes the city twice: plain and gzipped.
pub fn write(plain: &Path, packed: &Path) {
    let open = |path| BufWriter::new(File::create(path).expect("a file can be made"));
    let mut plain = open(plain);
    let mut packed = GzEncoder::new(open(packed), Compression::fast());
    let mut both = |text: &str| {
        plain.write_all(text.as_bytes()).expect("written");
        packed.write_all(text.as_bytes()).expect("written");
    };
    both("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for cell in 0..CELLS * CELLS {
        let (column, row) = (cell % CELLS, cell / CELLS);
        let between = if cell == 0 { "" } else { ",\n" };
        both(&format!("{between}{}", feature(column, row)));
    }
    both("\n]}\n");
    plain.flush().expect("written");
    packed.finish().expect("written").flush().expect("written");
}

fn feature(column: i32, row: i32) -> String {
    // each side without its last point, which is the next side's first
    let mut ring: Vec<(f64, f64)> = Vec::with_capacity(4 * POINTS as usize + 1);
    ring.extend((0..POINTS).map(|i| across(column, row, i)));
    ring.extend((0..POINTS).map(|i| up(column + 1, row, i)));
    ring.extend((1..=POINTS).rev().map(|i| across(column, row + 1, i)));
    ring.extend((1..=POINTS).rev().map(|i| up(column, row, i)));
    ring.push(ring[0]);
    let points: Vec<String> =
        ring.iter().map(|(lng, lat)| format!("[{lng:.12},{lat:.12}]")).collect();
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{row:02}{column:02}\"}},\
         \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}}}",
        points.join(",")
    )
}

/// Point i of the border that runs east from this corner.
fn across(column: i32, row: i32, i: i32) -> (f64, f64) {
    let along = f64::from(i) / f64::from(POINTS);
    corner(f64::from(column) + along, f64::from(row) + wiggle(column, row, along))
}

/// Point i of the border that runs north from this corner.
fn up(column: i32, row: i32, i: i32) -> (f64, f64) {
    let along = f64::from(i) / f64::from(POINTS);
    corner(f64::from(column) + wiggle(column + 7, row + 3, along), f64::from(row) + along)
}

fn corner(east: f64, north: f64) -> (f64, f64) {
    (120.3 + SIDE_DEG * east, 31.0 + SIDE_DEG * north)
}

/// At most 0.15 of a side off the straight line, nothing at its ends, so borders never cross.
fn wiggle(column: i32, row: i32, along: f64) -> f64 {
    let phase = f64::from((column * 37 + row * 101) % 64) / 64.0;
    0.6 * along * (1.0 - along) * (TAU * (3.0 * along + phase)).sin()
}
