//! People: who they are, the units and cells they belong to, signing in and out.

pub mod duties;
mod handlers;
pub mod password;
mod roster;
mod staff;
pub mod store;
pub mod throttle;
pub mod verb;

pub use handlers::routes;
