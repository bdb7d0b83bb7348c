//! What is measured: partitions, their polygons for the rivals, and points to look up.

use crate::made::{self, Dice, Plan};
use spatial::{Arc, Face, FaceId, Partition, Position, Window, exact, oracle};
use std::collections::HashMap;

/// The cells of a partition as single rings, as the rivals want them.
pub type Rings = Vec<(FaceId, Vec<Position>)>;

/// A made city of wiggly cells; the larger it is the fewer points its borders have.
pub fn city(cells: i64) -> (Partition, String) {
    let points = if cells > 20_000 { 14 } else { 32 };
    let partition = made::partition(Plan::city(cells, points));
    let cells = partition.faces().iter().filter(|f| matches!(f, Face::Cell { .. })).count();
    let note = format!("made: {cells} cells, {} vertices a cell", 4 * (points + 1));
    (partition, note)
}

/// The outer ring of every cell (cells in one part without holes only).
pub fn rings(partition: &Partition) -> Rings {
    let mut next: HashMap<(FaceId, Position), Vec<Position>> = HashMap::new();
    for arc in partition.arcs() {
        let reversed: Vec<Position> = arc.points.iter().rev().copied().collect();
        next.insert((arc.left, arc.points[0]), arc.points.to_vec());
        next.insert((arc.right, reversed[0]), reversed);
    }
    let mut starts: Vec<_> = next.keys().copied().filter(|k| k.0 != FaceId::OUTSIDE).collect();
    starts.sort_unstable();
    starts.dedup_by_key(|k| k.0);
    let ring = |(face, start)| {
        let mut ring = vec![start];
        while ring.len() == 1 || ring[ring.len() - 1] != start {
            let line = &next[&(face, ring[ring.len() - 1])];
            ring.extend_from_slice(&line[1..]);
        }
        (face, ring)
    };
    starts.into_iter().map(ring).collect()
}

/// A named list of points.
pub struct Points {
    pub name: &'static str,
    pub positions: Vec<Position>,
}

/// Uniform in the window; clustered around 400 places (σ about 300 m); on vertices, on edges
/// (rounded to the grid) and one unit beside them.
pub fn points(partition: &Partition, count: usize) -> [Points; 3] {
    let edges: Vec<_> = oracle::edges(partition).collect();
    let window = Window::around(edges.iter().flat_map(|e| [e.a, e.b])).expect("edges");
    let mut dice = Dice(7);
    let anywhere = |dice: &mut Dice| {
        let x = dice.between(window.low.lng_e7.into(), window.high.lng_e7.into());
        Position::new(
            x as i32,
            dice.between(window.low.lat_e7.into(), window.high.lat_e7.into()) as i32,
        )
    };
    let uniform = (0..count).map(|_| anywhere(&mut dice)).collect();
    let places: Vec<Position> = (0..400).map(|_| anywhere(&mut dice)).collect();
    let spread = |dice: &mut Dice| (0..6).map(|_| dice.between(-21_000, 21_000)).sum::<i64>();
    let clustered = (0..count)
        .map(|_| {
            let p = places[dice.between(0, 399) as usize];
            let (x, y) = (spread(&mut dice) as i32, spread(&mut dice) as i32);
            Position::new(p.lng_e7 + x, p.lat_e7 + y)
        })
        .collect();
    let on_border = (0..count)
        .map(|_| {
            let edge = &edges[(dice.next() % edges.len() as u64) as usize];
            let at = |a: i32, b: i32, k: i64| a + ((i64::from(b) - i64::from(a)) * k / 64) as i32;
            let kind = dice.between(0, 3);
            let k = if kind < 2 { 0 } else { dice.between(1, 63) };
            let beside = i64::from(kind == 3);
            Position::new(
                at(edge.a.lng_e7, edge.b.lng_e7, k) + dice.between(-beside, beside) as i32,
                at(edge.a.lat_e7, edge.b.lat_e7, k) + dice.between(-beside, beside) as i32,
            )
        })
        .collect();
    [
        Points { name: "uniform", positions: uniform },
        Points { name: "clustered", positions: clustered },
        Points { name: "on borders", positions: on_border },
    ]
}

/// The synthetic coverage beside the checkout, if it is there: rings of 5,041 cells whose shared
/// borders match vertex by vertex.
pub fn coverage() -> Option<(Partition, String)> {
    let path = "../shared/data/synthetic/coverage_5041.geojson.gz";
    let from = [path.to_owned(), format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))];
    let file = from.iter().find_map(|path| std::fs::File::open(path).ok())?;
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(file)).expect("gzip");
    let json: geojson::FeatureCollection = text.parse().expect("a feature collection");
    let rings: Vec<Vec<Position>> = json
        .features
        .into_iter()
        .map(|feature| match feature.geometry.expect("a geometry").value {
            geojson::GeometryValue::Polygon { coordinates } if coordinates.len() == 1 => {
                coordinates[0]
                    .iter()
                    .map(|at| Position::from_degrees(at[0], at[1]).expect("on the globe"))
                    .collect()
            }
            other => panic!("a polygon without holes expected, not {}", other.type_name()),
        })
        .collect();
    let vertices: usize = rings.iter().map(|ring| ring.len() - 1).sum();
    let note = format!("synthetic coverage: {} cells, {vertices} vertices", rings.len());
    Some((from_matching(&rings), note))
}

/// The partition of rings that match exactly: every run of edges with one other face is an arc.
fn from_matching(rings: &[Vec<Position>]) -> Partition {
    let id = |i: usize| FaceId(i as u32 + 1);
    let mut rings = rings.to_vec();
    let mut left_of: HashMap<(Position, Position), FaceId> = HashMap::new();
    for (i, ring) in rings.iter_mut().enumerate() {
        if exact::doubled_shoelace(ring) < 0 {
            ring.reverse();
        }
        left_of.extend(ring.windows(2).map(|w| ((w[0], w[1]), id(i))));
    }
    let (mut points, mut arcs) = (vec![], vec![]);
    for (i, ring) in rings.iter().enumerate() {
        let right = |w: &[Position]| left_of.get(&(w[1], w[0])).copied().unwrap_or_default();
        let edges: Vec<&[Position]> = ring.windows(2).collect();
        for run in edges.chunk_by(|a, b| right(a) == right(b)) {
            if right(run[0]) < id(i) {
                let start = points.len() as u32;
                points.push(run[0][0]);
                points.extend(run.iter().map(|edge| edge[1]));
                let end = points.len() as u32;
                arcs.push(Arc { start, end, left: id(i), right: right(run[0]) });
            }
        }
    }
    let cells = (0..rings.len() as u32).map(|drawn| Face::Cell { drawn });
    let faces = std::iter::once(Face::Outside).chain(cells).collect();
    Partition::from_rows(points, arcs, faces).expect("a coverage")
}
