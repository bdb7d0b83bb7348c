//! A mesh of blocks: rings of shared nodes, cut by lines. Whoever borders on a street borders on
//! the very same nodes as the block across it.

use super::plane::{P, area, crossing, inside};
use std::collections::HashMap;

/// A node of the mesh.
pub type Node = u32;
/// A face of the mesh.
pub type FaceNo = usize;
/// Which line (street, water, wall) an edge lies on.
pub type LineNo = usize;

/// Blocks between lines. Rings run anticlockwise.
pub struct Mesh {
    /// Where the nodes are.
    pub nodes: Vec<P>,
    /// The ring of every face, not closed.
    pub rings: Vec<Vec<Node>>,
    left: HashMap<(Node, Node), FaceNo>,
    lines: HashMap<(Node, Node), LineNo>,
    degree: Vec<u8>,
}

enum Step {
    On(Node),
    Free(P),
}

impl Mesh {
    /// One face, whose sides lie on the lines given: (points without the last, line).
    pub fn new(sides: &[(Vec<P>, LineNo)]) -> Self {
        let nodes: Vec<P> = sides.iter().flat_map(|(points, _)| points.iter().copied()).collect();
        let ring: Vec<Node> = (0..nodes.len() as Node).collect();
        let degree = vec![2; nodes.len()];
        let mut mesh =
            Self { nodes, rings: vec![ring], left: HashMap::new(), lines: HashMap::new(), degree };
        let line_of = sides.iter().flat_map(|(points, line)| points.iter().map(move |_| *line));
        for (i, line) in line_of.enumerate() {
            let (a, b) = mesh.edge(0, i);
            mesh.left.insert((a, b), 0);
            mesh.lines.insert((a.min(b), a.max(b)), line);
        }
        mesh
    }

    /// The i-th edge of a face.
    pub fn edge(&self, face: FaceNo, i: usize) -> (Node, Node) {
        let ring = &self.rings[face];
        (ring[i], ring[(i + 1) % ring.len()])
    }

    /// The points of a face.
    pub fn points(&self, face: FaceNo) -> Vec<P> {
        self.rings[face].iter().map(|n| self.nodes[*n as usize]).collect()
    }

    /// The line an edge lies on.
    pub fn line(&self, a: Node, b: Node) -> LineNo {
        self.lines[&(a.min(b), a.max(b))]
    }

    /// The face on the left of an edge; `None` outside.
    pub fn left_of(&self, a: Node, b: Node) -> Option<FaceNo> {
        self.left.get(&(a, b)).copied()
    }

    /// How many edges meet in a node.
    pub fn degree(&self, n: Node) -> u8 {
        self.degree[n as usize]
    }

    /// A node that is on no edge yet.
    pub fn add(&mut self, at: P) -> Node {
        self.nodes.push(at);
        self.degree.push(0);
        self.nodes.len() as Node - 1
    }

    /// Puts a node on an edge, for both faces.
    pub fn split_edge(&mut self, a: Node, b: Node, at: P) -> Node {
        let n = self.add(at);
        self.degree[n as usize] = 2;
        let line = self.lines.remove(&(a.min(b), a.max(b))).expect("an edge has a line");
        self.lines.insert((a.min(n), a.max(n)), line);
        self.lines.insert((b.min(n), b.max(n)), line);
        for (from, to) in [(a, b), (b, a)] {
            if let Some(face) = self.left.remove(&(from, to)) {
                self.left.insert((from, n), face);
                self.left.insert((n, to), face);
                let ring = &mut self.rings[face];
                let i = ring.iter().position(|m| *m == from).expect("the edge is on the ring");
                ring.insert(i + 1, n);
            }
        }
        n
    }

    /// Cuts a face along a chain of nodes, both ends on its ring. The new face lies to the right
    /// of the chain.
    pub fn split_face(&mut self, face: FaceNo, chain: &[Node], line: LineNo) -> FaceNo {
        let ring = std::mem::take(&mut self.rings[face]);
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let at = |n: Node| ring.iter().position(|m| *m == n).expect("chain ends on the ring");
        let (i, j) = (at(first), at(last));
        let walk = |from: usize, to: usize| -> Vec<Node> {
            let mut out = Vec::new();
            let mut k = from;
            while k != to {
                out.push(ring[k]);
                k = (k + 1) % ring.len();
            }
            out
        };
        // Left of the chain: from its last node along the ring to its first, then the chain.
        let mut left_ring = walk(j, i);
        left_ring.extend(&chain[..chain.len() - 1]);
        let mut right_ring = walk(i, j);
        right_ring.extend(chain[1..].iter().rev());
        let new = self.rings.len();
        for pair in chain.windows(2) {
            self.lines.insert((pair[0].min(pair[1]), pair[0].max(pair[1])), line);
            self.degree[pair[0] as usize] += 1;
            self.degree[pair[1] as usize] += 1;
        }
        self.rings[face] = left_ring;
        self.rings.push(right_ring);
        for f in [face, new] {
            for k in 0..self.rings[f].len() {
                let edge = self.edge(f, k);
                self.left.insert(edge, f);
            }
        }
        new
    }

    /// Lays a line across the whole mesh, cutting every face it passes through. Crossings within
    /// `snap_m` of a node use that node. Ends that stick into a face without leaving it are
    /// left off. Returns the part between the first and the last crossing.
    pub fn lay(&mut self, curve: &[P], line: LineNo, snap_m: f64) -> Vec<P> {
        let steps = self.cross(curve, snap_m);
        let mut since: Option<(Node, Vec<P>)> = None;
        let (mut inner, mut sure) = (Vec::new(), 0);
        for step in steps {
            match (step, &mut since) {
                (Step::Free(at), Some((_, free))) => {
                    free.push(at);
                    inner.push(at);
                }
                (Step::Free(_), None) => {}
                (Step::On(n), _) => {
                    if let Some((from, free)) = since.take()
                        && from != n
                    {
                        self.connect(from, &free, n, line);
                    }
                    since = Some((n, Vec::new()));
                    inner.push(self.nodes[n as usize]);
                    sure = inner.len();
                }
            }
        }
        inner.truncate(sure);
        inner
    }

    fn connect(&mut self, from: Node, free: &[P], to: Node, line: LineNo) {
        let (a, b) = (self.nodes[from as usize], self.nodes[to as usize]);
        if self.left.contains_key(&(from, to)) || self.left.contains_key(&(to, from)) {
            return;
        }
        let probe = (a + free.first().copied().unwrap_or(b)) * 0.5;
        let found = (0..self.rings.len()).find(|f| {
            let ring = &self.rings[*f];
            ring.contains(&from) && ring.contains(&to) && inside(&self.points(*f), probe)
        });
        if let Some(face) = found {
            let mut chain = vec![from];
            chain.extend(free.iter().map(|at| self.add(*at)).collect::<Vec<_>>());
            chain.push(to);
            self.split_face(face, &chain, line);
        }
    }

    fn cross(&mut self, curve: &[P], snap_m: f64) -> Vec<Step> {
        let mut edges: Vec<(Node, Node)> = self.lines.keys().copied().collect();
        edges.sort_unstable();
        let mut steps = vec![Step::Free(curve[0])];
        for pair in curve.windows(2) {
            let mut hits: Vec<(f64, Node, Node, P)> = Vec::new();
            for &(a, b) in &edges {
                let (pa, pb) = (self.nodes[a as usize], self.nodes[b as usize]);
                if let Some((t, _)) = crossing(pair[0], pair[1], pa, pb) {
                    hits.push((t, a, b, pair[0] + (pair[1] - pair[0]) * t));
                }
            }
            hits.sort_by(|x, y| x.0.total_cmp(&y.0).then((x.1, x.2).cmp(&(y.1, y.2))));
            for (_, a, b, at) in hits {
                let near =
                    [a, b].into_iter().find(|n| (self.nodes[*n as usize] - at).len() < snap_m);
                let node = match near {
                    Some(n) => n,
                    None => {
                        let n = self.split_edge(a, b, at);
                        edges.retain(|e| *e != (a, b));
                        edges.extend([(a.min(n), a.max(n)), (b.min(n), b.max(n))]);
                        n
                    }
                };
                while matches!(steps.last(), Some(Step::Free(q))
                    if (*q - self.nodes[node as usize]).len() < snap_m)
                {
                    steps.pop();
                }
                if !matches!(steps.last(), Some(Step::On(n)) if *n == node) {
                    steps.push(Step::On(node));
                }
            }
            let close = matches!(steps.last(), Some(Step::On(n))
                if (self.nodes[*n as usize] - pair[1]).len() < snap_m);
            if !close {
                steps.push(Step::Free(pair[1]));
            }
        }
        steps
    }

    /// Area of a face in square metres.
    pub fn area(&self, face: FaceNo) -> f64 {
        area(&self.points(face))
    }

    /// The outlines of a set of faces: directed edges with no partner in the set, chained.
    /// Outer rings run anticlockwise, holes clockwise.
    pub fn outlines(&self, member: impl Fn(FaceNo) -> bool, faces: &[FaceNo]) -> Vec<Vec<Node>> {
        let mut next: HashMap<Node, Vec<Node>> = HashMap::new();
        let mut starts = Vec::new();
        for &face in faces {
            for i in 0..self.rings[face].len() {
                let (a, b) = self.edge(face, i);
                if !self.left_of(b, a).is_some_and(&member) {
                    next.entry(a).or_default().push(b);
                    starts.push(a);
                }
            }
        }
        let mut rings = Vec::new();
        for start in starts {
            while next.get(&start).is_some_and(|to| !to.is_empty()) {
                rings.push(self.walk_outline(start, &mut next));
            }
        }
        rings
    }

    fn walk_outline(&self, start: Node, next: &mut HashMap<Node, Vec<Node>>) -> Vec<Node> {
        let mut ring = vec![start];
        let mut at = next.get_mut(&start).and_then(Vec::pop).expect("an edge leaves the start");
        while at != start {
            let before = self.nodes[ring[ring.len() - 1] as usize];
            ring.push(at);
            let here = self.nodes[at as usize];
            let ways = next.get_mut(&at).expect("an outline is closed");
            // Where outlines touch in a node, turn left as sharply as possible: rings stay simple.
            let turn = |to: Node| {
                let (u, v) = ((here - before).unit(), (self.nodes[to as usize] - here).unit());
                let sharp = 1.0 - u.dot(v);
                if u.cross(v) >= 0.0 { sharp } else { -sharp }
            };
            let best = (0..ways.len())
                .max_by(|i, j| turn(ways[*i]).total_cmp(&turn(ways[*j])))
                .expect("an outline is closed");
            at = ways.swap_remove(best);
        }
        ring
    }
}
