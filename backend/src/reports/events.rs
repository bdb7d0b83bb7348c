//! What is new for the event stream: reports gathered for a second, editions at once.
//!
//! A process tells the others of its reports with a NOTIFY a second, so that a browser hears of
//! every report whichever process took it, and taking a report costs no message.

use crate::db::Db;
use domain::ids::{EditionId, ReportId};
use domain::reports::{NewReportAt, NewReports};
use spatial::Position;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};

/// A message holds at most 8,000 bytes: so many places fit with room to spare.
const PLACES: usize = 40;
/// How often reports are told of.
const EVERY: Duration = Duration::from_secs(1);

/// Something a browser may want to hear of.
#[derive(Clone, Debug)]
pub enum News {
    /// Reports were taken in.
    Reports(Arc<NewReports>),
    /// An edition is in force.
    Edition(EditionId),
}

/// What is gathered and told.
#[derive(Clone)]
pub struct Events {
    gathered: Arc<Gathered>,
    news: broadcast::Sender<News>,
}

#[derive(Default)]
struct Gathered {
    reports: Mutex<NewReports>,
    some: Notify,
}

impl Events {
    /// Starts telling.
    pub fn start(db: Db) -> Self {
        let (news, _) = broadcast::channel(64);
        let gathered = Arc::new(Gathered::default());
        tokio::spawn(tell_others(db, Arc::downgrade(&gathered)));
        Self { gathered, news }
    }

    /// A report was taken in by this process.
    pub fn taken(&self, report: ReportId, at: Position, cell: Option<&str>) {
        let mut reports = lock(&self.gathered.reports);
        reports.count += 1;
        if reports.reports.len() < PLACES {
            let (lng, lat) = (at.lng_deg(), at.lat_deg());
            reports.reports.push(NewReportAt { report, lng, lat, cell: cell.map(str::to_owned) });
        }
        drop(reports);
        self.gathered.some.notify_one();
    }

    /// Passes news on to every browser that listens to this process.
    pub fn pass_on(&self, news: News) {
        // Nobody listening is no failure.
        let _listeners = self.news.send(news);
    }

    /// Hears of what comes from now on.
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }
}

fn lock(reports: &Mutex<NewReports>) -> std::sync::MutexGuard<'_, NewReports> {
    reports.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends what has gathered to every process, this one included, at most once a second.
async fn tell_others(db: Db, gathered: std::sync::Weak<Gathered>) {
    loop {
        let Some(waiting) = gathered.upgrade() else { return };
        waiting.some.notified().await;
        let reports = std::mem::take(&mut *lock(&waiting.reports));
        drop(waiting);
        if reports.count > 0 {
            let told = async {
                let client = db.client().await?;
                let payload = format!("reports {}", serde_json::to_string(&reports)?);
                client.execute(super::store::TELL, &[&payload]).await?;
                anyhow::Ok(())
            };
            if let Err(error) = told.await {
                tracing::warn!(error = format!("{error:#}"), "new reports could not be told of");
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}
