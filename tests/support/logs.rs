//! What was logged while a test ran.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Keeps every WARN and ERROR of this thread. A `#[tokio::test]` runs on one thread, the server it
/// starts included, so tests that run beside each other do not hear each other.
pub struct Logs {
    lines: Arc<Mutex<Vec<String>>>,
    _hearing: DefaultGuard,
}

impl Logs {
    /// Begins to listen.
    pub fn listen() -> Self {
        let lines = Arc::default();
        let keeper = Keeper(Arc::clone(&lines));
        let subscriber = tracing_subscriber::registry().with(keeper);
        Self { lines, _hearing: tracing::subscriber::set_default(subscriber) }
    }

    /// Takes what was logged so far, one line each, as in `ERROR a call failed error=…`.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Keeper(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Keeper {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() > Level::WARN {
            return;
        }
        let mut line = Line { message: String::new(), fields: String::new() };
        event.record(&mut line);
        let line = format!("{} {}{}", event.metadata().level(), line.message, line.fields);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let written = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
        written.expect("writing to a string cannot fail");
    }
}
