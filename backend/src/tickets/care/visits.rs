//! What is kept of visits. No decisions here.

use super::store::read;
use crate::tickets::store::word;
use crate::tickets::timing::Marks;
use deadpool_postgres::GenericClient;
use domain::clocks::Clock;
use domain::ids::{HouseholdId, PersonId, ReportId, TicketId};
use domain::people::Scope;
use domain::tickets::care::{DueVisit, Try, Visit, VisitResult};
use domain::word::Word;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{Error, Row};

/// The visits to a household, newest first: for one date, or all before one.
///
/// # Errors
/// Of the database.
pub async fn visits(
    db: &impl GenericClient,
    household: HouseholdId,
    only: Option<Date>,
    before: Date,
    limit: i64,
) -> Result<Vec<Visit>, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&household.0, &only, &before, &limit];
    let rows = db.query(include_str!("visits.sql"), &asked).await?;
    let mut visits: Vec<Visit> = rows.iter().map(visit).collect();
    let dates: Vec<Date> = visits.iter().map(|visit| visit.due_on).collect();
    let mut tries: BTreeMap<Date, Vec<Try>> = BTreeMap::new();
    for row in db.query(include_str!("tries.sql"), &[&household.0, &dates]).await? {
        tries.entry(row.get("due_on")).or_default().push(Try {
            result: word(&row, "result"),
            name: row.get("name"),
            at: row.get("at"),
            note: row.get("note"),
            report: row.get::<_, Option<i64>>("report").map(ReportId),
        });
    }
    for visit in &mut visits {
        visit.tries = tries.remove(&visit.due_on).unwrap_or_default();
    }
    Ok(visits)
}

fn visit(row: &Row) -> Visit {
    let result = row.get::<_, Option<String>>("result");
    Visit {
        household: HouseholdId(row.get("household")),
        due_on: row.get("due_on"),
        ticket: row.get::<_, Option<i64>>("ticket").map(TicketId),
        result: result.and_then(|code| VisitResult::from_code(&code)),
        result_at: row.get("result_at"),
        tries: Vec::new(),
    }
}

/// The visits to a household that are still to be made, without their tries.
///
/// # Errors
/// Of the database.
pub async fn open(db: &impl GenericClient, household: HouseholdId) -> Result<Vec<Visit>, Error> {
    let rows = db.query(include_str!("open_visits.sql"), &[&household.0]).await?;
    Ok(rows.iter().map(visit).collect())
}

/// Visits to be made that somebody may see, what is due first at the top, after a time and ticket.
///
/// # Errors
/// Of the database.
pub async fn due(
    db: &impl GenericClient,
    scope: &Scope,
    (at, ticket): (Timestamp, TicketId),
    limit: i64,
) -> Result<Vec<DueVisit>, Error> {
    let unit = scope.sensitive_of.map(|unit| unit.0);
    let asked: [&(dyn ToSql + Sync); 5] = [&scope.all_sensitive, &unit, &at, &ticket.0, &limit];
    let rows = db.query(include_str!("due_visits.sql"), &asked).await?;
    let due = |row: &Row| DueVisit {
        household: read(row),
        due_on: row.get("due_on"),
        ticket: TicketId(row.get("ticket")),
        state: word(row, "state"),
        level: row.get::<_, i16>("level") as u8,
        due_at: row.get("due_at"),
        tries: row.get("tries"),
    };
    Ok(rows.iter().map(due).collect())
}

/// Who recorded a try under a key.
///
/// # Errors
/// Of the database.
pub async fn try_with_key(
    db: &impl GenericClient,
    household: HouseholdId,
    due_on: Date,
    key: &str,
) -> Result<Option<PersonId>, Error> {
    let asked: [&(dyn ToSql + Sync); 3] = [&household.0, &due_on, &key];
    let row = db.query_opt(include_str!("try_with_key.sql"), &asked).await?;
    Ok(row.map(|row| PersonId(row.get("person"))))
}

/// A try to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewTry<'a> {
    /// The household.
    pub household: HouseholdId,
    /// The date the visit fell due.
    pub due_on: Date,
    /// What came of it.
    pub result: VisitResult,
    /// Who went.
    pub by: PersonId,
    /// When they say so.
    pub now: Timestamp,
    /// What they say.
    pub note: &'a str,
    /// The report of what is needed.
    pub report: Option<ReportId>,
    /// The sender's key.
    pub key: &'a str,
}

/// Records a try.
///
/// # Errors
/// Of the database.
pub async fn add_try(db: &impl GenericClient, new: NewTry<'_>) -> Result<(), Error> {
    let report = new.report.map(|report| report.0);
    let asked: [&(dyn ToSql + Sync); 8] = [
        &new.household.0,
        &new.due_on,
        &new.result.code(),
        &new.by.0,
        &new.now,
        &new.note,
        &report,
        &new.key,
    ];
    db.execute(include_str!("add_try.sql"), &asked).await?;
    Ok(())
}

/// Says what became of a visit.
///
/// # Errors
/// Of the database.
pub async fn settle(
    db: &impl GenericClient,
    household: HouseholdId,
    due_on: Date,
    result: VisitResult,
    now: Timestamp,
) -> Result<(), Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&household.0, &due_on, &result.code(), &now];
    db.execute(include_str!("settle.sql"), &asked).await?;
    Ok(())
}

/// Records dates for which no visit was made because nobody looked.
///
/// # Errors
/// Of the database.
pub async fn skip(
    db: &impl GenericClient,
    household: HouseholdId,
    dates: &[Date],
    now: Timestamp,
) -> Result<(), Error> {
    let asked: [&(dyn ToSql + Sync); 3] = [&household.0, &dates, &now];
    db.execute(include_str!("skip.sql"), &asked).await?;
    Ok(())
}

/// Records a visit that falls due; whether there was none for the date yet.
///
/// # Errors
/// Of the database.
pub async fn make(
    db: &impl GenericClient,
    household: HouseholdId,
    due_on: Date,
    ticket: TicketId,
    now: Timestamp,
) -> Result<bool, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&household.0, &due_on, &now, &ticket.0];
    Ok(db.query_opt(include_str!("make.sql"), &asked).await?.is_some())
}

/// The ticket of a visit, to be opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its report.
    pub report: ReportId,
    /// The community and the street above its cell.
    pub above: [Option<String>; 2],
    /// The clock of making it.
    pub clock: Clock,
    /// Its marks.
    pub marks: Marks,
    /// What the timeline says.
    pub note: String,
}

/// Opens the ticket of a visit.
///
/// # Errors
/// Of the database.
pub async fn open_ticket(
    db: &impl GenericClient,
    opened: &Opened,
    now: Timestamp,
) -> Result<(), Error> {
    let Opened { report, above: [community, street], clock, marks, note } = opened;
    let asked: [&(dyn ToSql + Sync); 10] = [
        &report.0,
        community,
        street,
        &Json(clock),
        &marks.warn_at,
        &marks.due_at,
        &marks.long_at,
        &marks.provisional,
        &now,
        note,
    ];
    db.execute(include_str!("open.sql"), &asked).await?;
    Ok(())
}
