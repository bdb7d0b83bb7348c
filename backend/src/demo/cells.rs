//! The cells as a planner drew them: parcels put together, numbered and named, with the few
//! mistakes planners make.

use super::chance::Chance;
use super::ground::Ground;
use super::mesh::{FaceNo, Node};
use super::plan::{Class, Town, Zone, neighbours};
use super::plane::{P, area, centroid, p};

/// A cell of level 3 as drawn.
pub struct DrawnCell {
    /// Fifteen digits: county, street, community, sequence.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its community.
    pub community: usize,
    /// The faces it was drawn around.
    pub faces: Vec<FaceNo>,
    /// Its rings, the outer one first, not closed.
    pub rings: Vec<Vec<P>>,
}

/// A mistake in the drawing that is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// `overlap` or `sliver`.
    pub kind: &'static str,
    /// The codes of the two cells.
    pub cells: [String; 2],
}

/// Least hectares of a cell, and what a cell of several blocks grows to.
const fn least_ha(zone: Zone) -> f64 {
    match zone {
        Zone::Old => 2.9,
        Zone::Centre => 3.0,
        Zone::Park => 6.0,
        _ => 2.2,
    }
}

/// Puts parcels together and draws the cells of a district.
pub fn draw(town: &Town, ground: &Ground, street: &str) -> Vec<DrawnCell> {
    let groups = group(town, ground);
    let mut by_community: Vec<Vec<Vec<FaceNo>>> = vec![Vec::new(); town.communities.len()];
    for faces in groups {
        by_community[ground.blocks.community[faces[0]]].push(faces);
    }
    let order = community_order(ground, &by_community);
    let mut cells = Vec::new();
    for (number, community) in order.into_iter().enumerate() {
        let sorted = west_to_east(ground, std::mem::take(&mut by_community[community]));
        for (i, faces) in sorted.into_iter().enumerate() {
            let county = &town.district.county;
            cells.push(DrawnCell {
                code: format!("{county}{street}{:03}{:03}", number + 1, i + 1),
                name: format!("{}第{}网格", town.communities[community].name, chinese(i + 1)),
                community,
                rings: outline(ground, &faces),
                faces,
            });
        }
    }
    cells
}

/// A number up to 99 in Chinese.
pub fn chinese(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        0..=9 => DIGITS[n].to_owned(),
        10..=19 => format!("十{}", DIGITS[n - 10]),
        _ => format!("{}十{}", DIGITS[n / 10 % 10], DIGITS[n % 10]),
    }
}

fn group(town: &Town, ground: &Ground) -> Vec<Vec<FaceNo>> {
    let blocks = &ground.blocks;
    let mut group_of = vec![usize::MAX; blocks.mesh.rings.len()];
    let mut groups: Vec<Vec<FaceNo>> = Vec::new();
    for parcel in &ground.parcels {
        group_of[parcel.face] = groups.len();
        groups.push(vec![parcel.face]);
    }
    let ha = |faces: &[FaceNo]| faces.iter().map(|f| blocks.mesh.area(*f)).sum::<f64>() / 1e4;
    let mut stuck = vec![false; groups.len()];
    loop {
        let small = (0..groups.len())
            .filter(|g| !groups[*g].is_empty() && !stuck[*g])
            .map(|g| (ha(&groups[g]), g))
            .filter(|(size, g)| *size < least_ha(blocks.zone(town, groups[*g][0])))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, g)) = small else { break };
        // The neighbour in the same community that stays smallest, rather across a lane than
        // across a main street or a creek.
        let to = groups[g]
            .iter()
            .flat_map(|f| neighbours(&blocks.mesh, *f))
            .filter(|(f, _, len)| {
                group_of[*f] != usize::MAX
                    && group_of[*f] != g
                    && blocks.community[*f] == blocks.community[groups[g][0]]
                    && *len > 20.0
            })
            .map(|(f, line, _)| {
                let hard = match blocks.lines[line].class {
                    Class::Lane | Class::Wall => 0.0,
                    Class::Secondary => 3.0,
                    _ => 8.0,
                };
                (ha(&groups[group_of[f]]) + hard, group_of[f])
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        match to {
            Some((_, to)) => {
                let moved = std::mem::take(&mut groups[g]);
                moved.iter().for_each(|f| group_of[*f] = to);
                groups[to].extend(moved);
            }
            None => stuck[g] = true,
        }
    }
    groups.retain(|faces| !faces.is_empty());
    groups
}

fn middle(ground: &Ground, faces: &[FaceNo]) -> P {
    let (mut sum, mut weight) = (P::default(), 0.0);
    for face in faces {
        let ring = ground.blocks.mesh.points(*face);
        let w = area(&ring);
        sum = sum + centroid(&ring) * w;
        weight += w;
    }
    sum * (1.0 / weight)
}

/// Communities are numbered like cells: in bands from north to south, west to east in a band.
fn community_order(ground: &Ground, cells: &[Vec<Vec<FaceNo>>]) -> Vec<usize> {
    let middles: Vec<P> = cells
        .iter()
        .map(|own| {
            let faces: Vec<FaceNo> = own.iter().flatten().copied().collect();
            if faces.is_empty() { p(0.0, 0.0) } else { middle(ground, &faces) }
        })
        .collect();
    banded(&middles)
}

fn west_to_east(ground: &Ground, mut cells: Vec<Vec<FaceNo>>) -> Vec<Vec<FaceNo>> {
    let middles: Vec<P> = cells.iter().map(|faces| middle(ground, faces)).collect();
    banded(&middles).into_iter().map(|i| std::mem::take(&mut cells[i])).collect()
}

/// Indices in bands from north to south, each from west to east.
fn banded(middles: &[P]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..middles.len()).collect();
    order.sort_by(|a, b| middles[*b].y.total_cmp(&middles[*a].y));
    let band = (middles.len() as f64).sqrt().ceil().max(1.0) as usize;
    for row in order.chunks_mut(band) {
        row.sort_by(|a, b| middles[*a].x.total_cmp(&middles[*b].x));
    }
    order
}

fn outline(ground: &Ground, faces: &[FaceNo]) -> Vec<Vec<P>> {
    let mesh = &ground.blocks.mesh;
    let at =
        |ring: Vec<Node>| -> Vec<P> { ring.into_iter().map(|n| mesh.nodes[n as usize]).collect() };
    let mut rings: Vec<Vec<P>> =
        mesh.outlines(|f| faces.contains(&f), faces).into_iter().map(at).collect();
    rings.sort_by(|a, b| area(b).total_cmp(&area(a)));
    rings
}

/// Makes the mistakes: a few cells reach over the street into the next, a few borders were
/// digitised twice and miss each other by some decimetres. Returns what was done.
pub fn make_mistakes(cells: &mut [DrawnCell], rng: &mut Chance) -> Vec<Known> {
    let mut known = Vec::new();
    let mut touched = vec![false; cells.len()];
    for (kind, wanted, low, high) in [("overlap", 6, 7.0, 16.0), ("sliver", 12, 0.12, 0.38)] {
        let (mut made, mut tries) = (0, 0);
        while made < wanted && tries < 4_000 {
            tries += 1;
            let c = rng.below(cells.len());
            let i = rng.below(cells[c].rings[0].len());
            let by = rng.between(low, high);
            let Some((other, moved)) = push_vertex(cells, c, i, by, kind == "overlap") else {
                continue;
            };
            if touched[c] || touched[other] {
                continue;
            }
            (touched[c], touched[other]) = (true, true);
            known.push(Known { kind, cells: [cells[c].code.clone(), cells[other].code.clone()] });
            cells[c].rings[0][i] = moved;
            made += 1;
        }
    }
    known
}

/// A vertex only two cells share, between two long edges, moved out into the other cell
/// (or in, which leaves a gap).
fn push_vertex(cells: &[DrawnCell], c: usize, i: usize, by: f64, out: bool) -> Option<(usize, P)> {
    let ring = &cells[c].rings[0];
    let n = ring.len();
    let (a, b, d) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
    if (b - a).len() < 25.0 || (d - b).len() < 25.0 {
        return None;
    }
    let holders =
        |q: P| (0..cells.len()).filter(move |k| cells[*k].rings.iter().any(|r| r.contains(&q)));
    let sharing: Vec<usize> = holders(b).filter(|k| *k != c).collect();
    let [other] = sharing[..] else { return None };
    let both = [a, d].iter().all(|q| holders(*q).any(|k| k == other));
    let right = (d - a).unit().left() * -1.0;
    both.then(|| (other, b + right * if out { by } else { -by }))
}
