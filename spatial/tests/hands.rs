//! What changes hands when borders move, against the exact oracle before and after.

mod made;

use made::{Dice, Plan};
use spatial::{
    Locator, Partition, Position, Window,
    hands::{Change, Move, Points, changed},
    oracle,
};
use std::sync::Arc;

/// A small partition of every kind, a different one for every seed.
fn plan(dice: &mut Dice) -> Plan {
    let width = match dice.between(0, 2) {
        0 => dice.between(16, 64),
        1 => dice.between(200, 5_000),
        _ => dice.between(20_000, 3_000_000),
    };
    Plan {
        seed: dice.next(),
        columns: dice.between(1, 4),
        rows: dice.between(1, 4),
        width,
        points: dice.between(0, 12).min(width / 4 - 2),
        blank_one_in: dice.between(0, 3) as u64,
        outside_one_in: dice.between(0, 5) as u64,
        merged_one_in: dice.between(0, 3) as u64,
        island_one_in: dice.between(0, 2) as u64,
        slanted: dice.once_in(2),
        stray: if dice.once_in(4) { 60 * width } else { 0 },
        origin: (1_160_000_000, 390_000_000),
    }
}

type Lines = Vec<(u32, Vec<Position>)>;

/// A move that may or may not tangle the borders: of a vertex, of a whole arc, of a node.
fn moves(partition: &Partition, width: i64, dice: &mut Dice) -> Lines {
    let lines: Vec<Vec<Position>> = partition.arcs().map(|arc| arc.points.to_vec()).collect();
    let at = dice.between(0, lines.len() as i64 - 1) as usize;
    let part = [2, 4, 16][dice.between(0, 2) as usize];
    let reach = dice.between(1, (width / part).max(1));
    let near = |p: Position, dice: &mut Dice| {
        let (x, y) = (dice.between(-reach, reach) as i32, dice.between(-reach, reach) as i32);
        Position::new(p.lng_e7 + x, p.lat_e7 + y)
    };
    let mut line = lines[at].clone();
    let last = line.len() - 1;
    match dice.between(0, 4) {
        0 if last > 1 => {
            let i = dice.between(1, last as i64 - 1) as usize;
            line[i] = near(line[i], dice);
        }
        1 if last > 1 => drop(line.remove(dice.between(1, last as i64 - 1) as usize)),
        2 => {
            let i = dice.between(1, last as i64) as usize;
            let between = near(line[i], dice);
            line.insert(i, between);
        }
        3 => {
            let stay = [line[0], line[last]];
            let (x, y) = (dice.between(-reach, reach) as i32, dice.between(-reach, reach) as i32);
            let slid = line.iter().map(|p| Position::new(p.lng_e7 + x, p.lat_e7 + y));
            line = [stay[0]].into_iter().chain(slid.take(last).skip(1)).chain([stay[1]]).collect();
        }
        _ => {
            let node = line[0];
            let to = near(node, dice);
            let mut moved = Lines::new();
            for (i, mut line) in lines.into_iter().enumerate() {
                let last = line.len() - 1;
                for end in [0, last] {
                    if line[end] == node {
                        line[end] = to;
                        moved.retain(|(known, _)| *known != i as u32);
                        moved.push((i as u32, line.clone()));
                    }
                }
            }
            return moved;
        }
    }
    vec![(at as u32, line)]
}

/// The partition after the moves; `None` if they tangle it.
fn after(partition: &Partition, moves: &Lines) -> Option<Partition> {
    let (mut points, mut arcs) = (Vec::new(), partition.rows().1.to_vec());
    for (i, (row, arc)) in arcs.iter_mut().zip(partition.arcs()).enumerate() {
        let moved = moves.iter().find(|(at, _)| *at as usize == i);
        row.start = points.len() as u32;
        points.extend_from_slice(moved.map_or(arc.points, |(_, line)| line));
        row.end = points.len() as u32;
    }
    let rows = Partition::from_rows(points, arcs, partition.rows().2.to_vec()).ok()?;
    rows.check().ok().map(|()| rows)
}

/// Places on and beside the moved lines, old and new, and anywhere around them.
fn places(partition: &Partition, moves: &Lines, dice: &mut Dice) -> Vec<Position> {
    let mut lines: Vec<&[Position]> = moves.iter().map(|(_, line)| &line[..]).collect();
    let arcs: Vec<_> = partition.arcs().collect();
    lines.extend(moves.iter().map(|&(at, _)| arcs[at as usize].points));
    let mut places = Vec::new();
    for w in lines.iter().flat_map(|line| line.windows(2)) {
        let (dx, dy) = (
            i64::from(w[1].lng_e7) - i64::from(w[0].lng_e7),
            i64::from(w[1].lat_e7) - i64::from(w[0].lat_e7),
        );
        let steps = gcd(dx.abs(), dy.abs()).max(1);
        let (steps, k) = if steps > 1 { (steps, dice.between(1, steps - 1)) } else { (2, 1) };
        let on = Position::new(
            w[0].lng_e7 + (dx * k / steps) as i32,
            w[0].lat_e7 + (dy * k / steps) as i32,
        );
        for p in [w[0], on, w[1]] {
            for (x, y) in [-1, 0, 1].into_iter().flat_map(|x| [-1, 0, 1].map(|y| (x, y))) {
                places.push(Position::new(p.lng_e7 + x, p.lat_e7 + y));
            }
        }
    }
    let window = Window::around(places.iter().copied()).expect("places");
    for _ in 0..300 {
        let (low, high) = (window.low, window.high);
        let x = dice.between(low.lng_e7.into(), high.lng_e7.into()) as i32;
        places.push(Position::new(x, dice.between(low.lat_e7.into(), high.lat_e7.into()) as i32));
    }
    places.extend(partition.rows().0);
    places.extend([Position::default(), Position::new(i32::MAX, i32::MIN)]); // strays
    places
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn moved(lines: &Lines) -> Vec<Move<'_>> {
    lines.iter().map(|(arc, line)| Move { arc: *arc, line }).collect()
}

/// What the slow truth says.
fn truth(before: &Partition, after: &Partition, places: &[Position]) -> Vec<Change> {
    let (old, new) = (oracle::Bands::new(before), oracle::Bands::new(after));
    let changes = places.iter().enumerate().map(|(i, &p)| Change {
        point: i as u32,
        from: old.face_of(p),
        to: new.face_of(p),
    });
    changes.filter(|change| change.from != change.to).collect()
}

#[test]
fn exactly_those_points_change_hands_whose_face_differs_before_and_after() {
    let (mut tried, mut on_lines, mut nodes, mut all) = (0, 0, 0, 0);
    for seed in 0..3_000 {
        let mut dice = Dice(seed);
        let plan = plan(&mut dice);
        let before = made::partition(plan);
        let lines = moves(&before, plan.width, &mut dice);
        let Some(after) = after(&before, &lines) else { continue };
        let places = places(&before, &lines, &mut dice);
        let expected = truth(&before, &after, &places);
        let found = changed(&Points::new(&places), &before, &moved(&lines));
        assert_eq!(found.as_ref(), Some(&expected), "seed {seed}, moves {lines:?}");
        tried += 1;
        nodes += usize::from(lines.len() > 1);
        all += expected.len();
        let touched = |p: Position| oracle::edges(&before).any(|e| touches(&e, p));
        on_lines += expected.iter().filter(|c| touched(places[c.point as usize])).count();
    }
    // So that the moves made are worth something: few tangle, nodes and lines are met.
    assert!(
        tried > 1_000 && nodes > 100 && all > 10_000 && on_lines > 1_000,
        "{tried} moves, {nodes} of nodes, {all} changes, {on_lines} on old lines"
    );
}

fn touches(edge: &oracle::Edge, p: Position) -> bool {
    spatial::exact::on_segment(edge.a, edge.b, p)
}

#[test]
fn two_look_ups_of_every_point_of_a_city_say_the_same() {
    let before = made::partition(Plan::city(49, 32));
    let mut dice = Dice(11);
    let window = Window::around(before.rows().0.iter().copied()).expect("a city");
    let anywhere = |dice: &mut Dice| {
        let (low, high) = (window.low, window.high);
        let x = dice.between(low.lng_e7.into(), high.lng_e7.into()) as i32;
        Position::new(x, dice.between(low.lat_e7.into(), high.lat_e7.into()) as i32)
    };
    let places: Vec<Position> = (0..100_000).map(|_| anywhere(&mut dice)).collect();
    let points = Points::new(&places);
    assert!(points.bytes() <= 13 * places.len() + 4, "13 bytes a point");
    let old = Locator::new(Arc::new(before.clone()));
    let mut met = 0;
    for _ in 0..300 {
        let lines = moves(&before, 85_000, &mut dice);
        let Some(after) = after(&before, &lines) else { continue };
        let new = Locator::new(Arc::new(after));
        let faces = places.iter().map(|&p| (old.face_of(p), new.face_of(p)));
        let expected: Vec<Change> = faces
            .enumerate()
            .filter(|(_, (from, to))| from != to)
            .map(|(i, (from, to))| Change { point: i as u32, from, to })
            .collect();
        met += expected.len();
        assert_eq!(changed(&points, &before, &moved(&lines)), Some(expected), "{lines:?}");
    }
    assert!(met > 1_000, "{met} changes");
}

#[test]
fn a_move_looks_only_at_the_points_near_it_even_if_a_stray_lies_at_the_equator() {
    let row = |y: i32| (0..300).map(move |x| Position::new(1_160_000_000 + x * 100, y * 100));
    let mut places: Vec<Position> = (3_900_000..3_900_300).flat_map(row).collect();
    places.push(Position::default());
    let points = Points::new(&places);
    let low = Position::new(1_160_010_000, 390_010_000);
    let high = Position::new(low.lng_e7 + 500, low.lat_e7 + 500);
    // 6 × 6 of the 90 001 lie in the window, buckets are a few points wide.
    assert!((36..=150).contains(&points.near(&Window { low, high })));
}

#[test]
fn lines_that_leave_a_gap_have_no_answer_and_a_move_of_nothing_changes_nothing() {
    let before = made::partition(Plan::city(4, 4));
    let points = Points::new(before.rows().0);
    let line = before.arcs().next().expect("an arc").points;
    let mut torn = line.to_vec();
    torn[0].lng_e7 += 1;
    assert_eq!(changed(&points, &before, &[Move { arc: 0, line }]), Some(vec![]));
    assert_eq!(changed(&points, &before, &[]), Some(vec![]));
    assert_eq!(changed(&points, &before, &[Move { arc: 0, line: &torn }]), None);
    assert_eq!(changed(&points, &before, &[Move { arc: 0, line: &line[..1] }]), None);
    assert_eq!(changed(&points, &before, &[Move { arc: 999, line }]), None);
    let nothing = Points::new(&[]);
    assert_eq!(changed(&nothing, &before, &[Move { arc: 0, line }]), Some(vec![]));
}
