//! People: who they are, the units and cells they belong to, signing in and out.

mod handlers;
pub mod password;
pub mod store;
pub mod throttle;

pub use handlers::routes;
