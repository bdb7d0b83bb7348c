//! What is kept of whistles, meetings and tasks. No decisions here.

use super::decide::{Met, Part};
use crate::tickets::decide::Change;
use deadpool_postgres::GenericClient;
use domain::ids::{TicketId, UnitId};
use domain::reports::PhotoId;
use domain::tickets::{ActOnTicket, CalledUnit, HeldMeeting, Task, Whistle};
use tokio_postgres::types::Json;
use tokio_postgres::{Error, Row};

/// The whistles of a ticket with everything about them, in order.
///
/// # Errors
/// Of the database.
pub async fn whistles(db: &impl GenericClient, ticket: TicketId) -> Result<Vec<Whistle>, Error> {
    let rows = db.query(include_str!("whistles.sql"), &[&ticket.0]).await?;
    let mut whistles: Vec<Whistle> = rows.iter().map(whistle).collect();
    let calls = db.query(include_str!("calls.sql"), &[&ticket.0]).await?;
    let tasks = db.query(include_str!("tasks.sql"), &[&ticket.0]).await?;
    for whistle in &mut whistles {
        let own = |row: &&Row| row.get::<_, i32>("whistle") == whistle.seq;
        whistle.called = calls.iter().filter(own).map(called).collect();
        if let Some(meeting) = &mut whistle.meeting {
            meeting.tasks = tasks.iter().filter(own).map(task).collect();
        }
    }
    Ok(whistles)
}

fn whistle(row: &Row) -> Whistle {
    let meeting = row.get::<_, Option<i32>>("met_seq").map(|seq| HeldMeeting {
        seq,
        at: row.get("met_at"),
        minutes: row.get("minutes"),
        lead: UnitId(row.get("lead")),
        tasks: Vec::new(),
    });
    Whistle {
        seq: row.get("seq"),
        warn_at: row.get("warn_at"),
        due_at: row.get("due_at"),
        provisional: row.get("provisional"),
        called: Vec::new(),
        meeting,
    }
}

fn called(row: &Row) -> CalledUnit {
    CalledUnit {
        unit: UnitId(row.get("unit")),
        unit_name: row.get("unit_name"),
        checked_in_at: row.get("checked_in_at"),
        checked_in_by: row.get("checked_in_by"),
        reminded_at: row.get("reminded_at"),
        absent_at: row.get("absent_at"),
        shares: row.get("shares"),
    }
}

fn task(row: &Row) -> Task {
    Task {
        number: row.get("number"),
        stage: row.get("stage"),
        stage_name: row.get("stage_name"),
        unit: UnitId(row.get("unit")),
        unit_name: row.get("unit_name"),
        what: row.get("what"),
        clock: row.get::<_, Json<_>>("clock").0,
        warn_at: row.get("warn_at"),
        due_at: row.get("due_at"),
        long_at: row.get("long_at"),
        provisional: row.get("provisional"),
        finished_seq: row.get("finished_seq"),
        finished_at: row.get("finished_at"),
        finished_by: row.get("finished_by"),
        note: row.get("note"),
        photos: row.get::<_, Vec<String>>("photos").into_iter().map(PhotoId).collect(),
    }
}

/// Writes what a step means for the whistle. `whistle` is the number of the ticket's last one and
/// `seq` that of the step, which has been written.
///
/// # Errors
/// Of the database; constraint `called_unit_exists` when there is no unit that was called.
pub async fn write(
    db: &impl GenericClient,
    question: &ActOnTicket,
    change: &Change,
    whistle: Option<i32>,
    seq: i32,
) -> Result<(), Error> {
    let Some(part) = &change.part else { return Ok(()) };
    let ticket = question.ticket.0;
    let whistle = whistle.unwrap_or(seq);
    match part {
        Part::Called(units) => return blow(db, ticket, seq, units, change).await,
        Part::Met(met) => return meet(db, ticket, whistle, seq, met).await,
        Part::CheckedIn(unit) => {
            db.execute(include_str!("check_in.sql"), &[&ticket, &whistle, &seq, &unit.0]).await?;
        }
        Part::Reminded => {
            db.execute(include_str!("remind.sql"), &[&ticket, &whistle, &seq]).await?;
        }
        Part::ReportedAbsent => {
            db.execute(include_str!("report_absent.sql"), &[&ticket, &whistle, &seq]).await?;
        }
        Part::Finished(task) => {
            db.execute(include_str!("finish.sql"), &[&ticket, &whistle, &seq, task]).await?;
        }
    }
    Ok(())
}

async fn blow(
    db: &impl GenericClient,
    ticket: i64,
    seq: i32,
    units: &[UnitId],
    change: &Change,
) -> Result<(), Error> {
    let clock = change.running.as_ref().map(|(_, clock)| Json(clock));
    let marks = change.marks;
    let ids: Vec<i64> = units.iter().map(|unit| unit.0).collect();
    db.execute(
        include_str!("blow.sql"),
        &[
            &ticket,
            &seq,
            &clock,
            &marks.map(|marks| marks.warn_at),
            &marks.map(|marks| marks.due_at),
            &marks.is_some_and(|marks| marks.provisional),
            &ids,
            &change.unit.0,
        ],
    )
    .await?;
    Ok(())
}

async fn meet(
    db: &impl GenericClient,
    ticket: i64,
    whistle: i32,
    seq: i32,
    met: &Met,
) -> Result<(), Error> {
    macro_rules! column {
        ($of:expr) => {
            met.tasks.iter().map($of).collect::<Vec<_>>()
        };
    }
    let sharing: Vec<i64> = met.meeting.sharing().map(|unit| unit.0).collect();
    db.execute(
        include_str!("meet.sql"),
        &[
            &ticket,
            &whistle,
            &seq,
            &met.meeting.minutes,
            &met.meeting.lead.0,
            &sharing,
            &column!(|t| t.stage),
            &column!(|t| t.stage_name.as_str()),
            &column!(|t| t.task.unit.0),
            &column!(|t| t.task.what.as_str()),
            &column!(|t| Json(&t.clock)),
            &column!(|t| t.marks.warn_at),
            &column!(|t| t.marks.due_at),
            &column!(|t| t.marks.long_at),
            &column!(|t| t.marks.provisional),
        ],
    )
    .await?;
    Ok(())
}
