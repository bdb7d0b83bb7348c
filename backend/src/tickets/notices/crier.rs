//! Makes notices of steps and of clocks, and gives them their numbers: one process at a time, so
//! that numbers are seen in their order.

use super::store::{self, NewNotice};
use crate::db::Db;
use crate::reports::store::TELL;
use crate::tickets::timing::Timing;
use domain::clocks::Stage;
use domain::tickets::Asking;
use domain::tickets::notices::{NoticeKind, hearers};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio_postgres::GenericClient;

/// How often clocks are looked at. The shortest limit is an hour: its marks are minutes apart.
const LOOK: SignedDuration = SignedDuration::from_secs(20);
/// How long notices are kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many are made in one transaction.
const BATCH: i64 = 500;
/// The longest message to other processes, in bytes: PostgreSQL takes 8,000.
const MESSAGE_MAX_BYTES: usize = 7_000;

/// Makes notices.
pub struct Crier {
    db: Db,
    timing: Arc<Timing>,
}

impl Crier {
    /// Over a database, by a calendar.
    pub fn new(db: Db, timing: Arc<Timing>) -> Self {
        Self { db, timing }
    }

    /// Makes what is to be told at `now`, and wakes the streams of every process; how many there
    /// were.
    ///
    /// # Errors
    /// When the database does not answer; what was committed before stays told.
    pub async fn pass(&self, now: Timestamp) -> anyhow::Result<usize> {
        let mut client = self.db.client().await?;
        let mut told = 0;
        if !store::owed(&**client, now, now - LOOK).await? {
            return Ok(told);
        }
        loop {
            let transaction = client.transaction().await?;
            store::in_turn(&*transaction).await?;
            let (batch, more) = self.batch(&*transaction, now).await?;
            if !batch.is_empty() {
                store::tell(&*transaction, &batch, now).await?;
                transaction.execute(TELL, &[&message(&batch)]).await?;
            }
            transaction.commit().await?;
            told += batch.len();
            if !more {
                return Ok(told);
            }
        }
    }

    /// Some of what is to be told, and whether there may be more.
    async fn batch(
        &self,
        db: &impl GenericClient,
        now: Timestamp,
    ) -> anyhow::Result<(Vec<NewNotice>, bool)> {
        let full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= BATCH);
        let steps = store::steps(db, BATCH).await?;
        let mut more = full(steps.len());
        let mut batch: Vec<NewNotice> = steps.into_iter().filter_map(of_step).collect();
        let looked_at = store::looked_at(db).await?;
        if looked_at > now || now - LOOK >= looked_at {
            let longest = self.timing.longest(Stage::Verify, now)?;
            let marks = store::marks(db, looked_at, now, longest, BATCH).await?;
            if full(marks.len()) {
                more = true;
            } else {
                store::look(db, now).await?;
                store::forget(db, now - KEPT, BATCH).await?;
            }
            batch.extend(marks.into_iter().map(of_mark));
        }
        Ok((batch, more))
    }
}

/// The notice a step is, if it is one.
fn of_step(step: store::Step) -> Option<NewNotice> {
    let store::Step { ticket, seq, action, to, changed_hands, mut about } = step;
    let kind = NoticeKind::of_step(action, to, changed_hands)?;
    if let Some(Asking::Ask(request)) = action.asking() {
        about.request = Some(request);
    }
    let notice = NewNotice { kind, ticket, seq, mark_at: None, hearers: hearers(kind, &about) };
    Some(notice).filter(|notice| !notice.hearers.is_empty())
}

fn of_mark(mark: store::Mark) -> NewNotice {
    let store::Mark { kind, at, ticket, seq, about } = mark;
    NewNotice { kind, ticket, seq, mark_at: Some(at), hearers: hearers(kind, &about) }
}

/// What wakes the streams: whom the notices are for, or nobody in particular, which is everybody,
/// where that would be too long.
fn message(batch: &[NewNotice]) -> String {
    let hearers = batch.iter().flat_map(|notice| &notice.hearers);
    let hearers: BTreeSet<String> = hearers.map(ToString::to_string).collect();
    let told = serde_json::to_string(&hearers).unwrap_or_default();
    if told.len() > MESSAGE_MAX_BYTES { "notices []".to_owned() } else { format!("notices {told}") }
}
