//! Chronic places (顽疾): where one kind of thing is reported again and again after it was closed.
//!
//! A *round* is a ticket that was opened after the round before it was closed, and was closed
//! itself. Of tickets that were open side by side one counts: they were one pile, reported twice.
//! What was merged counts with the ticket it went into; what was not filed, voided or taken up
//! again does not count at all. A place is chronic for a category with so many rounds within so
//! many days and metres; the figures are data (`data/repeats/`).
//!
//! A ticket without a category repeats nothing: it is not known what it would repeat.

use super::repeats::{ChronicFigures, Figures};
use super::{Action, Offer};
use crate::call::{Call, Verb, Who};
use crate::ids::TicketId;
use crate::refusal::Both;
use crate::reports::READERS;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many of the tickets before it a ticket shows at most, those closed last.
pub const EARLIER_SHOWN: usize = 20;
/// How many of its tickets a place shows at most, those closed last.
pub const TICKETS_SHOWN: usize = 100;

/// From when to when a ticket was worked on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
}

/// How many rounds there were: the most tickets of which each was opened after the one before it
/// was closed.
pub fn rounds(tickets: impl IntoIterator<Item = Round>) -> u32 {
    let mut tickets: Vec<Round> = tickets.into_iter().collect();
    // By their ends, as many as possible that do not overlap are those that end first.
    tickets.sort_by_key(|round| (round.closed_at, round.opened_at));
    let mut count = 0;
    let mut closed_at = Timestamp::MIN;
    for round in tickets {
        if count == 0 || round.opened_at >= closed_at {
            (count, closed_at) = (count + 1, round.closed_at);
        }
    }
    count
}

impl ChronicFigures {
    /// Since when what was closed counts, seen from a moment.
    pub fn since(&self, at: Timestamp) -> Timestamp {
        let window = SignedDuration::from_hours(24 * i64::from(self.days));
        at.checked_sub(window).unwrap_or(Timestamp::MIN)
    }
}

/// A ticket that was closed at a place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClosedTicket {
    /// Which.
    pub ticket: TicketId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// Metres from the place.
    pub distance_m: f64,
    /// The unit that handled it; the responsible one where nobody else did.
    pub unit_name: String,
}

/// A ticket that was closed near another one before that was opened.
#[derive(Clone, PartialEq, Debug)]
pub struct Earlier {
    /// As it is shown.
    pub closed: ClosedTicket,
    /// Whether whoever asks may see it. What they may not see counts, but for what is sensitive:
    /// that is not among these at all.
    pub seen: bool,
}

/// That a ticket is one more of a chronic place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Chronic {
    /// How many rounds there were before it, seen by whoever asks or not.
    pub times: u32,
    /// Within so many days before it was opened.
    pub days: u16,
    /// Within so many metres.
    pub within_m: f64,
    /// When the last of them was closed.
    pub last_closed_at: Timestamp,
    /// The same in words.
    pub words: Both,
    /// Those that whoever asks may see, closed last at the top, 20 at most.
    pub earlier: Vec<ClosedTicket>,
}

/// Whether a ticket of this category, opened then, is one more of a chronic place.
pub fn chronic(
    category: Option<&str>,
    opened_at: Timestamp,
    earlier: &[Earlier],
    figures: &Figures,
) -> Option<Chronic> {
    let line = figures.chronic(category?);
    let since = line.since(opened_at);
    let counts = |earlier: &&Earlier| {
        let ClosedTicket { closed_at, distance_m, .. } = earlier.closed;
        distance_m <= line.within_m && closed_at > since && closed_at <= opened_at
    };
    let mut earlier: Vec<&Earlier> = earlier.iter().filter(counts).collect();
    earlier.sort_by_key(|earlier| {
        std::cmp::Reverse((earlier.closed.closed_at, earlier.closed.ticket))
    });
    let round = |earlier: &&Earlier| {
        let ClosedTicket { opened_at, closed_at, .. } = earlier.closed;
        Round { opened_at, closed_at }
    };
    let times = rounds(earlier.iter().map(round));
    let last_closed_at = earlier.first().map(|earlier| earlier.closed.closed_at)?;
    if times < line.times {
        return None;
    }
    let ago = opened_at.duration_since(last_closed_at).as_hours() / 24;
    let (days, within_m) = (line.days, line.within_m);
    let words = Both::new(
        format!(
            "反复地点：上报前 {days} 天内，{within_m} 米范围内同类问题已办结 {times} 次，\
             最近一次办结后 {ago} 天再次上报。"
        ),
        format!(
            "A chronic place: {times} earlier within {days} days and {within_m} m, the last closed \
             {ago} days before it was reported again."
        ),
    );
    let seen = earlier.into_iter().filter(|earlier| earlier.seen);
    let earlier = seen.take(EARLIER_SHOWN).map(|earlier| earlier.closed.clone()).collect();
    Some(Chronic { times, days, within_m, last_closed_at, words, earlier })
}

/// Marks the whistle, or the way up to where it can be blown, as suggested for a ticket of a
/// chronic place: what comes back after being cleared again and again is not solved by clearing it
/// once more.
pub fn suggest(offers: &mut [Offer], chronic: &Chronic) {
    let open = |offers: &mut [Offer], action| {
        offers.iter().position(|offer| offer.action == action && offer.refused.is_none())
    };
    let ways = [Action::Whistle, Action::RaiseTo2, Action::RaiseTo1];
    let Some(at) = ways.into_iter().find_map(|action| open(offers, action)) else { return };
    let Both { zh, en } = &chronic.words;
    offers[at].suggested = Some(match offers[at].action {
        Action::Whistle => Both::new(
            format!("{zh}建议吹哨，召集各相关单位一并根治。"),
            format!("{en} Whistle for the units it takes to solve it for good."),
        ),
        _ => Both::new(
            format!("{zh}建议上报，由上级吹哨召集各相关单位一并根治。"),
            format!("{en} Raise it: the level above can whistle for the units it takes."),
        ),
    });
}

/// A chronic place, around one of the tickets that were closed there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChronicPlace {
    /// Category code.
    pub category: String,
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// The level-3 cell's code.
    pub cell: Option<String>,
    /// How many rounds there were.
    pub times: u32,
    /// Within so many days up to now.
    pub days: u16,
    /// Within so many metres.
    pub within_m: f64,
    /// When the last of them was closed.
    pub last_closed_at: Timestamp,
    /// Its tickets, closed last at the top, 100 at most. A ticket stands at one place only.
    pub tickets: Vec<ClosedTicket>,
    /// Tickets of the category that are open there now, by number.
    pub open: Vec<TicketId>,
}

/// Lists chronic places as of now, of what whoever asks may see: those with the most rounds first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChronicPlaces {
    /// Only of tickets under this cell, of any level, as the cells were when they were opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Only of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListChronicPlaces {
    type Answer = Vec<ChronicPlace>;
    const NAME: &'static str = "list_chronic_places";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/chronic";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str =
        "Places where one category is reported again and again after closing, with their tickets.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Both;
    use proptest::prelude::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
    }

    fn round(opened: i64, closed: i64) -> Round {
        Round { opened_at: day(opened), closed_at: day(closed) }
    }

    /// The most that do not overlap, by trying every choice.
    fn tried(tickets: &[Round]) -> u32 {
        let chosen = |bits: u32| -> Option<u32> {
            let picked = (0..tickets.len()).filter(|i| bits >> i & 1 == 1);
            let mut picked: Vec<Round> = picked.map(|i| tickets[i]).collect();
            picked.sort_by_key(|round| (round.closed_at, round.opened_at));
            let lawful = picked.windows(2).all(|two| two[1].opened_at >= two[0].closed_at);
            lawful.then_some(bits.count_ones())
        };
        (0..1_u32 << tickets.len()).filter_map(chosen).max().unwrap_or_default()
    }

    proptest! {
        #[test]
        fn as_many_rounds_are_counted_as_can_be_chosen_without_overlap(
            tickets in prop::collection::vec((0..40_i64, 1..15_i64), 0..9),
        ) {
            let of = |&(at, long): &(i64, i64)| round(at, at + long);
            let tickets: Vec<Round> = tickets.iter().map(of).collect();
            prop_assert_eq!(rounds(tickets.iter().copied()), tried(&tickets));
        }
    }

    fn earlier(ticket: i64, opened: i64, closed: i64, distance_m: f64) -> Earlier {
        let closed = ClosedTicket {
            ticket: TicketId(ticket),
            opened_at: day(opened),
            closed_at: day(closed),
            distance_m,
            unit_name: "甲网格队".to_owned(),
        };
        Earlier { closed, seen: true }
    }

    fn found(category: Option<&str>, earlier: &[Earlier]) -> Option<Chronic> {
        chronic(category, day(100), earlier, &Figures::shipped().expect("figures"))
    }

    #[test]
    fn three_rounds_within_ninety_days_and_fifty_metres_make_a_place_chronic() {
        let mut three =
            [earlier(1, 20, 22, 0.0), earlier(2, 40, 41, 50.0), earlier(3, 80, 88, 9.5)];
        let chronic = found(Some("1101"), &three).expect("it is the fourth");
        assert_eq!((chronic.times, chronic.last_closed_at), (3, day(88)));
        let listed: Vec<i64> = chronic.earlier.iter().map(|closed| closed.ticket.0).collect();
        assert_eq!(listed, [3, 2, 1]);
        assert!(chronic.words.zh.contains("3 次") && chronic.words.zh.contains("12 天"));
        assert_eq!(found(None, &three), None, "without a category nothing is repeated");
        assert_eq!(found(Some("1101"), &three[1..]), None, "two are not enough");
        assert!(found(Some("1103"), &three[1..]).is_some(), "but of building");
        three[2].seen = false;
        let chronic = found(Some("1101"), &three).expect("it counts all the same");
        assert_eq!((chronic.times, chronic.earlier.len()), (3, 2));
        let too_far = earlier(2, 40, 41, 50.1);
        assert_eq!(found(Some("1101"), &[three[0].clone(), too_far, three[2].clone()]), None);
        let too_old = earlier(1, 2, 10, 0.0);
        assert_eq!(found(Some("1101"), &[too_old, three[1].clone(), three[2].clone()]), None);
        let side_by_side = earlier(1, 79, 87, 0.0);
        let one_pile = [side_by_side, three[1].clone(), three[2].clone()];
        assert_eq!(found(Some("1101"), &one_pile), None, "one pile reported twice is one round");
        let after = earlier(1, 90, 101, 0.0);
        assert_eq!(found(Some("1101"), &[after, three[1].clone(), three[2].clone()]), None);
    }

    #[test]
    fn the_whistle_is_suggested_or_the_way_up_to_it() {
        let three = [earlier(1, 20, 22, 0.0), earlier(2, 40, 41, 0.0), earlier(3, 80, 88, 0.0)];
        let chronic = found(Some("1101"), &three).expect("chronic");
        let refused =
            |action| Offer {
                action, refused: Some(Both::new("不能", "not now")), suggested: None
            };
        let open = |action| Offer { action, refused: None, suggested: None };
        let suggested = |mut offers: Vec<Offer>| -> Vec<Action> {
            suggest(&mut offers, &chronic);
            let marked = offers.iter().filter(|offer| offer.suggested.is_some());
            marked.map(|offer| offer.action).collect()
        };
        let (two, one) = (Action::RaiseTo2, Action::RaiseTo1);
        assert_eq!(suggested(vec![open(one), open(Action::Whistle)]), [Action::Whistle]);
        assert_eq!(suggested(vec![open(two), refused(one)]), [two]);
        assert_eq!(suggested(vec![refused(two), open(one)]), [one]);
        assert_eq!(suggested(vec![open(Action::Accept)]), []);
    }
}
