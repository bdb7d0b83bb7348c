//! The rounds: visits that fall due are made tickets by the service, households follow the grid
//! when it changes, and who lived where is forgotten in time.
//!
//! After a time in which nobody looked, a household gets one visit, for the last date that fell
//! due; the dates before it are kept as skipped. Nobody is helped by three tickets for one door.
//!
//! Of several processes one makes rounds at a time; that there is one visit for a date the key of
//! `care_visits` says as well.

use super::decide::{Home, found, place, visit_report};
use super::store::{self, Change};
use super::visits::{self, Opened};
use crate::app::App;
use crate::background::{Trouble, until_closing};
use crate::db::Db;
use crate::grids::live::LiveGrid;
use crate::reports::store::{self as reports, Stored};
use crate::tickets::keeper::alone;
use crate::tickets::opening::above;
use crate::tickets::timing::Timing;
use anyhow::{Context, bail};
use deadpool_postgres::Transaction;
use domain::clocks::Stage;
use domain::ids::{HouseholdId, TicketId};
use domain::tickets::care::{DETAILS_KEPT_DAYS, Household, HouseholdChange, VISIT_CATEGORY};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How often the rounds are made: dates change once a day, a minute late is soon enough.
const LOOK: Duration = Duration::from_secs(60);
/// How many households are seen to in one transaction.
const BATCH: i64 = 50;
/// The lock of the one process that makes rounds: "rounds" as a number.
const LOCK: i64 = 0x72_6f_75_6e_64_73;

/// Makes rounds until the server closes.
pub fn start(app: &App) {
    let rounds = Rounds::new(app.db.clone(), app.live.clone(), app.timing.clone());
    tokio::spawn(until_closing(app.clone(), go(rounds)));
}

async fn go(mut rounds: Rounds) {
    let mut trouble = Trouble::none();
    loop {
        match rounds.pass(Timestamp::now()).await {
            Ok(made) => {
                trouble.over("care visits fall due");
                made.tell();
                tokio::time::sleep(LOOK).await;
            }
            Err(error) => trouble.wait_out(&error, "care visits cannot fall due").await,
        }
    }
}

/// What a pass did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Made {
    /// Visits that fell due.
    pub visits: usize,
    /// Dates for which none was made because nobody looked.
    pub skipped: usize,
    /// Households that lie in another cell now.
    pub rehomed: usize,
    /// Households whose names were forgotten.
    pub forgotten: usize,
}

impl Made {
    fn tell(self) {
        let Self { visits, skipped, rehomed, forgotten } = self;
        if self != Self::default() {
            tracing::info!(
                care.visits = visits,
                care.skipped = skipped,
                care.rehomed = rehomed,
                care.forgotten = forgotten,
                "rounds were made"
            );
        }
    }
}

/// The rounds of one process.
pub struct Rounds {
    db: Db,
    live: Arc<LiveGrid>,
    timing: Arc<Timing>,
    /// Households that could not be seen to: told once.
    told: BTreeSet<HouseholdId>,
}

impl Rounds {
    /// Over a database, by a grid and a calendar.
    pub fn new(db: Db, live: Arc<LiveGrid>, timing: Arc<Timing>) -> Self {
        Self { db, live, timing, told: BTreeSet::new() }
    }

    /// Does what is to be done at `now`. Nothing when another process is at it.
    ///
    /// # Errors
    /// When the database does not answer; what was committed before stays done.
    pub async fn pass(&mut self, now: Timestamp) -> anyhow::Result<Made> {
        let mut made = Made::default();
        let mut client = self.db.client().await?;
        loop {
            let mut transaction = client.transaction().await?;
            if !alone(&*transaction, LOCK).await? {
                return Ok(made);
            }
            let (done, full) = self.batch(&mut transaction, now, &mut made).await?;
            transaction.commit().await?;
            // What could not be seen to comes again with the next batch: then this was the last.
            if done == 0 || !full {
                break;
            }
        }
        let before = now.checked_sub(SignedDuration::from_hours(24 * DETAILS_KEPT_DAYS))?;
        let forgotten = store::forget(&client, before).await?;
        made.forgotten = usize::try_from(forgotten)?;
        Ok(made)
    }

    /// Sees to a batch of households: how many, and whether there may be more.
    async fn batch(
        &mut self,
        transaction: &mut Transaction<'_>,
        now: Timestamp,
        made: &mut Made,
    ) -> anyhow::Result<(usize, bool)> {
        let edition = self.live.now().edition.id;
        let stale = store::stale(transaction, edition, BATCH).await?;
        let mut full = is_full(&stale);
        let mut done = 0;
        for household in &stale {
            if let Some(moved) = self.rehome(transaction, household, now).await? {
                made.rehomed += usize::from(moved);
                done += 1;
            }
        }
        let due = store::due(transaction, self.timing.date(now), BATCH).await?;
        full |= is_full(&due);
        for household in &due {
            let step = transaction.transaction().await?;
            match self.fall_due(&step, household, now).await {
                Ok((visits, skipped)) => {
                    step.commit().await?;
                    made.visits += visits;
                    made.skipped += skipped;
                    done += 1;
                }
                Err(error) => {
                    // Where the database is gone, this fails as well and the pass with it.
                    step.rollback().await?;
                    if self.told.insert(household.id) {
                        let error = format!("{error:#}");
                        tracing::error!(household.id = household.id.0, error, "no visit was made");
                    }
                }
            }
        }
        Ok((done, full))
    }

    /// Gives a household its cell by the edition in force; whether that is another one. `None`: no
    /// cell is drawn.
    async fn rehome(
        &self,
        transaction: &Transaction<'_>,
        household: &Household,
        now: Timestamp,
    ) -> anyhow::Result<Option<bool>> {
        let Household { id, mut seq, .. } = *household;
        let (edition, found) = {
            let live = self.live.now();
            (live.edition.id, found(&live, &place(household))?)
        };
        let Some(Home { cell, .. }) = found else { return Ok(None) };
        let moved = cell != household.cell;
        seq += i32::from(moved);
        store::rehome(transaction, id, seq, edition, &cell).await?;
        if moved {
            let note = "网格版本更新 / a new edition of the grid";
            let change = Change { what: HouseholdChange::Rehome, by: None, note };
            store::record(transaction, id, seq, change, &cell, now).await?;
        }
        Ok(Some(moved))
    }

    /// Makes the visit that falls due; how many were made and how many dates skipped.
    async fn fall_due(
        &self,
        transaction: &Transaction<'_>,
        household: &Household,
        now: Timestamp,
    ) -> anyhow::Result<(usize, usize)> {
        let due = household.next_on.context("a household without a next date is not due")?;
        let works = |date| self.timing.works(date);
        let today = self.timing.date(now);
        let (skipped, due_on) = household.schedule.missed(due, today, works);
        visits::skip(transaction, household.id, &skipped, now).await?;
        let next = household.schedule.next_after(due_on, works);
        store::set_next(transaction, household.id, next).await?;
        let (home, above) = {
            let live = self.live.now();
            let home = found(&live, &place(household))?.context("no cell is drawn")?;
            let above = above(&live, Some(&home.cell));
            (home, above)
        };
        let new = visit_report(household, &home, due_on, now);
        let stored = reports::add_reports(transaction, &[&new]).await?;
        let [Stored::New(report, _)] = stored[..] else {
            bail!("a report without a key is always a new one");
        };
        let clock = self.timing.start(Stage::Handle, Some(VISIT_CATEGORY), false, now);
        let marks = self.timing.marks(&clock)?;
        let note = format!("{due_on} 到期 / due on {due_on}");
        let opened = Opened { report, above, clock, marks, note };
        visits::open_ticket(transaction, &opened, now).await?;
        let ticket = TicketId(report.0);
        if !visits::make(transaction, household.id, due_on, ticket, now).await? {
            bail!("there was a visit for the date");
        }
        Ok((1, skipped.len()))
    }
}

fn is_full(batch: &[Household]) -> bool {
    i64::try_from(batch.len()).is_ok_and(|count| count == BATCH)
}
