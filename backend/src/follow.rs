//! Follows what other processes do: new editions, changed people, new reports, notices.

use crate::app::App;
use crate::background::{Trouble, until_closing};
use crate::reports::events::News;
use domain::reports::NewReports;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The channel of PostgreSQL that every process listens to.
const CHANNEL: &str = "wangge";
/// How often to look without having been told: a connection can die without a word.
const LOOK: Duration = Duration::from_secs(20);

/// Keeps the memory of this process up with the database until the server stops.
pub fn start(app: &App) {
    let stale = Arc::new(Notify::new());
    tokio::spawn(until_closing(app.clone(), listen(app.clone(), stale.clone())));
    tokio::spawn(until_closing(app.clone(), refresh(app.clone(), stale)));
}

async fn listen(app: App, stale: Arc<Notify>) {
    let mut trouble = Trouble::none();
    loop {
        let heard = |payload: &str| match payload.split_once(' ') {
            Some(("reports", json)) => {
                if let Ok(reports) = serde_json::from_str::<NewReports>(json) {
                    app.events.pass_on(News::Reports(Arc::new(reports)));
                }
            }
            Some(("notices", hearers)) => app.notices.told(hearers),
            None if payload == "sessions" => app.notices.everybody(),
            _ => {
                // Who somebody is may have changed.
                app.notices.everybody();
                stale.notify_one();
            }
        };
        // Whatever was published before the listening began is found by looking.
        let listening = || {
            stale.notify_one();
            app.notices.everybody();
            trouble.over("the database is listened to");
        };
        let ended = app.db.listen(CHANNEL, listening, heard).await;
        if let Err(error) = ended {
            trouble.wait_out(&error, "the database cannot be listened to").await;
        }
    }
}

async fn refresh(app: App, stale: Arc<Notify>) {
    let mut trouble = Trouble::none();
    loop {
        // Both outcomes mean: look.
        let _told = tokio::time::timeout(LOOK, stale.notified()).await;
        let refreshed = async {
            let client = app.db.client().await?;
            app.tokens.refresh(&**client).await?;
            anyhow::Ok(app.live.refresh(&client).await?)
        };
        let refreshed = refreshed.await;
        if refreshed.is_ok() {
            trouble.over("the edition is looked up");
        }
        match refreshed {
            Ok(true) => {
                let edition = app.live.now().edition.id;
                tracing::info!(edition.id = edition.0, "an edition is in force");
                app.events.pass_on(News::Edition(edition));
            }
            Ok(false) => {}
            Err(error) => {
                trouble.wait_out(&error, "the edition could not be looked up").await;
                stale.notify_one();
            }
        }
    }
}
