//! Every edge of a partition in a packed tree of boxes: what lies in a window, what is nearest.
//!
//! Runs of neighbouring edges of one arc are the leaves (they lie together anyway), packed along
//! a Z-order curve, sixteen to a node. Boxes are integers, so windows are exact; nearness is
//! asked of a [`Local`] map around the query, so that metres mean metres at every latitude.

use crate::{
    exact,
    metric::Local,
    oracle::Edge,
    partition::Partition,
    position::{Position, Window},
};
use std::{cmp::Ordering, collections::BinaryHeap};

/// Edges to a leaf.
const RUN: usize = 8;
/// Children to a node.
const FAN: usize = 16;

/// A run of edges of one arc: points `start..=end` of the partition's points.
#[derive(Clone, Copy, Debug)]
struct Run {
    arc: u32,
    start: u32,
    end: u32,
}

/// The packed tree. `levels[0]` are the boxes of the runs, the last level has at most [`FAN`].
#[derive(Clone, Debug)]
pub(super) struct Tree {
    runs: Vec<Run>,
    levels: Vec<Vec<Window>>,
}

/// A node waiting to be looked into, nearest first.
struct Waiting {
    at_least_m: f64,
    level: usize,
    index: usize,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Waiting {}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at_least_m.total_cmp(&self.at_least_m) // the heap gives the greatest first
    }
}

/// Interleaves the upper bits of a box's middle, so that near boxes get near numbers.
fn z_order(window: &Window) -> u64 {
    let spread = |v: i64| {
        let mut v = (v + (1 << 32)) as u64 & 0xffff_ffff_ffff;
        v >>= 2; // 34 bits of doubled coordinate to 32
        v = (v | v << 16) & 0x0000_ffff_0000_ffff;
        v = (v | v << 8) & 0x00ff_00ff_00ff_00ff;
        v = (v | v << 4) & 0x0f0f_0f0f_0f0f_0f0f;
        v = (v | v << 2) & 0x3333_3333_3333_3333;
        (v | v << 1) & 0x5555_5555_5555_5555
    };
    let (low, high) = (window.low, window.high);
    spread(i64::from(low.lng_e7) + i64::from(high.lng_e7))
        | spread(i64::from(low.lat_e7) + i64::from(high.lat_e7)) << 1
}

fn joined(windows: &[Window]) -> Window {
    let corners = windows.iter().flat_map(|w| [w.low, w.high]);
    Window::around(corners).expect("a node has at least one child")
}

/// Whether the closed segment a–b has a point in the closed window; exact.
pub(super) fn segment_meets(a: Position, b: Position, window: &Window) -> bool {
    if window.contains(a) || window.contains(b) {
        return true;
    }
    let (low, high) = (window.low, window.high);
    let own = Window::around([a, b]).expect("two points");
    if !own.meets(window) {
        return false;
    }
    let others = [Position::new(low.lng_e7, high.lat_e7), Position::new(high.lng_e7, low.lat_e7)];
    let first = exact::side(a, b, low);
    first == Ordering::Equal
        || [high, others[0], others[1]].into_iter().any(|corner| exact::side(a, b, corner) != first)
}

impl Tree {
    pub(super) fn new(partition: &Partition) -> Self {
        let (points, arcs, _) = partition.rows();
        let mut leaves: Vec<(u64, Window, Run)> = Vec::with_capacity(points.len() / RUN + 1);
        for (i, arc) in arcs.iter().enumerate() {
            for start in (arc.start..arc.end - 1).step_by(RUN) {
                let end = (start + RUN as u32).min(arc.end - 1);
                let run = points[start as usize..=end as usize].iter().copied();
                let window = Window::around(run).expect("a run has two points");
                leaves.push((z_order(&window), window, Run { arc: i as u32, start, end }));
            }
        }
        leaves.sort_unstable_by_key(|&(z, _, run)| (z, run.start));
        let runs = leaves.iter().map(|&(_, _, run)| run).collect();
        let mut levels: Vec<Vec<Window>> = vec![leaves.iter().map(|&(_, w, _)| w).collect()];
        while levels[levels.len() - 1].len() > FAN {
            let below = &levels[levels.len() - 1];
            levels.push(below.chunks(FAN).map(joined).collect());
        }
        Self { runs, levels }
    }

    /// Bytes it occupies.
    pub(super) fn bytes(&self) -> usize {
        let boxes: usize = self.levels.iter().map(Vec::len).sum();
        boxes * size_of::<Window>() + self.runs.len() * size_of::<Run>()
    }

    /// The children of a node on the level below, by index.
    fn children(&self, level: usize, index: usize) -> std::ops::Range<usize> {
        let first = index * FAN;
        first..(first + FAN).min(self.levels[level - 1].len())
    }

    fn edges_of(&self, partition: &Partition, run: usize, mut visit: impl FnMut(u32, Edge)) {
        let (points, arcs, _) = partition.rows();
        let Run { arc, start, end } = self.runs[run];
        let parted = arcs[arc as usize];
        for w in points[start as usize..=end as usize].windows(2) {
            visit(arc, Edge { a: w[0], b: w[1], left: parted.left, right: parted.right });
        }
    }

    /// Shows every edge with a point in the closed window, with its arc's index.
    pub(super) fn in_window(
        &self,
        partition: &Partition,
        window: &Window,
        mut visit: impl FnMut(u32, Edge),
    ) {
        let top = self.levels.len() - 1;
        let mut stack: Vec<(usize, usize)> =
            (0..self.levels[top].len()).map(|i| (top, i)).collect();
        while let Some((level, index)) = stack.pop() {
            if !self.levels[level][index].meets(window) {
                continue;
            }
            if level > 0 {
                stack.extend(self.children(level, index).map(|i| (level - 1, i)));
                continue;
            }
            self.edges_of(partition, index, |arc, edge| {
                if segment_meets(edge.a, edge.b, window) {
                    visit(arc, edge);
                }
            });
        }
    }

    /// Shows edges roughly from near to far with their metres from the map's origin, until all
    /// that are left lie farther than `visit` still asks for (it returns that bound).
    pub(super) fn near(
        &self,
        partition: &Partition,
        map: &Local,
        mut visit: impl FnMut(Edge, f64) -> f64,
    ) {
        let mut heap = BinaryHeap::new();
        let top = self.levels.len() - 1;
        let waiting = |level: usize, index: usize| {
            let at_least_m = map.at_least_m(&self.levels[level][index]);
            Waiting { at_least_m, level, index }
        };
        heap.extend((0..self.levels[top].len()).map(|i| waiting(top, i)));
        let mut bound_m = f64::INFINITY;
        while let Some(Waiting { at_least_m, level, index }) = heap.pop() {
            if at_least_m > bound_m {
                break;
            }
            if level == 0 {
                self.edges_of(partition, index, |_, edge| {
                    bound_m = visit(edge, map.to_segment_m(edge.a, edge.b));
                });
            } else {
                for i in self.children(level, index) {
                    let next = waiting(level - 1, i);
                    if next.at_least_m <= bound_m {
                        heap.push(next);
                    }
                }
            }
        }
    }
}
