//! The map front end of Wangge: Leptos in the browser, MapLibre for the map.
//!
//! What does not touch the browser (words, address, figures, requests, the map's style) is
//! compiled and tested like any crate; the rest exists only as WASM.

pub mod address;
pub mod figures;
pub mod map;
pub mod request;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod ask;
#[cfg(target_arch = "wasm32")]
mod grids;
#[cfg(target_arch = "wasm32")]
mod people;
#[cfg(target_arch = "wasm32")]
mod reports;
#[cfg(target_arch = "wasm32")]
mod tickets;
#[cfg(target_arch = "wasm32")]
mod ui;
