//! How much of a disc each face holds: the answer for a position with an uncertain fix.
//!
//! The area of a polygon within a circle is a sum over its edges (Green's theorem): the triangle
//! from the centre where the edge is inside, the sector between entry and exit where it is not.
//! Sectors outside depend only on where lines enter and leave the disc, up to whole turns, so
//! only the edges within the disc are needed, and a share is known modulo 1.

use crate::{metric::Local, oracle::Edge, partition::FaceId};
use std::{collections::BTreeMap, f64::consts::TAU};

/// Closer to 0 or 1 than this a share is a rounding error away from it.
const NOTHING: f64 = 1e-11;

/// The part of the edge within the disc, and the angles at which it enters and leaves, adding up
/// to twice the area it contributes to the face on its left, per r².
fn contribution(a: (f64, f64), b: (f64, f64)) -> f64 {
    let inside = |p: (f64, f64)| p.0 * p.0 + p.1 * p.1 < 1.0;
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    // |a + t d|² = 1; the discriminant b² - ac written without cancellation.
    let (qa, qb) = (dx * dx + dy * dy, a.0 * dx + a.1 * dy);
    let root = qa - (a.0 * dy - a.1 * dx).powi(2);
    let at = |t: f64| (a.0 + t.clamp(0.0, 1.0) * dx, a.1 + t.clamp(0.0, 1.0) * dy);
    let (a_in, b_in) = (inside(a), inside(b));
    if !a_in && !b_in && (root <= 0.0 || -qb <= 0.0 || -qb >= qa) {
        return 0.0; // passes by
    }
    let root = root.max(0.0).sqrt();
    let start = if a_in { a } else { at((-qb - root) / qa) };
    let end = if b_in { b } else { at((-qb + root) / qa) };
    let mut twice = start.0 * end.1 - start.1 * end.0;
    if !a_in {
        twice += start.1.atan2(start.0); // the sector before it ends here
    }
    if !b_in {
        twice -= end.1.atan2(end.0); // the sector after it starts here
    }
    twice
}

/// Shares of the disc of `radius_m` around the map's origin by face, summing to 1; only faces
/// that hold some of it. `centre` is the face of the origin, `edges` those that meet the disc.
pub(super) fn of_disc(
    map: &Local,
    radius_m: f64,
    centre: FaceId,
    edges: impl Iterator<Item = Edge>,
) -> Vec<(FaceId, f64)> {
    let mut twice: BTreeMap<FaceId, f64> = BTreeMap::new();
    for edge in edges {
        let unit = |(x, y): (f64, f64)| (x / radius_m, y / radius_m);
        let part = contribution(unit(map.xy_m(edge.a)), unit(map.xy_m(edge.b)));
        *twice.entry(edge.left).or_default() += part;
        *twice.entry(edge.right).or_default() -= part;
    }
    let mut shares: Vec<(FaceId, f64)> = twice
        .into_iter()
        .map(|(face, twice)| (face, (twice / TAU).rem_euclid(1.0)))
        .filter(|&(_, share)| share > NOTHING && share < 1.0 - NOTHING)
        .collect();
    if shares.is_empty() {
        return vec![(centre, 1.0)];
    }
    // What rounding left over, some 1e-15, is spread so that the sum is 1 to the last bits.
    let sum: f64 = shares.iter().map(|&(_, share)| share).sum();
    shares.iter_mut().for_each(|(_, share)| *share /= sum);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn a_line_through_the_centre_halves_the_disc() {
        let twice = contribution((-3.0, -1.5), (4.0, 2.0));
        assert!(((twice / TAU).rem_euclid(1.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_square_within_the_disc_has_its_own_area() {
        let square = [(0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)];
        let twice: f64 = (0..4).map(|i| contribution(square[i], square[(i + 1) % 4])).sum();
        assert!((twice / TAU - 1.0 / PI).abs() < 1e-12);
    }

    #[test]
    fn an_edge_that_passes_by_counts_nothing() {
        assert_eq!(contribution((-2.0, 1.5), (2.0, 1.5)), 0.0);
        assert_eq!(contribution((2.0, 0.0), (3.0, 0.0)), 0.0);
    }
}
