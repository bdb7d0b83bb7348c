//! The partition out of atomic arcs and the faces on their sides.
//!
//! Arcs between equal faces disappear, the others are joined through points where only two meet.
//! The result depends on the geometry alone: arcs run from the end that is lower in Morton order,
//! closed ones start at their lowest point (or the node they hang on) towards the lower neighbour,
//! and they are sorted by their first two points.

use crate::partition::{Arc, Face, FaceId, Partition};
use crate::planar::{self, Half};
use crate::position::Position;

/// Builds the partition from arcs with the faces on their left and right.
pub(crate) fn assemble(arcs: &[&[Position]], sides: &[[FaceId; 2]], faces: Vec<Face>) -> Partition {
    let kept: Vec<usize> = (0..arcs.len()).filter(|&a| sides[a][0] != sides[a][1]).collect();
    let lines: Vec<&[Position]> = kept.iter().map(|&a| arcs[a]).collect();
    let (runs, free) = runs(&lines);
    let mut out: Vec<(Vec<Position>, [FaceId; 2])> = Vec::with_capacity(runs.len());
    for (i, halves) in runs.into_iter().enumerate() {
        let mut points: Vec<Position> = Vec::new();
        for &half in &halves {
            points.extend(planar::walk(&lines, half).skip(usize::from(!points.is_empty())));
        }
        if i >= free {
            start_lowest(&mut points);
        }
        let [left, right] = sides[kept[halves[0] as usize / 2]];
        let mut faces = if halves[0] & 1 == 0 { [left, right] } else { [right, left] };
        if turn(&mut points) {
            faces.reverse();
        }
        out.push((points, faces));
    }
    out.sort_by_cached_key(|(points, _)| (points[0].morton(), points[1].morton()));
    let mut points = Vec::with_capacity(out.iter().map(|o| o.0.len()).sum());
    let mut rows = Vec::with_capacity(out.len());
    for (line, [left, right]) in out {
        let start = points.len() as u32;
        points.extend(line);
        rows.push(Arc { start, end: points.len() as u32, left, right });
    }
    let faces = order_zones(&points, &mut rows, faces);
    Partition::assembled(points, rows, faces)
}

/// Numbers the blank zones by the south-west corner of their box, from west to east; of two with
/// the same corner the one that the earlier arc borders comes first.
fn order_zones(points: &[Position], rows: &mut [Arc], mut faces: Vec<Face>) -> Vec<Face> {
    let cells = faces.iter().take_while(|f| !matches!(f, Face::BlankZone { .. })).count();
    let mut corners: Vec<Option<(Position, usize)>> = vec![None; faces.len() - cells];
    for (i, row) in rows.iter().enumerate() {
        for (side, face) in [row.left, row.right].into_iter().enumerate() {
            let Some(corner) = face.index().checked_sub(cells).map(|zone| &mut corners[zone])
            else {
                continue;
            };
            let run = points[row.start as usize..row.end as usize].iter();
            let (low, _) = corner.get_or_insert((points[row.start as usize], 2 * i + side));
            *low = run.fold(*low, |low, p| {
                Position::new(low.lng_e7.min(p.lng_e7), low.lat_e7.min(p.lat_e7))
            });
        }
    }
    let mut order: Vec<usize> = (0..corners.len()).collect();
    order.sort_by_key(|&zone| corners[zone]);
    let mut renumbered = vec![FaceId::OUTSIDE; order.len()];
    let zones: Vec<Face> = order.iter().map(|&zone| faces[cells + zone]).collect();
    for (new, &zone) in order.iter().enumerate() {
        renumbered[zone] = FaceId((cells + new) as u32);
    }
    faces.truncate(cells);
    faces.extend(zones);
    for face in rows.iter_mut().flat_map(|row| [&mut row.left, &mut row.right]) {
        *face = face.index().checked_sub(cells).map_or(*face, |zone| renumbered[zone]);
    }
    faces
}

/// Joins lines through points where exactly two ends meet; from the number returned on they are
/// closed and meet no other.
fn runs(lines: &[&[Position]]) -> (Vec<Vec<Half>>, usize) {
    let mut ends: Vec<(u64, Half)> = Vec::with_capacity(lines.len() * 2);
    for (i, points) in lines.iter().enumerate() {
        ends.push((points[0].morton(), 2 * i as Half));
        ends.push((points[points.len() - 1].morton(), 2 * i as Half + 1));
    }
    ends.sort_unstable();
    // The other half that begins where this one does, if there is exactly one.
    let mut partner = vec![None; ends.len()];
    for group in ends.chunk_by(|a, b| a.0 == b.0) {
        if let [a, b] = *group {
            partner[a.1 as usize] = Some(b.1);
            partner[b.1 as usize] = Some(a.1);
        }
    }
    let mut used = vec![false; lines.len()];
    let mut runs = Vec::new();
    let mut free = 0;
    for through in [false, true] {
        free = runs.len();
        for &(_, from) in &ends {
            if partner[from as usize].is_some() != through || used[from as usize / 2] {
                continue;
            }
            let (mut run, mut half) = (Vec::new(), from);
            loop {
                used[half as usize / 2] = true;
                run.push(half);
                match partner[planar::twin(half) as usize] {
                    Some(on) if !used[on as usize / 2] => half = on,
                    _ => break,
                }
            }
            runs.push(run);
        }
    }
    (runs, free)
}

/// Turns a closed line so that it starts at its lowest point.
fn start_lowest(points: &mut [Position]) {
    let last = points.len() - 1;
    let lowest = (0..last).min_by_key(|&i| points[i].morton()).unwrap_or(0);
    points[..last].rotate_left(lowest);
    points[last] = points[0];
}

/// Gives a line its canonical direction; returns whether it was reversed.
fn turn(points: &mut [Position]) -> bool {
    let last = points.len() - 1;
    let reversed = if points[0] == points[last] {
        points[last - 1].morton() < points[1].morton()
    } else {
        points[last].morton() < points[0].morton()
    };
    if reversed {
        points.reverse();
    }
    reversed
}
