//! The oracle: it goes through time a grain at a time and asks of each whether it counts.
//!
//! It shares nothing with the arithmetic: dates come from jiff, windows and pauses are looked at
//! as written down. A grain is a minute, or a second over short stretches.

use crate::made::{self, Parts, instant};
use domain::clocks::{Clock, ClockState, Limit, Unit, deadline};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

/// How many grains the oracle goes before it calls a mark out of sight.
const SIGHT: i64 = 120 * 1440;

/// What the oracle says of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    At(i64),
    /// A second of this year had to count or not, and the year is unknown.
    Unknown(i16),
    /// Beyond what the oracle walked.
    OutOfSight,
}

/// Walks time for one unit over one calendar.
struct Walk<'a> {
    parts: &'a Parts,
    unit: Unit,
    grain_s: i64,
    zone: TimeZone,
    /// The day last asked about: its first and last second, and whether work is done.
    day: Option<(i64, Result<bool, i16>)>,
}

impl<'a> Walk<'a> {
    fn new(parts: &'a Parts, unit: Unit, grain_s: i64) -> Self {
        let offset = Offset::from_seconds(parts.offset_s as i32).expect("an offset");
        Self { parts, unit, grain_s, zone: TimeZone::fixed(offset), day: None }
    }

    fn works(&self, date: Date) -> Result<bool, i16> {
        let years = &self.parts.years;
        if !years.iter().any(|y| y.year == date.year()) {
            return Err(date.year());
        }
        let off = years.iter().any(|y| y.off.iter().any(|n| n.date == date));
        let made_up = years.iter().any(|y| y.make_up.iter().any(|n| n.date == date));
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(made_up || (!off && !weekend))
    }

    /// Whether the grain that begins at `s` counts.
    fn counts(&mut self, s: i64) -> Result<bool, i16> {
        if matches!(self.unit, Unit::UrgentHours | Unit::CalendarDays) {
            return Ok(true);
        }
        let midnight = (s + self.parts.offset_s) / 86_400;
        let works = match self.day {
            Some((day, works)) if day == midnight => works,
            _ => self.works(instant(s).to_zoned(self.zone.clone()).date()),
        };
        self.day = Some((midnight, works));
        let second = (s + self.parts.offset_s) % 86_400;
        let open = self.parts.windows.iter().any(|w| w.from_s <= second && second < w.to_s);
        Ok(works? && open)
    }
}

/// Seconds of so many of a unit.
fn unit_s(parts: &Parts, unit: Unit) -> i64 {
    match unit {
        Unit::WorkingHours | Unit::UrgentHours => 3600,
        Unit::WorkingDays => parts.windows.iter().map(|w| w.to_s - w.from_s).sum(),
        Unit::CalendarDays => 86_400,
    }
}

fn paused(clock: &Clock, s: i64) -> bool {
    let covers = |from: Timestamp, to: Option<Timestamp>| {
        from.as_second() <= s && to.is_none_or(|to| s < to.as_second())
    };
    clock.pauses.iter().any(|p| covers(p.from, p.to))
}

fn total_s(clock: &Clock, parts: &Parts) -> i64 {
    let whole = clock.limit.amount + clock.extensions.iter().sum::<u32>();
    i64::from(whole) * unit_s(parts, clock.limit.unit)
}

/// When the clock reaches 80, 100 and 300 percent.
fn marks(clock: &Clock, parts: &Parts, grain_s: i64) -> [Mark; 3] {
    let mut walk = Walk::new(parts, clock.limit.unit, grain_s);
    let (start, limit_s) = (clock.started_at.as_second(), total_s(clock, parts));
    let (mut elapsed_s, mut found) = (0, [Mark::OutOfSight; 3]);
    for grain in 0..SIGHT {
        let s = start + grain * walk.grain_s;
        for (mark, percent) in found.iter_mut().zip([80, 100, 300]) {
            if *mark == Mark::OutOfSight && elapsed_s * 100 >= limit_s * percent {
                *mark = Mark::At(s);
            }
        }
        if found[2] != Mark::OutOfSight {
            break;
        }
        if paused(clock, s) {
            continue;
        }
        match walk.counts(s) {
            Ok(true) => elapsed_s += walk.grain_s,
            Ok(false) => {}
            Err(year) => {
                let open = found.iter_mut().filter(|mark| **mark == Mark::OutOfSight);
                open.for_each(|mark| *mark = Mark::Unknown(year));
                break;
            }
        }
    }
    found
}

/// What the clock reads at `now`: its word and the seconds elapsed.
fn reading(clock: &Clock, parts: &Parts, grain_s: i64, now: i64) -> Result<(ClockState, i64), i16> {
    let mut walk = Walk::new(parts, clock.limit.unit, grain_s);
    let stop = clock.stopped_at.map(|at| at.as_second()).filter(|at| *at <= now);
    let (start, until) = (clock.started_at.as_second(), stop.unwrap_or(now));
    let (mut elapsed_s, mut s) = (0, start);
    while s < until {
        if !paused(clock, s) && walk.counts(s)? {
            elapsed_s += grain_s;
        }
        s += grain_s;
    }
    let used = |percent| until >= start && elapsed_s * 100 >= total_s(clock, parts) * percent;
    let state = match () {
        () if used(300) => ClockState::LongOverdue,
        () if used(100) => ClockState::Overdue,
        () if stop.is_none() && now >= start && paused(clock, now) => ClockState::Paused,
        () if used(80) => ClockState::DueSoon,
        () => ClockState::Fine,
    };
    Ok((state, elapsed_s))
}

fn holds_to_the_oracle(clock: &Clock, parts: &Parts, grain_s: i64, nows: &[i64]) {
    let calendar = parts.calendar();
    let ours = [clock.warn_at(&calendar), clock.due_at(&calendar), clock.long_at(&calendar)];
    for (i, (ours, truth)) in ours.into_iter().zip(marks(clock, parts, grain_s)).enumerate() {
        match truth {
            // 80 % of a limit need not be whole minutes: a walk sees that mark at its next step.
            // The other two are whole ones.
            Mark::At(s) if i > 0 => assert_eq!(ours, Ok(Some(instant(s)))),
            Mark::At(s) => {
                let at = ours.expect("known").expect("reached").as_second();
                assert!(s - grain_s < at && at <= s, "{at} is seen at {s} by {grain_s} s");
            }
            Mark::Unknown(year) => assert_eq!(ours.expect_err("a year is unknown").year, year),
            Mark::OutOfSight => {
                let end = clock.started_at.as_second() + (SIGHT - 1) * grain_s;
                let seen = matches!(ours, Ok(Some(at)) if at.as_second() <= end);
                assert!(!seen, "{ours:?} was walked past");
            }
        }
    }
    let start = clock.started_at.as_second();
    for now in nows.iter().map(|n| start + n * grain_s) {
        let ours = clock.read(instant(now), &calendar);
        let ours = ours.map(|r| (r.state, r.elapsed_s)).map_err(|unknown| unknown.year);
        assert_eq!(ours, reading(clock, parts, grain_s, now), "now {}", instant(now));
    }
}

fn nows(far: i64) -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(-far / 20..far, 3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_clock_agrees_with_going_through_time_minute_by_minute(
        parts in made::parts(60),
        clock in made::clock(60),
        nows in nows(60 * 1440),
    ) {
        holds_to_the_oracle(&clock, &parts, 60, &nows);
    }

    #[test]
    fn a_deadline_agrees_with_going_through_time_minute_by_minute(
        parts in made::parts(60),
        start in made::start(60),
        limit in made::limit(),
    ) {
        let clock = Clock::new(instant(start), limit);
        let ours = deadline(clock.started_at, limit, &parts.calendar());
        match marks(&clock, &parts, 60)[1] {
            Mark::At(s) => prop_assert_eq!(ours, Ok(instant(s))),
            Mark::Unknown(year) => prop_assert_eq!(ours.expect_err("unknown").year, year),
            Mark::OutOfSight => {
                let end = start + (SIGHT - 1) * 60;
                prop_assert!(!ours.is_ok_and(|at| at.as_second() <= end));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_clock_agrees_with_going_through_time_second_by_second(
        parts in made::parts(1),
        clock in made::clock(1),
        amount in 0..4_u32,
        nows in nows(86_400),
    ) {
        // Few hours, so that the oracle gets there: pauses go on for up to twenty days.
        let mut clock = clock;
        clock.limit = Limit::new(amount, match clock.limit.unit {
            Unit::WorkingHours | Unit::WorkingDays => Unit::WorkingHours,
            Unit::UrgentHours | Unit::CalendarDays => Unit::UrgentHours,
        });
        clock.extensions.clear();
        holds_to_the_oracle(&clock, &parts, 1, &nows);
    }

    #[test]
    fn what_is_read_changes_exactly_at_the_marks(
        parts in made::parts(60),
        clock in made::clock(60),
    ) {
        let (calendar, mut clock) = (parts.calendar(), clock);
        clock.stopped_at = None;
        let marks = [
            (clock.warn_at(&calendar), 80),
            (clock.due_at(&calendar), 100),
            (clock.long_at(&calendar), 300),
        ];
        for (at, percent) in marks {
            let Ok(Some(at)) = at else { continue };
            let used = |t| clock.read(t, &calendar).map(|r| r.used_percent());
            prop_assert!(used(at).is_ok_and(|used| used >= percent));
            let before = instant(at.as_second() - 1);
            if before >= clock.started_at {
                prop_assert!(used(before).is_ok_and(|used| used < percent));
            }
        }
    }
}
