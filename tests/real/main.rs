//! Data nobody here made: `../shared/data`, when it stands beside the checkout.
//!
//! Where it does not, every test says on standard error that it was left out, and passes. What
//! the data is and what must come out is written in its README.

mod cities;
mod clocks;
mod coverages;
mod datums;
mod los_angeles;
mod oracle;
mod program;
mod readers;
mod shared;
mod tainan;
