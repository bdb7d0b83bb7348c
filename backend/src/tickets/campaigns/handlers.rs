//! Making, changing, ending, listing and showing campaigns.

use super::decide::{placed, staged, way};
use super::store::{self, Doing, Kept, Wish};
use super::{inspecting, members};
use crate::call::{Asked, Routes, page};
use crate::grids;
use crate::grids::live::Live;
use crate::refuse::{OnConstraint, Refused};
use crate::reports::check_text;
use crate::tickets::handlers::Asker;
use domain::ids::CampaignId;
use domain::people::Scope;
use domain::tickets::campaigns::{
    CHOICE_MAX_CHARS, Campaign, CampaignStage, CellProgress, ChangeCampaign, EndCampaign,
    ListCampaignCells, ListCampaigns, MakeCampaign, ShowCampaign, ShownCampaign, StageProgress,
};
use domain::tickets::stage_plans;
use domain::{Kind, Refusal};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The calls about campaigns.
pub fn routes() -> Routes {
    Routes::new()
        .call(make_campaign)
        .call(change_campaign)
        .call(end_campaign)
        .call(list_campaigns)
        .call(show_campaign)
        .call(list_campaign_cells)
        .call(members::list_campaign_tickets)
        .call(members::choose_ticket)
        .call(members::list_choices)
        .call(inspecting::inspect)
        .call(inspecting::list_inspections)
}

async fn make_campaign(asked: Asked, question: MakeCampaign) -> Result<ShownCampaign, Refused> {
    let MakeCampaign { plan, stages_of, note } = question;
    check_text("note", &note, CHOICE_MAX_CHARS)?;
    let asker = Asker::of(&asked).await?;
    let shipped = stage_plans().map_err(anyhow::Error::new)?;
    let plan = staged(plan, stages_of.as_deref(), &shipped, &asked.app.timing)?;
    let placed = placed(plan, &asked.app.live.now())?;
    let doing = Doing { by: asker.person, now: Timestamp::now(), note: &note };
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let made = store::make(&transaction, &placed, doing).await;
    let made = written(made, &placed.plan.name)?;
    transaction.commit().await?;
    drop(db);
    shown(&asked, made, &asker.scope).await
}

async fn change_campaign(asked: Asked, question: ChangeCampaign) -> Result<ShownCampaign, Refused> {
    let ChangeCampaign { campaign, seq, plan, note } = question;
    reason("note", &note)?;
    let asker = Asker::of(&asked).await?;
    let placed = placed(plan, &asked.app.live.now())?;
    let doing = Doing { by: asker.person, now: Timestamp::now(), note: &note };
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let before = known(store::campaign(&transaction, campaign).await?, campaign)?;
    let changed = store::change(&transaction, campaign, seq, &placed, doing).await;
    if !written(changed, &placed.plan.name)? {
        return Err(moved(&before.campaign).into());
    }
    transaction.commit().await?;
    drop(db);
    shown(&asked, campaign, &asker.scope).await
}

async fn end_campaign(asked: Asked, question: EndCampaign) -> Result<ShownCampaign, Refused> {
    let EndCampaign { campaign, seq, note } = question;
    reason("note", &note)?;
    let asker = Asker::of(&asked).await?;
    let doing = Doing { by: asker.person, now: Timestamp::now(), note: &note };
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let before = known(store::campaign(&transaction, campaign).await?, campaign)?;
    if !store::end(&transaction, &before.campaign, seq, doing).await? {
        return Err(moved(&before.campaign).into());
    }
    transaction.commit().await?;
    drop(db);
    shown(&asked, campaign, &asker.scope).await
}

async fn list_campaigns(asked: Asked, question: ListCampaigns) -> Result<Vec<Campaign>, Refused> {
    let ListCampaigns { running, before, limit } = question;
    let limit = page(limit, "campaigns")?;
    let running = running.then(Timestamp::now);
    let db = asked.app.db.client().await?;
    Ok(store::campaigns(&db, running, before.unwrap_or(CampaignId(i64::MAX)), limit).await?)
}

async fn show_campaign(asked: Asked, question: ShowCampaign) -> Result<ShownCampaign, Refused> {
    let asker = Asker::of(&asked).await?;
    shown(&asked, question.campaign, &asker.scope).await
}

async fn list_campaign_cells(
    asked: Asked,
    question: ListCampaignCells,
) -> Result<Vec<CellProgress>, Refused> {
    let ListCampaignCells { campaign, after, limit } = question;
    let limit = page(limit, "cells")?;
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    let kept = known(store::campaign(&db, campaign).await?, campaign)?;
    let counted = counted(&kept.campaign, &asker.scope);
    let cells = {
        let live = asked.app.live.now();
        let after = after.as_deref().unwrap_or_default();
        cells_after(&live, &kept, &counted, after, limit)
    };
    let codes: Vec<String> = cells.iter().map(|(code, _)| code.clone()).collect();
    let wish = Wish::of(&counted);
    let counts = store::cells(&db, campaign, &codes, &wish, Timestamp::now()).await?;
    let targets = kept.campaign.plan.targets;
    let cell = |(cell, name): (String, String)| {
        let progress = counts.get(&cell).copied().unwrap_or_default();
        CellProgress { targets: targets.measure(&progress, 1), cell, name, progress }
    };
    Ok(cells.into_iter().map(cell).collect())
}

/// The level-3 cells under a campaign that somebody may see, by code: so many after this one, with
/// their names.
fn cells_after(
    live: &Live,
    kept: &Kept,
    scope: &Scope,
    after: &str,
    limit: i64,
) -> Vec<(String, String)> {
    let own = (!scope.all).then(|| grids::codes_in_scope(live, scope));
    let seen = |code: &String| own.as_ref().is_none_or(|own| own.binary_search(code).is_ok());
    let cells = cells_under(live, kept).into_iter();
    let cells = cells.filter(|code| code.as_str() > after && seen(code));
    let named = cells.map(|code| {
        let name = live.cell_with_code(&code).map(|cell| cell.row.name.clone());
        (code, name.unwrap_or_default())
    });
    named.take(usize::try_from(limit).unwrap_or_default()).collect()
}

/// The codes of the level-3 cells that lie under a campaign now.
pub(super) fn cells_under(live: &Live, kept: &Kept) -> BTreeSet<String> {
    let named = kept.campaign.plan.cells.iter().filter_map(|code| live.cell_with_code(code));
    named.flat_map(|cell| grids::codes_under(live, cell)).collect()
}

/// What somebody's numbers are of: the unit that answers for a campaign counts all that is not
/// sensitive, wherever it lies.
fn counted(campaign: &Campaign, scope: &Scope) -> Scope {
    let all = scope.all || campaign.plan.unit == scope.unit;
    Scope { all, ..scope.clone() }
}

async fn shown(
    asked: &Asked,
    campaign: CampaignId,
    scope: &Scope,
) -> Result<ShownCampaign, Refused> {
    let db = asked.app.db.client().await?;
    let kept = known(store::campaign(&db, campaign).await?, campaign)?;
    let events = store::events(&db, campaign).await?;
    let wish = Wish::of(&counted(&kept.campaign, scope));
    let now = Timestamp::now();
    let counts = store::progress(&db, campaign, way(&kept.cells), &wish, now).await?;
    let cells = cells_under(&asked.app.live.now(), &kept).len();
    let of = |number| counts.get(&number).copied().unwrap_or_default();
    let stage = |(number, stage): (i16, &CampaignStage)| {
        let CampaignStage { name, begins_at, ends_at, targets } = stage.clone();
        let progress = of(number);
        let targets = targets.measure(&progress, cells);
        StageProgress { number, name, begins_at, ends_at, progress, targets }
    };
    let campaign = kept.campaign;
    let progress = of(0);
    Ok(ShownCampaign {
        cells,
        progress,
        targets: campaign.plan.targets.measure(&progress, cells),
        stages: (1..).zip(&campaign.plan.stages).map(stage).collect(),
        events,
        campaign,
    })
}

/// A campaign that was looked for.
pub(super) fn known(found: Option<Kept>, campaign: CampaignId) -> Result<Kept, Refusal> {
    found.ok_or_else(|| no_campaign(campaign))
}

/// The refusal of a campaign that is not there.
pub(super) fn no_campaign(campaign: CampaignId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有编号为 {campaign} 的专项，请对照专项列表。"),
        format!("There is no campaign {campaign}: compare the list of campaigns."),
    )
    .at("campaign")
}

/// Refuses an act without a reason.
pub(super) fn reason(field: &str, text: &str) -> Result<(), Refusal> {
    check_text(field, text, CHOICE_MAX_CHARS)?;
    if text.trim().is_empty() {
        return Err(Refusal::new(
            Kind::Invalid,
            "请写明理由，以便日后查考。",
            "Say why: it is to be understood years later.",
        )
        .at(field));
    }
    Ok(())
}

fn written<T>(written: Result<T, tokio_postgres::Error>, name: &str) -> Result<T, Refused> {
    let broken = written.as_ref().err().and_then(|error| error.as_db_error()?.constraint());
    if broken == Some("campaign_is_named_once") {
        return written.on_constraint("campaign_is_named_once", || {
            Refusal::new(
                Kind::Invalid,
                format!("已有名为“{name}”的专项，请另取名称，或查看已设立的专项。"),
                format!("There is a campaign “{name}”: call this one something else, or see that."),
            )
            .at("plan.name")
        });
    }
    written.on_constraint("campaign_unit_exists", || {
        Refusal::new(
            Kind::Invalid,
            "没有这个责任单位，请核对单位名册。",
            "There is no such unit: compare the list of units.",
        )
        .at("plan.unit")
    })
}

fn moved(present: &Campaign) -> Refusal {
    let seq = present.seq;
    if present.ended_at.is_some() {
        return Refusal::new(
            Kind::Moved,
            "专项已经结束，不能再改；如需继续，请另设专项。",
            "The campaign was ended and is changed no more: make another one to go on.",
        )
        .at("seq");
    }
    Refusal::new(
        Kind::Moved,
        format!("专项已被他人更改（现为第 {seq} 次）。请刷新后再操作。"),
        format!("Somebody else changed the campaign (change {seq} now). Look again, then act."),
    )
    .at("seq")
}
