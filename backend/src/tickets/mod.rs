//! Tickets: opened with the reports that come in, moved by the rules of `domain`, never lost.

pub mod acting;
mod calling;
pub mod campaigns;
pub mod care;
mod decide;
mod handlers;
pub mod keeper;
pub mod lists;
pub mod merging;
pub mod notices;
pub mod opening;
pub mod photos;
pub mod repeats;
mod report;
pub mod store;
pub mod telling;
pub mod timing;
pub mod tracking;
pub mod verbs;
pub mod whistle;

pub use handlers::routes;
