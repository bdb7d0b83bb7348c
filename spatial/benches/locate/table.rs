//! Time, medians and rows.

use crate::rivals::Engine;
use spatial::{FaceId, Position};
use std::{fmt::Write, time::Instant};

pub const HEAD: &str = "| points | engine | million a second | ratio to rstar + geo | not the \
oracle's face |\n|---|---|---:|---:|---:|\n";

/// A line of the table.
pub struct Row {
    pub points: &'static str,
    pub engine: String,
    pub million: f64,
    pub ratio: Option<f64>,
    pub wrong: usize,
    pub asked: usize,
}

impl Row {
    pub fn line(&self) -> String {
        let mut line = format!("| {} | {} | {:.2} | ", self.points, self.engine, self.million);
        match self.ratio {
            Some(ratio) => write!(line, "{ratio:.1}").expect("a string grows"),
            None => line.push('–'),
        }
        line + &format!(" | {} of {} |\n", self.wrong, self.asked)
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub fn wrong(answers: &[FaceId], truth: &[FaceId]) -> usize {
    assert_eq!(answers.len(), truth.len());
    answers.iter().zip(truth).filter(|(a, b)| a != b).count()
}

/// Counts seconds this thread is on a processor, where Linux tells, else seconds on the wall.
struct Stopwatch {
    start: Instant,
    start_on_cpu: Option<f64>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { start: Instant::now(), start_on_cpu: Self::on_cpu() }
    }

    fn on_cpu() -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    }

    fn seconds(&self) -> f64 {
        match (self.start_on_cpu, Self::on_cpu()) {
            (Some(start), Some(now)) => now - start,
            _ => self.start.elapsed().as_secs_f64(),
        }
    }
}

/// Points in a slice, for engines that would take too long over all of them.
const SLICE: usize = 250_000;

/// Million points a second. The first call answers all points into `faces`. Slow engines are
/// timed on a slice; quick ones go round all points until the clock, which may tick in
/// milliseconds only, is worth reading.
pub fn million_a_second(
    engine: &dyn Engine,
    positions: &[Position],
    faces: &mut Vec<FaceId>,
) -> f64 {
    if faces.is_empty() {
        engine.faces_of(positions, faces);
    }
    let mut answers = Vec::new();
    let slice = &positions[..positions.len().min(SLICE)];
    let watch = Stopwatch::start();
    engine.faces_of(slice, &mut answers);
    let spent = watch.seconds();
    if spent > 0.05 {
        return slice.len() as f64 / spent / 1e6;
    }
    let mut done = 0;
    let watch = Stopwatch::start();
    while watch.seconds() < 0.15 {
        engine.faces_of(positions, &mut answers);
        done += positions.len();
    }
    done as f64 / watch.seconds() / 1e6
}
