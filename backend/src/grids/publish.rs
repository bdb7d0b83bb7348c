//! From a drawing to a published edition: partition, outlines of three levels, colours, problems.

use super::drawing::{Drawing, Upper};
use super::ewkb;
use super::store::publish::{self, NewCell, NewEdition, NewProblem, NewZone, Polygons};
use super::store::word_of;
use domain::grids::ProblemKind;
use domain::ids::EditionId;
use domain::word::Word;
use spatial::build::{self, Drawn, Options, Shape};
use spatial::{Face, FaceId, Partition, Position, Window, metric, outline};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tokio_postgres::Client;

/// Classes of colour.
const COLOURS: u8 = 12;
/// A level is drawn from the zoom on at which its average cell is so many pixels wide.
const VISIBLE_PX: f64 = 8.0;

/// An edition ready to be written.
pub struct Cut {
    partition: Partition,
    edition: NewEdition,
    cells: Vec<NewCell>,
    zones: Vec<NewZone>,
    problems: Vec<NewProblem>,
}

impl Cut {
    /// Whether any cell has ground. An edition without would leave reports without a cell.
    pub fn has_ground(&self) -> bool {
        self.cells.iter().any(|cell| !cell.shape.is_empty())
    }
}

/// What became of a drawing.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Published {
    /// The new edition.
    pub edition: EditionId,
    /// Cells on level 3.
    pub cells: usize,
    /// Cells on levels 2 and 1.
    pub upper_cells: usize,
    /// Blank zones.
    pub blank_zones: usize,
    /// Problems by kind; every kind is listed.
    pub problems: BTreeMap<&'static str, usize>,
}

/// Cuts a drawing into faces and everything that is stored of them. Takes seconds for thousands
/// of cells: call it off the async threads.
pub fn cut(drawing: Drawing) -> Cut {
    let Drawing { source, cells, upper, jurisdiction, mut problems } = drawing;
    let (drawn, cells): (Vec<Drawn>, Vec<Named>) = cells
        .into_iter()
        .map(|cell| (cell.drawn, Named { code: cell.code, name: cell.name, parent: cell.parent }))
        .unzip();
    let built = build::build(&drawn, jurisdiction.as_ref(), &Options::default());
    drop(drawn);
    let partition = built.partition;
    problems.extend(built.problems.into_iter().map(|found| new_problem(found, &cells)));
    let areas_m2 = metric::areas_m2(&partition);
    let zones = zones(&partition, &cells, &areas_m2);
    let mut rows = lowest(&partition, &cells, &areas_m2);
    let second = places(&upper, 2);
    for level in [2, 1] {
        let place = places(&upper, level);
        // The place in `upper` of the cell that answers for a face, on this level.
        let group = |face: FaceId| {
            let (mut at, mut code) = cells[partition.responsible(face)?.index() - 1].parent();
            if at > level {
                code = upper[*second.get(code)? as usize].parent.as_deref()?;
                at = level;
            }
            place.get(code).copied().filter(|_| at == level)
        };
        let groups: Vec<Option<u32>> =
            (0..partition.faces().len() as u32).map(|face| group(FaceId(face))).collect();
        rows.extend(unions(&partition, &upper, level, &groups));
    }
    let edition = NewEdition {
        source,
        counts: [cells.len(), zones.len(), problems.len()],
        bounds: bounds(&partition),
        from_zoom: [from_zoom(&rows, 2), from_zoom(&rows, 3)],
    };
    Cut { partition, edition, cells: rows, zones, problems }
}

/// A level-3 cell without what was drawn.
struct Named {
    code: String,
    name: String,
    parent: (u8, String),
}

impl Named {
    fn parent(&self) -> (u8, &str) {
        (self.parent.0, &self.parent.1)
    }
}

/// Where the cells of a level stand in the list, by code.
fn places(upper: &[Upper], level: u8) -> HashMap<&str, u32> {
    let of_level = upper.iter().enumerate().filter(|(_, cell)| cell.level == level);
    of_level.map(|(i, cell)| (cell.code.as_str(), i as u32)).collect()
}

fn lowest(partition: &Partition, cells: &[Named], areas_m2: &[f64]) -> Vec<NewCell> {
    let is_cell = |face: FaceId| matches!(partition.faces()[face.index()], Face::Cell { .. });
    let outlines = outline::polygons(partition, |face| is_cell(face).then_some(face.0));
    let mut outlines: HashMap<u32, Polygons> = outlines.into_iter().collect();
    let responsible: Vec<Option<u32>> = (0..partition.faces().len() as u32)
        .map(|face| partition.responsible(FaceId(face)).map(|cell| cell.0))
        .collect();
    let colours = colours(partition, &responsible);
    let row = |(i, cell): (usize, &Named)| {
        let face = FaceId(i as u32 + 1);
        let shape = outlines.remove(&face.0).unwrap_or_default();
        NewCell {
            level: 3,
            code: cell.code.clone(),
            name: cell.name.clone(),
            parent: Some(cell.parent.clone()),
            face: Some(face),
            colour: colours.get(&face.0).copied().unwrap_or(0),
            area_m2: areas_m2[face.index()],
            label_at: label_at(&shape),
            shape,
        }
    };
    cells.iter().enumerate().map(row).collect()
}

/// The cells of an upper level: unions of what their children answer for, blank zones included.
fn unions(
    partition: &Partition,
    upper: &[Upper],
    level: u8,
    groups: &[Option<u32>],
) -> Vec<NewCell> {
    let outlines = outline::polygons(partition, |face| groups[face.index()]);
    let mut outlines: HashMap<u32, Polygons> = outlines.into_iter().collect();
    let colours = colours(partition, groups);
    let of_level = upper.iter().enumerate().filter(|(_, cell)| cell.level == level);
    let row = |(i, cell): (usize, &Upper)| {
        let shape = outlines.remove(&(i as u32)).unwrap_or_default();
        NewCell {
            level,
            code: cell.code.clone(),
            name: cell.name.clone(),
            parent: cell.parent.clone().map(|code| (1, code)),
            face: None,
            colour: colours.get(&(i as u32)).copied().unwrap_or(0),
            area_m2: metric::polygons_area_m2(&shape),
            label_at: label_at(&shape),
            shape,
        }
    };
    of_level.map(row).collect()
}

/// A label stands in the largest part.
fn label_at(shape: &Polygons) -> Option<Position> {
    let area_m2 = |rings: &&Vec<Vec<Position>>| {
        rings.first().map_or(0.0, |outer| metric::ring_area_m2(outer).abs())
    };
    let largest = shape.iter().max_by(|a, b| area_m2(a).total_cmp(&area_m2(b)))?;
    let somewhere = || largest.first().and_then(|ring| ring.first()).copied();
    outline::label_point(largest).or_else(somewhere)
}

/// Colour classes so that neighbouring groups differ: each takes the first class none of its
/// coloured neighbours has. Beyond twelve, which no map has needed, classes repeat.
fn colours(partition: &Partition, groups: &[Option<u32>]) -> HashMap<u32, u8> {
    let mut neighbours: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for arc in partition.arcs() {
        let (left, right) = (groups[arc.left.index()], groups[arc.right.index()]);
        for (one, other) in [(left, right), (right, left)] {
            let Some(one) = one else { continue };
            let of_one = neighbours.entry(one).or_default();
            of_one.extend(other.filter(|other| *other != one));
        }
    }
    let mut colours: HashMap<u32, u8> = HashMap::new();
    for (group, around) in &neighbours {
        let taken = |colour: &u8| around.iter().any(|other| colours.get(other) == Some(colour));
        let free = (0..COLOURS).find(|colour| !taken(colour));
        colours.insert(*group, free.unwrap_or((group % u32::from(COLOURS)) as u8));
    }
    colours
}

fn zones(partition: &Partition, cells: &[Named], areas_m2: &[f64]) -> Vec<NewZone> {
    let faces = partition.faces();
    let is_zone = |face: FaceId| matches!(faces[face.index()], Face::BlankZone { .. });
    let outlines = outline::polygons(partition, |face| is_zone(face).then_some(face.0));
    let zone = |(face, shape): (u32, Polygons)| match faces[face as usize] {
        Face::BlankZone { owner, rule } => Some(NewZone {
            face: FaceId(face),
            owner: cells[owner.index() - 1].code.clone(),
            rule: word_of(rule),
            area_m2: areas_m2[face as usize],
            shape,
        }),
        Face::Outside | Face::Cell { .. } => None,
    };
    outlines.into_iter().filter_map(zone).collect()
}

fn new_problem(found: build::Problem, cells: &[Named]) -> NewProblem {
    let code = |i: &u32| cells.get(*i as usize).map(|cell| cell.code.clone());
    let in_jurisdiction = found.drawn.iter().any(|i| *i as usize >= cells.len());
    NewProblem {
        kind: kind(found.kind),
        cells: found.drawn.iter().filter_map(code).collect(),
        area_m2: found.area_m2,
        width_m: found.width_m,
        owner: found.owner.and_then(|face| code(&face.0.checked_sub(1)?)),
        rule: found.rule.map(word_of),
        note: in_jurisdiction.then(|| "辖区边界 / the jurisdiction's border".to_owned()),
        shape: shape(&found.shape),
    }
}

fn shape(shape: &Shape) -> Option<Vec<u8>> {
    match shape {
        Shape::Point(at) => Some(ewkb::point(*at)),
        Shape::Lines(lines) => (!lines.is_empty()).then(|| ewkb::multi_line(lines)),
        Shape::Polygons(polygons) => (!polygons.is_empty()).then(|| ewkb::multi_polygon(polygons)),
    }
}

fn kind(kind: build::ProblemKind) -> ProblemKind {
    match kind {
        build::ProblemKind::Overlap => ProblemKind::Overlap,
        build::ProblemKind::SliverOverlap => ProblemKind::SliverOverlap,
        build::ProblemKind::Gap => ProblemKind::Gap,
        build::ProblemKind::SliverGap => ProblemKind::SliverGap,
        build::ProblemKind::Mismatch => ProblemKind::Mismatch,
        build::ProblemKind::InvalidRing => ProblemKind::InvalidRing,
        build::ProblemKind::SelfCrossing => ProblemKind::SelfCrossing,
        build::ProblemKind::Duplicate => ProblemKind::Duplicate,
        build::ProblemKind::StrayPart => ProblemKind::StrayPart,
        build::ProblemKind::OutsideJurisdiction => ProblemKind::OutsideJurisdiction,
        build::ProblemKind::Empty => ProblemKind::Empty,
    }
}

/// West, south, east, north in degrees; the world where nothing is drawn.
fn bounds(partition: &Partition) -> [f64; 4] {
    match Window::around(partition.rows().0.iter().copied()) {
        Some(Window { low, high }) => {
            [low.lng_deg(), low.lat_deg(), high.lng_deg(), high.lat_deg()]
        }
        None => [-180.0, -85.0, 180.0, 85.0],
    }
}

/// The zoom from which an average cell of a level is [`VISIBLE_PX`] wide.
fn from_zoom(rows: &[NewCell], level: u8) -> i16 {
    let drawn = || rows.iter().filter(|row| row.level == level && row.area_m2 > 0.0);
    let count = drawn().count();
    if count == 0 {
        return 0;
    }
    let mean_m = (drawn().map(|row| row.area_m2).sum::<f64>() / count as f64).sqrt();
    let lat = drawn().find_map(|row| row.label_at).unwrap_or_default().lat_deg();
    // Metres a pixel of a 512-pixel tile at zoom 0: the equator's 40,075,017 m over 512.
    let pixel_m = 40_075_017.0 / 512.0 * lat.to_radians().cos();
    (VISIBLE_PX * pixel_m / mean_m).log2().ceil().clamp(0.0, 14.0) as i16
}

/// Writes an edition in one transaction. Every server process hears of it when it commits.
///
/// # Errors
/// Of the database; then nothing is published.
pub async fn publish(db: &mut Client, cut: &Cut) -> Result<Published, tokio_postgres::Error> {
    let transaction = db.transaction().await?;
    let edition = publish::add_edition(&transaction, &cut.edition).await?;
    publish::copy_arcs(&transaction, edition, &cut.partition).await?;
    publish::copy_cells(&transaction, edition, &cut.cells).await?;
    publish::copy_zones(&transaction, edition, &cut.zones).await?;
    publish::copy_problems(&transaction, edition, &cut.problems).await?;
    transaction.commit().await?;
    let mut problems: BTreeMap<&str, usize> =
        ProblemKind::ALL.iter().map(|kind| (kind.code(), 0)).collect();
    for problem in &cut.problems {
        *problems.entry(problem.kind.code()).or_default() += 1;
    }
    let [cells, blank_zones, _] = cut.edition.counts;
    Ok(Published { edition, cells, upper_cells: cut.cells.len() - cells, blank_zones, problems })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grids::drawing::Given;

    fn cut_of(points: &[(i32, i32)]) -> Cut {
        let ring = points.iter().map(|&(x, y)| Position::new(x, y)).collect();
        let drawn = Drawn { parts: vec![vec![ring]] };
        let given = Given { number: 1, code: Some("a".to_owned()), drawn, ..Given::default() };
        cut(Drawing::of("test".to_owned(), vec![given], None))
    }

    #[test]
    fn a_polygon_without_area_is_listed_and_gives_no_ground() {
        assert!(cut_of(&[(0, 0), (100_000, 0), (0, 100_000)]).has_ground());
        let line = cut_of(&[(0, 0), (100_000, 0), (50_000, 0)]);
        assert!(!line.has_ground());
        assert!(line.problems.iter().any(|problem| problem.kind == ProblemKind::Empty));
    }
}
