//! What was logged while a test ran.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Lines with their levels.
type Lines = Arc<Mutex<Vec<(Level, String)>>>;

/// Keeps what is logged on this thread. A `#[tokio::test]` runs on one thread, the server it
/// starts included, so tests that run beside each other do not hear each other.
pub struct Logs {
    lines: Lines,
    _hearing: DefaultGuard,
}

impl Logs {
    /// Begins to listen.
    pub fn listen() -> Self {
        let lines = Lines::default();
        let keeper = Keeper(Arc::clone(&lines));
        let subscriber = tracing_subscriber::registry().with(keeper);
        Self { lines, _hearing: tracing::subscriber::set_default(subscriber) }
    }

    /// Takes the WARN and ERROR logged so far, one line each, as in `ERROR a call failed error=…`.
    pub fn take(&self) -> Vec<String> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let grave = lines.extract_if(.., |(level, _)| *level <= Level::WARN);
        grave.map(|(_, line)| line).collect()
    }

    /// Everything logged and not taken, of every level, spans with their fields included.
    pub fn everything(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|(_, line)| line.clone()).collect()
    }
}

struct Keeper(Lines);

impl Keeper {
    fn keep(&self, level: Level, line: &Line) {
        let line = format!("{level} {}{}", line.message, line.fields);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((level, line));
    }
}

impl<S: Subscriber> Layer<S> for Keeper {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line { message: String::new(), fields: String::new() };
        event.record(&mut line);
        self.keep(*event.metadata().level(), &line);
    }

    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let name = span.metadata().name().to_owned();
        let mut line = Line { message: name, fields: String::new() };
        span.record(&mut line);
        self.keep(*span.metadata().level(), &line);
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
