//! Chains: noded edges joined to arcs through points where exactly two of them meet.
//!
//! Every part has an even number of edges at a point, so the two edges have the same labels and
//! an arc has those of any of its edges.

use super::lines::{GATE, LineWork};
use crate::position::Position;

/// Arcs as runs of points.
pub(crate) struct Chains {
    /// The points of all arcs, one after the other.
    pub(crate) points: Vec<Position>,
    /// Where each arc begins; one more entry than arcs.
    pub(crate) start: Vec<u32>,
    /// An edge of each arc.
    pub(crate) edge: Vec<u32>,
    /// The arc of each edge.
    pub(crate) of_edge: Vec<u32>,
}

const UNUSED: u32 = u32::MAX;

impl Chains {
    /// Joins the edges. Arcs begin at the end with the lower number, closed ones that pass no
    /// other arc's end at their lowest.
    pub(crate) fn of(lines: &LineWork) -> Self {
        let around = Around::of(lines);
        let mut chains = Self {
            points: Vec::new(),
            start: vec![0],
            edge: Vec::new(),
            of_edge: vec![UNUSED; lines.ends.len()],
        };
        chains.points.reserve(lines.ends.len() + lines.ends.len() / 8);
        for through in [false, true] {
            for from in 0..lines.at.len() as u32 {
                if around.is_through(lines, from) != through {
                    continue;
                }
                for &(to, edge) in around.at(from) {
                    if chains.of_edge[edge as usize] == UNUSED {
                        chains.walk(lines, &around, [from, to, edge]);
                    }
                }
            }
        }
        chains
    }

    /// Every arc's points.
    pub(crate) fn arcs(&self) -> Vec<&[Position]> {
        self.start.windows(2).map(|w| &self.points[w[0] as usize..w[1] as usize]).collect()
    }

    fn walk(&mut self, lines: &LineWork, around: &Around, step: [u32; 3]) {
        let [from, mut to, mut edge] = step;
        self.edge.push(edge);
        self.points.push(lines.at[from as usize]);
        loop {
            self.of_edge[edge as usize] = self.edge.len() as u32 - 1;
            self.points.push(lines.at[to as usize]);
            if to == from || !around.is_through(lines, to) {
                break;
            }
            let here = around.at(to);
            (to, edge) = if here[0].1 == edge { here[1] } else { here[0] };
        }
        self.start.push(self.points.len() as u32);
    }
}

/// The edges around every point.
struct Around {
    start: Vec<u32>,
    edges: Vec<(u32, u32)>,
}

impl Around {
    fn of(lines: &LineWork) -> Self {
        let mut start = vec![0u32; lines.at.len() + 2];
        for &end in lines.ends.iter().flatten() {
            start[end as usize + 2] += 1;
        }
        for i in 2..start.len() {
            start[i] += start[i - 1];
        }
        let mut edges = vec![(0, 0); lines.ends.len() * 2];
        for (edge, &[a, b]) in lines.ends.iter().enumerate() {
            for (from, to) in [(a, b), (b, a)] {
                let slot = &mut start[from as usize + 1];
                edges[*slot as usize] = (to, edge as u32);
                *slot += 1;
            }
        }
        Self { start, edges }
    }

    fn at(&self, point: u32) -> &[(u32, u32)] {
        &self.edges[self.start[point as usize] as usize..self.start[point as usize + 1] as usize]
    }

    /// Whether exactly two edges of the same kind meet here.
    fn is_through(&self, lines: &LineWork, point: u32) -> bool {
        let gate = |edge: u32| lines.labels(edge).last() == Some(&GATE);
        match *self.at(point) {
            [(_, e), (_, f)] => gate(e) == gate(f),
            _ => false,
        }
    }
}
