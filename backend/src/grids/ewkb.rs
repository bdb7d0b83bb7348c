//! Positions as the bytes PostGIS reads: little-endian EWKB in EPSG:4490.
//!
//! A unit of 1e-7 degree divided by 1e7 is the nearest double, and rounding brings the same
//! integer back, so nothing moves on the way to the database and home again.

use spatial::Position;

const SRID: u32 = 4490;
const WITH_SRID: u32 = 0x2000_0000;
const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_LINE: u32 = 5;
const MULTI_POLYGON: u32 = 6;

/// A point.
pub fn point(at: Position) -> Vec<u8> {
    let mut bytes = head(POINT);
    put(&mut bytes, at);
    bytes
}

/// A line.
pub fn line(points: &[Position]) -> Vec<u8> {
    let mut bytes = head(LINE);
    bytes.reserve(points.len() * 16 + 4);
    run(&mut bytes, points, false);
    bytes
}

/// Several lines; what is no line (fewer than two points) is left out.
pub fn multi_line(lines: &[Vec<Position>]) -> Vec<u8> {
    let lines: Vec<_> = lines.iter().filter(|points| points.len() > 1).collect();
    let mut bytes = head(MULTI_LINE);
    count(&mut bytes, lines.len());
    for points in lines {
        bytes.push(1);
        bytes.extend(LINE.to_le_bytes());
        run(&mut bytes, points, false);
    }
    bytes
}

/// A multi-polygon: polygon → rings → points; rings need not repeat their first point. What is no
/// ring (fewer than three points besides the repeated one) is left out.
pub fn multi_polygon(polygons: &[Vec<Vec<Position>>]) -> Vec<u8> {
    let lawful = |ring: &&Vec<Position>| {
        ring.len() - usize::from(ring.len() > 1 && ring.first() == ring.last()) >= 3
    };
    let rings_of = |rings: &Vec<Vec<Position>>| -> Vec<Vec<Position>> {
        rings.iter().filter(lawful).cloned().collect()
    };
    let polygons: Vec<_> =
        polygons.iter().map(rings_of).filter(|rings| !rings.is_empty()).collect();
    let mut bytes = head(MULTI_POLYGON);
    count(&mut bytes, polygons.len());
    for rings in &polygons {
        bytes.push(1);
        bytes.extend(POLYGON.to_le_bytes());
        count(&mut bytes, rings.len());
        for ring in rings {
            run(&mut bytes, ring, ring.first() != ring.last());
        }
    }
    bytes
}

fn head(kind: u32) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend((kind | WITH_SRID).to_le_bytes());
    bytes.extend(SRID.to_le_bytes());
    bytes
}

fn count(bytes: &mut Vec<u8>, n: usize) {
    bytes.extend(u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn run(bytes: &mut Vec<u8>, points: &[Position], close: bool) {
    count(bytes, points.len() + usize::from(close));
    for &p in points.iter().chain(points.first().filter(|_| close)) {
        put(bytes, p);
    }
}

fn put(bytes: &mut Vec<u8>, p: Position) {
    bytes.extend(p.lng_deg().to_le_bytes());
    bytes.extend(p.lat_deg().to_le_bytes());
}

/// The points of a line written by [`line`] or sent by PostGIS as EWKB or WKB; `None` when the
/// bytes are no little-endian line.
pub fn read_line(bytes: &[u8]) -> Option<Vec<Position>> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let kind = word(1)?;
    if bytes.first() != Some(&1) || kind & 0xff != LINE {
        return None;
    }
    let start = if kind & WITH_SRID == 0 { 5 } else { 9 };
    let rest = bytes.get(start + 4..)?;
    if rest.len() != word(start)? as usize * 16 {
        return None;
    }
    let degrees = |b: &[u8]| b.try_into().ok().map(f64::from_le_bytes);
    rest.chunks_exact(16)
        .map(|c| Position::from_degrees(degrees(&c[..8])?, degrees(&c[8..])?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_survives_the_round_trip_to_the_last_unit() {
        let points: Vec<Position> = (0..1_000)
            .map(|i| Position::new(1_206_137_289 + i * 7_919, -312_345_677 + i * 104_729))
            .collect();
        assert_eq!(read_line(&line(&points)), Some(points));
    }

    #[test]
    fn bytes_that_are_no_line_are_refused() {
        assert_eq!(read_line(&[]), None);
        assert_eq!(read_line(&point(Position::new(1, 2))), None);
        assert_eq!(read_line(&line(&[Position::new(1, 2); 2])[..20]), None);
    }
}
