//! Line work: every distinct edge of the drawn rings once, with the parts it belongs to.
//!
//! A part's label stands on an edge when an odd number of the part's ring passages run along it
//! (even-odd rule): a spike drawn there and back cancels out. What remains of every part is an
//! even graph, so line work never has dangling ends or bridges, apart from gates.

use super::Drawn;
use super::points::Points;
use crate::exact;
use crate::position::Position;
use std::cmp::Ordering;

/// The label of a gate: a segment across an opening, which belongs to no part.
pub(crate) const GATE: u32 = u32::MAX;

/// The origin of labels on an edge that is as it was drawn.
pub(crate) const AS_DRAWN: u32 = u32::MAX;

/// Edges between numbered points, sorted by their ends, with their labels.
#[derive(Clone)]
pub(crate) struct LineWork {
    /// Positions in Morton order.
    pub(crate) at: Vec<Position>,
    /// The two ends of every edge, the lower number first.
    pub(crate) ends: Vec<[u32; 2]>,
    /// Where each edge's labels begin; one more entry than edges.
    pub(crate) label_start: Vec<u32>,
    /// Parts, ascending within an edge.
    pub(crate) labels: Vec<u32>,
    /// Of every label the edge it was drawn along, [`AS_DRAWN`] before anything was noded: where
    /// two differ, the border they share was drawn through different points.
    pub(crate) origins: Vec<u32>,
}

/// One passage of a part along an edge between two numbered points; the origin tells apart
/// edges that were drawn differently.
#[derive(Clone, Copy)]
pub(crate) struct Passage {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) part: u32,
    pub(crate) origin: u32,
}

/// The parts of everything drawn, numbered through.
pub(crate) struct Parts {
    /// The drawn polygon of each part; the jurisdiction comes last.
    pub(crate) drawn: Vec<u32>,
}

/// A ring that cannot be used.
pub(crate) struct BadRing {
    /// Of which drawn polygon.
    pub(crate) drawn: u32,
    /// Its points as drawn; may be none.
    pub(crate) points: Vec<Position>,
}

/// What taking the rings in met.
#[derive(Default)]
pub(crate) struct Met {
    /// Rings left out.
    pub(crate) bad_rings: Vec<BadRing>,
    /// Points that a ring of a part passes twice.
    pub(crate) touches: Vec<(u32, Position)>,
}

impl LineWork {
    /// Merges the rings of all parts; rings without area are left out and returned. Holes of an
    /// outer ring that is left out go with it.
    pub(crate) fn of<'a>(drawn: impl Iterator<Item = &'a Drawn> + Clone) -> (Self, Parts, Met) {
        let rings = drawn.clone().flat_map(|d| d.parts.iter().flatten());
        let total: usize = rings.map(Vec::len).sum();
        let mut walk = Walk {
            points: Points::with_capacity(total / 2 + 16),
            passed: Vec::with_capacity(total / 2 + 16),
            ring: 0,
            steps: Vec::with_capacity(total),
            touches: Vec::new(),
        };
        let (mut parts, mut bad_rings) = (Parts { drawn: Vec::new() }, Vec::new());
        for (index, drawn) in drawn.enumerate() {
            for rings in &drawn.parts {
                let part = parts.drawn.len() as u32;
                parts.drawn.push(index as u32);
                for (i, ring) in rings.iter().enumerate() {
                    if has_area(ring) {
                        walk.ring(ring, part);
                        continue;
                    }
                    bad_rings.push(BadRing { drawn: index as u32, points: ring.clone() });
                    if i == 0 {
                        break;
                    }
                }
            }
        }
        let (at, renumbered) = walk.points.in_order();
        let lines = Self::merged(at, &renumbered, &walk.steps);
        (lines, parts, Met { bad_rings, touches: walk.touches })
    }

    /// Merges steps (from, to, part) along the same edge: sorted into buckets by the lower end.
    fn merged(at: Vec<Position>, renumbered: &[u32], steps: &[[u32; 3]]) -> Self {
        let ends = |step: &[u32; 3]| {
            let (a, b) = (renumbered[step[0] as usize], renumbered[step[1] as usize]);
            (a.min(b), a.max(b))
        };
        let mut start = vec![0u32; at.len() + 2];
        for step in steps {
            start[ends(step).0 as usize + 2] += 1;
        }
        for i in 2..start.len() {
            start[i] += start[i - 1];
        }
        let mut sorted = vec![(0u32, 0u32); steps.len()];
        for step in steps {
            let (low, high) = ends(step);
            let slot = &mut start[low as usize + 1];
            sorted[*slot as usize] = (high, step[2]);
            *slot += 1;
        }
        let mut lines = Self::empty(at, steps.len() / 2);
        let mut together = Vec::new();
        for low in 0..lines.at.len() {
            let bucket = &mut sorted[start[low] as usize..start[low + 1] as usize];
            bucket.sort_unstable();
            for group in bucket.chunk_by(|x, y| x.0 == y.0) {
                together.clear();
                together.extend(group.iter().map(|&(_, part)| (part, AS_DRAWN)));
                lines.push(low as u32, group[0].0, &mut together);
            }
        }
        lines
    }

    fn empty(at: Vec<Position>, edges: usize) -> Self {
        let mut label_start = Vec::with_capacity(edges + 1);
        label_start.push(0);
        Self {
            at,
            ends: Vec::with_capacity(edges),
            label_start,
            labels: Vec::with_capacity(edges * 2),
            origins: Vec::with_capacity(edges * 2),
        }
    }

    /// Adds an edge with its passages (part, origin), unless they cancel out.
    fn push(&mut self, low: u32, high: u32, passages: &mut [(u32, u32)]) {
        passages.sort_unstable();
        let first = self.labels.len();
        for same in passages.chunk_by(|x, y| x.0 == y.0) {
            if same.len() % 2 == 1 || same[0].0 == GATE {
                self.labels.push(same[0].0);
                self.origins.push(same[0].1);
            }
        }
        if self.labels.len() > first {
            self.ends.push([low, high]);
            self.label_start.push(self.labels.len() as u32);
        }
    }

    /// The line work without the edges in `gone` (ascending) and with passages between its points
    /// and `added` ones, which are numbered on from its own. Linear but for sorting what is new.
    pub(crate) fn amended(self, added: &[Position], gone: &[u32], new: Vec<Passage>) -> Self {
        let (at, renumbered) = with_points(&self.at, added);
        let number = |i: u32| renumbered[i as usize];
        let mut new: Vec<_> = new
            .into_iter()
            .map(|p| (number(p.a), number(p.b), p.part, p.origin))
            .map(|(a, b, part, origin)| ([a.min(b), a.max(b)], part, origin))
            .collect();
        new.sort_unstable();
        let mut new = new.chunk_by(|x, y| x.0 == y.0).peekable();
        let mut gone = gone.iter().copied().peekable();
        let mut lines = Self::empty(at, self.ends.len());
        let mut together = Vec::new();
        for edge in 0..self.ends.len() as u32 {
            if gone.next_if_eq(&edge).is_some() {
                continue;
            }
            let ends = self.ends[edge as usize].map(number);
            while let Some(group) = new.next_if(|group| group[0].0 < ends) {
                lines.push_group(group, &mut together);
            }
            together.clear();
            together.extend(self.passages(edge));
            if let Some(group) = new.next_if(|group| group[0].0 == ends) {
                together.extend(group.iter().map(|&(_, part, origin)| (part, origin)));
            }
            lines.push(ends[0], ends[1], &mut together);
        }
        for group in new {
            lines.push_group(group, &mut together);
        }
        lines
    }

    fn push_group(&mut self, group: &[([u32; 2], u32, u32)], together: &mut Vec<(u32, u32)>) {
        together.clear();
        together.extend(group.iter().map(|&(_, part, origin)| (part, origin)));
        self.push(group[0].0[0], group[0].0[1], together);
    }

    /// The parts whose border the edge is.
    pub(crate) fn labels(&self, edge: u32) -> &[u32] {
        let edge = edge as usize;
        &self.labels[self.label_start[edge] as usize..self.label_start[edge + 1] as usize]
    }

    /// The parts whose border the edge is, with the edge each was drawn along.
    pub(crate) fn passages(&self, edge: u32) -> impl Iterator<Item = (u32, u32)> + Clone {
        let (from, to) = (self.label_start[edge as usize], self.label_start[edge as usize + 1]);
        (from as usize..to as usize).map(|i| (self.labels[i], self.origins[i]))
    }

    /// The ends of an edge.
    pub(crate) fn segment(&self, edge: u32) -> (Position, Position) {
        let [a, b] = self.ends[edge as usize];
        (self.at[a as usize], self.at[b as usize])
    }
}

/// Puts added positions among those in Morton order, each once; gives every new number.
fn with_points(at: &[Position], added: &[Position]) -> (Vec<Position>, Vec<u32>) {
    let mut order: Vec<(u64, usize)> = added.iter().map(|&p| p.morton()).zip(at.len()..).collect();
    order.sort_unstable();
    let mut order = order.into_iter().peekable();
    let mut merged: Vec<Position> = Vec::with_capacity(at.len() + added.len());
    let mut renumbered = vec![0; at.len() + added.len()];
    let mut put = |p: Position, old: usize| {
        if merged.last() != Some(&p) {
            merged.push(p);
        }
        renumbered[old] = merged.len() as u32 - 1;
    };
    for (old, &p) in at.iter().enumerate() {
        while let Some((_, new)) = order.next_if(|o| o.0 < p.morton()) {
            put(added[new - at.len()], new);
        }
        put(p, old);
    }
    for (_, new) in order {
        put(added[new - at.len()], new);
    }
    (merged, renumbered)
}

/// Whether the points do not all lie on one line.
fn has_area(ring: &[Position]) -> bool {
    let Some(&a) = ring.first() else { return false };
    let Some(&b) = ring.iter().find(|&&p| p != a) else { return false };
    ring.iter().any(|&p| exact::side(a, b, p) != Ordering::Equal)
}

/// Takes rings in, point by point.
struct Walk {
    points: Points,
    /// The ring that passed each point last.
    passed: Vec<u32>,
    ring: u32,
    /// From, to, part.
    steps: Vec<[u32; 3]>,
    touches: Vec<(u32, Position)>,
}

impl Walk {
    fn ring(&mut self, ring: &[Position], part: u32) {
        self.ring += 1;
        let open = ring.iter().rposition(|p| *p != ring[0]).map_or(0, |last| last + 1);
        let first = self.pass(ring[0], part);
        let mut from = first;
        for (i, &p) in ring[..open].iter().enumerate().skip(1) {
            if p == ring[i - 1] {
                continue;
            }
            let to = self.pass(p, part);
            self.steps.push([from, to, part]);
            from = to;
        }
        self.steps.push([from, first, part]);
    }

    fn pass(&mut self, p: Position, part: u32) -> u32 {
        let number = self.points.number(p);
        if number as usize == self.passed.len() {
            self.passed.push(self.ring);
        } else if self.passed[number as usize] == self.ring {
            self.touches.push((part, p));
        } else {
            self.passed[number as usize] = self.ring;
        }
        number
    }
}
