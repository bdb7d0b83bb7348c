//! The keeper: what the clock owes is done by the service itself. It reminds the units that a
//! whistle called, reports the absent, raises care visits that nobody made in time, resumes
//! suspended tickets at their date of review, evaluates closed ones when the week of rating is
//! over, makes provisional deadlines again when the calendar is out, and deletes what reporters
//! told about themselves when nobody has to call back any more.
//!
//! All steps go the way of every other step: by the rules, as [`Actor::System`]. Of several
//! processes one keeps at a time; a step is never owed twice, because it is looked for under the
//! lock that it is taken under.

mod store;

pub use store::alone;

use super::acting::{Acted, act};
use super::calling;
use super::store as tickets;
use super::timing::Timing;
use crate::app::App;
use crate::background::{Trouble, until_closing};
use crate::db::{Client, Db};
use crate::refuse::Refused;
use deadpool_postgres::Transaction;
use domain::ids::TicketId;
use domain::people::Scope;
use domain::reports::Keeping;
use domain::tickets::{ActOnTicket, Action, Actor, Whistle};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How often the keeper looks. The shortest limit is an hour: its marks of 80 and 100 percent are
/// minutes apart.
const LOOK: Duration = Duration::from_secs(20);
/// How many tickets are seen to in one transaction.
const BATCH: i64 = 50;
/// How often is looked for what is to be forgotten.
const FORGET: Duration = Duration::from_secs(3600);
/// How many fields are deleted in one transaction.
const FORGET_BATCH: i64 = 1_000;
/// How much of the names of missing units a note repeats, in characters, twice: notes are short.
const NAMES_MAX_CHARS: usize = 1_900;

/// Keeps until the server closes.
pub fn start(app: &App) {
    let keeper = Keeper::new(app.db.clone(), app.timing.clone());
    let keeper = keeper.forgetting(app.keeping.clone());
    tokio::spawn(until_closing(app.clone(), keep(keeper)));
}

async fn keep(mut keeper: Keeper) {
    let mut trouble = Trouble::none();
    loop {
        match keeper.pass(Timestamp::now()).await {
            Ok(kept) => {
                trouble.over("what the clock owes is done");
                kept.tell();
                tokio::time::sleep(LOOK).await;
            }
            Err(error) => trouble.wait_out(&error, "what the clock owes cannot be done").await,
        }
    }
}

/// What a pass did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    /// Whistles whose missing units were reminded.
    pub reminded: usize,
    /// Whistles whose missing units were reported absent.
    pub reported: usize,
    /// Care visits that were overdue and went up.
    pub raised: usize,
    /// Suspended tickets that go on.
    pub resumed: usize,
    /// Closed tickets that were evaluated.
    pub evaluated: usize,
    /// Tickets, whistles and tasks whose deadline was made again.
    pub timed: usize,
    /// Names and telephone numbers of reporters that were deleted.
    pub forgotten: usize,
}

impl Kept {
    fn count(&mut self, action: Action) {
        match action {
            Action::Remind => self.reminded += 1,
            Action::ReportAbsent => self.reported += 1,
            Action::RaiseTo2 | Action::RaiseTo1 => self.raised += 1,
            Action::Resume => self.resumed += 1,
            Action::Evaluate => self.evaluated += 1,
            _ => {}
        }
    }

    fn tell(self) {
        let Self { reminded, reported, raised, resumed, evaluated, timed, forgotten } = self;
        if self != Self::default() {
            tracing::info!(
                tickets.reminded = reminded,
                tickets.reported = reported,
                tickets.raised = raised,
                tickets.resumed = resumed,
                tickets.evaluated = evaluated,
                tickets.timed = timed,
                reports.personal_deleted = forgotten,
                "the clock's due was done"
            );
        }
    }
}

/// The keeper of one process.
pub struct Keeper {
    db: Db,
    timing: Arc<Timing>,
    /// Whether provisional deadlines have been made again: the calendar of a process is as long
    /// as the process, so once is enough.
    timed: bool,
    keeping: Vec<Keeping>,
    /// When it was last looked for what is to be forgotten.
    forgot_at: Option<Timestamp>,
    /// Tickets whose step was refused: told once.
    told: BTreeSet<TicketId>,
}

impl Keeper {
    /// Over a database, by a calendar.
    pub fn new(db: Db, timing: Arc<Timing>) -> Self {
        let (keeping, forgot_at) = (Vec::new(), None);
        Self { db, timing, timed: false, keeping, forgot_at, told: BTreeSet::new() }
    }

    /// Also deletes what reporters told about themselves when it has been kept so long.
    #[must_use]
    pub fn forgetting(mut self, keeping: Vec<Keeping>) -> Self {
        self.keeping = keeping;
        self
    }

    /// Does what is owed at `now`: each step in order of the tickets' numbers. Nothing when
    /// another process is at it.
    ///
    /// # Errors
    /// When the database does not answer; what was committed before stays done.
    pub async fn pass(&mut self, now: Timestamp) -> anyhow::Result<Kept> {
        let mut kept = Kept::default();
        let mut client = self.db.client().await?;
        let mut after = Some(TicketId(i64::MIN));
        while let Some(last) = after {
            let mut transaction = client.transaction().await?;
            if !store::alone(&*transaction, store::LOCK).await? {
                return Ok(kept);
            }
            after = self.steps(&mut transaction, last, now, &mut kept).await?;
            transaction.commit().await?;
        }
        if !self.timed {
            let transaction = client.transaction().await?;
            if store::alone(&*transaction, store::LOCK).await? {
                kept.timed = self.time_again(&transaction).await?;
                transaction.commit().await?;
                self.timed = true;
            }
        }
        let owed = self.forgot_at.is_none_or(|at| now >= at.saturating_add(FORGET).unwrap_or(at));
        if owed && !self.keeping.is_empty() {
            kept.forgotten = self.forget(&mut client, now).await?;
            self.forgot_at = Some(now);
        }
        Ok(kept)
    }

    /// Deletes what reporters told about themselves and nobody needs any more, a batch at a time.
    async fn forget(&self, client: &mut Client, now: Timestamp) -> anyhow::Result<usize> {
        let mut forgotten = 0;
        loop {
            let transaction = client.transaction().await?;
            if !store::alone(&*transaction, store::LOCK).await? {
                return Ok(forgotten);
            }
            let batch =
                calling::store::forget(&*transaction, &self.keeping, now, FORGET_BATCH).await?;
            transaction.commit().await?;
            forgotten += batch;
            if batch == 0 {
                return Ok(forgotten);
            }
        }
    }

    /// Takes the steps owed to a batch of tickets after this one; the last of them when there may
    /// be more.
    async fn steps(
        &mut self,
        transaction: &mut Transaction<'_>,
        after: TicketId,
        now: Timestamp,
        kept: &mut Kept,
    ) -> anyhow::Result<Option<TicketId>> {
        let owed = store::owed(&**transaction, now, after, BATCH).await?;
        for &(ticket, action) in &owed {
            let step = transaction.transaction().await?;
            match self.step(&step, ticket, action, now).await {
                Ok(()) => {
                    step.commit().await?;
                    kept.count(action);
                }
                Err(refused) => {
                    // Where the database is gone, this fails as well and the pass with it.
                    step.rollback().await?;
                    self.tell(ticket, action, refused);
                }
            }
        }
        let full = i64::try_from(owed.len()).is_ok_and(|count| count == BATCH);
        Ok(owed.last().map(|(ticket, _)| *ticket).filter(|_| full))
    }

    async fn step(
        &self,
        transaction: &Transaction<'_>,
        ticket: TicketId,
        action: Action,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let everything = Scope::everything();
        let Some(standing) = tickets::ticket(transaction, ticket, &everything).await? else {
            return Ok(());
        };
        let question = ActOnTicket {
            note: note(action, standing.whistles.last()),
            ..ActOnTicket::new(ticket, standing.ticket.seq, action)
        };
        let acted =
            act(transaction, &standing, Actor::System, &question, &self.timing, now).await?;
        debug_assert!(matches!(acted, Acted::Now(_)), "the keeper sends no key");
        Ok(())
    }

    /// A step by the clock that is refused is a fault of ours, and is told once.
    fn tell(&mut self, ticket: TicketId, action: Action, refused: Refused) {
        if !self.told.insert(ticket) {
            return;
        }
        let error = match refused {
            Refused::Told(refusal) => refusal.message.en,
            Refused::Broken(error) => format!("{error:#}"),
        };
        tracing::error!(ticket.id = ticket.0, %action, error, "a step by the clock was refused");
    }

    /// Makes the marks again that were made without a published calendar, where there is one now.
    async fn time_again(&self, transaction: &Transaction<'_>) -> anyhow::Result<usize> {
        let mut timed = 0;
        let mut after = TicketId(i64::MIN);
        loop {
            let found = store::provisional_tickets(&**transaction, after, BATCH).await?;
            let Some(last) = found.last() else { break };
            after = last.ticket;
            for ticket in &found {
                let Some(marks) = self.timing.settled(ticket.clock.as_ref()) else { continue };
                let arrive = ticket.arrive_clock.as_ref();
                let arrive = arrive.map(|clock| self.timing.settled(Some(clock)));
                // Both or neither: one flag tells of both.
                if arrive.is_some_and(|marks| marks.is_none()) {
                    continue;
                }
                let arrive_due_at = arrive.flatten().map(|marks| marks.due_at);
                let done = store::time_ticket(&**transaction, ticket, marks, arrive_due_at).await?;
                timed += usize::from(done);
            }
        }
        for part in store::provisional_parts(&**transaction).await? {
            if let Some(marks) = self.timing.settled(Some(&part.clock)) {
                store::time_part(&**transaction, &part, marks).await?;
                timed += 1;
            }
        }
        Ok(timed)
    }
}

/// What the timeline says of a step by the clock, in both languages.
fn note(action: Action, whistle: Option<&Whistle>) -> String {
    let missing = || {
        let called = whistle.iter().flat_map(|whistle| &whistle.called);
        let missing = called.filter(|called| called.checked_in_at.is_none());
        let names = missing.map(|called| called.unit_name.as_str()).collect::<Vec<_>>().join("、");
        names.chars().take(NAMES_MAX_CHARS).collect::<String>()
    };
    match action {
        Action::Remind => format!("尚未报到：{0} / Not checked in yet: {0}", missing()),
        Action::ReportAbsent => format!("逾期未报到：{0} / Absent: {0}", missing()),
        Action::RaiseTo2 | Action::RaiseTo1 => {
            "探访逾期未完成 / The visit was not made in time".to_owned()
        }
        Action::Resume => "复核日期已到 / The date of review has come".to_owned(),
        Action::Evaluate => "评价期满 / The time for rating is over".to_owned(),
        _ => String::new(),
    }
}
