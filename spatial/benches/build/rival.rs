//! GEOS's coverage validation and cleaning, through shapely in a process of its own.
//!
//! The polygons go to it as plain numbers on standard input; it times only the calls themselves,
//! in processor seconds, once each.

use spatial::Drawn;
use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};

/// What GEOS needed.
pub struct Rival {
    pub validate: f64,
    /// `None` if cleaning is not there or fails.
    pub clean: Option<f64>,
}

const SCRIPT: &str = include_str!("rival.py");

/// The versions of shapely and GEOS, if coverage functions are there.
pub fn version(python: &str) -> Option<String> {
    let ask = "import shapely as s; s.coverage_invalid_edges; \
               print('shapely', s.__version__, 'on GEOS', s.geos_version_string)";
    let asked = Command::new(python).args(["-c", ask]).output().ok()?;
    let told = String::from_utf8(asked.stdout).ok()?;
    asked.status.success().then(|| told.trim().to_owned())
}

/// Seconds of `coverage_invalid_edges` and `coverage_clean` on the polygons.
pub fn seconds(python: &str, drawn: &[Drawn]) -> Option<Rival> {
    version(python)?;
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut to = BufWriter::new(child.stdin.take()?);
    for ring in drawn.iter().flat_map(|d| d.parts.iter()).map(|rings| &rings[0]) {
        for p in ring.iter().chain(ring.first()) {
            write!(to, "{} {} ", p.lng_deg(), p.lat_deg()).ok()?;
        }
        writeln!(to).ok()?;
    }
    drop(to);
    let told = String::from_utf8(child.wait_with_output().ok()?.stdout).ok()?;
    let mut figures = told.split_whitespace().map(|word| word.parse::<f64>().ok());
    Some(Rival { validate: figures.next()??, clean: figures.next().flatten() })
}
