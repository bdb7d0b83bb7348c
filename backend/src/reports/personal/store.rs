//! What is kept of what reporters told about themselves. No decisions here.

use crate::reports::store::NewReport;
use deadpool_postgres::GenericClient;
use domain::ids::{PersonId, ReportId, ViewId};
use domain::reports::{PersonalField, Reporter, ReporterView, ShownReporter};
use domain::word::Word;
use jiff::Timestamp;
use tokio_postgres::{Error, Row};

/// Keeps what came with reports just stored.
///
/// # Errors
/// Of the database.
pub async fn add(db: &impl GenericClient, reports: &[(&NewReport, ReportId)]) -> Result<(), Error> {
    let all = || reports.iter().flat_map(|(new, id)| new.personal.iter().map(|p| (id.0, p)));
    macro_rules! column {
        ($of:expr) => {
            all().map($of).collect::<Vec<_>>()
        };
    }
    db.execute(
        include_str!("add.sql"),
        &[
            &column!(|(report, _)| report),
            &column!(|(_, personal)| personal.field.code()),
            &column!(|(_, personal)| personal.value.as_str()),
            &column!(|(_, personal)| personal.expires_at),
        ],
    )
    .await?;
    Ok(())
}

/// What a reporter told about themselves; `None`: nothing, or nothing that is still to be kept.
///
/// # Errors
/// Of the database.
pub async fn reporter(
    db: &impl GenericClient,
    report: ReportId,
    now: Timestamp,
) -> Result<Option<ShownReporter>, Error> {
    let rows = db.query(include_str!("of_report.sql"), &[&report.0, &now]).await?;
    let (mut reporter, mut expires_at) = (Reporter::default(), None);
    for row in &rows {
        let value = Some(row.get("value"));
        match PersonalField::from_code(row.get("field")) {
            Some(PersonalField::Name) => reporter.name = value,
            Some(PersonalField::Phone) => reporter.phone = value,
            None => {}
        }
        expires_at = expires_at.max(Some(row.get::<_, Timestamp>("expires_at")));
    }
    Ok(expires_at.map(|expires_at| ShownReporter { reporter, expires_at }))
}

/// Keeps that somebody looked.
///
/// # Errors
/// Of the database.
pub async fn add_view(
    db: &impl GenericClient,
    report: ReportId,
    person: PersonId,
    now: Timestamp,
    reason: &str,
) -> Result<(), Error> {
    db.execute(include_str!("add_view.sql"), &[&report.0, &person.0, &now, &reason]).await?;
    Ok(())
}

/// Who looked, the newest first: of one report or of all, with smaller numbers than `before`.
///
/// # Errors
/// Of the database.
pub async fn views(
    db: &impl GenericClient,
    report: Option<ReportId>,
    before: ViewId,
    sensitive: bool,
    limit: i64,
) -> Result<Vec<ReporterView>, Error> {
    let report = report.map(|report| report.0);
    let rows =
        db.query(include_str!("views.sql"), &[&report, &before.0, &sensitive, &limit]).await?;
    let view = |row: &Row| ReporterView {
        view: ViewId(row.get("id")),
        report: ReportId(row.get("report")),
        person: PersonId(row.get("person")),
        name: row.get("name"),
        at: row.get("at"),
        reason: row.get("reason"),
    };
    Ok(rows.iter().map(view).collect())
}
