//! Where things are reported: hot and quiet cells, and the few places everybody knows.

use super::chance::Chance;
use super::district::Scene;
use super::fill::Use;
use super::plan::{Class, Line, neighbours};
use super::plane::P;

/// A place with the words people use for it.
pub struct Spot {
    /// Where it really is.
    pub at: P,
    /// The estate or lane.
    pub estate: String,
    /// The street.
    pub street: String,
    /// Pinned exactly, without GPS noise.
    pub exact: bool,
}

/// The places of a district, with how hot they are.
pub struct Spots<'a> {
    scene: &'a Scene<'a>,
    /// Upper ends of the parcels' weights.
    upto: Vec<f64>,
    /// Middle of a chronic place, what it is about, its parcel, its weight.
    chronic: Vec<(P, &'static str, usize, f64)>,
    borders: Vec<P>,
}

/// What the chronic places are about; each is reported again and again.
const CHRONIC: [&str; 18] = [
    "1101", "1403", "1404", "1401", "1402", "1304", "1407", "1106", "1502", "1405", "1101", "1102",
    "1403", "1401", "1602", "1112", "1402", "1104",
];

impl<'a> Spots<'a> {
    /// Decides which parcels are hot.
    pub fn new(scene: &'a Scene<'a>, rng: &mut Chance) -> Self {
        let mut sum = 0.0;
        let upto = scene
            .ground
            .parcels
            .iter()
            .map(|parcel| {
                let ha = scene.ground.blocks.mesh.area(parcel.face) / 10_000.0;
                let busy = match parcel.usage {
                    Use::Old => 3.2,
                    Use::Slabs => 1.9,
                    Use::Market => 7.0,
                    Use::Shops => 2.2,
                    Use::Hospital => 2.0,
                    Use::Gardens => 0.9,
                    Use::Towers => 0.8,
                    Use::School => 0.5,
                    Use::Sheds => 0.45,
                    Use::Park => 0.3,
                };
                // Some parcels are hot whatever they are: a product of uniforms has a long tail.
                let luck = 0.25 + 3.0 * rng.unit() * rng.unit() * rng.unit();
                sum += ha * busy * luck;
                sum
            })
            .collect();
        let mut spots = Self { scene, upto, chronic: Vec::new(), borders: Vec::new() };
        for about in CHRONIC {
            let parcel = spots.parcel(rng);
            let at = spots.in_parcel(parcel, if about == "1106" { "water" } else { "street" }, rng);
            spots.chronic.push((at, about, parcel, rng.between(0.5, 2.0)));
        }
        spots.borders = scene.cells.iter().flat_map(|c| c.rings[0].iter().copied()).collect();
        spots
    }

    fn parcel(&self, rng: &mut Chance) -> usize {
        let at = rng.unit() * self.upto[self.upto.len() - 1];
        self.upto.partition_point(|upto| *upto <= at).min(self.upto.len() - 1)
    }

    /// A place of the kind named, in a parcel drawn by heat.
    pub fn any(&self, kind: &str, rng: &mut Chance) -> Spot {
        if kind == "strip" {
            let strip = rng.below(self.scene.ground.strips.len());
            return self.in_strip(strip, rng);
        }
        let mut parcel = self.parcel(rng);
        for _ in 0..12 {
            if self.offers(parcel, kind) {
                break;
            }
            parcel = self.parcel(rng);
        }
        let at = self.in_parcel(parcel, kind, rng);
        self.spot(parcel, at, false)
    }

    fn offers(&self, parcel: usize, kind: &str) -> bool {
        let parcel = &self.scene.ground.parcels[parcel];
        match kind {
            "park" => parcel.usage == Use::Park,
            "shop" => matches!(parcel.usage, Use::Shops | Use::Market | Use::Old | Use::Slabs),
            "building" | "estate" => {
                matches!(parcel.usage, Use::Old | Use::Slabs | Use::Gardens | Use::Towers)
            }
            "water" => self.edges(parcel.face, Class::is_street, false).next().is_some(),
            _ => true,
        }
    }

    /// A place at the pile.
    pub fn pile(&self, rng: &mut Chance) -> Spot {
        let strip = self.scene.ground.pile;
        let [left, right] = &self.scene.ground.strips[strip].walls;
        let along = (left[1] - left[0]).unit() * (rng.bell() * 6.0);
        let at = (left[1] + right[1]) * 0.5 + along;
        Spot { at, ..self.in_strip(strip, rng) }
    }

    /// Near one of the places everybody knows, one about this category if there is one.
    pub fn chronic(&self, about: &str, rng: &mut Chance) -> Spot {
        let weight = |c: &(P, &str, usize, f64)| c.3 * if c.1 == about { 40.0 } else { 1.0 };
        let weights: Vec<f64> = self.chronic.iter().map(weight).collect();
        let (at, _, parcel, _) = self.chronic[rng.weighted(&weights)];
        self.spot(parcel, at + super::plane::p(rng.bell() * 9.0, rng.bell() * 9.0), false)
    }

    /// Exactly on a corner where cells meet.
    pub fn on_border(&self, rng: &mut Chance) -> Spot {
        let at = *rng.one(&self.borders);
        self.spot(self.nearest(at), at, true)
    }

    /// Just outside the district: a third so far that no cell is near.
    pub fn outside(&self, rng: &mut Chance) -> Spot {
        let ring = &self.scene.jurisdiction;
        let i = rng.below(ring.len());
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        let far = if rng.happens(0.33) { rng.between(90.0, 400.0) } else { rng.between(4.0, 38.0) };
        let at = a + (b - a) * rng.unit() - (b - a).unit().left() * far;
        self.spot(self.nearest(at), at, true)
    }

    fn in_strip(&self, strip: usize, rng: &mut Chance) -> Spot {
        let strip = &self.scene.ground.strips[strip];
        let [left, right] = &strip.walls;
        let i = rng.below(left.len().min(right.len()) - 1);
        let (t, across) = (rng.unit(), rng.between(0.15, 0.85));
        let on = |wall: &[P]| wall[i] + (wall[i + 1] - wall[i]) * t;
        let at = on(left) * (1.0 - across) + on(right) * across;
        let beside = neighbours(&self.scene.ground.blocks.mesh, strip.face);
        let home = |face: usize| {
            self.scene.ground.parcels.iter().position(|p| {
                p.face == face && !matches!(p.usage, Use::Sheds | Use::School | Use::Park)
            })
        };
        let parcel =
            beside.iter().find_map(|(f, _, _)| home(*f)).unwrap_or_else(|| self.nearest(at));
        // Whoever stands between two walls has a poor signal: mostly told from the map.
        self.spot(parcel, at, rng.happens(0.6))
    }

    fn nearest(&self, at: P) -> usize {
        let parcels = &self.scene.ground.parcels;
        (0..parcels.len())
            .min_by(|a, b| {
                (parcels[*a].middle - at).len().total_cmp(&(parcels[*b].middle - at).len())
            })
            .unwrap_or(0)
    }

    fn spot(&self, parcel: usize, at: P, exact: bool) -> Spot {
        let face = self.scene.ground.parcels[parcel].face;
        let street = neighbours(&self.scene.ground.blocks.mesh, face)
            .into_iter()
            .map(|(_, line, len)| (&self.scene.ground.blocks.lines[line], len))
            .filter(|(line, _)| line.class.is_street() && !line.name.is_empty())
            .max_by(|a, b| (a.1 / near(a.0, at)).total_cmp(&(b.1 / near(b.0, at))))
            .map_or_else(|| "小区支路".to_owned(), |(line, _)| line.name.clone());
        Spot { at, estate: self.scene.parcel_names[parcel].clone(), street, exact }
    }

    /// Edges of a face on lines of the classes wanted: their ends and the line's half width.
    fn edges(
        &self,
        face: usize,
        class: impl Fn(Class) -> bool,
        wanted: bool,
    ) -> impl Iterator<Item = (P, P, f64)> {
        let blocks = &self.scene.ground.blocks;
        (0..blocks.mesh.rings[face].len()).filter_map(move |i| {
            let (a, b) = blocks.mesh.edge(face, i);
            let line = &blocks.lines[blocks.mesh.line(a, b)];
            let fits = line.class != Class::Wall && class(line.class) == wanted;
            let at = |n: u32| blocks.mesh.nodes[n as usize];
            fits.then(|| (at(a), at(b), line.width_m / 2.0))
        })
    }

    fn in_parcel(&self, parcel: usize, kind: &str, rng: &mut Chance) -> P {
        let parcel = &self.scene.ground.parcels[parcel];
        let wanted = kind != "water";
        let edges: Vec<_> = self.edges(parcel.face, Class::is_street, wanted).collect();
        let along = matches!(kind, "street" | "shop" | "water" | "site");
        if along && !edges.is_empty() {
            let weights: Vec<f64> = edges.iter().map(|(a, b, _)| (*b - *a).len()).collect();
            let (a, b, half) = edges[rng.weighted(&weights)];
            let inward = (b - a).unit().left();
            let off = match kind {
                "shop" => half + rng.between(1.0, 6.0),
                "water" => half + rng.between(-4.0, 6.0),
                _ => half + rng.between(-5.0, 4.0),
            };
            return a + (b - a) * rng.unit() + inward * off;
        }
        if parcel.filled.buildings.is_empty() {
            return parcel.middle;
        }
        let (_, ring) = rng.one(&parcel.filled.buildings);
        let near = if kind == "building" { 4.0 } else { 14.0 };
        let middle = (ring[0] + ring[2]) * 0.5;
        middle + super::plane::p(rng.bell() * near, rng.bell() * near)
    }
}

/// How far a place is from a line, at least 5 m.
fn near(line: &Line, at: P) -> f64 {
    line.path
        .windows(2)
        .map(|w| super::plane::distance(w[0], w[1], at))
        .fold(f64::MAX, f64::min)
        .max(5.0)
}
