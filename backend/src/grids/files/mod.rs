//! Boundary files: GeoJSON, newline-delimited GeoJSON, zipped Shapefile, GeoPackage.
//!
//! [`read`] tells the format by the file's content, streams it feature by feature and hands
//! each one over as positions (CGCS2000); memory holds one feature at a time, never the file.
//! What is wrong with one ring or one feature becomes a [`RowProblem`] and the rest is kept.
//! Only what makes the whole file worthless (cut short, unknown reference system, coordinates
//! that are not in the system the file claims, no format read here) is a [`Refusal`], which
//! says what to do; **when one is returned, whatever was handed over before is to be dropped**.
//!
//! Features and rings are counted from 1, as people count them.

mod coordinates;
mod crs;
mod dbf;
mod geojson;
mod geometry;
mod geopackage;
mod rings;
mod scan;
mod shape;
mod shapefile;
mod unpack;
mod wkb;
mod wkt;

pub use crs::parse_crs;

use domain::refusal::{Both, Kind, Refusal};
use serde_json::{Map, Value};
use spatial::Position;
use spatial::projection::Crs;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

/// Rings of positions: the first is the outer one, the others are holes. A ring may or may not
/// repeat its first position at its end, as it was drawn.
pub type Part = Vec<Vec<Position>>;

/// One feature that has at least one usable ring.
#[derive(Clone, PartialEq, Debug)]
pub struct Feature {
    /// Its place in the file, counted from 1.
    pub number: usize,
    /// Its properties; a GeoJSON feature's `id` is among them unless they have their own.
    pub properties: Map<String, Value>,
    /// Its polygons.
    pub parts: Vec<Part>,
}

/// Something in the file that was left out or is doubtful; everything else was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowProblem {
    /// The feature's place in the file, counted from 1.
    pub feature: usize,
    /// The ring's place in the feature, counted from 1 through all its parts; `None` when the
    /// feature as a whole is meant.
    pub ring: Option<usize>,
    /// What is wrong and what was done about it.
    pub reason: Both,
}

impl RowProblem {
    /// The sentence with its place in front, in both languages.
    pub fn sentence(&self) -> Both {
        let (feature, Both { zh, en }) = (self.feature, &self.reason);
        match self.ring {
            Some(ring) => Both::new(
                format!("第 {feature} 个要素第 {ring} 个环：{zh}"),
                format!("feature {feature}, ring {ring}: {en}"),
            ),
            None => {
                Both::new(format!("第 {feature} 个要素：{zh}"), format!("feature {feature}: {en}"))
            }
        }
    }
}

/// What [`read`] hands over, in file order.
#[derive(Clone, PartialEq, Debug)]
pub enum Row {
    /// A feature that can be used.
    Feature(Feature),
    /// Something that cannot.
    Problem(RowProblem),
}

/// A file's format, told by its content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// One GeoJSON document (RFC 7946), possibly compressed with gzip.
    GeoJson,
    /// A document a line, or each behind a record separator (RFC 8142), possibly compressed.
    GeoJsonLines,
    /// A zip archive that holds a Shapefile.
    Shapefile,
    /// A GeoPackage.
    GeoPackage,
}

/// How to read a file.
#[derive(Clone, Debug)]
pub struct Options {
    /// The reference system as stated by the user; it is believed more than the file, because
    /// files in GCJ-02 or BD-09 regularly claim to be WGS 84.
    pub crs: Option<Crs>,
    /// The layer to read where a file has several.
    pub layer: Option<String>,
    /// The most bytes a compressed file may unpack to.
    pub unpacked_max_bytes: u64,
    /// The most bytes of text or record one feature may have.
    pub feature_max_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { crs: None, layer: None, unpacked_max_bytes: 4 << 30, feature_max_bytes: 128 << 20 }
    }
}

/// What was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Summary {
    /// The format found.
    pub format: Format,
    /// The reference system the coordinates were taken to be in.
    pub crs: Crs,
    /// Features in the file, usable or not.
    pub features: usize,
    /// Row problems handed over.
    pub problems: usize,
}

/// A whole file read.
#[derive(Clone, PartialEq, Debug)]
pub struct Contents {
    /// The features that can be used.
    pub features: Vec<Feature>,
    /// What was left out or is doubtful.
    pub problems: Vec<RowProblem>,
    /// About the file.
    pub summary: Summary,
}

/// Reads a file and hands over its rows in order.
///
/// # Errors
/// A [`Refusal`] when the file as a whole cannot be used; rows handed over are then void.
pub fn read(path: &Path, options: &Options, sink: &mut dyn FnMut(Row)) -> Result<Summary, Refusal> {
    let mut file = File::open(path).map_err(|e| unpack::cannot_open(path, &e))?;
    let mut head = Vec::new();
    file.by_ref().take(512).read_to_end(&mut head).map_err(|e| unpack::cannot_read(&e))?;
    file.rewind().map_err(|e| unpack::cannot_read(&e))?;
    match unpack::sniff(&head)? {
        unpack::Sniffed::Json => geojson::read(
            &mut || Ok(Box::new(BufReader::with_capacity(1 << 16, unpack::again(&file)?))),
            options,
            sink,
        ),
        unpack::Sniffed::Gzip => {
            let max = options.unpacked_max_bytes;
            geojson::read(
                &mut || Ok(Box::new(unpack::gunzip(unpack::again(&file)?, max)?)),
                options,
                sink,
            )
        }
        unpack::Sniffed::Zip => {
            let again = || File::open(path).map_err(|e| unpack::cannot_open(path, &e));
            shapefile::read(&again, options, sink)
        }
        unpack::Sniffed::Sqlite => geopackage::read(path, options, sink),
    }
}

/// Reads a whole file into memory: for what needs every feature at once.
///
/// # Errors
/// As [`read`].
pub fn read_all(path: &Path, options: &Options) -> Result<Contents, Refusal> {
    let (mut features, mut problems) = (Vec::new(), Vec::new());
    let summary = read(path, options, &mut |row| match row {
        Row::Feature(feature) => features.push(feature),
        Row::Problem(problem) => problems.push(problem),
    })?;
    Ok(Contents { features, problems, summary })
}

/// The refusal of a file with several layers, or without the one that was asked for.
fn which_layer(names: &[String]) -> Refusal {
    let names = names.join(", ");
    Refusal::new(
        Kind::Invalid,
        format!("请用 --layer 指明要读取的图层，文件中有：{names}。"),
        format!("State with --layer which layer to read; the file has: {names}."),
    )
    .at("layer")
}

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod tests;
