//! What changes hands when a border moves: which of many points get another face.
//!
//! A plan's preview needs no new index. Let a point be moved by (+ε, +ε²), as the border rule of
//! [`crate::partition`] says. How often a face's border winds around it is 1 inside and 0 outside
//! (one less each for the outside). A move takes an old line away and puts a new one in its place,
//! so the winding of the face on the left falls by the winding of the loop "old line forth, new
//! line back" around the point, and the right one's rises by it. Summed over the moved lines, the
//! face that loses 1 is the one the point came from, and the one that gains 1 is the one it
//! went to; where nothing is lost nothing is met anew. Only edges that differ matter.
//!
//! Points exactly on an old or a new line are settled by the second half of the border rule, from
//! the edges that meet there. All arithmetic is exact.

use crate::{
    exact,
    partition::{ArcView, Face, FaceId, Partition},
    position::{Position, Window},
};
use std::{cell::OnceCell, cmp::Ordering, ops::Range};

/// Points a bucket holds on average, if they are spread evenly.
const POINTS_A_BUCKET: usize = 4;
/// The raster's extent is judged by at most about so many of the points.
const SAMPLE: usize = 4_096;

/// Many positions in buckets, so that a move looks only at those near it.
///
/// 13 bytes a point: its position, its index, and a quarter of a bucket of four bytes.
#[derive(Clone, Debug)]
pub struct Points {
    low: Position,
    shift: u32,
    columns: usize,
    rows: usize,
    /// Where each bucket begins, row by row from the south-west, and the end.
    starts: Vec<u32>,
    positions: Vec<Position>,
    indices: Vec<u32>,
}

impl Points {
    /// Sorts the positions into a uniform raster by counting. The outermost buckets reach to the
    /// end of the world: a few strays (a report at 0° 0°) do not make the raster coarse.
    pub fn new(positions: &[Position]) -> Self {
        let window = extent(positions);
        let span = |low: i32, high: i32| (i64::from(high) - i64::from(low)) as usize;
        let width = span(window.low.lng_e7, window.high.lng_e7);
        let height = span(window.low.lat_e7, window.high.lat_e7);
        let most = (positions.len() / POINTS_A_BUCKET).max(1);
        let fits = |shift: &u32| ((width >> shift) + 1) * ((height >> shift) + 1) <= most;
        let shift = (0..33).find(fits).unwrap_or(33);
        let (columns, rows) = ((width >> shift) + 1, (height >> shift) + 1);
        let mut points = Self {
            low: window.low,
            shift,
            columns,
            rows,
            starts: vec![0; columns * rows + 1],
            positions: vec![Position::default(); positions.len()],
            indices: vec![0; positions.len()],
        };
        for &p in positions {
            let bucket = points.bucket(p);
            points.starts[bucket + 1] += 1;
        }
        for bucket in 0..columns * rows {
            points.starts[bucket + 1] += points.starts[bucket];
        }
        let mut next = points.starts.clone();
        for (i, &p) in positions.iter().enumerate() {
            let next = &mut next[points.bucket(p)];
            points.positions[*next as usize] = p;
            points.indices[*next as usize] = i as u32;
            *next += 1;
        }
        points
    }

    /// Bytes it occupies.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.positions) + size_of_val(&*self.indices)
    }

    /// How many of the points lie in the buckets that meet a window: at most so many are looked
    /// at for a move within it.
    pub fn near(&self, window: &Window) -> usize {
        let (from, to) = (self.column(window.low), self.column(window.high));
        let rows = self.row(window.low)..=self.row(window.high);
        rows.map(|row| self.places(row, to).end - self.places(row, from).start).sum()
    }

    fn column(&self, p: Position) -> usize {
        let east = (i64::from(p.lng_e7) - i64::from(self.low.lng_e7)).max(0) as usize;
        (east >> self.shift).min(self.columns - 1)
    }

    fn row(&self, p: Position) -> usize {
        let north = (i64::from(p.lat_e7) - i64::from(self.low.lat_e7)).max(0) as usize;
        (north >> self.shift).min(self.rows - 1)
    }

    fn bucket(&self, p: Position) -> usize {
        self.row(p) * self.columns + self.column(p)
    }

    /// The places of a bucket's points.
    fn places(&self, row: usize, column: usize) -> Range<usize> {
        let bucket = row * self.columns + column;
        self.starts[bucket] as usize..self.starts[bucket + 1] as usize
    }
}

/// The window of all but strays: the middle 98 % of a sample, half as much again on each side, and
/// no more than all.
fn extent(positions: &[Position]) -> Window {
    let origin = Window { low: Position::default(), high: Position::default() };
    let all = Window::around(positions.iter().copied()).unwrap_or(origin);
    let range = |of: fn(Position) -> i32| {
        let step = (positions.len() / SAMPLE).max(1);
        let mut sample: Vec<i32> = positions.iter().step_by(step).map(|&p| of(p)).collect();
        sample.sort_unstable();
        let last = sample.len().saturating_sub(1);
        let at = |i: usize| sample.get(i).map_or(0, |&v| i64::from(v));
        let (low, high) = (at(last / 100), at(last - last / 100));
        let more = (high - low) / 2;
        let within = |v: i64| v.clamp(i64::from(of(all.low)), i64::from(of(all.high))) as i32;
        (within(low - more), within(high + more))
    };
    let (west, east) = range(|p| p.lng_e7);
    let (south, north) = range(|p| p.lat_e7);
    Window { low: Position::new(west, south), high: Position::new(east, north) }
}

/// A border that moves: an arc of the partition and its line afterwards, in the same direction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move<'a> {
    /// Index of the arc in the partition.
    pub arc: u32,
    /// Its points after the move, at least two; a closed arc repeats its first point.
    pub line: &'a [Position],
}

/// A point that gets another face.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Change {
    /// Its index in what [`Points::new`] was given.
    pub point: u32,
    /// Its face before.
    pub from: FaceId,
    /// Its face afterwards.
    pub to: FaceId,
}

/// The points that have another face after the moves than before, by index.
///
/// The partition is the one before the moves and, like the one after them, must be one that
/// [`Partition::check`] finds nothing wrong with: an edit that tangles borders has no answer.
/// To move a node, give all the arcs that meet in it. `None` if the lines leave a gap (an end has
/// moved and not all of its arcs with it), if an arc is not there, or a line has no edge.
///
/// Linear in the edges that differ, times the rows of buckets they span, plus the points of the
/// buckets in their window; the other points are not looked at. Only if a point lies exactly on
/// an end of a line are all arcs gone through, once.
pub fn changed(points: &Points, partition: &Partition, moves: &[Move<'_>]) -> Option<Vec<Change>> {
    let arcs = partition.rows().1;
    if moves.iter().any(|m| m.arc as usize >= arcs.len() || m.line.len() < 2) {
        return None;
    }
    let views = |m: &Move<'_>| {
        let arc = arcs[m.arc as usize];
        &partition.rows().0[arc.start as usize..arc.end as usize]
    };
    let moved: Vec<Moved<'_>> = moves
        .iter()
        .map(|m| {
            let arc = arcs[m.arc as usize];
            Moved { old: views(m), new: m.line, left: arc.left, right: arc.right }
        })
        .collect();
    if !joins_up(&moved) {
        return None;
    }
    let hands = Hands::new(partition, moves, moved);
    let mut changes = hands.of(points);
    changes.sort_unstable();
    Some(changes)
}

/// A moved arc with both its lines.
struct Moved<'a> {
    old: &'a [Position],
    new: &'a [Position],
    left: FaceId,
    right: FaceId,
}

/// Whether the ends of what is taken away from every face's border and what is added cancel out.
fn joins_up(moved: &[Moved<'_>]) -> bool {
    let mut ends: Vec<(FaceId, Position, i32)> = Vec::with_capacity(moved.len() * 8);
    for m in moved {
        for (face, sign) in [(m.left, 1), (m.right, -1)] {
            ends.push((face, m.old[0], -sign));
            ends.push((face, m.old[m.old.len() - 1], sign));
            ends.push((face, m.new[0], sign));
            ends.push((face, m.new[m.new.len() - 1], -sign));
        }
    }
    ends.sort_unstable();
    ends.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .all(|same| same.iter().map(|end| end.2).sum::<i32>() == 0)
}

/// An edge that differs, with the loop's direction and places of the faces it parts.
#[derive(Clone, Copy)]
struct Step {
    a: Position,
    b: Position,
    /// 1 if the edge is taken away, -1 if it is added.
    sign: i32,
    left: usize,
    right: usize,
}

/// Everything about the moves that a point is held against.
struct Hands<'a> {
    partition: &'a Partition,
    moves: &'a [Move<'a>],
    moved: Vec<Moved<'a>>,
    faces: Vec<FaceId>,
    steps: Vec<Step>,
    /// Found when a point lies exactly on an end: that takes a look at every arc.
    met_at_ends: OnceCell<Vec<ArcView<'a>>>,
}

impl<'a> Hands<'a> {
    fn new(partition: &'a Partition, moves: &'a [Move<'a>], moved: Vec<Moved<'a>>) -> Self {
        let mut faces: Vec<FaceId> = moved.iter().flat_map(|m| [m.left, m.right]).collect();
        faces.sort_unstable();
        faces.dedup();
        let mut steps = Vec::new();
        for m in &moved {
            let (old, new) = differing(m.old, m.new);
            let place = |face: FaceId| faces.partition_point(|&f| f < face);
            let (left, right) = (place(m.left), place(m.right));
            for (line, sign) in [(old, 1), (new, -1)] {
                let edges = line.windows(2);
                steps.extend(edges.map(|w| Step { a: w[0], b: w[1], sign, left, right }));
            }
        }
        Self { partition, moves, moved, faces, steps, met_at_ends: OnceCell::new() }
    }

    /// The changes bucket by bucket, in no order.
    fn of(&self, points: &Points) -> Vec<Change> {
        let ends = self.steps.iter().flat_map(|s| [s.a, s.b]);
        let Some(window) = Window::around(ends) else { return Vec::new() };
        let mut changes = Vec::new();
        let mut row_steps = Vec::new();
        let mut gains = vec![0; self.faces.len()];
        let (west, east) = (points.column(window.low), points.column(window.high));
        for row in points.row(window.low)..=points.row(window.high) {
            row_steps.clear();
            let mut met = vec![false; east - west + 1];
            for step in &self.steps {
                let (a, b) = (points.row(step.a), points.row(step.b));
                if a.min(b) <= row && row <= a.max(b) {
                    row_steps.push(*step);
                    let (a, b) = (points.column(step.a), points.column(step.b));
                    met[a.min(b) - west..=a.max(b) - west].fill(true);
                }
            }
            for (i, &met) in met.iter().enumerate() {
                let places = points.places(row, west + i);
                self.of_bucket(points, places, (&row_steps, met), &mut gains, &mut changes);
            }
        }
        changes
    }

    /// The changes of one bucket. If no edge meets it, all its points share one answer.
    fn of_bucket(
        &self,
        points: &Points,
        places: Range<usize>,
        (steps, met): (&[Step], bool),
        gains: &mut [i32],
        changes: &mut Vec<Change>,
    ) {
        let mut shared = None;
        for place in places {
            let p = points.positions[place];
            let between = match shared {
                Some(between) if !met => between,
                _ => {
                    let (between, touched) = self.passes(steps, p, gains);
                    if touched { self.on_a_line(p, between) } else { between }
                }
            };
            shared = Some(between);
            match between {
                None if !met => return,
                Some((from, to)) if from != to => {
                    changes.push(Change { point: points.indices[place], from, to });
                }
                _ => {}
            }
        }
    }

    /// The face met before and the one met after, if they differ, and whether a differing edge
    /// runs through the point.
    fn passes(
        &self,
        steps: &[Step],
        p: Position,
        gains: &mut [i32],
    ) -> (Option<(FaceId, FaceId)>, bool) {
        gains.fill(0);
        let mut touched = false;
        for step in steps {
            let (low, high) =
                if step.a.lat_e7 <= step.b.lat_e7 { (step.a, step.b) } else { (step.b, step.a) };
            if p.lat_e7 < low.lat_e7 || p.lat_e7 > high.lat_e7 {
                continue;
            }
            let side = exact::side(low, high, p);
            touched |= side == Ordering::Equal && exact::on_segment(low, high, p);
            // The ray east of the moved point: half-open in latitude, strictly east.
            if p.lat_e7 < high.lat_e7 && side == Ordering::Greater {
                let winding = if low == step.a { step.sign } else { -step.sign };
                gains[step.left] -= winding;
                gains[step.right] += winding;
            }
        }
        let lost = gains.iter().position(|&gain| gain < 0);
        let gained = gains.iter().position(|&gain| gain > 0);
        (lost.zip(gained).map(|(from, to)| (self.faces[from], self.faces[to])), touched)
    }

    /// The faces before and after of a point on a line that is taken away or added, by the whole
    /// border rule; `between` are the faces met if they differ.
    fn on_a_line(
        &self,
        p: Position,
        between: Option<(FaceId, FaceId)>,
    ) -> Option<(FaceId, FaceId)> {
        let before = self.corner(p, |m| m.old);
        let after = self.corner(p, |m| m.new);
        // On no line at all, the face met decides; where none is lost, it is met on both sides.
        let from = before.map(|c| c.face).or(between.map(|b| b.0)).or(after.map(|c| c.met));
        let to = after.map(|c| c.face).or(between.map(|b| b.1)).or(before.map(|c| c.met));
        from.zip(to)
    }

    /// What lies around a point on the lines; `None` if none of them touches it.
    ///
    /// Arcs that do not move can meet the lines at their ends only.
    fn corner(&self, p: Position, line: impl Fn(&Moved<'a>) -> &'a [Position]) -> Option<Corner> {
        let mut found = Found::default();
        let mut at_an_end = false;
        for m in &self.moved {
            let points = line(m);
            at_an_end |= points[0] == p || points[points.len() - 1] == p;
            self.turn(&mut found, p, &ArcView { points, left: m.left, right: m.right });
        }
        if at_an_end {
            for arc in self.met_at_ends.get_or_init(|| self.meeting_at_ends()) {
                let ends = [arc.points[0], arc.points[arc.points.len() - 1]];
                if ends.contains(&p) {
                    self.turn(&mut found, p, arc);
                }
            }
        }
        found.corner()
    }

    /// The arcs that stay and meet a moved one in a node.
    fn meeting_at_ends(&self) -> Vec<ArcView<'a>> {
        let ends = |line: &[Position]| [line[0], line[line.len() - 1]];
        let lines = self.moved.iter().flat_map(|m| [m.old, m.new]);
        let mut nodes: Vec<Position> = lines.flat_map(ends).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let stays = |i: usize| self.moves.iter().all(|m| m.arc as usize != i);
        let meets =
            |arc: &ArcView<'_>| ends(arc.points).iter().any(|end| nodes.binary_search(end).is_ok());
        let arcs = self.partition.arcs().enumerate();
        arcs.filter(|(i, arc)| meets(arc) && stays(*i)).map(|(_, arc)| arc).collect()
    }

    /// Takes the edges of a line that touch the point into account.
    fn turn(&self, found: &mut Found, p: Position, arc: &ArcView<'_>) {
        let sides = [arc.left, arc.right].map(|face| rank(self.partition, face));
        for w in arc.points.windows(2).filter(|w| exact::on_segment(w[0], w[1], p)) {
            let first = sides[0].min(sides[1]);
            found.first = Some(found.first.map_or(first, |known| known.min(first)));
            // Walking away from p, the clockwise side is the right one.
            for (to, met) in [(w[1], sides[1]), (w[0], sides[0])] {
                let ray = Ray { to, met };
                if to != p && found.ray.is_none_or(|known| ray.is_before(&known, p)) {
                    found.ray = Some(ray);
                }
            }
        }
    }
}

/// Cells before blank zones before the outside, then the lower id.
fn rank(partition: &Partition, face: FaceId) -> (u8, FaceId) {
    let class = match partition.faces()[face.index()] {
        Face::Cell { .. } => 0,
        Face::BlankZone { .. } => 1,
        Face::Outside => 2,
    };
    (class, face)
}

/// The faces at a point of a border: the one met when it is moved, and the one it belongs to.
#[derive(Clone, Copy)]
struct Corner {
    met: FaceId,
    face: FaceId,
}

/// What has been found around a point: the first touching face, and the first edge met when
/// turning counter-clockwise from just above east, where the moved point is.
#[derive(Default)]
struct Found {
    first: Option<(u8, FaceId)>,
    ray: Option<Ray>,
}

impl Found {
    fn corner(self) -> Option<Corner> {
        let (first, met) = (self.first?, self.ray?.met);
        let is_cell = met.0 == 0;
        Some(Corner { met: met.1, face: if is_cell { met.1 } else { first.1 } })
    }
}

/// An edge away from a point, and the face on its clockwise side.
#[derive(Clone, Copy)]
struct Ray {
    to: Position,
    met: (u8, FaceId),
}

impl Ray {
    /// Whether it comes first when turning counter-clockwise from just above east at p.
    fn is_before(&self, other: &Self, p: Position) -> bool {
        // North of p, or due west; due east is the last of all.
        let upper =
            |to: Position| to.lat_e7 > p.lat_e7 || (to.lat_e7 == p.lat_e7 && to.lng_e7 < p.lng_e7);
        match (upper(self.to), upper(other.to)) {
            (true, false) => true,
            (false, true) => false,
            _ => exact::side(p, self.to, other.to) == Ordering::Greater,
        }
    }
}

/// Both lines without the edges they have in common at either end.
fn differing<'a>(old: &'a [Position], new: &'a [Position]) -> (&'a [Position], &'a [Position]) {
    if old == new {
        return (&[], &[]);
    }
    let least = old.len().min(new.len());
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count().min(least - 1);
    let tail = old.iter().rev().zip(new.iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count().min(least - head.max(1));
    let cut = |line: &'a [Position]| &line[head.max(1) - 1..=line.len() - tail.max(1)];
    (cut(old), cut(new))
}
