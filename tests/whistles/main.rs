//! Whistle and check-in: who is called and comes, who is reminded and reported, the meeting with
//! its one lead, the tasks of each, and what the keeper does by the clock.

mod calling;
mod database;
mod keeper;
mod meeting;
mod stage;
mod tasks;
