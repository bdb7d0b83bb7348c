//! What changes hands among two million points when a border moves, against two rivals.
//!
//! `cargo bench -p spatial --bench hands -- [--write FILE]`: moves of one vertex and of whole arcs
//! in the synthetic coverage (a made city if it does not stand beside the checkout). The rivals,
//! in turns with ours: looking every point up before and after with `Locator::faces_of`, which is
//! also the truth; and a tree of `rstar` over the points asked for the box of the loop of old and
//! new line, then `geo::Contains`. Every index stands beforehand, on one thread.

#[path = "../tests/coverages/mod.rs"]
mod coverages;
#[path = "support/inputs.rs"]
mod inputs;
#[path = "../tests/made/mod.rs"]
mod made;

use geo::{Contains, LineString, Point, Polygon};
use made::Dice;
use rstar::{AABB, RTree, primitives::GeomWithData};
use spatial::{
    FaceId, Locator, Partition, Position, Window,
    hands::{Change, Move, Points, changed},
};
use std::{hint::black_box, sync::Arc, time::Instant};

const POINTS: usize = 2_000_000;
/// Moves of each kind; each is done so many times by every engine.
const MOVES: usize = 12;
const ROUNDS: usize = 6;
/// Units that a border moves, about 100 m.
const FAR: f64 = 10_000.0;

type Tree = RTree<GeomWithData<[f64; 2], u32>>;

/// Everything that stands before a border moves.
struct Base {
    partition: Arc<Partition>,
    locator: Locator,
    positions: Vec<Position>,
    points: Points,
    tree: Tree,
}

/// A move that leaves a sound partition, and what lies behind it.
struct Moved {
    arc: u32,
    line: Vec<Position>,
    after: Locator,
}

/// What an engine did: milliseconds a move, and points wrongly found or missed in all moves.
#[derive(Default)]
struct Score {
    times_ms: Vec<f64>,
    wrong: usize,
}

fn main() {
    let (partition, note) = coverages::read("synthetic/coverage_5041.geojson.gz").map_or_else(
        || inputs::city(5_041),
        |drawn| {
            let built = spatial::build(&drawn, None, &spatial::Options::default());
            (built.partition, format!("synthetic coverage: {} cells", drawn.len()))
        },
    );
    let partition = Arc::new(partition);
    let [uniform, _, on_borders] = inputs::points(&partition, POINTS);
    let mut text = format!("### {note}, {POINTS} points, of {MOVES} moves each the median\n\n");
    for points in [uniform, on_borders] {
        text.push_str(&of_points(Arc::clone(&partition), points));
    }
    println!("{text}");
    let mut words = std::env::args().skip_while(|word| word != "--write").skip(1);
    if let Some(file) = words.next() {
        std::fs::write(&file, text).unwrap_or_else(|why| panic!("cannot write {file}: {why}"));
    }
}

/// Both kinds of moves among one kind of points.
fn of_points(partition: Arc<Partition>, list: inputs::Points) -> String {
    let inputs::Points { name, positions } = list;
    let start = Instant::now();
    let points = Points::new(&positions);
    let sorted_ms = start.elapsed().as_secs_f64() * 1e3;
    let at = |(i, p): (usize, &Position)| GeomWithData::new([p.lng_deg(), p.lat_deg()], i as u32);
    let tree = RTree::bulk_load(positions.iter().enumerate().map(at).collect());
    let tree_ms = start.elapsed().as_secs_f64() * 1e3 - sorted_ms;
    let mut text = format!(
        "Points {name}: put in buckets in {sorted_ms:.0} ms, {:.1} bytes a point; the tree of \
         `rstar` made in {tree_ms:.0} ms.\n\n\
         | a move of | engine | ms | slowest, ms | ours is faster by | points changed | wrong |\n\
         |---|---|---:|---:|---:|---:|---:|\n",
        points.bytes() as f64 / POINTS as f64
    );
    let locator = Locator::new(Arc::clone(&partition));
    let base = Base { partition, locator, positions, points, tree };
    for (kind, whole) in [("one vertex, 100 m", false), ("a whole arc, 100 m", true)] {
        let moves = moves(&base, whole);
        assert!(!moves.is_empty(), "no border of the coverage can be moved");
        text.push_str(&measure(&base, kind, &moves));
    }
    text.push('\n');
    text
}

/// Moves of arcs of about 50 vertices, taken at random; those that would tangle are passed over.
fn moves(base: &Base, whole: bool) -> Vec<Moved> {
    let arcs: Vec<&[Position]> = base.partition.arcs().map(|arc| arc.points).collect();
    let mut by_length: Vec<usize> = (0..arcs.len()).collect();
    by_length.sort_by_key(|&i| arcs[i].len().abs_diff(50));
    by_length.truncate(500);
    let mut dice = Dice(50);
    let mut moves = Vec::new();
    for _ in 0..MOVES * 20 {
        let arc = by_length[(dice.next() % by_length.len() as u64) as usize];
        if moves.len() < MOVES
            && let Some(moved) = bent(base, arc, arcs[arc], whole)
        {
            moves.push(moved);
        }
    }
    moves
}

/// The arc bent aside, most in its middle; or only its middle vertex.
fn bent(base: &Base, arc: usize, old: &[Position], whole: bool) -> Option<Moved> {
    let (first, last) = (old[0], old[old.len() - 1]);
    let (dx, dy) = (last.lng_deg() - first.lng_deg(), last.lat_deg() - first.lat_deg());
    let length = dx.hypot(dy);
    let aside = |i: usize| {
        let share = (std::f64::consts::PI * i as f64 / (old.len() - 1) as f64).sin();
        let share = if whole { share } else { f64::from(u8::from(i == old.len() / 2)) };
        let of = |v: f64| (FAR * share * v / length) as i32;
        Position::new(old[i].lng_e7 - of(dy), old[i].lat_e7 + of(dx))
    };
    if old.len() < 3 || length == 0.0 {
        return None;
    }
    let inner = 1..old.len() - 1;
    let line: Vec<Position> = [first].into_iter().chain(inner.map(aside)).chain([last]).collect();
    let (points, arcs, faces) = base.partition.rows();
    let (mut points, start) = (points.to_vec(), arcs[arc].start as usize);
    points[start..start + line.len()].copy_from_slice(&line);
    let after = Partition::from_rows(points, arcs.to_vec(), faces.to_vec()).ok()?;
    after.check().ok()?;
    let window = Window::around(old.iter().chain(&line).copied())?;
    let after = base.locator.after_edit(Arc::new(after), &window);
    Some(Moved { arc: arc as u32, line, after })
}

/// Lets the engines take turns at every move.
fn measure(base: &Base, kind: &str, moves: &[Moved]) -> String {
    let mut scores = [Score::default(), Score::default(), Score::default()];
    let mut count = 0;
    let mut vertices = 0;
    for moved in moves {
        let mut times_ms = [const { Vec::new() }; 3];
        let mut truth = Vec::new();
        for round in 0..ROUNDS {
            let start = Instant::now();
            let twice = looked_up_twice(base, moved);
            times_ms[1].push(start.elapsed().as_secs_f64() * 1e3);
            let (mut ours, mut in_loop) = (Vec::new(), Vec::new());
            // The first after the long one finds the caches full of something else.
            for engine in if round % 2 == 0 { [0, 2] } else { [2, 0] } {
                let start = Instant::now();
                if engine == 0 {
                    let asked = [Move { arc: moved.arc, line: &moved.line }];
                    let found = changed(&base.points, &base.partition, &asked);
                    ours = found.expect("lines that join up");
                } else {
                    in_loop = in_the_loop(base, moved);
                }
                times_ms[engine].push(start.elapsed().as_secs_f64() * 1e3);
            }
            if round == 0 {
                scores[0].wrong += differing(&twice, &ours);
                let of = |c: &Change| c.point;
                let twice: Vec<u32> = twice.iter().map(of).collect();
                scores[2].wrong += differing(&twice, &in_loop);
                truth = twice;
            }
            black_box((ours, in_loop));
        }
        count += truth.len();
        vertices += moved.line.len();
        for (score, times_ms) in scores.iter_mut().zip(times_ms) {
            score.times_ms.push(median(times_ms));
        }
    }
    let names = ["`spatial::hands`", "two look-ups of all points", "`rstar` + `geo`"];
    let own_ms = median(scores[0].times_ms.clone());
    let kind = format!("{kind} ({} vertices)", vertices / moves.len());
    let rows = names.iter().zip(&scores).map(|(name, score)| {
        let ms = median(score.times_ms.clone());
        let most_ms = score.times_ms.iter().copied().fold(0.0, f64::max);
        let (faster, wrong) = (ms / own_ms, score.wrong);
        let each = count as f64 / moves.len() as f64;
        format!(
            "| {kind} | {name} | {ms:.3} | {most_ms:.3} | {faster:.1}× | {each:.1} | {wrong} |\n"
        )
    });
    rows.collect()
}

/// The rival that is the truth: the face of every point before and after.
fn looked_up_twice(base: &Base, moved: &Moved) -> Vec<Change> {
    let (mut before, mut after) = (Vec::<FaceId>::new(), Vec::new());
    base.locator.faces_of(&base.positions, &mut before);
    moved.after.faces_of(&base.positions, &mut after);
    let both = before.into_iter().zip(after).enumerate();
    let changes = both.filter(|(_, (from, to))| from != to);
    changes.map(|(i, (from, to))| Change { point: i as u32, from, to }).collect()
}

/// The other rival: a tree of points, and the loop of old and new line as a polygon.
fn in_the_loop(base: &Base, moved: &Moved) -> Vec<u32> {
    let (points, arcs, _) = base.partition.rows();
    let arc = arcs[moved.arc as usize];
    let old = &points[arc.start as usize..arc.end as usize];
    let head = old.iter().zip(&moved.line).take_while(|(a, b)| a == b).count() - 1;
    let tail = old.iter().rev().zip(moved.line.iter().rev()).take_while(|(a, b)| a == b).count();
    let end = old.len() + 1 - tail;
    let ring = old[head..end].iter().chain(moved.line[head..end].iter().rev());
    let ring: Vec<[f64; 2]> = ring.map(|p| [p.lng_deg(), p.lat_deg()]).collect();
    let window = AABB::from_points(ring.iter());
    let polygon = Polygon::new(LineString::from(ring), vec![]);
    let near = base.tree.locate_in_envelope(window);
    let inside = near.filter(|p| polygon.contains(&Point::new(p.geom()[0], p.geom()[1])));
    let mut found: Vec<u32> = inside.map(|p| p.data).collect();
    found.sort_unstable();
    found
}

/// How many stand in one sorted list only.
fn differing<T: Ord>(a: &[T], b: &[T]) -> usize {
    let missing = |a: &[T], b: &[T]| a.iter().filter(|x| b.binary_search(x).is_err()).count();
    missing(a, b) + missing(b, a)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
