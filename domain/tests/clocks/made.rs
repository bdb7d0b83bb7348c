//! Calendars, limits and clocks made by chance, none of them reasonable.

use domain::Both;
use domain::clocks::{Calendar, Clock, Hours, Limit, Named, Pause, Unit, Window, Year};
use domain::word::Word;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

/// The shipped calendar.
pub fn shipped() -> Calendar {
    let read = Calendar::parse(domain::clocks::HOURS, domain::clocks::CALENDARS);
    read.expect("what we ship can be read")
}

/// An instant written with its offset, `2026-09-30T17:00:00+08:00`.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The instant so many seconds after 1970.
pub fn instant(s: i64) -> Timestamp {
    Timestamp::from_second(s).expect("a second of our age")
}

/// What a made calendar consists of, for the oracle to read without the calendar's help.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Years known, the first and the last with days off and made up for by day of the year.
    pub years: Vec<Year>,
    /// Windows in seconds.
    pub windows: Vec<Window>,
    /// Offset in seconds.
    pub offset_s: i64,
}

impl Parts {
    /// The calendar of these parts.
    pub fn calendar(&self) -> Calendar {
        let hours = Hours::new(self.offset_s, self.windows.clone()).expect("sound hours");
        Calendar::new(hours, &self.years).expect("sound years")
    }
}

fn named(date: Date) -> Named {
    Named { date, holiday: Both::new("某节", "some day") }
}

/// A year with some days off, and some of its remaining weekend days worked.
fn year(year: i16) -> impl Strategy<Value = Year> {
    let first = date(year, 1, 1);
    let days = prop::collection::btree_set(0..365_i64, 1..60);
    (days, prop::collection::btree_set(0..365_i64, 0..30)).prop_map(move |(off, work)| {
        let day = |n: &i64| first.saturating_add(jiff::Span::new().days(*n));
        let weekend = |d: &Date| matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday);
        let make_up = work.difference(&off).map(day).filter(weekend).map(named).collect();
        let off = off.iter().map(day).map(named).collect();
        Year { year, sources: vec![], off, make_up }
    })
}

/// Windows whose borders lie on multiples of `grain_s`.
fn windows(grain_s: i64) -> impl Strategy<Value = Vec<Window>> {
    let borders = prop::collection::btree_set(0..=86_400 / grain_s, 2..7);
    borders.prop_map(move |borders| {
        let borders: Vec<_> = borders.into_iter().map(|b| b * grain_s).collect();
        let pairs = borders.chunks_exact(2);
        pairs.map(|pair| Window { from_s: pair[0], to_s: pair[1] }).collect()
    })
}

/// Calendars that know some of 2024 to 2027, with every border on a multiple of `grain_s`.
pub fn parts(grain_s: i64) -> impl Strategy<Value = Parts> {
    let years = prop::sample::subsequence(vec![2024_i16, 2025, 2026, 2027], 1..=4);
    let years = years.prop_flat_map(|years| years.into_iter().map(year).collect::<Vec<_>>());
    let offset = (-57..=57_i64).prop_map(|quarters| quarters * 900);
    (years, windows(grain_s), offset).prop_map(|(years, windows, offset_s)| Parts {
        years,
        windows,
        offset_s,
    })
}

/// A limit of any unit that no calendar draws out for much longer than a month.
pub fn limit() -> impl Strategy<Value = Limit> {
    let unit = prop::sample::select(Unit::ALL.to_vec());
    unit.prop_flat_map(|unit| {
        let most = match unit {
            Unit::WorkingHours | Unit::UrgentHours => 40_u32,
            Unit::WorkingDays | Unit::CalendarDays => 9,
        };
        (0..=most).prop_map(move |amount| Limit::new(amount, unit))
    })
}

/// A start in 2024 to 2027, half of them around a New Year.
pub fn start(grain_s: i64) -> impl Strategy<Value = i64> {
    let year = 2024..=2028_i16;
    let around = (year, -20 * 86_400..5 * 86_400_i64).prop_map(|(year, before)| {
        let new_year = date(year, 1, 1).to_zoned(jiff::tz::TimeZone::UTC).expect("a day");
        new_year.timestamp().as_second() + before
    });
    let any = 1_704_067_200..1_830_297_600_i64;
    prop_oneof![around, any].prop_map(move |s| s.div_euclid(grain_s) * grain_s)
}

/// A clock with pauses in disorder: overlapping, empty, backwards, without end, before its start.
pub fn clock(grain_s: i64) -> impl Strategy<Value = Clock> {
    let far = 20 * 86_400 / grain_s;
    let to = prop::option::weighted(0.9, -far / 20..far / 2);
    let pauses = prop::collection::vec((-far / 10..far, to), 0..5);
    let extensions = prop::collection::vec(0..6_u32, 0..3);
    let stop = prop::option::weighted(0.3, -far / 10..far * 2);
    (start(grain_s), limit(), pauses, extensions, stop).prop_map(
        move |(start, limit, pauses, extensions, stop)| {
            let after = |n: i64| instant(start + n * grain_s);
            let mut clock = Clock::new(instant(start), limit);
            clock.extensions = extensions;
            let pause = |(from, long): (i64, Option<i64>)| Pause {
                from: after(from),
                to: long.map(|long| after(from + long)),
            };
            clock.pauses = pauses.into_iter().map(pause).collect();
            clock.stopped_at = stop.map(after);
            clock
        },
    )
}
