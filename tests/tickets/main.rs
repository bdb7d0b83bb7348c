//! Tickets: opened with every report, moved step by step by whom the rules name, never without a
//! responsible unit and a running deadline.

mod branches;
mod lists;
mod seeing;
mod steps;
