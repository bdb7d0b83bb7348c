//! Grids: editions, cells of three levels, blank zones, and who answers for a place.

pub mod answer;
pub mod drawing;
pub mod ewkb;
mod features;
pub mod files;
mod handlers;
pub mod import;
pub mod live;
pub mod locate;
mod many;
pub mod publish;
mod search;
pub mod store;
pub mod tiles;
mod values;

pub use handlers::{codes_in_scope, codes_under, codes_under_code, no_cell, routes};
