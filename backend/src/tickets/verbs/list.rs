//! `wangge tickets list`: on the screen, or as JSON.

use super::{Filters, local, scope};
use crate::console::Console;
use crate::db::Client;
use crate::tickets::store;
use domain::ids::TicketId;
use domain::tickets::{ListTickets, Order, Ticket};
use domain::word::Word;
use jiff::Timestamp;
use serde_json::json;

/// Which tickets, in which order, from where on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  wangge tickets list --state dispatched --overdue
  wangge tickets list --due-first --limit 20        what must be done next
  wangge tickets list --cell 320506001 --limit 200 --json
  wangge tickets list --before 1042                 the page after ticket 1042")]
pub struct List {
    #[command(flatten)]
    filters: Filters,
    /// What is due first at the top, instead of the newest. Those that are over are not among them;
    /// a suspended one is due when it is reviewed.
    #[arg(long)]
    due_first: bool,
    /// Newest first: only those with a smaller number than the last one of the page before.
    #[arg(long, value_name = "NUMBER", conflicts_with = "due_first")]
    before: Option<TicketId>,
    /// Due first: only those after the last one of the page before, by its number ...
    #[arg(long, value_name = "NUMBER", requires = "due_first", requires = "after_at")]
    after: Option<TicketId>,
    /// ... and by when that one is due.
    #[arg(long, value_name = "TIME", requires = "after")]
    after_at: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    limit: u16,
}

impl List {
    pub(super) async fn run(self, db: &Client, console: Console) -> anyhow::Result<()> {
        let Self { filters, due_first, before, after, after_at, limit } = self;
        let order = due_first.then_some(Order::DueFirst);
        let page = ListTickets { order, before, after, after_at, ..ListTickets::default() };
        let (level, scope) = (filters.level(db).await?, scope(filters.with_sensitive));
        let now = Timestamp::now();
        let wanted = filters.wanted(page, limit.into(), level, now)?;
        let found = store::tickets(db, &wanted, &scope).await?;
        if let Some(last) = found.last().filter(|_| found.len() == usize::from(limit)) {
            console.say(format_args!("更多 more: {}", next(last, due_first)));
        }
        let lines: Vec<String> = found.iter().map(|ticket| line(ticket, now)).collect();
        let text = if lines.is_empty() {
            "没有符合条件的案件。There is no such ticket.".to_owned()
        } else {
            lines.join("\n")
        };
        console.answer(&json!({ "tickets": found }), text)
    }
}

/// What to add for the page after one that ends with this ticket.
fn next(last: &Ticket, due_first: bool) -> String {
    match last.due_at.as_ref().or(last.review_at.as_ref()) {
        Some(at) if due_first => format!("--due-first --after {} --after-at {at}", last.id),
        _ => format!("--before {}", last.id),
    }
}

/// A ticket in a line: number, state, whether it is late, unit, cell, category, opened, due.
pub fn line(ticket: &Ticket, now: Timestamp) -> String {
    let due: Option<Timestamp> = ticket.due_at.as_deref().and_then(|due| due.parse().ok());
    let late = due.filter(|due| *due < now).map_or("", |_| "超时 overdue");
    let owed = ticket.due_at.as_deref().or(ticket.review_at.as_deref());
    format!(
        "{:>9}  {} {}  {late}  {}  {}  {}  {} → {}",
        ticket.id,
        ticket.state.zh(),
        ticket.state.en(),
        ticket.unit_name,
        ticket.cell.as_deref().unwrap_or("-"),
        ticket.category.as_deref().unwrap_or("-"),
        local(&ticket.opened_at),
        owed.map_or_else(|| "-".to_owned(), local),
    )
}
