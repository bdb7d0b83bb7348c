//! A mixed tile in one cache line, and the walk within it.
//!
//! The face of Q is found by walking to the tile's reference point R and changing sides at every
//! edge crossed. A line holds six edges in 16 bits; a fuller tile, or one with edges too long,
//! is a list of edges in full.

use crate::{
    exact,
    oracle::{Edge, Rank},
    partition::{FaceId, Partition},
    position::Position,
};

/// Edges on a line.
pub(super) const LINE_EDGES: usize = 6;
/// Faces on a line.
pub(super) const LINE_FACES: usize = 4;
/// The mark of a list.
pub(super) const LIST: u32 = 1 << 31;

/// A mixed tile: one cache line.
///
/// Four rows of eight words: a.lng, a.lat, b.lng, b.lat of six edges as offsets from the tile's
/// middle (R is left of a → b; unused edges are all zero and never crossed). The two words left
/// in every row make a long: the first three hold four faces of 24 bits, the first of them R's
/// (of a list: R's face, start and length), the last the marks.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Line {
    pub(super) words: [u16; 32],
}

/// Marks, one bit an edge: the low and high bit of its left face's place among the line's faces,
/// and of left ^ right.
pub(super) const LEFT: [u32; 2] = [0, 6];
pub(super) const CHANGE: [u32; 2] = [12, 18];
/// Marks, one bit a face: it is a cell.
pub(super) const CELLS: u32 = 24;
/// The marks' bits of one kind.
const SIX: u32 = 0x3f;

impl Line {
    /// The long at the end of a row.
    #[inline(always)]
    pub(super) fn long(&self, row: usize) -> u32 {
        let at = 8 * row + LINE_EDGES;
        u32::from(self.words[at]) | u32::from(self.words[at + 1]) << 16
    }

    pub(super) fn set_long(&mut self, row: usize, value: u32) {
        let at = 8 * row + LINE_EDGES;
        (self.words[at], self.words[at + 1]) = (value as u16, (value >> 16) as u16);
    }

    #[inline(always)]
    pub(super) fn marks(&self) -> u32 {
        self.long(3)
    }

    #[inline(always)]
    pub(super) fn face(&self, place: u32) -> FaceId {
        let low = 0xff_ffff;
        if place < 3 {
            FaceId(self.long(place as usize) & low)
        } else {
            let top = |row: usize| self.long(row) >> 24 << (8 * row);
            FaceId(top(0) | top(1) | top(2))
        }
    }

    pub(super) fn is_cell(&self, place: u32) -> bool {
        self.marks() >> (CELLS + place) & 1 == 1
    }

    /// A row: six edges' words and two more that count for nothing.
    #[inline(always)]
    fn row(&self, row: usize) -> [i16; 8] {
        std::array::from_fn(|i| self.words[8 * row + i] as i16)
    }

    /// One bit for every edge that the walk crosses: from Q along its latitude to R's longitude,
    /// then along that to R. The same as [`walk_crosses`] in 16 and 32 bits for eight lanes at
    /// once; [`build`] sees to it that they suffice.
    #[inline(always)]
    fn crossed(&self, (qx, qy): (i16, i16)) -> u32 {
        let (ax, ay, bx, by) = (self.row(0), self.row(1), self.row(2), self.row(3));
        let mut crossed = 0;
        for i in 0..8 {
            let (dx, dy) = (bx[i].wrapping_sub(ax[i]), by[i].wrapping_sub(ay[i]));
            let (ex, ey) = (qx.wrapping_sub(ax[i]), qy.wrapping_sub(ay[i]));
            let times = |u: i16, v: i16| i32::from(u).wrapping_mul(i32::from(v));
            let (t, u, w) = (times(dx, ey), times(dy, ex), times(dy, ax[i]));
            let moved_left = i32::from((dy < 0) | ((dy == 0) & (dx > 0)));
            // The corner P of the walk is half a unit west of the middle, hence the doubling.
            let p = t.wrapping_add(w).wrapping_mul(2).wrapping_add(i32::from(dy));
            let q_left = t.wrapping_sub(u).wrapping_add(moved_left) > 0;
            let p_left = p.wrapping_add(moved_left) > 0;
            let over_latitude = (ay[i] > qy) ^ (by[i] > qy);
            let over_longitude = (ax[i] >= 0) ^ (bx[i] >= 0);
            let crosses = (over_latitude & (q_left ^ p_left)) ^ (over_longitude & !p_left);
            crossed |= u32::from(crosses) << i;
        }
        crossed & SIX
    }

    /// One bit for every edge that Q lies on.
    fn touched(&self, (qx, qy): (i16, i16)) -> u32 {
        let (ax, ay, bx, by) = (self.row(0), self.row(1), self.row(2), self.row(3));
        let mut touched = 0;
        for i in 0..LINE_EDGES {
            let between = |a: i16, b: i16, v: i16| a.min(b) <= v && v <= a.max(b);
            let from_a =
                |x: i16, y: i16| (i64::from(x) - i64::from(ax[i]), i64::from(y) - i64::from(ay[i]));
            let (d, e) = (from_a(bx[i], by[i]), from_a(qx, qy));
            let on = d != (0, 0)
                && between(ax[i], bx[i], qx)
                && between(ay[i], by[i], qy)
                && d.0 * e.1 == d.1 * e.0;
            touched |= u32::from(on) << i;
        }
        touched
    }

    /// The place of the face beyond R's after the edges' changes.
    #[inline(always)]
    fn place(marks: u32, crossed: u32) -> u32 {
        let parity = |shift: u32| (crossed & marks >> shift).count_ones() & 1;
        parity(CHANGE[0]) | parity(CHANGE[1]) << 1
    }

    /// What a position in no cell gives way to: a touching cell, else a touching blank zone.
    #[inline(never)]
    fn beside_cells(&self, q: (i16, i16), met: FaceId) -> FaceId {
        let (marks, touched) = (self.marks(), self.touched(q));
        let bit = |shift: u32, i: usize| marks >> (shift as usize + i) & 1;
        let rank = |place: u32| {
            let face = self.face(place);
            (!self.is_cell(place), face == FaceId::OUTSIDE, face)
        };
        (0..LINE_EDGES)
            .filter(|i| touched >> i & 1 == 1)
            .flat_map(|i| {
                let left = bit(LEFT[0], i) | bit(LEFT[1], i) << 1;
                [left, left ^ (bit(CHANGE[0], i) | bit(CHANGE[1], i) << 1)]
            })
            .map(rank)
            .min()
            .map_or(met, |(_, _, face)| face)
    }

    /// The face of R.
    pub(super) fn middle_face(&self) -> FaceId {
        self.list().map_or_else(|| self.face(0), |(face, _)| face)
    }

    /// R's face and the place of the edges, if this is a list.
    pub(super) fn list(&self) -> Option<(FaceId, std::ops::Range<usize>)> {
        let [face, start, length] = [0, 1, 2].map(|row| self.long(row) as usize);
        let is_list = self.marks() & LIST != 0;
        is_list.then(|| (FaceId(face as u32), start..start + length))
    }

    /// The face of a position by the border rule: `q` is its offset from the tile's middle,
    /// `listed` the edges of the block's lists.
    #[inline(always)]
    pub(super) fn walk(
        &self,
        partition: &Partition,
        listed: &[Edge],
        q: (i32, i32),
        p: Position,
    ) -> FaceId {
        let marks = self.marks();
        if marks & LIST != 0 {
            return self.walk_list(partition, listed, q, p);
        }
        let q = (q.0 as i16, q.1 as i16);
        let place = Self::place(marks, self.crossed(q));
        let face = self.face(place);
        if self.is_cell(place) { face } else { self.beside_cells(q, face) }
    }

    #[cold]
    fn walk_list(
        &self,
        partition: &Partition,
        listed: &[Edge],
        q: (i32, i32),
        p: Position,
    ) -> FaceId {
        let [face, start, length] = [0, 1, 2].map(|row| self.long(row));
        let edges = &listed[start as usize..(start + length) as usize];
        let q = (2 * i64::from(q.0) + 1, 2 * i64::from(q.1) + 1);
        let at = |v: Position| {
            let of = |v: i32, p: i32| 2 * (i64::from(v) - i64::from(p));
            (of(v.lng_e7, p.lng_e7) + q.0, of(v.lat_e7, p.lat_e7) + q.1)
        };
        let crossed = edges.iter().filter(|edge| walk_crosses(q, at(edge.a), at(edge.b)));
        let met = FaceId(crossed.fold(face, |face, edge| face ^ edge.left.0 ^ edge.right.0));
        if Rank::of(partition, met).is_cell() {
            return met;
        }
        let touching = edges.iter().filter(|edge| exact::on_segment(edge.a, edge.b, p));
        let ranks = touching.flat_map(|e| [e.left, e.right]).map(|f| Rank::of(partition, f));
        ranks.min().map_or(met, |rank| rank.face())
    }
}

/// Whether the moved walk from Q to R crosses a → b, R being left of it; all are doubled
/// offsets from R. The products fit because the line a–b passes through the tile.
#[inline(always)]
fn walk_crosses(q: (i64, i64), a: (i64, i64), b: (i64, i64)) -> bool {
    let cross =
        |u: (i64, i64), v: (i64, i64)| u.0.wrapping_mul(v.1).wrapping_sub(u.1.wrapping_mul(v.0));
    let d = (b.0 - a.0, b.1 - a.1);
    // On the line, the move by (+ε, +ε²) goes left if the edge heads south, or due east.
    let moved_left = (d.1 < 0) | ((d.1 == 0) & (d.0 > 0));
    let q_right = cross(d, q).wrapping_add(cross(a, b)) + i64::from(moved_left) <= 0;
    // A vertex on the walk's line is left of the moved walk if Q lies north of R.
    let tie = i64::from(q.1 < 0);
    q_right & ((cross(q, a) >= tie) != (cross(q, b) >= tie))
}
