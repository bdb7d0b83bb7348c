//! Showing, listing and moving tickets.

use super::acting::{act, facts, no_ticket};
use super::calling;
use super::campaigns;
use super::care;
use super::lists::Wanted;
use super::merging;
use super::photos;
use super::repeats::{self, chronic_of};
use super::report;
use super::store::{self, Standing};
use super::tracking;
use super::whistle::list_stage_plans;
use crate::call::{Asked, Routes, page};
use crate::refuse::{self, Refused};
use crate::reports::{check_text, store as reports};
use deadpool_postgres::GenericClient;
use domain::ids::{PersonId, ReportId, TicketId};
use domain::people::{Role, Scope};
use domain::tickets::chronic::suggest;
use domain::tickets::merging::by_itself;
use domain::tickets::repeats::Figures;
use domain::tickets::{
    ActOnTicket, Actor, Facts, ListTickets, Offer, ShowTicket, ShownTicket, Ticket, TicketOfReport,
    offered,
};
use jiff::Timestamp;

/// The longest note, in characters.
const NOTE_MAX_CHARS: usize = 4_000;
/// The longest key, in characters.
const KEY_MAX_CHARS: usize = 200;

/// The calls of this noun.
pub fn routes() -> Routes {
    Routes::new()
        .call(show_ticket)
        .call(list_tickets)
        .call(act_on_ticket)
        .call(ticket_of_report)
        .call(report::show_report)
        .call(calling::show_reporter)
        .call(list_stage_plans)
        .and(repeats::routes())
        .and(photos::routes())
        .and(tracking::routes())
        .and(campaigns::routes())
        .and(care::routes())
}

/// Who asks, and what they may see.
pub(super) struct Asker {
    pub(super) person: PersonId,
    pub(super) role: Role,
    pub(super) scope: Scope,
}

impl Asker {
    pub(super) async fn of(asked: &Asked) -> Result<Self, Refused> {
        let me = asked.me().await?.ok_or_else(refuse::nobody)?;
        Ok(Self { person: me.person, role: me.role, scope: me.scope() })
    }

    /// Whether this very act, by its key, was theirs before.
    async fn acted(
        &self,
        db: &impl GenericClient,
        question: &ActOnTicket,
    ) -> Result<bool, Refused> {
        let Some(key) = &question.key else { return Ok(false) };
        Ok(store::acted(db, question.ticket, key).await? == Some(Some(self.person)))
    }

    fn actor(&self) -> Actor {
        Actor::Person { person: self.person, role: self.role, unit: self.scope.unit }
    }
}

async fn shown(
    db: &impl GenericClient,
    ticket: TicketId,
    asker: &Asker,
    figures: &Figures,
) -> Result<ShownTicket, Refused> {
    whole(db, ticket, &asker.scope, figures, |facts| offered(facts, asker.actor())).await
}

/// A ticket with everything about it, as far as somebody sees, with their buttons. What does not
/// need to wait for each other's answer is asked together.
///
/// # Errors
/// Missing, when they do not see it.
pub(super) async fn whole(
    db: &impl GenericClient,
    ticket: TicketId,
    scope: &Scope,
    figures: &Figures,
    buttons: impl FnOnce(&Facts<'_>) -> Vec<Offer>,
) -> Result<ShownTicket, Refused> {
    let Scope { all_sensitive, .. } = *scope;
    let (standing, pending, events, ratings, mut photos, mut ids, own, before) = tokio::try_join!(
        store::ticket(db, ticket, scope),
        store::pending(db, ticket),
        store::events(db, ticket, all_sensitive),
        tracking::store::ratings(db, ticket),
        photos::store::of_ticket(db, ticket, all_sensitive),
        store::reports_of(db, ticket, all_sensitive),
        reports::report(db, ReportId(ticket.0)),
        repeats::store::earlier(db, ticket, figures.widest(), scope),
    )?;
    let standing = standing.ok_or_else(|| no_ticket(ticket))?;
    if standing.ticket.sensitive && !all_sensitive {
        ids = store::reports_of(db, ticket, true).await?;
        photos = photos::store::of_ticket(db, ticket, true).await?;
    }
    let mut of = Vec::new();
    for id in ids {
        match &own {
            Some(own) if own.id == id => of.push(own.clone()),
            _ => of.extend(reports::report(db, id).await?),
        }
    }
    let mut offers = buttons(&facts(&standing, &pending));
    let Standing { ticket, whistles, .. } = standing;
    let chronic = chronic_of(&ticket, before, figures);
    if let Some(chronic) = &chronic {
        suggest(&mut offers, chronic);
    }
    let reports = of;
    Ok(ShownTicket { ticket, events, reports, photos, whistles, pending, ratings, chronic, offers })
}

async fn show_ticket(asked: Asked, question: ShowTicket) -> Result<ShownTicket, Refused> {
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    shown(&db, question.ticket, &asker, &asked.app.repeats).await
}

async fn list_tickets(asked: Asked, question: ListTickets) -> Result<Vec<Ticket>, Refused> {
    let limit = page(question.limit, "tickets")?;
    let wanted = {
        let live = asked.app.live.now();
        let level_of = |code: &str| live.cell_with_code(code).map(|cell| cell.row.level);
        Wanted::of(question, limit, level_of, Timestamp::now())?
    };
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    Ok(store::tickets(&db, &wanted, &asker.scope).await?)
}

async fn ticket_of_report(
    asked: Asked,
    question: TicketOfReport,
) -> Result<Option<TicketId>, Refused> {
    let db = asked.app.db.client().await?;
    let asker = Asker::of(&asked).await?;
    // A ticket bears the number of the report that opened it.
    let ticket = TicketId(question.report.0);
    Ok(store::ticket(&db, ticket, &asker.scope).await?.map(|_| ticket))
}

async fn act_on_ticket(asked: Asked, question: ActOnTicket) -> Result<ShownTicket, Refused> {
    check_text("note", &question.note, NOTE_MAX_CHARS)?;
    check_text("key", question.key.as_deref().unwrap_or_default(), KEY_MAX_CHARS)?;
    by_itself(question.action)?;
    let asker = Asker::of(&asked).await?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    match store::ticket(&transaction, question.ticket, &asker.scope).await? {
        Some(before) => {
            merging::check_target(&transaction, &question, &asker.scope).await?;
            let (timing, now) = (&asked.app.timing, Timestamp::now());
            act(&transaction, &before, asker.actor(), &question, timing, now).await?;
            transaction.commit().await?;
        }
        // Whoever handed it on does not see it any more, but their own act sent again they do.
        None if asker.acted(&transaction, &question).await? => drop(transaction),
        None => return Err(no_ticket(question.ticket).into()),
    }
    // The answer to their own act they see whole.
    let Scope { unit, .. } = asker.scope;
    let asker = Asker { scope: Scope { unit, ..Scope::everything() }, ..asker };
    shown(&db, question.ticket, &asker, &asked.app.repeats).await
}
