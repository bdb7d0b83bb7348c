//! The demo district: a synthetic Jiangnan town, the same bytes on every run.
//!
//! Everything here is invented (names, lines, people, reports) and says so. Read `plan` (what
//! the file says), `blocks`, `walls` and `ground` (how it becomes a town), `cells` (what the
//! planner drew).

pub mod basemap;
pub mod blocks;
pub mod cells;
pub mod chance;
pub mod district;
pub mod files;
pub mod fill;
pub mod ground;
pub mod load;
pub mod lot;
pub mod mesh;
pub mod names;
pub mod plan;
pub mod plane;
pub mod reports;
pub mod roster;
pub mod spots;
pub mod staff;
pub mod times;
pub mod verb;
pub mod walls;
