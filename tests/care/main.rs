//! Care visits: households on a schedule, visits that fall due with an owner and a deadline, what
//! was found, and that nobody else finds a trace of it.

mod households;
mod stage;
mod traces;
mod visits;
