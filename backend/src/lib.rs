//! The Wangge service: one folder per noun, its SQL inside it.

pub mod people;
