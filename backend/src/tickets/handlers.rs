//! Showing, listing and moving tickets.

use super::decide::decide;
use super::store::{self, Scope, Standing, Wanted};
use crate::call::{Asked, Routes, page};
use crate::grids;
use crate::refuse::{self, OnConstraint, Refused};
use crate::reports::{check_text, store as reports};
use domain::ids::{PersonId, TicketId};
use domain::people::Role;
use domain::tickets::{
    ActOnTicket, Actor, Asking, Facts, ListTickets, Pending, ShowTicket, ShownTicket, Ticket,
    TicketOfReport, offered, step,
};
use domain::word::Word;
use domain::{Kind, Refusal};
use jiff::Timestamp;
use tokio_postgres::GenericClient;

/// The longest note, in characters.
const NOTE_MAX_CHARS: usize = 4_000;
/// The longest key, in characters.
const KEY_MAX_CHARS: usize = 200;

/// The calls of this noun.
pub fn routes() -> Routes {
    Routes::new().call(show_ticket).call(list_tickets).call(act_on_ticket).call(ticket_of_report)
}

/// Who asks, and what they may see.
struct Asker {
    person: PersonId,
    role: Role,
    scope: Scope,
}

impl Asker {
    async fn of(asked: &Asked, db: &impl GenericClient) -> Result<Self, Refused> {
        let me = asked.me().await?.ok_or_else(refuse::nobody)?;
        let (unit, cells) = store::scope(db, me.person).await?;
        let all = matches!(
            me.role,
            Role::Dispatcher
                | Role::ShiftLead
                | Role::Planner
                | Role::Inspector
                | Role::Management
                | Role::Administrator
        );
        let sensitive = matches!(me.role, Role::Dispatcher | Role::ShiftLead);
        Ok(Self { person: me.person, role: me.role, scope: Scope { all, sensitive, unit, cells } })
    }

    fn actor(&self) -> Actor {
        Actor::Person { person: self.person, role: self.role, unit: self.scope.unit }
    }
}

async fn standing(
    db: &impl GenericClient,
    ticket: TicketId,
    asker: &Asker,
) -> Result<Standing, Refused> {
    let found = store::ticket(db, ticket, &asker.scope).await?;
    found.ok_or_else(|| {
        // Whoever may not see it learns nothing, not even that it is there.
        Refusal::new(
            Kind::Missing,
            format!("没有您可以查看的案件 {ticket}。"),
            format!("There is no ticket {ticket} that you may see."),
        )
        .at("ticket")
        .into()
    })
}

fn facts<'a>(standing: &Standing, pending: &'a [Pending]) -> Facts<'a> {
    let Ticket { state, level, unit, .. } = standing.ticket;
    Facts {
        state,
        level,
        unit,
        at_centre: standing.at_centre,
        handled: standing.handled,
        pending,
        called: &[],
        open_tasks: 0,
    }
}

async fn shown(
    db: &impl GenericClient,
    standing: Standing,
    asker: &Asker,
) -> Result<ShownTicket, Refused> {
    let id = standing.ticket.id;
    let pending = store::pending(db, id).await?;
    let offers = offered(&facts(&standing, &pending), asker.actor());
    let events = store::events(db, id).await?;
    let mut of = Vec::new();
    for report in store::reports_of(db, id).await? {
        of.extend(reports::report(db, report).await?);
    }
    Ok(ShownTicket { ticket: standing.ticket, events, reports: of, pending, offers })
}

async fn show_ticket(asked: Asked, question: ShowTicket) -> Result<ShownTicket, Refused> {
    let db = asked.app.db.client().await?;
    let asker = Asker::of(&asked, &**db).await?;
    let standing = standing(&**db, question.ticket, &asker).await?;
    shown(&**db, standing, &asker).await
}

async fn list_tickets(asked: Asked, question: ListTickets) -> Result<Vec<Ticket>, Refused> {
    let ListTickets { state, cell, category, unit, overdue, before, limit } = question;
    let limit = page(limit, "tickets")?;
    let under = |code: String| grids::codes_under_code(&asked.app.live.now(), &code);
    let cells = cell.map(under).transpose()?;
    let db = asked.app.db.client().await?;
    let asker = Asker::of(&asked, &**db).await?;
    let before = before.unwrap_or(TicketId(i64::MAX));
    let wanted = Wanted { state, cells, category, unit, overdue, before, limit };
    Ok(store::tickets(&**db, &wanted, &asker.scope, Timestamp::now()).await?)
}

async fn ticket_of_report(
    asked: Asked,
    question: TicketOfReport,
) -> Result<Option<TicketId>, Refused> {
    let db = asked.app.db.client().await?;
    let asker = Asker::of(&asked, &**db).await?;
    let Some(ticket) = store::ticket_of(&**db, question.report).await? else { return Ok(None) };
    Ok(store::ticket(&**db, ticket, &asker.scope).await?.map(|_| ticket))
}

async fn act_on_ticket(asked: Asked, question: ActOnTicket) -> Result<ShownTicket, Refused> {
    check_text("note", &question.note, NOTE_MAX_CHARS)?;
    check_text("key", question.key.as_deref().unwrap_or_default(), KEY_MAX_CHARS)?;
    let mut db = asked.app.db.client().await?;
    let asker = Asker::of(&asked, &**db).await?;
    let transaction = db.transaction().await?;
    let before = standing(&*transaction, question.ticket, &asker).await?;
    if let Some(key) = &question.key
        && store::acted(&*transaction, question.ticket, key).await?
    {
        return shown(&*transaction, before, &asker).await;
    }
    if before.ticket.seq != question.seq {
        return Err(moved(&before.ticket).into());
    }
    let pending = store::pending(&*transaction, question.ticket).await?;
    let rule = step(&facts(&before, &pending), asker.actor(), question.action)?;
    let units = store::units_around(&*transaction, &before).await?;
    let now = Timestamp::now();
    let change = decide(&before, &rule, &question, &units, &asked.app.timing, now)?;
    let by = Some((asker.person, asker.scope.unit));
    let seq = store::move_on(&*transaction, &question, &change, by, now)
        .await
        .on_constraint("tickets_unit_fkey", || no_unit(&question))?;
    let Some(seq) = seq else {
        // Somebody was first between our reading and our writing.
        let present = standing(&*transaction, question.ticket, &asker).await?;
        return Err(moved(&present.ticket).into());
    };
    match question.action.asking() {
        Some(Asking::Ask(request)) => {
            store::ask(&*transaction, question.ticket, request, seq, Some(asker.person)).await?;
        }
        Some(Asking::Grant(request)) => {
            store::answer(&*transaction, question.ticket, request, seq, true).await?;
        }
        Some(Asking::Deny(request)) => {
            store::answer(&*transaction, question.ticket, request, seq, false).await?;
        }
        None => {}
    }
    transaction.commit().await?;
    // Whoever handed it on may not see it any more; the answer to their own act they do.
    let asker = Asker { scope: Scope { all: true, sensitive: true, ..asker.scope }, ..asker };
    let after = standing(&**db, question.ticket, &asker).await?;
    shown(&**db, after, &asker).await
}

fn moved(present: &Ticket) -> Refusal {
    let (state, seq) = (present.state, present.seq);
    Refusal::new(
        Kind::Moved,
        format!("案件已被他人更新，现为“{}”（第 {seq} 步）。请刷新后再操作。", state.zh()),
        format!(
            "Somebody else moved the ticket: it is “{}” now (step {seq}). Look again, then act.",
            state.en()
        ),
    )
    .at("seq")
}

fn no_unit(question: &ActOnTicket) -> Refusal {
    let unit = question.unit.map_or_else(String::new, |unit| unit.to_string());
    Refusal::new(
        Kind::Invalid,
        format!("没有编号为 {unit} 的单位。"),
        format!("There is no unit {unit}."),
    )
    .at("unit")
}
