//! What is kept of campaigns. No decisions here.

use super::decide::Placed;
use crate::db::Client;
use crate::tickets::store as tickets;
use deadpool_postgres::GenericClient;
use domain::ids::{CampaignId, ChoiceId, PersonId, TicketId, UnitId};
use domain::people::Scope;
use domain::tickets::campaigns::{
    Campaign, CampaignEvent, CampaignPlan, CampaignStage, Change, Choice, Progress, Targets,
};
use domain::tickets::{State, Ticket};
use domain::word::Word;
use jiff::Timestamp;
use postgres_types::ToSql;
use std::collections::BTreeMap;
use tokio_postgres::types::Json;
use tokio_postgres::{Error, Row};

/// What somebody asks of a list, and what they may see: the type of migration 0004.
#[derive(Clone, Debug, ToSql)]
#[postgres(name = "ticket_wish")]
pub struct Wish {
    state: Option<String>,
    cell: Option<String>,
    community: Option<String>,
    street: Option<String>,
    category: Option<String>,
    unit: Option<i64>,
    due_before: Option<Timestamp>,
    sees_all: bool,
    own_unit: i64,
    own_cells: Vec<String>,
    own_communities: Vec<String>,
    own_streets: Vec<String>,
    sees_sensitive: bool,
    sensitive_of: Option<i64>,
}

impl Wish {
    /// Everything that somebody may see.
    pub fn of(scope: &Scope) -> Self {
        let [own_streets, own_communities, own_cells] = scope.cells.clone();
        Self {
            state: None,
            cell: None,
            community: None,
            street: None,
            category: None,
            unit: None,
            due_before: None,
            sees_all: scope.all,
            own_unit: scope.unit.0,
            own_cells,
            own_communities,
            own_streets,
            sees_sensitive: scope.all_sensitive,
            sensitive_of: scope.sensitive_of.map(|unit| unit.0),
        }
    }

    /// Of that only what is in this state, under this cell (level and code), due before this time.
    #[must_use]
    pub fn narrowed(
        mut self,
        state: Option<State>,
        cell: Option<(u8, String)>,
        due_before: Option<Timestamp>,
    ) -> Self {
        self.state = state.map(|state| state.code().to_owned());
        match cell {
            Some((3, code)) => self.cell = Some(code),
            Some((2, code)) => self.community = Some(code),
            Some((_, code)) => self.street = Some(code),
            None => {}
        }
        self.due_before = due_before;
        self
    }
}

/// A campaign as decisions read it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// As it is shown.
    pub campaign: Campaign,
    /// When it ends or ended.
    pub until: Timestamp,
    /// Codes of its cells of level 1, 2 and 3.
    pub cells: [Vec<String>; 3],
}

/// Who does something to a campaign, when, and what they say.
#[derive(Clone, Copy, Debug)]
pub struct Doing<'a> {
    /// Who.
    pub by: PersonId,
    /// When.
    pub now: Timestamp,
    /// What they say.
    pub note: &'a str,
}

/// Makes a campaign.
///
/// # Errors
/// Of the database; constraints `campaign_is_named_once` and `campaign_unit_exists`.
pub async fn make(
    db: &impl GenericClient,
    placed: &Placed,
    doing: Doing<'_>,
) -> Result<CampaignId, Error> {
    let Placed { plan, cells: [cells_1, cells_2, cells_3] } = placed;
    let row = db
        .query_one(
            include_str!("add.sql"),
            &[
                &plan.name,
                &plan.goal,
                &plan.unit.0,
                &plan.begins_at,
                &plan.ends_at,
                &plan.categories,
                &plan.cells,
                cells_3,
                cells_2,
                cells_1,
                &Json(plan.targets),
            ],
        )
        .await?;
    let campaign = CampaignId(row.get("id"));
    add_stages(db, campaign, &plan.stages).await?;
    record(db, campaign, 1, Change::Make, doing, plan).await?;
    Ok(campaign)
}

/// Changes a campaign that was seen at `seq`; whether it still stood there.
///
/// # Errors
/// As for [`make`].
pub async fn change(
    db: &impl GenericClient,
    campaign: CampaignId,
    seq: i32,
    placed: &Placed,
    doing: Doing<'_>,
) -> Result<bool, Error> {
    let Placed { plan, cells: [cells_1, cells_2, cells_3] } = placed;
    let changed = db
        .query_opt(
            include_str!("change.sql"),
            &[
                &campaign.0,
                &seq,
                &plan.name,
                &plan.goal,
                &plan.unit.0,
                &plan.begins_at,
                &plan.ends_at,
                &plan.categories,
                &plan.cells,
                cells_3,
                cells_2,
                cells_1,
                &Json(plan.targets),
            ],
        )
        .await?;
    let Some(row) = changed else { return Ok(false) };
    db.execute(include_str!("clear_stages.sql"), &[&campaign.0]).await?;
    add_stages(db, campaign, &plan.stages).await?;
    record(db, campaign, row.get("seq"), Change::Change, doing, plan).await?;
    Ok(true)
}

/// Ends a campaign that was seen at `seq`; whether it still stood there.
///
/// # Errors
/// Of the database.
pub async fn end(
    db: &impl GenericClient,
    campaign: &Campaign,
    seq: i32,
    doing: Doing<'_>,
) -> Result<bool, Error> {
    let asked: [&(dyn ToSql + Sync); 3] = [&campaign.id.0, &seq, &doing.now];
    let Some(row) = db.query_opt(include_str!("end.sql"), &asked).await? else {
        return Ok(false);
    };
    record(db, campaign.id, row.get("seq"), Change::End, doing, &campaign.plan).await?;
    Ok(true)
}

async fn add_stages(
    db: &impl GenericClient,
    campaign: CampaignId,
    stages: &[CampaignStage],
) -> Result<(), Error> {
    macro_rules! column {
        ($of:expr) => {
            stages.iter().map($of).collect::<Vec<_>>()
        };
    }
    db.execute(
        include_str!("add_stages.sql"),
        &[
            &campaign.0,
            &column!(|s| s.name.as_str()),
            &column!(|s| s.begins_at),
            &column!(|s| s.ends_at),
            &column!(|s| Json(s.targets)),
        ],
    )
    .await?;
    Ok(())
}

async fn record(
    db: &impl GenericClient,
    campaign: CampaignId,
    seq: i32,
    change: Change,
    doing: Doing<'_>,
    plan: &CampaignPlan,
) -> Result<(), Error> {
    let Doing { by, now, note } = doing;
    db.execute(
        include_str!("add_event.sql"),
        &[&campaign.0, &seq, &change.code(), &by.0, &now, &note, &Json(plan)],
    )
    .await?;
    Ok(())
}

/// What happened to a campaign, in order.
///
/// # Errors
/// Of the database.
pub async fn events(
    db: &impl GenericClient,
    campaign: CampaignId,
) -> Result<Vec<CampaignEvent>, Error> {
    let rows = db.query(include_str!("events.sql"), &[&campaign.0]).await?;
    let event = |row: &Row| CampaignEvent {
        seq: row.get("seq"),
        change: tickets::word(row, "change"),
        name: row.get("name"),
        at: row.get("at"),
        note: row.get("note"),
        plan: row.get::<_, Json<_>>("plan").0,
    };
    Ok(rows.iter().map(event).collect())
}

/// One campaign.
///
/// # Errors
/// Of the database.
pub async fn campaign(
    db: &impl GenericClient,
    campaign: CampaignId,
) -> Result<Option<Kept>, Error> {
    Ok(read(db, Some(campaign), None, CampaignId(i64::MAX), 1).await?.pop())
}

/// Campaigns, newest first: all, or those that run at a moment.
///
/// # Errors
/// Of the database.
pub async fn campaigns(
    db: &impl GenericClient,
    running: Option<Timestamp>,
    before: CampaignId,
    limit: i64,
) -> Result<Vec<Campaign>, Error> {
    let kept = read(db, None, running, before, limit).await?;
    Ok(kept.into_iter().map(|kept| kept.campaign).collect())
}

async fn read(
    db: &impl GenericClient,
    only: Option<CampaignId>,
    running: Option<Timestamp>,
    before: CampaignId,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    let only = only.map(|only| only.0);
    let asked: [&(dyn ToSql + Sync); 4] = [&only, &running, &before.0, &limit];
    let rows = db.query(include_str!("campaigns.sql"), &asked).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.get("id")).collect();
    let mut stages: BTreeMap<i64, Vec<CampaignStage>> = BTreeMap::new();
    for row in db.query(include_str!("stages.sql"), &[&ids]).await? {
        stages.entry(row.get("campaign")).or_default().push(CampaignStage {
            name: row.get("name"),
            begins_at: row.get("begins_at"),
            ends_at: row.get("ends_at"),
            targets: row.get::<_, Json<Targets>>("targets").0,
        });
    }
    let kept = |row: &Row| {
        let id: i64 = row.get("id");
        let plan = CampaignPlan {
            name: row.get("name"),
            goal: row.get("goal"),
            unit: UnitId(row.get("unit")),
            begins_at: row.get("begins_at"),
            ends_at: row.get("ends_at"),
            cells: row.get("cells"),
            categories: row.get("categories"),
            targets: row.get::<_, Json<Targets>>("targets").0,
            stages: stages.remove(&id).unwrap_or_default(),
        };
        let campaign = Campaign {
            id: CampaignId(id),
            seq: row.get("seq"),
            plan,
            unit_name: row.get("unit_name"),
            ended_at: row.get("ended_at"),
        };
        let cells = ["cells_1", "cells_2", "cells_3"].map(|column| row.get(column));
        Kept { campaign, until: row.get("until"), cells }
    };
    Ok(rows.iter().map(kept).collect())
}

fn progress_of(row: &Row) -> Progress {
    Progress {
        places: row.get("places"),
        opened: row.get("opened"),
        closed: row.get("closed"),
        in_time: row.get("in_time"),
        overdue: row.get("overdue"),
    }
}

/// What was counted in all of a campaign, and by the numbers of its stages.
///
/// # Errors
/// Of the database.
pub async fn progress(
    db: &Client,
    campaign: CampaignId,
    way: &'static str,
    wish: &Wish,
    now: Timestamp,
) -> Result<BTreeMap<i16, Progress>, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&campaign.0, &way, wish, &now];
    let rows = tickets::planned_once(db, include_str!("progress.sql"), &asked).await?;
    Ok(rows.iter().map(|row| (row.get("number"), progress_of(row))).collect())
}

/// What was counted in level-3 cells, by code.
///
/// # Errors
/// Of the database.
pub async fn cells(
    db: &Client,
    campaign: CampaignId,
    cells: &[String],
    wish: &Wish,
    now: Timestamp,
) -> Result<BTreeMap<String, Progress>, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&campaign.0, &cells, wish, &now];
    let rows = tickets::planned_once(db, include_str!("cells.sql"), &asked).await?;
    Ok(rows.iter().map(|row| (row.get("cell"), progress_of(row))).collect())
}

/// Tickets of a campaign, newest first.
///
/// # Errors
/// Of the database.
pub async fn members(
    db: &Client,
    campaign: CampaignId,
    way: &'static str,
    wish: &Wish,
    before: TicketId,
    limit: i64,
) -> Result<Vec<Ticket>, Error> {
    let asked: [&(dyn ToSql + Sync); 5] = [&campaign.0, &way, wish, &before.0, &limit];
    let rows = tickets::planned_once(db, include_str!("tickets.sql"), &asked).await?;
    Ok(rows.iter().map(tickets::shown).collect())
}

/// The unit of a campaign, and what was chosen last of a ticket for it; nobody else chooses until
/// the transaction ends. `None`: there is no such campaign.
///
/// # Errors
/// Of the database.
pub async fn last_choice(
    db: &impl GenericClient,
    campaign: CampaignId,
    ticket: TicketId,
) -> Result<Option<(UnitId, Option<bool>)>, Error> {
    let asked: [&(dyn ToSql + Sync); 2] = [&campaign.0, &ticket.0];
    let row = db.query_opt(include_str!("last_choice.sql"), &asked).await?;
    Ok(row.map(|row| (UnitId(row.get("unit")), row.get("belongs"))))
}

/// Records a choice.
///
/// # Errors
/// Of the database.
pub async fn choose(
    db: &impl GenericClient,
    campaign: CampaignId,
    ticket: TicketId,
    belongs: bool,
    doing: Doing<'_>,
) -> Result<ChoiceId, Error> {
    let Doing { by, now, note } = doing;
    let asked: [&(dyn ToSql + Sync); 6] = [&campaign.0, &ticket.0, &belongs, &by.0, &now, &note];
    Ok(ChoiceId(db.query_one(include_str!("choose.sql"), &asked).await?.get("id")))
}

/// Choices for a campaign, newest first.
///
/// # Errors
/// Of the database.
pub async fn choices(
    db: &impl GenericClient,
    campaign: CampaignId,
    wish: &Wish,
    before: ChoiceId,
    limit: i64,
) -> Result<Vec<Choice>, Error> {
    let asked: [&(dyn ToSql + Sync); 4] = [&campaign.0, wish, &before.0, &limit];
    let rows = db.query(include_str!("choices.sql"), &asked).await?;
    let choice = |row: &Row| Choice {
        id: ChoiceId(row.get("id")),
        ticket: TicketId(row.get("ticket")),
        belongs: row.get("belongs"),
        name: row.get("name"),
        at: row.get("at"),
        why: row.get("why"),
    };
    Ok(rows.iter().map(choice).collect())
}
