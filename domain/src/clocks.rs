//! Clocks: working calendars, limits, and the clocks that run against them. Pure arithmetic.
//!
//! Everything counts whole seconds; what a timestamp has below the second is cut off downwards.
//! No function asks what time it is: `now` is passed in. A time that lies before the start, an end
//! before its beginning, a limit beyond the end of time: each saturates, none panics.
//!
//! What a unit counts ([`Unit`]), the same for limits, elapsed time and what is left:
//! - working hours and working days count the seconds inside the working windows of working days;
//!   a working day is the sum of one day's windows ([`Hours::day_s`]), not "until tomorrow";
//! - urgent hours and calendar days count every second. The zone has no summer time, so a calendar
//!   day is 86,400 s and the wall time comes out the same.
//!
//! The deadline is the *earliest* instant at which that much has been counted: four working hours
//! from 14:00 end at 18:00 on the same day, not at 08:00 on the next.

mod calendar;
mod clock;
mod hours;
mod limit;
mod limits;
mod published;
mod shipped;

pub use calendar::{Calendar, Day, DayKind, Unknown};
pub use clock::{Clock, ClockState, LONG_PERCENT, OVERDUE_PERCENT, Pause, Reading, WARN_PERCENT};
pub use hours::{Hours, Window, local, moment};
pub use limit::{Limit, Unit};
pub use limits::{LimitRow, Limits, Stage, Urgency};
pub use published::{Named, Year};
pub use shipped::{CALENDARS, HOURS, LIMITS};

use crate::refusal::{Kind, Refusal};
use jiff::Timestamp;

/// When a limit that starts at `start` ends: the earliest instant, a whole second, by which
/// `limit` has been counted. A limit of nothing ends where it starts.
///
/// # Errors
/// [`Unknown`] when a year is needed whose calendar has not been published. Urgent hours and
/// calendar days never need one.
pub fn deadline(start: Timestamp, limit: Limit, calendar: &Calendar) -> Result<Timestamp, Unknown> {
    let need = calendar.limit_s(limit);
    calendar.after(limit.unit, seconds(start), need).map(instant)
}

/// Whole seconds since 1970-01-01T00:00Z, the fraction cut off downwards.
fn seconds(t: Timestamp) -> i64 {
    t.as_second() - i64::from(t.subsec_nanosecond() < 0)
}

/// The instant so many seconds after 1970-01-01T00:00Z, or the nearest there is.
fn instant(s: i64) -> Timestamp {
    let s = s.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(s).unwrap_or(Timestamp::MAX)
}

/// The lines of a text of comma-separated rows that say something, with their numbers from 1.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// A refusal of a line of one of our files.
fn refuse(line: usize, zh: impl std::fmt::Display, en: impl std::fmt::Display) -> Refusal {
    Refusal::new(Kind::Invalid, format!("第 {line} 行：{zh}"), format!("line {line}: {en}"))
}
