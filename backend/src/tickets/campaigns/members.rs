//! The tickets of a campaign: by rule, and what people put in or took out.

use super::decide::way;
use super::handlers::{known, no_campaign, reason};
use super::store::{self, Doing, Wish};
use crate::call::{Asked, page};
use crate::grids;
use crate::refuse::Refused;
use crate::tickets::acting::no_ticket;
use crate::tickets::handlers::Asker;
use crate::tickets::store as tickets;
use domain::ids::{ChoiceId, TicketId};
use domain::tickets::Ticket;
use domain::tickets::campaigns::{
    Choice, ChooseTicket, ListCampaignTickets, ListChoices, may_choose,
};
use domain::{Kind, Refusal};
use jiff::Timestamp;

pub(super) async fn list_campaign_tickets(
    asked: Asked,
    question: ListCampaignTickets,
) -> Result<Vec<Ticket>, Refused> {
    let ListCampaignTickets { campaign, state, cell, overdue, before, limit } = question;
    let limit = page(limit, "tickets")?;
    let asker = Asker::of(&asked).await?;
    let cell = cell.map(|code| match asked.app.live.now().cell_with_code(&code) {
        Some(cell) => Ok((cell.row.level, code)),
        None => Err(grids::no_cell(&code).at("cell")),
    });
    let cell = cell.transpose()?;
    let wish = Wish::of(&asker.scope).narrowed(state, cell, overdue.then(Timestamp::now));
    let db = asked.app.db.client().await?;
    let kept = known(store::campaign(&db, campaign).await?, campaign)?;
    let before = before.unwrap_or(TicketId(i64::MAX));
    Ok(store::members(&db, campaign, way(&kept.cells), &wish, before, limit).await?)
}

pub(super) async fn choose_ticket(asked: Asked, question: ChooseTicket) -> Result<Choice, Refused> {
    let ChooseTicket { campaign, ticket, belongs, why } = question;
    reason("why", &why)?;
    let asker = Asker::of(&asked).await?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let seen = tickets::ticket(&transaction, ticket, &asker.scope).await?;
    let found = store::last_choice(&transaction, campaign, ticket).await?;
    let (unit, last) = found.ok_or_else(|| no_campaign(campaign))?;
    may_choose(asker.role, asker.scope.unit, unit)?;
    if seen.is_none() {
        return Err(no_ticket(ticket).into());
    }
    if last == Some(belongs) {
        return Err(chosen_already(belongs).into());
    }
    let doing = Doing { by: asker.person, now: Timestamp::now(), note: &why };
    let id = store::choose(&transaction, campaign, ticket, belongs, doing).await?;
    transaction.commit().await?;
    let name = asked.me().await?.map(|me| me.name.clone()).unwrap_or_default();
    Ok(Choice { id, ticket, belongs, name, at: doing.now, why })
}

fn chosen_already(belongs: bool) -> Refusal {
    let (zh, en) = match belongs {
        true => ("该案件已由人工列入此专项。", "The ticket was put into the campaign already."),
        false => {
            ("该案件已由人工移出此专项。", "The ticket was taken out of the campaign already.")
        }
    };
    Refusal::new(Kind::Invalid, zh, en).at("ticket")
}

pub(super) async fn list_choices(
    asked: Asked,
    question: ListChoices,
) -> Result<Vec<Choice>, Refused> {
    let ListChoices { campaign, before, limit } = question;
    let limit = page(limit, "choices")?;
    let wish = Wish::of(&Asker::of(&asked).await?.scope);
    let db = asked.app.db.client().await?;
    known(store::campaign(&db, campaign).await?, campaign)?;
    let before = before.unwrap_or(ChoiceId(i64::MAX));
    Ok(store::choices(&db, campaign, &wish, before, limit).await?)
}
