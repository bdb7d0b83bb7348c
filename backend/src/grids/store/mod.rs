//! What is kept of editions: written once in one transaction, read back whole. No decisions here.

pub mod map;
pub mod publish;

use super::ewkb;
use domain::grids::{Edition, OwnerRule};
use domain::ids::EditionId;
use domain::word::Word;
use spatial::{Face, FaceId, Position};
use tokio_postgres::{Error, GenericClient, Row};

/// A cell as read back, without its outline.
#[derive(Clone, PartialEq, Debug)]
pub struct CellRow {
    /// 3, 2 or 1.
    pub level: u8,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Level and code of the cell above.
    pub parent: Option<(u8, String)>,
    /// Its face, on level 3.
    pub face: Option<FaceId>,
    /// Square metres.
    pub area_m2: f64,
    /// Where its label stands, degrees.
    pub label_at: Option<[f64; 2]>,
    /// West, south, east, north in degrees.
    pub bounds: Option<[f64; 4]>,
}

/// A blank zone as read back, without its outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ZoneRow {
    /// Its number in the edition.
    pub zone: i32,
    /// Its face.
    pub face: FaceId,
    /// The code of its owner.
    pub owner: String,
    /// The rule that decided.
    pub rule: OwnerRule,
}

/// Every edition, newest first.
///
/// # Errors
/// Of the database.
pub async fn editions(db: &impl GenericClient) -> Result<Vec<Edition>, Error> {
    Ok(db.query(include_str!("editions.sql"), &[]).await?.iter().map(edition).collect())
}

/// The edition in force, with the zooms from which levels 2 and 3 are drawn.
///
/// # Errors
/// Of the database.
pub async fn current_edition(db: &impl GenericClient) -> Result<Edition, Error> {
    Ok(edition(&db.query_one(include_str!("current_edition.sql"), &[]).await?))
}

fn edition(row: &Row) -> Edition {
    let published_at: jiff::Timestamp = row.get("published_at");
    Edition {
        id: EditionId(row.get("id")),
        published_at: published_at.to_string(),
        source: row.get("source"),
        cells: row.get::<_, i32>("cells").into(),
        blank_zones: row.get::<_, i32>("blank_zones").into(),
        problems: row.get::<_, i32>("problems").into(),
        bounds: [row.get("west"), row.get("south"), row.get("east"), row.get("north")],
    }
}

/// The cells of an edition, by level and code.
///
/// # Errors
/// Of the database.
pub async fn cells(db: &impl GenericClient, edition: EditionId) -> Result<Vec<CellRow>, Error> {
    let rows = db.query(include_str!("cells.sql"), &[&edition.0]).await?;
    Ok(rows.iter().map(cell).collect())
}

fn cell(row: &Row) -> CellRow {
    let number = |name| row.get::<_, Option<f64>>(name);
    let parent_level: Option<i16> = row.get("parent_level");
    CellRow {
        level: row.get::<_, i16>("level") as u8,
        code: row.get("code"),
        name: row.get("name"),
        parent: parent_level.map(|level| level as u8).zip(row.get("parent")),
        face: row.get::<_, Option<i32>>("face").map(|face| FaceId(face as u32)),
        area_m2: row.get("area_m2"),
        label_at: number("label_lng").zip(number("label_lat")).map(|(lng, lat)| [lng, lat]),
        bounds: number("west").map(|west| {
            let side = |name| number(name).unwrap_or(west);
            [west, side("south"), side("east"), side("north")]
        }),
    }
}

/// The blank zones of an edition, by face.
///
/// # Errors
/// Of the database.
pub async fn zones(db: &impl GenericClient, edition: EditionId) -> Result<Vec<ZoneRow>, Error> {
    let rows = db.query(include_str!("zones.sql"), &[&edition.0]).await?;
    let zone = |row: &Row| ZoneRow {
        zone: row.get("zone"),
        face: FaceId(row.get::<_, i32>("face") as u32),
        owner: row.get("owner"),
        rule: OwnerRule::from_code(row.get("rule")).unwrap_or(OwnerRule::Claim),
    };
    Ok(rows.iter().map(zone).collect())
}

/// The arcs of an edition as the rows of a partition: points and arcs.
///
/// # Errors
/// Of the database. A line that cannot be read comes back empty, which no partition accepts.
pub async fn arcs(
    db: &impl GenericClient,
    edition: EditionId,
) -> Result<(Vec<Position>, Vec<spatial::Arc>), Error> {
    let rows = db.query(include_str!("arcs.sql"), &[&edition.0]).await?;
    let (mut points, mut arcs) = (Vec::new(), Vec::with_capacity(rows.len()));
    for row in &rows {
        let start = points.len() as u32;
        points.extend(ewkb::read_line(row.get("shape")).unwrap_or_default());
        let face = |name| FaceId(row.get::<_, i32>(name) as u32);
        arcs.push(spatial::Arc {
            start,
            end: points.len() as u32,
            left: face("left_face"),
            right: face("right_face"),
        });
    }
    Ok((points, arcs))
}

/// The faces of an edition, in their order; what no row names is outside, which only face 0 may be.
pub fn faces(cells: &[CellRow], zones: &[ZoneRow]) -> Vec<Face> {
    let of_cells = cells.iter().filter_map(|cell| cell.face);
    let last = of_cells.chain(zones.iter().map(|zone| zone.face)).max();
    let mut faces = vec![Face::Outside; last.map_or(1, |face| face.index() + 1)];
    let owners: std::collections::HashMap<&str, FaceId> =
        cells.iter().filter_map(|cell| Some((cell.code.as_str(), cell.face?))).collect();
    for (drawn, face) in cells.iter().filter_map(|cell| cell.face).enumerate() {
        faces[face.index()] = Face::Cell { drawn: drawn as u32 };
    }
    for zone in zones {
        let owner = owners.get(zone.owner.as_str()).copied().unwrap_or_default();
        faces[zone.face.index()] = Face::BlankZone { owner, rule: rule_of(zone.rule) };
    }
    faces
}

/// The engine's name of a rule.
pub fn rule_of(rule: OwnerRule) -> spatial::OwnerRule {
    match rule {
        OwnerRule::Claim => spatial::OwnerRule::Claim,
        OwnerRule::LongestBorder => spatial::OwnerRule::LongestBorder,
        OwnerRule::LowerCode => spatial::OwnerRule::LowerCode,
        OwnerRule::Nearest => spatial::OwnerRule::Nearest,
        OwnerRule::OnlyGround => spatial::OwnerRule::OnlyGround,
    }
}

/// The word for one of the engine's rules.
pub fn word_of(rule: spatial::OwnerRule) -> OwnerRule {
    match rule {
        spatial::OwnerRule::Claim => OwnerRule::Claim,
        spatial::OwnerRule::LongestBorder => OwnerRule::LongestBorder,
        spatial::OwnerRule::LowerCode => OwnerRule::LowerCode,
        spatial::OwnerRule::Nearest => OwnerRule::Nearest,
        spatial::OwnerRule::OnlyGround => OwnerRule::OnlyGround,
    }
}
