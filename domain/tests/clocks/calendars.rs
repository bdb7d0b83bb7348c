//! Calendars: what is shipped, what is refused, what is not settled.

use crate::made::shipped;
use domain::Both;
use domain::clocks::{CALENDARS, Calendar, DayKind, HOURS, Hours, Window, Year};
use jiff::ToSpan;
use jiff::civil::{Date, date};

fn days(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(1.day()).take_while(move |day| day.year() == year)
}

#[test]
fn every_calendar_file_is_shipped_and_has_a_source() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/calendars");
    let names = std::fs::read_dir(folder).expect("the folder of calendars");
    let names = names.map(|entry| entry.expect("an entry").file_name().into_string());
    let years = names.filter_map(|name| name.ok()?.strip_suffix(".csv")?.parse::<i16>().ok());
    let mut years: Vec<_> = years.collect();
    years.sort();
    let read = CALENDARS.iter().map(|text| Year::parse(text).expect("a year we ship"));
    let read: Vec<_> = read.inspect(|y| assert!(!y.sources.is_empty(), "{}", y.year)).collect();
    assert_eq!(read.iter().map(|y| y.year).collect::<Vec<_>>(), years);
    assert_eq!(years, (2013..=2026).collect::<Vec<_>>());
    assert_eq!(shipped().years().collect::<Vec<_>>(), years);
}

#[test]
fn the_year_2026_has_33_days_off_6_make_up_days_and_248_working_days() {
    let calendar = shipped();
    let kinds: Vec<_> = days(2026).map(|d| calendar.day(d).expect("known").kind).collect();
    let count = |kind| kinds.iter().filter(|k| **k == kind).count();
    assert_eq!(count(DayKind::Holiday), 33);
    assert_eq!(count(DayKind::MakeUp), 6);
    assert_eq!(kinds.iter().filter(|kind| kind.works()).count(), 248);
    let year = |y: i16| date(y, 1, 1).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let [from, to] = [2026, 2027].map(|y| year(y).expect("a day").timestamp());
    assert_eq!(calendar.working_s(from, to), Ok(248 * 8 * 3600));
    assert_eq!(calendar.working_s(to, from), Ok(0));
}

#[test]
fn the_last_days_of_december_are_read_from_the_next_years_file() {
    let calendar = shipped();
    let day = |d| calendar.day(d).expect("known");
    assert_eq!(day(date(2018, 12, 29)).kind, DayKind::MakeUp);
    assert_eq!(day(date(2018, 12, 31)).kind, DayKind::Holiday);
    assert_eq!(day(date(2018, 12, 31)).holiday, Some(Both::new("元旦", "New Year")));
    assert_eq!(day(date(2022, 12, 31)).kind, DayKind::Holiday);
}

#[test]
fn the_end_of_the_last_year_is_not_settled_until_the_next_is_known() {
    let calendar = shipped();
    let settled = |d| calendar.day(d).expect("known").settled;
    assert!(settled(date(2025, 12, 31)));
    assert!(settled(date(2026, 12, 24)));
    assert!(!settled(date(2026, 12, 25)));
    assert!(!settled(date(2026, 12, 31)));
    let until_2018: Vec<_> = CALENDARS[..6].to_vec();
    let then = Calendar::parse(HOURS, &until_2018).expect("2013 to 2018");
    let eve = then.day(date(2018, 12, 31)).expect("known by its own year");
    assert_eq!((eve.kind, eve.settled), (DayKind::Workday, false));
    assert_eq!(then.day(date(2019, 1, 1)).expect_err("not yet").year, 2019);
}

#[test]
fn a_year_that_is_missing_in_between_is_unknown() {
    let calendar = Calendar::parse(HOURS, &[CALENDARS[0], CALENDARS[2]]).expect("2013 and 2015");
    assert_eq!(calendar.day(date(2014, 6, 3)).expect_err("left out").year, 2014);
    assert!(calendar.day(date(2015, 6, 3)).is_ok());
    let [from, to] = [2013, 2015].map(|year| {
        let day = date(year, 6, 3).to_zoned(jiff::tz::TimeZone::UTC);
        day.expect("a day").timestamp()
    });
    assert_eq!(calendar.working_s(from, to).expect_err("2014 lies between").year, 2014);
}

/// Refused, and the English sentence says so much.
#[track_caller]
fn refused(years: &[&str], says: &str) {
    let said = Calendar::parse(HOURS, years).expect_err("refused").message;
    assert!(said.en.contains(says), "{}", said.en);
    assert!(!said.zh.is_empty());
}

#[test]
fn slips_of_the_pen_are_refused_by_their_place() {
    let good = "year,2030\r\n# a comment\r\n2030-01-01,off,元旦,New Year\r\n";
    assert!(Calendar::parse(HOURS, &[&format!("\u{feff}{good}")]).is_ok());
    refused(&["2030-01-01,off,元旦,New Year"], "must begin with its year");
    refused(&["year,2030"], "has no day off");
    refused(&["year,2030\n\n2030-13-01,off,元旦,New Year"], "line 3: cannot read");
    refused(&["year,2030\n2030-01-01,free,元旦,New Year"], "line 2: cannot read");
    refused(&["year,2030\n2031-01-01,off,元旦,New Year"], "neither in 2030");
    refused(&["year,2030\n2029-11-30,off,元旦,New Year"], "neither in 2030");
    refused(&[&format!("{good}2030-01-02,work,元旦,New Year")], "no Saturday or Sunday");
    refused(&[good, good], "given twice");
    refused(&["year,20300\n20300-01-01,off,元旦,New Year"], "cannot read");
    refused(&["year,3200\n3200-01-01,off,元旦,New Year"], "between 1900 and 2999");
    let (off, work) = ("2029-12-29,off,元旦,New Year", "2029-12-29,work,国庆节,National Day");
    let before = format!("year,2029\n2029-10-01,off,国庆节,National Day\n{work}");
    refused(&[&before, &format!("{good}{off}")], "both as off and as worked");
}

#[test]
fn working_hours_are_read_and_held_to_a_day() {
    let hours = Hours::parse(HOURS).expect("what we ship");
    let windows = [(8, 12), (14, 18)].map(|(a, b)| Window { from_s: a * 3600, to_s: b * 3600 });
    assert_eq!((hours.windows(), hours.day_s()), (&windows[..], 28_800));
    assert_eq!(hours.offset_s(), 28_800);
    let all_day = Hours::parse("offset,-05:30\nwindow,00:00,24:00").expect("a whole day");
    assert_eq!((all_day.offset_s(), all_day.day_s()), (-19_800, 86_400));
    for (text, says) in [
        ("window,08:00,12:00", "zone is missing"),
        ("offset,+08:00", "at least one"),
        ("offset,+24:00\nwindow,08:00,12:00", "less than a day"),
        ("offset,+08:00\nwindow,08:00,24:01", "line 2"),
        ("offset,+08:00\nwindow,8:00,12:00", "line 2"),
        ("offset,+08:00\nwindow,12:00,08:00", "in order"),
        ("offset,+08:00\nwindow,08:00,12:00\nwindow,11:00,13:00", "without overlap"),
        ("offset,+08:00\noffset,+09:00", "line 2"),
    ] {
        let said = Hours::parse(text).expect_err(text).message.en;
        assert!(said.contains(says), "{text}: {said}");
    }
}
