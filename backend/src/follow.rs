//! Follows what other processes do: new editions, changed people, new reports.

use crate::app::App;
use crate::reports::events::News;
use domain::reports::NewReports;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The channel of PostgreSQL that every process listens to.
const CHANNEL: &str = "wangge";
/// How long to wait before listening again after the connection broke.
const AGAIN: Duration = Duration::from_millis(250);
/// How often to look without having been told: a connection can die without a word.
const LOOK: Duration = Duration::from_secs(20);

/// Keeps the memory of this process up with the database until the server stops.
pub fn start(app: &App) {
    let stale = Arc::new(Notify::new());
    tokio::spawn(until_closing(app.clone(), listen(app.clone(), stale.clone())));
    tokio::spawn(until_closing(app.clone(), refresh(app.clone(), stale)));
}

async fn until_closing(app: App, work: impl Future<Output = ()>) {
    let mut closing = app.closing.clone();
    tokio::select! {
        () = work => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
}

async fn listen(app: App, stale: Arc<Notify>) {
    loop {
        let heard = |payload: &str| match payload.split_once(' ') {
            Some(("reports", json)) => {
                if let Ok(reports) = serde_json::from_str::<NewReports>(json) {
                    app.events.pass_on(News::Reports(Arc::new(reports)));
                }
            }
            _ => stale.notify_one(),
        };
        // Whatever was published before the listening began is found by looking.
        let ended = app.db.listen(CHANNEL, || stale.notify_one(), heard).await;
        if let Err(error) = ended {
            tracing::warn!(error = format!("{error:#}"), "listening to the database again");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn refresh(app: App, stale: Arc<Notify>) {
    loop {
        // Both outcomes mean: look.
        let _told = tokio::time::timeout(LOOK, stale.notified()).await;
        let refreshed = async {
            let client = app.db.client().await?;
            anyhow::Ok(app.live.refresh(&client).await?)
        };
        match refreshed.await {
            Ok(true) => {
                let edition = app.live.now().edition.id;
                tracing::info!(edition.id = edition.0, "an edition is in force");
                app.events.pass_on(News::Edition(edition));
            }
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the edition could not be looked up");
                tokio::time::sleep(AGAIN).await;
                stale.notify_one();
            }
        }
    }
}
