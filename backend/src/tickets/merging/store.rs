//! What is kept of mergings. No decisions here.

use deadpool_postgres::GenericClient;
use domain::ids::TicketId;
use tokio_postgres::Error;

/// Keeps which events of two tickets are about each other, for both histories.
///
/// # Errors
/// Of the database.
pub async fn pair(
    db: &impl GenericClient,
    (ticket, seq): (TicketId, i32),
    (other, other_seq): (TicketId, i32),
) -> Result<(), Error> {
    db.execute(include_str!("pair.sql"), &[&ticket.0, &seq, &other.0, &other_seq]).await?;
    Ok(())
}

/// Hides the tickets that were merged into one.
///
/// # Errors
/// Of the database.
pub async fn hide_merged(db: &impl GenericClient, ticket: TicketId) -> Result<(), Error> {
    db.execute(include_str!("hide_merged.sql"), &[&ticket.0]).await?;
    Ok(())
}
