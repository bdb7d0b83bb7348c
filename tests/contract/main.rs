//! Contracts: what holds for the whole tree, and what two rooms have promised each other.

mod calls;
mod campaigns;
mod care;
mod lists;
mod migrations;
mod openapi;
mod repeats;
mod rules;
mod sql;
mod tidy;
