//! Noding: snap rounding of line work onto the integer grid, exact.
//!
//! Hot pixels (Hobby 1999; the half-open unit squares around integer points) are those of every
//! edge's ends and of every crossing. Each edge is led through the middle of every hot pixel it
//! passes; then no two edges meet but at their ends. The pieces are snapped to the same pixels
//! again until nothing moves (iterated snap rounding, Halperin and Packer 2002), so that noding
//! what was noded changes nothing. It ends because a piece is always shorter than its edge.

use super::lines::{AS_DRAWN, LineWork, Passage};
use crate::boxes::{BoxTree, of_segment};
use crate::exact;
use crate::position::{Position, Window};

/// Nodes the line work. Only pairs with a `fresh` edge are looked at: the others must be noded.
///
/// Every crossing of two edges that share a part is added to `crossings`.
pub(crate) fn node(
    lines: LineWork,
    fresh: Option<&dyn Fn(u32) -> bool>,
    crossings: &mut Vec<(u32, Position)>,
) -> LineWork {
    let count = lines.ends.len() as u32;
    let boxes = (0..count).map(|e| lines.segment(e)).map(|(a, b)| of_segment(a, b)).collect();
    let mut snapping = Snapping {
        tree: BoxTree::layered(boxes),
        hits: Vec::new(),
        crossed: Vec::new(),
        added: Vec::new(),
        origins: if fresh.is_some() { 1 << 31 } else { 0 },
        lines,
    };
    snapping.find(fresh, crossings);
    snapping.add_crossings();
    if snapping.hits.is_empty() {
        return snapping.lines;
    }
    snapping.route()
}

/// Points to find by place.
struct Pixels {
    tree: BoxTree,
    points: Vec<u32>,
}

struct Snapping {
    lines: LineWork,
    tree: BoxTree,
    /// (edge, point) where the edge passes the hot pixel of the point.
    hits: Vec<(u32, u32)>,
    /// Pixels of crossings.
    crossed: Vec<Position>,
    /// Those of them that are no end of an edge; their numbers go on from the points'.
    added: Vec<Position>,
    /// The origin of the first edge's labels: different from one noding to the next.
    origins: u32,
}

impl Snapping {
    fn find(&mut self, fresh: Option<&dyn Fn(u32) -> bool>, crossings: &mut Vec<(u32, Position)>) {
        let Self { lines, tree, hits, crossed, .. } = self;
        let mut look = |e: u32, f: u32| {
            if let Some(pixel) = meet(lines, e, f, hits) {
                crossed.push(pixel);
                let shared = lines.labels(e).iter().filter(|p| lines.labels(f).contains(p));
                crossings.extend(shared.map(|&part| (part, pixel)));
            }
        };
        let Some(fresh) = fresh else { return tree.pairs(look) };
        for e in (0..lines.ends.len() as u32).filter(|&e| fresh(e)) {
            let (a, b) = lines.segment(e);
            tree.meeting(&of_segment(a, b), |f| {
                if !fresh(f) || f < e {
                    look(e, f);
                }
            });
        }
    }

    /// Gives crossings a point of their own where no edge ends, and finds what passes them.
    fn add_crossings(&mut self) {
        self.crossed.sort_unstable_by_key(|&p| p.morton()); // so that a tree over them is quick
        self.crossed.dedup();
        let mut near = Vec::new();
        for &pixel in &self.crossed {
            near.clear();
            self.tree.meeting(&Window { low: pixel, high: pixel }, |e| near.push(e));
            let lines = &self.lines;
            let ends = |e: u32| <[Position; 2]>::from(lines.segment(e));
            if near.iter().any(|&e| ends(e).contains(&pixel)) {
                continue;
            }
            near.retain(|&e| passes(ends(e)[0], ends(e)[1], pixel));
            let number = (self.lines.at.len() + self.added.len()) as u32;
            self.added.push(pixel);
            self.hits.extend(near.iter().map(|&e| (e, number)));
        }
    }

    /// The position of a point, be it one that was added.
    fn at(&self, v: u32) -> Position {
        let known = &self.lines.at;
        known.get(v as usize).copied().unwrap_or_else(|| self.added[v as usize - known.len()])
    }

    /// The points at which edges end: those of edges that cancelled out are not hot.
    fn ends(&self) -> Vec<u32> {
        let mut is_end = vec![false; self.lines.at.len()];
        for &end in self.lines.ends.iter().flatten() {
            is_end[end as usize] = true;
        }
        (0..is_end.len() as u32).filter(|&v| is_end[v as usize]).collect()
    }

    fn pixels(&self, points: Vec<u32>) -> Pixels {
        let at = |&v: &u32| of_segment(self.at(v), self.at(v));
        Pixels { tree: BoxTree::new(points.iter().map(at).collect()), points }
    }

    /// Leads every hit edge through its pixels, and the pieces through theirs.
    fn route(mut self) -> LineWork {
        self.hits.sort_unstable();
        self.hits.dedup();
        let known = self.lines.at.len() as u32;
        let all = known + self.added.len() as u32;
        let pixels = [self.pixels(self.ends()), self.pixels((known..all).collect())];
        let (mut gone, mut passages, mut path) = (Vec::new(), Vec::new(), Vec::new());
        for hit in self.hits.chunk_by(|a, b| a.0 == b.0) {
            let edge = hit[0].0;
            let [a, b] = self.lines.ends[edge as usize];
            path.clear();
            path.push(a);
            self.refine(hit.iter().map(|h| h.1).collect(), b, &pixels, &mut path);
            gone.push(edge);
            for step in path.windows(2) {
                let (a, b) = (step[0], step[1]);
                passages.extend(self.lines.passages(edge).map(|(part, origin)| {
                    let origin = if origin == AS_DRAWN { self.origins + edge } else { origin };
                    Passage { a, b, part, origin }
                }));
            }
        }
        self.lines.amended(&self.added, &gone, passages)
    }

    /// Appends to `path`, which ends in a piece's beginning, the way to `end` by the points `by`.
    fn refine(&self, by: Vec<u32>, end: u32, pixels: &[Pixels; 2], path: &mut Vec<u32>) {
        let mut ahead = vec![end];
        self.push_ordered(path[path.len() - 1], end, by, &mut ahead);
        while let Some(&to) = ahead.last() {
            let from = path[path.len() - 1];
            let (a, b) = (self.at(from), self.at(to));
            let mut by = Vec::new();
            for Pixels { tree, points } in pixels {
                tree.meeting(&of_segment(a, b), |i| {
                    let v = points[i as usize];
                    if passes(a, b, self.at(v)) {
                        by.push(v);
                    }
                });
            }
            if by.is_empty() {
                path.push(to);
                ahead.pop();
            } else {
                self.push_ordered(from, to, by, &mut ahead);
            }
        }
    }

    /// Pushes points passed on the way onto a stack, the nearest on top.
    ///
    /// A line meets pixels in an order that is monotone in both axes, so the sum tells it.
    fn push_ordered(&self, from: u32, to: u32, mut by: Vec<u32>, ahead: &mut Vec<u32>) {
        let (a, b) = (self.at(from), self.at(to));
        let sign = |from: i32, to: i32| if to >= from { 1i64 } else { -1 };
        let (sx, sy) = (sign(a.lng_e7, b.lng_e7), sign(a.lat_e7, b.lat_e7));
        by.sort_unstable_by_key(|&v| {
            let p = self.at(v);
            std::cmp::Reverse(sx * i64::from(p.lng_e7) + sy * i64::from(p.lat_e7))
        });
        ahead.extend(by);
    }
}

/// Notes where one edge passes the hot pixel of an end of the other; returns the pixel of their
/// crossing if they properly cross.
fn meet(lines: &LineWork, e: u32, f: u32, hits: &mut Vec<(u32, u32)>) -> Option<Position> {
    let ([a, b], [c, d]) = (lines.ends[e as usize], lines.ends[f as usize]);
    let at = |v: u32| lines.at[v as usize];
    for (edge, [a, b], others) in [(e, [a, b], [c, d]), (f, [c, d], [a, b])] {
        for v in others.into_iter().filter(|&v| v != a && v != b) {
            if passes(at(a), at(b), at(v)) {
                hits.push((edge, v));
            }
        }
    }
    if a == c || a == d || b == c || b == d {
        return None;
    }
    crossing(at(a), at(b), at(c), at(d))
}

/// Whether the segment a–b passes the half-open unit square around v, v being neither end.
///
/// In coordinates doubled and centred on v the square is [-1, 1)² and the ends are even, so boxes
/// meet exactly when v is in the segment's box. The line then meets the inside of the square iff
/// 2|cross| < |dx| + |dy|; with equality it touches one corner, which counts if it is (-1, -1).
pub(crate) fn passes(a: Position, b: Position, v: Position) -> bool {
    if !of_segment(a, b).contains(v) || v == a || v == b {
        return false;
    }
    let (dx, dy) =
        (i64::from(b.lng_e7) - i64::from(a.lng_e7), i64::from(b.lat_e7) - i64::from(a.lat_e7));
    let cross = 2 * exact::doubled_area(a, b, v);
    let reach = i128::from(dx.abs() + dy.abs());
    cross.abs() < reach || (cross.abs() == reach && cross == i128::from(dx - dy))
}

/// The pixel of the point where the insides of two segments cross.
fn crossing(a: Position, b: Position, c: Position, d: Position) -> Option<Position> {
    let (ac, ad) = (exact::doubled_area(a, b, c), exact::doubled_area(a, b, d));
    if ac.signum() * ad.signum() != -1 {
        return None;
    }
    if exact::side(c, d, a) as i8 * exact::side(c, d, b) as i8 != -1 {
        return None;
    }
    // c + (d - c) * ac / (ac - ad), rounded half up: the pixel is half-open likewise.
    let (num, den) = if ac > ad { (ac, ac - ad) } else { (-ac, ad - ac) };
    let round = |from: i32, to: i32| {
        let moved = (i128::from(to) - i128::from(from)) * num;
        (i128::from(from) + (2 * moved + den).div_euclid(2 * den)) as i32
    };
    Some(Position::new(round(c.lng_e7, d.lng_e7), round(c.lat_e7, d.lat_e7)))
}
