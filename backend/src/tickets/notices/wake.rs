//! Wakes the streams of this process when there may be notices for them.

use std::sync::Arc;
use tokio::sync::broadcast;

/// What is waited for at once and not yet looked at; whoever is slower looks anyway.
const WAITING: usize = 64;

/// For whom there may be notices, each as a hearer is written; nobody in particular: everybody.
pub type For = Arc<Vec<String>>;

/// Wakes streams.
#[derive(Clone)]
pub struct Wake(broadcast::Sender<For>);

impl Default for Wake {
    fn default() -> Self {
        Self(broadcast::channel(WAITING).0)
    }
}

impl Wake {
    /// There are notices for these, as the crier wrote it to every process.
    pub fn told(&self, message: &str) {
        self.wake(serde_json::from_str(message).unwrap_or_default());
    }

    /// There may be notices for anybody.
    pub fn everybody(&self) {
        self.wake(Vec::new());
    }

    fn wake(&self, hearers: Vec<String>) {
        // Nobody listening is no failure.
        let _listeners = self.0.send(Arc::new(hearers));
    }

    /// Hears of what comes from now on.
    pub fn listen(&self) -> broadcast::Receiver<For> {
        self.0.subscribe()
    }
}
