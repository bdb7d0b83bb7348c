//! The map: its style as a pure function of the address, and the one place that calls JavaScript.

pub mod base;
pub mod colours;
pub mod layers;
pub mod picture;
pub mod style;

#[cfg(target_arch = "wasm32")]
pub(crate) mod canvas;
#[cfg(target_arch = "wasm32")]
pub(crate) mod controls;
#[cfg(target_arch = "wasm32")]
pub(crate) mod drawing;
#[cfg(target_arch = "wasm32")]
pub(crate) mod kit;
#[cfg(target_arch = "wasm32")]
pub(crate) mod panel;
#[cfg(target_arch = "wasm32")]
pub(crate) mod screen;
#[cfg(target_arch = "wasm32")]
pub(crate) mod state;
