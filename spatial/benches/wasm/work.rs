//! The same look-ups for both machines: a made city, its index, and points.

#[path = "../support/inputs.rs"]
mod inputs;
#[path = "../../tests/made/mod.rs"]
mod made;

use spatial::{FaceId, Locator, Position};
use std::sync::Arc;

/// Cells of the city, and points of every kind.
pub const CELLS: i64 = 5_041;
pub const POINTS: usize = 1_000_000;
/// Everything made once.
pub struct Work {
    locator: Locator,
    points: Vec<Vec<Position>>,
    faces: Vec<FaceId>,
}

impl Work {
    pub fn new() -> Self {
        let (partition, _) = inputs::city(CELLS);
        let points = inputs::points(&partition, POINTS)
            .into_iter()
            .filter(|points| points.name != "clustered")
            .map(|points| points.positions)
            .collect();
        Self { locator: Locator::new(Arc::new(partition)), points, faces: vec![] }
    }

    /// Job 0 and 1 look uniform points up one at a time and in batches, 2 and 3 points on borders;
    /// gives a sum that both machines must agree on.
    pub fn run(&mut self, job: usize) -> u32 {
        let points = &self.points[job / 2];
        if job & 1 == 0 {
            self.faces.clear();
            self.faces.extend(points.iter().map(|&p| self.locator.face_of(p)));
        } else {
            self.locator.faces_of(points, &mut self.faces);
        }
        self.faces.iter().fold(0, |sum: u32, face| sum.rotate_left(5) ^ face.0)
    }
}
