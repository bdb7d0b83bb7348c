//! What is kept of the duty roster. No decisions here.

use domain::ids::{DutyId, PersonId};
use domain::people::roster::{Duty, DutyKind, Span};
use domain::word::Word;
use jiff::Timestamp;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, GenericClient, Row};

/// Puts somebody on duty for each of the spans, or for none.
///
/// # Errors
/// Of the database; constraint `duty_overlaps` when they are on duty already.
pub async fn add(
    db: &impl GenericClient,
    person: PersonId,
    kind: DutyKind,
    spans: &[Span],
    by: Option<PersonId>,
) -> Result<Vec<i64>, Error> {
    let (begin, end): (Vec<Timestamp>, Vec<Timestamp>) = spans.iter().copied().unzip();
    let by = by.map(|by| by.0);
    let asked: [&(dyn ToSql + Sync); 5] = [&person.0, &kind.code(), &begin, &end, &by];
    let rows = db.query(include_str!("add_duties.sql"), &asked).await?;
    Ok(rows.iter().map(|row| row.get("id")).collect())
}

async fn rows(
    db: &impl GenericClient,
    (from, until): Span,
    only: Option<&[i64]>,
) -> Result<Vec<Row>, Error> {
    db.query(include_str!("duties.sql"), &[&from, &until, &only]).await
}

/// The duties that touch a stretch of time, by their beginning: all, or these.
///
/// # Errors
/// Of the database.
pub async fn touching(
    db: &impl GenericClient,
    span: Span,
    only: Option<&[i64]>,
) -> Result<Vec<Duty>, Error> {
    let duty = |row: &Row| {
        let (begins, ends) = span_of(row);
        Duty {
            id: DutyId(row.get("id")),
            person: PersonId(row.get("person")),
            name: row.get("name"),
            kind: kind(row),
            begins_at: begins.to_string(),
            ends_at: ends.to_string(),
        }
    };
    Ok(rows(db, span, only).await?.iter().map(duty).collect())
}

/// The spans of duties of a kind that touch a stretch of time.
///
/// # Errors
/// Of the database.
pub async fn spans(
    db: &impl GenericClient,
    span: Span,
    wanted: DutyKind,
) -> Result<Vec<Span>, Error> {
    let rows = rows(db, span, None).await?;
    Ok(rows.iter().filter(|row| kind(row) == wanted).map(span_of).collect())
}

/// When the last dispatcher went off duty before a moment, and when the next comes.
///
/// # Errors
/// Of the database.
pub async fn around(
    db: &impl GenericClient,
    at: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Error> {
    let row = db.query_one(include_str!("duty_around.sql"), &[&at]).await?;
    Ok((row.get("since"), row.get("until")))
}

/// Takes a duty off the roster that has not begun; whether there was such a one.
///
/// # Errors
/// Of the database.
pub async fn remove(db: &impl GenericClient, duty: DutyId, now: Timestamp) -> Result<bool, Error> {
    Ok(db.execute(include_str!("remove_duty.sql"), &[&duty.0, &now]).await? > 0)
}

fn span_of(row: &Row) -> Span {
    (row.get("begins_at"), row.get("ends_at"))
}

/// The kind of a row; the constraint `duty_kind_is_known` lets no other word in.
fn kind(row: &Row) -> DutyKind {
    DutyKind::from_code(row.get("kind")).unwrap_or(DutyKind::Dispatcher)
}
