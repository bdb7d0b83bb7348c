//! Duplicates suggested: open tickets near in place, category and time, the likest first.
//!
//! Only whoever reads tickets may ask, and sees of them what their lists show: what other reporters
//! said is none of a reporter's business, nor of a channel's. Suggestions are a question of their
//! own, before or after a report is taken in; taking it in waits for none.

use super::State;
use super::repeats::NearFigures;
use crate::call::{Call, Verb, Who};
use crate::ids::TicketId;
use crate::place::Datum;
use crate::reports::READERS;
use crate::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many characters of a report are shown to judge by.
pub const EXCERPT_CHARS: usize = 80;
/// How many are suggested if nothing is said.
pub const SUGGESTED: u16 = 10;
/// How many are suggested at most.
pub const SUGGESTED_MAX: u16 = 50;

words! {
    /// How two categories are related.
    Kin {
        Same = "same", "同一小类", "the same category";
        Group = "group", "同一大类", "the same large category";
        Unknown = "unknown", "类别未知", "one of them has no category";
        Other = "other", "类别不同", "another category";
    }
}

impl Kin {
    /// How two categories are related: the first two digits are the large one.
    pub fn of(one: Option<&str>, other: Option<&str>) -> Self {
        match (one, other) {
            (Some(one), Some(other)) if one == other => Self::Same,
            (Some(one), Some(other)) => match (one.get(..2), other.get(..2)) {
                (Some(one), Some(other)) if one == other => Self::Group,
                _ => Self::Other,
            },
            _ => Self::Unknown,
        }
    }
}

/// Two places with what was said about them, side by side.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Beside {
    /// Metres between them.
    pub distance_m: f64,
    /// The accuracy each was stated with, in metres.
    pub accuracy_m: [Option<f64>; 2],
    /// Hours between them.
    pub hours: f64,
    /// How their categories are related.
    pub kin: Kin,
    /// Whether they lie in the same level-3 cell.
    pub same_cell: bool,
}

/// How likely both are about one thing, from 0 to 1: never more when they are farther apart in
/// place or time, in another cell, or of categories less akin; never less when their places are
/// vaguer. `data/repeats/README.md` has the formula.
pub fn score(two: &Beside, figures: &NearFigures) -> f64 {
    let Beside { distance_m, accuracy_m, hours, kin, same_cell } = *two;
    let halves = distance_m.max(0.0) / (figures.half_m + vagueness_m(accuracy_m, figures));
    let nearness = 1.0 / (1.0 + halves * halves);
    let recency = 1.0 / (1.0 + hours.abs() / figures.half_hours);
    let kin = match kin {
        Kin::Same => 1.0,
        Kin::Group => figures.same_group,
        Kin::Unknown => figures.unknown,
        Kin::Other => figures.other,
    };
    let cell = if same_cell { 1.0 } else { figures.other_cell };
    nearness * recency * kin * cell
}

/// How far, in metres, both may lie from where they were said to: accuracies add like errors.
fn vagueness_m(accuracy_m: [Option<f64>; 2], figures: &NearFigures) -> f64 {
    let [one, other] = accuracy_m.map(|m| m.unwrap_or_default().clamp(0.0, figures.reach_m));
    (one * one + other * other).sqrt()
}

/// How far around a place is looked, in metres.
pub fn reach_m(accuracy_m: Option<f64>, figures: &NearFigures) -> f64 {
    figures.reach_m + vagueness_m([accuracy_m, None], figures)
}

/// An open ticket that may be about the same thing, with enough to judge.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NearTicket {
    /// Which.
    pub ticket: TicketId,
    /// How likely it is about the same thing, 0 to 1.
    pub score: f64,
    /// Metres from the place asked about.
    pub distance_m: f64,
    /// How its category is related to the one asked about.
    pub kin: Kin,
    /// Where it stands.
    pub state: State,
    /// Category code, where one is known.
    pub category: Option<String>,
    /// The level-3 cell's code.
    pub cell: Option<String>,
    /// The responsible unit.
    pub unit_name: String,
    /// When its first report was received.
    pub opened_at: Timestamp,
    /// Until when the present step is owed; `None` while suspended.
    pub due_at: Option<Timestamp>,
    /// How that report begins.
    pub excerpt: String,
    /// How many photos that report has; they are seen with the ticket.
    pub photos: i64,
    /// How many reports it has, with those of tickets merged into it.
    pub reports: i64,
    /// Whether only those who must may see it.
    pub sensitive: bool,
}

/// Those that are alike enough, the likest first; of two as like, the newer.
pub fn ranked(mut found: Vec<NearTicket>, figures: &NearFigures, limit: usize) -> Vec<NearTicket> {
    found.retain(|near| near.score >= figures.least);
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.ticket.cmp(&a.ticket)));
    found.truncate(limit);
    found
}

/// Asks for open tickets that may be about the same thing as what is, or will be, reported at a
/// place.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearTickets {
    /// Longitude in degrees.
    pub lng: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The datum of both.
    #[serde(default)]
    pub datum: Datum,
    /// GPS accuracy radius in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Category code, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The time to compare with (RFC 3339); now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How many at most, 1 to 50; 10 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for NearTickets {
    type Answer = Vec<NearTicket>;
    const NAME: &'static str = "near_tickets";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/near";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str =
        "Open tickets that may be about the same thing as a place and category, the likest first.";
}

/// Asks for open tickets that may be about the same thing as a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimilarTickets {
    /// Which.
    pub ticket: TicketId,
    /// How many at most, 1 to 50; 10 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for SimilarTickets {
    type Answer = Vec<NearTicket>;
    const NAME: &'static str = "similar_tickets";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/{ticket}/similar";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str =
        "Open tickets that may be about the same thing as a ticket, the likest first.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tickets::repeats::Figures;
    use proptest::prelude::*;

    fn figures() -> NearFigures {
        Figures::shipped().expect("the file is what it should be").near
    }

    /// From the most akin to the least.
    const KINS: [Kin; 4] = [Kin::Same, Kin::Group, Kin::Unknown, Kin::Other];

    fn beside() -> impl Strategy<Value = Beside> {
        let metres = || prop_oneof![0.0..500.0, 0.0..1e7_f64];
        let accuracy = || prop::option::of(0.0..5e3_f64);
        let hours = prop_oneof![0.0..100.0, -1e6..1e6_f64];
        (metres(), [accuracy(), accuracy()], hours, 0..4_usize, any::<bool>()).prop_map(
            |(distance_m, accuracy_m, hours, kin, same_cell)| Beside {
                distance_m,
                accuracy_m,
                hours,
                kin: KINS[kin],
                same_cell,
            },
        )
    }

    proptest! {
        #[test]
        fn a_score_is_from_0_to_1_and_the_same_from_both_sides(two in beside()) {
            let score_of = |two: &Beside| score(two, &figures());
            let found = score_of(&two);
            prop_assert!((0.0..=1.0).contains(&found), "{found}");
            let [one, other] = two.accuracy_m;
            let turned = Beside { accuracy_m: [other, one], hours: -two.hours, ..two };
            prop_assert_eq!(score_of(&turned), found);
        }

        #[test]
        fn nothing_that_speaks_against_it_raises_a_score(
            two in beside(),
            farther in 0.0..1e4_f64,
            later in 0.0..1e4_f64,
            vaguer in 0.0..1e3_f64,
        ) {
            let score_of = |two: &Beside| score(two, &figures());
            let found = score_of(&two);
            let away = Beside { distance_m: two.distance_m + farther, ..two };
            prop_assert!(score_of(&away) <= found);
            let apart = Beside { hours: two.hours.abs() + later, ..two };
            prop_assert!(score_of(&apart) <= found);
            let elsewhere = Beside { same_cell: false, ..two };
            prop_assert!(score_of(&elsewhere) <= found);
            for pair in KINS.windows(2) {
                let [akin, less] = [0, 1].map(|i| score_of(&Beside { kin: pair[i], ..two }));
                prop_assert!(less <= akin, "{pair:?}");
            }
            let [one, other] = two.accuracy_m;
            let vague = Some(one.unwrap_or_default() + vaguer);
            let vaguer = Beside { accuracy_m: [vague, other], ..two };
            prop_assert!(score_of(&vaguer) >= found);
            let reach = reach_m(vague, &figures());
            prop_assert!(reach >= reach_m(one, &figures()) && reach <= 2.0 * figures().reach_m);
        }
    }

    #[test]
    fn the_score_of_some_pairs_is_what_the_formula_says() {
        let exact = Beside {
            distance_m: 0.0,
            accuracy_m: [None, None],
            hours: 0.0,
            kin: Kin::Same,
            same_cell: true,
        };
        let figures = figures();
        let near = |two: Beside, expected: f64| {
            let found = score(&two, &figures);
            assert!((found - expected).abs() < 1e-12, "{two:?}: {found}, not {expected}");
        };
        near(exact, 1.0);
        near(Beside { distance_m: 30.0, ..exact }, 0.5);
        near(Beside { distance_m: 30.0, accuracy_m: [Some(30.0), None], ..exact }, 0.8);
        near(Beside { distance_m: 80.0, accuracy_m: [Some(30.0), Some(40.0)], ..exact }, 0.5);
        near(Beside { hours: 336.0, ..exact }, 0.5);
        near(Beside { kin: Kin::Group, same_cell: false, ..exact }, 0.48);
    }

    #[test]
    fn categories_are_akin_by_their_first_two_digits() {
        assert_eq!(Kin::of(Some("1101"), Some("1101")), Kin::Same);
        assert_eq!(Kin::of(Some("1101"), Some("1104")), Kin::Group);
        assert_eq!(Kin::of(Some("1101"), Some("1201")), Kin::Other);
        assert_eq!(Kin::of(Some("1"), Some("1101")), Kin::Other);
        assert_eq!(Kin::of(None, Some("1101")), Kin::Unknown);
        assert_eq!(Kin::of(None, None), Kin::Unknown);
    }
}
