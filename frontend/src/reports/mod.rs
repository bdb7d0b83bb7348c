//! Reports on the screen: sending one, reading those of a cell, and those that just came in.

pub mod form;
pub mod list;
pub mod live;
