//! The Wangge service: one folder per noun, its SQL inside it, and the frame around them.

pub mod app;
pub mod asked;
pub mod background;
pub mod call;
pub mod cli;
pub mod config;
pub mod console;
pub mod db;
pub mod demo;
pub mod events;
pub mod follow;
pub mod grids;
pub mod logs;
pub mod pace;
pub mod people;
pub mod refuse;
pub mod reports;
pub mod rows;
pub mod serve;
pub mod stop;
pub mod tickets;
