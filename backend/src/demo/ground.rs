//! The ground of the district: blocks, estates, strips between walls, and what each parcel is for.

use super::blocks::{Blocks, Cut};
use super::chance::Chance;
use super::fill::{Filled, Use, fill};
use super::lot::{Lot, nearly_east};
use super::mesh::FaceNo;
use super::plan::{Class, Town, Zone, neighbours, setback_m};
use super::plane::{P, long_axis};
use super::walls::{Strip, build_walls};

/// A parcel: one face of the mesh that is not a strip.
pub struct Parcel {
    /// Its face.
    pub face: FaceNo,
    /// Its community.
    pub community: usize,
    /// What it is for.
    pub usage: Use,
    /// What stands on it.
    pub filled: Filled,
    /// The runs of wall around it, open at the gates.
    pub walls: Vec<Vec<P>>,
    /// Its middle.
    pub middle: P,
}

/// The built ground.
pub struct Ground {
    /// Mesh, lines, communities of faces.
    pub blocks: Blocks,
    /// Strips between two walls.
    pub strips: Vec<Strip>,
    /// Single walls between estates.
    pub walls: Vec<Vec<P>>,
    /// Parcels in order of their faces.
    pub parcels: Vec<Parcel>,
    /// The strip of the famous pile, an index into `strips`.
    pub pile: usize,
}

/// Largest block in hectares before lanes, and before walls; chance that a wall is double.
const fn rule(zone: Zone) -> (f64, f64, f64) {
    match zone {
        Zone::Old => (1.7, f64::INFINITY, 0.0),
        Zone::Estate => (11.0, 7.4, 0.85),
        Zone::Garden => (15.0, 9.2, 0.75),
        Zone::Tower => (15.0, 10.0, 0.6),
        Zone::Centre => (5.5, f64::INFINITY, 0.0),
        Zone::Industrial => (18.0, 11.0, 0.75),
        Zone::Campus => (14.0, 11.0, 0.6),
        Zone::Park => (22.0, f64::INFINITY, 0.0),
    }
}

impl Ground {
    /// Builds the town with a seed.
    pub fn build(town: &Town, seed: u64) -> Self {
        let mut rng = Chance::new(seed, 1);
        let mut blocks = Blocks::new(town, &mut rng);
        let cut = Cut { stray: 0.07, snap_m: 60.0, clear_m: 50.0, least: 0.3 };
        blocks.cut_streets(Class::Secondary, &cut, |_, _| 21.0, &mut rng);
        blocks.grow_communities(town);
        blocks.narrow_old_streets(town);
        let lanes = Cut { stray: 0.13, snap_m: 22.0, clear_m: 14.0, least: 0.3 };
        let most = |b: &Blocks, f: FaceNo| rule(b.zone(town, f)).0;
        blocks.cut_streets(Class::Lane, &lanes, most, &mut rng);
        let (strips, walls) = build_walls(
            &mut blocks,
            |b, f| rule(b.zone(town, f)).1,
            |b, f| rule(b.zone(town, f)).2,
            &mut rng,
        );
        let pile = famous_strip(town, &strips);
        let uses = decide_uses(town, &blocks, &strips, pile, &mut Chance::new(seed, 2));
        let mut rng = Chance::new(seed, 3);
        let slopes: Vec<f64> = town.communities.iter().map(|_| rng.between(-0.13, 0.13)).collect();
        let parcels = uses
            .into_iter()
            .map(|(face, usage)| {
                let community = blocks.community[face];
                let lot = lot(&blocks, face, usage, slopes[community]);
                let filled = fill(&lot, usage, &mut rng);
                let gates: Vec<P> =
                    filled.paths.iter().flat_map(|way| [way[0], way[way.len() - 1]]).collect();
                let walls = if walled(usage) { lot.walls(&gates) } else { Vec::new() };
                Parcel { face, community, usage, filled, walls, middle: lot.middle }
            })
            .collect();
        Self { blocks, strips, walls, parcels, pile }
    }
}

fn walled(usage: Use) -> bool {
    !matches!(usage, Use::Old | Use::Shops | Use::Park | Use::Market)
}

fn lot(blocks: &Blocks, face: FaceNo, usage: Use, slope: f64) -> Lot {
    let ring = blocks.mesh.points(face);
    let (setbacks, on_street) = (0..ring.len())
        .map(|i| {
            let (a, b) = blocks.mesh.edge(face, i);
            let line = &blocks.lines[blocks.mesh.line(a, b)];
            (setback_m(line), line.class.is_street())
        })
        .unzip();
    let along = long_axis(&ring);
    let u = match usage {
        // Houses in the old town look south as near as their lane lets them.
        Use::Old if along.x.abs() < along.y.abs() => along.left(),
        Use::Old | Use::Sheds | Use::Shops | Use::Market => along,
        _ => nearly_east(slope),
    };
    Lot::new(ring, setbacks, on_street, u)
}

/// The pile lies in the open strip with the largest ground in the community of 梧中.
fn famous_strip(town: &Town, strips: &[Strip]) -> usize {
    let home = town.communities.iter().position(|c| c.name.starts_with("梧中"));
    let weight = |s: &Strip| {
        let ours = f64::from(u8::from(Some(s.community) == home));
        ours * 1e6 + f64::from(u8::from(s.open)) * 1e3 + s.width_m
    };
    (0..strips.len())
        .max_by(|a, b| weight(&strips[*a]).total_cmp(&weight(&strips[*b])))
        .expect("the district has strips")
}

fn decide_uses(
    town: &Town,
    blocks: &Blocks,
    strips: &[Strip],
    pile: usize,
    rng: &mut Chance,
) -> Vec<(FaceNo, Use)> {
    let faces = blocks.mesh.rings.len();
    let mut uses: Vec<Option<Use>> = (0..faces)
        .map(|face| {
            (!strips.iter().any(|s| s.face == face)).then(|| match blocks.zone(town, face) {
                Zone::Old => Use::Old,
                Zone::Estate => Use::Slabs,
                Zone::Garden => Use::Gardens,
                Zone::Tower => Use::Towers,
                Zone::Centre => Use::Shops,
                Zone::Industrial => Use::Sheds,
                Zone::Campus => Use::School,
                Zone::Park => Use::Park,
            })
        })
        .collect();
    shore_parks(blocks, &mut uses, rng);
    for (c, seed) in town.communities.iter().enumerate() {
        special_uses(blocks, &mut uses, c, seed.zone, rng);
    }
    // The company whose wall makes one side of the famous strip: the smaller neighbour.
    let mut beside: Vec<(FaceNo, f64)> = neighbours(&blocks.mesh, strips[pile].face)
        .into_iter()
        .filter(|(f, line, _)| {
            blocks.lines[*line].class == Class::Wall
                && blocks.community[*f] == strips[pile].community
        })
        .map(|(f, _, _)| (f, blocks.mesh.area(f)))
        .collect();
    beside.sort_by(|a, b| a.1.total_cmp(&b.1));
    if let (Some(small), Some(large)) = (beside.first(), beside.last()) {
        uses[small.0] = Some(Use::Sheds);
        uses[large.0] = Some(Use::Slabs);
    }
    (0..faces).filter_map(|f| uses[f].map(|usage| (f, usage))).collect()
}

fn shore_parks(blocks: &Blocks, uses: &mut [Option<Use>], rng: &mut Chance) {
    for (face, usage) in uses.iter_mut().enumerate().filter(|(_, u)| u.is_some()) {
        let on_shore = neighbourless_shore(blocks, face);
        if on_shore > 120.0 && rng.happens(0.55) {
            *usage = Some(Use::Park);
        }
    }
}

/// Metres of lake shore a face has.
fn neighbourless_shore(blocks: &Blocks, face: FaceNo) -> f64 {
    (0..blocks.mesh.rings[face].len())
        .map(|i| blocks.mesh.edge(face, i))
        .filter(|(a, b)| blocks.lines[blocks.mesh.line(*a, *b)].class == Class::Shore)
        .map(|(a, b)| (blocks.mesh.nodes[a as usize] - blocks.mesh.nodes[b as usize]).len())
        .sum()
}

fn special_uses(
    blocks: &Blocks,
    uses: &mut [Option<Use>],
    community: usize,
    zone: Zone,
    rng: &mut Chance,
) {
    let mut own: Vec<(f64, FaceNo)> = (0..uses.len())
        .filter(|f| uses[*f].is_some() && blocks.community[*f] == community)
        .map(|f| (blocks.mesh.area(f) / 10_000.0, f))
        .collect();
    own.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut take = |usage: Use, low: f64, high: f64, uses: &mut [Option<Use>]| {
        if let Some(i) = own.iter().position(|(ha, _)| (low..high).contains(ha)) {
            uses[own.remove(i).1] = Some(usage);
        }
    };
    let living = matches!(zone, Zone::Estate | Zone::Garden | Zone::Tower);
    if living && rng.happens(0.62) {
        take(Use::School, 2.4, 6.0, uses);
    }
    if living && rng.happens(0.4) {
        take(Use::Market, 0.9, 3.4, uses);
    }
    if (living || zone == Zone::Centre) && rng.happens(0.4) {
        take(Use::Park, 0.8, 4.2, uses);
    }
    if zone == Zone::Centre || (living && rng.happens(0.06)) {
        take(Use::Hospital, 2.6, 6.0, uses);
    }
    if zone == Zone::Campus {
        for _ in 0..3 {
            take(if rng.happens(0.5) { Use::Gardens } else { Use::Park }, 3.0, 20.0, uses);
        }
    }
    if zone == Zone::Industrial && rng.happens(0.7) {
        take(Use::Gardens, 3.0, 8.0, uses);
    }
    if zone == Zone::Centre {
        take(Use::Towers, 2.5, 9.0, uses);
    }
}
