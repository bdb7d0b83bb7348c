//! What is built.

use crate::coverages;
use crate::made::{self, Dice, Plan};
use spatial::{Drawn, Face, Position, outline};
use std::io::{Read, Result, Write};

/// A coverage by name.
pub struct Input {
    pub name: &'static str,
    source: Source,
}

enum Source {
    /// A made city of so many cells.
    Made(i64),
    /// Files beside the checkout, one after the other.
    Files(&'static [&'static str]),
    /// The same with every tenth polygon shifted by about 20 m: overlaps and gaps.
    Shifted(&'static [&'static str]),
    /// So many copies side by side.
    Copies(&'static [&'static str], i32),
}

const SYNTHETIC: &[&str] = &["synthetic/coverage_5041.geojson.gz"];

pub const INPUTS: &[Input] = &[
    Input { name: "made 5,000", source: Source::Made(5_000) },
    Input { name: "synthetic 5,041", source: Source::Files(SYNTHETIC) },
    Input {
        name: "synthetic 5,041 with gaps",
        source: Source::Files(&["synthetic/coverage_5041_gaps.geojson.gz"]),
    },
    Input { name: "synthetic 5,041, a tenth shifted", source: Source::Shifted(SYNTHETIC) },
    Input { name: "Los Angeles 99", source: Source::Files(&["la311/nc_2019.geojson"]) },
    Input { name: "Tainan 752", source: Source::Files(&["tainan/villages_2017.geojson"]) },
    Input {
        name: "Tainan small cells",
        source: Source::Files(&[
            "tainan/microcells/67000310.geojson.gz",
            "tainan/microcells/67000320.geojson.gz",
            "tainan/microcells/67000330.geojson.gz",
            "tainan/microcells/67000340.geojson.gz",
            "tainan/microcells/67000350.geojson.gz",
            "tainan/microcells/67000360.geojson.gz",
            "tainan/microcells/67000370.geojson.gz",
        ]),
    },
    Input { name: "100 MB of GeoJSON", source: Source::Copies(SYNTHETIC, 6) },
];

impl Input {
    /// Whether it can be read here.
    pub fn is_here(&self) -> bool {
        matches!(self.source, Source::Made(_)) || coverages::data().is_some()
    }

    /// Its polygons.
    pub fn read(&self) -> Vec<Drawn> {
        let read = |files: &[&str]| -> Vec<Drawn> {
            files.iter().flat_map(|file| coverages::read(file).expect("the data is here")).collect()
        };
        match self.source {
            Source::Made(cells) => city(cells),
            Source::Files(files) => read(files),
            Source::Shifted(files) => {
                let mut drawn = read(files);
                drawn.iter_mut().step_by(10).for_each(|d| shift(d, 2_000, 1_300));
                drawn
            }
            Source::Copies(files, count) => {
                let one = read(files);
                let copies = (0..count).flat_map(|i| {
                    let mut copy = one.clone();
                    copy.iter_mut().for_each(|d| shift(d, i * 7_000_000, 0));
                    copy
                });
                copies.collect()
            }
        }
    }
}

fn shift(drawn: &mut Drawn, east_e7: i32, north_e7: i32) {
    for p in drawn.parts.iter_mut().flatten().flatten() {
        *p = Position::new(p.lng_e7 + east_e7, p.lat_e7 + north_e7);
    }
}

/// Every cell of a made city as a polygon whose ring starts anywhere.
fn city(cells: i64) -> Vec<Drawn> {
    let partition = made::partition(Plan::city(cells, 32));
    let is_cell = |face: usize| matches!(partition.faces()[face], Face::Cell { .. });
    let polygons = outline::polygons(&partition, |f| is_cell(f.index()).then_some(f.0));
    let mut dice = Dice(1);
    let drawn = polygons.into_iter().map(|(_, mut parts)| {
        for ring in parts.iter_mut().flatten() {
            ring.pop();
            let turn = dice.between(0, ring.len() as i64 - 1) as usize;
            ring.rotate_left(turn);
        }
        Drawn { parts }
    });
    drawn.collect()
}

/// Writes polygons as numbers: nested counts and coordinates, four bytes each.
pub fn give(drawn: &[Drawn], to: &mut impl Write) -> Result<()> {
    let mut put = |number: i32| to.write_all(&number.to_le_bytes());
    put(drawn.len() as i32)?;
    for Drawn { parts } in drawn {
        put(parts.len() as i32)?;
        for rings in parts {
            put(rings.len() as i32)?;
            for ring in rings {
                put(ring.len() as i32)?;
                for p in ring {
                    put(p.lng_e7)?;
                    put(p.lat_e7)?;
                }
            }
        }
    }
    Ok(())
}

/// Reads what [`give`] wrote, holding nothing else.
pub fn take(from: &mut impl Read) -> Result<Vec<Drawn>> {
    let mut next = || {
        let mut bytes = [0; 4];
        from.read_exact(&mut bytes).map(|()| i32::from_le_bytes(bytes))
    };
    let mut drawn = Vec::new();
    for _ in 0..next()? {
        let mut parts = Vec::new();
        for _ in 0..next()? {
            let mut rings = Vec::new();
            for _ in 0..next()? {
                let count = next()? as usize;
                let mut ring = Vec::with_capacity(count);
                for _ in 0..count {
                    ring.push(Position::new(next()?, next()?));
                }
                rings.push(ring);
            }
            parts.push(rings);
        }
        drawn.push(Drawn { parts });
    }
    Ok(drawn)
}
