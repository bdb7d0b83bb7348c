//! Brings messages to their webhooks: at least once, those of a ticket in the order of its steps.
//!
//! A message is claimed by moving the time of its next attempt ahead, by longer than an attempt can
//! take. So no connection is held while a receiver thinks, several processes share the work, and
//! what a killed process had claimed is due again by itself.

use super::address::{self, PrivateName, PublicOnly};
use super::again::{Failure, again};
use super::store::{self, Claimed, Failed, Target};
use crate::db::Db;
use domain::ids::WebhookId;
use domain::tickets::telling::{
    HEADER_ID, HEADER_SIGNATURE, HEADER_TIMESTAMP, Message, Moved, Problem, Topic,
};
use futures::future::join_all;
use futures::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it may take to be reached.
const REACH: Duration = Duration::from_secs(5);
/// How long a claim holds: far longer than an attempt can take.
pub const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// How many messages one webhook is sent at once.
const AT_ONCE: i64 = 8;
/// How often it looks for what is due.
const EVERY: Duration = Duration::from_secs(1);

/// Brings messages.
pub struct Courier {
    db: Db,
    http: reqwest::Client,
    to_private: bool,
}

/// What came of the messages that were claimed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// They arrived.
    pub delivered: usize,
    /// They did not, and will be tried again.
    pub failed: usize,
    /// They did not, and will not be tried again.
    pub dead: usize,
}

impl Tally {
    /// How many were claimed.
    pub const fn claimed(self) -> usize {
        self.delivered + self.failed + self.dead
    }

    fn add(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.dead += other.dead;
    }
}

impl Courier {
    /// One that goes to private addresses, or not.
    ///
    /// # Errors
    /// When there is no TLS to speak.
    pub fn new(db: Db, to_private: bool) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(REACH)
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would look names up by itself, past the check of what they mean.
            .no_proxy()
            .user_agent(concat!("wangge/", env!("CARGO_PKG_VERSION")));
        let http = if to_private { http } else { http.dns_resolver(Arc::new(PublicOnly)) };
        Ok(Self { db, http: http.build()?, to_private })
    }

    /// Whether private addresses are allowed.
    pub const fn to_private(&self) -> bool {
        self.to_private
    }

    /// Brings what is due, webhook by webhook, without end; `webhooks` of them at once.
    pub async fn run(&self, webhooks: usize) {
        let mut busy = BTreeSet::new();
        let mut under_way = FuturesUnordered::new();
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = false;
        loop {
            let done = tokio::select! {
                _ = ticks.tick() => {
                    let due = self.due(Timestamp::now()).await;
                    for &webhook in due.iter().flatten() {
                        if busy.len() < webhooks && busy.insert(webhook) {
                            under_way.push(self.serve(webhook));
                        }
                    }
                    due.map(|_| ())
                }
                Some((webhook, done)) = under_way.next() => {
                    busy.remove(&webhook);
                    done
                }
            };
            // A database that does not answer is told of once, not once a second.
            match done {
                Ok(()) => told = false,
                Err(error) if !std::mem::replace(&mut told, true) => {
                    let error = format!("{error:#}");
                    tracing::warn!(error, "messages to webhooks wait for the database");
                }
                Err(_) => {}
            }
        }
    }

    /// Everything due for a webhook until nothing is left.
    async fn serve(&self, webhook: WebhookId) -> (WebhookId, anyhow::Result<()>) {
        loop {
            match self.round(webhook, Timestamp::now()).await {
                Ok(tally) if tally.claimed() == 0 => return (webhook, Ok(())),
                Ok(_) => {}
                Err(error) => return (webhook, Err(error)),
            }
        }
    }

    /// Brings everything that is due at a time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pass(&self, now: Timestamp) -> anyhow::Result<Tally> {
        let mut all = Tally::default();
        for webhook in self.due(now).await? {
            loop {
                let tally = self.round(webhook, now).await?;
                all.add(tally);
                if tally.claimed() == 0 {
                    break;
                }
            }
        }
        Ok(all)
    }

    async fn due(&self, now: Timestamp) -> anyhow::Result<Vec<WebhookId>> {
        Ok(store::due(&**self.db.client().await?, now).await?)
    }

    /// Claims some messages of a webhook, tries them all at once and keeps what came of it.
    async fn round(&self, webhook: WebhookId, now: Timestamp) -> anyhow::Result<Tally> {
        let until = now.checked_add(CLAIM)?;
        let (target, claimed) = {
            let db = self.db.client().await?;
            let Some(target) = store::target(&**db, webhook).await? else {
                return Ok(Tally::default());
            };
            (target, store::claim(&**db, webhook, now, until, AT_ONCE).await?)
        };
        let tried = join_all(claimed.iter().map(|message| self.bring(&target, message, now)));
        let tried = tried.await;
        let (mut arrived, mut failures) = (Vec::new(), Vec::new());
        for (message, tried) in claimed.iter().zip(tried) {
            let (id, attempt) = (message.id, message.attempt);
            match tried {
                Ok(()) => arrived.push((id, attempt)),
                Err(failure) => {
                    let again = again(attempt, failure, now, rand::random());
                    failures.push(Failed { id, attempt, again, failure });
                }
            }
        }
        self.settle(webhook, &arrived, &failures, now).await?;
        let dead = failures.iter().filter(|failed| failed.again.is_none()).count();
        if dead > 0 {
            tracing::info!(webhook.id = webhook.0, dead, "messages became dead letters");
        }
        Ok(Tally { delivered: arrived.len(), failed: failures.len() - dead, dead })
    }

    async fn settle(
        &self,
        webhook: WebhookId,
        arrived: &[(domain::ids::MessageId, i32)],
        failures: &[Failed],
        now: Timestamp,
    ) -> anyhow::Result<()> {
        if arrived.is_empty() && failures.is_empty() {
            return Ok(());
        }
        let db = self.db.client().await?;
        if !arrived.is_empty() {
            store::delivered(&**db, webhook, arrived, now).await?;
        }
        if !failures.is_empty() {
            store::failed(&**db, failures).await?;
        }
        Ok(())
    }

    async fn bring(
        &self,
        target: &Target,
        message: &Claimed,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let data = told(message.moved.clone(), message.sensitive);
        let timestamp = data.at.clone();
        let body = Message { topic: Topic::Moved, timestamp, data: Some(data) };
        self.post(target, &format!("msg_{}", message.id), &body, now).await
    }

    /// Sends a test that is kept nowhere.
    ///
    /// # Errors
    /// What came of it.
    pub async fn test(&self, target: &Target, now: Timestamp) -> Result<(), Failure> {
        let id = format!("test_{:016x}", rand::random::<u64>());
        let body = Message { topic: Topic::Test, timestamp: now.to_string(), data: None };
        self.post(target, &id, &body, now).await
    }

    async fn post(
        &self,
        target: &Target,
        id: &str,
        body: &Message,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let private = Failure { problem: Problem::Private, status: None };
        let url = address::checked(&target.url, self.to_private).map_err(|_| private)?;
        let body = serde_json::to_vec(body).expect("a message is JSON");
        let seconds = now.as_second();
        let signature = target.secret.signature(id, seconds, &body);
        let request = self.http.post(url).body(body);
        let request = request
            .header("content-type", "application/json")
            .header(HEADER_ID, id)
            .header(HEADER_TIMESTAMP, seconds)
            .header(HEADER_SIGNATURE, signature);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => {
                let status = Some(answer.status().as_u16());
                Err(Failure { problem: Problem::Answered, status })
            }
            Err(error) => Err(Failure { problem: problem(&error), status: None }),
        }
    }
}

/// What others are told of a step.
fn told(moved: Moved, sensitive: bool) -> Moved {
    if !sensitive {
        return moved;
    }
    Moved {
        action: None,
        from: None,
        unit: None,
        unit_name: None,
        cell: None,
        category: None,
        ..moved
    }
}

fn problem(error: &reqwest::Error) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<PrivateName>() {
            return Problem::Private;
        }
        cause = error.source();
    }
    if error.is_timeout() { Problem::Silent } else { Problem::Unreachable }
}
