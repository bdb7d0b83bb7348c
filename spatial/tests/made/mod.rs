//! Partitions made at random, valid by construction: what the look-ups are tried and timed on.
//!
//! A jittered grid with wiggly shared borders; some of its cells are merged, blank or outside;
//! islands and fans (many faces around one node) lie inside cells; a stray part lies far away.

use spatial::{Face, FaceId, OwnerRule, Partition, Position, partition};

/// A small, fast, well-mixed source of numbers (SplitMix64, Steele et al. 2014).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    /// Once in `n`.
    pub fn once_in(&mut self, n: u64) -> bool {
        n > 0 && self.next().is_multiple_of(n)
    }
}

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    /// Cells east and north.
    pub columns: i64,
    pub rows: i64,
    /// Units from cell to cell; at least 16.
    pub width: i64,
    /// Points between two nodes of the grid.
    pub points: i64,
    /// One cell in so many is blank, outside, or merged with its neighbour; 0 for none.
    pub blank_one_in: u64,
    pub outside_one_in: u64,
    pub merged_one_in: u64,
    /// One cell in so many has an island or a fan in it; 0 for none.
    pub island_one_in: u64,
    /// Slant the grid by (2x + y, x + y), so that no long border is parallel to an axis.
    pub slanted: bool,
    /// Units to a detached part in the east; 0 for none.
    pub stray: i64,
    pub origin: (i64, i64),
}

impl Plan {
    /// A clean city of wiggly cells as wide as those of the synthetic coverage (about 850 m).
    pub fn city(cells: i64, points: i64) -> Self {
        let columns = (cells as f64).sqrt().round() as i64;
        Self {
            seed: 5_041,
            columns,
            rows: cells / columns,
            width: 85_000,
            points,
            blank_one_in: 0,
            outside_one_in: 0,
            merged_one_in: 0,
            island_one_in: 0,
            slanted: false,
            stray: 0,
            origin: (1_160_977_000, 396_473_000),
        }
    }
}

/// What a region is before faces are numbered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Outside,
    Cell,
    Blank,
}

struct Maker {
    plan: Plan,
    dice: Dice,
    points: Vec<Position>,
    arcs: Vec<(u32, u32, usize, usize)>,
    kinds: Vec<Kind>,
}

type Xy = (i64, i64);

/// Makes the partition of a plan.
pub fn partition(plan: Plan) -> Partition {
    let kinds = vec![Kind::Outside];
    let mut maker = Maker { plan, dice: Dice(plan.seed), points: vec![], arcs: vec![], kinds };
    let regions = maker.regions();
    maker.grid(&regions);
    maker.inner(&regions);
    if plan.stray > 0 {
        let (w, x) = (plan.width, plan.stray);
        let region = maker.kinds.iter().position(|&k| k == Kind::Cell).unwrap_or(0);
        maker.arc(&[(x, 0), (x + w, 1), (x + w, w), (x + 3, w), (x, 0)], region, 0);
    }
    maker.finish()
}

impl Maker {
    /// The region of every grid cell, a frame of outside included.
    fn regions(&mut self) -> Vec<Vec<usize>> {
        let plan = self.plan;
        let mut regions = vec![vec![0; plan.columns as usize + 2]; plan.rows as usize + 2];
        let inner = regions.iter_mut().enumerate().take(plan.rows as usize + 1).skip(1);
        for (row, row_of_regions) in inner {
            for column in 1..=plan.columns as usize {
                let west = row_of_regions[column - 1];
                let first = row == 1 && column == 1;
                let kind = if !first && self.dice.once_in(plan.outside_one_in) {
                    Kind::Outside
                } else if !first && self.dice.once_in(plan.blank_one_in) {
                    Kind::Blank
                } else {
                    Kind::Cell
                };
                row_of_regions[column] = match kind {
                    Kind::Outside => 0,
                    Kind::Cell
                        if self.kinds[west] == Kind::Cell
                            && self.dice.once_in(plan.merged_one_in) =>
                    {
                        west
                    }
                    kind => self.region(kind),
                };
            }
        }
        regions
    }

    fn region(&mut self, kind: Kind) -> usize {
        self.kinds.push(kind);
        self.kinds.len() - 1
    }

    /// Nodes are shaken by an eighth of the width, borders stay within a cone of 22° of the line
    /// between their nodes: so no two can meet elsewhere.
    fn grid(&mut self, regions: &[Vec<usize>]) {
        let Plan { columns, rows, width, points, .. } = self.plan;
        let shake = width / 8 - 1;
        let nodes: Vec<Vec<Xy>> = (0..=rows)
            .map(|row| {
                (0..=columns)
                    .map(|column| {
                        let dx = self.dice.between(-shake, shake);
                        (column * width + dx, row * width + self.dice.between(-shake, shake))
                    })
                    .collect()
            })
            .collect();
        for (row, line) in nodes.iter().enumerate() {
            for (column, &node) in line.iter().enumerate() {
                if let Some(&east) = line.get(column + 1) {
                    let wiggled = self.wiggle(node, east, points, false);
                    self.arc(&wiggled, regions[row + 1][column + 1], regions[row][column + 1]);
                }
                if let Some(north) = nodes.get(row + 1).map(|line| line[column]) {
                    let wiggled = self.wiggle(node, north, points, true);
                    self.arc(&wiggled, regions[row + 1][column], regions[row + 1][column + 1]);
                }
            }
        }
    }

    /// A random walk beside the line from a to b, on it at both ends.
    fn wiggle(&mut self, a: Xy, b: Xy, points: i64, upright: bool) -> Vec<Xy> {
        let width = self.plan.width;
        let steps = points + 1;
        let (mut line, mut off) = (vec![a], 0);
        for i in 1..steps {
            let at = |from: i64, to: i64| from + (to - from) * i / steps;
            let (x, y) = (at(a.0, b.0), at(a.1, b.1));
            let reach = (width * i.min(steps - i) / steps * 2 / 5 - 2).min(width / 12).max(0);
            let stride = (width / steps * 3 / 4).max(1);
            off = (off + self.dice.between(-stride, stride)).clamp(-reach, reach);
            line.push(if upright { (x + off, y) } else { (x, y + off) });
        }
        line.push(b);
        line.dedup();
        line
    }

    /// Islands and fans in the middle of cells.
    fn inner(&mut self, regions: &[Vec<usize>]) {
        let width = self.plan.width;
        for row in 1..=self.plan.rows {
            for column in 1..=self.plan.columns {
                let host = regions[row as usize][column as usize];
                if self.dice.once_in(self.plan.island_one_in) {
                    let centre = (column * width - width / 2, row * width - width / 2);
                    let radius = self.dice.between(2, (width / 8).max(2));
                    match self.dice.next() % 3 {
                        0 => self.fan(centre, radius, host),
                        kind => self.island(centre, radius, host, kind == 1),
                    }
                }
            }
        }
    }

    /// A ring around the centre; a blank zone, or a detached part of the first cell.
    fn island(&mut self, centre: Xy, radius: i64, host: usize, blank: bool) {
        let inner = if blank || host == 1 { self.region(Kind::Blank) } else { 1 };
        let mut ring = rim(centre, radius);
        ring.push(ring[0]);
        self.arc(&ring, inner, host);
    }

    /// Many faces around one node, every second one a blank zone.
    fn fan(&mut self, centre: Xy, radius: i64, host: usize) {
        let rim = rim(centre, radius);
        let faces: Vec<usize> = (0..rim.len())
            .map(|i| self.region(if i % 2 == 1 { Kind::Blank } else { Kind::Cell }))
            .collect();
        for i in 0..rim.len() {
            let before = faces[(i + rim.len() - 1) % rim.len()];
            self.arc(&[centre, rim[i]], faces[i], before);
            self.arc(&[rim[i], rim[(i + 1) % rim.len()]], faces[i], host);
        }
    }

    /// Stores an arc, at random in the other direction; one with a single face is left out.
    fn arc(&mut self, line: &[Xy], left: usize, right: usize) {
        if left == right {
            return;
        }
        let start = self.points.len() as u32;
        let (x0, y0) = self.plan.origin;
        self.points.extend(line.iter().map(|&(x, y)| {
            let (x, y) = if self.plan.slanted { (2 * x + y, x + y) } else { (x, y) };
            Position::new((x0 + x) as i32, (y0 + y) as i32)
        }));
        let end = self.points.len() as u32;
        if self.dice.once_in(2) {
            self.points[start as usize..].reverse();
            self.arcs.push((start, end, right, left));
        } else {
            self.arcs.push((start, end, left, right));
        }
    }

    /// Numbers the faces: the outside, cells, blank zones (owned by cells in turn).
    fn finish(self) -> Partition {
        let mut order: Vec<usize> = (0..self.kinds.len()).collect();
        order.sort_by_key(|&i| match self.kinds[i] {
            Kind::Outside => (0, i),
            Kind::Cell => (1, i),
            Kind::Blank => (2, i),
        });
        let mut ids = vec![FaceId::OUTSIDE; order.len()];
        order.iter().enumerate().for_each(|(id, &i)| ids[i] = FaceId(id as u32));
        let cells = self.kinds.iter().filter(|&&k| k == Kind::Cell).count() as u32;
        let faces = (0..order.len() as u32)
            .map(|id| match self.kinds[order[id as usize]] {
                Kind::Outside => Face::Outside,
                Kind::Cell => Face::Cell { drawn: id - 1 },
                Kind::Blank => Face::BlankZone {
                    owner: FaceId(1 + id % cells),
                    rule: OwnerRule::LongestBorder,
                },
            })
            .collect();
        let arcs = self.arcs.iter().map(|&(start, end, left, right)| partition::Arc {
            start,
            end,
            left: ids[left],
            right: ids[right],
        });
        Partition::from_rows(self.points, arcs.collect(), faces).expect("a valid partition")
    }
}

/// Lattice points around a centre, counter-clockwise, convex, at least four of them.
fn rim(centre: Xy, radius: i64) -> Vec<Xy> {
    let (x, y) = centre;
    let quarter: Vec<Xy> = if radius < 8 {
        vec![(radius, 0)]
    } else {
        let part = |r: i64, num: i64| r * num / 1000;
        [(1000, 0), (951, 309), (809, 588), (588, 809), (309, 951)]
            .map(|(c, s)| (part(radius, c), part(radius, s)))
            .to_vec()
    };
    let mut rim: Vec<Xy> = quarter.iter().map(|&(a, b)| (x + a, y + b)).collect();
    rim.extend(quarter.iter().map(|&(a, b)| (x - b, y + a)));
    rim.extend(quarter.iter().map(|&(a, b)| (x - a, y - b)));
    rim.extend(quarter.iter().map(|&(a, b)| (x + b, y - a)));
    rim.dedup();
    rim
}
