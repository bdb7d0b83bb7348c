//! What stands on a parcel: rows of houses that look south, courtyards along lanes, sheds,
//! towers, schools, lawns and ponds.

use super::chance::Chance;
use super::lot::{Lot, blob, stadium};
use super::plane::{P, spline};

/// What a parcel is used for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Use {
    /// Small houses along lanes.
    Old,
    /// Slabs of six floors, 1980s and 1990s.
    Slabs,
    /// Slabs around a garden, 2000s.
    Gardens,
    /// Tall flats.
    Towers,
    /// Shops and offices.
    Shops,
    /// Factories.
    Sheds,
    /// A school.
    School,
    /// A park.
    Park,
    /// A food market.
    Market,
    /// A hospital.
    Hospital,
}

/// Everything drawn on one parcel.
#[derive(Default)]
pub struct Filled {
    /// Class and ring of each building.
    pub buildings: Vec<(&'static str, Vec<P>)>,
    /// Class and ring of each lawn, pitch or park.
    pub greens: Vec<(&'static str, Vec<P>)>,
    /// Ponds.
    pub ponds: Vec<Vec<P>>,
    /// Ways inside the parcel.
    pub paths: Vec<Vec<P>>,
}

/// Builds on a lot.
pub fn fill(lot: &Lot, usage: Use, rng: &mut Chance) -> Filled {
    let mut out = Filled::default();
    match usage {
        Use::Old => old(lot, rng, &mut out),
        Use::Slabs => {
            let lanes = spine(lot, 0.0, &mut out);
            let size = (lot.hectares() * 10_000.0).sqrt();
            let (x, y) = (rng.between(-0.3, 0.3), rng.between(-0.3, 0.3));
            let (green, r) = (lot.at(size * x, size * y), rng.between(16.0, 30.0));
            let hole = (lot.clear(green, r + 6.0) && rng.happens(0.55)).then_some((green, r));
            if hole.is_some() {
                let mut uneven = || rng.between(0.85, 1.15);
                out.greens.push(("garden", blob(green, lot.u, (r * 1.4, r * 0.9), &mut uneven)));
            }
            rows(lot, &ROWS_SLABS, &lanes, hole, rng, &mut out);
        }
        Use::Gardens => gardens(lot, &ROWS_GARDENS, rng, &mut out),
        Use::Towers => gardens(lot, &ROWS_TOWERS, rng, &mut out),
        Use::Shops => shops(lot, rng, &mut out),
        Use::Sheds => sheds(lot, rng, &mut out),
        Use::School => school(lot, rng, &mut out),
        Use::Park => park(lot, rng, &mut out),
        Use::Market => market(lot, rng, &mut out),
        Use::Hospital => hospital(lot, rng, &mut out),
    }
    out
}

struct Rows {
    class: &'static str,
    depth: f64,
    pitch: f64,
    lengths: &'static [f64],
    gap: (f64, f64),
    spare: f64,
}

const ROWS_SLABS: Rows = Rows {
    class: "flats",
    depth: 11.0,
    pitch: 24.5,
    lengths: &[66.0, 52.0, 44.0, 33.0, 22.0],
    gap: (7.0, 11.0),
    spare: 4.0,
};
const ROWS_GARDENS: Rows = Rows {
    class: "flats",
    depth: 13.0,
    pitch: 36.0,
    lengths: &[62.0, 48.0, 36.0, 30.0],
    gap: (13.0, 22.0),
    spare: 8.0,
};
const ROWS_TOWERS: Rows = Rows {
    class: "tower",
    depth: 18.0,
    pitch: 58.0,
    lengths: &[44.0, 34.0, 28.0],
    gap: (26.0, 40.0),
    spare: 12.0,
};

type Hole<'a> = Option<(P, f64)>;

/// A way through the middle across the rows, and another where the lot is long.
fn spine(lot: &Lot, shift: f64, out: &mut Filled) -> Vec<f64> {
    let [(low, high), _] = lot.reach();
    let wide = high - low;
    let lanes: Vec<f64> =
        if wide > 330.0 { vec![shift - wide * 0.2, shift + wide * 0.2] } else { vec![shift] };
    for along in &lanes {
        if let Some((a, b)) = lot.chord(lot.at(*along, 0.0), lot.v) {
            out.paths.push(vec![lot.at(*along, a), lot.at(*along, b)]);
        }
    }
    lanes
}

fn rows(lot: &Lot, kind: &Rows, lanes: &[f64], hole: Hole<'_>, rng: &mut Chance, out: &mut Filled) {
    let [(west, east), (south, north)] = lot.reach();
    let mut across = south + kind.depth;
    while across < north {
        let mut along = west + rng.between(0.0, 9.0);
        while along < east {
            let placed = kind.lengths.iter().find_map(|length| {
                let middle = lot.at(along + length / 2.0, across);
                let on_lane = lanes.iter().any(|l| *l > along - 5.0 && *l < along + length + 5.0);
                let in_hole = hole.is_some_and(|(q, r)| (middle - q).len() < r + length * 0.3);
                if on_lane || in_hole {
                    return None;
                }
                let ring = lot.rectangle(middle, lot.u, *length, kind.depth, kind.spare)?;
                Some((*length, ring))
            });
            match placed {
                Some((length, ring)) => {
                    out.buildings.push((kind.class, ring));
                    along += length + rng.between(kind.gap.0, kind.gap.1);
                }
                None => along += 4.0,
            }
        }
        across += kind.pitch;
    }
}

fn gardens(lot: &Lot, kind: &Rows, rng: &mut Chance, out: &mut Filled) {
    let size = (lot.hectares() * 10_000.0).sqrt();
    let lanes = spine(lot, size * rng.between(-0.2, 0.2), out);
    let mut hole = None;
    let at = lot.at(size * rng.between(-0.16, 0.16), size * rng.between(-0.16, 0.16));
    if lot.hectares() > 3.0 && lot.clear(at, 30.0) && rng.happens(0.8) {
        let r = size * rng.between(0.08, 0.15);
        let long = rng.between(1.0, 2.2);
        let pond = rng.happens(0.45);
        let mut uneven = || rng.between(0.8, 1.15);
        out.greens.push(("garden", blob(at, lot.u, (r * long, r), &mut uneven)));
        if pond {
            out.ponds.push(blob(at, lot.u, (r * long * 0.5, r * 0.4), &mut uneven));
        }
        hole = Some((at, r));
    }
    rows(lot, kind, &lanes, hole, rng, out);
}

fn old(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    let [(west, east), (south, north)] = lot.reach();
    let mut across = south + 6.0;
    while across < north {
        let depth = rng.between(8.0, 11.0);
        let mut along = west + rng.between(0.0, 6.0);
        while along < east {
            let length = rng.between(9.0, 21.0);
            let u = (lot.u + lot.v * rng.between(-0.05, 0.05)).unit();
            let middle = lot.at(along + length / 2.0, across + rng.between(-1.0, 1.0));
            if !rng.happens(0.1)
                && let Some(ring) = lot.rectangle(middle, u, length, depth, 0.8)
            {
                out.buildings.push(("house", ring));
            }
            along += length + if rng.happens(0.25) { rng.between(3.0, 7.0) } else { 0.9 };
        }
        across += depth + rng.between(3.0, 7.5);
    }
}

fn shops(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    let size = (lot.hectares() * 10_000.0).sqrt();
    let (mall_u, mall_v) = (size * rng.between(0.4, 0.5), size * rng.between(0.26, 0.34));
    let at = lot.at(0.0, size * rng.between(-0.12, 0.12));
    if lot.hectares() > 1.2
        && let Some(ring) = lot.rectangle(at, lot.u, mall_u, mall_v, 4.0)
    {
        out.buildings.push(("mall", ring));
    }
    let kind = Rows {
        class: "office",
        depth: 26.0,
        pitch: 52.0,
        lengths: &[46.0, 32.0, 26.0],
        gap: (16.0, 30.0),
        spare: 3.0,
    };
    let mut towers = Filled::default();
    rows(lot, &kind, &[], None, rng, &mut towers);
    let keep = mall_u.max(mall_v) / 2.0 + 16.0;
    let free = |ring: &Vec<P>| {
        ring.iter().all(|q| {
            let d = *q - at;
            d.dot(lot.u).abs() > mall_u / 2.0 + 9.0 || d.dot(lot.v).abs() > mall_v / 2.0 + 9.0
        }) && ((ring[0] + ring[2]) * 0.5 - at).len() > keep * 0.6
    };
    out.buildings.extend(towers.buildings.into_iter().filter(|(_, ring)| free(ring)));
}

fn sheds(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    let [(west, east), (south, north)] = lot.reach();
    let lanes = spine(lot, 0.0, out);
    let mut across = south + 34.0;
    while across < north {
        let depth = rng.between(34.0, 62.0);
        let mut along = west;
        while along < east {
            let placed = [120.0, 92.0, 70.0, 46.0, 30.0].iter().find_map(|length| {
                let on_lane = lanes.iter().any(|l| *l > along - 7.0 && *l < along + length + 7.0);
                let middle = lot.at(along + length / 2.0, across);
                if on_lane {
                    return None;
                }
                let deep = if *length < 40.0 { 18.0 } else { depth };
                lot.rectangle(middle, lot.u, *length, deep, 5.0).map(|ring| (*length, ring))
            });
            match placed {
                Some((length, ring)) => {
                    let class = if length < 40.0 { "office" } else { "shed" };
                    out.buildings.push((class, ring));
                    along += length + rng.between(12.0, 20.0);
                }
                None => along += 5.0,
            }
        }
        across += depth + rng.between(16.0, 24.0);
    }
}

fn school(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    let [(west, east), _] = lot.reach();
    let side = if rng.happens(0.5) { 1.0 } else { -1.0 };
    let track = lot.at(side * (east - west) * 0.24, 0.0);
    let scale = ((lot.hectares() * 10_000.0).sqrt() / 260.0).clamp(0.45, 1.0);
    let far = 50.0 * scale;
    let mut taken = None;
    let wants = lot.hectares() < 6.5 || rng.happens(0.3);
    if wants && lot.clear(track + lot.v * far, 0.0) && lot.clear(track - lot.v * far, 0.0) {
        let ring = |k: f64| stadium(track, lot.v, 85.0 * scale * k, 36.0 * scale * k);
        out.greens.push(("track", ring(1.0)));
        out.greens.push(("pitch", ring(0.74)));
        taken = Some((track, 76.0 * scale));
    }
    let kind = Rows {
        class: "school",
        depth: 14.0,
        pitch: 34.0,
        lengths: &[74.0, 58.0, 40.0],
        gap: (16.0, 26.0),
        spare: 8.0,
    };
    rows(lot, &kind, &[], taken, rng, out);
}

fn park(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    out.greens.push(("park", lot.ring.clone()));
    let size = (lot.hectares() * 10_000.0).sqrt();
    let r = size * rng.between(0.1, 0.19);
    let lake = lot.at(size * rng.between(-0.15, 0.15), size * rng.between(-0.15, 0.15));
    if lot.hectares() > 2.5 && lot.clear(lake, r * 0.6) && rng.happens(0.6) {
        let long = rng.between(1.0, 1.7);
        let mut uneven = || rng.between(0.66, 1.2);
        out.ponds.push(blob(lake, lot.u, (r * long, r * 0.75), &mut uneven));
    }
    for _ in 0..(lot.hectares() * 1.1) as usize + 2 {
        let at = lot.at(size * rng.between(-0.55, 0.55), size * rng.between(-0.55, 0.55));
        let (wide, deep) = (rng.between(14.0, 38.0), rng.between(10.0, 24.0));
        if lot.clear(at, wide * 0.9) && (at - lake).len() > r * 1.9 + wide {
            let mut uneven = || rng.between(0.7, 1.25);
            out.greens.push(("wood", blob(at, lot.u, (wide, deep), &mut uneven)));
        }
    }
    for _ in 0..3 {
        let at = lot.at(size * rng.between(-0.4, 0.4), size * rng.between(-0.4, 0.4));
        if (at - lake).len() > r * 1.9
            && let Some(ring) = lot.rectangle(at, lot.u, 15.0, 10.0, 8.0)
        {
            out.buildings.push(("pavilion", ring));
        }
    }
    for (from, d) in [(lot.at(0.0, size * 0.27), lot.u), (lot.at(-size * 0.3, 0.0), lot.v)] {
        if let Some((a, b)) = lot.chord(from, d) {
            let (side, swing) = (d.left(), size * rng.between(-0.09, 0.09));
            let at = |t: f64, k: f64| from + d * (a + (b - a) * t) + side * (swing * k);
            out.paths
                .push(spline(&[at(0.0, 0.0), at(0.3, 1.0), at(0.65, -0.6), at(1.0, 0.0)], 40.0));
        }
    }
}

fn market(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    let kind = Rows {
        class: "market",
        depth: 34.0,
        pitch: 46.0,
        lengths: &[96.0, 74.0, 52.0],
        gap: (14.0, 20.0),
        spare: 3.0,
    };
    rows(lot, &kind, &[], None, rng, out);
}

fn hospital(lot: &Lot, rng: &mut Chance, out: &mut Filled) {
    let kind = Rows {
        class: "hospital",
        depth: 24.0,
        pitch: 54.0,
        lengths: &[88.0, 60.0, 40.0],
        gap: (20.0, 30.0),
        spare: 8.0,
    };
    let lanes = spine(lot, 0.0, out);
    rows(lot, &kind, &lanes, None, rng, out);
}
