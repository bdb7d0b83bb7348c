//! Every edge of a partition in an R-tree (`rstar`): what lies in a window, what is nearest.
//!
//! Runs of neighbouring edges of one arc are the leaves (they lie together anyway). Boxes are
//! integers in doubles, so windows are exact; nearness is asked of a [`Local`] map around the
//! query, so that metres mean metres at every latitude.

use crate::{
    exact,
    metric::Local,
    oracle::Edge,
    partition::Partition,
    position::{Position, Window},
};
use rstar::{AABB, ParentNode, RTree, RTreeNode, RTreeObject};
use std::{cmp::Ordering, collections::BinaryHeap};

/// Edges to a leaf.
const RUN: usize = 8;

/// A run of edges of one arc: points `start..=end` of the partition's points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) arc: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    window: Window,
}

/// A box of the tree. Doubles hold every `i32`, and neither sums nor squares overflow.
type Box2 = AABB<[f64; 2]>;

fn corner(p: Position) -> [f64; 2] {
    [f64::from(p.lng_e7), f64::from(p.lat_e7)]
}

fn box_of(window: &Window) -> Box2 {
    AABB::from_corners(corner(window.low), corner(window.high))
}

fn window_of(node: &Box2) -> Window {
    let position = |[lng, lat]: [f64; 2]| Position::new(lng as i32, lat as i32);
    Window { low: position(node.lower()), high: position(node.upper()) }
}

impl RTreeObject for Run {
    type Envelope = Box2;

    fn envelope(&self) -> Box2 {
        box_of(&self.window)
    }
}

impl Run {
    /// Its edges in order.
    pub(super) fn edges(self, partition: &Partition) -> impl Iterator<Item = Edge> + '_ {
        let (points, arcs, _) = partition.rows();
        let parted = arcs[self.arc as usize];
        points[self.start as usize..=self.end as usize].windows(2).map(move |w| Edge {
            a: w[0],
            b: w[1],
            left: parted.left,
            right: parted.right,
        })
    }
}

/// The tree.
#[derive(Clone, Debug)]
pub(super) struct Tree(RTree<Run>);

/// A node waiting to be looked into, nearest first.
struct Waiting<'a> {
    at_least_m: f64,
    node: &'a RTreeNode<Run>,
}

impl<'a> Waiting<'a> {
    fn new(map: &Local, node: &'a RTreeNode<Run>) -> Self {
        let window = match node {
            RTreeNode::Leaf(run) => run.window,
            RTreeNode::Parent(parent) => window_of(&parent.envelope()),
        };
        Self { at_least_m: map.at_least_m(&window), node }
    }
}

impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Waiting<'_> {}
impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at_least_m.total_cmp(&self.at_least_m) // the heap gives the greatest first
    }
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
        let mut runs = Vec::with_capacity(points.len() / RUN + arcs.len());
        for (arc, row) in arcs.iter().enumerate() {
            for start in (row.start..row.end - 1).step_by(RUN) {
                let end = (start + RUN as u32).min(row.end - 1);
                let run = points[start as usize..=end as usize].iter().copied();
                let window = Window::around(run).expect("a run has two points");
                runs.push(Run { arc: arc as u32, start, end, window });
            }
        }
        Self(RTree::bulk_load(runs))
    }

    /// Bytes it occupies: its nodes, a leaf being one too.
    pub(super) fn bytes(&self) -> usize {
        fn nodes(parent: &ParentNode<Run>) -> usize {
            let below = |child: &RTreeNode<Run>| match child {
                RTreeNode::Leaf(_) => 1,
                RTreeNode::Parent(parent) => 1 + nodes(parent),
            };
            parent.children().iter().map(below).sum()
        }
        nodes(self.0.root()) * size_of::<RTreeNode<Run>>()
    }

    /// Shows every edge with a point in the closed window, with its arc's index.
    pub(super) fn in_window(
        &self,
        partition: &Partition,
        window: &Window,
        mut visit: impl FnMut(u32, Edge),
    ) {
        for run in self.0.locate_in_envelope_intersecting(box_of(window)) {
            for edge in run.edges(partition).filter(|e| segment_meets(e.a, e.b, window)) {
                visit(run.arc, edge);
            }
        }
    }

    /// Shows runs roughly from near to far, until all that are left lie farther than `visit`
    /// still asks for (it returns that bound in metres).
    pub(super) fn near(&self, map: &Local, mut visit: impl FnMut(&Run) -> f64) {
        let mut heap: BinaryHeap<Waiting<'_>> =
            self.0.root().children().iter().map(|node| Waiting::new(map, node)).collect();
        let mut bound_m = f64::INFINITY;
        while let Some(Waiting { at_least_m, node }) = heap.pop() {
            if at_least_m > bound_m {
                break;
            }
            match node {
                RTreeNode::Leaf(run) => bound_m = visit(run),
                RTreeNode::Parent(parent) => {
                    let children = parent.children().iter().map(|node| Waiting::new(map, node));
                    heap.extend(children.filter(|child| child.at_least_m <= bound_m));
                }
            }
        }
    }
}
