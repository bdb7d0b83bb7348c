//! Work in the background of a server: until it closes, and patient with a database that is away.

use crate::app::App;
use std::time::Duration;

/// How long to wait before asking a database again that did not answer: at first, and at most.
const AGAIN: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(30)];

/// Does work until it is done or the server closes.
pub async fn until_closing(app: App, work: impl Future<Output = ()>) {
    let mut closing = app.closing.clone();
    tokio::select! {
        () = work => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
}

/// Trouble with the database: waited out longer and longer, and told once.
pub struct Trouble {
    wait: Duration,
    told: bool,
}

impl Trouble {
    /// None so far.
    pub const fn none() -> Self {
        Self { wait: AGAIN[0], told: false }
    }

    /// It failed: says so if it is the first time, and waits.
    pub async fn wait_out(&mut self, error: &anyhow::Error, what: &'static str) {
        if !std::mem::replace(&mut self.told, true) {
            tracing::warn!(error = format!("{error:#}"), "{what}; trying again until it answers");
        }
        tokio::time::sleep(self.wait).await;
        self.wait = (self.wait * 2).min(AGAIN[1]);
    }

    /// It works: says so if it was told that it did not.
    pub fn over(&mut self, what: &'static str) {
        if self.told {
            tracing::info!("{what} again");
        }
        *self = Self::none();
    }
}
