//! From polygons to a checked partition with all problems: seconds and memory.
#[path = "../tests/coverages/mod.rs"]
mod coverages;
use spatial::{Options, ProblemKind, build};
use std::collections::BTreeMap;
use std::time::Instant;

fn main() {
    let files = [
        "synthetic/coverage_5041.geojson.gz",
        "synthetic/coverage_5041_gaps.geojson.gz",
        "la311/nc_2019.geojson",
        "la311/council_districts_2012.geojson",
        "tainan/villages_2017.geojson",
        "messy/atlanta.geojson",
        "messy/durham.geojson",
        "messy/unna.geojson",
        "messy/seoul.geojson",
        "liverpool/output_areas_2011.geojson",
        "liverpool/lsoa_2011.geojson",
        "liverpool/wards_2013.geojson",
    ];
    let only = std::env::args().nth(1).filter(|a| !a.starts_with("--"));
    for file in files.iter().filter(|f| only.as_ref().is_none_or(|o| f.contains(o))) {
        let Some(drawn) = coverages::read(file) else { return };
        let vertices: usize =
            drawn.iter().flat_map(|d| d.parts.iter().flatten()).map(Vec::len).sum();
        for _ in 0..3 {
            let start = Instant::now();
            let built = build(&drawn, None, &Options::default());
            let b = start.elapsed();
            let check = built.partition.check();
            let t = start.elapsed();
            let mut kinds: BTreeMap<ProblemKind, usize> = BTreeMap::new();
            for p in &built.problems {
                *kinds.entry(p.kind).or_default() += 1;
            }
            println!(
                "{file} {} cells {vertices} vertices: {b:?} {t:?} {check:?} {kinds:?} blank {}",
                drawn.len(),
                built.partition.faces().len() - 1 - drawn.len()
            );
        }
    }
}
