//! The calendar: which seconds are working time, as far as years have been published.

use super::hours::DAY_S;
use super::published::is_weekend;
use super::{Hours, Limit, Unit, Year, instant, seconds};
use crate::refusal::{Both, Kind, Refusal};
use crate::words;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan, Unit as Span};
use std::collections::{BTreeMap, BTreeSet};

/// The first of the December days that the next year's announcement may still change.
const UNSETTLED_FROM_DAY: i8 = 25;

/// A year is needed whose calendar has not been published (or not been read in).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Unknown {
    /// The first such year on the way.
    pub year: i16,
}

impl Unknown {
    /// What is wrong and what to do.
    pub fn message(self) -> Both {
        let year = self.year;
        Both::new(
            format!(
                "{year} 年的放假安排尚未公布或未录入，无法计算工作时间。请在国务院办公厅公布后录入该年日历"
            ),
            format!(
                "The working calendar of {year} has not been published or read in, so working \
                 time cannot be counted. Add that year's calendar once it is announced"
            ),
        )
    }
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Both { zh, en } = self.message();
        write!(f, "{zh} / {en}")
    }
}

impl std::error::Error for Unknown {}

impl From<Unknown> for Refusal {
    fn from(unknown: Unknown) -> Self {
        Self { kind: Kind::Invalid, message: unknown.message(), field: None }
    }
}

words! {
    /// What kind of day a day is.
    DayKind {
        Workday = "workday", "工作日", "working day";
        MakeUp = "make_up", "调休上班", "make-up working day";
        Weekend = "weekend", "周末", "weekend";
        Holiday = "holiday", "节假日", "holiday";
    }
}

impl DayKind {
    /// Whether work is done.
    pub const fn works(self) -> bool {
        matches!(self, Self::Workday | Self::MakeUp)
    }
}

/// A day of a known year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day {
    /// What kind of day it is.
    pub kind: DayKind,
    /// The holiday a day off or a make-up day belongs to.
    pub holiday: Option<Both>,
    /// Whether it can no longer change: false on 25 to 31 December while the next year, whose
    /// announcement may reach back to them, is unknown.
    pub settled: bool,
}

/// Known years that follow one another, with their working days counted.
#[derive(Clone, Debug)]
struct Run {
    last_year: i16,
    /// The first day, in days since 1970-01-01.
    first_day: i64,
    /// Working days before each day of the run, and before the day after its last.
    before: Vec<u32>,
    /// The working days, counted from the first day.
    working: Vec<u32>,
}

/// The working calendar of a city: its hours, its zone, and the years published.
///
/// Built once and shared; counting costs the search for the run of years and a look into its
/// tables, whatever the length.
#[derive(Clone, Debug)]
pub struct Calendar {
    hours: Hours,
    years: BTreeSet<i16>,
    named: BTreeMap<Date, (bool, Both)>,
    runs: Vec<Run>,
}

impl Calendar {
    /// From the hours and all years published: they are read as one, since the last days of a
    /// December may stand in the next year's file.
    ///
    /// # Errors
    /// What [`Year::check`] refuses; a year given twice; a day that is off by one line and worked
    /// by another.
    pub fn new(hours: Hours, published: &[Year]) -> Result<Self, Refusal> {
        let (mut years, mut named) = (BTreeSet::new(), BTreeMap::new());
        for year in published {
            year.check()?;
            if !years.insert(year.year) {
                return Err(Refusal::new(
                    Kind::Invalid,
                    format!("{} 年的日历给出了两次，请只保留一份", year.year),
                    format!("The calendar of {} is given twice; keep one", year.year),
                ));
            }
            let off = year.off.iter().map(|n| (true, n));
            for (off, n) in off.chain(year.make_up.iter().map(|n| (false, n))) {
                let before = named.insert(n.date, (off, n.holiday.clone()));
                if before.is_some_and(|(was_off, _)| was_off != off) {
                    return Err(Refusal::new(
                        Kind::Invalid,
                        format!("{} 既列为放假又列为上班，请更正其一", n.date),
                        format!("{} is listed both as off and as worked; correct one", n.date),
                    ));
                }
            }
        }
        let mut calendar = Self { hours, years, named, runs: Vec::new() };
        for &year in &calendar.years {
            let mut run = match calendar.runs.pop() {
                Some(run) if run.last_year == year - 1 => run,
                other => {
                    calendar.runs.extend(other);
                    Run::starting(year)
                }
            };
            run.last_year = year;
            for day in date(year, 1, 1).series(1.day()).take_while(|day| day.year() == year) {
                run.push(works(&calendar.named, day));
            }
            calendar.runs.push(run);
        }
        Ok(calendar)
    }

    /// Reads `hours.csv` and the files of years.
    ///
    /// # Errors
    /// What [`Hours::parse`], [`Year::parse`] and [`Calendar::new`] refuse.
    pub fn parse(hours: &str, years: &[&str]) -> Result<Self, Refusal> {
        let years = years.iter().map(|text| Year::parse(text)).collect::<Result<Vec<_>, _>>()?;
        Self::new(Hours::parse(hours)?, &years)
    }

    /// The hours and the zone.
    pub fn hours(&self) -> &Hours {
        &self.hours
    }

    /// The years known, ascending.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    /// What kind of day a date is.
    ///
    /// # Errors
    /// [`Unknown`] when its year is, even if the next year's file names the day.
    pub fn day(&self, date: Date) -> Result<Day, Unknown> {
        let year = date.year();
        if !self.years.contains(&year) {
            return Err(Unknown { year });
        }
        let named = self.named.get(&date);
        let kind = match named {
            Some((true, _)) => DayKind::Holiday,
            Some((false, _)) => DayKind::MakeUp,
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Workday,
        };
        let open = date.month() == 12 && date.day() >= UNSETTLED_FROM_DAY;
        let settled = !open || self.years.contains(&(year + 1));
        Ok(Day { kind, holiday: named.map(|(_, holiday)| holiday.clone()), settled })
    }

    /// The date of an instant in the city's zone.
    pub fn date(&self, t: Timestamp) -> Date {
        civil((seconds(t) + self.hours.offset_s()).div_euclid(DAY_S))
    }

    /// Working seconds from one instant to another; nothing when the second is not later.
    ///
    /// # Errors
    /// [`Unknown`] when a second between them lies in an unknown year.
    pub fn working_s(&self, from: Timestamp, to: Timestamp) -> Result<i64, Unknown> {
        self.span(Unit::WorkingHours, seconds(from), seconds(to))
    }

    /// Seconds a limit counts to. A working day is [`Hours::day_s`].
    pub fn limit_s(&self, limit: Limit) -> i64 {
        i64::from(limit.amount).saturating_mul(self.unit_s(limit.unit))
    }

    /// Seconds of one of a unit.
    pub fn unit_s(&self, unit: Unit) -> i64 {
        match unit {
            Unit::WorkingHours | Unit::UrgentHours => 3600,
            Unit::WorkingDays => self.hours.day_s(),
            Unit::CalendarDays => DAY_S,
        }
    }

    /// Seconds that a unit counts from `from` to `to`, both since 1970.
    pub(super) fn span(&self, unit: Unit, from: i64, to: i64) -> Result<i64, Unknown> {
        if to <= from {
            return Ok(0);
        }
        if !unit.works() {
            return Ok(to - from);
        }
        let (from, to) = (from + self.hours.offset_s(), to + self.hours.offset_s());
        let run = self.run(from)?;
        if to > run.end_day() * DAY_S {
            return Err(Unknown { year: run.last_year + 1 });
        }
        Ok(run.worked(&self.hours, to) - run.worked(&self.hours, from))
    }

    /// The earliest second since 1970 by which a unit counts `need` from `from`.
    pub(super) fn after(&self, unit: Unit, from: i64, need: i64) -> Result<i64, Unknown> {
        if need <= 0 {
            return Ok(from);
        }
        if !unit.works() {
            return Ok(from.saturating_add(need));
        }
        let from = from + self.hours.offset_s();
        let run = self.run(from)?;
        let target = run.worked(&self.hours, from).saturating_add(need);
        let full_days = (target - 1) / self.hours.day_s();
        let day = usize::try_from(full_days).ok().and_then(|k| run.working.get(k));
        let day = day.ok_or(Unknown { year: run.last_year + 1 })?;
        let second = self.hours.at(target - full_days * self.hours.day_s());
        Ok((run.first_day + i64::from(*day)) * DAY_S + second - self.hours.offset_s())
    }

    /// The run of known years a local second lies in.
    fn run(&self, local: i64) -> Result<&Run, Unknown> {
        let day = local.div_euclid(DAY_S);
        let next = self.runs.partition_point(|run| run.first_day <= day);
        let run = next.checked_sub(1).and_then(|i| self.runs.get(i));
        run.filter(|run| day < run.end_day()).ok_or_else(|| Unknown { year: civil(day).year() })
    }
}

impl Run {
    fn starting(year: i16) -> Self {
        let epoch = date(1970, 1, 1);
        let days = epoch.until((Span::Day, date(year, 1, 1))).map_or(0, |span| span.get_days());
        Self { last_year: year, first_day: i64::from(days), before: vec![0], working: vec![] }
    }

    fn push(&mut self, works: bool) {
        if works {
            self.working.push(self.before.len() as u32 - 1);
        }
        self.before.push(self.working.len() as u32);
    }

    /// The day after the last, in days since 1970-01-01.
    fn end_day(&self) -> i64 {
        self.first_day + self.before.len() as i64 - 1
    }

    /// Working seconds from the run's start to a local second in it or at its very end.
    fn worked(&self, hours: &Hours, local: i64) -> i64 {
        let i = (local.div_euclid(DAY_S) - self.first_day) as usize;
        let full = i64::from(self.before[i]) * hours.day_s();
        let works = self.before.get(i + 1).is_some_and(|after| *after > self.before[i]);
        full + if works { hours.worked(local.rem_euclid(DAY_S)) } else { 0 }
    }
}

fn works(named: &BTreeMap<Date, (bool, Both)>, date: Date) -> bool {
    named.get(&date).map_or_else(|| !is_weekend(date), |(off, _)| !off)
}

/// The date so many days after 1970-01-01, or the nearest there is.
fn civil(day: i64) -> Date {
    let clamped = instant(day.saturating_mul(DAY_S));
    clamped.to_zoned(jiff::tz::TimeZone::UTC).date()
}
