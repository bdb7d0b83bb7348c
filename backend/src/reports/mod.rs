//! Reports: taken in from every channel, given their cell in the act of saving.

mod cell;
pub mod codes;
pub mod events;
mod handlers;
pub mod import;
pub mod intake;
pub mod personal;
pub mod photos;
pub mod store;
mod tiles;
pub mod tokens;

pub use handlers::{check_text, no_report, routes};
