//! The demo district as one value: what was drawn, who works there, what was reported.

use super::basemap;
use super::cells::{self, DrawnCell, Known};
use super::chance::Chance;
use super::ground::Ground;
use super::names::{self, Place};
use super::plan::{Class, Town, neighbours};
use super::plane::{P, p};
use super::reports::{self, Report};
use super::staff::{self, Staff, community_code};
use super::times::Times;
use jiff::civil::Date;

/// The seed of the district everybody sees.
pub const SEED: u64 = 320_598;
/// How many reports a year has.
pub const REPORTS: usize = 12_500;
/// The last day of the year of reports unless another is asked for.
pub const UNTIL: Date = Date::constant(2026, 11, 23);

/// A community.
#[derive(Clone, Debug)]
pub struct Community {
    /// Twelve digits.
    pub code: String,
    /// Its name with 社区.
    pub name: String,
}

/// A strip between two walls that nobody drew.
#[derive(Clone, Debug)]
pub struct Blank {
    /// Its outline.
    pub ring: Vec<P>,
    /// Mean width in metres.
    pub width_m: f64,
    /// Whether one end opens to a street.
    pub open: bool,
    /// Whether it is the one with the famous pile.
    pub pile: bool,
}

/// What spots and names are found in.
pub struct Scene<'a> {
    /// The built ground.
    pub ground: &'a Ground,
    /// Names of the parcels.
    pub parcel_names: &'a [String],
    /// The cells.
    pub cells: &'a [DrawnCell],
    /// The outline of the district, anticlockwise.
    pub jurisdiction: &'a [P],
}

/// The district. Everything in it is invented.
pub struct District {
    /// Its name.
    pub name: String,
    /// Nine digits.
    pub code: String,
    /// Its outline, anticlockwise, not closed.
    pub jurisdiction: Vec<P>,
    /// Its communities in code order.
    pub communities: Vec<Community>,
    /// Its cells as drawn, in code order.
    pub cells: Vec<DrawnCell>,
    /// The strips no cell covers.
    pub blanks: Vec<Blank>,
    /// Known mistakes in the drawing.
    pub known: Vec<Known>,
    /// The base map as GeoJSON.
    pub base_map: String,
    /// Units and people.
    pub staff: Staff,
    /// A year of reports in the order they came in.
    pub reports: Vec<Report>,
    /// The last day of that year.
    pub until: Date,
}

/// Makes the district everybody sees, with a seed.
pub fn make(seed: u64, until: Date, reports: usize) -> District {
    make_copy(0, seed, until, reports)
}

/// Makes as many copies of the district, each with a seed of its own and set beside the others,
/// as it takes to have so many cells; the reports are shared out among them.
pub fn make_many(cells: usize, until: Date, reports: usize) -> Vec<District> {
    let first = make(SEED, until, 0);
    let copies = cells.div_ceil(first.cells.len()).clamp(1, 999);
    let share = |i: usize| (i + 1) * reports / copies - i * reports / copies;
    (0..copies).map(|i| make_copy(i, SEED + i as u64, until, share(i))).collect()
}

/// Copies stand in rows of sixteen, far enough apart not to touch.
fn offset(number: usize) -> P {
    p((number % 16) as f64 * 5_600.0, (number / 16) as f64 * 5_200.0)
}

fn make_copy(number: usize, seed: u64, until: Date, reports: usize) -> District {
    let town = Town::copy(number);
    let names = names::shipped();
    let ground = Ground::build(&town, seed);
    let street = town.district.street.clone();
    let mut cells = cells::draw(&town, &ground, &street);
    let jurisdiction = outline(&ground);
    let (parcel_names, places) = names::name_parcels(&town, &ground, &names, seed);
    let staff =
        staff::make(&town, &cells, &pile_cell(&ground, &cells), &staff::shipped(), &names, seed);
    let scene = Scene {
        ground: &ground,
        parcel_names: &parcel_names,
        cells: &cells,
        jurisdiction: &jurisdiction,
    };
    let stuff = reports::shipped();
    let times = Times::new(until, &stuff.holidays, &stuff.workdays);
    let reports = reports::make(&scene, &stuff, &times, reports, seed);
    let known = cells::make_mistakes(&mut cells, &mut Chance::new(seed, 4));
    let mut district = District {
        name: town.district.name.clone(),
        code: format!("{}{street}", town.district.county),
        communities: communities(&town, &cells),
        blanks: blanks(&ground),
        base_map: base_map(&town, &ground, &places),
        jurisdiction,
        cells,
        known,
        staff,
        reports,
        until,
    };
    district.set(number);
    district
}

impl District {
    /// Moves everything but the base map to where a copy stands; only the first copy has the
    /// log-ins and the duty desk.
    fn set(&mut self, number: usize) {
        if number == 0 {
            return;
        }
        let by = offset(number);
        let rings = self.cells.iter_mut().flat_map(|c| &mut c.rings);
        let blanks = self.blanks.iter_mut().map(|b| &mut b.ring);
        for ring in rings.chain(blanks).chain([&mut self.jurisdiction]) {
            ring.iter_mut().for_each(|q| *q = *q + by);
        }
        let (origin, moved) = (p(0.0, 0.0).position(), by.position());
        for report in &mut self.reports {
            report.at.lng_e7 += moved.lng_e7 - origin.lng_e7;
            report.at.lat_e7 += moved.lat_e7 - origin.lat_e7;
        }
        for person in &mut self.staff.people {
            (person.login, person.duty_desk) = (None, false);
        }
    }
}

fn base_map(town: &Town, ground: &Ground, places: &[Place]) -> String {
    basemap::write(town, ground, places)
}

fn communities(town: &Town, cells: &[DrawnCell]) -> Vec<Community> {
    let mut out: Vec<Community> = Vec::new();
    for cell in cells {
        let code = community_code(&cell.code);
        if out.last().is_none_or(|last| last.code != code) {
            let name = format!("{}社区", town.communities[cell.community].name);
            out.push(Community { code: code.to_owned(), name });
        }
    }
    out
}

fn blanks(ground: &Ground) -> Vec<Blank> {
    ground
        .strips
        .iter()
        .enumerate()
        .map(|(i, strip)| Blank {
            ring: ground.blocks.mesh.points(strip.face),
            width_m: strip.width_m,
            open: strip.open,
            pile: i == ground.pile,
        })
        .collect()
}

/// The outline of the whole district with every node on it, so that cells and jurisdiction
/// share their vertices.
fn outline(ground: &Ground) -> Vec<P> {
    let mesh = &ground.blocks.mesh;
    let faces: Vec<usize> = (0..mesh.rings.len()).collect();
    let rings = mesh.outlines(|_| true, &faces);
    let ring = rings.into_iter().max_by_key(Vec::len).expect("the district has an outline");
    ring.into_iter().map(|n| mesh.nodes[n as usize]).collect()
}

/// The cell beside the pile that has the houses.
fn pile_cell(ground: &Ground, cells: &[DrawnCell]) -> String {
    let strip = &ground.strips[ground.pile];
    let beside = neighbours(&ground.blocks.mesh, strip.face);
    let of = |face: usize| cells.iter().find(|c| c.faces.contains(&face));
    beside
        .iter()
        .filter(|(_, line, _)| ground.blocks.lines[*line].class == Class::Wall)
        .filter_map(|(face, _, _)| of(*face))
        .filter(|c| c.community == strip.community)
        .max_by_key(|c| c.rings[0].len())
        .map_or_else(|| cells[0].code.clone(), |c| c.code.clone())
}
