//! The database: connections, migrations, and a private cluster when none is given.

pub mod cluster;
pub mod migrate;
mod pool;
pub mod verb;

pub use pool::{Client, Db};
