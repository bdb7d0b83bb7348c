//! The duty roster of the demo district: four crews in three shifts a day, so that nobody ever
//! works two in a row and no minute is without a dispatcher.

use super::staff::Person;
use domain::clocks::moment;
use domain::people::Role;
use domain::people::roster::{DutyKind, Span};
use jiff::SignedDuration;
use jiff::civil::Date;

/// The crews that take turns.
const CREWS: usize = 4;
/// The shifts of a day; each lasts eight hours.
const SHIFTS: usize = 3;

/// The duties of one person.
pub struct Duties {
    /// Their number among the people.
    pub person: usize,
    /// What they do.
    pub kind: DutyKind,
    /// When, in order.
    pub spans: Vec<Span>,
}

/// The first and the last day of the roster: it covers the year of reports that ends on this day,
/// and another year from there, so that the demo has somebody on duty when it is shown.
pub fn around(until: Date) -> (Date, Date) {
    let days = jiff::Span::new().days(366);
    (until.saturating_sub(days), until.saturating_add(days))
}

/// The duties of everybody at the desk from one day to another, both included. Dispatchers and
/// shift leads are dealt to the crews in turn.
pub fn make(people: &[Person], from: Date, until: Date) -> Vec<Duties> {
    let mut all = Vec::new();
    for (role, kind) in
        [(Role::Dispatcher, DutyKind::Dispatcher), (Role::ShiftLead, DutyKind::ShiftLead)]
    {
        let ours = people.iter().enumerate().filter(|(_, person)| person.role == role);
        for (i, (person, _)) in ours.enumerate() {
            all.push(Duties { person, kind, spans: spans(i % CREWS, from, until) });
        }
    }
    all
}

/// The shifts of a crew: every fourth, that is eight hours of every 32.
fn spans(crew: usize, from: Date, until: Date) -> Vec<Span> {
    let Some(midnight) = moment(from.at(0, 0, 0, 0)) else { return Vec::new() };
    let days = from.duration_until(until).as_hours() / 24 + 1;
    let count = usize::try_from(days).unwrap_or(0) * SHIFTS;
    let shift = |n: usize| {
        let hours = SignedDuration::from_hours(8);
        let begins = midnight.checked_add(hours * i32::try_from(n).ok()?).ok()?;
        Some((begins, begins.checked_add(hours).ok()?))
    };
    (crew..count).step_by(CREWS).filter_map(shift).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::people::roster::gaps;
    use jiff::civil::date;

    #[test]
    fn four_crews_leave_no_minute_bare_and_nobody_works_two_shifts_in_a_row() {
        let (from, until) = (date(2026, 1, 1), date(2026, 3, 31));
        let crews: Vec<Vec<Span>> = (0..CREWS).map(|crew| spans(crew, from, until)).collect();
        let all = crews.concat();
        assert_eq!(all.len(), 90 * SHIFTS);
        let begins = all.iter().map(|span| span.0).min().expect("a shift");
        let ends = all.iter().map(|span| span.1).max().expect("a shift");
        assert_eq!(begins.to_string(), "2025-12-31T16:00:00Z", "midnight at the place");
        assert_eq!(gaps((begins, ends), &all), []);
        let day = SignedDuration::from_hours(24);
        for crew in crews {
            assert!(crew.windows(2).all(|w| w[1].0.duration_since(w[0].1) == day));
        }
    }
}
