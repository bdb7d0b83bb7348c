//! What is kept of places looked at for a campaign. No decisions here.

use super::store::Wish;
use deadpool_postgres::GenericClient;
use domain::grids::Located;
use domain::ids::{CampaignId, EditionId, InspectionId, PersonId, ReportId, UnitId};
use domain::tickets::campaigns::Inspection;
use jiff::Timestamp;
use postgres_types::ToSql;
use spatial::Position;
use tokio_postgres::{Error, Row};

/// An inspection to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewInspection<'a> {
    /// For which campaign.
    pub campaign: CampaignId,
    /// What place it is.
    pub what: &'a str,
    /// Where.
    pub at: Position,
    /// Who answers for the place.
    pub located: &'a Located,
    /// The cells of level 3, 2 and 1 it lies in.
    pub cells: [Option<&'a str>; 3],
    /// Who looked.
    pub by: PersonId,
    /// Of which unit.
    pub unit: UnitId,
    /// When.
    pub now: Timestamp,
    /// The report it opened.
    pub report: Option<ReportId>,
    /// The sender's key.
    pub key: &'a str,
}

/// Records an inspection; `None`: the key is taken.
///
/// # Errors
/// Of the database.
pub async fn inspect(
    db: &impl GenericClient,
    new: NewInspection<'_>,
) -> Result<Option<InspectionId>, Error> {
    let [cell, community, street] = new.cells;
    let row = db
        .query_opt(
            include_str!("inspect.sql"),
            &[
                &new.campaign.0,
                &new.what,
                &new.at.lng_deg(),
                &new.at.lat_deg(),
                &new.located.edition.0,
                &cell,
                &community,
                &street,
                &new.by.0,
                &new.unit.0,
                &new.now,
                &new.report.map(|report| report.0),
                &new.key,
            ],
        )
        .await?;
    Ok(row.map(|row| InspectionId(row.get("id"))))
}

/// The inspection recorded under a key, by whom, and the report it opened.
///
/// # Errors
/// Of the database.
pub async fn inspection_with_key(
    db: &impl GenericClient,
    campaign: CampaignId,
    key: &str,
) -> Result<Option<(InspectionId, PersonId, Option<ReportId>)>, Error> {
    let row = db.query_opt(include_str!("inspection_with_key.sql"), &[&campaign.0, &key]).await?;
    Ok(row.map(|row| {
        let report = row.get::<_, Option<i64>>("report").map(ReportId);
        (InspectionId(row.get("id")), PersonId(row.get("person")), report)
    }))
}

/// Places looked at for a campaign, newest first.
///
/// # Errors
/// Of the database.
pub async fn inspections(
    db: &impl GenericClient,
    campaign: CampaignId,
    wish: &Wish,
    before: InspectionId,
    limit: i64,
) -> Result<Vec<Inspection>, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&campaign.0, wish, &before.0, &limit];
    let rows = db.query(include_str!("inspections.sql"), &asked).await?;
    let inspection = |row: &Row| Inspection {
        id: InspectionId(row.get("id")),
        what: row.get("what"),
        lng: row.get("lng"),
        lat: row.get("lat"),
        edition: EditionId(row.get("edition")),
        cell: row.get("cell"),
        at: row.get("at"),
        name: row.get("name"),
        unit_name: row.get("unit_name"),
        report: row.get::<_, Option<i64>>("report").map(ReportId),
    };
    Ok(rows.iter().map(inspection).collect())
}
