//! The nouns of Wangge as server and browser both speak them: ids, words, rules and calls.
//!
//! A noun may lean on those to its left, never to its right: people, grids, reports, tickets,
//! patrols, hotspots, plans, assessment. The last five are words only so far.

pub mod assessment;
pub mod call;
pub mod clocks;
pub mod grids;
pub mod hotspots;
pub mod ids;
pub mod patrols;
pub mod people;
pub mod place;
pub mod plans;
pub mod refusal;
pub mod reports;
pub mod tickets;
pub mod word;

pub use call::{Call, Verb, Who};
pub use place::{Datum, Place};
pub use refusal::{Both, Kind, Refusal};
