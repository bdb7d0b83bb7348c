//! Places looked at for a campaign: in order, or the beginning of a report.

use super::handlers::{cells_under, known};
use super::places::{self, NewInspection};
use super::store::{self, Doing, Kept, Wish};
use crate::call::{Asked, page};
use crate::grids::answer;
use crate::grids::live::Live;
use crate::refuse::Refused;
use crate::reports::check_text;
use crate::reports::store::NewReport;
use crate::tickets::handlers::Asker;
use crate::tickets::opening::{Opening, above};
use deadpool_postgres::{GenericClient, Transaction};
use domain::grids::Located;
use domain::ids::{InspectionId, PersonId, ReportId, TicketId};
use domain::reports::{Channel, TEXT_MAX_CHARS};
use domain::tickets::campaigns::{
    Found, Inspect, Inspected, Inspection, ListInspections, PLACE_MAX_CHARS, runs,
};
use domain::{Kind, Place, Refusal};
use jiff::Timestamp;
use spatial::Position;

/// The longest key or category, in characters.
const WORD_MAX_CHARS: usize = 200;

pub(super) async fn inspect(asked: Asked, question: Inspect) -> Result<Inspected, Refused> {
    check(&question)?;
    let asker = Asker::of(&asked).await?;
    let mut db = asked.app.db.client().await?;
    if let Some(before) = recorded(&db, &question, asker.person).await? {
        return Ok(before);
    }
    let kept = known(store::campaign(&db, question.campaign).await?, question.campaign)?;
    let now = Timestamp::now();
    runs((kept.campaign.plan.begins_at, kept.until), now)?;
    let (at, located, above) = {
        let live = asked.app.live.now();
        let Inspect { lng, lat, datum, .. } = question;
        let at = answer::position(&Place { lng, lat, datum })?;
        let located = answer::located(&live, at, None);
        under(&live, &kept, &located)?;
        let above = above(&live, located.cell.as_deref());
        (at, located, above)
    };
    let transaction = db.transaction().await?;
    let report = match &question.found {
        Some(found) => {
            let new = new_report(&question, found, at, &located, now);
            Some(taken_in(&asked, &transaction, &new).await?)
        }
        None => None,
    };
    let [community, street] = &above;
    let new = NewInspection {
        campaign: question.campaign,
        what: question.what.trim(),
        at,
        located: &located,
        cells: [located.cell.as_deref(), community.as_deref(), street.as_deref()],
        by: asker.person,
        unit: asker.scope.unit,
        now,
        report: report.map(|(report, _)| report),
        key: &question.key,
    };
    let Some(inspection) = places::inspect(&transaction, new).await? else {
        // The same was recorded between our looking and our writing: nothing of ours is kept.
        transaction.rollback().await?;
        let before = recorded(&db, &question, asker.person).await?;
        return before.ok_or_else(|| key_taken().into());
    };
    if let Some((report, _)) = report {
        let why = "专项检查发现 / found by an inspection";
        let doing = Doing { by: asker.person, now, note: why };
        store::choose(&transaction, question.campaign, TicketId(report.0), true, doing).await?;
    }
    transaction.commit().await?;
    if let Some((report, false)) = report {
        asked.app.events.taken(report, at, located.cell.as_deref());
    }
    Ok(Inspected { inspection, already: false, report: report.map(|(report, _)| report) })
}

fn check(question: &Inspect) -> Result<(), Refusal> {
    let Inspect { what, found, key, .. } = question;
    check_text("what", what, PLACE_MAX_CHARS)?;
    check_text("key", key, WORD_MAX_CHARS)?;
    if let Some(Found { category, text, .. }) = found {
        check_text("found.category", category, WORD_MAX_CHARS)?;
        check_text("found.text", text, TEXT_MAX_CHARS)?;
    }
    let empty = [("what", what), ("key", key)].into_iter().find(|(_, text)| text.trim().is_empty());
    match empty {
        None => Ok(()),
        Some((field, _)) => Err(Refusal::new(
            Kind::Invalid,
            "请填写所查场所的名称和本次检查的编号（key）。",
            "Say which place was looked at (what), and give this inspection a key of its own.",
        )
        .at(field)),
    }
}

/// What was recorded under the key before, if it was by the same person.
async fn recorded(
    db: &impl GenericClient,
    question: &Inspect,
    by: PersonId,
) -> Result<Option<Inspected>, Refused> {
    let found = places::inspection_with_key(db, question.campaign, &question.key).await?;
    match found {
        None => Ok(None),
        Some((inspection, person, report)) if person == by => {
            Ok(Some(Inspected { inspection, already: true, report }))
        }
        Some(_) => Err(key_taken().into()),
    }
}

fn key_taken() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "这个编号已被他人的检查使用，请换一个。",
        "Somebody else's inspection has this key: take another one.",
    )
    .at("key")
}

/// A place that is looked at for a campaign lies in it.
fn under(live: &Live, kept: &Kept, located: &Located) -> Result<(), Refusal> {
    let inside = located.basis != domain::grids::Basis::Outside;
    let cell = located.cell.as_ref().filter(|_| inside);
    if cell.is_some_and(|cell| cells_under(live, kept).contains(cell)) {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Invalid,
        format!("该地点属“{}”，不在专项范围内；发现问题请按普通上报。", located.name),
        format!(
            "The place is in “{}”, outside the campaign; report what is wrong there as usual.",
            located.name
        ),
    )
    .at("lng"))
}

fn new_report(
    question: &Inspect,
    found: &Found,
    at: Position,
    located: &Located,
    now: Timestamp,
) -> NewReport {
    NewReport {
        channel: Channel::Patrol,
        key: None,
        category: Some(found.category.clone()).filter(|category| !category.is_empty()),
        text: found.text.clone(),
        happened_at: now,
        received_at: None,
        datum: question.datum,
        at,
        accuracy_m: None,
        edition: located.edition,
        cell: located.cell.clone(),
        basis: located.basis,
        distance_m: located.distance_m,
        sensitive: found.sensitive,
        photos: Vec::new(),
        personal: Vec::new(),
    }
}

async fn taken_in(
    asked: &Asked,
    transaction: &Transaction<'_>,
    new: &NewReport,
) -> Result<(ReportId, bool), Refused> {
    let opening = Opening { live: asked.app.live.clone(), timing: asked.app.timing.clone() };
    Ok(opening.take_in(transaction, new).await?)
}

pub(super) async fn list_inspections(
    asked: Asked,
    question: ListInspections,
) -> Result<Vec<Inspection>, Refused> {
    let ListInspections { campaign, before, limit } = question;
    let limit = page(limit, "inspections")?;
    let wish = Wish::of(&Asker::of(&asked).await?.scope);
    let db = asked.app.db.client().await?;
    known(store::campaign(&db, campaign).await?, campaign)?;
    let before = before.unwrap_or(InspectionId(i64::MAX));
    Ok(places::inspections(&db, campaign, &wish, before, limit).await?)
}
