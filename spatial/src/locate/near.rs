//! What is near a position: the nearest border of the answering cell, the nearest other cells.
//!
//! The window of the partition is cut into square patches, a few to a cell. The first question
//! within a patch lists the edges that can decide any question in it; the next ones look at
//! nothing else. Elsewhere, and where a list would be long, the tree is searched.
//!
//! **Why a list suffices.** Let h be the half diagonal of the patch and d(·) the distance from
//! its middle. From any point of the patch a thing is between d − h and d + h away. So an edge
//! of a cell c decides only if d(edge) ≤ d(c) + 2h, where d(c) is that of c's nearest border;
//! and of the cells only those with d(c) ≤ D + 2h, where D is the second smallest d(c): of any
//! point of the patch the nearest two are not farther than D + h. Two are enough: the cell that
//! answers is one of them, for whoever leaves its responsibility crosses its border first.

use super::{FAR_M, tree::Tree};
use crate::{
    metric::Local,
    partition::{FaceId, Partition},
    position::{Position, Window},
};
use std::{
    collections::BTreeMap,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What is near a position, as far as it has been seen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Near {
    /// Metres to the nearest border of the answering cell's responsibility.
    pub(super) own_m: Option<f64>,
    /// The two nearest cells that do not answer, the lower id first if equally far.
    pub(super) cells: [Option<(FaceId, f64)>; 2],
    /// The nearest point of all borders, kept only while it lies beyond [`FAR_M`].
    pub(super) foot: Option<(f64, Position)>,
}

/// The responsible cells on the two sides of an edge.
type Sides = [Option<FaceId>; 2];

impl Near {
    const NOTHING: Self = Self { own_m: None, cells: [None, None], foot: None };

    fn take(&mut self, sides: Sides, answering: Option<FaceId>, away_m: f64) {
        if answering.is_some() && sides.contains(&answering) {
            self.own_m = Some(self.own_m.map_or(away_m, |own_m| own_m.min(away_m)));
        }
        for cell in sides.into_iter().flatten().filter(|&cell| Some(cell) != answering) {
            self.take_cell((cell, away_m));
        }
    }

    fn take_cell(&mut self, found: (FaceId, f64)) {
        let nearer = |a: (FaceId, f64), b: Option<(FaceId, f64)>| {
            b.is_none_or(|b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)).is_lt())
        };
        let [first, second] = self.cells;
        let known = first.is_some_and(|(cell, _)| cell == found.0);
        if nearer(found, first) {
            self.cells = [Some(found), if known { second } else { first }];
        } else if !known && nearer(found, second) {
            self.cells[1] = Some(found);
        }
    }

    /// Nothing farther away than this can change the answer.
    fn bound_m(&self, answering: Option<FaceId>) -> f64 {
        let away_m = |found: Option<(FaceId, f64)>| found.map_or(f64::INFINITY, |f| f.1);
        match answering {
            Some(_) => self.own_m.unwrap_or(f64::INFINITY).max(away_m(self.cells[0])),
            None => away_m(self.cells[1]),
        }
    }
}

/// The responsible cells on both sides of two faces' common border, if they differ.
pub(super) fn parted(partition: &Partition, left: FaceId, right: FaceId) -> Option<Sides> {
    let sides = [left, right].map(|face| partition.responsible(face));
    (sides[0] != sides[1]).then_some(sides)
}

/// Searches the tree.
pub(super) fn in_tree(
    tree: &Tree,
    partition: &Partition,
    p: Position,
    answering: Option<FaceId>,
) -> Near {
    let mut near = Near::NOTHING;
    let map = Local::at(p);
    tree.near(&map, |run| {
        for edge in run.edges(partition) {
            let away_m = map.to_segment_m(edge.a, edge.b);
            if let Some(sides) = parted(partition, edge.left, edge.right) {
                near.take(sides, answering, away_m);
            }
            if away_m > FAR_M && near.foot.is_none_or(|(known_m, _)| away_m < known_m) {
                near.foot = Some((away_m, map.foot(edge.a, edge.b)));
            }
        }
        near.bound_m(answering)
    });
    near
}

/// Consecutive edges of one arc: points `start..=end` of the partition's points, and the
/// responsible cells on the two sides ([`NOBODY`] outside).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stretch {
    start: u32,
    end: u32,
    sides: [u32; 2],
}

const NOBODY: u32 = u32::MAX;
/// More edges than this to look through make a list not worth having.
const GATHER_EDGES: usize = 4_096;
/// Patches of a greater half diagonal have no list: a flat map is not good enough there.
const HALF_DIAGONAL_MAX_M: f64 = 10_000.0;
/// North or south of this a flat map is not good enough either.
const LAT_MAX_E7: u32 = 80_0000000;
/// What lists may occupy, bytes a face: the rest of the patches search the tree.
const LIST_BYTES_A_FACE: usize = 1_024;
/// Patches, a face.
const PATCHES_A_FACE: u64 = 8;

/// The lists of a partition, made when they are first needed.
#[derive(Debug)]
pub(super) struct Patches {
    low: Position,
    shift: u32,
    columns: u32,
    rows: u32,
    /// An empty list: search the tree.
    lists: Box<[OnceLock<Box<[Stretch]>>]>,
    list_bytes: AtomicUsize,
    list_bytes_max: usize,
}

impl Patches {
    /// No list is made yet.
    pub(super) fn new(window: &Window, faces: usize) -> Self {
        let span = |low: i32, high: i32| i64::from(low).abs_diff(i64::from(high));
        let width = span(window.low.lng_e7, window.high.lng_e7);
        let height = span(window.low.lat_e7, window.high.lat_e7);
        let most = 64 + PATCHES_A_FACE * faces as u64;
        let sides = |shift: u32| ((width >> shift) + 1, (height >> shift) + 1);
        let fits = |shift: &u32| sides(*shift).0 * sides(*shift).1 <= most;
        let shift = (8..32).find(fits).unwrap_or(32);
        let (columns, rows) = sides(shift);
        Self {
            low: window.low,
            shift,
            columns: columns as u32,
            rows: rows as u32,
            lists: (0..columns * rows).map(|_| OnceLock::new()).collect(),
            list_bytes: AtomicUsize::new(0),
            list_bytes_max: 65_536 + LIST_BYTES_A_FACE * faces,
        }
    }

    /// Bytes they occupy by now.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.lists) + self.list_bytes.load(Ordering::Relaxed)
    }

    /// What is near `p`, if the list of its patch says so; `None`: search the tree.
    pub(super) fn near(
        &self,
        tree: &Tree,
        partition: &Partition,
        p: Position,
        answering: Option<FaceId>,
    ) -> Option<Near> {
        let tile = |v: i32, low: i32| (i64::from(v) - i64::from(low)) >> self.shift;
        let column = u32::try_from(tile(p.lng_e7, self.low.lng_e7)).ok()?;
        let row = u32::try_from(tile(p.lat_e7, self.low.lat_e7)).ok()?;
        if column >= self.columns || row >= self.rows {
            return None;
        }
        let list = self.list(tree, partition, (column, row))?;
        let points = partition.rows().0;
        let map = Local::at(p);
        let mut near = Near::NOTHING;
        for stretch in list {
            let line = &points[stretch.start as usize..=stretch.end as usize];
            let away_m = map.to_line_m(line);
            let cell = |side: u32| (side != NOBODY).then_some(FaceId(side));
            near.take(stretch.sides.map(cell), answering, away_m);
        }
        // Only the tree finds the foot that a far distance is taken to.
        near.cells[0].is_none_or(|(_, away_m)| away_m <= FAR_M).then_some(near)
    }

    fn list(
        &self,
        tree: &Tree,
        partition: &Partition,
        (column, row): (u32, u32),
    ) -> Option<&[Stretch]> {
        let list = &self.lists[row as usize * self.columns as usize + column as usize];
        let list = match list.get() {
            Some(list) => list,
            None if self.list_bytes.load(Ordering::Relaxed) > self.list_bytes_max => return None,
            None => list.get_or_init(|| {
                let window = self.window(column, row);
                let made = gather(tree, partition, &window).unwrap_or_default();
                self.list_bytes.fetch_add(size_of_val(&*made), Ordering::Relaxed);
                made
            }),
        };
        (!list.is_empty()).then_some(list)
    }

    /// All positions of a patch.
    fn window(&self, column: u32, row: u32) -> Window {
        let at = |low: i32, tile: u32| i64::from(low) + (i64::from(tile) << self.shift);
        let last = (1i64 << self.shift) - 1;
        let within = |v: i64| v.min(i64::from(i32::MAX)) as i32;
        let (west, south) = (at(self.low.lng_e7, column), at(self.low.lat_e7, row));
        Window {
            low: Position::new(within(west), within(south)),
            high: Position::new(within(west + last), within(south + last)),
        }
    }
}

/// An edge met while gathering: metres from the patch's middle, its first point, its sides.
type Met = (f64, u32, Sides);

/// The edges that can decide a question in the window; `None` if there are too many to look at.
fn gather(tree: &Tree, partition: &Partition, window: &Window) -> Option<Box<[Stretch]>> {
    let half = |low: i32, high: i32| ((i64::from(low) + i64::from(high)) / 2) as i32;
    let middle = Position::new(
        half(window.low.lng_e7, window.high.lng_e7),
        half(window.low.lat_e7, window.high.lat_e7),
    );
    let map = Local::at(middle);
    let corners = [
        window.low,
        window.high,
        Position::new(window.low.lng_e7, window.high.lat_e7),
        Position::new(window.high.lng_e7, window.low.lat_e7),
    ];
    let half_m = corners.iter().map(|&corner| map.distance_m(corner)).fold(0.0, f64::max);
    if half_m > HALF_DIAGONAL_MAX_M || middle.lat_e7.unsigned_abs() > LAT_MAX_E7 {
        return None;
    }
    // What a flat map around another point of the patch may say differently, on the safe side.
    let reach_m = |away_m: f64| (away_m + 2.0 * half_m) * 1.002 + 1.0;
    let mut cells: BTreeMap<FaceId, f64> = BTreeMap::new();
    let mut met: Vec<Met> = Vec::new();
    tree.near(&map, |run| {
        for (at, edge) in (run.start..).zip(run.edges(partition)) {
            let Some(sides) = parted(partition, edge.left, edge.right) else { continue };
            let away_m = map.to_segment_m(edge.a, edge.b);
            met.push((away_m, at, sides));
            for cell in sides.into_iter().flatten() {
                let known_m = cells.entry(cell).or_insert(away_m);
                *known_m = known_m.min(away_m);
            }
        }
        if met.len() > GATHER_EDGES { f64::NEG_INFINITY } else { reach_m(second(&cells)) }
    });
    if met.len() > GATHER_EDGES {
        return None;
    }
    let all_m = reach_m(second(&cells));
    let needed = |cell: FaceId| cells[&cell] <= all_m;
    met.retain(|(away_m, _, sides)| {
        sides.iter().flatten().any(|&cell| needed(cell) && *away_m <= reach_m(cells[&cell]))
    });
    Some(stretches(met))
}

/// The second smallest distance; infinite while there are not two.
fn second(cells: &BTreeMap<FaceId, f64>) -> f64 {
    let mut two = [f64::INFINITY; 2];
    for &away_m in cells.values() {
        if away_m < two[0] {
            two = [away_m, two[0]];
        } else if away_m < two[1] {
            two[1] = away_m;
        }
    }
    two[1]
}

/// Edges that follow one another joined. Arcs meet in points of their own, so neighbours in the
/// row of points with the same sides and nothing between them lie on one arc.
fn stretches(mut met: Vec<Met>) -> Box<[Stretch]> {
    met.sort_unstable_by_key(|&(_, at, _)| at);
    let mut stretches: Vec<Stretch> = Vec::new();
    for (_, at, sides) in met {
        let sides = sides.map(|cell| cell.map_or(NOBODY, |cell| cell.0));
        match stretches.last_mut() {
            Some(last) if last.end == at && last.sides == sides => last.end = at + 1,
            _ => stretches.push(Stretch { start: at, end: at + 1, sides }),
        }
    }
    stretches.into()
}
