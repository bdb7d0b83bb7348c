//! The full, exact check of a partition's invariants.

use crate::boxes::{BoxTree, of_segment};
use crate::exact::{on_segment, side};
use crate::partition::{Broken, Face, FaceId, Partition};
use crate::planar;
use crate::position::Position;

impl Partition {
    /// Checks every invariant exactly: what [`Partition::from_rows`] checks; no two arcs cross or
    /// touch but at their ends and none meets itself; the face named on each side is the one that
    /// really lies there, the same all around it, the outside around everything; every blank zone
    /// is one connected face.
    ///
    /// Costs about as much as finding all pairs of edges whose boxes meet.
    ///
    /// # Errors
    /// The first thing found broken, with its place.
    pub fn check(&self) -> Result<(), Broken> {
        self.check_rows()?;
        self.check_meetings()?;
        self.check_faces()
    }

    fn check_meetings(&self) -> Result<(), Broken> {
        let (points, arcs, _) = self.rows();
        let mut edges: Vec<(u32, u32)> = Vec::with_capacity(points.len());
        for (arc, row) in arcs.iter().enumerate() {
            edges.extend((row.start..row.end - 1).map(|i| (i, arc as u32)));
        }
        let ends = |edge: u32| {
            let (i, arc) = edges[edge as usize];
            (points[i as usize], points[i as usize + 1], i, arc)
        };
        let is_end = |i: u32, arc: u32, p: Position| {
            let row = arcs[arc as usize];
            (i == row.start && p == points[i as usize])
                || (i + 2 == row.end && p == points[i as usize + 1])
        };
        let boxes = (0..edges.len() as u32).map(ends).map(|(a, b, ..)| of_segment(a, b)).collect();
        let mut broken = None;
        BoxTree::layered(boxes).pairs(|e, f| {
            let ((a, b, i, arc), (c, d, j, other)) = (ends(e), ends(f));
            let next = arc == other && (j == i + 1 || i == j + 1);
            let allowed = match [a == c, a == d, b == c, b == d].map(u8::from)[..] {
                [0, 0, 0, 0] => !meet(a, b, c, d),
                [1, 0, 0, 0] => apart(a, b, d) && is_end(i, arc, a) && is_end(j, other, a),
                [0, 1, 0, 0] => {
                    apart(a, b, c) && (next || is_end(i, arc, a) && is_end(j, other, a))
                }
                [0, 0, 1, 0] => {
                    apart(b, a, d) && (next || is_end(i, arc, b) && is_end(j, other, b))
                }
                [0, 0, 0, 1] => apart(b, a, c) && is_end(i, arc, b) && is_end(j, other, b),
                _ => false,
            };
            if !allowed && broken.is_none() {
                let what = format!("arcs {arc} and {other} meet where neither ends");
                broken = Some(Broken { what, at: Some(a) });
            }
        });
        broken.map_or(Ok(()), Err)
    }

    fn check_faces(&self) -> Result<(), Broken> {
        let arcs: Vec<_> = self.arcs().collect();
        let lines: Vec<&[Position]> = arcs.iter().map(|a| a.points).collect();
        let faces = planar::faces(&lines);
        let mut named = vec![None; faces.doubled.len()];
        named[0] = Some(FaceId::OUTSIDE);
        for (half, &face) in faces.left.iter().enumerate() {
            let arc = arcs[half / 2];
            let name = if half & 1 == 0 { arc.left } else { arc.right };
            if *named[face as usize].get_or_insert(name) != name {
                let what = format!("arc {} names face {} where another lies", half / 2, name.0);
                return Err(Broken { what, at: arc.points.first().copied() });
            }
        }
        let mut pieces = vec![0u32; self.faces().len()];
        for name in named.into_iter().flatten() {
            pieces[name.index()] += 1;
        }
        for (i, face) in self.faces().iter().enumerate() {
            if matches!(face, Face::BlankZone { .. }) && pieces[i] != 1 {
                let what = format!("blank zone {i} has {} pieces, not 1", pieces[i]);
                return Err(Broken { what, at: None });
            }
        }
        Ok(())
    }
}

/// Whether two closed segments share a point.
fn meet(a: Position, b: Position, c: Position, d: Position) -> bool {
    let proper = |x: Position, y: Position, p: Position, q: Position| {
        side(x, y, p) as i8 * side(x, y, q) as i8 == -1
    };
    (proper(a, b, c, d) && proper(c, d, a, b))
        || on_segment(a, b, c)
        || on_segment(a, b, d)
        || on_segment(c, d, a)
        || on_segment(c, d, b)
}

/// Whether segments from a shared point o to p and q have nothing else in common.
fn apart(o: Position, p: Position, q: Position) -> bool {
    !on_segment(o, p, q) && !on_segment(o, q, p)
}
