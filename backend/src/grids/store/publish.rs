//! Writing an edition: every row with COPY, inside the transaction that publishes it.

use crate::grids::ewkb;
use domain::grids::{OwnerRule, ProblemKind};
use domain::ids::EditionId;
use domain::word::Word;
use spatial::{FaceId, Partition, Position};
use std::pin::pin;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Transaction};

/// An edition to be published, without its rows.
#[derive(Clone, Debug)]
pub struct NewEdition {
    /// From which file or plan it was made.
    pub source: String,
    /// Cells on level 3, blank zones, problems.
    pub counts: [usize; 3],
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// The zooms from which levels 2 and 3 are drawn.
    pub from_zoom: [i16; 2],
}

/// Polygons: polygon → rings → points.
pub type Polygons = Vec<Vec<Vec<Position>>>;

/// A cell of any level to be published.
#[derive(Clone, Debug)]
pub struct NewCell {
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
    /// Its class of colour, 0 to 11: different from its neighbours'.
    pub colour: u8,
    /// Square metres.
    pub area_m2: f64,
    /// Where its label stands.
    pub label_at: Option<Position>,
    /// Its outline; empty when nothing is left of it.
    pub shape: Polygons,
}

/// A blank zone to be published.
#[derive(Clone, Debug)]
pub struct NewZone {
    /// Its face.
    pub face: FaceId,
    /// The code of the cell that answers for it.
    pub owner: String,
    /// The rule that decided.
    pub rule: OwnerRule,
    /// Square metres.
    pub area_m2: f64,
    /// Its outline.
    pub shape: Polygons,
}

/// A problem to be published.
#[derive(Clone, Debug)]
pub struct NewProblem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Codes of the cells concerned.
    pub cells: Vec<String>,
    /// Square metres concerned.
    pub area_m2: f64,
    /// Mean width in metres.
    pub width_m: f64,
    /// The code of the cell that was given the ground.
    pub owner: Option<String>,
    /// The rule that decided so.
    pub rule: Option<OwnerRule>,
    /// What a person should know beyond the kind.
    pub note: Option<String>,
    /// Where, as EWKB (see [`ewkb`]); `None` when nothing could be read.
    pub shape: Option<Vec<u8>>,
}

/// Adds an edition.
///
/// # Errors
/// Of the database.
pub async fn add_edition(db: &Transaction<'_>, new: &NewEdition) -> Result<EditionId, Error> {
    let counts = new.counts.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    let row = db
        .query_one(
            include_str!("add_edition.sql"),
            &[
                &new.source,
                &counts[0],
                &counts[1],
                &counts[2],
                &new.bounds[0],
                &new.bounds[1],
                &new.bounds[2],
                &new.bounds[3],
                &new.from_zoom[0],
                &new.from_zoom[1],
            ],
        )
        .await?;
    Ok(EditionId(row.get("id")))
}

/// Writes the arcs of an edition.
///
/// # Errors
/// Of the database.
pub async fn copy_arcs(
    db: &Transaction<'_>,
    edition: EditionId,
    partition: &Partition,
) -> Result<u64, Error> {
    let types = [Type::INT8, Type::INT4, Type::INT4, Type::INT4, Type::BYTEA];
    let sink = db.copy_in(include_str!("copy_arcs.sql")).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for (arc, view) in partition.arcs().enumerate() {
        let row: [&(dyn ToSql + Sync); 5] = [
            &edition.0,
            &(arc as i32),
            &(view.left.0 as i32),
            &(view.right.0 as i32),
            &ewkb::line(view.points),
        ];
        writer.as_mut().write(&row).await?;
    }
    writer.finish().await
}

/// Writes the cells of an edition.
///
/// # Errors
/// Of the database.
pub async fn copy_cells(
    db: &Transaction<'_>,
    edition: EditionId,
    cells: &[NewCell],
) -> Result<u64, Error> {
    let types = [
        Type::INT8,
        Type::INT2,
        Type::TEXT,
        Type::TEXT,
        Type::INT2,
        Type::TEXT,
        Type::INT4,
        Type::INT2,
        Type::FLOAT8,
        Type::BYTEA,
        Type::BYTEA,
    ];
    let sink = db.copy_in(include_str!("copy_cells.sql")).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for cell in cells {
        let row: [&(dyn ToSql + Sync); 11] = [
            &edition.0,
            &i16::from(cell.level),
            &cell.code,
            &cell.name,
            &cell.parent.as_ref().map(|(level, _)| i16::from(*level)),
            &cell.parent.as_ref().map(|(_, code)| code),
            &cell.face.map(|face| face.0 as i32),
            &i16::from(cell.colour),
            &cell.area_m2,
            &cell.label_at.map(ewkb::point),
            &(!cell.shape.is_empty()).then(|| ewkb::multi_polygon(&cell.shape)),
        ];
        writer.as_mut().write(&row).await?;
    }
    writer.finish().await
}

/// Writes the blank zones of an edition, numbered from 1 in the order given.
///
/// # Errors
/// Of the database.
pub async fn copy_zones(
    db: &Transaction<'_>,
    edition: EditionId,
    zones: &[NewZone],
) -> Result<u64, Error> {
    let types =
        [Type::INT8, Type::INT4, Type::INT4, Type::TEXT, Type::TEXT, Type::FLOAT8, Type::BYTEA];
    let sink = db.copy_in(include_str!("copy_zones.sql")).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for (i, zone) in zones.iter().enumerate() {
        let row: [&(dyn ToSql + Sync); 7] = [
            &edition.0,
            &(i as i32 + 1),
            &(zone.face.0 as i32),
            &zone.owner,
            &zone.rule.code(),
            &zone.area_m2,
            &ewkb::multi_polygon(&zone.shape),
        ];
        writer.as_mut().write(&row).await?;
    }
    writer.finish().await
}

/// Writes the problems of an edition, numbered from 1 in the order given.
///
/// # Errors
/// Of the database.
pub async fn copy_problems(
    db: &Transaction<'_>,
    edition: EditionId,
    problems: &[NewProblem],
) -> Result<u64, Error> {
    let types = [
        Type::INT8,
        Type::INT4,
        Type::TEXT,
        Type::TEXT_ARRAY,
        Type::FLOAT8,
        Type::FLOAT8,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::BYTEA,
    ];
    let sink = db.copy_in(include_str!("copy_problems.sql")).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for (i, problem) in problems.iter().enumerate() {
        let row: [&(dyn ToSql + Sync); 10] = [
            &edition.0,
            &(i as i32 + 1),
            &problem.kind.code(),
            &problem.cells,
            &problem.area_m2,
            &problem.width_m,
            &problem.owner,
            &problem.rule.map(Word::code),
            &problem.note,
            &problem.shape,
        ];
        writer.as_mut().write(&row).await?;
    }
    writer.finish().await
}
