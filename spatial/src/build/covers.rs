//! Which drawn polygons cover each atomic face: walked from face to face across arcs, each
//! crossing flipping the parts whose border the arc is. Time and memory linear.

use super::chains::Chains;
use super::lines::{GATE, LineWork, Parts};
use crate::planar::{Faces, Half, twin};
use std::collections::BTreeSet;

/// Of a face that more drawn polygons cover, the first so many are kept (in code order).
pub(crate) const MAX_CLAIMS: usize = 16;

/// Who claims each face.
pub(crate) struct Covers {
    start: Vec<u32>,
    claims: Vec<u32>,
    /// Whether the face lies in the jurisdiction.
    pub(crate) inside: Vec<bool>,
}

impl Covers {
    /// Walks the faces. `jurisdiction` is the number of the drawn polygon that is no cell;
    /// without one everything bounded lies inside.
    pub(crate) fn of(
        lines: &LineWork,
        chains: &Chains,
        faces: &Faces,
        parts: &Parts,
        jurisdiction: Option<u32>,
    ) -> Self {
        let count = faces.doubled.len();
        let (start, halves) = halves_by_face(faces);
        let mut walk = Walk::new(parts, jurisdiction);
        let mut found: Vec<(u32, u32, u32)> = vec![(0, 0, 0); count];
        let mut seen = vec![false; count];
        let mut inside = vec![false; count];
        let mut claims = Vec::new();
        // The face, how far its halves are looked through, and the arc it was entered by.
        let mut stack: Vec<(u32, u32, u32)> = Vec::new();
        let mut entering = Some((0u32, u32::MAX));
        loop {
            if let Some((face, by)) = entering.take() {
                seen[face as usize] = true;
                let from = claims.len() as u32;
                claims.extend(walk.active.iter().take(MAX_CLAIMS));
                found[face as usize] = (face, from, claims.len() as u32);
                inside[face as usize] = match jurisdiction {
                    Some(_) => walk.in_jurisdiction,
                    None => face != 0,
                };
                stack.push((face, start[face as usize], by));
            }
            let Some((face, cursor, by)) = stack.last_mut() else { break };
            if *cursor == start[*face as usize + 1] {
                if *by != u32::MAX {
                    walk.flip(lines.labels(chains.edge[*by as usize]));
                }
                stack.pop();
                continue;
            }
            let half = halves[*cursor as usize];
            *cursor += 1;
            let over = faces.left[twin(half) as usize];
            if !seen[over as usize] {
                walk.flip(lines.labels(chains.edge[half as usize / 2]));
                entering = Some((over, half / 2));
            }
        }
        let mut covers = Self { start: vec![0], claims: Vec::new(), inside };
        for (_, from, to) in found {
            covers.claims.extend_from_slice(&claims[from as usize..to as usize]);
            covers.start.push(covers.claims.len() as u32);
        }
        covers
    }

    /// The drawn polygons that cover a face, ascending, at most [`MAX_CLAIMS`].
    pub(crate) fn claims(&self, face: u32) -> &[u32] {
        let face = face as usize;
        &self.claims[self.start[face] as usize..self.start[face + 1] as usize]
    }
}

struct Walk<'a> {
    parts: &'a Parts,
    jurisdiction: Option<u32>,
    odd: Vec<bool>,
    covering: Vec<u32>,
    active: BTreeSet<u32>,
    in_jurisdiction: bool,
}

impl<'a> Walk<'a> {
    fn new(parts: &'a Parts, jurisdiction: Option<u32>) -> Self {
        let drawn = parts.drawn.iter().max().map_or(0, |&d| d as usize + 1);
        Self {
            parts,
            jurisdiction,
            odd: vec![false; parts.drawn.len()],
            covering: vec![0; drawn],
            active: BTreeSet::new(),
            in_jurisdiction: false,
        }
    }

    fn flip(&mut self, labels: &[u32]) {
        for &part in labels.iter().filter(|&&p| p != GATE) {
            let odd = &mut self.odd[part as usize];
            *odd = !*odd;
            let drawn = self.parts.drawn[part as usize];
            let covering = &mut self.covering[drawn as usize];
            *covering = if *odd { *covering + 1 } else { *covering - 1 };
            if self.jurisdiction == Some(drawn) {
                self.in_jurisdiction = *covering > 0;
            } else if *covering == 0 {
                self.active.remove(&drawn);
            } else if *odd && *covering == 1 {
                self.active.insert(drawn);
            }
        }
    }
}

fn halves_by_face(faces: &Faces) -> (Vec<u32>, Vec<Half>) {
    let mut start = vec![0u32; faces.doubled.len() + 2];
    for &face in &faces.left {
        start[face as usize + 2] += 1;
    }
    for i in 2..start.len() {
        start[i] += start[i - 1];
    }
    let mut halves = vec![0; faces.left.len()];
    for (half, &face) in faces.left.iter().enumerate() {
        let slot = &mut start[face as usize + 1];
        halves[*slot as usize] = half as Half;
        *slot += 1;
    }
    start.pop();
    (start, halves)
}
