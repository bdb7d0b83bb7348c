//! What reporters said by their codes, as it is kept. No decisions here.

use deadpool_postgres::GenericClient;
use domain::ids::{ReportId, TicketId};
use domain::tickets::Rating;
use tokio_postgres::{Error, Row};

/// A rating to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewRating<'a> {
    /// The report whose code it was given by.
    pub report: ReportId,
    /// The ticket that was worked on.
    pub ticket: TicketId,
    /// The event that closed it.
    pub closed_seq: i32,
    /// The event of rating.
    pub seq: i32,
    /// One to five.
    pub stars: u8,
    /// What was said.
    pub text: &'a str,
}

/// Keeps a rating.
///
/// # Errors
/// Of the database; constraint `reporter_rates_once` when there is one.
pub async fn add_rating(db: &impl GenericClient, rating: NewRating<'_>) -> Result<(), Error> {
    let NewRating { report, ticket, closed_seq, seq, stars, text } = rating;
    let stars = i16::from(stars);
    db.execute(
        include_str!("add_rating.sql"),
        &[&report.0, &ticket.0, &closed_seq, &seq, &stars, &text],
    )
    .await?;
    Ok(())
}

/// What reporters thought of a ticket, oldest first.
///
/// # Errors
/// Of the database.
pub async fn ratings(db: &impl GenericClient, ticket: TicketId) -> Result<Vec<Rating>, Error> {
    let kept = db.prepare_cached(include_str!("ratings.sql")).await?;
    let rows = db.query(&kept, &[&ticket.0]).await?;
    let rating =
        |row: &Row| Rating { seq: row.get("seq"), stars: stars_of(row), text: row.get("text") };
    Ok(rows.iter().map(rating).collect())
}

/// The stars a reporter gave a ticket for the closing by this event.
///
/// # Errors
/// Of the database.
pub async fn stars(
    db: &impl GenericClient,
    ticket: TicketId,
    closed_seq: i32,
    report: ReportId,
) -> Result<Option<u8>, Error> {
    let row = db.query_opt(include_str!("stars.sql"), &[&ticket.0, &closed_seq, &report.0]).await?;
    Ok(row.as_ref().map(stars_of))
}

/// The constraint `stars_are_one_to_five` lets no other number in.
fn stars_of(row: &Row) -> u8 {
    row.get::<_, i16>("stars") as u8
}
