//! Group commit: reports that arrive while a statement runs are written by the next one.
//!
//! One statement and one commit serve all reports that gathered, so that many senders share the
//! price of a flush to disk. Each waits for its own answer, which is given after the commit. A
//! report the database refuses does not take its neighbours with it: they are written singly.
//!
//! There is one writer. Two take half as much each and pay for twice as many statements: on two
//! cores they reached 0.9 of it at 16 senders and 1.1 of it at 64.

use super::store::{NewReport, Stored};
use super::{personal, photos};
use crate::db::{Client, Db};
use deadpool_postgres::Transaction;
use domain::ids::ReportId;
use jiff::Timestamp;
use std::future::Future;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// The most reports in one statement.
const BATCH: usize = 256;
/// The most reports that wait before senders are told to come back.
const WAITING: usize = 20_000;

/// How long a writer waits at most for senders to come back.
const MOMENT: Duration = Duration::from_micros(500);

/// Why a report was not acknowledged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotStored {
    /// More are waiting than can be kept; nothing was stored.
    TooMany,
    /// The database refused this report; nothing was stored.
    Refused,
    /// The database did not answer; the report may or may not be stored.
    Lost,
}

/// How reports are stored. Nouns further on keep something of each report in the same statement,
/// so that neither is ever there without the other; every statement of its own would cost each
/// report a round trip.
pub trait Storing: Send + Sync + 'static {
    /// Stores reports; committed when it returns. Answers in the order given.
    ///
    /// # Errors
    /// Then nothing is stored, unless the connection was lost.
    fn store(
        &self,
        client: &Client,
        reports: &[&NewReport],
    ) -> impl Future<Output = anyhow::Result<Vec<Stored>>> + Send;

    /// The same within a transaction that goes on after it.
    ///
    /// # Errors
    /// Then nothing of the transaction may be kept.
    fn store_within(
        &self,
        transaction: &Transaction<'_>,
        reports: &[&NewReport],
    ) -> impl Future<Output = anyhow::Result<Vec<Stored>>> + Send;
}

struct Waiting {
    report: NewReport,
    answer: oneshot::Sender<Result<Stored, NotStored>>,
}

/// The way in for reports; clones share it.
#[derive(Clone)]
pub struct Intake(mpsc::Sender<Waiting>);

impl Intake {
    /// Starts the writer. It ends when the last clone is dropped and everything is written.
    pub fn start(db: Db, storing: impl Storing) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write_all(db, storing, receiver));
        Self(sender)
    }

    /// Stores a report; when this returns it is committed.
    ///
    /// # Errors
    /// [`NotStored`].
    pub async fn take(&self, report: NewReport) -> Result<Stored, NotStored> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Waiting { report, answer }).map_err(|_| NotStored::TooMany)?;
        answered.await.unwrap_or(Err(NotStored::Lost))
    }
}

async fn write_all(db: Db, storing: impl Storing, mut receiver: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut before = 0;
    while gather(&mut receiver, &mut batch, before).await {
        before = batch.len();
        // A report that comes alone does not wait for what comes with others.
        let mut accompanied: Vec<Waiting> =
            batch.extract_if(.., |waiting| waiting.report.is_accompanied()).collect();
        answer_all(&db, &storing, &mut batch).await;
        answer_all(&db, &storing, &mut accompanied).await;
    }
}

async fn answer_all(db: &Db, storing: &impl Storing, batch: &mut Vec<Waiting>) {
    let reports: Vec<&NewReport> = batch.iter().map(|waiting| &waiting.report).collect();
    if reports.is_empty() {
        return;
    }
    let answers = write(db, storing, &reports).await;
    for (waiting, answer) in batch.drain(..).zip(answers) {
        // A sender that went away still has its report stored.
        let _gone = waiting.answer.send(answer);
    }
}

/// Waits for reports; `false` when there will be none. Senders that were answered together come
/// back together, but one of them first: it would be written alone, at nearly the price of all.
/// So a moment is given until as many have come as the time before, and none to a single sender.
async fn gather(
    receiver: &mut mpsc::Receiver<Waiting>,
    batch: &mut Vec<Waiting>,
    before: usize,
) -> bool {
    if receiver.recv_many(batch, BATCH).await == 0 {
        return false;
    }
    let since = Instant::now();
    while batch.len() < before && since.elapsed() < MOMENT {
        // The runtime looks after everybody else meanwhile. Its timers know milliseconds only.
        tokio::task::yield_now().await;
        while batch.len() < BATCH {
            let Ok(waiting) = receiver.try_recv() else { break };
            batch.push(waiting);
        }
    }
    true
}

async fn write(
    db: &Db,
    storing: &impl Storing,
    reports: &[&NewReport],
) -> Vec<Result<Stored, NotStored>> {
    let together = write_once(db, storing, reports).await;
    match together {
        Ok(stored) => stored.into_iter().map(Ok).collect(),
        Err(NotStored::Refused) if reports.len() > 1 => {
            let mut answers = Vec::with_capacity(reports.len());
            for report in reports {
                let alone = write_once(db, storing, &[*report]).await;
                answers.push(alone.map(|stored| stored[0]));
            }
            answers
        }
        Err(error) => vec![Err(error); reports.len()],
    }
}

async fn write_once(
    db: &Db,
    storing: &impl Storing,
    reports: &[&NewReport],
) -> Result<Vec<Stored>, NotStored> {
    let mut client = db.client().await.map_err(|error| {
        tracing::error!(error = %error, "reports wait for a database connection in vain");
        NotStored::Lost
    })?;
    let written = match reports.iter().any(|report| report.is_accompanied()) {
        false => storing.store(&client, reports).await,
        true => accompanied(&mut client, storing, reports).await,
    };
    written.map_err(|error| {
        let reports = reports.len();
        let from_database = error.downcast_ref::<tokio_postgres::Error>();
        match from_database.and_then(|error| error.as_db_error()) {
            Some(refused) => {
                let code = refused.code().code();
                tracing::error!(reports, code, constraint = refused.constraint(), "refused");
                NotStored::Refused
            }
            None => {
                tracing::error!(reports, error = format!("{error:#}"), "reports were not written");
                NotStored::Lost
            }
        }
    })
}

/// Stores reports with what came with them, all or nothing.
async fn accompanied(
    client: &mut Client,
    storing: &impl Storing,
    reports: &[&NewReport],
) -> anyhow::Result<Vec<Stored>> {
    let transaction = client.transaction().await?;
    let stored = storing.store_within(&transaction, reports).await?;
    let new = stored.iter().zip(reports).filter_map(|(stored, report)| match stored {
        Stored::New(id, _) => Some((*report, *id)),
        Stored::Already(_) => None,
    });
    let new: Vec<(&NewReport, ReportId)> = new.collect();
    if new.iter().any(|(report, _)| !report.photos.is_empty()) {
        photos::store::use_for_reports(&transaction, &new, Timestamp::now()).await?;
    }
    if new.iter().any(|(report, _)| !report.personal.is_empty()) {
        personal::store::add(&transaction, &new).await?;
    }
    transaction.commit().await?;
    Ok(stored)
}
