//! Who gets what several claim and what nobody claims.
//!
//! **Overlaps.** A planner's claim first. Else, if one claimant alone would lose more than half
//! of what it drew (over all its overlaps), the overlap is its ground and it keeps it: no cell is
//! swallowed by its neighbour (`OnlyGround`). Else, among the claimants (or those that would lose
//! most, if there are several), the one whose undisputed ground shares the longest border with
//! the overlap (`LongestBorder`); at equal length, or where none touches, the lower code.
//!
//! **Gaps.** A planner's claim first; then the cell with the longest shared border, after the
//! overlaps are given away; at equal length the lower code; the nearest cell if none touches.
//! A gap narrower than the tolerance is absorbed by that owner, unless it was claimed.

use super::Options;
use super::covers::Covers;
use super::measure::{Length, metres};
use super::regions::{Kind, Regions};
use crate::partition::{Face, FaceId, OwnerRule};
use crate::planar::Faces;
use crate::position::Position;

/// The verdict on a region that was disputed or blank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    pub(crate) owner: FaceId,
    pub(crate) rule: OwnerRule,
}

/// Everything decided.
pub(crate) struct Owners {
    /// The face of the partition each region becomes.
    pub(crate) face: Vec<FaceId>,
    /// Overlaps and gaps with their verdicts.
    pub(crate) verdicts: Vec<Option<Verdict>>,
    /// The faces of the partition.
    pub(crate) faces: Vec<Face>,
}

/// What the decisions are made on.
pub(crate) struct Ground<'a> {
    pub(crate) arcs: &'a [&'a [Position]],
    pub(crate) faces: &'a Faces,
    pub(crate) covers: &'a Covers,
    pub(crate) regions: &'a Regions,
    /// How many polygons were drawn, the jurisdiction not counted.
    pub(crate) cells: usize,
}

fn cell(drawn: u32) -> FaceId {
    FaceId(drawn + 1)
}

impl Ground<'_> {
    /// Decides. `claimed` gives, by region, the drawn polygon a planner claimed it for.
    pub(crate) fn decide(&self, options: &Options, claimed: &[Option<u32>]) -> Owners {
        let all = &self.regions.all;
        let mut owners = Owners {
            face: vec![FaceId::OUTSIDE; all.len()],
            verdicts: vec![None; all.len()],
            faces: vec![Face::Outside],
        };
        owners.faces.extend((0..self.cells as u32).map(|drawn| Face::Cell { drawn }));
        let disputed = self.mostly_disputed();
        for (region, it) in all.iter().enumerate() {
            let claims = self.covers.claims(it.face);
            match it.kind {
                Kind::Sole => owners.face[region] = cell(claims[0]),
                Kind::Overlap => {
                    let claim = claimed[region].filter(|c| claims.contains(c));
                    let verdict = self.overlap(region as u32, claims, claim, &disputed);
                    owners.verdicts[region] = Some(verdict);
                }
                Kind::Outside | Kind::CutOff | Kind::Blank => {}
            }
        }
        for region in 0..all.len() {
            if let Some(verdict) = owners.verdicts[region] {
                owners.face[region] = verdict.owner;
            }
        }
        self.gaps(options, claimed, &mut owners);
        owners
    }

    /// The drawn polygons of which others claim more than half.
    fn mostly_disputed(&self) -> Vec<bool> {
        let mut sole = vec![0i128; self.cells];
        let mut drawn = vec![0i128; self.cells];
        for region in self.regions.all.iter().filter(|r| r.kind != Kind::CutOff) {
            for &claim in self.covers.claims(region.face) {
                drawn[claim as usize] += region.doubled;
                if region.kind == Kind::Sole {
                    sole[claim as usize] += region.doubled;
                }
            }
        }
        sole.iter().zip(&drawn).map(|(sole, drawn)| 2 * sole < *drawn).collect()
    }

    fn overlap(
        &self,
        region: u32,
        claims: &[u32],
        claim: Option<u32>,
        disputed: &[bool],
    ) -> Verdict {
        if let Some(claim) = claim {
            return Verdict { owner: cell(claim), rule: OwnerRule::Claim };
        }
        let losers: Vec<u32> = claims.iter().copied().filter(|&c| disputed[c as usize]).collect();
        if let [only] = losers[..] {
            return Verdict { owner: cell(only), rule: OwnerRule::OnlyGround };
        }
        let among = if losers.is_empty() { claims } else { &losers };
        let mut lengths: Vec<(u32, Length)> = among.iter().map(|&c| (c, Length(0))).collect();
        for &(_, neighbour, length) in self.regions.neighbours(region) {
            let it = &self.regions.all[neighbour as usize];
            if it.kind == Kind::Sole {
                let holder = self.covers.claims(it.face)[0];
                if let Some(entry) = lengths.iter_mut().find(|(c, _)| *c == holder) {
                    entry.1 = entry.1.plus(length);
                }
            }
        }
        longest(&lengths)
            .map_or(Verdict { owner: cell(claims[0]), rule: OwnerRule::LowerCode }, |(c, rule)| {
                Verdict { owner: cell(c), rule }
            })
    }

    fn gaps(&self, options: &Options, claimed: &[Option<u32>], owners: &mut Owners) {
        let all = &self.regions.all;
        let blank = (0..all.len() as u32).filter(|&r| all[r as usize].kind == Kind::Blank);
        for region in blank {
            let lengths = self.touching(region, owners);
            let verdict = match claimed[region as usize] {
                Some(claim) => Verdict { owner: cell(claim), rule: OwnerRule::Claim },
                None => match longest(&lengths) {
                    Some((c, rule)) => Verdict { owner: cell(c), rule },
                    None => match self.nearest(region, owners) {
                        Some(owner) => Verdict { owner, rule: OwnerRule::Nearest },
                        None => continue, // there is no cell at all: nothing to answer for it
                    },
                },
            };
            owners.verdicts[region as usize] = Some(verdict);
            let absorbed = all[region as usize].width_m() < options.sliver_m
                && !matches!(verdict.rule, OwnerRule::Claim | OwnerRule::Nearest);
            owners.face[region as usize] = if absorbed {
                verdict.owner
            } else {
                let Verdict { owner, rule } = verdict;
                owners.faces.push(Face::BlankZone { owner, rule });
                FaceId(owners.faces.len() as u32 - 1)
            };
        }
    }

    /// The drawn polygons of the cells that touch a blank region with the length of the common
    /// border, ascending. Blank regions do not touch each other.
    pub(crate) fn touching(&self, region: u32, owners: &Owners) -> Vec<(u32, Length)> {
        let mut lengths: Vec<(u32, Length)> = Vec::new();
        for &(_, neighbour, length) in self.regions.neighbours(region) {
            let face = owners.face[neighbour as usize];
            if face != FaceId::OUTSIDE && face.index() <= self.cells {
                lengths.push((face.0 - 1, length));
            }
        }
        lengths.sort_unstable();
        lengths.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.plus(next.1);
            }
            same
        });
        lengths
    }

    /// The cell nearest to a blank region by the distance from its border's points to the cells'
    /// border points; the lower code at equal distance, the first cell if no cell has ground.
    fn nearest(&self, region: u32, owners: &Owners) -> Option<FaceId> {
        let of_region = |arc: usize| self.regions.sides(self.faces, arc).contains(&region);
        let own: Vec<Position> = (0..self.arcs.len())
            .filter(|&arc| of_region(arc))
            .flat_map(|arc| self.arcs[arc].iter().copied())
            .collect();
        let of_cells = || {
            self.arcs.iter().enumerate().flat_map(|(arc, points)| {
                let faces = self.regions.sides(self.faces, arc);
                let faces = faces.map(|side| owners.face[side as usize]);
                let is_cell = |f: &FaceId| *f != FaceId::OUTSIDE && f.index() <= self.cells;
                let lowest = faces.into_iter().filter(is_cell).min();
                points.iter().filter_map(move |&p| lowest.map(|face| (p, face)))
            })
        };
        let to_own = |p| own.iter().map(|&q| metres(p, q)).fold(f64::INFINITY, f64::min);
        // No point of the region is nearer than its box: few points need the long way.
        let window = &self.regions.all[region as usize].window;
        let to_window = |p: Position| {
            let (low, high) = (window.low, window.high);
            let lng_e7 = p.lng_e7.clamp(low.lng_e7, high.lng_e7);
            0.999 * metres(p, Position::new(lng_e7, p.lat_e7.clamp(low.lat_e7, high.lat_e7)))
        };
        let first = of_cells().min_by(|a, b| to_window(a.0).total_cmp(&to_window(b.0)));
        let mut best = first.map(|(p, face)| (to_own(p), face));
        for (p, face) in of_cells() {
            if best.is_some_and(|(d, _)| to_window(p) <= d) {
                let distance = to_own(p);
                let nearer = |(d, f): (f64, FaceId)| distance < d || (distance == d && face < f);
                if best.is_some_and(nearer) {
                    best = Some((distance, face));
                }
            }
        }
        best.map(|(_, face)| face).or_else(|| (self.cells > 0).then_some(FaceId(1)))
    }
}

/// The longest of some lengths given in code order, and whether a tie had to be broken. `None` if
/// there are none or all are zero.
fn longest(lengths: &[(u32, Length)]) -> Option<(u32, OwnerRule)> {
    let most = lengths.iter().map(|l| l.1).max().filter(|&most| most > Length(0))?;
    let mut holders = lengths.iter().filter(|l| l.1 == most);
    let first = holders.next()?.0;
    let rule =
        if holders.next().is_some() { OwnerRule::LowerCode } else { OwnerRule::LongestBorder };
    Some((first, rule))
}
