//! Loose rings to polygons: which ring is a hole, and in which outer ring it lies.
//!
//! A Shapefile lists the rings of a shape in any order, outer ones clockwise and holes
//! counter-clockwise; some writers get that wrong. Definition: a ring against the sun belongs,
//! as a hole, to the smallest clockwise ring that holds it. When no ring of the shape runs
//! clockwise the winding says nothing, and nesting decides: inside an even number of others it
//! is an outer ring, inside an odd number a hole. Cost: holes × points of the rings whose
//! window holds them.

use super::shape::{Draft, FoundRing, Role, Shaper};
use domain::refusal::Both;
use spatial::exact::{doubled_shoelace, on_segment, side};
use spatial::{Position, Window};
use std::cmp::Ordering;

/// A usable ring.
struct Ring {
    /// Its number in the feature, from 1.
    number: usize,
    positions: Vec<Position>,
    window: Window,
    /// Twice its signed area, positive counter-clockwise.
    doubled_area: i128,
}

/// Adds the polygons that these rings make up to the draft.
pub(super) fn assemble(shaper: &mut Shaper<'_>, draft: &mut Draft, found: Vec<FoundRing>) {
    let any_clockwise = found.iter().flatten().any(|points| winding(points) < 0.0);
    let mut rings = Vec::new();
    let mut outer_lost = false;
    for ring in found {
        let hole = any_clockwise && ring.as_ref().is_ok_and(|points| winding(points) > 0.0);
        let role = if hole { Role::Hole } else { Role::Outer };
        match shaper.ring(draft, role, ring) {
            Some(positions) => rings.extend(Ring::new(draft.rings, positions)),
            None => outer_lost |= role == Role::Outer,
        }
    }
    let holes = match any_clockwise {
        true => rings.iter().map(|ring| ring.doubled_area > 0).collect(),
        false => odd_nesting(&rings),
    };
    let owners = owners(&rings, &holes);
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut part_of = vec![None; rings.len()];
    for (i, _) in holes.iter().enumerate().filter(|(_, hole)| !**hole) {
        part_of[i] = Some(parts.len());
        parts.push(vec![i]);
    }
    for (i, _) in holes.iter().enumerate().filter(|(_, hole)| **hole) {
        let owner = owners[i].and_then(|owner| part_of[owner]);
        let ring = Some(rings[i].number);
        match owner {
            Some(part) => parts[part].push(i),
            None if outer_lost => shaper.problem(draft, ring, lost_with_its_outer()),
            None => {
                parts.push(vec![i]);
                shaper.problem(draft, ring, hole_in_nothing());
            }
        }
    }
    let mut rings: Vec<_> = rings.into_iter().map(|ring| Some(ring.positions)).collect();
    for part in parts {
        draft.parts.push(part.into_iter().filter_map(|i| rings[i].take()).collect());
    }
}

impl Ring {
    fn new(number: usize, positions: Vec<Position>) -> Option<Self> {
        let window = Window::around(positions.iter().copied())?;
        let closing = [*positions.last()?, *positions.first()?];
        let doubled_area = doubled_shoelace(&positions) + doubled_shoelace(&closing);
        Some(Self { number, positions, window, doubled_area })
    }

    /// Whether the other ring lies in this one, judged by its first point off the border.
    fn holds(&self, other: &Self) -> bool {
        self.window.contains(other.window.low)
            && self.window.contains(other.window.high)
            && self.doubled_area.abs() >= other.doubled_area.abs()
            && other.positions.iter().find_map(|&p| self.strictly_inside(p)).unwrap_or(true)
    }

    /// Whether the point is inside; `None` when it lies on the border.
    fn strictly_inside(&self, p: Position) -> Option<bool> {
        let ends = self.positions.iter().skip(1).chain(self.positions.first());
        let mut inside = false;
        for (&a, &b) in self.positions.iter().zip(ends) {
            if on_segment(a, b, p) {
                return None;
            }
            if (a.lat_e7 > p.lat_e7) != (b.lat_e7 > p.lat_e7) {
                let upward = b.lat_e7 > a.lat_e7;
                inside ^= side(a, b, p) == if upward { Ordering::Greater } else { Ordering::Less };
            }
        }
        Some(inside)
    }
}

/// For every hole the smallest outer ring that holds it.
fn owners(rings: &[Ring], holes: &[bool]) -> Vec<Option<usize>> {
    let outers: Vec<usize> = (0..rings.len()).filter(|&i| !holes[i]).collect();
    let owner = |i: usize| {
        let holding = outers.iter().copied().filter(|&outer| rings[outer].holds(&rings[i]));
        holding.min_by_key(|&outer| rings[outer].doubled_area.abs())
    };
    (0..rings.len()).map(|i| holes[i].then(|| owner(i)).flatten()).collect()
}

fn odd_nesting(rings: &[Ring]) -> Vec<bool> {
    let around =
        |i: usize| (0..rings.len()).filter(|&j| j != i && rings[j].holds(&rings[i])).count();
    (0..rings.len()).map(|i| around(i) % 2 == 1).collect()
}

/// Twice the signed area in the file's own coordinates, positive counter-clockwise.
fn winding(points: &[[f64; 2]]) -> f64 {
    let Some(&[x0, y0]) = points.first() else { return 0.0 };
    let cross = |w: &[[f64; 2]]| (w[0][0] - x0) * (w[1][1] - y0) - (w[1][0] - x0) * (w[0][1] - y0);
    points.windows(2).map(cross).sum()
}

fn lost_with_its_outer() -> Both {
    Both::new("所在外环有误，该内环一并未导入", "its outer ring was bad: left out with it")
}

fn hole_in_nothing() -> Both {
    Both::new(
        "方向是内环，却不在任何外环之内；按独立部分保留",
        "it is wound like a hole but lies in no outer ring; kept as a part",
    )
}
