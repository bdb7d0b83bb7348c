//! Duplicates and repeats: what is suggested, merged and taken apart, and what comes back again and
//! again.

mod chronic;
mod merging;
mod near;
mod together;

use domain::reports::{ShowReport, TakeReport};
use domain::tickets::{ActOnTicket, Action, ShownTicket};
use support::Visitor;
use support::tickets::{act, done_as};

/// An act that merges a ticket into another one, with a reason.
fn merging(on: &ShownTicket, into: &ShownTicket) -> ActOnTicket {
    ActOnTicket { into: Some(into.ticket.id), ..act(on, Action::Merge) }
}

/// A ticket merged into another one.
async fn merged(by: &Visitor, on: &ShownTicket, into: &ShownTicket) -> ShownTicket {
    done_as(by, on, merging(on, into)).await
}

/// A report of a category, not sent yet.
fn of(category: &str, east: i32) -> TakeReport {
    TakeReport { category: Some(category.to_owned()), ..support::tickets::report(east) }
}

/// Whether somebody may read the report that opened a ticket.
async fn reads(by: &Visitor, ticket: &ShownTicket) -> bool {
    let report = domain::ids::ReportId(ticket.ticket.id.0);
    by.ask(&ShowReport { report }).await.is_ok()
}
