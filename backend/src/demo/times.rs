//! When things are reported: the rhythm of day, week and year, holidays calmer.

use super::chance::Chance;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// China keeps one time all year: eight hours ahead of UTC.
const OFFSET_S: i64 = 8 * 3_600;
/// Weight of each hour of the day, by profile.
const DAY: [f64; 24] = [
    0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 2.0, 5.0, 10.0, 13.0, 12.0, 7.0, 4.0, 7.0, 11.0, 12.0, 10.0, 6.0,
    4.0, 3.0, 2.0, 1.2, 0.7, 0.4,
];
const MARKET: [f64; 24] = [
    0.1, 0.0, 0.0, 0.1, 0.5, 3.0, 8.0, 10.0, 8.0, 6.0, 5.0, 4.0, 3.0, 3.0, 4.0, 6.0, 10.0, 13.0,
    12.0, 9.0, 6.0, 3.0, 1.0, 0.3,
];
const EVENING: [f64; 24] = [
    0.8, 0.4, 0.2, 0.1, 0.1, 0.3, 1.5, 3.0, 5.0, 5.0, 5.0, 4.0, 3.0, 4.0, 4.0, 5.0, 6.0, 8.0, 11.0,
    13.0, 11.0, 7.0, 3.0, 1.5,
];
const NIGHT: [f64; 24] = [
    5.0, 4.0, 3.0, 2.0, 2.0, 3.0, 4.0, 3.0, 3.0, 2.0, 2.0, 2.0, 3.0, 2.0, 2.0, 2.0, 2.0, 3.0, 5.0,
    9.0, 12.0, 13.0, 11.0, 8.0,
];
const ANY: [f64; 24] = [
    1.0, 0.7, 0.5, 0.5, 0.7, 1.5, 4.0, 8.0, 9.0, 9.0, 8.0, 7.0, 6.0, 7.0, 8.0, 8.0, 8.0, 9.0, 8.0,
    6.0, 4.0, 3.0, 2.0, 1.5,
];

/// The 365 days that end with a date, each with its weight.
pub struct Times {
    days: Vec<Date>,
    upto: Vec<f64>,
}

impl Times {
    /// The year that ends with the day `until`.
    pub fn new(until: Date, holidays: &[String], workdays: &[String]) -> Self {
        let days: Vec<Date> = (0..365_i64).map(|i| until - (364 - i).days()).collect();
        let mut sum = 0.0;
        let upto = days
            .iter()
            .map(|day| {
                sum += weight(*day, holidays, workdays);
                sum
            })
            .collect();
        Self { days, upto }
    }

    /// A day by its weight, as an index.
    pub fn day(&self, rng: &mut Chance) -> usize {
        let at = rng.unit() * self.upto[self.upto.len() - 1];
        self.upto.partition_point(|upto| *upto <= at).min(self.days.len() - 1)
    }

    /// The month of a day, January is 0.
    pub fn month(&self, day: usize) -> usize {
        self.days[day].month() as usize - 1
    }

    /// A moment of a day by a profile of hours, in seconds since 1970.
    pub fn moment(&self, day: usize, hours: &str, rng: &mut Chance) -> i64 {
        let weights = match hours {
            "market" => &MARKET,
            "evening" => &EVENING,
            "night" => &NIGHT,
            "any" => &ANY,
            _ => &DAY,
        };
        let hour = rng.weighted(weights) as i64;
        let second = rng.below(3_600) as i64;
        let epoch = jiff::civil::date(1970, 1, 1);
        let days = i64::from((self.days[day] - epoch).get_days());
        days * 86_400 + hour * 3_600 + second - OFFSET_S
    }
}

fn weight(day: Date, holidays: &[String], workdays: &[String]) -> f64 {
    let name = day.to_string();
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    // Busier in the warm half of the year; campaigns in spring and autumn.
    let month = [0.82, 0.72, 1.02, 1.08, 1.1, 1.08, 1.06, 1.05, 1.04, 1.0, 1.02, 0.95]
        [day.month() as usize - 1];
    let kind = if holidays.contains(&name) {
        0.42
    } else if weekend && !workdays.contains(&name) {
        0.66
    } else if day.weekday() == Weekday::Monday {
        1.18
    } else {
        1.0
    };
    month * kind
}

/// A moment as RFC 3339 in China's time.
pub fn rfc3339(seconds: i64) -> String {
    let zone = jiff::tz::Offset::constant(8);
    let stamp = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    let local = zone.to_datetime(stamp);
    format!("{}+08:00", local.strftime("%Y-%m-%dT%H:%M:%S"))
}
