//! One step of a ticket, whoever takes it: a person, a reporter by their code, the service by the
//! clock. All go the same way: read, decide by the rules, write.

use super::decide::{decide, instant};
use super::merging::{self, Locked};
use super::photos;
use super::store::{self, Standing};
use super::timing::Timing;
use super::whistle;
use crate::refuse::{OnConstraint, Refused};
use deadpool_postgres::GenericClient;
use domain::ids::TicketId;
use domain::people::Scope;
use domain::tickets::{ActOnTicket, Action, Actor, Asking, Facts, Pending, Ticket, step};
use domain::word::Word;
use domain::{Kind, Refusal};
use jiff::Timestamp;

/// What became of an act.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acted {
    /// The ticket moved on; the number of the new event.
    Now(i32),
    /// The same key was acted on before: nothing was written.
    Before,
}

/// What a decision needs to know of a ticket.
pub fn facts<'a>(standing: &'a Standing, pending: &'a [Pending]) -> Facts<'a> {
    let Ticket { state, level, unit, .. } = standing.ticket;
    Facts {
        state,
        level,
        unit,
        at_centre: standing.at_centre,
        sensitive: standing.ticket.sensitive,
        handled: standing.handled,
        pending,
        called: &standing.called,
        open_tasks: standing.called.iter().map(|called| called.open_tasks).sum(),
        joined: standing.joined,
        into: standing.into,
    }
}

/// Takes a step with a ticket that was read in this transaction. Who may see the ticket, and
/// whether the texts are lawful, is the caller's to check; so is the commit.
///
/// # Errors
/// - moved: the ticket is not where the question says, or somebody was first;
/// - what [`step`] and [`decide`] refuse;
/// - missing: there is no such ticket to merge into;
/// - invalid: there is no such unit, or a photo that is named does not wait.
pub async fn act(
    db: &impl GenericClient,
    before: &Standing,
    actor: Actor,
    question: &ActOnTicket,
    timing: &Timing,
    now: Timestamp,
) -> Result<Acted, Refused> {
    if acted(db, question).await? {
        return Ok(Acted::Before);
    }
    if before.ticket.seq != question.seq {
        return Err(moved(&before.ticket).into());
    }
    let other = match merging::lock(db, before, question).await? {
        Locked::Alone => return take(db, before, actor, question, timing, now).await,
        Locked::Overtaken => return overtaken(db, question).await,
        Locked::With(other) => other,
    };
    let now = instant(before, instant(&other, now));
    let into = (question.action == Action::Merge).then(|| merging::target(&other));
    let before = Standing { into, ..before.clone() };
    let acted = take(db, &before, actor, question, timing, now).await?;
    if let Acted::Now(seq) = acted {
        merging::echo(db, question, seq, &other, actor, timing, now).await?;
    }
    Ok(acted)
}

/// Takes a step with one ticket, and nothing else.
///
/// # Errors
/// As for [`act`].
pub(super) async fn take(
    db: &impl GenericClient,
    before: &Standing,
    actor: Actor,
    question: &ActOnTicket,
    timing: &Timing,
    now: Timestamp,
) -> Result<Acted, Refused> {
    let (ticket, now) = (question.ticket, instant(before, now));
    let (pending, units) =
        tokio::try_join!(store::pending(db, ticket), store::units_around(db, ticket))?;
    let rule = step(&facts(before, &pending), actor, question.action)?;
    let change = decide(before, &rule, actor, question, &units, timing, now)?;
    let by = match actor {
        Actor::Person { person, unit, .. } | Actor::Visitor { person, unit } => {
            Some((person, unit))
        }
        Actor::Reporter | Actor::System => None,
    };
    let moved_on = store::move_on(db, question, &change, by, now).await;
    let seq = match question.action {
        Action::Merge => moved_on.on_constraint("ticket_merges_one_deep", closed_to_merging),
        _ => moved_on.on_constraint("tickets_unit_fkey", || no_unit(question)),
    }?;
    let Some(seq) = seq else { return overtaken(db, question).await };
    let last = before.whistles.last().map(|whistle| whistle.seq);
    whistle::store::write(db, question, &change, last, seq)
        .await
        .on_constraint("called_unit_exists", no_called_unit)?;
    photos::take(db, &question.photos, &before.ticket, seq, now).await?;
    match question.action.asking() {
        Some(Asking::Ask(request)) => {
            store::ask(db, ticket, request, seq, by.map(|(person, _)| person)).await?;
        }
        Some(Asking::Grant(request)) => store::answer(db, ticket, request, seq, true).await?,
        Some(Asking::Deny(request)) => store::answer(db, ticket, request, seq, false).await?,
        None => {}
    }
    for lapsed in pending.iter().filter(|pending| pending.request.lapses_in(change.state)) {
        // The one that was just granted has its answer.
        store::answer(db, ticket, lapsed.request, seq, false).await?;
    }
    if change.sensitive != before.ticket.sensitive {
        merging::hide_or_show(db, ticket, change.sensitive).await?;
    }
    Ok(Acted::Now(seq))
}

/// Somebody was first between our reading and our writing; perhaps with this very act.
async fn overtaken(db: &impl GenericClient, question: &ActOnTicket) -> Result<Acted, Refused> {
    if acted(db, question).await? {
        return Ok(Acted::Before);
    }
    let present = store::ticket(db, question.ticket, &Scope::everything()).await?;
    let present = present.ok_or_else(|| no_ticket(question.ticket))?;
    Err(moved(&present.ticket).into())
}

/// Whether this very act, by its key, was taken before.
async fn acted(db: &impl GenericClient, question: &ActOnTicket) -> Result<bool, Refused> {
    let Some(key) = &question.key else { return Ok(false) };
    Ok(store::acted(db, question.ticket, key).await?.is_some())
}

/// The refusal of a ticket that is not there, or not for whoever asks: they learn nothing, not
/// even that it is there.
pub fn no_ticket(ticket: TicketId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有您可以查看的案件 {ticket}。"),
        format!("There is no ticket {ticket} that you may see."),
    )
    .at("ticket")
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

fn closed_to_merging() -> Refusal {
    Refusal::new(
        Kind::Moved,
        "要并入的案件刚有变动，不能并入了。请刷新后再看。",
        "The ticket to merge into has just changed and takes none in now: look at it again.",
    )
    .at("into")
}

fn no_called_unit() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "召集的单位中有编号不存在的，请核对单位名册。",
        "One of the units called does not exist: compare the list of units.",
    )
    .at("call")
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
