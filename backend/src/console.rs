//! What a verb says to whoever started it: messages and progress on standard error, the answer on
//! standard output.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Where a verb speaks.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    json: bool,
}

impl Console {
    /// With `json` the answer is one JSON object on standard output.
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether the answer is to be JSON.
    pub const fn is_json(self) -> bool {
        self.json
    }

    /// Says something on standard error.
    pub fn say(self, message: impl std::fmt::Display) {
        // Nobody listening is no reason to stop working.
        let _ = writeln!(std::io::stderr(), "{message}");
    }

    /// A progress bar of `length` steps; of unknown length with `None`. It is drawn only when
    /// standard error is a terminal.
    pub fn progress(self, length: Option<u64>, what: &str) -> ProgressBar {
        if !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let template = if length.is_some() {
            "{msg:28} {bar:32} {human_pos:>10} / {human_len} {eta:>5}"
        } else {
            "{msg:28} {spinner} {human_pos:>10} {elapsed:>5}"
        };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(length, target).with_style(style);
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// Gives the answer: the object with `--json`, otherwise the text.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn answer(
        self,
        object: &impl Serialize,
        text: impl std::fmt::Display,
    ) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, object)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{text}")?;
        }
        out.flush()?;
        Ok(())
    }

    /// Says why it was not done: the sentence on standard error, and with `--json` an object with
    /// it on standard output, so that a script always has one object to read.
    pub fn failed(self, error: &anyhow::Error) {
        let sentence = format!("{error:#}");
        self.say(format_args!("wangge: {sentence}"));
        if self.json {
            let object = serde_json::json!({ "error": sentence });
            // Nobody reads it: the exit code still tells.
            let _ = writeln!(std::io::stdout(), "{object}");
        }
    }
}
