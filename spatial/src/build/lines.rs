//! Line work: every distinct edge of the drawn rings once, with the parts it belongs to.
//!
//! A part's label stands on an edge when an odd number of the part's ring passages run along it
//! (even-odd rule): a spike drawn there and back cancels out. What remains of every part is an
//! even graph, so line work never has dangling ends or bridges, apart from gates.

use super::Drawn;
use super::points::{Points, morton};
use crate::exact;
use crate::position::Position;
use std::cmp::Ordering;

/// The label of a gate: a segment across an opening, which belongs to no part.
pub(crate) const GATE: u32 = u32::MAX;

/// The origin of labels on an edge that is as it was drawn.
pub(crate) const AS_DRAWN: u32 = u32::MAX;

/// Edges between numbered points, sorted by their ends, with their labels.
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

/// One passage of a part along an edge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Passage {
    ends: u64,
    part: u32,
    origin: u32,
}

impl Passage {
    /// A passage between two numbered points; `origin` tells differently drawn edges apart.
    pub(crate) fn new(a: u32, b: u32, part: u32, origin: u32) -> Self {
        Self { ends: (u64::from(a.min(b)) << 32) | u64::from(a.max(b)), part, origin }
    }
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
        let passages = walk
            .steps
            .iter()
            .map(|&[a, b, part]| (renumbered[a as usize], renumbered[b as usize], part))
            .map(|(a, b, part)| Passage::new(a, b, part, AS_DRAWN))
            .collect();
        (Self::merge(at, passages), parts, Met { bad_rings, touches: walk.touches })
    }

    /// Merges passages along the same edge; edges without a label left disappear.
    pub(crate) fn merge(at: Vec<Position>, mut passages: Vec<Passage>) -> Self {
        passages.sort_unstable();
        let mut lines =
            Self { at, ends: vec![], label_start: vec![0], labels: vec![], origins: vec![] };
        for group in passages.chunk_by(|a, b| a.ends == b.ends) {
            let first = lines.labels.len();
            for same in group.chunk_by(|a, b| a.part == b.part) {
                if same.len() % 2 == 1 || same[0].part == GATE {
                    lines.labels.push(same[0].part);
                    lines.origins.push(same[0].origin);
                }
            }
            if lines.labels.len() > first {
                lines.ends.push([(group[0].ends >> 32) as u32, group[0].ends as u32]);
                lines.label_start.push(lines.labels.len() as u32);
            }
        }
        lines
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

    /// Puts positions that were added at the end where they belong, each once; gives every new
    /// number.
    pub(crate) fn renumber(at: &mut Vec<Position>) -> Vec<u32> {
        let mut order: Vec<(u64, u32)> =
            at.iter().enumerate().map(|(i, &p)| (morton(p), i as u32)).collect();
        order.sort_unstable();
        let mut renumbered = vec![0; at.len()];
        let mut sorted: Vec<Position> = Vec::with_capacity(at.len());
        for &(_, old) in &order {
            let p = at[old as usize];
            if sorted.last() != Some(&p) {
                sorted.push(p);
            }
            renumbered[old as usize] = sorted.len() as u32 - 1;
        }
        *at = sorted;
        renumbered
    }
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
