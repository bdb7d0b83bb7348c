//! Group commit: reports that arrive while a statement runs are written by the next one.
//!
//! One statement and one commit serve all reports that gathered, so that many senders share the
//! price of a flush to disk. Each waits for its own answer, which is given after the commit. A
//! report the database refuses does not take its neighbours with it: they are written singly.
//!
//! There is one writer. More of them take smaller batches each and pay for more statements: at 16
//! senders two reach two thirds of what one does, eight less than that.

use super::store::{self, NewReport, Stored};
use crate::db::Db;
use deadpool_postgres::Transaction;
use domain::ids::ReportId;
use std::future::Future;
use tokio::sync::{mpsc, oneshot};

/// The most reports in one statement.
const BATCH: usize = 256;
/// The most reports that wait before senders are told to come back.
const WAITING: usize = 20_000;

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

/// What nouns further on write in the transaction that stores reports.
pub trait Beside: Send + Sync + 'static {
    /// Writes what belongs to reports just stored.
    ///
    /// # Errors
    /// Then the reports are not stored either.
    fn write(
        &self,
        transaction: &Transaction<'_>,
        stored: &[(&NewReport, ReportId)],
    ) -> impl Future<Output = anyhow::Result<()>> + Send;
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
    pub fn start(db: Db, beside: impl Beside) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write_all(db, beside, receiver));
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

async fn write_all(db: Db, beside: impl Beside, mut receiver: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        let reports: Vec<&NewReport> = batch.iter().map(|waiting| &waiting.report).collect();
        let answers = write(&db, &beside, &reports).await;
        for (waiting, answer) in batch.drain(..).zip(answers) {
            // A sender that went away still has its report stored.
            let _gone = waiting.answer.send(answer);
        }
    }
}

async fn write(
    db: &Db,
    beside: &impl Beside,
    reports: &[&NewReport],
) -> Vec<Result<Stored, NotStored>> {
    let together = write_once(db, beside, reports).await;
    match together {
        Ok(stored) => stored.into_iter().map(Ok).collect(),
        Err(NotStored::Refused) if reports.len() > 1 => {
            let mut answers = Vec::with_capacity(reports.len());
            for report in reports {
                let alone = write_once(db, beside, &[*report]).await;
                answers.push(alone.map(|stored| stored[0]));
            }
            answers
        }
        Err(error) => vec![Err(error); reports.len()],
    }
}

async fn write_once(
    db: &Db,
    beside: &impl Beside,
    reports: &[&NewReport],
) -> Result<Vec<Stored>, NotStored> {
    let mut client = db.client().await.map_err(|error| {
        tracing::error!(error = %error, "reports wait for a database connection in vain");
        NotStored::Lost
    })?;
    let written: anyhow::Result<_> = async {
        let statement = client.prepare_cached(store::ADD_REPORTS).await?;
        let transaction = client.transaction().await?;
        let stored = store::add_reports(&*transaction, &statement, reports).await?;
        let new = stored.iter().zip(reports).filter_map(|(stored, report)| match stored {
            Stored::New(id, _) => Some((*report, *id)),
            Stored::Already(_) => None,
        });
        let new: Vec<(&NewReport, ReportId)> = new.collect();
        if !new.is_empty() {
            beside.write(&transaction, &new).await?;
        }
        transaction.commit().await?;
        Ok(stored)
    }
    .await;
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
