//! What the keeper reads and writes besides steps. No decisions here.

use crate::tickets::timing::Marks;
use domain::clocks::Clock;
use domain::ids::TicketId;
use domain::tickets::Action;
use domain::word::Word;
use jiff::Timestamp;
use tokio_postgres::types::Json;
use tokio_postgres::{Error, GenericClient};

/// The lock of the one process that keeps: "keeper" as a number.
pub const LOCK: i64 = 0x6b_65_65_70_65_72;

/// Whether no other process does what is done under this lock; none will until this transaction
/// ends.
///
/// # Errors
/// Of the database.
pub async fn alone(db: &impl GenericClient, lock: i64) -> Result<bool, Error> {
    let row = db.query_one(include_str!("alone.sql"), &[&lock]).await?;
    Ok(row.get("alone"))
}

/// The steps that are owed now, by number of the ticket.
///
/// # Errors
/// Of the database.
pub async fn owed(
    db: &impl GenericClient,
    now: Timestamp,
    after: TicketId,
    limit: i64,
) -> Result<Vec<(TicketId, Action)>, Error> {
    let rows = db.query(include_str!("owed.sql"), &[&now, &after.0, &limit]).await?;
    let action = |row: &tokio_postgres::Row| Action::from_code(row.get("action"));
    let owed = rows.iter().map(|row| (TicketId(row.get("ticket")), action(row)));
    Ok(owed.filter_map(|(ticket, action)| Some((ticket, action?))).collect())
}

/// A ticket with marks to be made again.
pub struct Provisional {
    /// Which.
    pub ticket: TicketId,
    /// Its last event.
    pub seq: i32,
    /// Its clock.
    pub clock: Option<Clock>,
    /// The clock of arriving.
    pub arrive_clock: Option<Clock>,
}

/// Tickets whose marks were made without a published calendar.
///
/// # Errors
/// Of the database.
pub async fn provisional_tickets(
    db: &impl GenericClient,
    after: TicketId,
    limit: i64,
) -> Result<Vec<Provisional>, Error> {
    let rows = db.query(include_str!("provisional_tickets.sql"), &[&after.0, &limit]).await?;
    let provisional = |row: &tokio_postgres::Row| {
        let clock = |name| row.get::<_, Option<Json<Clock>>>(name).map(|clock| clock.0);
        Provisional {
            ticket: TicketId(row.get("ticket")),
            seq: row.get("seq"),
            clock: clock("clock"),
            arrive_clock: clock("arrive_clock"),
        }
    };
    Ok(rows.iter().map(provisional).collect())
}

/// Gives a ticket new marks; whether it still stood where it was read.
///
/// # Errors
/// Of the database.
pub async fn time_ticket(
    db: &impl GenericClient,
    of: &Provisional,
    marks: Marks,
    arrive_due_at: Option<Timestamp>,
) -> Result<bool, Error> {
    let Marks { warn_at, due_at, long_at, .. } = marks;
    let rows = db
        .execute(
            include_str!("time_ticket.sql"),
            &[&of.ticket.0, &of.seq, &warn_at, &due_at, &long_at, &arrive_due_at],
        )
        .await?;
    Ok(rows > 0)
}

/// A whistle, or a task of its meeting, with marks to be made again.
pub struct ProvisionalPart {
    ticket: i64,
    whistle: i32,
    task: Option<i16>,
    /// Its clock.
    pub clock: Clock,
}

/// Whistles and tasks whose marks were made without a published calendar.
///
/// # Errors
/// Of the database.
pub async fn provisional_parts(db: &impl GenericClient) -> Result<Vec<ProvisionalPart>, Error> {
    let rows = db.query(include_str!("provisional_parts.sql"), &[]).await?;
    let part = |row: &tokio_postgres::Row| ProvisionalPart {
        ticket: row.get("ticket"),
        whistle: row.get("whistle"),
        task: row.get("number"),
        clock: row.get::<_, Json<Clock>>("clock").0,
    };
    Ok(rows.iter().map(part).collect())
}

/// Gives a whistle or a task new marks.
///
/// # Errors
/// Of the database.
pub async fn time_part(
    db: &impl GenericClient,
    of: &ProvisionalPart,
    marks: Marks,
) -> Result<(), Error> {
    let ProvisionalPart { ticket, whistle, task, .. } = of;
    let Marks { warn_at, due_at, long_at, .. } = marks;
    match task {
        None => {
            let time = include_str!("time_whistle.sql");
            db.execute(time, &[ticket, whistle, &warn_at, &due_at]).await?;
        }
        Some(task) => {
            let time = include_str!("time_task.sql");
            db.execute(time, &[ticket, whistle, task, &warn_at, &due_at, &long_at]).await?;
        }
    }
    Ok(())
}
