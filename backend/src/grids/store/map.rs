//! What a map draws: features as GeoJSON text and vector tiles, both made by PostGIS.

use domain::ids::EditionId;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, GenericClient, RowStream};

/// A layer of features.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Features {
    /// The cells of this level.
    Cells(i16),
    /// Blank zones.
    BlankZones,
    /// Problems.
    Problems,
}

/// Whether there is such an edition.
///
/// # Errors
/// Of the database.
pub async fn has_edition(db: &impl GenericClient, edition: EditionId) -> Result<bool, Error> {
    let row = db.query_one(include_str!("has_edition.sql"), &[&edition.0]).await?;
    Ok(row.get("found"))
}

/// Rows with a column `feature`, each a GeoJSON feature, that meet the box (degrees: west, south,
/// east, north).
///
/// # Errors
/// Of the database.
pub async fn features(
    db: &impl GenericClient,
    layer: Features,
    edition: EditionId,
    bbox: [f64; 4],
    limit: i64,
) -> Result<RowStream, Error> {
    let common: [&(dyn ToSql + Sync); 6] =
        [&edition.0, &bbox[0], &bbox[1], &bbox[2], &bbox[3], &limit];
    let mut given = common.to_vec();
    let statement = match &layer {
        Features::Cells(level) => {
            given.push(level);
            include_str!("cell_features.sql")
        }
        Features::BlankZones => include_str!("zone_features.sql"),
        Features::Problems => include_str!("problem_features.sql"),
    };
    db.query_raw(statement, given).await
}

/// The statement for tiles of cells: edition, zoom, column, row → `tile`.
pub const CELL_TILE: &str = include_str!("cell_tile.sql");

/// The statement for tiles of problems: edition, zoom, column, row → `tile`.
pub const PROBLEM_TILE: &str = include_str!("problem_tile.sql");
