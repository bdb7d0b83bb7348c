//! Regions: connected atomic faces claimed by the same cells, with their measures and neighbours.

use super::chains::Chains;
use super::covers::Covers;
use super::measure::{Length, area_m2};
use crate::planar::Faces;
use crate::position::{Position, Window};

/// What a region is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Neither drawn nor in the jurisdiction.
    Outside,
    /// Drawn, but outside the jurisdiction.
    CutOff,
    /// Claimed by exactly one cell.
    Sole,
    /// Claimed by several.
    Overlap,
    /// In the jurisdiction, claimed by none.
    Blank,
}

/// A connected part of the plane with one set of claims.
pub(crate) struct Region {
    pub(crate) kind: Kind,
    /// One of its atomic faces; they all have the same claims.
    pub(crate) face: u32,
    /// Twice its area in units².
    pub(crate) doubled: i128,
    /// The length of its border.
    pub(crate) border: Length,
    /// Its box; of regions of one claim and the outside only a corner is kept.
    pub(crate) window: Window,
}

impl Region {
    /// Its area in square metres.
    pub(crate) fn area_m2(&self) -> f64 {
        let Window { low, high } = self.window;
        area_m2(self.doubled, (f64::from(low.lat_e7) + f64::from(high.lat_e7)) / 2.0)
    }

    /// Its mean width in metres: twice the area by the length of its border, which for a long
    /// strip is its width, for a square half its side.
    pub(crate) fn width_m(&self) -> f64 {
        let border_m = self.border.metres();
        if border_m > 0.0 { 2.0 * self.area_m2() / border_m } else { 0.0 }
    }
}

/// All regions of some atomic faces.
pub(crate) struct Regions {
    /// The region of each atomic face.
    pub(crate) of_face: Vec<u32>,
    pub(crate) all: Vec<Region>,
    /// (region, neighbour, length of their common border), sorted, of every region that is
    /// neither outside nor claimed by exactly one cell.
    pub(crate) borders: Vec<(u32, u32, Length)>,
}

impl Regions {
    /// Joins the faces to regions.
    pub(crate) fn of(chains: &Chains, faces: &Faces, covers: &Covers) -> Self {
        let mut root: Vec<u32> = (0..faces.doubled.len() as u32).collect();
        for sides in faces.left.chunks_exact(2) {
            let same = covers.inside[sides[0] as usize] == covers.inside[sides[1] as usize]
                && covers.claims(sides[0]) == covers.claims(sides[1]);
            let (a, b) = (find(&mut root, sides[0]), find(&mut root, sides[1]));
            if same && a != b {
                root[a.max(b) as usize] = a.min(b);
            }
        }
        let mut of_face = vec![0; root.len()];
        let mut all: Vec<Region> = Vec::new();
        for face in 0..root.len() as u32 {
            let to = find(&mut root, face);
            if to == face {
                of_face[face as usize] = all.len() as u32;
                all.push(Region {
                    kind: kind(covers.claims(face).len(), covers.inside[face as usize]),
                    face,
                    doubled: 0,
                    border: Length(0),
                    window: Window { low: Position::new(0, 0), high: Position::new(0, 0) },
                });
            } else {
                of_face[face as usize] = of_face[to as usize];
            }
            all[of_face[face as usize] as usize].doubled += faces.doubled[face as usize];
        }
        let mut regions = Self { of_face, all, borders: Vec::new() };
        regions.measure(chains, faces);
        regions
    }

    /// The regions on the left and on the right of an arc.
    pub(crate) fn sides(&self, faces: &Faces, arc: usize) -> [u32; 2] {
        [0, 1].map(|side| self.of_face[faces.left[2 * arc + side] as usize])
    }

    /// The neighbours of a region with the lengths of the common borders.
    pub(crate) fn neighbours(&self, region: u32) -> &[(u32, u32, Length)] {
        let from = self.borders.partition_point(|b| b.0 < region);
        let to = self.borders.partition_point(|b| b.0 <= region);
        &self.borders[from..to]
    }

    fn measure(&mut self, chains: &Chains, faces: &Faces) {
        let mut met = vec![false; self.all.len()];
        for (arc, points) in chains.arcs().into_iter().enumerate() {
            let sides = self.sides(faces, arc);
            let measured =
                sides.map(|r| !matches!(self.all[r as usize].kind, Kind::Outside | Kind::Sole));
            if sides[0] == sides[1] || measured == [false; 2] {
                continue;
            }
            let length = Length::of_line(points);
            let Some(window) = Window::around(points.iter().copied()) else { continue };
            for side in [0, 1].into_iter().filter(|&side| measured[side]) {
                let (region, neighbour) = (sides[side], sides[1 - side]);
                self.borders.push((region, neighbour, length));
                let region = region as usize;
                let now = &mut self.all[region];
                now.border = now.border.plus(length);
                let ends = [window.low, window.high, now.window.low, now.window.high];
                let known = if met[region] { &ends[..] } else { &ends[..2] };
                met[region] = true;
                now.window = Window::around(known.iter().copied()).unwrap_or(window);
            }
        }
        self.borders.sort_unstable();
        self.borders.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 = kept.2.plus(next.2);
            }
            same
        });
    }
}

fn kind(claims: usize, inside: bool) -> Kind {
    match (claims, inside) {
        (0, false) => Kind::Outside,
        (_, false) => Kind::CutOff,
        (0, true) => Kind::Blank,
        (1, true) => Kind::Sole,
        (_, true) => Kind::Overlap,
    }
}

fn find(root: &mut [u32], mut face: u32) -> u32 {
    while root[face as usize] != face {
        root[face as usize] = root[root[face as usize] as usize];
        face = root[face as usize];
    }
    face
}
