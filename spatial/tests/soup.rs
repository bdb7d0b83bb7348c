//! Random polygon soups: whatever is drawn, the partition holds its invariants exactly, agrees
//! with brute force, and does not change when it is built again from its own outlines.

use proptest::prelude::*;
use spatial::{Built, Drawn, Face, FaceId, Options, Partition, Position, build, exact, outline};
use std::cmp::Ordering;

type Ring = Vec<Position>;

/// How far apart the places are that rings are drawn through, in units.
#[derive(Clone, Copy, Debug)]
enum Grid {
    /// Every unit of a small square: everything touches everything.
    Dense,
    /// Multiples of 1000 with a jitter of up to 3 units: near misses, slivers.
    Jittered,
    /// The whole range of positions.
    Extreme,
}

fn coordinate(grid: Grid) -> BoxedStrategy<i32> {
    match grid {
        Grid::Dense => (0..24).boxed(),
        Grid::Jittered => (0..9, -3..=3).prop_map(|(k, j)| k * 1000 + j).boxed(),
        Grid::Extreme => prop_oneof![
            Just(i32::MIN),
            Just(i32::MAX),
            Just(-1_800_000_000),
            Just(1_800_000_000),
            any::<i32>()
        ]
        .boxed(),
    }
}

fn place(grid: Grid) -> impl Strategy<Value = Position> {
    (coordinate(grid), coordinate(grid)).prop_map(|(x, y)| Position::new(x, y))
}

fn rectangle(a: Position, b: Position) -> Ring {
    vec![a, Position::new(b.lng_e7, a.lat_e7), b, Position::new(a.lng_e7, b.lat_e7)]
}

fn ring(grid: Grid) -> impl Strategy<Value = Ring> {
    let places = |n| prop::collection::vec(place(grid), n);
    prop_oneof![
        3 => places(3..9),
        4 => (place(grid), place(grid)).prop_map(|(a, b)| rectangle(a, b)),
        // There and back again: a spike on a triangle.
        1 => places(4..5).prop_map(|p| vec![p[0], p[1], p[2], p[3], p[2]]),
        1 => places(0..3),
        // Closed, with repeated points.
        1 => places(3..6).prop_map(|p| {
            let mut ring: Ring = p.iter().flat_map(|&q| [q, q]).collect();
            ring.push(p[0]);
            ring
        }),
    ]
}

fn drawn(grid: Grid) -> impl Strategy<Value = Drawn> {
    let part = prop::collection::vec(ring(grid), 1..3);
    prop::collection::vec(part, 1..3).prop_map(|parts| Drawn { parts })
}

fn soup(grid: Grid) -> impl Strategy<Value = Vec<Drawn>> {
    let own = prop::collection::vec(drawn(grid), 1..7);
    let copies = prop::collection::vec(any::<prop::sample::Index>(), 0..2);
    (own, copies).prop_map(|(mut soup, copies)| {
        let doubles: Vec<Drawn> = copies.iter().map(|i| i.get(&soup).clone()).collect();
        soup.extend(doubles);
        soup
    })
}

/// A coverage: rectangles of a grid with shaken corners, some dropped, some grown.
fn shaken_grid() -> impl Strategy<Value = Vec<Drawn>> {
    let shake = prop::collection::vec((-60..60, -60..60), 36);
    let fate = prop::collection::vec(0..12u8, 25);
    (shake, fate).prop_map(|(shake, fate)| {
        let corner = |x: usize, y: usize| {
            let (dx, dy) = shake[x * 6 + y];
            Position::new(x as i32 * 1000 + dx, y as i32 * 1000 + dy)
        };
        let cells = (0..25).filter(|&i| fate[i] != 0).map(|i| {
            let (x, y) = (i / 5, i % 5);
            let mut ring = vec![corner(x, y), corner(x + 1, y), corner(x + 1, y + 1)];
            ring.push(corner(x, y + 1));
            if fate[i] == 1 {
                ring[2].lng_e7 += 150;
            }
            Drawn { parts: vec![vec![ring]] }
        });
        cells.collect()
    })
}

/// Nothing absorbed, no openings closed: what is in no drawn polygon stays blank.
fn exactly() -> Options {
    Options { sliver_m: 0.0, opening_m: 0.0, claims: Vec::new() }
}

fn frame() -> Drawn {
    let ring = rectangle(Position::new(-10, -10), Position::new(8200, 8200));
    Drawn { parts: vec![vec![ring]] }
}

/// Even-odd, by the moved point (+ε, +ε²): a point is inside or not, never on the border.
fn holds(rings: &[Ring], p: Position) -> bool {
    let mut inside = false;
    for ring in rings {
        let closing = ring.last().into_iter().chain(ring).zip(ring);
        for (&a, &b) in closing {
            let up = a.lat_e7 <= p.lat_e7 && p.lat_e7 < b.lat_e7;
            let down = b.lat_e7 <= p.lat_e7 && p.lat_e7 < a.lat_e7;
            let west = if up { Ordering::Greater } else { Ordering::Less };
            inside ^= (up || down) && exact::side(a, b, p) == west;
        }
    }
    inside
}

fn covers(drawn: &Drawn, p: Position) -> bool {
    drawn.parts.iter().any(|rings| {
        // As build states: holes of an outer ring without area go with it.
        let flat = |ring: &Ring| {
            let corner = ring.iter().find(|&&q| q != ring[0]);
            corner.is_none_or(|&c| ring.iter().all(|&q| exact::side(ring[0], c, q).is_eq()))
        };
        !flat(&rings[0]) && holds(rings, p)
    })
}

/// Units from the nearest drawn border (long enough away from overflow for these soups).
fn clearance(soup: &[Drawn], p: Position) -> f64 {
    let xy = |q: Position| (f64::from(q.lng_e7 - p.lng_e7), f64::from(q.lat_e7 - p.lat_e7));
    let mut least = f64::INFINITY;
    for ring in soup.iter().flat_map(|d| d.parts.iter().flatten()) {
        for (&a, &b) in ring.last().into_iter().chain(ring).zip(ring) {
            let ((ax, ay), (bx, by)) = (xy(a), xy(b));
            let (dx, dy) = (bx - ax, by - ay);
            let length2 = dx * dx + dy * dy;
            let t = if length2 == 0.0 { 0.0 } else { -(ax * dx + ay * dy) / length2 };
            let t = t.clamp(0.0, 1.0);
            least = least.min((ax + t * dx).hypot(ay + t * dy));
        }
    }
    least
}

/// The outlines of all faces but the outside.
fn outlines(partition: &Partition) -> Vec<Drawn> {
    let mut all = vec![Drawn::default(); partition.faces().len()];
    for (face, parts) in outline::polygons(partition, |f| (f != FaceId::OUTSIDE).then_some(f.0)) {
        all[face as usize].parts = parts;
    }
    all
}

/// What must hold of any partition, whatever it was built from.
fn check_partition(partition: &Partition, probes: &[Position]) {
    partition.check().expect("a partition");
    let areas = partition.doubled_areas();
    assert_eq!(areas.iter().sum::<i128>(), 0);
    let outlines = outlines(partition);
    for (face, outline) in outlines.iter().enumerate().skip(1) {
        let rings = || outline.parts.iter().flatten();
        let area: i128 = rings().map(|r| exact::doubled_shoelace(r)).sum();
        assert_eq!(area, areas[face], "outline of face {face}");
        for part in &outline.parts {
            assert!(exact::doubled_shoelace(&part[0]) > 0);
            for hole in &part[1..] {
                assert!(exact::doubled_shoelace(hole) < 0);
                let mut inner = hole[..hole.len() - 1].to_vec();
                inner.sort_unstable();
                assert!(inner.windows(2).all(|w| w[0] != w[1]), "a ring passes a point twice");
            }
            if let Some(label) = outline::label_point(part) {
                assert!(holds(part, label));
            }
        }
    }
    let nodes = partition.rows().0.iter().copied().step_by(3).take(40);
    for p in nodes.chain(probes.iter().copied()) {
        let holders: Vec<usize> =
            (1..outlines.len()).filter(|&f| covers(&outlines[f], p)).collect();
        assert!(holders.len() <= 1, "{p:?} in {holders:?}");
        let face = partition.face_of_slow(p);
        if let [only] = holders[..] {
            let is_cell = matches!(partition.faces()[only], Face::Cell { .. });
            assert!(!is_cell || face.index() == only, "{p:?}: {face:?} but in {only}");
        }
    }
}

/// Built again from its own outlines, a partition is the same, byte for byte.
fn check_idempotent(built: &Built, cells: usize) {
    let mut again = outlines(&built.partition);
    again.remove(0);
    let whole = outline::polygons(&built.partition, |f| (f != FaceId::OUTSIDE).then_some(0));
    let parts = whole.into_iter().next().map_or(vec![], |(_, parts)| parts);
    again.truncate(cells);
    let rebuilt = build(&again, Some(&Drawn { parts }), &exactly());
    assert_eq!(rebuilt.partition, built.partition);
}

fn turned(soup: &[Drawn], by: usize) -> Vec<Drawn> {
    let mut soup = soup.to_vec();
    for (i, ring) in soup.iter_mut().flat_map(|d| d.parts.iter_mut().flatten()).enumerate() {
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if !ring.is_empty() {
            let by = (by + i) % ring.len();
            ring.rotate_left(by);
        }
        if i % 2 == 0 {
            ring.reverse();
        }
    }
    soup
}

fn check_oracle(soup: &[Drawn], jurisdiction: &Drawn, built: &Built, probes: &[Position]) {
    const CLEAR: f64 = 6.0;
    let mut all = soup.to_vec();
    all.push(jurisdiction.clone());
    for &p in probes.iter().filter(|&&p| clearance(&all, p) > CLEAR) {
        let face = built.partition.face_of_slow(p);
        let claims: Vec<u32> =
            (0..soup.len() as u32).filter(|&d| covers(&soup[d as usize], p)).collect();
        if !covers(jurisdiction, p) {
            assert_eq!(face, FaceId::OUTSIDE);
            continue;
        }
        match built.partition.faces()[face.index()] {
            Face::Cell { drawn } => assert!(claims.contains(&drawn), "{p:?} {drawn} {claims:?}"),
            Face::BlankZone { .. } => assert_eq!(claims, []),
            Face::Outside => panic!("{p:?} lies in the jurisdiction"),
        }
    }
}

fn probes(soup: &[Drawn]) -> Vec<Position> {
    let corners = soup.iter().flat_map(|d| d.parts.iter().flatten().flatten());
    let around = corners.take(30).flat_map(|c| {
        [(0, 0), (40, 9), (-40, -9)]
            .map(|(dx, dy)| Position::new(c.lng_e7.saturating_add(dx), c.lat_e7.saturating_add(dy)))
    });
    around.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_dense_soup_becomes_a_partition(soup in soup(Grid::Dense)) {
        let built = build(&soup, None, &exactly());
        let probes: Vec<_> =
            (0..24).flat_map(|x| (0..24).map(move |y| Position::new(x, y))).step_by(7).collect();
        check_partition(&built.partition, &probes);
        check_idempotent(&built, soup.len());
    }

    #[test]
    fn a_jittered_soup_agrees_with_brute_force(
        soup in soup(Grid::Jittered),
        extra in prop::collection::vec((-200..8400, -200..8400), 60),
    ) {
        let built = build(&soup, Some(&frame()), &exactly());
        let mut probes = probes(&soup);
        probes.extend(extra.iter().map(|&(x, y)| Position::new(x, y)));
        check_partition(&built.partition, &probes);
        check_oracle(&soup, &frame(), &built, &probes);
        check_idempotent(&built, soup.len());
        let inside: i128 = built.partition.doubled_areas()[1..].iter().sum();
        prop_assert_eq!(inside, 2 * 8210 * 8210);
    }

    #[test]
    fn a_shaken_coverage_agrees_with_brute_force(
        soup in shaken_grid(),
        extra in prop::collection::vec((-200..5400, -200..5400), 60),
    ) {
        let built = build(&soup, Some(&frame()), &exactly());
        let probes: Vec<_> = extra.iter().map(|&(x, y)| Position::new(x, y)).collect();
        check_partition(&built.partition, &probes);
        check_oracle(&soup, &frame(), &built, &probes);
        check_idempotent(&built, soup.len());
    }

    #[test]
    fn the_ends_of_the_earth_overflow_nothing(soup in soup(Grid::Extreme)) {
        let built = build(&soup, None, &Options::default());
        check_partition(&built.partition, &probes(&soup));
        check_idempotent(&build(&soup, None, &exactly()), soup.len());
    }

    #[test]
    fn it_does_not_matter_where_a_ring_starts_nor_which_way_it_runs(
        soup in prop_oneof![soup(Grid::Dense), soup(Grid::Jittered), shaken_grid()],
        by in 0..8usize,
    ) {
        let (one, other) = (
            build(&soup, None, &Options::default()),
            build(&turned(&soup, by), None, &Options::default()),
        );
        one.partition.check().expect("a partition");
        prop_assert_eq!(&one.partition, &other.partition);
        let told = |b: &Built| -> Vec<_> {
            b.problems.iter().map(|p| (p.kind, p.drawn.clone(), p.owner, p.rule)).collect()
        };
        prop_assert_eq!(told(&one), told(&other));
    }
}
