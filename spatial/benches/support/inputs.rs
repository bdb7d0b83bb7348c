//! What is measured: partitions, their polygons for the rivals, and points to look up.

use super::made::{self, Dice, Plan};
use spatial::{Face, Partition, Position, Window, oracle};

/// A made city of wiggly cells; the larger it is the fewer points its borders have.
pub fn city(cells: i64) -> (Partition, String) {
    let points = if cells > 20_000 { 14 } else { 32 };
    let partition = made::partition(Plan::city(cells, points));
    let cells = partition.faces().iter().filter(|f| matches!(f, Face::Cell { .. })).count();
    let note = format!("made: {cells} cells, {} vertices a cell", 4 * (points + 1));
    (partition, note)
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
