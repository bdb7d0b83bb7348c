//! What the tests of the service share.
//!
//! A test takes a [`Service`] of its own: a fresh database cloned from a migrated template, the
//! real router on a free port, typed calls over real HTTP. It ends with [`Service::finish`], which
//! fails if anything was logged as WARN or ERROR that the test did not expect. A missing PostgreSQL
//! fails the test; nothing is skipped.

mod ask;
mod databases;
pub mod district;
pub mod ledger;
mod logs;
pub mod photos;
mod service;
pub mod tickets;

pub use ask::Visitor;
pub use databases::{Database, data_dir};
pub use logs::Logs;
pub use service::Service;
