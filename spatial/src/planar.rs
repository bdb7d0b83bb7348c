//! Faces of noded line work: rotation around nodes, cycles, and who lies inside whom. All exact.
//!
//! Cost: sorting the arcs' ends, one look at every point, and, when there is more than one
//! connected component, a box tree with one look downwards for each of them.

use crate::boxes::{BoxTree, of_segment};
use crate::exact;
use crate::position::Position;
use std::cmp::Ordering;

/// Half an arc: `2 * arc` walks it forwards, `2 * arc + 1` backwards.
pub(crate) type Half = u32;

/// The half that walks the same arc the other way.
pub(crate) fn twin(half: Half) -> Half {
    half ^ 1
}

/// The faces that arcs part; face 0 is the unbounded one.
pub(crate) struct Faces {
    /// The face on the left of every half.
    pub(crate) left: Vec<u32>,
    /// The half that follows on the border of the same face.
    pub(crate) next: Vec<Half>,
    /// Twice the area of every face in units²; 0 for face 0.
    pub(crate) doubled: Vec<i128>,
    /// Every border cycle: a half of it and the face it bounds, outer before inner of a face.
    pub(crate) cycles: Vec<(Half, u32)>,
}

/// Traces the faces of arcs that meet only at their ends and are not degenerate.
pub(crate) fn faces(arcs: &[&[Position]]) -> Faces {
    let next = rotate(arcs);
    let under: Vec<i128> = arcs.iter().map(|points| exact::doubled_shoelace(points)).collect();
    let mut cycle_of = vec![u32::MAX; next.len()];
    let mut starts: Vec<Half> = Vec::new();
    let mut areas: Vec<i128> = Vec::new();
    for start in 0..next.len() as Half {
        if cycle_of[start as usize] != u32::MAX {
            continue;
        }
        let (mut half, mut area) = (start, 0i128);
        while cycle_of[half as usize] == u32::MAX {
            cycle_of[half as usize] = starts.len() as u32;
            let of_arc = under[half as usize / 2];
            area += if half & 1 == 0 { of_arc } else { -of_arc };
            half = next[half as usize];
        }
        starts.push(start);
        areas.push(area);
    }
    let mut doubled = vec![0i128];
    let mut face_of = vec![u32::MAX; starts.len()];
    for (cycle, &area) in areas.iter().enumerate().filter(|(_, area)| **area > 0) {
        face_of[cycle] = doubled.len() as u32;
        doubled.push(area);
    }
    nest(arcs, &next, &starts, &areas, &cycle_of, &mut face_of);
    for (cycle, &area) in areas.iter().enumerate().filter(|(_, area)| **area <= 0) {
        if face_of[cycle] != 0 {
            doubled[face_of[cycle] as usize] += area;
        }
    }
    let left = cycle_of.iter().map(|&c| face_of[c as usize]).collect();
    let mut order: Vec<u32> = (0..starts.len() as u32).collect();
    order.sort_by_key(|&c| (face_of[c as usize], areas[c as usize] <= 0));
    let cycles = order.iter().map(|&c| (starts[c as usize], face_of[c as usize])).collect();
    Faces { left, next, doubled, cycles }
}

/// The points of a half in walking order.
pub(crate) fn walk<'a>(
    arcs: &[&'a [Position]],
    half: Half,
) -> impl ExactSizeIterator<Item = Position> + use<'a> {
    let points = arcs[half as usize / 2];
    let backwards = half & 1 == 1;
    (0..points.len()).map(move |i| points[if backwards { points.len() - 1 - i } else { i }])
}

/// The successor of every half on the border of the face on its left: at the node it ends in,
/// the next one clockwise from the way back.
fn rotate(arcs: &[&[Position]]) -> Vec<Half> {
    let mut order: Vec<(u64, Half)> = Vec::with_capacity(arcs.len() * 2);
    for (i, points) in arcs.iter().enumerate() {
        order.push((key(points[0]), 2 * i as Half));
        order.push((key(points[points.len() - 1]), 2 * i as Half + 1));
    }
    let second = |half: Half| {
        let points = arcs[half as usize / 2];
        points[if half & 1 == 0 { 1 } else { points.len() - 2 }]
    };
    let first = |half: Half| {
        let points = arcs[half as usize / 2];
        points[if half & 1 == 0 { 0 } else { points.len() - 1 }]
    };
    order.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| by_angle(first(a.1), second(a.1), second(b.1)))
    });
    let mut next = vec![0 as Half; order.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from + 1;
        while to < order.len() && order[to].0 == order[from].0 {
            to += 1;
        }
        for i in from..to {
            let before = if i == from { to - 1 } else { i - 1 };
            next[twin(order[i].1) as usize] = order[before].1;
        }
        from = to;
    }
    next
}

fn key(p: Position) -> u64 {
    (u64::from(p.lng_e7 as u32) << 32) | u64::from(p.lat_e7 as u32)
}

/// Orders directions from `o` anticlockwise, starting east.
fn by_angle(o: Position, a: Position, b: Position) -> Ordering {
    let lower = |p: Position| (p.lat_e7, p.lng_e7) < (o.lat_e7, o.lng_e7);
    lower(a).cmp(&lower(b)).then_with(|| exact::side(o, a, b).reverse())
}

/// Finds the face that each cycle around a component's outside lies in: look down from its
/// westernmost point, a hair to the west of it, to the nearest arc below.
fn nest(
    arcs: &[&[Position]],
    next: &[Half],
    starts: &[Half],
    areas: &[i128],
    cycle_of: &[u32],
    face_of: &mut [u32],
) {
    let mut outer: Vec<(Position, u32)> = Vec::new();
    for cycle in (0..starts.len()).filter(|&c| areas[c] <= 0) {
        let mut west = arcs[starts[cycle] as usize / 2][0];
        let mut half = starts[cycle];
        loop {
            west = arcs[half as usize / 2].iter().fold(west, |w, &p| w.min(p));
            half = next[half as usize];
            if half == starts[cycle] {
                break;
            }
        }
        outer.push((west, cycle as u32));
    }
    if let [(_, only)] = outer[..] {
        face_of[only as usize] = 0;
        return;
    }
    outer.sort_unstable();
    let edges = Edges::new(arcs.to_vec());
    for (west, cycle) in outer {
        face_of[cycle as usize] = match edges.below(west) {
            // The arc found reaches further west, so its component was placed before.
            Some(half) => face_of[cycle_of[half as usize] as usize],
            None => 0,
        };
    }
}

/// Every segment of some arcs in a tree, to look down from a point.
pub(crate) struct Edges<'a> {
    arcs: Vec<&'a [Position]>,
    first: Vec<u32>,
    tree: BoxTree,
}

impl<'a> Edges<'a> {
    /// Builds the tree.
    pub(crate) fn new(arcs: Vec<&'a [Position]>) -> Self {
        let mut first = Vec::with_capacity(arcs.len());
        let mut boxes = Vec::new();
        for points in &arcs {
            first.push(boxes.len() as u32);
            boxes.extend(points.windows(2).map(|w| of_segment(w[0], w[1])));
        }
        Self { arcs, first, tree: BoxTree::layered(boxes) }
    }

    /// The half whose left side is met first when looking down (south) from just west of `at`.
    pub(crate) fn below(&self, at: Position) -> Option<Half> {
        let mut best: Option<(Position, Position, Half)> = None;
        self.tree.below(at, |item| {
            let arc = self.first.partition_point(|&f| f <= item) - 1;
            let i = (item - self.first[arc]) as usize;
            let (a, b) = (self.arcs[arc][i], self.arcs[arc][i + 1]);
            let (west, east) = if a < b { (a, b) } else { (b, a) };
            if exact::side(west, east, at) != Ordering::Greater {
                return None;
            }
            let half = 2 * arc as Half + Half::from(a != west);
            if best.is_none_or(|(w, e, _)| higher((west, east), (w, e), at.lng_e7)) {
                best = Some((west, east, half));
            }
            best.map(|(w, e, _)| floor_lat(w, e, at.lng_e7))
        });
        best.map(|(_, _, half)| half)
    }
}

/// Numerator and denominator of the latitude of the line west–east at a longitude.
fn lat_at(west: Position, east: Position, lng_e7: i32) -> (i128, i128) {
    let dx = i128::from(east.lng_e7) - i128::from(west.lng_e7);
    let dy = i128::from(east.lat_e7) - i128::from(west.lat_e7);
    let along = i128::from(lng_e7) - i128::from(west.lng_e7);
    (i128::from(west.lat_e7) * dx + dy * along, dx)
}

fn floor_lat(west: Position, east: Position, lng_e7: i32) -> i64 {
    let (num, den) = lat_at(west, east, lng_e7);
    num.div_euclid(den) as i64
}

/// Whether segment s lies above t a hair west of a longitude that both span.
fn higher(s: (Position, Position), t: (Position, Position), lng_e7: i32) -> bool {
    let ((sn, sd), (tn, td)) = (lat_at(s.0, s.1, lng_e7), lat_at(t.0, t.1, lng_e7));
    let rise = |s: (Position, Position)| i128::from(s.1.lat_e7) - i128::from(s.0.lat_e7);
    // At the same latitude the one that falls more steeply to the east was higher before.
    match (sn * td).cmp(&(tn * sd)) {
        Ordering::Equal => rise(s) * td < rise(t) * sd,
        other => other == Ordering::Greater,
    }
}
