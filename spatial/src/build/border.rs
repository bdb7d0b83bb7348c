//! The border towards the outside, step by step, and the gates that could be put across it.

use super::Graph;
use super::lines::{GATE, LineWork};
use super::measure::{Length, scale_m};
use crate::boxes::{BoxTree, of_segment};
use crate::exact::{on_segment, side};
use crate::planar;
use crate::position::{Position, Window};
use std::cmp::Ordering;

/// A segment through the outside from the beginning of one step to a point of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Gate {
    /// The step at whose beginning it starts.
    pub(crate) from: u32,
    /// The step on which it ends.
    pub(crate) to: u32,
    /// Where it ends.
    pub(crate) end: Position,
    pub(crate) length: Length,
}

/// Every cycle of the border of face 0 as steps with the outside on their left.
pub(crate) struct Border {
    /// Where each step begins.
    pub(crate) at: Vec<Position>,
    /// The arc each step is of.
    pub(crate) arc: Vec<u32>,
    /// Whether it runs along something drawn, not along a bridge.
    pub(crate) is_wall: Vec<bool>,
    /// First step and one past the last of each cycle.
    pub(crate) cycles: Vec<(u32, u32)>,
    /// Walls before each step within its cycle, and the shoelace sum.
    walls: Vec<Length>,
    under: Vec<i128>,
    whole: Vec<(Length, i128)>,
    tree: BoxTree,
    arcs: Vec<Vec<Position>>,
}

impl Border {
    pub(crate) fn of(lines: &LineWork, graph: &Graph) -> Self {
        let arcs = graph.chains.arcs();
        let mut border = Self {
            at: vec![],
            arc: vec![],
            is_wall: vec![],
            cycles: vec![],
            walls: vec![],
            under: vec![],
            whole: vec![],
            tree: BoxTree::new(vec![]),
            arcs: vec![],
        };
        for &(start, _) in graph.faces.cycles.iter().take_while(|c| c.1 == 0) {
            let first = border.at.len() as u32;
            let mut half = start;
            loop {
                let arc = half / 2;
                let is_wall = lines.labels(graph.chains.edge[arc as usize]) != [GATE];
                let steps = planar::walk(&arcs, half);
                let count = steps.len() - 1;
                border.at.extend(steps.take(count));
                border.arc.resize(border.at.len(), arc);
                border.is_wall.resize(border.at.len(), is_wall);
                half = graph.faces.next[half as usize];
                if half == start {
                    break;
                }
            }
            border.cycles.push((first, border.at.len() as u32));
            border.sum_up(first);
        }
        let boxes = (0..border.at.len() as u32).map(|s| border.segment(s));
        border.tree = BoxTree::new(boxes.map(|(a, b)| of_segment(a, b)).collect());
        let bridges = (0..arcs.len()).map(|arc| {
            let is_wall = lines.labels(graph.chains.edge[arc]) != [GATE];
            if is_wall { vec![] } else { arcs[arc].to_vec() }
        });
        border.arcs = bridges.collect();
        border
    }

    fn sum_up(&mut self, first: u32) {
        let (mut walls, mut under) = (Length(0), 0i128);
        for step in first..self.at.len() as u32 {
            self.walls.push(walls);
            self.under.push(under);
            let (a, b) = self.segment(step);
            if self.is_wall[step as usize] {
                walls = walls.plus(Length::of(a, b));
            }
            under += cross(a, b);
        }
        self.whole.push((walls, under));
    }

    /// The cycle of a step.
    pub(crate) fn cycle_of(&self, step: u32) -> usize {
        self.cycles.partition_point(|c| c.1 <= step)
    }

    /// The walls and the shoelace sum of a whole cycle.
    pub(crate) fn whole(&self, cycle: usize) -> (Length, i128) {
        self.whole[cycle]
    }

    /// The length of a bridge's arc.
    pub(crate) fn arc_length(&self, arc: u32) -> Length {
        Length::of_line(&self.arcs[arc as usize])
    }

    /// The segments of a bridge's arc.
    pub(crate) fn arc_segments(&self, arc: u32) -> impl Iterator<Item = [Position; 2]> + '_ {
        self.arcs[arc as usize].windows(2).map(|w| [w[0], w[1]])
    }

    fn segment(&self, step: u32) -> (Position, Position) {
        (self.at[step as usize], self.at[self.after(step) as usize])
    }

    fn after(&self, step: u32) -> u32 {
        let (first, end) = self.cycle_at(step);
        if step + 1 == end { first } else { step + 1 }
    }

    /// The step before on the same cycle.
    pub(crate) fn before(&self, step: u32) -> u32 {
        let (first, end) = self.cycle_at(step);
        if step == first { end - 1 } else { step - 1 }
    }

    fn cycle_at(&self, step: u32) -> (u32, u32) {
        // The last cycle may still be growing.
        let cycle = self.cycle_of(step);
        self.cycles.get(cycle).copied().unwrap_or((0, 0))
    }

    /// From a gate's start along the border to its end: the walls passed, and the doubled area
    /// enclosed when the gate is walked back.
    pub(crate) fn along(&self, gate: &Gate) -> (Length, i128) {
        let (from, to) = (gate.from as usize, gate.to as usize);
        let last = if self.is_wall[to] { Length::of(self.at[to], gate.end) } else { Length(0) };
        let mut walls = self.walls[to].plus(last);
        let mut under = self.under[to] + cross(self.at[to], gate.end);
        if to < from {
            let (whole_walls, whole_under) = self.whole[self.cycle_of(gate.from)];
            walls = walls.plus(whole_walls);
            under += whole_under;
        }
        let walls = Length(walls.0.saturating_sub(self.walls[from].0));
        (walls, under - self.under[from] + cross(gate.end, self.at[from]))
    }

    /// Calls `found` for every gate up to a length: from each corner into the outside to each
    /// point of the walls that is nearer than its neighbours and turns its outside towards it.
    /// What lies between is not looked at; see [`Self::sees`].
    pub(crate) fn gates(&self, opening_m: f64, mut found: impl FnMut(Gate)) {
        for from in 0..self.at.len() as u32 {
            let v = self.at[from as usize];
            let (east, north) = scale_m(f64::from(v.lat_e7));
            let reach = |scale: f64| (opening_m / scale.max(1e-9)).min(f64::from(i32::MAX)) as i32;
            let (dx, dy) = (reach(east), reach(north));
            let window = Window {
                low: Position::new(v.lng_e7.saturating_sub(dx), v.lat_e7.saturating_sub(dy)),
                high: Position::new(v.lng_e7.saturating_add(dx), v.lat_e7.saturating_add(dy)),
            };
            self.tree.meeting(&window, |to| {
                let Some(end) = self.nearest(v, to, (east, north)) else { return };
                let length = Length::of(v, end);
                if end != v && length.metres() <= opening_m && self.opens(from, end) {
                    found(Gate { from, to, end, length });
                }
            });
        }
    }

    /// The point of a step that is nearest to a place on its outside: within the step or its
    /// beginning. `None` if a neighbouring step is nearer or another side is turned to the place.
    fn nearest(&self, v: Position, step: u32, scale: (f64, f64)) -> Option<Position> {
        let (a, b) = self.segment(step);
        let t = foot(a, b, v, scale);
        if t <= 0.0 {
            let before = self.at[self.before(step) as usize];
            let corner = foot(before, a, v, scale) >= 1.0 && self.opens(step, v);
            return (corner && self.is_wall[step as usize]).then_some(a);
        }
        let faces = t < 1.0 && side(a, b, v) == Ordering::Greater;
        let along = |from: i32, to: i32| {
            (f64::from(from) + t * (f64::from(to) - f64::from(from))).round() as i32
        };
        let foot = Position::new(along(a.lng_e7, b.lng_e7), along(a.lat_e7, b.lat_e7));
        (faces && self.is_wall[step as usize]).then_some(foot)
    }

    /// Whether a place lies, seen from the beginning of a step, on the outside's side.
    fn opens(&self, step: u32, place: Position) -> bool {
        let v = self.at[step as usize];
        let (next, last) =
            (self.at[self.after(step) as usize], self.at[self.before(step) as usize]);
        let left_of_next = side(v, next, place) == Ordering::Greater;
        let right_of_last = side(v, last, place) == Ordering::Less;
        match side(v, next, last) {
            Ordering::Greater => left_of_next && right_of_last,
            Ordering::Less => left_of_next || right_of_last,
            Ordering::Equal => left_of_next || next == last,
        }
    }

    /// Whether nothing stands in a gate's way.
    pub(crate) fn sees(&self, gate: &Gate) -> bool {
        let (v, p) = (self.at[gate.from as usize], gate.end);
        let mut free = true;
        self.tree.meeting(&of_segment(v, p), |step| {
            let (a, b) = self.segment(step);
            let at_end = |q: Position| q == v || q == p;
            let blocked = if step == gate.to || at_end(a) || at_end(b) {
                [a, b].iter().any(|&q| !at_end(q) && on_segment(v, p, q))
            } else {
                let parts = |x, y, q, r| side(x, y, q) as i8 * side(x, y, r) as i8 <= 0;
                parts(v, p, a, b) && parts(a, b, v, p)
            };
            free &= !blocked;
        });
        free
    }
}

fn cross(a: Position, b: Position) -> i128 {
    i128::from(i64::from(a.lng_e7) * i64::from(b.lat_e7))
        - i128::from(i64::from(b.lng_e7) * i64::from(a.lat_e7))
}

/// Where the perpendicular from v meets the line a–b, at the scale around v: 0 at a, 1 at b.
fn foot(a: Position, b: Position, v: Position, (east, north): (f64, f64)) -> f64 {
    let xy = |p: Position| {
        let dx = (f64::from(p.lng_e7) - f64::from(v.lng_e7)) * east;
        (dx, (f64::from(p.lat_e7) - f64::from(v.lat_e7)) * north)
    };
    let ((ax, ay), (bx, by)) = (xy(a), xy(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    if length2 > 0.0 { -(ax * dx + ay * dy) / length2 } else { 0.0 }
}
