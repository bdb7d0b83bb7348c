//! Examples that anyone can check on a wall calendar, and those where clocks usually go wrong.

use crate::made::{at, shipped};
use domain::clocks::{Clock, ClockState, Limit, Reading, Unit, deadline};
use jiff::{SignedDuration, Timestamp};

/// Where a limit that starts at a local time of 2025 or 2026 ends, as local time.
#[track_caller]
fn check(start: &str, limit: &str, due: &str) {
    let calendar = shipped();
    let limit: Limit = limit.parse().expect("a limit");
    let found = deadline(at(&format!("{start}+08:00")), limit, &calendar).expect("known years");
    assert_eq!(found, at(&format!("{due}+08:00")), "{start} and {limit}");
}

#[test]
fn working_hours_run_in_the_windows_of_working_days_only() {
    check("2026-03-04T09:00:00", "2wh", "2026-03-04T11:00:00");
    check("2026-03-04T14:00:00", "4wh", "2026-03-04T18:00:00"); // not the next morning
    check("2026-03-04T11:30:10", "2wh", "2026-03-04T15:30:10"); // over lunch
    check("2026-03-04T12:30:00", "1wh", "2026-03-04T15:00:00"); // started at lunch
    check("2026-03-04T23:59:59", "4wh", "2026-03-05T12:00:00"); // started at night
    check("2026-03-06T17:00:00", "4wh", "2026-03-09T11:00:00"); // Friday to Monday
}

#[test]
fn a_working_day_is_one_days_windows_and_not_until_tomorrow() {
    check("2026-03-04T08:00:00", "1wd", "2026-03-04T18:00:00");
    check("2026-03-04T10:00:00", "1wd", "2026-03-05T10:00:00");
    check("2026-03-04T10:00:00", "8wh", "2026-03-05T10:00:00");
    check("2026-03-05T20:00:00", "1wd", "2026-03-06T18:00:00");
    check("2026-03-05T10:00:00", "7wd", "2026-03-16T10:00:00");
}

#[test]
fn holidays_do_not_count_and_make_up_days_do() {
    // Spring Festival 2026: 15 to 23 February off; Saturday 14 and Saturday 28 February worked.
    check("2026-02-13T17:00:00", "9wh", "2026-02-14T18:00:00");
    check("2026-02-14T17:00:00", "2wh", "2026-02-24T09:00:00");
    check("2026-02-27T17:00:00", "2wh", "2026-02-28T09:00:00");
    // The National Day of 2025 with Mid-Autumn: 1 to 8 October off, Sunday 28 September worked.
    check("2025-09-27T12:00:00", "1wh", "2025-09-28T09:00:00");
    check("2025-09-30T18:00:00", "1wd", "2025-10-09T18:00:00");
    // The year turns: 1 to 3 January 2026 off, Sunday 4 January worked.
    check("2025-12-31T17:00:00", "2wh", "2026-01-04T09:00:00");
}

#[test]
fn urgent_hours_and_calendar_days_count_every_second_in_any_year() {
    check("2026-02-16T23:30:07", "1uh", "2026-02-17T00:30:07");
    check("2026-02-16T23:30:07", "7cd", "2026-02-23T23:30:07");
    check("2031-12-31T23:30:07", "1cd", "2032-01-01T23:30:07");
}

#[test]
fn a_limit_of_nothing_ends_where_it_starts() {
    check("2026-03-08T03:00:00", "0wh", "2026-03-08T03:00:00");
    check("2030-03-08T03:00:00", "0cd", "2030-03-08T03:00:00");
}

#[test]
fn a_year_without_a_calendar_is_unknown_and_says_so() {
    let calendar = shipped();
    let four = Limit::new(4, Unit::WorkingHours);
    let due = |start: &str| deadline(at(start), four, &calendar);
    // The last four hours of 2026 need nothing of 2027; a second later they do.
    assert_eq!(due("2026-12-31T14:00:00+08:00"), Ok(at("2026-12-31T18:00:00+08:00")));
    let unknown = due("2026-12-31T14:00:01+08:00").expect_err("2027 is needed");
    assert_eq!(unknown.year, 2027);
    let said = unknown.message();
    assert!(said.zh.contains("2027 年的放假安排尚未公布"), "{}", said.zh);
    assert!(said.en.contains("calendar of 2027 has not been published"), "{}", said.en);
    assert_eq!(due("2012-12-31T23:59:59+08:00").expect_err("before the first").year, 2012);
    assert_eq!(due("2039-05-05T00:00:00+08:00").expect_err("far off").year, 2039);
    // Midnight in Shanghai is what divides the years, not midnight in Greenwich.
    assert_eq!(due("2012-12-31T16:00:00Z"), Ok(at("2013-01-04T12:00:00+08:00")));
}

#[test]
fn what_is_known_of_a_clock_is_said_even_if_its_deadline_is_not() {
    let calendar = shipped();
    let clock = Clock::new(at("2026-12-21T08:00:00+08:00"), Limit::new(20, Unit::WorkingDays));
    assert_eq!(clock.due_at(&calendar).expect_err("January is needed").year, 2027);
    let read = |now: &str| clock.read(at(now), &calendar);
    let reading = read("2026-12-23T08:00:00+08:00").expect("December is known");
    assert_eq!((reading.state, reading.elapsed_s), (ClockState::Fine, 2 * 28_800));
    assert!(read("2027-01-01T00:00:00+08:00").is_ok(), "no second of 2027 has passed");
    assert_eq!(read("2027-01-01T00:00:01+08:00").expect_err("one has").year, 2027);
}

#[test]
fn a_clock_goes_through_its_states_at_its_marks() {
    let calendar = shipped();
    let clock = Clock::new(at("2026-03-04T08:00:00+08:00"), Limit::new(5, Unit::WorkingHours));
    let marks = [clock.warn_at(&calendar), clock.due_at(&calendar), clock.long_at(&calendar)];
    let expected = ["2026-03-04T12:00:00", "2026-03-04T15:00:00", "2026-03-05T17:00:00"];
    assert_eq!(marks, expected.map(|t| Ok(Some(at(&format!("{t}+08:00"))))));
    let state = |t: &str| clock.read(at(&format!("{t}+08:00")), &calendar).expect("known").state;
    assert_eq!(state("2026-03-04T11:59:59"), ClockState::Fine);
    assert_eq!(state("2026-03-04T12:00:00"), ClockState::DueSoon);
    assert_eq!(state("2026-03-04T14:59:59"), ClockState::DueSoon);
    assert_eq!(state("2026-03-04T15:00:00"), ClockState::Overdue);
    assert_eq!(state("2026-03-05T16:59:59"), ClockState::Overdue);
    assert_eq!(state("2026-03-05T17:00:00"), ClockState::LongOverdue);
}

#[test]
fn a_pause_freezes_what_is_left_and_resuming_runs_it_on() {
    let calendar = shipped();
    let mut clock = Clock::new(at("2026-03-04T08:00:00+08:00"), Limit::new(4, Unit::WorkingHours));
    clock.pause(at("2026-03-04T09:00:00+08:00"), None);
    assert_eq!(clock.due_at(&calendar), Ok(None));
    let reading = clock.read(at("2026-06-01T00:00:00+08:00"), &calendar).expect("known");
    let left = (reading.state, reading.paused, reading.left_s());
    assert_eq!(left, (ClockState::Paused, true, 3 * 3600));
    // Paused through a year that is not known: not one second of it is needed.
    let long = clock.read(at("2029-06-01T00:00:00+08:00"), &calendar).expect("nothing counted");
    assert_eq!(long, reading);
    clock.resume(at("2026-03-09T10:30:00+08:00"));
    assert_eq!(clock.due_at(&calendar), Ok(Some(at("2026-03-09T15:30:00+08:00"))));
    clock.resume(at("2026-03-20T10:30:00+08:00"));
    assert_eq!(clock.due_at(&calendar), Ok(Some(at("2026-03-09T15:30:00+08:00"))), "once is all");
}

#[test]
fn a_pause_does_not_hide_what_was_overdue_before_it() {
    let calendar = shipped();
    let mut clock = Clock::new(at("2026-03-04T08:00:00+08:00"), Limit::new(2, Unit::WorkingHours));
    clock.pause(at("2026-03-04T11:00:00+08:00"), None);
    let Reading { state, paused, .. } =
        clock.read(at("2026-05-01T00:00:00+08:00"), &calendar).expect("known");
    assert_eq!((state, paused), (ClockState::Overdue, true));
}

#[test]
fn an_extension_adds_time_of_the_same_unit_and_moves_every_mark() {
    let calendar = shipped();
    let mut clock = Clock::new(at("2026-03-04T08:00:00+08:00"), Limit::new(2, Unit::WorkingDays));
    clock.extend(Limit::new(3, Unit::WorkingDays)).expect("the same unit");
    assert_eq!(clock.warn_at(&calendar), Ok(Some(at("2026-03-09T18:00:00+08:00"))));
    assert_eq!(clock.due_at(&calendar), Ok(Some(at("2026-03-10T18:00:00+08:00"))));
    let refused = clock.extend(Limit::new(1, Unit::CalendarDays)).expect_err("another unit");
    assert!(refused.message.en.contains("in the same unit, not 1 calendar day"), "{refused}");
    assert_eq!(clock.extensions, [3]);
}

#[test]
fn a_stopped_clock_stays_where_it_was() {
    let calendar = shipped();
    let mut clock = Clock::new(at("2026-03-04T08:00:00+08:00"), Limit::new(4, Unit::WorkingHours));
    clock.stop(at("2026-03-04T10:00:00+08:00"));
    clock.stop(at("2026-03-05T10:00:00+08:00"));
    let reading = clock.read(at("2036-01-01T00:00:00+08:00"), &calendar).expect("known");
    assert_eq!((reading.state, reading.elapsed_s), (ClockState::Fine, 7200));
    assert_eq!(clock.due_at(&calendar), Ok(Some(at("2026-03-04T12:00:00+08:00"))));
}

#[test]
fn clocks_that_jump_do_no_harm() {
    let calendar = shipped();
    let start = at("2026-03-04T08:00:00+08:00");
    for unit in [Unit::WorkingHours, Unit::CalendarDays] {
        let mut clock = Clock::new(start, Limit::new(4, unit));
        clock.pause(at("2026-03-04T12:00:00+08:00"), Some(at("2026-03-04T09:00:00+08:00")));
        clock.stopped_at = Some(start - SignedDuration::from_hours(5));
        for now in [Timestamp::MIN, start - SignedDuration::from_secs(1)] {
            let reading = clock.read(now, &calendar).expect("nothing is counted yet");
            assert_eq!((reading.state, reading.elapsed_s), (ClockState::Fine, 0), "{now}");
        }
        let reading = clock.read(Timestamp::MAX, &calendar).expect("stopped before its start");
        assert_eq!((reading.state, reading.elapsed_s), (ClockState::Fine, 0));
    }
    let endless = Limit::new(u32::MAX, Unit::CalendarDays);
    assert_eq!(
        deadline(start, endless, &calendar).expect("days need no calendar").as_second(),
        Timestamp::MAX.as_second()
    );
    let endless = Clock::new(Timestamp::MAX, Limit::new(u32::MAX, Unit::WorkingDays));
    assert!(endless.due_at(&calendar).is_err());
    assert!(endless.read(Timestamp::MAX, &calendar).is_ok());
    assert!(deadline(Timestamp::MIN, Limit::new(1, Unit::WorkingHours), &calendar).is_err());
}

#[test]
fn parts_of_a_second_are_cut_off() {
    let calendar = shipped();
    let start = at("2026-03-04T08:00:00.999999+08:00");
    let clock = Clock::new(start, Limit::new(1, Unit::WorkingHours));
    assert_eq!(clock.due_at(&calendar), Ok(Some(at("2026-03-04T09:00:00+08:00"))));
    let before = clock.read(at("2026-03-04T08:59:59.999+08:00"), &calendar).expect("known");
    assert_eq!((before.state, before.elapsed_s), (ClockState::DueSoon, 3599));
    let early = at("1969-12-31T23:59:59.5Z");
    let due = deadline(early, Limit::new(1, Unit::UrgentHours), &calendar);
    assert_eq!(due, Ok(at("1970-01-01T00:59:59Z")));
}
