//! The hours of the day in which work is done, and the zone they are told in.

use super::{refuse, rows};
use crate::refusal::{Kind, Refusal};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::sync::LazyLock;

/// Seconds in a day: the zone is fixed, so there are always so many.
pub(super) const DAY_S: i64 = 86_400;

/// A part of the day in which work is done, in seconds after local midnight: `from_s` counts,
/// `to_s` does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Its first second, from 0.
    pub from_s: i64,
    /// The second after its last, to 86,400.
    pub to_s: i64,
}

/// When work is done on a working day, and the fixed offset of the zone from UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    offset_s: i64,
    windows: Vec<Window>,
    day_s: i64,
}

/// The zone of the hours this program ships; UTC if they could not be read, which a test excludes.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
    let offset_s = Hours::parse(super::HOURS).ok().and_then(|hours| hours.offset_s.try_into().ok());
    let offset = offset_s.and_then(|offset_s| Offset::from_seconds(offset_s).ok());
    TimeZone::fixed(offset.unwrap_or(Offset::UTC))
});

/// What calendar and clock show in the district at a moment.
pub fn local(at: Timestamp) -> DateTime {
    ZONE.to_datetime(at)
}

/// The moment at which calendar and clock in the district show this; `None` beyond the end of time.
pub fn moment(shown: DateTime) -> Option<Timestamp> {
    ZONE.to_timestamp(shown).ok()
}

impl Hours {
    /// From the offset from UTC in seconds (east positive, less than a day) and the windows, in
    /// order and apart or touching.
    ///
    /// # Errors
    /// Windows that are out of order, overlap, are empty or leave the day; none at all; an offset
    /// of a day or more.
    pub fn new(offset_s: i64, windows: Vec<Window>) -> Result<Self, Refusal> {
        let (mut before, mut sound) = (0, !windows.is_empty() && offset_s.abs() < DAY_S);
        for window in &windows {
            sound &= before <= window.from_s && window.from_s < window.to_s;
            before = window.to_s;
        }
        if !sound || before > DAY_S {
            return Err(Refusal::new(
                Kind::Invalid,
                "工作时段须在一天之内，按先后排列，互不重叠，至少一段；时差须小于一天",
                "Working windows must lie within the day, in order, without overlap, at least one; \
                 the offset must be less than a day",
            ));
        }
        let day_s = windows.iter().map(|window| window.to_s - window.from_s).sum();
        Ok(Self { offset_s, windows, day_s })
    }

    /// Reads `hours.csv` (its head says how it is written).
    ///
    /// # Errors
    /// The line that cannot be read, or what [`Hours::new`] refuses.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let (mut offset_s, mut windows) = (None, Vec::new());
        for (number, line) in rows(text) {
            let fields: Vec<_> = line.split(',').map(str::trim).collect();
            let read = match fields[..] {
                ["offset", offset] if offset_s.is_none() => {
                    offset_s = signed_s(offset);
                    offset_s.is_some()
                }
                ["window", from, to] => match (time_s(from), time_s(to)) {
                    (Some(from_s), Some(to_s)) => {
                        windows.push(Window { from_s, to_s });
                        true
                    }
                    _ => false,
                },
                _ => false,
            };
            if !read {
                let zh = format!("读不懂“{line}”。请写 offset,+08:00（一次）或 window,08:00,12:00");
                let en = format!(
                    "cannot read “{line}”. Write offset,+08:00 (once) or window,08:00,12:00"
                );
                return Err(refuse(number, zh, en));
            }
        }
        let Some(offset_s) = offset_s else {
            return Err(Refusal::new(
                Kind::Invalid,
                "缺少时区：请加一行 offset,+08:00",
                "The zone is missing: add a line offset,+08:00",
            ));
        };
        Self::new(offset_s, windows)
    }

    /// Seconds the zone is ahead of UTC.
    pub fn offset_s(&self) -> i64 {
        self.offset_s
    }

    /// The windows, in order.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Seconds in a working day: all its windows together.
    pub fn day_s(&self) -> i64 {
        self.day_s
    }

    /// Working seconds of a working day before this second of it.
    pub(super) fn worked(&self, second: i64) -> i64 {
        let part = |w: &Window| (second.min(w.to_s) - w.from_s).max(0);
        self.windows.iter().map(part).sum()
    }

    /// The earliest second of a working day by which `need` seconds are worked, 0 to `day_s`.
    pub(super) fn at(&self, mut need: i64) -> i64 {
        for window in &self.windows {
            let length = window.to_s - window.from_s;
            if need <= length {
                return window.from_s + need;
            }
            need -= length;
        }
        DAY_S
    }
}

/// `08:00` or `08:00:30` as seconds, up to `24:00`.
fn time_s(text: &str) -> Option<i64> {
    let parts: Vec<_> = text.split(':').collect();
    let two = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(two) {
        return None;
    }
    let numbers: Vec<i64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let (minute, second) = (numbers[1], numbers.get(2).copied().unwrap_or(0));
    let at = numbers[0] * 3600 + minute * 60 + second;
    (minute < 60 && second < 60 && at <= DAY_S).then_some(at)
}

/// `+08:00` or `-05:00` as seconds.
fn signed_s(text: &str) -> Option<i64> {
    match text.split_at_checked(1)? {
        ("+", rest) => time_s(rest),
        ("-", rest) => time_s(rest).map(|s| -s),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{local, moment};
    use jiff::Timestamp;

    #[test]
    fn clocks_in_the_district_are_eight_hours_ahead_and_back() {
        let at: Timestamp = "2026-12-31T16:00:30Z".parse().expect("a time");
        let shown = local(at);
        assert_eq!(shown.to_string(), "2027-01-01T00:00:30");
        assert_eq!(moment(shown), Some(at));
    }
}
