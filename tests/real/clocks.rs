//! Clocks against calendars and deadlines that others published.

use crate::shared::{data, say, text};
use domain::clocks::{CALENDARS, Calendar, DayKind, HOURS, Limit, Unit, deadline};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::HashMap;

#[test]
fn every_day_of_2013_to_2026_is_what_was_published() {
    let Some(data) = data("every day of 2013 to 2026") else { return };
    let ours = Calendar::parse(HOURS, CALENDARS).expect("the shipped files can be read");
    let mut published: HashMap<Date, bool> = HashMap::new();
    for year in 2013..=2027 {
        let file = text(&data.join(format!("holidays/{year}.json")));
        let file: Value = serde_json::from_str(&file).expect("JSON");
        for day in file["days"].as_array().expect("days") {
            let date = day["date"].as_str().and_then(|date| date.parse().ok()).expect("a date");
            published.insert(date, day["isOffDay"].as_bool().expect("off or not"));
        }
    }
    let (mut date, end) = (jiff::civil::date(2013, 1, 1), jiff::civil::date(2027, 1, 1));
    let mut named = 0;
    while date < end {
        let day = ours.day(date).expect("the year is published");
        let truth = published.get(&date).copied();
        let agrees = match truth {
            Some(true) => day.kind == DayKind::Holiday,
            // One Monday is published as worked, the first after the long holiday of 2020.
            Some(false) => day.kind.works(),
            None => matches!(day.kind, DayKind::Workday | DayKind::Weekend),
        };
        assert!(agrees, "{date}: {day:?}, published {truth:?}");
        named += usize::from(truth.is_some());
        date = date.tomorrow().expect("it is not the end of time");
    }
    say(&format!("calendars: {named} days off and make-up days of 2013 to 2026 agree"));
    assert_eq!(ours.day(end).expect_err("2027 is not published").year, 2027);
}

#[test]
fn baltimores_deadlines_come_out_to_the_second() {
    let Some(data) = data("Baltimore's deadlines") else { return };
    let calendar = Calendar::parse(HOURS, CALENDARS).expect("the shipped files can be read");
    let file = text(&data.join("baltimore311/requests_2014-2016.csv"));
    let mut rows = csv::Reader::from_reader(file.as_bytes());
    let header = rows.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|field| field == name).expect("a column");
    let (kind, created, due) = (column("SRType"), column("CreatedDate"), column("DueDate"));
    // The city's clocks stand still in no pause and know no zone: wall time is read as UTC.
    let time = |text: &str| {
        let wall = DateTime::strptime("%m/%d/%Y %I:%M:%S %p", text).ok()?;
        wall.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    let mut limits: HashMap<String, Limit> = HashMap::new();
    let mut held = 0;
    for row in rows.records() {
        let row = row.expect("a row");
        if row[due].is_empty() {
            continue;
        }
        let [created, due] = [created, due].map(|at| time(&row[at]).expect("a time"));
        // One number of days for each kind of request: the first row of a kind states it.
        let days = (due.as_second() - created.as_second()) / 86_400;
        let limit = limits.entry(row[kind].to_owned()).or_insert_with(|| {
            Limit::new(u32::try_from(days).expect("due later"), Unit::CalendarDays)
        });
        assert_eq!(deadline(created, *limit, &calendar), Ok(due), "{row:?}");
        held += 1;
    }
    say(&format!("Baltimore: {held} deadlines of {} kinds to the second", limits.len()));
    assert_eq!((held, limits.len()), (5_478, 181), "all rows that have a deadline");
}
