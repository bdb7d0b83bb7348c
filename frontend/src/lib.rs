//! The map front end of Wangge: Leptos in the browser, MapLibre for the map.

#[cfg(target_arch = "wasm32")]
mod app;
