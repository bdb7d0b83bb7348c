//! Who answers for a place: total, exact look-ups on a partition.
//!
//! Every position gets an answer (`Located`), by the border rule of [`crate::partition`]; metres
//! come from [`crate::metric`]. Build one [`Locator`] per partition and share it.

mod near;
mod raster;
mod shares;
mod tree;

use crate::{
    metric::{self, Local},
    partition::{Face, FaceId, Partition},
    position::{Position, Window},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

/// Why a cell answers for a position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    /// In the cell, farther than the tolerance from every other cell's responsibility.
    Inside,
    /// In the cell, but another cell's responsibility is at most [`Tolerances::border_m`] away.
    Border,
    /// In a blank zone (`Located::face`) that the cell owns.
    BlankZone,
    /// Outside the jurisdiction, the cell being the nearest within [`Tolerances::near_m`].
    OutsideNear,
    /// Outside and not near: the nearest cell is named, the centre's duty desk answers.
    Outside,
}

/// How near is near, in metres on the ground.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tolerances {
    /// [`Basis::Border`] when another cell's responsibility is at most this far away.
    pub border_m: f64,
    /// [`Basis::OutsideNear`] when the nearest cell is at most this far away.
    pub near_m: f64,
}

impl Default for Tolerances {
    fn default() -> Self {
        Self { border_m: 1.0, near_m: 50.0 }
    }
}

/// The answer for one position.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Located {
    /// The face the position is in.
    pub face: FaceId,
    /// The cell that answers; `None` only where the partition has no cells.
    pub cell: Option<FaceId>,
    /// Why it does.
    pub basis: Basis,
    /// Metres to the nearest border of the answering cell's responsibility (the border of a
    /// blank zone with its own owner is none). Beyond 100 km outside, along the great circle on a
    /// sphere (within 0.6 %). `None` only where there is no such border.
    pub distance_m: Option<f64>,
    /// The nearest cell that does not answer, and the metres to its responsibility; `None` when
    /// there is no other cell. Beyond 100 km outside nothing is next door: `None`.
    pub neighbour: Option<(FaceId, f64)>,
}

/// Farther away than this, in metres, a flat map says nothing about a distance.
const FAR_M: f64 = 100_000.0;

/// Answers for one partition. Costs: see `benches/locate.rs`.
#[derive(Clone, Debug)]
pub struct Locator {
    partition: Arc<Partition>,
    raster: raster::Raster,
    /// Made on first use after an edit: face look-ups do not need it.
    tree: OnceLock<tree::Tree>,
    patches: Arc<near::Patches>,
    window: Window,
}

impl Locator {
    /// Indexes a partition.
    pub fn new(partition: Arc<Partition>) -> Self {
        let raster = raster::Raster::new(&partition);
        let tree = OnceLock::from(tree::Tree::new(&partition));
        let window = window_of(&partition);
        let patches = Arc::new(near::Patches::new(&window, partition.faces().len()));
        Self { partition, raster, tree, patches, window }
    }

    /// The locator of the partition after an edit: one with the same faces in the same order,
    /// whose edges differ from this one's only within the window (of the old and the new edges).
    ///
    /// Only the tiles of the window are indexed again, the others are shared with this locator;
    /// the tree behind distances and windows is made when it is first asked. If the number of
    /// faces has changed or the window leaves the indexed area, everything is indexed anew.
    pub fn after_edit(&self, partition: Arc<Partition>, window: &Window) -> Self {
        let same_faces = partition.faces().len() == self.partition.faces().len();
        match self.raster.changed(&partition, window).filter(|_| same_faces) {
            Some(raster) => {
                let window = window_of(&partition);
                let patches = Arc::new(near::Patches::new(&window, partition.faces().len()));
                Self { partition, raster, tree: OnceLock::new(), patches, window }
            }
            None => Self::new(partition),
        }
    }

    fn tree(&self) -> &tree::Tree {
        self.tree.get_or_init(|| tree::Tree::new(&self.partition))
    }

    /// The partition it answers for.
    pub fn partition(&self) -> &Arc<Partition> {
        &self.partition
    }

    /// The smallest window around the partition.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The face of a position by the border rule; exact, for every position.
    pub fn face_of(&self, p: Position) -> FaceId {
        self.raster.face_of(&self.partition, p)
    }

    /// The faces of many positions, in their order, in place of what `faces` held.
    pub fn faces_of(&self, positions: &[Position], faces: &mut Vec<FaceId>) {
        self.raster.faces_of(&self.partition, positions, faces);
    }

    /// Who answers for a position, why, and who is next door. Never fails.
    pub fn locate(&self, p: Position, tolerances: &Tolerances) -> Located {
        let face = self.face_of(p);
        let answering = self.partition.responsible(face);
        let near = self.nearest(p, answering);
        let [first, second] = near.cells;
        let (cell, basis, distance_m, neighbour) = match (answering, first) {
            (Some(cell), _) => {
                let basis = match first {
                    _ if matches!(self.partition.faces()[face.index()], Face::BlankZone { .. }) => {
                        Basis::BlankZone
                    }
                    Some((_, away_m)) if away_m <= tolerances.border_m => Basis::Border,
                    _ => Basis::Inside,
                };
                (Some(cell), basis, near.own_m, first)
            }
            (None, Some((cell, away_m))) if away_m <= FAR_M => {
                let near = away_m <= tolerances.near_m;
                let basis = if near { Basis::OutsideNear } else { Basis::Outside };
                (Some(cell), basis, Some(away_m), second)
            }
            (None, Some((cell, _))) => {
                let away_m = near.foot.map(|(_, foot)| metric::great_circle_m(p, foot));
                (Some(cell), Basis::Outside, away_m, None)
            }
            (None, None) => (None, Basis::Outside, None, None),
        };
        Located { face, cell, basis, distance_m, neighbour }
    }

    /// The two nearest cells that do not answer, and how far the answering one's border is.
    fn nearest(&self, p: Position, answering: Option<FaceId>) -> near::Near {
        let listed = self.patches.near(self.tree(), &self.partition, p, answering);
        listed.unwrap_or_else(|| near::in_tree(self.tree(), &self.partition, p, answering))
    }

    /// Each cell's share of the disc of `radius_m` around an uncertain position, blank zones
    /// counted for their owners, greatest first (ties: lower id). What the shares lack to 1 is
    /// outside the jurisdiction.
    ///
    /// Areas are exact on the flat map around the position ([`Local`]) up to rounding (1e-9);
    /// its scale is off by tan φ · r / 6 400 km at the rim, 1e-4 at 1 km.
    pub fn shares(&self, p: Position, radius_m: f64) -> Vec<(FaceId, f64)> {
        let mut cells: BTreeMap<FaceId, f64> = BTreeMap::new();
        for (face, share) in self.face_shares(p, radius_m) {
            if let Some(cell) = self.partition.responsible(face) {
                *cells.entry(cell).or_default() += share;
            }
        }
        let mut shares: Vec<_> = cells.into_iter().collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shares
    }

    /// Every face's share of the disc, the outside's and blank zones' own included, by face;
    /// the shares sum to 1. A radius that is not positive gives the face itself.
    pub fn face_shares(&self, p: Position, radius_m: f64) -> Vec<(FaceId, f64)> {
        let centre = self.face_of(p);
        if !(radius_m > 0.0 && radius_m.is_finite()) {
            return vec![(centre, 1.0)];
        }
        let map = Local::at(p);
        let mut edges = Vec::new();
        self.tree().in_window(&self.partition, &map.window(radius_m), |_, edge| edges.push(edge));
        shares::of_disc(&map, radius_m, centre, edges.into_iter())
    }

    /// Every cell with some of its responsibility within `radius_m`, nearest first, with the
    /// metres to it (0 for the one that answers).
    pub fn candidates(&self, p: Position, radius_m: f64) -> Vec<(FaceId, f64)> {
        let mut cells: BTreeMap<FaceId, f64> = BTreeMap::new();
        let answering = self.partition.responsible(self.face_of(p));
        cells.extend(answering.map(|cell| (cell, 0.0)));
        let map = Local::at(p);
        self.tree().in_window(&self.partition, &map.window(radius_m), |_, edge| {
            let away_m = map.to_segment_m(edge.a, edge.b);
            let sides = near::parted(&self.partition, edge.left, edge.right)
                .into_iter()
                .flatten()
                .flatten();
            for cell in sides.filter(|_| away_m <= radius_m) {
                let known_m = cells.entry(cell).or_insert(away_m);
                *known_m = known_m.min(away_m);
            }
        });
        let mut cells: Vec<_> = cells.into_iter().collect();
        cells.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        cells
    }

    /// Every face with a point in the closed window, by id; the outside included if it has one.
    pub fn faces_in(&self, window: &Window) -> Vec<FaceId> {
        let mut faces = vec![self.face_of(window.low)];
        self.tree()
            .in_window(&self.partition, window, |_, edge| faces.extend([edge.left, edge.right]));
        faces.sort_unstable();
        faces.dedup();
        faces
    }

    /// The indices of the arcs with a point in the closed window, ascending.
    pub fn arcs_in(&self, window: &Window) -> Vec<u32> {
        let mut arcs = Vec::new();
        self.tree().in_window(&self.partition, window, |arc, _| arcs.push(arc));
        arcs.sort_unstable();
        arcs.dedup();
        arcs
    }

    /// The vertex of the partition nearest to `p` within `radius_m`, with the metres to it: what
    /// a planner's hand takes hold of.
    pub fn vertex_near(&self, p: Position, radius_m: f64) -> Option<(Position, f64)> {
        let map = Local::at(p);
        let mut best: Option<(f64, Position)> = None;
        self.tree().in_window(&self.partition, &map.window(radius_m), |_, edge| {
            for vertex in [edge.a, edge.b] {
                let found = (map.distance_m(vertex), vertex);
                if found.0 <= radius_m && best.is_none_or(|best| found < best) {
                    best = Some(found);
                }
            }
        });
        best.map(|(away_m, vertex)| (vertex, away_m))
    }

    /// Bytes that `face_of` and `faces_of` read, and bytes of the rest of the index (nearness,
    /// windows, shares), both without the partition itself.
    pub fn bytes(&self) -> (usize, usize) {
        (self.raster.bytes(), self.tree().bytes() + self.patches.bytes())
    }
}

/// The smallest window around a partition; a point at the origin for an empty one.
fn window_of(partition: &Partition) -> Window {
    let origin = Window { low: Position::default(), high: Position::default() };
    Window::around(partition.rows().0.iter().copied()).unwrap_or(origin)
}
