//! The stories of the mission, lived through by the API from first report to evaluation. At every
//! step the state, whose it is, the running deadline and the timeline are looked at.

mod fifth_floor;
mod pile;
mod second_day;
mod tale;
