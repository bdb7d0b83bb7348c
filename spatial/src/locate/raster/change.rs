//! Re-indexing after a local edit: only the tiles the edit can have touched are made again.

use super::{
    BLOCK_SHIFT, BLOCK_TILES, Raster, Slot,
    build::{Band, SIDE},
    draft::Draft,
};
use crate::{
    oracle::{self, Edge},
    partition::{FaceId, Partition},
    position::{Position, Window},
};
use std::ops::RangeInclusive;

impl Raster {
    /// The index of a partition with the same faces whose edges differ from those indexed here
    /// only within the window; `None` if the window leaves the raster.
    ///
    /// Cost: one look at every edge, then the tiles of the window; other blocks are shared.
    pub(in crate::locate) fn changed(
        &self,
        partition: &Partition,
        window: &Window,
    ) -> Option<Self> {
        let columns = self.tiles(self.low.lng_e7, window.low.lng_e7, window.high.lng_e7);
        let rows = self.tiles(self.low.lat_e7, window.low.lat_e7, window.high.lat_e7);
        let wide = self.block_columns * SIDE;
        if columns.is_empty() || rows.is_empty() {
            return None;
        }
        if *columns.end() >= wide || *rows.end() >= self.block_rows * SIDE {
            return None;
        }
        // From the last middles west of the window on: their faces have not changed.
        let low = self.corner(columns.start().saturating_sub(1), *rows.start());
        let high = self.corner(columns.end() + 1, rows.end() + 1);
        let clamp = |v: i64| v.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        let area = Window {
            low: Position::new(clamp(low.0), clamp(low.1)),
            high: Position::new(clamp(high.0), clamp(high.1)),
        };
        let reaches = |e: &Edge| Window::around([e.a, e.b]).is_some_and(|own| own.meets(&area));
        let edges: Vec<Edge> = oracle::edges(partition).filter(reaches).collect();
        let members: Vec<u32> = (0..edges.len() as u32).collect();
        let mut next = self.clone();
        for block_row in rows.start() >> BLOCK_SHIFT..=rows.end() >> BLOCK_SHIFT {
            let band = Band::new(self, block_row, &members, &edges);
            for block_column in columns.start() >> BLOCK_SHIFT..=columns.end() >> BLOCK_SHIFT {
                let slot = (block_row * self.block_columns + block_column) as usize;
                let at = (block_column, block_row);
                next.slots[slot] =
                    self.block_again(partition, &band, at, (&columns, &rows), &edges);
            }
        }
        Some(next)
    }

    /// The tiles from one coordinate to another; empty west or south of the raster.
    fn tiles(&self, start: i32, low: i32, high: i32) -> RangeInclusive<u32> {
        if low < start || high < low {
            return RangeInclusive::new(1, 0);
        }
        self.tile(low, start)..=self.tile(high, start)
    }

    /// A block with the tiles of the given columns and rows made again, the others copied.
    fn block_again(
        &self,
        partition: &Partition,
        band: &Band<'_>,
        (block_column, block_row): (u32, u32),
        (columns, rows): (&RangeInclusive<u32>, &RangeInclusive<u32>),
        edges: &[Edge],
    ) -> Slot {
        let old = &self.slots[(block_row * self.block_columns + block_column) as usize];
        let mut draft = Draft::new();
        for tile in 0..BLOCK_TILES as u32 {
            let (x, y) = (block_column * SIDE + tile % SIDE, block_row * SIDE + tile / SIDE);
            if !columns.contains(&x) || !rows.contains(&y) {
                draft.copy(old, tile as usize);
                continue;
            }
            let first = *columns.start();
            let west = if first == 0 { FaceId::OUTSIDE } else { self.middle_face(first - 1, y) };
            let turns = band.turns[(tile / SIDE) as usize].iter();
            let turns = turns.filter(|&&(column, _)| (first..=x).contains(&column));
            let face = FaceId(turns.fold(west.0, |face, &(_, turn)| face ^ turn));
            let key = u64::from(block_column) << (2 * BLOCK_SHIFT) | u64::from(tile);
            let from = band.met.partition_point(|&(met, _)| met < key);
            let here = band.met[from..].iter().take_while(|&&(met, _)| met == key);
            let here = here.map(|&(_, i)| edges[i as usize]);
            draft.tile(partition, self.middle(x, y), face, here);
        }
        draft.finish()
    }

    /// The face of the middle of a tile.
    fn middle_face(&self, column: u32, row: u32) -> FaceId {
        let (block_column, block_row) = (column >> BLOCK_SHIFT, row >> BLOCK_SHIFT);
        let tile = ((row % SIDE) << BLOCK_SHIFT) | (column % SIDE);
        match &self.slots[(block_row * self.block_columns + block_column) as usize] {
            Slot::Whole(face) => *face,
            Slot::Block(block) => match block.line(tile as usize) {
                Ok(line) => line.middle_face(),
                Err(face) => face,
            },
        }
    }
}
