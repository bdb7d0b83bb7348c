//! The engines: ours in its ways of asking, and the rivals on the same cells and points.

use geo::{Contains, LineString, Point, Polygon};
use rstar::{AABB, RTree, RTreeObject};
use spatial::{FaceId, Locator, Partition, Position};
use std::collections::HashMap;

/// The cells of a partition as single rings, as the rivals want them.
pub type Rings = Vec<(FaceId, Vec<Position>)>;

/// The outer ring of every cell (cells in one part without holes only).
pub fn rings(partition: &Partition) -> Rings {
    let mut next: HashMap<(FaceId, Position), Vec<Position>> = HashMap::new();
    for arc in partition.arcs() {
        let reversed: Vec<Position> = arc.points.iter().rev().copied().collect();
        next.insert((arc.left, arc.points[0]), arc.points.to_vec());
        next.insert((arc.right, reversed[0]), reversed);
    }
    let mut starts: Vec<_> = next.keys().copied().filter(|k| k.0 != FaceId::OUTSIDE).collect();
    starts.sort_unstable();
    starts.dedup_by_key(|k| k.0);
    let ring = |(face, start)| {
        let mut ring = vec![start];
        while ring.len() == 1 || ring[ring.len() - 1] != start {
            let line = &next[&(face, ring[ring.len() - 1])];
            ring.extend_from_slice(&line[1..]);
        }
        (face, ring)
    };
    starts.into_iter().map(ring).collect()
}

/// Something that finds the faces of points; it is given time to prepare what it likes.
pub trait Engine {
    /// What the table calls it.
    fn name(&self) -> String;
    /// The faces of the points, in order; 0 for none.
    fn faces_of(&self, positions: &[Position], faces: &mut Vec<FaceId>);
}

/// Ours, one position after the other.
pub struct OneByOne<'a>(pub &'a Locator);

impl Engine for OneByOne<'_> {
    fn name(&self) -> String {
        "spatial, one at a time".into()
    }

    fn faces_of(&self, positions: &[Position], faces: &mut Vec<FaceId>) {
        faces.clear();
        faces.extend(positions.iter().map(|&p| self.0.face_of(p)));
    }
}

/// Ours, in batches.
pub struct Batches<'a>(pub &'a Locator);

impl Engine for Batches<'_> {
    fn name(&self) -> String {
        "spatial, batches".into()
    }

    fn faces_of(&self, positions: &[Position], faces: &mut Vec<FaceId>) {
        self.0.faces_of(positions, faces);
    }
}

/// A cell as `geo` knows it, in an R-tree of `rstar`.
struct Cell {
    face: FaceId,
    polygon: Polygon<f64>,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Cell {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

/// `rstar` over the cells' boxes, then `geo::Contains`.
pub struct RstarGeo(RTree<Cell>);

impl RstarGeo {
    pub fn new(rings: &Rings) -> Self {
        let cell = |(face, ring): &(FaceId, Vec<Position>)| {
            let at: Vec<[f64; 2]> = ring.iter().map(|p| [p.lng_deg(), p.lat_deg()]).collect();
            let envelope = AABB::from_points(at.iter());
            let line: LineString<f64> = at.into();
            Cell { face: *face, polygon: Polygon::new(line, vec![]), envelope }
        };
        Self(RTree::bulk_load(rings.iter().map(cell).collect()))
    }
}

impl Engine for RstarGeo {
    fn name(&self) -> String {
        "rstar + geo contains".into()
    }

    fn faces_of(&self, positions: &[Position], faces: &mut Vec<FaceId>) {
        faces.clear();
        faces.extend(positions.iter().map(|p| {
            let at = [p.lng_deg(), p.lat_deg()];
            let point = Point::new(at[0], at[1]);
            self.0
                .locate_in_envelope_intersecting(AABB::from_point(at))
                .find(|cell| cell.polygon.contains(&point))
                .map_or(FaceId::OUTSIDE, |cell| cell.face)
        }));
    }
}
