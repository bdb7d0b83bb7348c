//! The map in a real Chromium, against the real service and the demo district.
//!
//! A journey takes a [`town::Town`] and a [`page::Page`] of its own. Waiting is for a condition,
//! in the page itself. Without Chromium, chromedriver or a built front end the tests fail with a
//! sentence.

mod desk;
mod follow;
mod keyboard;
mod page;
mod phone;
mod town;
