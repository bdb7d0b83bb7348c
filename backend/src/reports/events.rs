//! What is new, as server-sent events: reports gathered for a second, editions at once.
//!
//! A process tells the others of its reports with a NOTIFY a second, so that a browser hears of
//! every report whichever process took it, and taking a report costs no message.

use crate::app::App;
use crate::call::{Routes, Row, Shape};
use crate::db::Db;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use domain::ids::{EditionId, ReportId};
use domain::reports::{EVENTS, NewReportAt, NewReports};
use domain::{Verb, Who};
use futures::Stream;
use spatial::Position;
use std::convert::Infallible;
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

/// The route.
pub fn routes() -> Routes {
    let row = Row {
        name: "events",
        verb: Verb::Get,
        path: EVENTS,
        who: Who::Anyone,
        about: "Server-sent events: `reports` (gathered, at most one a second) and `edition`.",
        shape: Shape::Plain { asks: &[], takes: "", gives: "text/event-stream" },
    };
    Routes::new().plain(row, get(serve))
}

async fn serve(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut news = app.events.news.subscribe();
    let mut closing = app.closing.clone();
    let now = app.live.now().edition.id;
    let events = async_stream::stream! {
        // The first event says which edition is in force: whoever reconnects has missed nothing.
        yield Ok(event(&News::Edition(now)));
        loop {
            let heard = tokio::select! {
                heard = news.recv() => heard,
                _ = closing.wait_for(|closing| *closing) => break,
            };
            match heard {
                Ok(heard) => yield Ok(event(&heard)),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => break,
            }
        }
    };
    Sse::new(events).keep_alive(KeepAlive::default())
}

fn event(news: &News) -> Event {
    let (name, data) = match news {
        News::Reports(reports) => ("reports", serde_json::to_string(&**reports)),
        News::Edition(edition) => ("edition", serde_json::to_string(edition)),
    };
    Event::default().event(name).data(data.unwrap_or_default())
}
