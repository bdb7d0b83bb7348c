//! The raster of tiles: the face of a position in one or two memory accesses, exactly.
//!
//! Tiles are 2^shift units wide and found by a shift; 64 × 64 of them make a block, and a block
//! inside one face is not spelled out. A tile inside one face stores the face. A mixed tile has
//! one cache line: the face at the tile's middle R and up to six edges as offsets from it. The
//! face of Q is found by walking Q → R and changing sides at every edge crossed: each edge's
//! (left, right) pair maps the face behind it to the one before it, the product telescopes, and
//! no polygon is tested. Fuller tiles, and edges too long for the offsets, go to a list.
//!
//! **Exactness.** Coordinates are doubled and R is odd, so R is no vertex; Q and R are moved by
//! the same (+ε, +ε²) of the border rule, which settles every tie: the moved walk passes through
//! no vertex, and neither end lies on an edge. All products are exact integers.

mod build;

use crate::{
    exact,
    oracle::{Edge, Rank},
    partition::{FaceId, Partition},
    position::Position,
};

/// Tiles along a block's side, as a shift.
const BLOCK_SHIFT: u32 = 6;
/// Tiles in a block.
const BLOCK_TILES: usize = 1 << (2 * BLOCK_SHIFT);
/// Set in an entry that is an index and not a face.
const INDEX: u32 = 1 << 31;
/// Edges on a line.
const LINE_EDGES: usize = 6;
/// Faces on a line.
const LINE_FACES: usize = 4;
/// Positions looked up together in a batch: enough misses in flight to hide their latency.
const BATCH: usize = 64;

/// A mixed tile: one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line {
    /// a.lng, a.lat, b.lng, b.lat as offsets from the tile's middle; R is left of a → b. Unused
    /// edges are all zero and never crossed.
    edges: [[i16; 4]; LINE_EDGES],
    /// Up to four faces of 24 bits, the first is R's. Of a list: R's face, start, length.
    faces: [u32; 3],
    /// Four bits an edge: its left and right face's place in `faces`; then one bit a face: it is
    /// a cell; the top bit: this is a list.
    sides: u32,
}

impl Line {
    fn face(&self, i: u32) -> FaceId {
        let [a, b, c] = self.faces;
        let all = u128::from(a) | u128::from(b) << 32 | u128::from(c) << 64;
        FaceId((all >> (24 * i)) as u32 & 0xff_ffff)
    }

    fn is_cell(&self, i: u32) -> bool {
        self.sides >> (4 * LINE_EDGES as u32 + i) & 1 == 1
    }

    fn is_list(&self) -> bool {
        self.sides & INDEX != 0
    }
}

/// An edge of an overflow list, R on its left.
type Listed = Edge;

#[derive(Clone, Debug)]
pub(super) struct Raster {
    low: Position,
    shift: u32,
    block_columns: u32,
    block_rows: u32,
    blocks: Vec<u32>,
    tiles: Vec<u32>,
    lines: Vec<Line>,
    listed: Vec<Listed>,
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

/// Where the entry of a position is, and the position's place in its tile.
enum Entry {
    Face(FaceId),
    Line(u32),
}

impl Raster {
    /// The tile's entry, or the face of the whole block.
    #[inline(always)]
    fn entry(&self, p: Position) -> Entry {
        match self.spot(p) {
            Ok(at) => Self::read(self.tiles[at]),
            Err(face) => Entry::Face(face),
        }
    }

    #[inline(always)]
    fn read(entry: u32) -> Entry {
        if entry & INDEX == 0 { Entry::Face(FaceId(entry)) } else { Entry::Line(entry & !INDEX) }
    }

    /// The index of the tile, or the face of the whole block.
    #[inline(always)]
    fn spot(&self, p: Position) -> Result<usize, FaceId> {
        // West or south of the raster wraps to far beyond its other end.
        let column = (p.lng_e7.wrapping_sub(self.low.lng_e7) as u32) >> self.shift;
        let row = (p.lat_e7.wrapping_sub(self.low.lat_e7) as u32) >> self.shift;
        let (block_column, block_row) = (column >> BLOCK_SHIFT, row >> BLOCK_SHIFT);
        if block_column >= self.block_columns || block_row >= self.block_rows {
            return Err(FaceId::OUTSIDE);
        }
        let block = self.blocks[(block_row * self.block_columns + block_column) as usize];
        if block & INDEX == 0 {
            return Err(FaceId(block));
        }
        let mask = (1 << BLOCK_SHIFT) - 1;
        let tile = (row & mask) << BLOCK_SHIFT | column & mask;
        Ok(((block & !INDEX) as usize) << (2 * BLOCK_SHIFT) | tile as usize)
    }

    /// Doubled offset of a position from the middle R of its tile; odd.
    #[inline(always)]
    fn offset(&self, p: Position) -> (i64, i64) {
        let mask = (1u32 << self.shift) - 1;
        let half = 1i64 << (self.shift - 1);
        let of = |v: i32, low: i32| 2 * (i64::from(v.wrapping_sub(low) as u32 & mask) - half) + 1;
        (of(p.lng_e7, self.low.lng_e7), of(p.lat_e7, self.low.lat_e7))
    }

    /// The face of a position by the border rule.
    #[inline]
    pub(super) fn face_of(&self, partition: &Partition, p: Position) -> FaceId {
        match self.entry(p) {
            Entry::Face(face) => face,
            Entry::Line(line) => self.walk(partition, line, p),
        }
    }

    /// The same for many; `faces` gets as many as there are positions.
    pub(super) fn faces_of(
        &self,
        partition: &Partition,
        positions: &[Position],
        faces: &mut Vec<FaceId>,
    ) {
        faces.clear();
        faces.reserve(positions.len());
        let mut entries = [0u32; BATCH];
        for chunk in positions.chunks(BATCH) {
            // Reads that do not wait for one another: the processor has many under way at once.
            for (entry, &p) in entries.iter_mut().zip(chunk) {
                *entry = match self.spot(p) {
                    Ok(at) => self.tiles[at],
                    Err(face) => face.0,
                };
            }
            for &entry in &entries[..chunk.len()] {
                if entry & INDEX != 0 {
                    std::hint::black_box(self.lines[(entry & !INDEX) as usize].sides);
                }
            }
            for (&entry, &p) in entries.iter().zip(chunk) {
                faces.push(match Self::read(entry) {
                    Entry::Face(face) => face,
                    Entry::Line(line) => self.walk(partition, line, p),
                });
            }
        }
    }

    #[inline]
    fn walk(&self, partition: &Partition, line: u32, p: Position) -> FaceId {
        let line = &self.lines[line as usize];
        if line.is_list() {
            return self.walk_list(partition, line, p);
        }
        let q = self.offset(p);
        let mut at = 0; // R's face
        for (i, edge) in line.edges.iter().enumerate() {
            let [ax, ay, bx, by] = edge.map(|v| 2 * i64::from(v) + 1);
            let sides = line.sides >> (4 * i);
            // left ^ right leads from either to the other
            let change = (sides ^ sides >> 2) & 3;
            at ^= if walk_crosses(q, (ax, ay), (bx, by)) { change } else { 0 };
        }
        if line.is_cell(at) { line.face(at) } else { Self::touched(line, q, at) }
    }

    /// A position in no cell: a touching cell, or else a touching blank zone, is its face.
    #[cold]
    fn touched(line: &Line, q: (i64, i64), met: u32) -> FaceId {
        let rank = |i: u32| {
            let face = line.face(i);
            (!line.is_cell(i), face == FaceId::OUTSIDE, face)
        };
        let mut best = None;
        for (i, edge) in line.edges.iter().enumerate() {
            let [ax, ay, bx, by] = edge.map(|v| 2 * i64::from(v) + 1);
            let between = |a: i64, b: i64, v: i64| a.min(b) <= v && v <= a.max(b);
            let on = between(ax, bx, q.0)
                && between(ay, by, q.1)
                && (bx - ax) * (q.1 - ay) == (by - ay) * (q.0 - ax);
            if on && (ax, ay) != (bx, by) {
                let sides = line.sides >> (4 * i);
                let lower = rank(sides & 3).min(rank(sides >> 2 & 3));
                best = Some(best.map_or(lower, |best| lower.min(best)));
            }
        }
        best.map_or(line.face(met), |(_, _, face)| face)
    }

    #[cold]
    fn walk_list(&self, partition: &Partition, line: &Line, p: Position) -> FaceId {
        let [face, start, length] = line.faces;
        let edges = &self.listed[start as usize..(start + length) as usize];
        let q = self.offset(p);
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

    /// Bytes it occupies.
    pub(super) fn bytes(&self) -> usize {
        (self.blocks.len() + self.tiles.len()) * size_of::<u32>()
            + self.lines.len() * size_of::<Line>()
            + self.listed.len() * size_of::<Listed>()
    }
}
