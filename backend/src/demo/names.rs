//! Invented names: of parcels, of places on the base map, of people.

use super::cells::chinese;
use super::chance::Chance;
use super::fill::Use;
use super::ground::Ground;
use super::plan::{Class, Town, Zone, neighbours};
use super::plane::P;
use serde::Deserialize;

/// The file of names.
#[derive(Deserialize)]
pub struct Names {
    surnames: Vec<(String, f64)>,
    given_first: Vec<String>,
    given_second: Vec<String>,
    estates: Vec<String>,
    garden_suffix: Vec<String>,
    tower_suffix: Vec<String>,
    shop_suffix: Vec<String>,
    companies: Vec<String>,
    company_suffix: Vec<String>,
    park_names: Vec<String>,
}

/// A name on the base map: where, of which class, which.
pub type Place = (P, &'static str, String);

/// The file shipped with the program.
pub fn shipped() -> Names {
    serde_json::from_str(include_str!("../../../data/demo/names.json"))
        .expect("data/demo/names.json is checked by a test")
}

impl Names {
    /// A person's name: one in four has a single given character.
    pub fn person(&self, rng: &mut Chance) -> String {
        let weights: Vec<f64> = self.surnames.iter().map(|s| s.1).collect();
        let surname = &self.surnames[rng.weighted(&weights)].0;
        let second = rng.one(&self.given_second);
        if rng.happens(0.24) {
            return format!("{surname}{second}");
        }
        format!("{surname}{}{second}", rng.one(&self.given_first))
    }
}

struct Stock<'a> {
    names: &'a Names,
    rng: Chance,
    estate: usize,
    company: usize,
    park: usize,
    counts: Vec<[usize; 5]>,
}

/// Names every parcel, in the order of the parcels, and the places shown on the base map.
pub fn name_parcels(
    town: &Town,
    ground: &Ground,
    names: &Names,
    seed: u64,
) -> (Vec<String>, Vec<Place>) {
    let counts = vec![[0; 5]; town.communities.len()];
    let rng = Chance::new(seed, 5);
    let mut stock = Stock { names, rng, estate: 0, company: 0, park: 0, counts };
    let mut places = Vec::new();
    let parcels = ground
        .parcels
        .iter()
        .map(|parcel| {
            let seed = &town.communities[parcel.community];
            let (class, name) = match parcel.usage {
                Use::Old => ("", old_name(ground, parcel.face, &seed.name)),
                usage => stock.name(usage, &seed.name, seed.zone, parcel.community),
            };
            if !class.is_empty() {
                places.push((parcel.middle, class, name.clone()));
            }
            name
        })
        .collect();
    // The bend of a strip's wall is its middle: there the pile lies.
    let strip = &ground.strips[ground.pile];
    let middle = strip.walls[0][1] * 0.5 + strip.walls[1][1] * 0.5;
    places.push((middle, "pile", "两墙之间的垃圾堆".to_owned()));
    places.push((P { x: -150.0, y: -2850.0 }, "lake", "鹭湖".to_owned()));
    (parcels, places)
}

/// Houses in the old town go by the lane at their door.
fn old_name(ground: &Ground, face: usize, community: &str) -> String {
    neighbours(&ground.blocks.mesh, face)
        .iter()
        .map(|(_, line, _)| &ground.blocks.lines[*line])
        .find(|line| line.class == Class::Lane && !line.name.is_empty())
        .map_or_else(|| format!("{community}老街"), |line| line.name.clone())
}

impl Stock<'_> {
    fn next(list: &[String], at: &mut usize) -> (String, usize) {
        let (i, round) = (*at % list.len(), *at / list.len());
        *at += 1;
        (list[i].clone(), round)
    }

    fn estate(&mut self) -> String {
        let (stem, round) = Self::next(&self.names.estates, &mut self.estate);
        if round == 0 { stem } else { format!("新{stem}") }
    }

    fn count(&mut self, community: usize, what: usize) -> usize {
        self.counts[community][what] += 1;
        self.counts[community][what]
    }

    fn name(
        &mut self,
        usage: Use,
        home: &str,
        zone: Zone,
        community: usize,
    ) -> (&'static str, String) {
        match usage {
            Use::Old => ("", String::new()),
            Use::Slabs if zone == Zone::Estate => {
                let n = chinese(self.count(community, 0));
                let kind = if home.starts_with("梧中") { "苑" } else { "新村" };
                ("estate", format!("{home}{kind}{n}区"))
            }
            Use::Slabs | Use::Gardens => {
                let suffix = self.rng.one(&self.names.garden_suffix).clone();
                ("estate", self.estate() + &suffix)
            }
            Use::Towers => {
                let suffix = self.rng.one(&self.names.tower_suffix).clone();
                ("estate", self.estate() + &suffix)
            }
            Use::Shops => {
                let first = self.count(community, 1) == 1;
                if first {
                    return ("mall", format!("{home}天地购物中心"));
                }
                let suffix = self.rng.one(&self.names.shop_suffix).clone();
                ("mall", self.estate() + &suffix)
            }
            Use::Sheds => {
                let (stem, round) = Self::next(&self.names.companies, &mut self.company);
                let suffix = self.rng.one(&self.names.company_suffix);
                let again = if round == 0 { "" } else { "第二" };
                ("factory", format!("{stem}{again}{suffix}"))
            }
            Use::School => ("school", self.school(home, zone, community)),
            Use::Market => ("market", format!("{home}农贸市场")),
            Use::Hospital => {
                let kind = if self.count(community, 2) == 1 { "医院" } else { "康复中心" };
                ("hospital", format!("{home}{kind}"))
            }
            Use::Park => {
                let (name, round) = Self::next(&self.names.park_names, &mut self.park);
                ("park", if round == 0 { name } else { format!("{home}{name}") })
            }
        }
    }

    fn school(&mut self, home: &str, zone: Zone, community: usize) -> String {
        let n = self.count(community, 3);
        let list: &[&str] = if zone == Zone::Campus {
            &["职业技术学院", "师范学院", "外国语学校", "科技学院", "艺术学校", "高级中学"]
        } else {
            &["实验小学", "初级中学", "幼儿园"]
        };
        let kind = list[(n - 1 + community) % list.len()];
        let again = if n > list.len() { "东校区" } else { "" };
        format!("{home}{kind}{again}")
    }
}
