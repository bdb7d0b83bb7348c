//! What is kept of households. No decisions here.

use super::decide::Home;
use crate::tickets::store::word;
use deadpool_postgres::GenericClient;
use domain::ids::{EditionId, HouseholdId, PersonId, UnitId};
use domain::people::Scope;
use domain::tickets::care::{
    CareKind, Details, EndReason, Household, HouseholdChange, HouseholdEvent, Schedule,
};
use domain::word::Word;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{Error, Row};

/// A change of a household, by whom and what they say.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What is done.
    pub what: HouseholdChange,
    /// Who does it; `None`: the service.
    pub by: Option<PersonId>,
    /// What they say.
    pub note: &'a str,
}

/// Which households are asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// One; `None`: all.
    pub only: Option<HouseholdId>,
    /// In these cells; `None`: all.
    pub cells: Option<Vec<String>>,
    /// Of this kind; `None`: all.
    pub kind: Option<CareKind>,
    /// Those whose care has ended, too.
    pub ended: bool,
    /// After this number.
    pub after: HouseholdId,
    /// At most.
    pub limit: i64,
}

/// Takes a household under care; `None`: the key is taken.
///
/// # Errors
/// Of the database.
pub async fn add(
    db: &impl GenericClient,
    kind: CareKind,
    home: &Home,
    schedule: &Schedule,
    next_on: Option<Date>,
    by: PersonId,
    key: &str,
) -> Result<Option<HouseholdId>, Error> {
    let (lng, lat) = (home.at.lng_deg(), home.at.lat_deg());
    let asked: [&(dyn ToSql + Sync); 9] = [
        &kind.code(),
        &lng,
        &lat,
        &home.located.edition.0,
        &home.cell,
        &Json(schedule),
        &next_on,
        &by.0,
        &key,
    ];
    let row = db.query_opt(include_str!("add.sql"), &asked).await?;
    Ok(row.map(|row| HouseholdId(row.get("id"))))
}

/// The household that somebody added under a key.
///
/// # Errors
/// Of the database.
pub async fn household_with_key(
    db: &impl GenericClient,
    by: PersonId,
    key: &str,
) -> Result<Option<HouseholdId>, Error> {
    let row = db.query_opt(include_str!("household_with_key.sql"), &[&by.0, &key]).await?;
    Ok(row.map(|row| HouseholdId(row.get("id"))))
}

/// Keeps who lives in a household.
///
/// # Errors
/// Of the database.
pub async fn set_details(
    db: &impl GenericClient,
    household: HouseholdId,
    details: &Details,
) -> Result<(), Error> {
    let Details { name, phone, address, remarks } = details;
    let asked: [&(dyn ToSql + Sync); 5] = [&household.0, name, phone, address, remarks];
    db.execute(include_str!("set_details.sql"), &asked).await?;
    Ok(())
}

/// Who lives in a household; `None`: forgotten.
///
/// # Errors
/// Of the database.
pub async fn details(
    db: &impl GenericClient,
    household: HouseholdId,
) -> Result<Option<Details>, Error> {
    let row = db.query_opt(include_str!("details.sql"), &[&household.0]).await?;
    Ok(row.map(|row| Details {
        name: row.get("name"),
        phone: row.get("phone"),
        address: row.get("address"),
        remarks: row.get("remarks"),
    }))
}

/// Writes a household as it is from now on, if it still stands at `seq`; its new number.
///
/// # Errors
/// Of the database.
pub async fn change(
    db: &impl GenericClient,
    after: &Household,
    seq: i32,
    home: &Home,
) -> Result<Option<i32>, Error> {
    let (lng, lat) = (home.at.lng_deg(), home.at.lat_deg());
    let asked: [&(dyn ToSql + Sync); 9] = [
        &after.id.0,
        &seq,
        &after.kind.code(),
        &lng,
        &lat,
        &home.located.edition.0,
        &home.cell,
        &Json(&after.schedule),
        &after.next_on,
    ];
    let row = db.query_opt(include_str!("change.sql"), &asked).await?;
    Ok(row.map(|row| row.get("seq")))
}

/// Ends the care for a household, if it still stands at `seq`; its new number.
///
/// # Errors
/// Of the database.
pub async fn end(
    db: &impl GenericClient,
    household: HouseholdId,
    seq: i32,
    reason: EndReason,
    now: Timestamp,
) -> Result<Option<i32>, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&household.0, &seq, &reason.code(), &now];
    let row = db.query_opt(include_str!("end.sql"), &asked).await?;
    Ok(row.map(|row| row.get("seq")))
}

/// Records what happened to a household.
///
/// # Errors
/// Of the database.
pub async fn record(
    db: &impl GenericClient,
    household: HouseholdId,
    seq: i32,
    change: Change<'_>,
    cell: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let by = change.by.map(|by| by.0);
    let asked: [&(dyn ToSql + Sync); 7] =
        [&household.0, &seq, &change.what.code(), &by, &now, &cell, &change.note];
    db.execute(include_str!("add_event.sql"), &asked).await?;
    Ok(())
}

/// What happened to a household, in order.
///
/// # Errors
/// Of the database.
pub async fn events(
    db: &impl GenericClient,
    household: HouseholdId,
) -> Result<Vec<HouseholdEvent>, Error> {
    let rows = db.query(include_str!("events.sql"), &[&household.0]).await?;
    let event = |row: &Row| HouseholdEvent {
        seq: row.get("seq"),
        change: word(row, "change"),
        name: row.get("name"),
        at: row.get("at"),
        cell: row.get("cell"),
        note: row.get("note"),
    };
    Ok(rows.iter().map(event).collect())
}

/// One household, if it is there and may be seen.
///
/// # Errors
/// Of the database.
pub async fn household(
    db: &impl GenericClient,
    household: HouseholdId,
    scope: &Scope,
) -> Result<Option<Household>, Error> {
    let wanted = Wanted {
        only: Some(household),
        cells: None,
        kind: None,
        ended: true,
        after: HouseholdId(0),
        limit: 1,
    };
    Ok(households(db, &wanted, scope).await?.pop())
}

/// Households that somebody may see, by number.
///
/// # Errors
/// Of the database.
pub async fn households(
    db: &impl GenericClient,
    wanted: &Wanted,
    scope: &Scope,
) -> Result<Vec<Household>, Error> {
    let only = wanted.only.map(|only| only.0);
    let kind = wanted.kind.map(Word::code);
    let unit = scope.sensitive_of.map(|unit| unit.0);
    let asked: [&(dyn ToSql + Sync); 8] = [
        &only,
        &wanted.cells,
        &kind,
        &wanted.ended,
        &wanted.after.0,
        &scope.all_sensitive,
        &unit,
        &wanted.limit,
    ];
    let rows = db.query(include_str!("households.sql"), &asked).await?;
    Ok(rows.iter().map(read).collect())
}

/// A household as a row has it.
pub(super) fn read(row: &Row) -> Household {
    let reason = row.get::<_, Option<String>>("end_reason");
    Household {
        id: HouseholdId(row.get("id")),
        seq: row.get("seq"),
        kind: word(row, "kind"),
        lng: row.get("lng"),
        lat: row.get("lat"),
        cell: row.get("cell"),
        unit: UnitId(row.get("unit")),
        unit_name: row.get("unit_name"),
        schedule: row.get::<_, Json<Schedule>>("schedule").0,
        next_on: row.get("next_on"),
        ended_at: row.get("ended_at"),
        end_reason: reason.and_then(|code| EndReason::from_code(&code)),
    }
}

/// Keeps a household from being changed until the transaction ends.
///
/// # Errors
/// Of the database.
pub async fn lock(db: &impl GenericClient, household: HouseholdId) -> Result<(), Error> {
    db.query_opt(include_str!("lock.sql"), &[&household.0]).await?;
    Ok(())
}

/// The unit that visits in a cell.
///
/// # Errors
/// Of the database.
pub async fn unit_of_cell(db: &impl GenericClient, cell: &str) -> Result<UnitId, Error> {
    Ok(UnitId(db.query_one(include_str!("unit_of_cell.sql"), &[&cell]).await?.get("unit")))
}

/// The last date a visit to a household fell due.
///
/// # Errors
/// Of the database.
pub async fn last_due(
    db: &impl GenericClient,
    household: HouseholdId,
) -> Result<Option<Date>, Error> {
    Ok(db.query_one(include_str!("last_due.sql"), &[&household.0]).await?.get("due_on"))
}

/// Households with a visit that falls due by today, kept from others.
///
/// # Errors
/// Of the database.
pub async fn due(
    db: &impl GenericClient,
    today: Date,
    limit: i64,
) -> Result<Vec<Household>, Error> {
    let rows = db.query(include_str!("due_households.sql"), &[&today, &limit]).await?;
    Ok(rows.iter().map(read).collect())
}

/// Households whose cell was found by an edition before this one, kept from others.
///
/// # Errors
/// Of the database.
pub async fn stale(
    db: &impl GenericClient,
    edition: EditionId,
    limit: i64,
) -> Result<Vec<Household>, Error> {
    let rows = db.query(include_str!("stale_households.sql"), &[&edition.0, &limit]).await?;
    Ok(rows.iter().map(read).collect())
}

/// Gives a household its cell by an edition, under the number of that change.
///
/// # Errors
/// Of the database.
pub async fn rehome(
    db: &impl GenericClient,
    household: HouseholdId,
    seq: i32,
    edition: EditionId,
    cell: &str,
) -> Result<(), Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&household.0, &seq, &edition.0, &cell];
    db.execute(include_str!("rehome.sql"), &asked).await?;
    Ok(())
}

/// Forgets who lived in households whose care ended before a time; how many there were.
///
/// # Errors
/// Of the database.
pub async fn forget(db: &impl GenericClient, before: Timestamp) -> Result<i64, Error> {
    Ok(db.query_one(include_str!("forget.sql"), &[&before]).await?.get("forgotten"))
}

/// Sets the next date a visit falls due.
///
/// # Errors
/// Of the database.
pub async fn set_next(
    db: &impl GenericClient,
    household: HouseholdId,
    next_on: Option<Date>,
) -> Result<(), Error> {
    db.execute(include_str!("set_next.sql"), &[&household.0, &next_on]).await?;
    Ok(())
}
