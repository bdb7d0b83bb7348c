//! Every coverage through the program's reader into the builder: the invariants hold exactly.

use crate::shared::{COVERAGES, MICRO_CELLS, data, say, text};
use backend::grids::files::{Options, read_all};
use spatial::build::{self, Drawn, ProblemKind, build};
use spatial::{Face, FaceId};
use std::collections::BTreeMap;
use std::path::Path;

/// Builds a file's partition and checks all of its invariants; says what was wrong with it.
fn holds(path: &Path, name: &str) {
    let contents = read_all(path, &Options::default()).expect("a file that can be used");
    let drawn: Vec<Drawn> =
        contents.features.into_iter().map(|f| Drawn { parts: f.parts }).collect();
    let built = build(&drawn, None, &build::Options::default());
    built.partition.check().unwrap_or_else(|broken| panic!("{name}: {broken}"));
    let faces = built.partition.faces();
    let cells = faces.iter().filter(|face| matches!(face, Face::Cell { .. })).count();
    assert_eq!(cells, drawn.len(), "{name}: every drawn polygon has its cell");
    let areas = built.partition.doubled_areas();
    assert_eq!(areas.iter().sum::<i128>(), 0, "{name}: the faces fill the jurisdiction");
    assert!(areas[1..].iter().all(|&area| area >= 0), "{name}: no face is inside out");
    for (i, face) in faces.iter().enumerate().skip(1) {
        let owner = built.partition.responsible(FaceId(i as u32));
        let owner = owner.map(|owner| faces[owner.index()]);
        assert!(matches!(owner, Some(Face::Cell { .. })), "{name}: {face:?} has no owner");
    }
    let mut kinds: BTreeMap<ProblemKind, usize> = BTreeMap::new();
    built.problems.iter().for_each(|problem| *kinds.entry(problem.kind).or_default() += 1);
    say(&format!("{name}: {cells} cells, {} blank zones, {kinds:?}", faces.len() - 1 - cells));
}

#[test]
fn every_coverage_becomes_a_partition() {
    let Some(data) = data("every coverage becomes a partition") else { return };
    for (file, _) in COVERAGES {
        holds(&data.join(file), file);
    }
}

#[test]
fn the_micro_cells_of_seven_districts_become_one_partition() {
    let Some(data) = data("micro-cells") else { return };
    let mut together = tempfile::NamedTempFile::new().expect("a temporary file");
    for number in MICRO_CELLS {
        let path = data.join(format!("tainan/microcells/{number}.geojson.gz"));
        std::io::Write::write_all(&mut together, text(&path).as_bytes()).expect("written");
    }
    holds(together.path(), "tainan/microcells");
}
