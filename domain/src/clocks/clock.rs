//! A clock: when it started, its limit, and what was approved to stop or lengthen it.

use super::{Calendar, Limit, Unknown, instant, seconds};
use crate::refusal::{Kind, Refusal};
use crate::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Percent of the limit from which a clock is due soon.
pub const WARN_PERCENT: u32 = 80;
/// Percent of the limit from which a clock is overdue.
pub const OVERDUE_PERCENT: u32 = 100;
/// Percent of the limit from which a clock is long overdue.
pub const LONG_PERCENT: u32 = 300;

words! {
    /// How a clock stands.
    ClockState {
        Fine = "fine", "正常", "in time";
        DueSoon = "due_soon", "即将超时", "due soon";
        Overdue = "overdue", "已超时", "overdue";
        LongOverdue = "long_overdue", "严重超时", "long overdue";
        Paused = "paused", "已暂停", "paused";
    }
}

/// An approved suspension (挂账): `from` is in it, `to` is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Since when.
    pub from: Timestamp,
    /// Until when; `None` until it is resumed.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// A clock, as it is kept and sent. It carries its own limit: a table changed later does not
/// touch it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// When it started.
    pub started_at: Timestamp,
    /// The limit it was given.
    pub limit: Limit,
    /// What it was lengthened by, each in the limit's own unit. They count from the start: the
    /// marks of 80, 100 and 300 percent are of the limit and all extensions together.
    #[serde(default)]
    pub extensions: Vec<u32>,
    /// Approved pauses, in any order; where they overlap a second is paused once.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// When what it measures was done; from then on it stands still as it is.
    #[serde(default)]
    pub stopped_at: Option<Timestamp>,
}

/// How a clock stands at an instant, in seconds of the clock's own unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reading {
    /// In a word. A paused clock that was overdue already stays overdue: nothing hides that.
    pub state: ClockState,
    /// Whether it is paused.
    pub paused: bool,
    /// Seconds counted so far.
    pub elapsed_s: i64,
    /// Seconds of the limit with its extensions.
    pub limit_s: i64,
}

impl Reading {
    /// Seconds left; negative when overdue.
    pub fn left_s(self) -> i64 {
        self.limit_s - self.elapsed_s
    }

    /// Percent of the limit used, rounded down, so that 80, 100 and 300 stand exactly from the
    /// marks on. A limit of nothing is used up at once: 300.
    pub fn used_percent(self) -> i64 {
        let percent = self.elapsed_s.saturating_mul(100).checked_div(self.limit_s);
        percent.unwrap_or(i64::from(LONG_PERCENT))
    }
}

impl Clock {
    /// A clock that runs from `started_at`.
    pub fn new(started_at: Timestamp, limit: Limit) -> Self {
        Self { started_at, limit, extensions: vec![], pauses: vec![], stopped_at: None }
    }

    /// Lengthens it by a limit in its own unit.
    ///
    /// # Errors
    /// A refusal when the unit is another one.
    pub fn extend(&mut self, by: Limit) -> Result<(), Refusal> {
        if by.unit != self.limit.unit {
            let limit = self.limit;
            return Err(Refusal::new(
                Kind::Invalid,
                format!("原时限为 {}，延期须用同一单位，不能是 {}", limit.zh(), by.zh()),
                format!(
                    "The limit is {}; an extension must be in the same unit, not {}",
                    limit.en(),
                    by.en()
                ),
            ));
        }
        self.extensions.push(by.amount);
        Ok(())
    }

    /// Pauses it from an instant on, until one or until it is resumed.
    pub fn pause(&mut self, from: Timestamp, to: Option<Timestamp>) {
        self.pauses.push(Pause { from, to });
    }

    /// Ends every pause that would last beyond an instant; what was left then runs on.
    pub fn resume(&mut self, at: Timestamp) {
        for pause in &mut self.pauses {
            pause.to = Some(pause.to.map_or(at, |to| to.min(at)));
        }
    }

    /// Stops it for good; a clock once stopped stays stopped where it was.
    pub fn stop(&mut self, at: Timestamp) {
        self.stopped_at.get_or_insert(at);
    }

    /// Seconds of the limit with its extensions.
    pub fn limit_s(&self, calendar: &Calendar) -> i64 {
        let unit_s = calendar.unit_s(self.limit.unit);
        let whole = self.extensions.iter().chain([&self.limit.amount]);
        whole.fold(0, |sum: i64, n| sum.saturating_add(i64::from(*n).saturating_mul(unit_s)))
    }

    /// How it stands at `now`, or at its stop if that is earlier. Before the start nothing has
    /// been counted.
    ///
    /// # Errors
    /// [`Unknown`] when a running second lies in an unknown year; years after `now` are not
    /// needed.
    pub fn read(&self, now: Timestamp, calendar: &Calendar) -> Result<Reading, Unknown> {
        let stopped = self.stopped_at.filter(|at| *at <= now);
        let at = seconds(stopped.unwrap_or(now));
        let (limit_s, mut elapsed_s) = (self.limit_s(calendar), 0_i64);
        for (from, to) in self.stretches() {
            if from >= at {
                break;
            }
            let to = to.map_or(at, |to| to.min(at));
            elapsed_s = elapsed_s.saturating_add(calendar.span(self.limit.unit, from, to)?);
        }
        let started = at >= seconds(self.started_at);
        let reached = |percent| started && elapsed_s >= mark(limit_s, percent);
        let paused = stopped.is_none() && started && self.paused_until(at) != Some(at);
        let state = match () {
            () if reached(LONG_PERCENT) => ClockState::LongOverdue,
            () if reached(OVERDUE_PERCENT) => ClockState::Overdue,
            () if paused => ClockState::Paused,
            () if reached(WARN_PERCENT) => ClockState::DueSoon,
            () => ClockState::Fine,
        };
        Ok(Reading { state, paused, elapsed_s, limit_s })
    }

    /// From when on it is due soon; as [`Clock::due_at`].
    ///
    /// # Errors
    /// As [`Clock::due_at`].
    pub fn warn_at(&self, calendar: &Calendar) -> Result<Option<Timestamp>, Unknown> {
        self.reaches(WARN_PERCENT, calendar)
    }

    /// From when on it is overdue: the deadline, with all extensions and pauses known so far.
    /// `None` while a pause without an end comes before it. Its stop is not looked at: what was
    /// done in time keeps the deadline it had.
    ///
    /// # Errors
    /// [`Unknown`] when a running second before it lies in an unknown year.
    pub fn due_at(&self, calendar: &Calendar) -> Result<Option<Timestamp>, Unknown> {
        self.reaches(OVERDUE_PERCENT, calendar)
    }

    /// From when on it is long overdue; as [`Clock::due_at`].
    ///
    /// # Errors
    /// As [`Clock::due_at`].
    pub fn long_at(&self, calendar: &Calendar) -> Result<Option<Timestamp>, Unknown> {
        self.reaches(LONG_PERCENT, calendar)
    }

    /// The earliest instant by which so many percent of the limit are counted.
    fn reaches(&self, percent: u32, calendar: &Calendar) -> Result<Option<Timestamp>, Unknown> {
        let mut need = mark(self.limit_s(calendar), percent);
        if need == 0 {
            return Ok(Some(instant(seconds(self.started_at))));
        }
        let unit = self.limit.unit;
        for (from, to) in self.stretches() {
            let whole = to.map(|to| calendar.span(unit, from, to));
            match whole {
                Some(Ok(whole)) if whole < need => need -= whole,
                // The stretch is long enough, endless, or runs into a year that is not known:
                // then the mark may still come before that year.
                _ => return calendar.after(unit, from, need).map(|s| Some(instant(s))),
            }
        }
        Ok(None)
    }

    /// The stretches in which it runs, from the start on, in order; `None` ends the last one.
    fn stretches(&self) -> impl Iterator<Item = (i64, Option<i64>)> {
        let mut at = self.paused_until(seconds(self.started_at));
        std::iter::from_fn(move || {
            let from = at?;
            let begins = |pause: &Pause| {
                let starts = seconds(pause.from);
                (starts > from && pause.to.is_none_or(|to| seconds(to) > starts)).then_some(starts)
            };
            let to = self.pauses.iter().filter_map(begins).min();
            at = to.and_then(|to| self.paused_until(to));
            Some((from, to))
        })
    }

    /// The first second from `at` on that is not paused; `None` when a pause has no end.
    fn paused_until(&self, mut at: i64) -> Option<i64> {
        let covers = |pause: &&Pause, at: i64| {
            seconds(pause.from) <= at && pause.to.is_none_or(|to| seconds(to) > at)
        };
        while let Some(pause) = self.pauses.iter().find(|pause| covers(pause, at)) {
            at = seconds(pause.to?);
        }
        Some(at)
    }
}

/// Seconds that make so many percent of a limit, rounded up.
fn mark(limit_s: i64, percent: u32) -> i64 {
    let exact = i128::from(limit_s) * i128::from(percent);
    i64::try_from((exact + 99) / 100).unwrap_or(i64::MAX)
}
