//! Makes the raster of a partition: which tiles every edge meets, and which face every R is in.
//!
//! Work goes band by band, a band being a row of blocks, so that the intermediate lists stay
//! small. The faces come from one sweep a row: along the latitude of the row's middles, every
//! edge crossed changes the face of all middles farther east.

use super::{
    BLOCK_SHIFT, BLOCK_TILES, Raster, Slot,
    draft::{Draft, Middle},
};
use crate::{
    oracle::{self, Edge},
    partition::{FaceId, Partition},
    position::{Position, Window},
};

/// Tiles are no finer than 2^8 units (3 m) and no coarser than 2^20 (12 km).
const SHIFTS: std::ops::RangeInclusive<u32> = 8..=20;
pub(super) const SIDE: u32 = 1 << BLOCK_SHIFT;

impl Raster {
    pub(in crate::locate) fn new(partition: &Partition) -> Self {
        let edges: Vec<Edge> = oracle::edges(partition).collect();
        let points = partition.rows().0.iter().copied();
        let origin = Position::default();
        let window = Window::around(points).unwrap_or(Window { low: origin, high: origin });
        let shift = shift_for(&edges, &window, partition.faces().len());
        let blocks_over = |low: i32, high: i32| (high.wrapping_sub(low) as u32 >> shift) / SIDE + 1;
        let block_columns = blocks_over(window.low.lng_e7, window.high.lng_e7);
        let block_rows = blocks_over(window.low.lat_e7, window.high.lat_e7);
        let mut raster = Self {
            low: window.low,
            shift,
            block_columns,
            block_rows,
            slots: Vec::with_capacity(block_columns as usize * block_rows as usize + 1),
        };
        let bands = raster.edges_by_band(&edges);
        for (row, band) in bands.iter().enumerate() {
            Band::new(&raster, row as u32, band, &edges).append_to(&mut raster, partition);
        }
        raster.slots.push(Slot::Whole(FaceId::OUTSIDE));
        raster
    }

    /// The row of a latitude, or the column of a longitude, among all tiles.
    pub(super) fn tile(&self, v: i32, low: i32) -> u32 {
        (v.wrapping_sub(low) as u32) >> self.shift
    }

    fn edges_by_band(&self, edges: &[Edge]) -> Vec<Vec<u32>> {
        let mut bands = vec![Vec::new(); self.block_rows as usize];
        for (i, edge) in edges.iter().enumerate() {
            let row = |p: Position| self.tile(p.lat_e7, self.low.lat_e7) >> BLOCK_SHIFT;
            let (a, b) = (row(edge.a), row(edge.b));
            for band in a.min(b)..=a.max(b) {
                bands[band as usize].push(i as u32);
            }
        }
        bands
    }

    /// The south-west corner of a tile.
    pub(super) fn corner(&self, column: u32, row: u32) -> (i64, i64) {
        let at = |low: i32, tile: u32| i64::from(low) + (i64::from(tile) << self.shift);
        (at(self.low.lng_e7, column), at(self.low.lat_e7, row))
    }

    /// The middle of a tile, and half its width.
    pub(super) fn middle(&self, column: u32, row: u32) -> Middle {
        let half = 1i64 << (self.shift - 1);
        let corner = self.corner(column, row);
        ((corner.0 + half, corner.1 + half), half)
    }
}

/// The finest tiles whose number stays in proportion to what there is to store: per edge and
/// per face, however far apart the parts lie and however large the whole is.
fn shift_for(edges: &[Edge], window: &Window, faces: usize) -> u32 {
    let span = |a: i32, b: i32| i64::from(a).abs_diff(i64::from(b)) as f64;
    let length: f64 =
        edges.iter().map(|e| span(e.a.lng_e7, e.b.lng_e7) + span(e.a.lat_e7, e.b.lat_e7)).sum();
    let width = span(window.low.lng_e7, window.high.lng_e7);
    let height = span(window.low.lat_e7, window.high.lat_e7);
    let (edges, faces) = (edges.len() as f64, faces as f64);
    let fits = |shift: u32| {
        let tile = f64::from(1u32 << shift);
        let block = tile * f64::from(SIDE);
        let mixed = length / tile;
        let blocks = (width / block + 1.0) * (height / block + 1.0);
        let spelled_out = (blocks * BLOCK_TILES as f64).min(mixed * f64::from(SIDE));
        mixed <= 65_536.0 + 64.0 * faces + 4.0 * edges
            && spelled_out <= 65_536.0 + 256.0 * faces + 8.0 * edges
            && blocks <= 1_048_576.0 + 64.0 * faces
    };
    SHIFTS.clone().find(|&shift| fits(shift)).unwrap_or(*SHIFTS.end())
}

/// One row of blocks in the making.
pub(super) struct Band<'a> {
    edges: &'a [Edge],
    row: u32,
    /// (block column, tile in its block, edge), sorted.
    pub(super) met: Vec<(u64, u32)>,
    /// By row of tiles: (first column whose middle is east of the crossing, left ^ right).
    pub(super) turns: Vec<Vec<(u32, u32)>>,
}

impl<'a> Band<'a> {
    pub(super) fn new(raster: &Raster, row: u32, members: &[u32], edges: &'a [Edge]) -> Self {
        let turns = vec![Vec::new(); SIDE as usize];
        let mut band = Self { edges, row, met: Vec::with_capacity(members.len() * 3), turns };
        for &i in members {
            band.rasterise(raster, i);
        }
        band.met.sort_unstable();
        band.turns.iter_mut().for_each(|turns| turns.sort_unstable());
        band
    }

    /// Notes the tiles of this band that the edge meets (a few more do no harm), and where it
    /// crosses the latitudes of the middles.
    fn rasterise(&mut self, raster: &Raster, index: u32) {
        let edge = &self.edges[index as usize];
        let (a, b) =
            if edge.a.lat_e7 <= edge.b.lat_e7 { (edge.a, edge.b) } else { (edge.b, edge.a) };
        let first = raster.tile(a.lat_e7, raster.low.lat_e7).max(self.row << BLOCK_SHIFT);
        let last = raster.tile(b.lat_e7, raster.low.lat_e7).min((self.row + 1) * SIDE - 1);
        let (ax, ay) = (i64::from(a.lng_e7), i64::from(a.lat_e7));
        let (bx, by) = (i64::from(b.lng_e7), i64::from(b.lat_e7));
        let slope = if by > ay { (bx - ax) as f64 / (by - ay) as f64 } else { 0.0 };
        for row in first..=last {
            let south = raster.corner(0, row).1;
            let north = south + (1 << raster.shift) - 1;
            // Where the edge is within the row; doubles are within 1e-5 of it.
            let x_at = |y: i64| ax as f64 + (y - ay) as f64 * slope;
            let enters = if south <= ay { ax as f64 } else { x_at(south) };
            let leaves = if north >= by { bx as f64 } else { x_at(north) };
            let west = (enters.min(leaves).floor() as i64 - 1).max(ax.min(bx)) as i32;
            let east = (enters.max(leaves).ceil() as i64 + 1).min(ax.max(bx)) as i32;
            let column = |x: i32| raster.tile(x, raster.low.lng_e7);
            for column in column(west)..=column(east) {
                let tile = (row & (SIDE - 1)) << BLOCK_SHIFT | column & (SIDE - 1);
                let block = u64::from(column >> BLOCK_SHIFT);
                self.met.push((block << (2 * BLOCK_SHIFT) | u64::from(tile), index));
            }
            // The middles' latitude, doubled, is odd: no vertex lies on it.
            let middle = 2 * south + (1 << raster.shift) - 1;
            if 2 * ay < middle && middle < 2 * by {
                let column = first_east(raster, (ax, ay), (bx, by), middle);
                let turn = edge.left.0 ^ edge.right.0;
                self.turns[(row & (SIDE - 1)) as usize].push((column, turn));
            }
        }
    }

    /// Writes the band's blocks.
    fn append_to(self, raster: &mut Raster, partition: &Partition) {
        let mut met = &self.met[..];
        let mut sweeps: Vec<Sweep<'_>> = self.turns.iter().map(|t| Sweep::new(t)).collect();
        for column in 0..raster.block_columns {
            let next = u64::from(column + 1) << (2 * BLOCK_SHIFT);
            let count = met.partition_point(|&(tile, _)| tile < next);
            if count == 0 {
                // No edge within: the face of one middle is that of all.
                raster.slots.push(Slot::Whole(sweeps[0].face_at(column * SIDE)));
                continue;
            }
            let (mut here, rest) = met.split_at(count);
            met = rest;
            let mut draft = Draft::new();
            for tile in 0..BLOCK_TILES as u32 {
                let (x, y) = (column * SIDE + tile % SIDE, self.row * SIDE + tile / SIDE);
                let face = sweeps[(tile / SIDE) as usize].face_at(x);
                let same = |met: u64| met % BLOCK_TILES as u64 == u64::from(tile);
                let count = here.iter().take_while(|&&(met, _)| same(met)).count();
                let (edges, rest) = here.split_at(count);
                here = rest;
                let edges = edges.iter().map(|&(_, i)| self.edges[i as usize]);
                draft.tile(partition, raster.middle(x, y), face, edges);
            }
            raster.slots.push(draft.finish());
        }
    }
}

/// The faces of the middles of a row of tiles, from west to east.
struct Sweep<'a> {
    turns: &'a [(u32, u32)],
    face: u32,
}

impl<'a> Sweep<'a> {
    fn new(turns: &'a [(u32, u32)]) -> Self {
        Self { turns, face: FaceId::OUTSIDE.0 }
    }

    /// Columns must be asked from west to east.
    fn face_at(&mut self, column: u32) -> FaceId {
        while let Some((&(at, turn), rest)) = self.turns.split_first() {
            if at > column {
                break;
            }
            self.face ^= turn;
            self.turns = rest;
        }
        FaceId(self.face)
    }
}

/// The first column whose moved middle lies east of where a → b (a south of b) crosses the
/// doubled latitude; exact.
fn first_east(raster: &Raster, a: (i64, i64), b: (i64, i64), middle: i64) -> u32 {
    let first = 2 * raster.corner(0, 0).0 + (1 << raster.shift) - 1;
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    // Column = ceil((x - first) / (2 · tile)), x = 2 a.0 + (middle - 2 a.1) dx / dy; on the
    // middle counts as west of it, for the middle is moved east.
    let (west, up, wide) = (2 * a.0 - first, middle - 2 * a.1, 2i64 << raster.shift);
    let small = |v: i64| v.abs() < 1 << 28;
    let column = if small(dx) && small(dy) {
        let (over, under) = (west * dy + up * dx, wide * dy);
        -(-over).div_euclid(under)
    } else {
        let [west, up, dx, dy, wide] = [west, up, dx, dy, wide].map(i128::from);
        -((-(west * dy + up * dx)).div_euclid(wide * dy)) as i64
    };
    column.max(0) as u32
}
