//! `wangge tickets show`: one ticket with everything that happened to it.

use super::list::line;
use super::{local, scope};
use crate::console::Console;
use crate::db::Client;
use crate::tickets::acting::no_ticket;
use crate::tickets::handlers::whole;
use crate::tickets::store;
use domain::ids::TicketId;
use domain::people::Scope;
use domain::tickets::repeats::Figures;
use domain::tickets::{ShownTicket, TicketEvent, Whistle};
use domain::word::Word;
use jiff::Timestamp;

/// Which ticket.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  wangge tickets show 1042
  wangge tickets show 1042 --json | jq '.events[].action'")]
pub struct Show {
    /// Its number.
    ticket: TicketId,
    /// Also when it is sensitive, and the reports of sensitive ones merged into it.
    #[arg(long)]
    with_sensitive: bool,
}

impl Show {
    pub(super) async fn run(self, db: &Client, console: Console) -> anyhow::Result<()> {
        let Self { ticket, with_sensitive } = self;
        let standing = store::ticket(db, ticket, &Scope::everything()).await?;
        let standing = standing.ok_or_else(|| no_ticket(ticket))?;
        if standing.ticket.sensitive && !with_sensitive {
            anyhow::bail!(
                "ticket {ticket} is sensitive: add --with-sensitive if you may see it / 案件 \
                 {ticket} 为敏感案件，如有权查看请加 --with-sensitive"
            );
        }
        let figures = Figures::shipped()?;
        let shown = whole(db, ticket, &scope(with_sensitive), &figures, |_| Vec::new()).await?;
        console.answer(&shown, text(&shown))
    }
}

fn text(shown: &ShownTicket) -> String {
    let ShownTicket { ticket, events, reports, whistles, pending, ratings, chronic, .. } = shown;
    let mut lines = vec![line(ticket, Timestamp::now())];
    for report in reports {
        let (at, channel) = (local(&report.happened_at), report.channel.zh());
        lines.push(format!("上报 report {} {at} {channel} {}", report.id, report.text));
    }
    lines.extend(chronic.iter().map(|told| format!("{} {}", told.words.zh, told.words.en)));
    lines.extend(events.iter().map(step));
    lines.extend(whistles.iter().flat_map(called));
    for waiting in pending {
        let (zh, en) = (waiting.request.zh(), waiting.request.en());
        lines.push(format!("待批 waits for an answer: {zh} {en}"));
    }
    lines.extend(
        ratings.iter().map(|rating| format!("评价 rated {} {}", rating.stars, rating.text)),
    );
    lines.join("\n")
}

fn step(event: &TicketEvent) -> String {
    let TicketEvent { seq, action, to, name, unit_name, at, note, other, .. } = event;
    let other = other.map(|ticket| format!("  案件 ticket {ticket}")).unwrap_or_default();
    let who = name.as_deref().unwrap_or("-");
    let (at, action, to) = (local(at), action.zh(), to.zh());
    format!("{seq:>4}  {at}  {action} → {to}  {who}  {unit_name}{other}  {note}")
}

fn called(whistle: &Whistle) -> impl Iterator<Item = String> {
    whistle.called.iter().map(|called| {
        let came = called.checked_in_at.map(|at| local(&at.to_string()));
        let came = came.as_deref().unwrap_or("-");
        format!("吹哨 called {} 报到 checked in {came}", called.unit_name)
    })
}
