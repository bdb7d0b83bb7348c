//! Look-ups against rivals on the same cells and points in one run, as Markdown tables.
//!
//! ```text
//! cargo bench -p spatial --bench locate -- [--cells N]... [--points N] [--rounds N]
//!     [--oracle N] [--write FILE]
//! ```
//! `--cells 5041` (a default, with 500 and 100000) is the synthetic coverage when it stands beside
//! the checkout. PostGIS joins in when `DATABASE_URL` is set, GEOS when its library is there.
//! Engines take turns, round by round, on one thread; a figure is the median of the rounds, a
//! ratio the median of the ratios to `rstar` + `geo` within a round. Time is what the thread
//! spent on a processor, so that neighbours on the machine count as little as possible.

#[path = "../../tests/coverages/mod.rs"]
mod coverages;
mod geos;
#[path = "../support/inputs.rs"]
mod inputs;
#[path = "../../tests/made/mod.rs"]
mod made;
mod postgis;
mod rivals;
mod table;

use inputs::Points;
use rivals::{Batches, Engine, OneByOne, Rings, RstarGeo};
use spatial::{FaceId, Locator, Partition, Window, oracle};
use std::{sync::Arc, time::Instant};
use table::Row;

/// What the command line asks for.
struct Wishes {
    cells: Vec<i64>,
    points: usize,
    rounds: usize,
    oracle: usize,
    write: Option<String>,
}

fn wishes() -> Wishes {
    let mut wishes =
        Wishes { cells: vec![], points: 2_000_000, rounds: 7, oracle: 200_000, write: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|v| v.parse::<usize>().ok());
            value.unwrap_or_else(|| panic!("{word} needs a whole number"))
        };
        match word.as_str() {
            "--cells" => wishes.cells.push(number() as i64),
            "--points" => wishes.points = number(),
            "--rounds" => wishes.rounds = number(),
            "--oracle" => wishes.oracle = number(),
            "--write" => wishes.write = words.next(),
            "--bench" => {} // cargo says so
            other => panic!("unknown word {other}"),
        }
    }
    if wishes.cells.is_empty() {
        wishes.cells = vec![500, 5_041, 100_000];
    }
    wishes
}

fn main() {
    let wishes = wishes();
    let mut text = String::new();
    for &cells in &wishes.cells {
        let coverage = if cells == 5_041 { coverage() } else { None };
        let (partition, note) = coverage.unwrap_or_else(|| inputs::city(cells));
        let part = measure(Arc::new(partition), &note, &wishes);
        println!("{part}");
        text.push_str(&part);
        text.push('\n');
    }
    if let Some(file) = wishes.write {
        std::fs::write(&file, text).unwrap_or_else(|why| panic!("cannot write {file}: {why}"));
    }
}

/// The synthetic coverage, if it stands beside the checkout.
fn coverage() -> Option<(Partition, String)> {
    let drawn = coverages::read("synthetic/coverage_5041.geojson.gz")?;
    let partition = spatial::build(&drawn, None, &spatial::Options::default()).partition;
    Some((partition, format!("synthetic coverage: {} cells", drawn.len())))
}

/// One coverage: its index, then every kind of points.
fn measure(partition: Arc<Partition>, note: &str, wishes: &Wishes) -> String {
    let rings = rivals::rings(&partition);
    let points = inputs::points(&partition, wishes.points);
    let start = Instant::now();
    let locator = Locator::new(Arc::clone(&partition));
    let build_ms = start.elapsed().as_secs_f64() * 1e3;
    let (hot, cold) = locator.bytes();
    let edges = oracle::edges(&partition).count();
    let per_cell = |bytes: usize| bytes as f64 / rings.len() as f64;
    let mut text = format!(
        "### {note}, {edges} edges\n\nIndex built in {build_ms:.0} ms; {:.0} bytes a cell for \
         face look-ups, {:.0} more for distances and windows ({:.1} MB in all).\n\n",
        per_cell(hot),
        per_cell(cold),
        (hot + cold) as f64 / 1e6,
    );
    text.push_str(&after_edit(&locator));
    let bands = oracle::Bands::new(&partition);
    let (engines, notes) = engines(&locator, &rings);
    text.push_str(table::HEAD);
    for points in &points {
        let step = (points.positions.len() / wishes.oracle.max(1)).max(1);
        let asked: Vec<usize> = (0..points.positions.len()).step_by(step).collect();
        let truth: Vec<FaceId> =
            asked.iter().map(|&i| bands.face_of(points.positions[i])).collect();
        for row in rounds(&engines, points, (&asked, &truth), wishes.rounds) {
            text.push_str(&row.line());
        }
        if let Some(row) = postgis::row(&rings, points, (&asked, &truth)) {
            text.push_str(&row.line());
        }
    }
    for note in notes.iter().chain(&postgis::note()) {
        text.push_str(&format!("\n{note}\n"));
    }
    text
}

/// What indexing again costs after a vertex has moved a little (the fastest of 15 times).
fn after_edit(locator: &Locator) -> String {
    let (points, arcs, faces) = locator.partition().rows();
    let longest = arcs.iter().max_by_key(|arc| arc.end - arc.start).expect("an arc");
    let at = (longest.start + longest.end) as usize / 2;
    let mut moved = points.to_vec();
    moved[at].lng_e7 += 1;
    let window = Window::around([points[at - 1], points[at], moved[at], points[at + 1]]);
    let window = window.expect("four points");
    let edited = Partition::from_rows(moved, arcs.to_vec(), faces.to_vec()).expect("rows");
    let edited = Arc::new(edited);
    let times_ms = (0..15).map(|_| {
        let start = Instant::now();
        std::hint::black_box(locator.after_edit(Arc::clone(&edited), &window));
        start.elapsed().as_secs_f64() * 1e3
    });
    let least_ms = times_ms.fold(f64::INFINITY, f64::min);
    format!("Indexed again after an edit of one vertex in {least_ms:.2} ms.\n\n")
}

/// Everything that runs in this process; the first is the one ratios are to.
fn engines<'a>(locator: &'a Locator, rings: &Rings) -> (Vec<Box<dyn Engine + 'a>>, Vec<String>) {
    let mut engines: Vec<Box<dyn Engine + 'a>> = vec![
        Box::new(RstarGeo::new(rings)),
        Box::new(OneByOne(locator)),
        Box::new(Batches(locator)),
    ];
    let mut notes = vec![];
    match geos::Geos::new(rings) {
        Ok(geos) => engines.push(Box::new(geos)),
        Err(why) => notes.push(format!("GEOS is left out: {why}.")),
    }
    (engines, notes)
}

/// Lets the engines take turns and makes a row of each.
fn rounds(
    engines: &[Box<dyn Engine + '_>],
    points: &Points,
    (asked, truth): (&[usize], &[FaceId]),
    rounds: usize,
) -> Vec<Row> {
    let mut speeds = vec![vec![]; engines.len()];
    let mut faces = vec![Vec::new(); engines.len()];
    for _ in 0..rounds {
        for (engine, (speeds, faces)) in engines.iter().zip(speeds.iter_mut().zip(&mut faces)) {
            speeds.push(table::million_a_second(engine.as_ref(), &points.positions, faces));
        }
    }
    let rows = engines.iter().enumerate().map(|(i, engine)| {
        let ratios = speeds[i].iter().zip(&speeds[0]).map(|(a, b)| a / b).collect();
        let answers: Vec<FaceId> = asked.iter().map(|&at| faces[i][at]).collect();
        Row {
            points: points.name,
            engine: engine.name(),
            million: table::median(speeds[i].clone()),
            ratio: Some(table::median(ratios)),
            wrong: table::wrong(&answers, truth),
            asked: truth.len(),
        }
    });
    rows.collect()
}
