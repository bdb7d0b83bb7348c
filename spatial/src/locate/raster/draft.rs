//! A block in the making: from a tile's edges to its entry, line or list.

use super::{
    BLOCK_TILES, Block, MIXED, Slot,
    line::{CELLS, CHANGE, LEFT, LINE_EDGES, LINE_FACES, LIST, Line},
};
use crate::{
    oracle::Edge,
    partition::{Face, FaceId, Partition},
    position::Position,
};
use std::sync::Arc;

/// The middle of a tile, half a unit north-east of R, and half the tile's width.
pub(super) type Middle = ((i64, i64), i64);

/// A block in the making, tile by tile.
pub(super) struct Draft {
    entries: Vec<u32>,
    lines: Vec<Line>,
    listed: Vec<Edge>,
}

impl Draft {
    pub(super) fn new() -> Self {
        let entries = Vec::with_capacity(BLOCK_TILES);
        Self { entries, lines: vec![], listed: vec![] }
    }

    /// A tile inside one face.
    pub(super) fn whole(&mut self, face: FaceId) {
        self.entries.push(face.0);
    }

    /// A tile and the edges that meet it; `face` is R's.
    pub(super) fn tile(
        &mut self,
        partition: &Partition,
        middle: Middle,
        face: FaceId,
        edges: impl Iterator<Item = Edge>,
    ) {
        let edges: Vec<Edge> = edges.map(|edge| seen_from(middle.0, edge)).collect();
        if edges.is_empty() {
            return self.whole(face);
        }
        match line_of(partition, middle, face, &edges) {
            Some(line) => self.line(line),
            None => self.list(face, &edges),
        }
    }

    fn line(&mut self, line: Line) {
        self.entries.push(MIXED | self.lines.len() as u32);
        self.lines.push(line);
    }

    fn list(&mut self, face: FaceId, edges: &[Edge]) {
        let start = self.listed.len() as u32;
        self.listed.extend_from_slice(edges);
        let mut line = Line { words: [0; 32] };
        let longs = [face.0, start, edges.len() as u32, LIST];
        longs.into_iter().enumerate().for_each(|(row, v)| line.set_long(row, v));
        self.line(line);
    }

    /// A tile as it is in another block.
    pub(super) fn copy(&mut self, slot: &Slot, tile: usize) {
        match slot {
            Slot::Whole(face) => self.whole(*face),
            Slot::Block(block) => match block.line(tile) {
                Err(face) => self.whole(face),
                Ok(line) => match line.list() {
                    None => self.line(*line),
                    Some((face, range)) => self.list(face, &block.listed[range]),
                },
            },
        }
    }

    pub(super) fn finish(self) -> Slot {
        if self.lines.is_empty() && self.one_entry() {
            return Slot::Whole(FaceId(self.entries[0]));
        }
        Slot::Block(Arc::new(Block {
            entries: self.entries.try_into().expect("an entry for every tile"),
            lines: self.lines.into(),
            listed: self.listed.into(),
        }))
    }

    fn one_entry(&self) -> bool {
        self.entries.iter().all(|&entry| entry == self.entries[0])
    }
}

/// The edge turned so that the moved R is left of a → b.
fn seen_from(middle: (i64, i64), edge: Edge) -> Edge {
    // Doubled offsets from R, which lies half a unit south-west of `middle`.
    let of = |p: Position| {
        let (x, y) = (i64::from(p.lng_e7) - middle.0, i64::from(p.lat_e7) - middle.1);
        (i128::from(2 * x + 1), i128::from(2 * y + 1))
    };
    let (a, b) = (of(edge.a), of(edge.b));
    let d = (b.0 - a.0, b.1 - a.1);
    let moved_left = d.1 < 0 || d.1 == 0 && d.0 > 0;
    if a.0 * b.1 - a.1 * b.0 + i128::from(moved_left) > 0 {
        edge
    } else {
        Edge { a: edge.b, b: edge.a, left: edge.right, right: edge.left }
    }
}

/// The tile as one cache line, if it fits.
fn line_of(
    partition: &Partition,
    (middle, half): Middle,
    face: FaceId,
    edges: &[Edge],
) -> Option<Line> {
    if edges.len() > LINE_EDGES {
        return None;
    }
    let mut faces = vec![face];
    let mut line = Line { words: [0; 32] };
    let mut marks = 0;
    for (i, edge) in edges.iter().enumerate() {
        let mut place = |face: FaceId| {
            let known = faces.iter().position(|&f| f == face);
            known.unwrap_or_else(|| {
                faces.push(face);
                faces.len() - 1
            }) as u32
        };
        let (left, right) = (place(edge.left), place(edge.right));
        for bit in 0..2 {
            marks |= (left >> bit & 1) << (LEFT[bit] + i as u32);
            marks |= ((left ^ right) >> bit & 1) << (CHANGE[bit] + i as u32);
        }
        let words = short(middle, half, edge)?;
        (0..4).for_each(|row| line.words[8 * row + i] = words[row] as u16);
    }
    if faces.len() > LINE_FACES || faces.iter().any(|face| face.0 >= 1 << 24) {
        return None;
    }
    for (i, face) in faces.iter().enumerate() {
        if i < 3 {
            line.set_long(i, line.long(i) | face.0);
        } else {
            (0..3).for_each(|row| {
                line.set_long(row, line.long(row) | (face.0 >> (8 * row) & 0xff) << 24);
            });
        }
        let is_cell = matches!(partition.faces()[face.index()], Face::Cell { .. });
        marks |= u32::from(is_cell) << (CELLS as usize + i);
    }
    line.set_long(3, marks);
    Some(line)
}

/// The edge as offsets from the tile's middle, if `Line::crossed` can work with them: offsets
/// from Q and the edge's own extent must fit 16 bits, and doubled products 32. These are at most
/// twice the extent times the tile, for the edge's line passes through the tile.
fn short(middle: (i64, i64), half: i64, edge: &Edge) -> Option<[i16; 4]> {
    let offset = |p: Position| (i64::from(p.lng_e7) - middle.0, i64::from(p.lat_e7) - middle.1);
    let (a, b) = (offset(edge.a), offset(edge.b));
    let (dx, dy) = ((b.0 - a.0).abs(), (b.1 - a.1).abs());
    let most = i64::from(i16::MAX);
    let near = [a.0, a.1, b.0, b.1].into_iter().all(|v| v.abs() <= most - half);
    let fits = near && dx.max(dy) <= most && (dx + dy) * (half + 4) < 1 << 29;
    fits.then_some([a.0 as i16, a.1 as i16, b.0 as i16, b.1 as i16])
}
