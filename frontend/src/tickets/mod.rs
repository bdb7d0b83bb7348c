//! Tickets as whoever reported them follows them.

mod rating;
pub mod track;
