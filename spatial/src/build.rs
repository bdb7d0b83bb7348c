//! From messy polygons to a partition and a list of everything that was wrong with them.
//!
//! 1. `lines`: every distinct edge once, with the parts it belongs to.
//! 2. `noding`: snap rounding, exact; edges then meet only at their ends.
//! 3. `gates`, `border`: without a jurisdiction, narrow openings are closed.
//! 4. `chains`, `planar`: arcs and atomic faces. `covers`: who drew each of them.
//! 5. `regions`, `owners`: who gets what is disputed or blank, by stated rules.
//! 6. `assemble`: the partition. `problems`: the list.
//!
//! Every topological decision is integer arithmetic; the answer depends neither on where a ring
//! starts nor on which way round it runs. Memory is linear in the noded line work.

mod assemble;
mod border;
mod chains;
mod covers;
mod gates;
mod lines;
mod measure;
mod noding;
mod owners;
mod points;
mod problems;
mod regions;

use crate::outline;
use crate::partition::{FaceId, OwnerRule, Partition};
use crate::planar::{self, Edges};
use crate::position::Position;
use chains::Chains;
use covers::Covers;
use lines::{BadRing, LineWork, Parts};
use owners::{Ground, Owners};
use regions::Regions;

/// A polygon as somebody drew it: parts, each a list of rings (the outer one first), each a list
/// of points, closed or not, in either direction. A part covers what its rings enclose by the
/// even-odd rule, the polygon what any of its parts covers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Drawn {
    /// Part → rings → points.
    pub parts: Vec<Vec<Vec<Position>>>,
}

/// A planner's word: the blank zone or overlap at this place belongs to that drawn polygon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Any place inside it.
    pub at: Position,
    /// Index of the drawn polygon; of an overlap one of those that drew it.
    pub drawn: u32,
}

/// What can be chosen.
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    /// Gaps of a smaller mean width are absorbed, in metres. Default 0.5.
    pub sliver_m: f64,
    /// Without a jurisdiction: openings up to this width are closed, in metres. Default 20.
    pub opening_m: f64,
    /// What planners have claimed.
    pub claims: Vec<Claim>,
}

impl Default for Options {
    fn default() -> Self {
        Self { sliver_m: 0.5, opening_m: 20.0, claims: Vec::new() }
    }
}

/// What can be wrong with drawn polygons.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// Ground that several cells drew.
    Overlap,
    /// The same, narrower than the tolerance.
    SliverOverlap,
    /// Ground in the jurisdiction that no cell drew; it becomes a blank zone.
    Gap,
    /// The same, narrower than the tolerance; it is absorbed by its owner.
    SliverGap,
    /// Two cells draw the same border through different points.
    Mismatch,
    /// A ring without area: fewer than three distinct points, or all on one line.
    InvalidRing,
    /// Edges of one part cross each other, or one of its rings passes a point twice.
    SelfCrossing,
    /// The same polygon drawn more than once.
    Duplicate,
    /// A small part much farther off than the rest.
    StrayPart,
    /// Ground that cells drew outside the jurisdiction; it is cut off.
    OutsideJurisdiction,
    /// A drawn polygon of which nothing is left.
    Empty,
}

/// Where a problem is, to be drawn on a map. Rings are closed; lines and polygons may be none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A place.
    Point(Position),
    /// Some lines.
    Lines(Vec<Vec<Position>>),
    /// Polygons, each its rings, the outer one first.
    Polygons(Vec<Vec<Vec<Position>>>),
}

/// Something that was wrong and what was done about it.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The drawn polygons concerned, ascending; for a gap those that touch it, longest border
    /// first.
    pub drawn: Vec<u32>,
    /// Its area in square metres; 0 for what has none.
    pub area_m2: f64,
    /// Its mean width in metres, 2 · area / perimeter (a long strip's width); 0 for what has none.
    pub width_m: f64,
    /// Who got the ground.
    pub owner: Option<FaceId>,
    /// By which rule.
    pub rule: Option<OwnerRule>,
    /// Where it is.
    pub shape: Shape,
}

/// What [`build`] returns.
#[derive(Clone, PartialEq, Debug)]
pub struct Built {
    /// Face 0 is the outside, face i + 1 the cell of `drawn[i]` (it may have no arc at all), then
    /// the blank zones from west to east.
    pub partition: Partition,
    /// Sorted by kind, the largest first.
    pub problems: Vec<Problem>,
}

/// Builds the partition of a jurisdiction by drawn polygons, given in code order.
///
/// Without a jurisdiction it is the union of the polygons, everything they enclose, and the
/// pockets behind narrow openings: at most `opening_m` wide, with walls at least four times as
/// long as the openings. Nothing is refused and nothing panics: what cannot be used is left out
/// and listed.
pub fn build(drawn: &[Drawn], jurisdiction: Option<&Drawn>, options: &Options) -> Built {
    let (lines, parts, met) = LineWork::of(drawn.iter().chain(jurisdiction));
    let mut crossings = met.touches;
    let lines = noding::node(lines, None, &mut crossings);
    let opening_m = if jurisdiction.is_none() { options.opening_m } else { 0.0 };
    let (lines, Graph { chains, faces }) = gates::close_openings(lines, opening_m);
    let arcs = chains.arcs();
    let bound = jurisdiction.map(|_| drawn.len() as u32);
    let covers = Covers::of(&lines, &chains, &faces, &parts, bound);
    let regions = Regions::of(&chains, &faces, &covers);
    let claimed = claimed(options, drawn.len(), &arcs, &faces, &regions);
    let ground = Ground {
        arcs: &arcs,
        faces: &faces,
        covers: &covers,
        regions: &regions,
        cells: drawn.len(),
    };
    let owners = ground.decide(options, &claimed);
    let sides: Vec<[FaceId; 2]> = (0..arcs.len())
        .map(|arc| regions.sides(&faces, arc).map(|r| owners.face[r as usize]))
        .collect();
    let partition = assemble::assemble(&arcs, &sides, owners.faces.clone());
    let evidence = Evidence {
        drawn,
        options,
        lines: &lines,
        chains: &chains,
        parts: &parts,
        bad_rings: &met.bad_rings,
        crossings: &crossings,
        ground: &ground,
        owners: &owners,
        partition: &partition,
    };
    let problems = evidence.problems();
    Built { partition, problems }
}

/// The arcs of noded line work and the atomic faces they part.
pub(crate) struct Graph {
    chains: Chains,
    faces: planar::Faces,
}

impl Graph {
    fn of(lines: &LineWork) -> Self {
        let chains = Chains::of(lines);
        let faces = planar::faces(&chains.arcs());
        Self { chains, faces }
    }
}

/// What the problems are told from.
pub(crate) struct Evidence<'a> {
    drawn: &'a [Drawn],
    options: &'a Options,
    lines: &'a LineWork,
    chains: &'a Chains,
    parts: &'a Parts,
    bad_rings: &'a [BadRing],
    crossings: &'a [(u32, Position)],
    ground: &'a Ground<'a>,
    owners: &'a Owners,
    partition: &'a Partition,
}

/// The drawn polygon each region was claimed for.
fn claimed(
    options: &Options,
    cells: usize,
    arcs: &[&[Position]],
    faces: &planar::Faces,
    regions: &Regions,
) -> Vec<Option<u32>> {
    let mut claimed = vec![None; regions.all.len()];
    if options.claims.is_empty() {
        return claimed;
    }
    let edges = Edges::new(arcs.to_vec());
    for claim in options.claims.iter().filter(|c| (c.drawn as usize) < cells) {
        let face = edges.below(claim.at).map_or(0, |half| faces.left[half as usize]);
        claimed[regions.of_face[face as usize] as usize] = Some(claim.drawn);
    }
    claimed
}
