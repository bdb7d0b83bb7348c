//! What a reporter may see and say by the tracking code of a report, without signing in.

pub mod store;

use super::acting::{Acted, act};
use super::store as tickets;
use crate::call::{Asked, Routes};
use crate::people::throttle::whole;
use crate::refuse::{OnConstraint, Refused};
use crate::reports::check_text;
use crate::reports::photos::store as photos;
use deadpool_postgres::GenericClient;
use domain::ids::{ReportId, TicketId};
use domain::people::Scope;
use domain::tickets::{
    ActOnTicket, Action, Actor, AskReopenByCode, BY_CODE_MAX_CHARS, PublicStatus, RateByCode,
    ShowStatus, Told, public_status,
};
use domain::{Kind, Refusal};
use jiff::Timestamp;
use std::time::Instant;
use store::NewRating;
use tickets::Standing;

/// The calls by code.
pub fn routes() -> Routes {
    Routes::new().call(show_status).call(rate).call(ask_reopen)
}

/// Thirty codes that are none close an address for ten minutes: enough for a household that
/// mistypes, nothing against 60 bits.
const GUESSES: u32 = 30;

/// The report a code opens.
fn opened(asked: &Asked, typed: &str) -> Result<ReportId, Refusal> {
    let (address, now) = (asked.address().map(whole), Instant::now());
    let guesses = &asked.app.guesses;
    if address.is_some_and(|address| !guesses.allows(&address, GUESSES, now)) {
        return Err(Refusal::new(
            Kind::TooMuch,
            "查询码输错次数过多，请十分钟后再试。",
            "Too many wrong tracking codes came from here: try again in ten minutes.",
        )
        .at("code"));
    }
    asked.app.codes.read(typed).ok_or_else(|| {
        if let Some(address) = address {
            guesses.count(address, GUESSES, now);
        }
        unknown()
    })
}

fn unknown() -> Refusal {
    Refusal::new(
        Kind::Missing,
        "没有这个查询码，请对照回执核对后重新输入。",
        "There is no such tracking code: compare it with what you were given and type it again.",
    )
    .at("code")
}

/// A report's own ticket, and the one it was merged into.
struct Followed {
    report: ReportId,
    own: Standing,
    into: Option<Standing>,
}

impl Followed {
    async fn of(db: &impl GenericClient, report: ReportId) -> Result<Self, Refused> {
        let read = async |ticket| {
            let scope = Scope::everything();
            Ok::<_, Refused>(tickets::ticket(db, ticket, &scope).await?.ok_or_else(unknown)?)
        };
        let own = read(TicketId(report.0)).await?;
        let into = match own.ticket.merged_into {
            Some(into) => Some(read(into).await?),
            None => None,
        };
        Ok(Self { report, own, into })
    }

    /// The same, with both tickets kept from everybody else.
    async fn locked(db: &impl GenericClient, report: ReportId) -> Result<Self, Refused> {
        let seen = Self::of(db, report).await?;
        tickets::lock(db, &[seen.own.ticket.id, seen.worked_on().ticket.id]).await?;
        let now = Self::of(db, report).await?;
        // The one it leads to now is not locked, and to wait for it might be to wait in a circle.
        if now.worked_on().ticket.id != seen.worked_on().ticket.id {
            return Err(moved_elsewhere().into());
        }
        Ok(now)
    }

    fn worked_on(&self) -> &Standing {
        self.into.as_ref().unwrap_or(&self.own)
    }

    async fn told(db: &impl GenericClient, standing: &Standing) -> Result<Told, Refused> {
        let ticket = standing.ticket.clone();
        Ok(Told { events: tickets::events(db, ticket.id, false).await?, ticket })
    }

    async fn status(&self, db: &impl GenericClient) -> Result<PublicStatus, Refused> {
        let own = Self::told(db, &self.own).await?;
        let into = match &self.into {
            Some(into) => Some(Self::told(db, into).await?),
            None => None,
        };
        let worked_on = into.as_ref().unwrap_or(&own);
        let ticket = worked_on.ticket.id;
        let pending = tickets::pending(db, ticket).await?;
        let stars = match worked_on.closed_by() {
            Some(closed) => store::stars(db, ticket, closed, self.report).await?,
            None => None,
        };
        let photos = photos::count(db, self.report).await?;
        Ok(public_status(&own, into.as_ref(), &pending, stars, photos))
    }
}

async fn show_status(asked: Asked, question: ShowStatus) -> Result<PublicStatus, Refused> {
    let report = opened(&asked, &question.code)?;
    let db = asked.app.db.client().await?;
    Followed::of(&db, report).await?.status(&db).await
}

async fn rate(asked: Asked, question: RateByCode) -> Result<PublicStatus, Refused> {
    let RateByCode { code, stars, text } = &question;
    check_text("text", text, BY_CODE_MAX_CHARS)?;
    if !(1..=5).contains(stars) {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("评价为 1 到 5 星，收到 {stars}。"),
            format!("A rating is one to five stars, not {stars}."),
        )
        .at("stars")
        .into());
    }
    let report = opened(&asked, code)?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let followed = Followed::locked(&transaction, report).await?;
    let ticket = &followed.worked_on().ticket;
    let act = ActOnTicket::new(ticket.id, ticket.seq, Action::Rate);
    let seq = acted(&asked, &transaction, &followed, &act).await?;
    let told = Followed::told(&transaction, followed.worked_on()).await?;
    let closed_seq = told.closed_by().unwrap_or(seq);
    let rating = NewRating { report, ticket: ticket.id, closed_seq, seq, stars: *stars, text };
    store::add_rating(&transaction, rating)
        .await
        .on_constraint("reporter_rates_once", rated_already)?;
    let status = Followed::of(&transaction, report).await?.status(&transaction).await?;
    transaction.commit().await?;
    Ok(status)
}

async fn ask_reopen(asked: Asked, question: AskReopenByCode) -> Result<PublicStatus, Refused> {
    check_text("reason", &question.reason, BY_CODE_MAX_CHARS)?;
    let report = opened(&asked, &question.code)?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let followed = Followed::locked(&transaction, report).await?;
    let ticket = &followed.worked_on().ticket;
    let act = ActOnTicket {
        note: question.reason,
        ..ActOnTicket::new(ticket.id, ticket.seq, Action::AskReopen)
    };
    acted(&asked, &transaction, &followed, &act).await?;
    let status = Followed::of(&transaction, report).await?.status(&transaction).await?;
    transaction.commit().await?;
    Ok(status)
}

/// Takes the reporter's step; the number of its event.
async fn acted(
    asked: &Asked,
    db: &impl GenericClient,
    followed: &Followed,
    question: &ActOnTicket,
) -> Result<i32, Refused> {
    let (before, timing) = (followed.worked_on(), &asked.app.timing);
    match act(db, before, Actor::Reporter, question, timing, Timestamp::now()).await? {
        Acted::Now(seq) => Ok(seq),
        Acted::Before => Ok(question.seq),
    }
}

fn moved_elsewhere() -> Refusal {
    Refusal::new(
        Kind::Moved,
        "您的上报刚被并入或拆出另一案件，请刷新后重试。",
        "Your report has just been joined with another one or taken apart: look again, then retry.",
    )
    .at("code")
}

fn rated_already() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "您已评价过，感谢参与。如对结果仍有意见，可申请重开。",
        "You have rated it already, thank you. If it is still not right, ask to reopen it.",
    )
    .at("code")
}
