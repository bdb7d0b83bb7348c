//! A partition: the jurisdiction cut into faces by arcs between nodes.
//!
//! Invariants, held exactly (see [`Partition::check`]):
//! - every arc has two different faces, one on its left and one on its right;
//! - arcs meet only at their end points, and no arc crosses or touches itself in between;
//! - the doubled integer areas of all faces but the outside sum to that of the jurisdiction;
//! - every blank zone is owned by exactly one cell.
//!
//! **Which face a point on a border belongs to** (one rule, everywhere): move the point by
//! (+ε, +ε²), that is east and then north by less than anything. The face met there is the
//! point's face if it is a cell. Otherwise a touching cell beats a blank zone, and a touching
//! blank zone beats the outside; among several the lowest [`FaceId`] wins. A wall therefore
//! belongs to somebody's cell and never to the gap behind it, and the jurisdiction is closed.

use crate::{exact, position::Position};

/// A face of a partition, an index into [`Partition::faces`]. Faces of cells come in code order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct FaceId(pub u32);

impl FaceId {
    /// Everything that is not in the jurisdiction.
    pub const OUTSIDE: Self = Self(0);

    /// The index into [`Partition::faces`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a face is. A cell may have detached parts and holes; a blank zone is connected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Face {
    /// The unbounded rest; always face 0, and the only one of its kind.
    Outside,
    /// A cell; `drawn` is its place in the input, which is in code order.
    Cell {
        /// Index of the drawn polygon this cell was made from.
        drawn: u32,
    },
    /// A part of the jurisdiction that no drawn polygon covers.
    BlankZone {
        /// The cell that answers for it.
        owner: FaceId,
        /// The rule that decided so.
        rule: OwnerRule,
    },
}

/// Which rule decided who owns a blank zone (or an overlap).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OwnerRule {
    /// A planner claimed it for that cell.
    Claim,
    /// The cell with the longest shared border (属地兜底).
    LongestBorder,
    /// The longest border was shared by several; the lower code won.
    LowerCode,
    /// It touches no cell at all; the nearest one by distance.
    Nearest,
    /// Of an overlap: that cell alone would lose most of what it drew.
    OnlyGround,
}

/// An arc of the partition as stored: a run of points and the faces it parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arc {
    /// First index into the partition's points.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
    /// The face on the left hand when walking from the first point to the last.
    pub left: FaceId,
    /// The face on the right hand.
    pub right: FaceId,
}

/// An arc with its points at hand. A closed arc repeats its first point at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArcView<'a> {
    /// At least two points; no two neighbours are equal.
    pub points: &'a [Position],
    /// The face on the left.
    pub left: FaceId,
    /// The face on the right.
    pub right: FaceId,
}

/// The jurisdiction cut into faces; immutable, cheap to share behind a reference count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Partition {
    points: Vec<Position>,
    arcs: Vec<Arc>,
    faces: Vec<Face>,
}

/// Why some points, arcs and faces are not a partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// What is wrong, in a sentence for an engineer.
    pub what: String,
    /// Where, if it has a place.
    pub at: Option<Position>,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.at {
            Some(p) => write!(f, "{} at {:.7} {:.7}", self.what, p.lng_deg(), p.lat_deg()),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for Broken {}

impl Partition {
    /// Takes stored rows back as a partition, after the checks that are linear in their size.
    ///
    /// Crossing arcs are not looked for here; [`Partition::check`] does, at a higher price.
    ///
    /// # Errors
    /// [`Broken`] when an index is out of range, an arc is degenerate or has one face twice,
    /// face 0 is not the outside, or a blank zone's owner is no cell.
    pub fn from_rows(
        points: Vec<Position>,
        arcs: Vec<Arc>,
        faces: Vec<Face>,
    ) -> Result<Self, Broken> {
        let partition = Self { points, arcs, faces };
        partition.check_rows()?;
        Ok(partition)
    }

    /// Rows that are right by construction.
    pub(crate) fn assembled(points: Vec<Position>, arcs: Vec<Arc>, faces: Vec<Face>) -> Self {
        Self { points, arcs, faces }
    }

    /// Every arc with its points.
    pub fn arcs(&self) -> impl ExactSizeIterator<Item = ArcView<'_>> {
        self.arcs.iter().map(|arc| ArcView {
            points: &self.points[arc.start as usize..arc.end as usize],
            left: arc.left,
            right: arc.right,
        })
    }

    /// The stored rows: points, arcs, faces.
    pub fn rows(&self) -> (&[Position], &[Arc], &[Face]) {
        (&self.points, &self.arcs, &self.faces)
    }

    /// Every face; index 0 is the outside, then the cells in code order, then blank zones.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The cell that answers for a face: itself, a blank zone's owner, or `None` outside.
    pub fn responsible(&self, face: FaceId) -> Option<FaceId> {
        match self.faces[face.index()] {
            Face::Outside => None,
            Face::Cell { .. } => Some(face),
            Face::BlankZone { owner, .. } => Some(owner),
        }
    }

    /// Twice the area of every face in units², by [`FaceId`]; the outside's is minus the total.
    pub fn doubled_areas(&self) -> Vec<i128> {
        let mut areas = vec![0i128; self.faces.len()];
        for arc in self.arcs() {
            let under = exact::doubled_shoelace(arc.points);
            areas[arc.left.index()] += under;
            areas[arc.right.index()] -= under;
        }
        areas
    }

    pub(crate) fn check_rows(&self) -> Result<(), Broken> {
        let broken = |what: &str, at| Err(Broken { what: what.to_owned(), at });
        if self.faces.first() != Some(&Face::Outside) {
            return broken("face 0 is not the outside", None);
        }
        for (i, face) in self.faces.iter().enumerate().skip(1) {
            match *face {
                Face::Outside => return broken(&format!("face {i} is a second outside"), None),
                Face::BlankZone { owner, .. } => match self.faces.get(owner.index()) {
                    Some(Face::Cell { .. }) => {}
                    _ => return broken(&format!("owner of blank zone {i} is no cell"), None),
                },
                Face::Cell { .. } => {}
            }
        }
        for arc in &self.arcs {
            let Some(points) = self.points.get(arc.start as usize..arc.end as usize) else {
                return broken("an arc's points are out of range", None);
            };
            if points.len() < 2 || points.windows(2).any(|w| w[0] == w[1]) {
                return broken("an arc is degenerate", points.first().copied());
            }
            if arc.left == arc.right {
                return broken("an arc has one face on both sides", points.first().copied());
            }
            if arc.left.index().max(arc.right.index()) >= self.faces.len() {
                return broken("an arc names a face that is not there", points.first().copied());
            }
        }
        Ok(())
    }
}
