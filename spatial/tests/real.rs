//! Coverages nobody here made: they become partitions, and what was wrong with them comes out as
//! GEOS measured it (`../shared/data/README.md`).
//!
//! GEOS counted overlaps by pair of cells, here they count by connected ground with one set of
//! claimants; and it dropped the thinnest slivers. Hence the stated tolerances on slivers.

mod coverages;

use spatial::oracle::Bands;
use spatial::{
    Built, Drawn, Face, FaceId, Options, Position, ProblemKind, Window, build, exact, metric,
    outline,
};

/// The README's row: invalid polygons, real and sliver overlaps with their area in m², the same
/// of holes. A negative area is not given there.
struct Row {
    file: &'static str,
    cells: usize,
    invalid: usize,
    overlaps: (usize, usize, f64),
    holes: (usize, usize, f64),
}

const TABLE: &[Row] = &[
    row("la311/nc_2019.geojson", 99, 0, (52, 3577, -1.0), (30, 3430, 58.39e6)),
    row("la311/council_districts_2012.geojson", 15, 0, (0, 103, 0.03e6), (11, 90, 60.49e6)),
    row("tainan/villages_2017.geojson", 752, 1, (0, 2505, 5.4e4), (0, 1976, 5.6e4)),
    row("messy/unna.geojson", 69, 0, (74, 500, 44.5e4), (164, 345, 146.7e4)),
    row("messy/atlanta.geojson", 114, 1, (18, 332, 15.8e4), (27, 226, 189e4)),
    row("messy/durham.geojson", 228, 0, (1, 400, 3.4e4), (5, 280, 94.6e4)),
    row("messy/seoul.geojson", 424, 0, (0, 0, 0.0), (0, 0, 0.0)),
    row("liverpool/output_areas_2011.geojson", 1584, 2, (0, 0, 0.0), (0, 0, 0.0)),
    row("liverpool/lsoa_2011.geojson", 298, 1, (0, 0, 0.0), (0, 0, 0.0)),
    row("liverpool/wards_2013.geojson", 30, 0, (0, 0, 0.0), (0, 0, 0.0)),
];

const fn row(
    file: &'static str,
    cells: usize,
    invalid: usize,
    overlaps: (usize, usize, f64),
    holes: (usize, usize, f64),
) -> Row {
    Row { file, cells, invalid, overlaps, holes }
}

/// Whether the data stands beside the checkout; says so if not.
fn data_is_here() -> bool {
    let here = coverages::data().is_some();
    if !here {
        eprintln!("left out: ../shared/data does not stand beside the checkout");
    }
    here
}

fn as_drawn() -> Options {
    Options { opening_m: 0.0, ..Options::default() }
}

/// Real ones (mean width ≥ 5 m and more than 1000 m²), slivers, and the area of both.
fn count(built: &Built, kinds: [ProblemKind; 2]) -> (usize, usize, f64) {
    let mut counted = (0, 0, 0.0);
    for problem in built.problems.iter().filter(|p| kinds.contains(&p.kind)) {
        if problem.width_m >= 5.0 && problem.area_m2 > 1000.0 {
            counted.0 += 1;
        } else {
            counted.1 += 1;
        }
        counted.2 += problem.area_m2;
    }
    counted
}

fn agrees(what: &str, found: (usize, usize, f64), told: (usize, usize, f64), real_off: usize) {
    assert!(found.0.abs_diff(told.0) <= real_off, "{what}: {found:?} for {told:?}");
    assert!(found.1 >= told.1 && found.1 <= told.1 + told.1 / 8, "{what}: {found:?} for {told:?}");
    let close = (found.2 - told.2).abs() <= 0.01 * told.2;
    // 0.03 km² is told to one digit.
    let rounded = told.2 == 0.03e6 && (found.2 - told.2).abs() <= 0.005e6;
    assert!(told.2 < 0.0 || close || rounded, "{what}: {found:?} for {told:?}");
}

#[test]
fn problems_come_out_as_geos_counted_them() {
    if !data_is_here() {
        return;
    }
    for row in TABLE {
        let drawn = coverages::read(row.file).expect("the data is here");
        assert_eq!(drawn.len(), row.cells, "{}", row.file);
        let built = build(&drawn, None, &as_drawn());
        built.partition.check().expect("a partition");
        let overlaps = count(&built, [ProblemKind::Overlap, ProblemKind::SliverOverlap]);
        let holes = count(&built, [ProblemKind::Gap, ProblemKind::SliverGap]);
        println!("{}: overlaps {overlaps:?}, holes {holes:?}", row.file);
        let invalid = [ProblemKind::SelfCrossing, ProblemKind::InvalidRing];
        let of_kind = built.problems.iter().filter(|p| invalid.contains(&p.kind));
        let mut invalid: Vec<u32> = of_kind.map(|p| p.drawn[0]).collect();
        invalid.sort_unstable();
        invalid.dedup();
        assert_eq!(invalid.len(), row.invalid, "{}", row.file);
        // Where three overlap there is one region but three pairs, and regions cut each other.
        agrees(row.file, overlaps, row.overlaps, 3);
        agrees(row.file, holes, row.holes, 0);
    }
}

#[test]
fn every_coverage_becomes_a_partition_and_stays_the_same_when_built_again() {
    if !data_is_here() {
        return;
    }
    for row in TABLE {
        let drawn = coverages::read(row.file).expect("the data is here");
        let built = build(&drawn, None, &Options::default());
        built.partition.check().expect("a partition");
        let mut cells = vec![Drawn::default(); drawn.len()];
        for (cell, parts) in outline::polygons(&built.partition, |f| cell_of(&built, f)) {
            cells[cell as usize].parts = parts;
        }
        let whole = |f| (f != FaceId::OUTSIDE).then_some(0);
        let parts = outline::polygons(&built.partition, whole).remove(0).1;
        let again = build(&cells, Some(&Drawn { parts }), &Options::default());
        assert_eq!(again.partition, built.partition, "{}", row.file);
    }
}

fn cell_of(built: &Built, face: FaceId) -> Option<u32> {
    match built.partition.faces()[face.index()] {
        Face::Cell { drawn } => Some(drawn),
        _ => None,
    }
}

#[test]
fn the_seven_districts_of_small_cells_are_almost_clean() {
    if !data_is_here() {
        return;
    }
    let districts = (1..8).map(|i| format!("tainan/microcells/670003{i}0.geojson.gz"));
    let read = districts.map(|file| coverages::read(&file).expect("the data is here"));
    let drawn: Vec<Drawn> = read.flatten().collect();
    assert_eq!(drawn.len(), 6_102);
    let built = build(&drawn, None, &as_drawn());
    built.partition.check().expect("a partition");
    let overlaps = count(&built, [ProblemKind::Overlap, ProblemKind::SliverOverlap]);
    let holes = count(&built, [ProblemKind::Gap, ProblemKind::SliverGap]);
    assert_eq!((overlaps.0, holes.0), (0, 0));
    assert!(overlaps.2 < 3.0 && holes.2 < 3.0, "{overlaps:?} {holes:?}");
}

#[test]
fn the_gaps_of_the_synthetic_coverage_are_all_found() {
    if !data_is_here() {
        return;
    }
    let clean = coverages::read("synthetic/coverage_5041.geojson.gz").expect("the data is here");
    assert_eq!(build(&clean, None, &as_drawn()).problems, []);
    let gaps = coverages::read("synthetic/coverage_5041_gaps.geojson.gz").expect("the data");
    let built = build(&gaps, None, &as_drawn());
    built.partition.check().expect("a partition");
    assert_eq!(built.problems.len(), 137);
    assert!(built.problems.iter().all(|p| p.kind == ProblemKind::Gap));
}

#[test]
fn a_point_in_exactly_one_drawn_polygon_and_off_its_border_is_in_that_cell() {
    if !data_is_here() {
        return;
    }
    for row in TABLE {
        let drawn = coverages::read(row.file).expect("the data is here");
        let built = build(&drawn, None, &Options::default());
        let bands = Bands::new(&built.partition);
        let parts = windows(&drawn);
        let all = drawn.iter().flat_map(|d| d.parts.iter().flatten().flatten());
        let whole = Window::around(all.copied()).expect("points");
        let (mut checked, mut seed) = (0, 1u64);
        for _ in 0..3000 {
            let p = random_place(&whole, &mut seed);
            let holders = parts.iter().filter(|(w, _, rings)| w.contains(p) && holds(rings, p));
            let mut claims: Vec<u32> = holders.map(|&(_, drawn, _)| drawn).collect();
            claims.dedup();
            if let [only] = claims[..]
                && off_border(&parts, p)
            {
                assert_eq!(bands.face_of(p), FaceId(only + 1), "{} {p:?}", row.file);
                checked += 1;
            }
        }
        assert!(checked > 500, "{}: only {checked} points", row.file);
    }
}

type Part<'a> = (Window, u32, &'a Vec<Vec<Position>>);

fn windows(drawn: &[Drawn]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (i, drawn) in drawn.iter().enumerate() {
        for part in &drawn.parts {
            let window = Window::around(part.iter().flatten().copied()).expect("points");
            parts.push((window, i as u32, part));
        }
    }
    parts
}

fn random_place(window: &Window, seed: &mut u64) -> Position {
    let mut next = |low: i32, high: i32| {
        *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        low + ((*seed >> 33) % (i64::from(high) - i64::from(low) + 1) as u64) as i32
    };
    let lng_e7 = next(window.low.lng_e7, window.high.lng_e7);
    Position::new(lng_e7, next(window.low.lat_e7, window.high.lat_e7))
}

fn holds(rings: &[Vec<Position>], p: Position) -> bool {
    let edges = rings.iter().flat_map(|ring| ring.windows(2));
    let crossed = edges.filter(|e| {
        let (low, high) = if e[0].lat_e7 < e[1].lat_e7 { (e[0], e[1]) } else { (e[1], e[0]) };
        low.lat_e7 <= p.lat_e7 && p.lat_e7 < high.lat_e7 && exact::side(low, high, p).is_gt()
    });
    crossed.count() % 2 == 1
}

/// Whether every drawn border is more than a metre away.
fn off_border(parts: &[Part<'_>], p: Position) -> bool {
    const REACH: i32 = 300; // over 1 m up to 70° of latitude
    let around = Window {
        low: Position::new(p.lng_e7 - REACH, p.lat_e7 - REACH),
        high: Position::new(p.lng_e7 + REACH, p.lat_e7 + REACH),
    };
    let local = metric::Local::at(p);
    let near = parts.iter().filter(|(window, ..)| window.meets(&around));
    near.flat_map(|(_, _, rings)| rings.iter().flat_map(|ring| ring.windows(2)))
        .all(|e| local.to_segment_m(e[0], e[1]) > 1.0)
}
