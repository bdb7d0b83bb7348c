//! Care: households that are visited, the rounds that make visits fall due, and what was found.

pub mod decide;
mod handlers;
pub mod rounds;
pub mod store;
mod visiting;
mod visits;

pub use handlers::routes;
