//! Narrow openings: where no jurisdiction is given, the strip between two walls that is open at
//! its end belongs to the district all the same.
//!
//! A **gate** is a segment through the outside, at most [`Options::opening_m`] long, from a corner
//! of the border to the nearest point of another part of it. With the border it encloses a
//! **pocket**. A pocket counts if the walls around it are at least [`WALLS_PER_OPENING`] times as
//! long as its openings; of pockets that overlap the one with the most to gain is taken (walls
//! less four times the openings), so a mouth that widens is closed where it is narrow. Between
//! parts of the district that do not touch, the shortest segments that join them serve as
//! **bridges** first: a street between two blocks is closed at both of its ends. A bridge is kept
//! only where it closes a pocket.
//!
//! Gates cannot harm the partition: like every line they are noded in, exact, and vanish where
//! both their sides end up in the same face.
//!
//! [`Options::opening_m`]: super::Options::opening_m

use super::Graph;
use super::border::{Border, Gate};
use super::lines::{AS_DRAWN, GATE, LineWork, Passage};
use super::measure::Length;
use super::noding;
use crate::position::Position;
use std::collections::{BTreeMap, HashMap};

/// A pocket's walls must be so many times as long as its openings.
pub(crate) const WALLS_PER_OPENING: u64 = 4;

/// The line work with the gates that are worth it, and its faces.
pub(crate) fn close_openings(lines: LineWork, opening_m: f64) -> (LineWork, Graph) {
    let graph = Graph::of(&lines);
    if opening_m.is_nan() || opening_m <= 0.0 {
        return (lines, graph);
    }
    let border = Border::of(&lines, &graph);
    let bridges = bridges(&border, opening_m);
    let gates = if bridges.is_empty() {
        pockets(&border, opening_m)
    } else {
        let bridged = with_gates(lines.clone(), &bridges);
        let graph = Graph::of(&bridged);
        pockets(&Border::of(&bridged, &graph), opening_m)
    };
    if gates.is_empty() {
        return (lines, graph);
    }
    drop(graph);
    let lines = with_gates(lines, &gates);
    let graph = Graph::of(&lines);
    (lines, graph)
}

/// Nodes gates into noded line work.
fn with_gates(lines: LineWork, gates: &[[Position; 2]]) -> LineWork {
    let known = lines.at.len() as u32;
    let passages = (0..gates.len() as u32).map(|gate| {
        let a = known + 2 * gate;
        Passage { a, b: a + 1, part: GATE, origin: AS_DRAWN }
    });
    let lines = lines.amended(gates.as_flattened(), &[], passages.collect());
    let is_gate: Vec<bool> =
        (0..lines.ends.len() as u32).map(|e| lines.labels(e).last() == Some(&GATE)).collect();
    noding::node(lines, Some(&|e| is_gate[e as usize]), &mut Vec::new())
}

/// The shortest segments that join cycles of the border no farther apart than an opening.
fn bridges(border: &Border, opening_m: f64) -> Vec<[Position; 2]> {
    if border.cycles.len() < 2 {
        return Vec::new();
    }
    let mut candidates: Vec<Gate> = Vec::new();
    border.gates(opening_m, |gate| {
        if border.cycle_of(gate.from) != border.cycle_of(gate.to) {
            candidates.push(gate);
        }
    });
    candidates.sort_unstable_by_key(|gate| (gate.length, gate.from, gate.to));
    let mut root: Vec<usize> = (0..border.cycles.len()).collect();
    let mut bridges = Vec::new();
    for gate in candidates {
        let (a, b) = (border.cycle_of(gate.from), border.cycle_of(gate.to));
        let (a, b) = (find(&mut root, a), find(&mut root, b));
        if a != b && border.sees(&gate) {
            root[a.max(b)] = a.min(b);
            bridges.push([border.at[gate.from as usize], gate.end]);
        }
    }
    bridges
}

/// A pocket: the steps of the border around it (those from `first` to `last`, which is less than
/// `first` if they pass the end of the cycle) and the gate that closes it.
struct Pocket {
    gate: Gate,
    first: u32,
    last: u32,
    walls: Length,
}

/// The gates of all pockets that count, and the bridges they need.
fn pockets(border: &Border, opening_m: f64) -> Vec<[Position; 2]> {
    let mut candidates: Vec<(u64, Pocket)> = Vec::new();
    border.gates(opening_m, |gate| {
        if border.cycle_of(gate.from) != border.cycle_of(gate.to) {
            return;
        }
        let (walls, area) = border.along(&gate);
        let (whole_walls, whole_area) = border.whole(border.cycle_of(gate.from));
        let at_corner = border.at[gate.to as usize] == gate.end;
        let (first, last, walls) = if area > 0 {
            (gate.from, if at_corner { border.before(gate.to) } else { gate.to }, walls)
        } else if whole_area - area > 0 {
            let walls = Length(whole_walls.0.saturating_sub(walls.0));
            (gate.to, border.before(gate.from), walls)
        } else {
            return;
        };
        let openings = gate.length.0.saturating_mul(WALLS_PER_OPENING);
        if walls.0 >= openings {
            candidates.push((walls.0 - openings, Pocket { gate, first, last, walls }));
        }
    });
    candidates.sort_unstable_by_key(|(worth, p)| (u64::MAX - worth, p.gate.from, p.gate.to));
    let mut taken = Taken::default();
    let mut chosen = Vec::new();
    for (_, pocket) in candidates {
        let cycle = border.cycles[border.cycle_of(pocket.first)];
        let runs = runs(&pocket, cycle);
        if !runs.iter().any(|&run| taken.meets(run)) && border.sees(&pocket.gate) {
            runs.iter().for_each(|&run| taken.add(run));
            chosen.push(pocket);
        }
    }
    worthwhile(border, &chosen)
}

/// The steps of a pocket as runs that do not pass the end of the cycle, ends included.
fn runs(pocket: &Pocket, cycle: (u32, u32)) -> Vec<(u32, u32)> {
    if pocket.first <= pocket.last {
        vec![(pocket.first, pocket.last)]
    } else {
        vec![(cycle.0, pocket.last), (pocket.first, cycle.1 - 1)]
    }
}

/// Disjoint runs of steps.
#[derive(Default)]
struct Taken(BTreeMap<u32, u32>);

impl Taken {
    fn meets(&self, (first, last): (u32, u32)) -> bool {
        self.0.range(..=last).next_back().is_some_and(|(_, &end)| end >= first)
    }

    fn add(&mut self, (first, last): (u32, u32)) {
        self.0.insert(first, last);
    }
}

/// Joins pockets across the bridges between them and keeps those whose walls are long enough for
/// their gates and the bridges that are left open.
fn worthwhile(border: &Border, chosen: &[Pocket]) -> Vec<[Position; 2]> {
    let mut root: Vec<usize> = (0..chosen.len()).collect();
    let mut bridges: HashMap<u32, Vec<usize>> = HashMap::new();
    for (i, pocket) in chosen.iter().enumerate() {
        let cycle = border.cycles[border.cycle_of(pocket.first)];
        for (first, last) in runs(pocket, cycle) {
            for step in (first..=last).filter(|&s| !border.is_wall[s as usize]) {
                bridges.entry(border.arc[step as usize]).or_default().push(i);
            }
        }
    }
    let mut bridges: Vec<(u32, Vec<usize>)> = bridges.into_iter().collect();
    bridges.sort_unstable();
    for (_, sides) in bridges.iter_mut() {
        sides.dedup();
        if let [a, b] = sides[..] {
            let (a, b) = (find(&mut root, a), find(&mut root, b));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut walls = vec![Length(0); chosen.len()];
    let mut openings = vec![Length(0); chosen.len()];
    for (i, pocket) in chosen.iter().enumerate() {
        let group = find(&mut root, i);
        walls[group] = walls[group].plus(pocket.walls);
        openings[group] = openings[group].plus(pocket.gate.length);
    }
    let open = |sides: &[usize]| if let [only] = *sides { Some(only) } else { None };
    for (arc, sides) in &bridges {
        if let Some(only) = open(sides) {
            let group = find(&mut root, only);
            openings[group] = openings[group].plus(border.arc_length(*arc));
        }
    }
    let counts =
        |group: usize| walls[group].0 >= openings[group].0.saturating_mul(WALLS_PER_OPENING);
    let mut gates = Vec::new();
    for (i, pocket) in chosen.iter().enumerate() {
        if counts(find(&mut root, i)) {
            gates.push([border.at[pocket.gate.from as usize], pocket.gate.end]);
        }
    }
    for (arc, sides) in &bridges {
        if open(sides).is_some_and(|only| counts(find(&mut root, only))) {
            gates.extend(border.arc_segments(*arc));
        }
    }
    gates
}

fn find(root: &mut [usize], mut i: usize) -> usize {
    while root[i] != i {
        root[i] = root[root[i]];
        i = root[i];
    }
    i
}
