//! The slow truth: which face a point is in, straight from the definition, in exact integers.
//!
//! Nothing here is clever, so that the fast index can be held against it. The moved point of the
//! border rule (see [`crate::partition`]) sends a ray east and every face counts how often its
//! own border is crossed; a face with an odd count holds the point.

use crate::{
    exact,
    partition::{Face, FaceId, Partition},
    position::Position,
};
use std::cmp::Ordering;

/// One edge of a partition with the faces it parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// Where it starts.
    pub a: Position,
    /// Where it ends.
    pub b: Position,
    /// The face on the left of a → b.
    pub left: FaceId,
    /// The face on the right.
    pub right: FaceId,
}

/// Every edge of a partition.
pub fn edges(partition: &Partition) -> impl Iterator<Item = Edge> + '_ {
    partition.arcs().flat_map(|arc| {
        arc.points.windows(2).map(move |w| Edge {
            a: w[0],
            b: w[1],
            left: arc.left,
            right: arc.right,
        })
    })
}

/// Whether a ray that goes east from p moved by (+ε, +ε²) crosses the edge.
///
/// North by ε² puts every vertex at p's latitude below the ray, hence the half-open test; there
/// the edge must lie strictly east of p, because it gains at most a multiple of ε² < ε.
fn ray_crosses(edge: &Edge, p: Position) -> bool {
    let up = edge.a.lat_e7 <= p.lat_e7 && p.lat_e7 < edge.b.lat_e7;
    let down = edge.b.lat_e7 <= p.lat_e7 && p.lat_e7 < edge.a.lat_e7;
    let strictly_west = if up { Ordering::Greater } else { Ordering::Less };
    (up || down) && exact::side(edge.a, edge.b, p) == strictly_west
}

/// What a point between several faces goes to: cells before blank zones before the outside, then
/// the lower id (the second half of the border rule).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Rank(u8, FaceId);

impl Rank {
    pub(crate) fn of(partition: &Partition, face: FaceId) -> Self {
        let class = match partition.faces()[face.index()] {
            Face::Cell { .. } => 0,
            Face::BlankZone { .. } => 1,
            Face::Outside => 2,
        };
        Self(class, face)
    }

    pub(crate) fn is_cell(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn face(self) -> FaceId {
        self.1
    }
}

/// The face of p from the edges whose latitudes reach p's (further edges do no harm).
pub(crate) fn decide<'a>(
    partition: &Partition,
    edges: impl Iterator<Item = &'a Edge>,
    p: Position,
) -> FaceId {
    let mut odd: Vec<FaceId> = Vec::with_capacity(8);
    let mut touched: Option<Rank> = None;
    for edge in edges {
        if ray_crosses(edge, p) {
            for face in [edge.left, edge.right] {
                match odd.iter().position(|&f| f == face) {
                    Some(at) => drop(odd.swap_remove(at)),
                    None => odd.push(face),
                }
            }
        }
        if exact::on_segment(edge.a, edge.b, p) {
            for face in [edge.left, edge.right] {
                let rank = Rank::of(partition, face);
                touched = Some(touched.map_or(rank, |t| t.min(rank)));
            }
        }
    }
    // Far to the east every ray ends outside: the outside's count is off by that end.
    let met = odd.iter().copied().find(|&f| f != FaceId::OUTSIDE).unwrap_or(FaceId::OUTSIDE);
    match touched {
        Some(first) if !Rank::of(partition, met).is_cell() => first.face(),
        _ => met,
    }
}

impl Partition {
    /// The face of a point by the border rule, from every edge: linear, exact, the oracle.
    pub fn face_of_slow(&self, p: Position) -> FaceId {
        let all: Vec<Edge> = edges(self).collect();
        decide(self, all.iter(), p)
    }
}

/// The same oracle for many points: edges are put in bands of latitude beforehand, because an
/// edge that does not reach a point's latitude neither crosses its ray nor touches it.
pub struct Bands<'a> {
    partition: &'a Partition,
    edges: Vec<Edge>,
    south_e7: i64,
    width_e7: i64,
    bands: Vec<Vec<u32>>,
}

impl<'a> Bands<'a> {
    /// Sorts the edges into about as many bands as they are long in it.
    pub fn new(partition: &'a Partition) -> Self {
        let edges: Vec<Edge> = edges(partition).collect();
        let lats = || edges.iter().flat_map(|e| [e.a.lat_e7, e.b.lat_e7]).map(i64::from);
        let south_e7 = lats().min().unwrap_or(0);
        let height_e7 = lats().max().unwrap_or(0) - south_e7 + 1;
        let count = (edges.len() as i64 / 4).clamp(1, 1 << 14);
        let width_e7 = height_e7 / count + 1;
        let mut bands = vec![Vec::new(); count as usize];
        for (i, edge) in edges.iter().enumerate() {
            let (a, b) = (i64::from(edge.a.lat_e7), i64::from(edge.b.lat_e7));
            for band in (a.min(b) - south_e7) / width_e7..=(a.max(b) - south_e7) / width_e7 {
                bands[band as usize].push(i as u32);
            }
        }
        Self { partition, edges, south_e7, width_e7, bands }
    }

    /// Exactly [`Partition::face_of_slow`].
    pub fn face_of(&self, p: Position) -> FaceId {
        let band = (i64::from(p.lat_e7) - self.south_e7).div_euclid(self.width_e7);
        let Some(band) = usize::try_from(band).ok().and_then(|i| self.bands.get(i)) else {
            return FaceId::OUTSIDE;
        };
        let near = band.iter().map(|&i| &self.edges[i as usize]);
        // An edge wholly west of the point neither crosses the ray east nor touches it.
        let near = near.filter(|e| e.a.lng_e7.max(e.b.lng_e7) >= p.lng_e7);
        decide(self.partition, near, p)
    }
}
