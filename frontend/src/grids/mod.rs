//! Grids on the screen: who answers for a place, a cell, the search, the layers, the edition.

pub mod cell;
pub mod legend;
pub mod place;
pub mod search;
pub mod welcome;
pub mod why;
