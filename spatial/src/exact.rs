//! Exact predicates on integer positions: no epsilon, the same answer on every machine.

use crate::position::Position;
use std::cmp::Ordering;

/// Twice the signed area of the triangle a, b, c in units²: positive when it turns left.
///
/// Differences need 33 bits, their product 66: hence `i128`.
pub fn doubled_area(a: Position, b: Position, c: Position) -> i128 {
    let (abx, aby) =
        (i128::from(b.lng_e7) - i128::from(a.lng_e7), i128::from(b.lat_e7) - i128::from(a.lat_e7));
    let (acx, acy) =
        (i128::from(c.lng_e7) - i128::from(a.lng_e7), i128::from(c.lat_e7) - i128::from(a.lat_e7));
    abx * acy - aby * acx
}

/// Where c lies seen along a → b: `Greater` to the left, `Less` to the right, `Equal` on the line.
pub fn side(a: Position, b: Position, c: Position) -> Ordering {
    doubled_area(a, b, c).cmp(&0)
}

/// Whether p lies on the closed segment a–b.
pub fn on_segment(a: Position, b: Position, p: Position) -> bool {
    let between = |lo: i32, hi: i32, v: i32| (lo.min(hi)..=lo.max(hi)).contains(&v);
    between(a.lng_e7, b.lng_e7, p.lng_e7)
        && between(a.lat_e7, b.lat_e7, p.lat_e7)
        && side(a, b, p) == Ordering::Equal
}

/// Twice the signed area under an open line or a closed ring (shoelace about the origin), units².
///
/// Summed over arcs with the sign of the side a face lies on, it gives the face's doubled area.
pub fn doubled_shoelace(points: &[Position]) -> i128 {
    points
        .windows(2)
        .map(|w| {
            i128::from(w[0].lng_e7) * i128::from(w[1].lat_e7)
                - i128::from(w[1].lng_e7) * i128::from(w[0].lat_e7)
        })
        .sum()
}
