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
mod change;
mod draft;
mod line;

use crate::{
    oracle::Edge,
    partition::{FaceId, Partition},
    position::Position,
};
use line::Line;
use std::sync::Arc;

/// Tiles along a block's side, as a shift.
const BLOCK_SHIFT: u32 = 6;
/// Tiles in a block.
const BLOCK_TILES: usize = 1 << (2 * BLOCK_SHIFT);
/// Set in the entry of a mixed tile; the rest is the place of its line within the block. Without
/// it, an entry is the tile's face.
const MIXED: u32 = 1 << 31;
/// Positions looked up together in a batch: enough misses in flight to hide their latency.
const BATCH: usize = 256;

/// 64 × 64 tiles, not all in one face.
#[derive(Clone, Debug)]
struct Block {
    entries: [u32; BLOCK_TILES],
    lines: Box<[Line]>,
    listed: Box<[Edge]>,
}

impl Block {
    /// The line of a mixed tile, else the tile's face.
    fn line(&self, tile: usize) -> Result<&Line, FaceId> {
        match self.entries[tile] {
            entry if entry & MIXED == 0 => Err(FaceId(entry)),
            entry => Ok(&self.lines[(entry & !MIXED) as usize]),
        }
    }
}

/// A block, or the face that all of it is in.
#[derive(Clone, Debug)]
enum Slot {
    Whole(FaceId),
    Block(Arc<Block>),
}

/// The index. Its blocks are shared between an index and the ones made from it.
#[derive(Clone, Debug)]
pub(super) struct Raster {
    low: Position,
    shift: u32,
    block_columns: u32,
    block_rows: u32,
    /// Row by row, and one more for what is far outside.
    slots: Vec<Slot>,
}

impl Raster {
    /// The slot of a position's block, and the place of its tile in the block. Everything far
    /// outside has the last slot.
    #[inline(always)]
    fn spot(&self, p: Position) -> (u32, u32) {
        // West or south of the raster wraps to far beyond its other end.
        let column = (p.lng_e7.wrapping_sub(self.low.lng_e7) as u32) >> self.shift;
        let row = (p.lat_e7.wrapping_sub(self.low.lat_e7) as u32) >> self.shift;
        let (block_column, block_row) = (column >> BLOCK_SHIFT, row >> BLOCK_SHIFT);
        let within = (block_column < self.block_columns) & (block_row < self.block_rows);
        let slot = block_row.wrapping_mul(self.block_columns).wrapping_add(block_column);
        let mask = (1 << BLOCK_SHIFT) - 1;
        let tile = (row & mask) << BLOCK_SHIFT | column & mask;
        (if within { slot } else { self.block_columns * self.block_rows }, tile)
    }

    /// Offset of a position from the middle of its tile; R lies half a unit south-west of that.
    #[inline(always)]
    fn offset(&self, p: Position) -> (i32, i32) {
        let mask = (1i32 << self.shift) - 1;
        let half = 1i32 << (self.shift - 1);
        let of = |v: i32, low: i32| (v.wrapping_sub(low) & mask) - half;
        (of(p.lng_e7, self.low.lng_e7), of(p.lat_e7, self.low.lat_e7))
    }

    /// The face of a position by the border rule.
    #[inline]
    pub(super) fn face_of(&self, partition: &Partition, p: Position) -> FaceId {
        let (slot, tile) = self.spot(p);
        match &self.slots[slot as usize] {
            Slot::Whole(face) => *face,
            Slot::Block(block) => match block.line(tile as usize) {
                Err(face) => face,
                Ok(line) => line.walk(partition, &block.listed, self.offset(p), p),
            },
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
        faces.resize(positions.len(), FaceId::OUTSIDE);
        for (positions, faces) in positions.chunks(BATCH).zip(faces.chunks_mut(BATCH)) {
            self.batch(partition, positions, faces);
        }
    }

    /// Up to [`BATCH`] positions. Every pass reads what the pass before it found, for all of
    /// them: reads that do not wait for one another, so the processor has many under way at once.
    fn batch(&self, partition: &Partition, positions: &[Position], faces: &mut [FaceId]) {
        let mut spots = [(0u32, 0u32); BATCH];
        for (spot, &p) in spots.iter_mut().zip(positions) {
            *spot = self.spot(p);
        }
        let mut found: [(Option<&Block>, u32); BATCH] = [(None, 0); BATCH];
        let mut mixed = [0u8; BATCH];
        let mut count = 0;
        for (found, &(slot, tile)) in found.iter_mut().zip(&spots[..positions.len()]) {
            *found = match &self.slots[slot as usize] {
                Slot::Whole(whole) => (None, whole.0),
                Slot::Block(block) => (Some(block), block.entries[tile as usize]),
            };
        }
        for (i, (face, &(_, entry))) in faces.iter_mut().zip(&found).enumerate() {
            // Without a branch, which would be guessed wrong one time in ten.
            *face = FaceId(entry);
            mixed[count] = i as u8;
            count += usize::from(entry & MIXED != 0);
        }
        for &i in &mixed[..count] {
            if let (Some(block), entry) = found[usize::from(i)] {
                std::hint::black_box(block.lines[(entry & !MIXED) as usize].marks());
            }
        }
        for &i in &mixed[..count] {
            let i = usize::from(i);
            if let (Some(block), entry) = found[i] {
                let line = &block.lines[(entry & !MIXED) as usize];
                let q = self.offset(positions[i]);
                faces[i] = line.walk(partition, &block.listed, q, positions[i]);
            }
        }
    }

    /// Bytes it occupies.
    pub(super) fn bytes(&self) -> usize {
        let block = |slot: &Slot| match slot {
            Slot::Whole(_) => 0,
            Slot::Block(block) => {
                size_of::<Block>() + size_of_val(&*block.lines) + size_of_val(&*block.listed)
            }
        };
        self.slots.len() * size_of::<Slot>() + self.slots.iter().map(block).sum::<usize>()
    }
}
