//! What is kept of photos of tickets. No decisions here.

use crate::reports::photos::shelf::Hash;
use crate::reports::photos::store::object;
use deadpool_postgres::GenericClient;
use domain::ids::{ReportId, TicketId};
use domain::reports::{Photo, PhotoId, PhotoMoment, is_far};
use domain::tickets::Action;
use domain::word::Word;
use tokio_postgres::{Error, Row};

/// Whose a photo is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// It came with a report.
    Report(ReportId),
    /// It came with a step of a ticket.
    Ticket(TicketId),
}

/// Keeps that photos came with a step.
///
/// # Errors
/// Of the database.
pub async fn add(
    db: &impl GenericClient,
    photos: &[PhotoId],
    ticket: TicketId,
    seq: i32,
) -> Result<(), Error> {
    let photos: Vec<&str> = photos.iter().map(|photo| photo.0.as_str()).collect();
    db.execute(include_str!("add.sql"), &[&photos, &ticket.0, &seq]).await?;
    Ok(())
}

/// Photos of a ticket's reports and steps, in the order they were sent; those of sensitive reports
/// only if they are asked for.
///
/// # Errors
/// Of the database.
pub async fn of_ticket(
    db: &impl GenericClient,
    ticket: TicketId,
    sensitive: bool,
) -> Result<Vec<Photo>, Error> {
    let kept = db.prepare_cached(include_str!("of_ticket.sql")).await?;
    let rows = db.query(&kept, &[&ticket.0, &sensitive]).await?;
    Ok(rows.iter().map(photo).collect())
}

fn photo(row: &Row) -> Photo {
    let action = row.get::<_, Option<&str>>("action").and_then(Action::from_code);
    let distance_m: Option<f64> = row.get("distance_m");
    Photo {
        photo: PhotoId(row.get("id")),
        moment: action.and_then(Action::photos).unwrap_or(PhotoMoment::Before),
        report: row.get::<_, Option<i64>>("report").map(ReportId),
        seq: row.get("seq"),
        width: row.get::<_, i32>("width").cast_unsigned(),
        height: row.get::<_, i32>("height").cast_unsigned(),
        sent_at: row.get("sent_at"),
        distance_m,
        far: is_far(distance_m),
    }
}

/// The picture of a photo and whose it is.
///
/// # Errors
/// Of the database.
pub async fn home(db: &impl GenericClient, photo: &PhotoId) -> Result<Option<(Hash, Home)>, Error> {
    let kept = db.prepare_cached(include_str!("home.sql")).await?;
    let row = db.query_opt(&kept, &[&photo.0]).await?;
    Ok(row.and_then(|row| {
        let report = row.get::<_, Option<i64>>("report").map(|id| Home::Report(ReportId(id)));
        let ticket = row.get::<_, Option<i64>>("ticket").map(|id| Home::Ticket(TicketId(id)));
        Some((object(&row), report.or(ticket)?))
    }))
}
