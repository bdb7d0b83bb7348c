//! Which places are chronic: one pure call over what was closed lately.

use domain::ids::TicketId;
use domain::tickets::chronic::{Round, rounds};
use domain::tickets::repeats::{ChronicFigures, Figures};
use jiff::Timestamp;
use spatial::Position;
use spatial::metric::{Local, distance_m};
use std::collections::{BTreeMap, HashMap};

/// A ticket that was closed.
#[derive(Clone, PartialEq, Debug)]
pub struct Closed {
    /// Which.
    pub ticket: TicketId,
    /// Its category.
    pub category: String,
    /// Its level-3 cell.
    pub cell: Option<String>,
    /// Where it is.
    pub at: Position,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// The unit that handled it.
    pub unit_name: String,
}

impl Closed {
    fn round(&self) -> Round {
        Round { opened_at: self.opened_at, closed_at: self.closed_at }
    }
}

/// A chronic place.
#[derive(Clone, PartialEq, Debug)]
pub struct Place<'a> {
    /// The figures it is chronic by.
    pub line: &'a ChronicFigures,
    /// How many rounds there were.
    pub times: u32,
    /// The ticket it is around.
    pub centre: &'a Closed,
    /// Its tickets with their metres from that one, closed last first.
    pub tickets: Vec<(&'a Closed, f64)>,
}

/// The chronic places among what was closed, as of now: those with the most rounds first, then
/// those closed last.
///
/// Of each category, from what was closed last back: around a ticket that is in no place yet lie
/// those of its category that are in none either, closed within the days and within the metres of
/// its figures. If they make as many rounds as those say, they are a place, and so no ticket is in
/// two. Costs a look at the neighbours of each ticket, found by squares.
pub fn places<'a>(closed: &'a [Closed], figures: &'a Figures, now: Timestamp) -> Vec<Place<'a>> {
    let mut by_category = BTreeMap::<&str, Vec<&Closed>>::new();
    for ticket in closed {
        by_category.entry(&ticket.category).or_default().push(ticket);
    }
    let mut found: Vec<Place<'_>> = Vec::new();
    for (category, mut tickets) in by_category {
        let line = figures.chronic(category);
        let since = line.since(now);
        tickets.retain(|ticket| ticket.closed_at > since && ticket.closed_at <= now);
        tickets.sort_by_key(|ticket| std::cmp::Reverse((ticket.closed_at, ticket.ticket)));
        found.extend(of_category(&tickets, line));
    }
    found.sort_by_key(|place| {
        let (last, _) = place.tickets[0];
        std::cmp::Reverse((place.times, last.closed_at, last.ticket))
    });
    found
}

/// The places of one category; its tickets come closed last first.
fn of_category<'a>(tickets: &[&'a Closed], line: &'a ChronicFigures) -> Vec<Place<'a>> {
    let mut squares = Squares::of(tickets, line.within_m);
    let mut found = Vec::new();
    for (i, &ticket) in tickets.iter().enumerate() {
        if squares.is_taken(i) {
            continue;
        }
        let around = squares.around(i);
        let near = around.into_iter().filter_map(|other| {
            let metres = distance_m(ticket.at, tickets[other].at);
            (metres <= line.within_m).then_some((other, metres))
        });
        let near: Vec<(usize, f64)> = near.collect();
        let times = rounds(near.iter().map(|&(other, _)| tickets[other].round()));
        if times >= line.times {
            squares.take(near.iter().map(|&(other, _)| other));
            let tickets = near.iter().map(|&(other, metres)| (tickets[other], metres));
            found.push(Place { line, times, centre: ticket, tickets: tickets.collect() });
        }
    }
    found
}

/// Tickets by squares, so wide that whatever is near enough lies in the same or the next one.
struct Squares {
    of: Vec<(i64, i64)>,
    squares: HashMap<(i64, i64), Vec<usize>>,
    taken: Vec<bool>,
}

impl Squares {
    fn of(tickets: &[&Closed], within_m: f64) -> Self {
        // Parallels are shortest farthest from the equator: there a square is widest in degrees.
        let farthest = tickets.iter().map(|ticket| ticket.at).max_by_key(|at| at.lat_e7.abs());
        let window = Local::at(farthest.unwrap_or_default()).window(within_m);
        let wide = |high: i32, low: i32| (i64::from(high) - i64::from(low)).max(1);
        let (east, north) = (
            wide(window.high.lng_e7, window.low.lng_e7),
            wide(window.high.lat_e7, window.low.lat_e7),
        );
        let square = |at: Position| {
            (i64::from(at.lng_e7).div_euclid(east), i64::from(at.lat_e7).div_euclid(north))
        };
        let of: Vec<_> = tickets.iter().map(|ticket| square(ticket.at)).collect();
        let mut squares = HashMap::<_, Vec<usize>>::new();
        for (i, square) in of.iter().enumerate() {
            squares.entry(*square).or_default().push(i);
        }
        Self { of, squares, taken: vec![false; tickets.len()] }
    }

    fn is_taken(&self, ticket: usize) -> bool {
        self.taken[ticket]
    }

    /// Those in the same square and the eight around it that are not taken, in order.
    fn around(&self, ticket: usize) -> Vec<usize> {
        let (east, north) = self.of[ticket];
        let beside = [-1, 0, 1];
        let squares = beside.iter().flat_map(|e| beside.iter().map(move |n| (east + e, north + n)));
        let mut all: Vec<usize> =
            squares.filter_map(|square| self.squares.get(&square)).flatten().copied().collect();
        all.sort_unstable();
        all
    }

    fn take(&mut self, tickets: impl Iterator<Item = usize>) {
        let mut changed = Vec::new();
        for ticket in tickets {
            self.taken[ticket] = true;
            changed.push(self.of[ticket]);
        }
        for square in changed {
            if let Some(of) = self.squares.get_mut(&square) {
                of.retain(|ticket| !self.taken[*ticket]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use proptest::prelude::*;

    const NOW: i64 = 200;

    fn day(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
    }

    /// A ticket so many metres east and north of a corner.
    fn closed(ticket: i64, category: &str, metres: (f64, f64), days: (i64, i64)) -> Closed {
        let corner = Local::at(Position::new(1_206_000_000, 312_500_000));
        Closed {
            ticket: TicketId(ticket),
            category: category.to_owned(),
            cell: None,
            at: corner.position(metres.0, metres.1),
            opened_at: day(days.0),
            closed_at: day(days.1),
            unit_name: String::new(),
        }
    }

    fn figures() -> Figures {
        Figures::shipped().expect("the file is what it should be")
    }

    fn numbers(places: &[Place<'_>]) -> Vec<(u32, Vec<i64>)> {
        let of =
            |place: &Place<'_>| place.tickets.iter().map(|(closed, _)| closed.ticket.0).collect();
        places.iter().map(|place| (place.times, of(place))).collect()
    }

    #[test]
    fn a_place_holds_what_is_near_of_one_category_and_within_its_days() {
        let all = [
            closed(1, "1101", (0.0, 0.0), (120, 122)),
            closed(2, "1101", (30.0, 0.0), (130, 132)),
            closed(3, "1101", (0.0, 40.0), (140, 142)),
            closed(4, "1104", (0.0, 0.0), (150, 152)),
            closed(5, "1101", (60.0, 60.0), (160, 162)),
            closed(6, "1101", (0.0, 0.0), (100, 105)),
            closed(7, "1103", (0.0, 0.0), (1, 50)),
            closed(8, "1103", (0.0, 0.0), (60, 150)),
        ];
        let figures = figures();
        let found = places(&all, &figures, day(NOW));
        assert_eq!(numbers(&found), [(3, vec![3, 2, 1]), (2, vec![8, 7])]);
    }

    proptest! {
        #[test]
        fn no_ticket_is_in_two_places_and_every_place_is_what_its_figures_say(
            all in prop::collection::vec(
                (0..2_usize, 0.0..200.0_f64, 0.0..200.0_f64, 90..200_i64, 1..6_i64), 0..60),
        ) {
            let of = |(i, (category, east, north, opened, long))| {
                let category = ["1101", "1103"][category];
                closed(i, category, (east, north), (opened, opened + long))
            };
            let all: Vec<Closed> = (0..).zip(all).map(of).collect();
            let figures = figures();
            let found = places(&all, &figures, day(NOW));
            let mut taken = std::collections::BTreeSet::new();
            for place in &found {
                prop_assert!(place.times >= place.line.times);
                let last_first =
                    place.tickets.is_sorted_by(|(a, _), (b, _)| a.closed_at >= b.closed_at);
                prop_assert!(last_first);
                prop_assert_eq!(place.times, rounds(place.tickets.iter().map(|(c, _)| c.round())));
                for (closed, metres) in &place.tickets {
                    prop_assert!(taken.insert(closed.ticket), "{:?} twice", closed.ticket);
                    prop_assert!(*metres <= place.line.within_m && closed.closed_at <= day(NOW));
                    prop_assert_eq!(*metres, distance_m(place.centre.at, closed.at));
                    prop_assert_eq!(&closed.category, &place.centre.category);
                    prop_assert!(closed.closed_at > place.line.since(day(NOW)));
                }
            }
            // Nothing is missed: around no ticket that was left are there enough others left.
            let left: Vec<&Closed> = all.iter().filter(|c| !taken.contains(&c.ticket)).collect();
            for centre in &left {
                let line = figures.chronic(&centre.category);
                let near = left.iter().filter(|other| {
                    other.category == centre.category
                        && other.closed_at <= day(NOW)
                        && other.closed_at > line.since(day(NOW))
                        && distance_m(centre.at, other.at) <= line.within_m
                });
                let since = line.since(day(NOW));
                let counts = centre.closed_at <= day(NOW) && centre.closed_at > since;
                prop_assert!(!counts || rounds(near.map(|c| c.round())) < line.times);
            }
        }
    }
}
