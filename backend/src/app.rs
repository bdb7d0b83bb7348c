//! What every handler of this process shares: the database and what the nouns keep in memory.

use crate::config::ServeConfig;
use crate::db::Db;
use crate::grids::live::LiveGrid;
use crate::people::throttle::{Failures, Throttle};
use crate::reports::codes::Codes;
use crate::reports::events::Events;
use crate::reports::intake::Intake;
use crate::reports::photos::Photos;
use crate::reports::tokens::Tokens;
use crate::serve::upstream::Upstream;
use crate::tickets::notices::wake::Wake;
use crate::tickets::telling::courier::Courier;
use crate::tickets::timing::Timing;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// The shared state of a server process; a clone is one count, which every request pays.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    /// Shares the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What is shared.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// What the server was told from outside.
    pub config: Arc<ServeConfig>,
    /// The base map to draw under the grids.
    pub base_map: Arc<domain::grids::BaseMap>,
    /// Where its tiles are fetched from, if they come through here.
    pub upstream: Option<Arc<Upstream>>,
    /// The edition in force.
    pub live: Arc<LiveGrid>,
    /// Tiles of editions made before.
    pub tiles: crate::grids::tiles::Kept,
    /// Working calendar and limits.
    pub timing: Arc<Timing>,
    /// The figures of duplicates and repeats.
    pub repeats: Arc<domain::tickets::repeats::Figures>,
    /// Tracking codes of reports.
    pub codes: Codes,
    /// The way in for reports.
    pub intake: Intake,
    /// The way in for photos, and where they lie.
    pub photos: Arc<Photos>,
    /// How long what reporters tell about themselves is kept.
    pub keeping: Vec<domain::reports::Keeping>,
    /// Tokens of channels.
    pub tokens: Tokens,
    /// What browsers hear of.
    pub events: Events,
    /// Wakes the streams when there are notices.
    pub notices: Wake,
    /// Brings messages to webhooks.
    pub courier: Arc<Courier>,
    /// Failed sign-ins.
    pub throttle: Arc<Throttle>,
    /// Tracking codes that are none, by network address.
    pub guesses: Failures<IpAddr>,
    /// Turns true when the server is about to stop: streams without an end must end then.
    pub closing: watch::Receiver<bool>,
}
