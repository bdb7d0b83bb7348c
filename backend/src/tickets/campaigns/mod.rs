//! Campaigns: made and changed, their tickets by rule and by hand, places looked at, and how far
//! they have come.

pub mod decide;
mod handlers;
mod inspecting;
mod members;
mod places;
pub mod store;

pub use handlers::routes;
