//! The list of everything that was wrong, with sizes and drawable geometry.

use super::chains::Chains;
use super::lines::{GATE, LineWork};
use super::measure::{area_m2, metres};
use super::regions::Kind;
use super::{Drawn, Evidence, Problem, ProblemKind, Shape, outline};
use crate::exact;
use crate::partition::FaceId;
use crate::position::{Position, Window};
use std::collections::HashMap;

/// A part is stray if it has less than this share of its polygon's area ...
const STRAY_SHARE: f64 = 0.1;
/// ... and is farther from the largest part than so many times the diagonal of that one's box.
const STRAY_DIAGONALS: f64 = 2.0;

impl Evidence<'_> {
    /// Everything, sorted by kind and, within it, the largest first.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = self.of_regions();
        problems.extend(self.mismatches());
        problems.extend(self.bad_rings.iter().map(|bad| {
            let shape = match bad.points[..] {
                [] => Shape::Lines(Vec::new()),
                [only] => Shape::Point(only),
                _ => Shape::Lines(vec![bad.points.clone()]),
            };
            plain(ProblemKind::InvalidRing, vec![bad.drawn], shape)
        }));
        problems.extend(self.self_crossings());
        problems.extend(self.duplicates());
        problems.extend(self.stray_parts());
        problems.extend(self.empty());
        problems.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| b.area_m2.total_cmp(&a.area_m2)));
        problems
    }

    fn of_regions(&self) -> Vec<Problem> {
        let regions = self.ground.regions;
        let listed = |r: u32| {
            let kind = regions.all[r as usize].kind;
            let left_out = kind == Kind::Blank && self.owners.verdicts[r as usize].is_none();
            (!matches!(kind, Kind::Outside | Kind::Sole) && !left_out).then_some(r)
        };
        let arcs = self.ground.arcs.iter().enumerate().map(|(arc, &points)| {
            let [left, right] = regions.sides(self.ground.faces, arc);
            (points, listed(left), listed(right))
        });
        outline::grouped(arcs)
            .chunk_by_mut(|a, b| a.0 == b.0)
            .map(|group| {
                let polygons = group.iter_mut().map(|(_, p)| std::mem::take(p)).collect();
                self.of_region(group[0].0, Shape::Polygons(polygons))
            })
            .collect()
    }

    fn of_region(&self, region: u32, shape: Shape) -> Problem {
        let it = &self.ground.regions.all[region as usize];
        let verdict = self.owners.verdicts[region as usize];
        let (area_m2, width_m) = (it.area_m2(), it.width_m());
        let sliver = width_m < self.options.sliver_m;
        let blank_zone = self.owners.face[region as usize].index() > self.drawn.len();
        let kind = match it.kind {
            Kind::CutOff => ProblemKind::OutsideJurisdiction,
            Kind::Blank if blank_zone => ProblemKind::Gap,
            Kind::Blank => ProblemKind::SliverGap,
            _ if sliver => ProblemKind::SliverOverlap,
            _ => ProblemKind::Overlap,
        };
        let drawn = if it.kind == Kind::Blank {
            let mut touching = self.ground.touching(region, self.owners);
            touching.sort_by_key(|&(_, length)| std::cmp::Reverse(length));
            touching.into_iter().map(|(drawn, _)| drawn).collect()
        } else {
            self.ground.covers.claims(it.face).to_vec()
        };
        let (owner, rule) = (verdict.map(|v| v.owner), verdict.map(|v| v.rule));
        Problem { kind, drawn, area_m2, width_m, owner, rule, shape }
    }

    /// Border that two cells drew along each other through different points, by pair of cells.
    fn mismatches(&self) -> Vec<Problem> {
        let mut by_pair: HashMap<[u32; 2], Vec<u32>> = HashMap::new();
        for edge in 0..self.lines.ends.len() as u32 {
            let mut passages = self.lines.passages(edge);
            let first = passages.next();
            if passages.all(|p| Some(p.1) == first.map(|f| f.1)) {
                continue;
            }
            let cell = |p: (u32, u32)| (p.0 != GATE).then(|| (self.parts.drawn[p.0 as usize], p.1));
            let mut cells: Vec<_> = self.lines.passages(edge).filter_map(cell).collect();
            cells.retain(|c| (c.0 as usize) < self.drawn.len());
            for (i, &(a, along)) in cells.iter().enumerate() {
                for &(b, _) in cells[i + 1..].iter().filter(|c| c.1 != along && c.0 != a) {
                    if self.parts_them(edge, a, b) {
                        by_pair.entry([a, b]).or_default().push(edge);
                    }
                }
            }
        }
        let mut pairs: Vec<_> = by_pair.into_iter().collect();
        pairs.sort_unstable();
        pairs.iter_mut().for_each(|(_, edges)| edges.dedup());
        let lines = |edges: &[u32]| {
            let segments: Vec<_> = edges.iter().map(|&e| self.lines.segment(e)).collect();
            Shape::Lines(joined(&segments))
        };
        pairs
            .iter()
            .map(|(pair, edges)| plain(ProblemKind::Mismatch, pair.to_vec(), lines(edges)))
            .collect()
    }

    /// Whether the two cells lie on different sides of an edge that is a border of both.
    fn parts_them(&self, edge: u32, a: u32, b: u32) -> bool {
        let arc = self.chains.of_edge[edge as usize] as usize;
        let left = self.ground.covers.claims(self.ground.faces.left[2 * arc]);
        left.contains(&a) != left.contains(&b)
    }

    fn self_crossings(&self) -> Vec<Problem> {
        let of_drawn = |&(part, at): &(u32, Position)| (self.parts.drawn[part as usize], at);
        let mut crossings: Vec<_> = self.crossings.iter().map(of_drawn).collect();
        crossings.retain(|c| (c.0 as usize) < self.drawn.len());
        crossings.sort_unstable();
        crossings.dedup();
        crossings
            .into_iter()
            .map(|(drawn, at)| plain(ProblemKind::SelfCrossing, vec![drawn], Shape::Point(at)))
            .collect()
    }

    /// Polygons with the very same border.
    fn duplicates(&self) -> Vec<Problem> {
        let mut prints: Vec<(u128, u32)> = (0..self.drawn.len() as u32).map(|d| (0, d)).collect();
        for edge in 0..self.lines.ends.len() as u32 {
            for &part in self.lines.labels(edge).iter().filter(|&&p| p != GATE) {
                let drawn = self.parts.drawn[part as usize] as usize;
                if let Some(print) = prints.get_mut(drawn) {
                    print.0 = print.0.wrapping_add(mixed(edge));
                }
            }
        }
        prints.retain(|p| p.0 != 0);
        prints.sort_unstable();
        let groups = prints.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1);
        groups
            .map(|group| {
                let shape = drawn_shape(&self.drawn[group[0].1 as usize]);
                plain(ProblemKind::Duplicate, group.iter().map(|p| p.1).collect(), shape)
            })
            .collect()
    }

    /// Small parts much farther off than the rest of their polygon.
    fn stray_parts(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, drawn) in self.drawn.iter().enumerate().filter(|(_, d)| d.parts.len() > 1) {
            let mut parts: Vec<(f64, Window, &Vec<Vec<Position>>)> = Vec::new();
            for part in &drawn.parts {
                let Some(window) = part.first().and_then(|r| Window::around(r.iter().copied()))
                else {
                    continue;
                };
                let middle = (f64::from(window.low.lat_e7) + f64::from(window.high.lat_e7)) / 2.0;
                let doubled: i128 = part.iter().map(|ring| doubled_abs(ring)).sum();
                parts.push((area_m2(doubled, middle), window, part));
            }
            let total: f64 = parts.iter().map(|p| p.0).sum();
            let Some(main) = parts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|p| p.1) else {
                continue;
            };
            let reach_m = STRAY_DIAGONALS * metres(main.low, main.high);
            for (area_m2, window, part) in parts {
                if area_m2 < STRAY_SHARE * total && between_m(&main, &window) > reach_m {
                    let shape = Shape::Polygons(vec![part.iter().map(|r| closed(r)).collect()]);
                    let problem = plain(ProblemKind::StrayPart, vec![index as u32], shape);
                    problems.push(Problem { area_m2, ..problem });
                }
            }
        }
        problems
    }

    fn empty(&self) -> Vec<Problem> {
        let areas = self.partition.doubled_areas();
        let empty = (0..self.drawn.len() as u32).filter(|&d| areas[d as usize + 1] == 0);
        empty
            .map(|d| plain(ProblemKind::Empty, vec![d], drawn_shape(&self.drawn[d as usize])))
            .collect()
    }
}

fn plain(kind: ProblemKind, drawn: Vec<u32>, shape: Shape) -> Problem {
    Problem { kind, drawn, area_m2: 0.0, width_m: 0.0, owner: None::<FaceId>, rule: None, shape }
}

/// Two rounds of a 64-bit mixer (splitmix64), so that sums of different edges differ.
fn mixed(edge: u32) -> u128 {
    let mix = |mut x: u64| {
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    };
    let low = mix(u64::from(edge).wrapping_add(0x9E37_79B9_7F4A_7C15));
    (u128::from(mix(low.wrapping_add(0x9E37_79B9_7F4A_7C15))) << 64) | u128::from(low)
}

fn closed(ring: &[Position]) -> Vec<Position> {
    let mut ring = ring.to_vec();
    if let (Some(&first), Some(&last)) = (ring.first(), ring.last())
        && first != last
    {
        ring.push(first);
    }
    ring
}

/// The rings as lines: they may be anything but valid polygons.
fn drawn_shape(drawn: &Drawn) -> Shape {
    let rings = drawn.parts.iter().flatten().filter(|ring| ring.len() > 1);
    Shape::Lines(rings.map(|ring| closed(ring)).collect())
}

fn doubled_abs(ring: &[Position]) -> i128 {
    exact::doubled_shoelace(&closed(ring)).abs()
}

/// Metres between two boxes, measured at their nearest corners.
fn between_m(a: &Window, b: &Window) -> f64 {
    let gap = |a_low: i32, a_high: i32, b_low: i32, b_high: i32| {
        if b_low > a_high {
            (a_high, b_low)
        } else if a_low > b_high {
            (a_low, b_high)
        } else {
            (a_low, a_low)
        }
    };
    let (lng_a, lng_b) = gap(a.low.lng_e7, a.high.lng_e7, b.low.lng_e7, b.high.lng_e7);
    let (lat_a, lat_b) = gap(a.low.lat_e7, a.high.lat_e7, b.low.lat_e7, b.high.lat_e7);
    metres(Position::new(lng_a, lat_a), Position::new(lng_b, lat_b))
}

/// Joins segments that meet end to end to lines.
fn joined(segments: &[(Position, Position)]) -> Vec<Vec<Position>> {
    let mut at: Vec<Position> = segments.iter().flat_map(|s| [s.0, s.1]).collect();
    at.sort_unstable();
    at.dedup();
    let number = |p: Position| at.partition_point(|q| *q < p) as u32;
    let mut ends: Vec<[u32; 2]> = segments.iter().map(|s| [number(s.0), number(s.1)]).collect();
    ends.iter_mut().for_each(|e| e.sort_unstable());
    ends.sort_unstable();
    let count = ends.len();
    let lines = LineWork {
        at,
        ends,
        label_start: (0..=count as u32).collect(),
        labels: vec![0; count],
        origins: vec![0; count],
    };
    Chains::of(&lines).arcs().into_iter().map(<[Position]>::to_vec).collect()
}
