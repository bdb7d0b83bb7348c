//! Visits that are to be made, and what came of them.

use super::decide::{check_key, key_taken, no_household, sensitive_report};
use super::handlers::{home_of, kept};
use super::store;
use super::visits::{self, NewTry};
use crate::call::{Asked, page};
use crate::refuse::Refused;
use crate::reports::check_text;
use crate::tickets::acting::act;
use crate::tickets::handlers::Asker;
use crate::tickets::opening::Opening;
use crate::tickets::store::{self as tickets, Standing};
use crate::tickets::timing::Timing;
use deadpool_postgres::{GenericClient, Transaction};
use domain::ids::{HouseholdId, ReportId, TicketId};
use domain::people::Scope;
use domain::reports::TEXT_MAX_CHARS;
use domain::tickets::care::{
    DueVisit, HELP_CATEGORY, Help, Household, ListDueVisits, ListVisits, NOTE_MAX_CHARS,
    RecordVisit, Visit, VisitResult, WORD_MAX_CHARS,
};
use domain::tickets::{ActOnTicket, Action, Actor, rule};
use domain::word::Word;
use domain::{Kind, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;

pub(super) async fn list_visits(asked: Asked, question: ListVisits) -> Result<Vec<Visit>, Refused> {
    let ListVisits { household, before, limit } = question;
    let limit = page(limit, "visits")?;
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    let seen = store::household(&db, household, &asker.scope).await?;
    seen.ok_or_else(|| no_household(household))?;
    Ok(visits::visits(&db, household, None, before.unwrap_or(Date::MAX), limit).await?)
}

pub(super) async fn list_due_visits(
    asked: Asked,
    question: ListDueVisits,
) -> Result<Vec<DueVisit>, Refused> {
    let ListDueVisits { after, after_at, limit } = question;
    let limit = page(limit, "visits")?;
    if after.is_some() != after_at.is_some() {
        return Err(Refusal::new(
            Kind::Invalid,
            "翻页须同时给出 after 与 after_at。",
            "Ask for further pages with `after` and `after_at` together.",
        )
        .at("after")
        .into());
    }
    let asker = Asker::of(&asked).await?;
    let after = (after_at.unwrap_or(Timestamp::UNIX_EPOCH), after.unwrap_or(TicketId(0)));
    let db = asked.app.db.client().await?;
    Ok(visits::due(&db, &asker.scope, after, limit).await?)
}

pub(super) async fn record_visit(asked: Asked, question: RecordVisit) -> Result<Visit, Refused> {
    check(&question)?;
    let RecordVisit { household, due_on, result, .. } = question;
    let asker = Asker::of(&asked).await?;
    let now = Timestamp::now();
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let of = kept(&transaction, household, &asker.scope).await?;
    match visits::try_with_key(&transaction, household, due_on, &question.key).await? {
        Some(by) if by == asker.person => return visit(&transaction, household, due_on).await,
        Some(_) => return Err(key_taken().into()),
        None => {}
    }
    let before = visit(&transaction, household, due_on).await?;
    let ticket = to_be_made(&before)?;
    let action = if result.is_final() { Action::Visit } else { Action::Note };
    step(&transaction, ticket, action, result, &asker, &asked.app.timing, now).await?;
    let report = match &question.help {
        Some(help) => Some(ask_for_help(&asked, &transaction, &of, help, now).await?),
        None => None,
    };
    let new = NewTry {
        household,
        due_on,
        result,
        by: asker.person,
        now,
        note: &question.note,
        report,
        key: &question.key,
    };
    visits::add_try(&transaction, new).await?;
    if result.is_final() {
        visits::settle(&transaction, household, due_on, result, now).await?;
    }
    let recorded = visit(&transaction, household, due_on).await?;
    transaction.commit().await?;
    Ok(recorded)
}

fn check(question: &RecordVisit) -> Result<(), Refusal> {
    let RecordVisit { result, note, help, key, .. } = question;
    result.recordable()?;
    check_key(key)?;
    check_text("note", note, NOTE_MAX_CHARS)?;
    if let Some(Help { category, text }) = help {
        check_text("help.category", category.as_deref().unwrap_or_default(), WORD_MAX_CHARS)?;
        check_text("help.text", text, TEXT_MAX_CHARS)?;
    }
    let said = help.as_ref().is_some_and(|help| !help.text.trim().is_empty());
    if said != (*result == VisitResult::NeedsHelp) {
        return Err(Refusal::new(
            Kind::Invalid,
            "结果为“需要帮助”时须写明需要什么（help.text），其他结果不填。",
            "Say what is needed (help.text) with needs_help, and only then.",
        )
        .at("help"));
    }
    Ok(())
}

async fn visit(
    db: &impl GenericClient,
    household: HouseholdId,
    due_on: Date,
) -> Result<Visit, Refused> {
    let found = visits::visits(db, household, Some(due_on), Date::MAX, 1).await?.pop();
    Ok(found.ok_or_else(|| {
        Refusal::new(
            Kind::Missing,
            format!("{due_on} 没有对该户的到期探访，请对照探访列表。"),
            format!("No visit to this household fell due on {due_on}: compare the list of visits."),
        )
        .at("due_on")
    })?)
}

/// The ticket of a visit that is still to be made.
fn to_be_made(visit: &Visit) -> Result<TicketId, Refusal> {
    if let (Some(ticket), None) = (visit.ticket, visit.result) {
        return Ok(ticket);
    }
    let result = visit.result.unwrap_or(VisitResult::Skipped);
    Err(Refusal::new(
        Kind::Moved,
        format!("这次探访已有结果：“{}”。", result.zh()),
        format!("This visit has its result already: “{}”.", result.en()),
    )
    .at("due_on"))
}

/// Takes a step with the ticket of a visit; what is said there names nobody.
async fn step(
    db: &impl GenericClient,
    ticket: TicketId,
    action: Action,
    result: VisitResult,
    by: &Asker,
    timing: &Timing,
    now: Timestamp,
) -> Result<(), Refused> {
    tickets::lock(db, &[ticket]).await?;
    let Some(standing) = standing(db, ticket).await? else { return Ok(()) };
    let question = ActOnTicket {
        note: format!("{} / {}", result.zh(), result.en()),
        ..ActOnTicket::new(ticket, standing.ticket.seq, action)
    };
    let actor = Actor::Visitor { person: by.person, unit: by.scope.unit };
    act(db, &standing, actor, &question, timing, now).await?;
    Ok(())
}

async fn standing(db: &impl GenericClient, ticket: TicketId) -> Result<Option<Standing>, Refused> {
    Ok(tickets::ticket(db, ticket, &Scope::everything()).await?)
}

/// Closes the visits that are still to be made when the care ends. One that people have taken
/// further than a visit (called departments, put it off) stays with them.
pub(super) async fn close_open(
    db: &impl GenericClient,
    household: HouseholdId,
    by: &Asker,
    timing: &Timing,
    now: Timestamp,
) -> Result<(), Refused> {
    for visit in visits::open(db, household).await? {
        let Some(ticket) = visit.ticket else { continue };
        let state = standing(db, ticket).await?.map(|standing| standing.ticket.state);
        if state.is_some_and(|state| rule(state, Action::Visit).is_some()) {
            step(db, ticket, Action::Visit, VisitResult::Ended, by, timing, now).await?;
        }
        visits::settle(db, household, visit.due_on, VisitResult::Ended, now).await?;
    }
    Ok(())
}

/// Opens a report of what is needed, with its ticket, for the desk.
async fn ask_for_help(
    asked: &Asked,
    transaction: &Transaction<'_>,
    household: &Household,
    help: &Help,
    now: Timestamp,
) -> Result<ReportId, Refused> {
    let home = home_of(asked, household)?;
    let category = help.category.clone().unwrap_or_else(|| HELP_CATEGORY.to_owned());
    let new = sensitive_report(&home, category, help.text.clone(), now);
    let opening = Opening { live: asked.app.live.clone(), timing: asked.app.timing.clone() };
    Ok(opening.take_in(transaction, &new).await?.0)
}
