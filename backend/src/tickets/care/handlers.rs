//! Taking households under care, changing and showing them, and ending the care.

use super::decide::{
    Home, check_details, check_key, home, key_taken, may_care, moved, next_visit, no_household,
    place,
};
use super::store::{self, Change, Wanted};
use super::visiting;
use crate::call::{Asked, Routes, page};
use crate::grids;
use crate::refuse::Refused;
use crate::reports::check_text;
use crate::tickets::handlers::Asker;
use deadpool_postgres::GenericClient;
use domain::ids::HouseholdId;
use domain::people::Scope;
use domain::tickets::care::{
    AddHousehold, ChangeHousehold, EndCare, Household, HouseholdChange, ListHouseholds,
    NOTE_MAX_CHARS, ShowHousehold, ShownHousehold,
};
use domain::{Kind, Place, Refusal};
use jiff::Timestamp;

/// The calls about care.
pub fn routes() -> Routes {
    Routes::new()
        .call(add_household)
        .call(change_household)
        .call(end_care)
        .call(list_households)
        .call(show_household)
        .call(visiting::list_visits)
        .call(visiting::list_due_visits)
        .call(visiting::record_visit)
}

async fn add_household(asked: Asked, question: AddHousehold) -> Result<ShownHousehold, Refused> {
    let AddHousehold { kind, lng, lat, datum, schedule, details, key } = question;
    check_key(&key)?;
    check_details(&details)?;
    schedule.check()?;
    let asker = Asker::of(&asked).await?;
    let (timing, now) = (&asked.app.timing, Timestamp::now());
    let home = home(&asked.app.live.now(), &Place { lng, lat, datum })?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    may_care(&asker.scope, store::unit_of_cell(&transaction, &home.cell).await?)?;
    let next = next_visit(&schedule, timing.date(now), None, |date| timing.works(date));
    let added = store::add(&transaction, kind, &home, &schedule, next, asker.person, &key).await?;
    let household = match added {
        Some(household) => {
            let doing = Change { what: HouseholdChange::Add, by: Some(asker.person), note: "" };
            store::record(&transaction, household, 1, doing, &home.cell, now).await?;
            store::set_details(&transaction, household, &details).await?;
            transaction.commit().await?;
            household
        }
        None => {
            let before = store::household_with_key(&transaction, asker.person, &key).await?;
            drop(transaction);
            before.ok_or_else(key_taken)?
        }
    };
    shown(&db, household, &asker.scope).await
}

async fn change_household(
    asked: Asked,
    question: ChangeHousehold,
) -> Result<ShownHousehold, Refused> {
    check_text("note", &question.note, NOTE_MAX_CHARS)?;
    if let Some(schedule) = &question.schedule {
        schedule.check()?;
    }
    if let Some(details) = &question.details {
        check_details(details)?;
    }
    let asker = Asker::of(&asked).await?;
    let (timing, now) = (&asked.app.timing, Timestamp::now());
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let before = kept(&transaction, question.household, &asker.scope).await?;
    let new_place = question.place.unwrap_or_else(|| place(&before));
    let home = match home(&asked.app.live.now(), &new_place) {
        Err(refusal) if question.place.is_some() => return Err(refusal.at("place").into()),
        home => home?,
    };
    let last = store::last_due(&transaction, before.id).await?;
    let after = Household {
        kind: question.kind.unwrap_or(before.kind),
        next_on: match &question.schedule {
            Some(new) => next_visit(new, timing.date(now), last, |date| timing.works(date)),
            None => before.next_on,
        },
        schedule: question.schedule.clone().unwrap_or_else(|| before.schedule.clone()),
        ..before.clone()
    };
    let seq = store::change(&transaction, &after, question.seq, &home).await?;
    let seq = seq.ok_or_else(|| moved(&before))?;
    if let Some(details) = &question.details {
        store::set_details(&transaction, before.id, details).await?;
    }
    let what = match question.place {
        Some(_) => HouseholdChange::Move,
        None => HouseholdChange::Change,
    };
    let doing = Change { what, by: Some(asker.person), note: &question.note };
    store::record(&transaction, before.id, seq, doing, &home.cell, now).await?;
    transaction.commit().await?;
    // The answer to their own act they see, though the household may be another unit's now.
    shown(&db, before.id, &Scope::everything()).await
}

async fn end_care(asked: Asked, question: EndCare) -> Result<ShownHousehold, Refused> {
    let EndCare { household, seq, reason, note } = question;
    check_text("note", &note, NOTE_MAX_CHARS)?;
    let asker = Asker::of(&asked).await?;
    let now = Timestamp::now();
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let before = kept(&transaction, household, &asker.scope).await?;
    let ended = store::end(&transaction, household, seq, reason, now).await?;
    let ended = ended.ok_or_else(|| moved(&before))?;
    let doing = Change { what: HouseholdChange::End, by: Some(asker.person), note: &note };
    store::record(&transaction, household, ended, doing, &before.cell, now).await?;
    visiting::close_open(&transaction, household, &asker, &asked.app.timing, now).await?;
    transaction.commit().await?;
    shown(&db, household, &Scope::everything()).await
}

async fn list_households(
    asked: Asked,
    question: ListHouseholds,
) -> Result<Vec<Household>, Refused> {
    let ListHouseholds { cell, kind, ended, after, limit } = question;
    let limit = page(limit, "households")?;
    let asker = Asker::of(&asked).await?;
    let cells = cell.map(|code| grids::codes_under_code(&asked.app.live.now(), &code));
    let cells = cells.transpose().map_err(|refusal| refusal.at("cell"))?;
    let after = after.unwrap_or(HouseholdId(0));
    let wanted = Wanted { only: None, cells, kind, ended, after, limit };
    let db = asked.app.db.client().await?;
    Ok(store::households(&db, &wanted, &asker.scope).await?)
}

async fn show_household(asked: Asked, question: ShowHousehold) -> Result<ShownHousehold, Refused> {
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    shown(&db, question.household, &asker.scope).await
}

/// A household that somebody may see, kept from being changed until the transaction ends.
pub(super) async fn kept(
    db: &impl GenericClient,
    household: HouseholdId,
    scope: &Scope,
) -> Result<Household, Refused> {
    store::lock(db, household).await?;
    let found = store::household(db, household, scope).await?;
    Ok(found.ok_or_else(|| no_household(household))?)
}

async fn shown(
    db: &impl GenericClient,
    household: HouseholdId,
    scope: &Scope,
) -> Result<ShownHousehold, Refused> {
    let found = store::household(db, household, scope).await?;
    let found = found.ok_or_else(|| no_household(household))?;
    Ok(ShownHousehold {
        details: store::details(db, household).await?,
        events: store::events(db, household).await?,
        household: found,
    })
}

/// The home of a household as it is kept, by the edition in force.
pub(super) fn home_of(asked: &Asked, household: &Household) -> Result<Home, Refusal> {
    home(&asked.app.live.now(), &place(household))
        .map_err(|refusal| Refusal { kind: Kind::Invalid, ..refusal.at("household") })
}
