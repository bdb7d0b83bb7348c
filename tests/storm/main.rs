//! Tickets in rough weather: the same act twice, two people at once, clocks that jump, processes
//! that are killed.

mod clocks;
mod killed;
mod players;
mod process;
mod races;
