//! The duty roster: set, listed, asked for a minute, and searched for gaps.

use super::{duties, store};
use crate::call::{Asked, Routes};
use crate::refuse::{self, OnConstraint, Refused};
use domain::ids::PersonId;
use domain::people::ListPeople;
use domain::people::roster::{
    Duty, DutyKind, Gap, ListDuties, OnDuty, OnDutyNow, RemoveDuty, RosterGaps, SetDuty,
    does_not_suit, gaps, stretch, weekly,
};
use domain::{Kind, Refusal};
use jiff::{SignedDuration, Timestamp};

/// The calls of the roster.
pub fn routes() -> Routes {
    Routes::new().call(set_duty).call(remove_duty).call(list_duties).call(on_duty).call(roster_gaps)
}

async fn set_duty(asked: Asked, question: SetDuty) -> Result<Vec<Duty>, Refused> {
    let by = asked.me().await?.ok_or_else(refuse::nobody)?.person;
    let SetDuty { person, kind, begins_at, ends_at, weeks } = question;
    let first = (time("begins_at", &begins_at)?, time("ends_at", &ends_at)?);
    let spans = weekly(first, weeks.unwrap_or(1))?;
    let db = asked.app.db.client().await?;
    let found = store::people(&**db, Some(person), &ListPeople::default(), 1).await?.pop();
    let found = found.ok_or_else(|| no_person(person))?;
    if !kind.suits(found.role) {
        return Err(does_not_suit(kind, found.role).into());
    }
    let ids = duties::add(&**db, person, kind, &spans, Some(by))
        .await
        .on_constraint("duty_overlaps", || overlaps(&found.name))?;
    let end = spans.last().map_or(first.1, |last| last.1);
    Ok(duties::touching(&**db, (first.0, end), Some(&ids)).await?)
}

async fn remove_duty(asked: Asked, question: RemoveDuty) -> Result<bool, Refused> {
    let RemoveDuty { duty } = question;
    let db = asked.app.db.client().await?;
    if duties::remove(&**db, duty, Timestamp::now()).await? {
        return Ok(true);
    }
    Err(Refusal::new(
        Kind::Missing,
        format!("没有编号为 {duty} 的未开始的值班；已开始的值班不能删除。"),
        format!("There is no duty {duty} still to begin; one that has begun stays."),
    )
    .at("duty")
    .into())
}

async fn list_duties(asked: Asked, question: ListDuties) -> Result<Vec<Duty>, Refused> {
    let span = stretch((time("from", &question.from)?, time("until", &question.until)?))?;
    Ok(duties::touching(&**asked.app.db.client().await?, span, None).await?)
}

async fn on_duty(asked: Asked, question: OnDuty) -> Result<OnDutyNow, Refused> {
    let at = question.at.map_or(Ok(Timestamp::now()), |at| time("at", &at))?;
    let after = at.checked_add(SignedDuration::from_millis(1)).map_err(|_| no_time("at"))?;
    let db = asked.app.db.client().await?;
    let mut on = duties::touching(&**db, (at, after), None).await?;
    on.sort_by_key(|duty| (duty.kind != DutyKind::ShiftLead, duty.id));
    let nobody = match on.iter().any(|duty| duty.kind == DutyKind::Dispatcher) {
        true => None,
        false => {
            let (since, until) = duties::around(&**db, at).await?;
            Some(gap(since, until))
        }
    };
    Ok(OnDutyNow { at: at.to_string(), duties: on, nobody })
}

async fn roster_gaps(asked: Asked, question: RosterGaps) -> Result<Vec<Gap>, Refused> {
    let span = stretch((time("from", &question.from)?, time("until", &question.until)?))?;
    let db = asked.app.db.client().await?;
    let bare = gaps(span, &duties::spans(&**db, span, DutyKind::Dispatcher).await?);
    Ok(bare.into_iter().map(|(since, until)| gap(Some(since), Some(until))).collect())
}

fn gap(since: Option<Timestamp>, until: Option<Timestamp>) -> Gap {
    let minutes = since.zip(until).map(|(since, until)| until.duration_since(since).as_mins());
    Gap { since: since.map(|at| at.to_string()), until: until.map(|at| at.to_string()), minutes }
}

fn time(field: &str, text: &str) -> Result<Timestamp, Refusal> {
    text.parse().map_err(|_| no_time(field))
}

fn no_time(field: &str) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "时间无法识别，请用带时区的 RFC 3339 格式，如 2026-03-01T08:00:00+08:00。",
        "That is no time: write it as RFC 3339, 2026-03-01T08:00:00+08:00.",
    )
    .at(field)
}

/// The refusal for a person who is not there.
pub fn no_person(person: PersonId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有编号为 {person} 的在职人员。"),
        format!("There is no person {person} who works here."),
    )
    .at("person")
}

fn overlaps(name: &str) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("{name}在这段时间已有值班，请查看值班表后另选时间或人员。"),
        format!("{name} is on duty then already: look at the roster and choose another time."),
    )
    .at("begins_at")
}
