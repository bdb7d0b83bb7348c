//! What every handler of this process shares: the database and what the nouns keep in memory.

use crate::config::ServeConfig;
use crate::db::Db;
use std::sync::Arc;
use tokio::sync::watch;

/// The shared state of a server process; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// What the server was told from outside.
    pub config: Arc<ServeConfig>,
    /// The base map to draw under the grids.
    pub base_map: Arc<domain::grids::BaseMap>,
    /// Turns true when the server is about to stop: streams without an end must end then.
    pub closing: watch::Receiver<bool>,
}
