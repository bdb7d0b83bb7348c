//! When visits fall due: a rhythm from a date on, and what to do about days off.
//!
//! Definition. The *nominal* dates of a schedule are, from its first date to its last:
//! - of `days` n: the first date and every n-th day after it;
//! - of `weekdays`: every date on one of them;
//! - of `monthly` d: the d-th of every month, in a shorter one its last day.
//!
//! A visit is due on every nominal date, holidays included: whoever lives alone is no less alone
//! then. With [`DaysOff::Next`] what falls on a day off is due on the next working day, make-up
//! days included; where two meet there is one visit. The last date bounds nominal dates: one of
//! them may be due after it.

use crate::refusal::{Kind, Refusal};
use crate::words;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest rhythm in days.
pub const DAYS_MAX: u16 = 366;
/// Days off in a row that are looked over; no calendar has more.
const OFF_MAX_DAYS: i32 = 400;

words! {
    /// A day of the week.
    Weekday {
        Monday = "monday", "星期一", "Monday";
        Tuesday = "tuesday", "星期二", "Tuesday";
        Wednesday = "wednesday", "星期三", "Wednesday";
        Thursday = "thursday", "星期四", "Thursday";
        Friday = "friday", "星期五", "Friday";
        Saturday = "saturday", "星期六", "Saturday";
        Sunday = "sunday", "星期日", "Sunday";
    }
}

impl Weekday {
    fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

words! {
    /// What becomes of a visit on a day off.
    #[derive(Default)]
    DaysOff {
        #[default]
        Keep = "keep", "照常探访", "it is made all the same";
        Next = "next", "顺延至下一工作日", "it is made on the next working day";
    }
}

/// How often visits are made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Every so many days, 1 to 366.
    Days(u16),
    /// On these days of the week.
    Weekdays(Vec<Weekday>),
    /// On this day of the month, 1 to 31; in shorter months on the last.
    Monthly(u8),
}

/// When visits are made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// How often.
    pub rhythm: Rhythm,
    /// From this date on.
    pub from: Date,
    /// Until this date; for ever, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What becomes of a visit on a day off.
    #[serde(default)]
    pub days_off: DaysOff,
}

impl Schedule {
    /// Checks what was asked for.
    ///
    /// # Errors
    /// Invalid, saying what a rhythm may be.
    pub fn check(&self) -> Result<(), Refusal> {
        let rhythm = match &self.rhythm {
            Rhythm::Days(days) => (1..=DAYS_MAX).contains(days),
            Rhythm::Weekdays(days) => (1..=7).contains(&days.len()),
            Rhythm::Monthly(day) => (1..=31).contains(day),
        };
        let years = 2000..=2999;
        let in_order = self.until.is_none_or(|until| until >= self.from);
        if rhythm && in_order && years.contains(&self.from.year()) {
            return Ok(());
        }
        Err(Refusal::new(
            Kind::Invalid,
            format!(
                "探访计划须为每 1 到 {DAYS_MAX} 天一次、每周的某几天或每月 1 到 31 日的某一天，\
                 且先开始后结束。"
            ),
            format!(
                "Visits are made every 1 to {DAYS_MAX} days, on days of the week, or on a day of \
                 the month from 1 to 31, and end after they begin."
            ),
        )
        .at("schedule"))
    }

    /// The first date after `after` on which a visit is due; `None`: there is none any more.
    /// `works` says of a date whether it is a working day.
    pub fn next_after(&self, after: Date, works: impl Fn(Date) -> bool) -> Option<Date> {
        match self.days_off {
            DaysOff::Keep => self.nominal_after(after),
            DaysOff::Next => {
                // What falls on the last working day or before it is due by then. What falls on
                // the days off since is due on the next working day, which is after `after`.
                let back = (0..OFF_MAX_DAYS).map_while(|days| after.checked_sub(days.days()).ok());
                let worked = back.into_iter().find(|&day| works(day)).unwrap_or(after);
                let nominal = self.nominal_after(worked)?;
                let mut on =
                    (0..OFF_MAX_DAYS).map_while(|days| nominal.checked_add(days.days()).ok());
                on.find(|&day| works(day))
            }
        }
    }

    /// The last date a visit was due on, of those from `due` on until `today`, and those before it:
    /// what was missed while nobody looked. `due` is due itself.
    pub fn missed(
        &self,
        due: Date,
        today: Date,
        works: impl Fn(Date) -> bool,
    ) -> (Vec<Date>, Date) {
        let (mut before, mut last) = (Vec::new(), due);
        while let Some(next) = self.next_after(last, &works).filter(|next| *next <= today) {
            before.push(std::mem::replace(&mut last, next));
        }
        (before, last)
    }

    /// The first nominal date after this one.
    fn nominal_after(&self, after: Date) -> Option<Date> {
        let first = after.tomorrow().ok()?.max(self.from);
        let found = match &self.rhythm {
            Rhythm::Days(days) => {
                let gone = i64::from(self.from.until(first).ok()?.get_days());
                let rhythm = i64::from((*days).max(1));
                let left = (rhythm - gone % rhythm) % rhythm;
                first.checked_add(left.days()).ok()?
            }
            Rhythm::Weekdays(days) => {
                let mut week = (0..7).map_while(|ahead| first.checked_add(ahead.days()).ok());
                week.find(|&date| days.contains(&Weekday::of(date)))?
            }
            Rhythm::Monthly(day) => {
                let of_month = |date: Date| {
                    let last = date.days_in_month();
                    let day = i8::try_from(*day).unwrap_or(last).clamp(1, last);
                    Date::new(date.year(), date.month(), day).ok()
                };
                match of_month(first)? {
                    date if date >= first => date,
                    _ => of_month(first.first_of_month().checked_add(1.month()).ok()?)?,
                }
            }
        };
        Some(found).filter(|found| self.until.is_none_or(|until| *found <= until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::Word;
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The oracle goes day by day and asks of each whether a visit is due on it.
    fn nominal(of: &Schedule, day: Date) -> bool {
        let inside = day >= of.from && of.until.is_none_or(|until| day <= until);
        let fits = match &of.rhythm {
            Rhythm::Days(days) => {
                let (mut at, mut met) = (of.from, false);
                while at <= day {
                    met = at == day;
                    at = at.checked_add(i64::from(*days).days()).expect("a date");
                }
                met
            }
            Rhythm::Weekdays(days) => {
                let number = day.weekday().to_monday_zero_offset() as usize;
                days.contains(&Weekday::ALL[number])
            }
            Rhythm::Monthly(on) => {
                let tomorrow = day.tomorrow().expect("a date");
                let last = tomorrow.day() == 1;
                day.day() as u8 == *on || (last && (day.day() as u8) < *on)
            }
        };
        inside && fits
    }

    fn due(of: &Schedule, from: Date, days: i32, works: &dyn Fn(Date) -> bool) -> Vec<Date> {
        let mut due = BTreeSet::new();
        let mut day = from;
        for _ in 0..days {
            if nominal(of, day) {
                let mut made = day;
                while of.days_off == DaysOff::Next && !works(made) {
                    made = made.tomorrow().expect("a date");
                }
                due.insert(made);
            }
            day = day.tomorrow().expect("a date");
        }
        due.into_iter().collect()
    }

    fn schedules() -> impl Strategy<Value = Schedule> {
        let weekday = prop::sample::select(Weekday::ALL);
        let rhythm = prop_oneof![
            (1..=40_u16).prop_map(Rhythm::Days),
            prop::collection::vec(weekday, 1..4).prop_map(Rhythm::Weekdays),
            (1..=31_u8).prop_map(Rhythm::Monthly),
        ];
        let until = prop::option::of(0..300_i32);
        (rhythm, 0..366_i32, until, any::<bool>()).prop_map(|(rhythm, from, until, next)| {
            let from = date(2027, 6, 1).checked_add(from.days()).expect("a date");
            let until = until.map(|days| from.checked_add(days.days()).expect("a date"));
            let days_off = if next { DaysOff::Next } else { DaysOff::Keep };
            Schedule { rhythm, from, until, days_off }
        })
    }

    proptest! {
        #[test]
        fn due_dates_are_those_of_a_walk_day_by_day(
            schedule in schedules(), off in prop::collection::vec(0..500_i32, 0..200),
        ) {
            let off: BTreeSet<Date> = off.iter()
                .map(|days| date(2027, 6, 1).checked_add(days.days()).expect("a date"))
                .collect();
            let works = |day: Date| !off.contains(&day);
            let expected = due(&schedule, schedule.from, 400, &works);
            let (mut found, mut after) = (Vec::new(), schedule.from.yesterday().expect("a date"));
            while let Some(next) = schedule.next_after(after, works) {
                prop_assert!(next > after);
                if found.len() >= expected.len() { break }
                found.push(next);
                after = next;
            }
            prop_assert_eq!(&found, &expected, "{:?}", schedule);
            // From any day between, the same.
            for pair in expected.windows(2) {
                let between = pair[1].yesterday().expect("a date");
                prop_assert_eq!(schedule.next_after(between, works), Some(pair[1]));
                prop_assert_eq!(schedule.next_after(pair[0], works), Some(pair[1]));
            }
            if let (Some(first), Some(last)) = (expected.first(), expected.last()) {
                let (before, found) = schedule.missed(*first, *last, works);
                prop_assert_eq!((&before[..], found), (&expected[..expected.len() - 1], *last));
            }
        }
    }

    #[test]
    fn a_month_without_a_31st_has_its_visit_on_the_last_day() {
        let schedule = Schedule {
            rhythm: Rhythm::Monthly(31),
            from: date(2028, 1, 31),
            until: None,
            days_off: DaysOff::Keep,
        };
        let next = |after| schedule.next_after(after, |_| true).expect("a date");
        assert_eq!(next(date(2028, 1, 30)), date(2028, 1, 31));
        assert_eq!(next(date(2028, 1, 31)), date(2028, 2, 29));
        assert_eq!(next(date(2028, 2, 29)), date(2028, 3, 31));
        assert_eq!(next(date(2028, 3, 31)), date(2028, 4, 30));
    }

    #[test]
    fn a_schedule_that_cannot_be_is_refused() {
        let schedule = |rhythm| Schedule {
            rhythm,
            from: date(2026, 3, 2),
            until: None,
            days_off: DaysOff::Next,
        };
        assert!(schedule(Rhythm::Days(7)).check().is_ok());
        for rhythm in [
            Rhythm::Days(0),
            Rhythm::Days(367),
            Rhythm::Weekdays(vec![]),
            Rhythm::Weekdays(vec![Weekday::Monday; 8]),
            Rhythm::Monthly(0),
            Rhythm::Monthly(32),
        ] {
            assert!(schedule(rhythm.clone()).check().is_err(), "{rhythm:?}");
        }
        let backwards = Schedule { until: Some(date(2026, 3, 1)), ..schedule(Rhythm::Days(7)) };
        assert!(backwards.check().is_err());
    }
}
