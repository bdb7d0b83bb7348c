//! Acts that are about more than one ticket: merging, taking apart, and hiding what was merged
//! along with what it was merged into.
//!
//! **The order of locks**: whoever writes more than one ticket in a transaction locks all of them
//! first, by one statement, in the order of their numbers (`lock.sql`), or takes them one by one in
//! that order, as the keeper does. Nobody who holds a ticket then waits for one with a smaller
//! number, so nobody waits in a circle. What was read before the lock is good if the ticket still
//! shows the event it showed then.

mod store;

use super::acting::{Acted, no_ticket, take};
use super::store::{self as tickets, Standing};
use super::timing::Timing;
use crate::refuse::Refused;
use crate::reports::store as reports;
use deadpool_postgres::GenericClient;
use domain::Refusal;
use domain::ids::{ReportId, TicketId};
use domain::people::Scope;
use domain::tickets::merging::Target;
use domain::tickets::{ActOnTicket, Action, Actor};
use jiff::Timestamp;

/// What an act has locked besides its own ticket.
pub enum Locked {
    /// Nothing it must know of.
    Alone,
    /// The ticket it is about, too, as it stands under the lock.
    With(Box<Standing>),
    /// Somebody moved its own ticket before the lock was there.
    Overtaken,
}

/// Checks that whoever acts may see the ticket they want to merge into.
///
/// # Errors
/// Missing, as for a ticket that is not there.
pub async fn check_target(
    db: &impl GenericClient,
    question: &ActOnTicket,
    scope: &Scope,
) -> Result<(), Refused> {
    match question.into.filter(|_| question.action == Action::Merge) {
        Some(into) if tickets::ticket(db, into, scope).await?.is_none() => {
            Err(no_target(into).into())
        }
        _ => Ok(()),
    }
}

/// Locks every ticket the act writes, if it writes more than its own.
///
/// # Errors
/// Missing, when there is no such ticket to merge into.
pub async fn lock(
    db: &impl GenericClient,
    before: &Standing,
    question: &ActOnTicket,
) -> Result<Locked, Refused> {
    let ticket = question.ticket;
    let other = match question.action {
        Action::Merge => question.into.filter(|into| *into != ticket),
        Action::Unmerge => before.ticket.merged_into,
        _ => None,
    };
    let group = match other {
        Some(other) => vec![ticket, other],
        None if question.action == Action::Conceal && before.joined => {
            let of = tickets::reports_of(db, ticket, true).await?;
            of.into_iter().map(|report| TicketId(report.0)).collect()
        }
        None => return Ok(Locked::Alone),
    };
    let shown = tickets::lock(db, &group).await?;
    if !shown.contains(&(ticket, question.seq)) {
        return Ok(Locked::Overtaken);
    }
    let Some(other) = other else { return Ok(Locked::Alone) };
    let found = tickets::ticket(db, other, &Scope::everything()).await?;
    Ok(Locked::With(Box::new(found.ok_or_else(|| no_target(other))?)))
}

/// A ticket as the rules of merging read it.
pub fn target(of: &Standing) -> Target {
    let ticket = &of.ticket;
    Target {
        ticket: ticket.id,
        state: ticket.state,
        sensitive: ticket.sensitive,
        merged_into: ticket.merged_into,
    }
}

/// Tells the other ticket's history of an act that made this event.
///
/// # Errors
/// As for every step.
pub async fn echo(
    db: &impl GenericClient,
    question: &ActOnTicket,
    seq: i32,
    other: &Standing,
    actor: Actor,
    timing: &Timing,
    now: Timestamp,
) -> Result<(), Refused> {
    let Some(action) = question.action.echo() else { return Ok(()) };
    let echo = ActOnTicket {
        note: question.note.clone(),
        ..ActOnTicket::new(other.ticket.id, other.ticket.seq, action)
    };
    if let Acted::Now(other_seq) = take(db, other, actor, &echo, timing, now).await? {
        store::pair(db, (question.ticket, seq), (other.ticket.id, other_seq)).await?;
    }
    Ok(())
}

/// Hides a ticket's reports with those merged into it, or shows its own again. What was merged may
/// be sensitive by itself: it is shown again one by one.
///
/// # Errors
/// When the database does not answer.
pub async fn hide_or_show(
    db: &impl GenericClient,
    ticket: TicketId,
    hide: bool,
) -> Result<(), Refused> {
    if !hide {
        return Ok(reports::set_sensitive(db, &[ReportId(ticket.0)], false).await?);
    }
    store::hide_merged(db, ticket).await?;
    let of = tickets::reports_of(db, ticket, true).await?;
    Ok(reports::set_sensitive(db, &of, true).await?)
}

fn no_target(into: TicketId) -> Refusal {
    no_ticket(into).at("into")
}
