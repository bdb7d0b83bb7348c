//! Telling others of tickets: webhooks that hear of every step, signed, in order, at least once.

mod arranging;
mod delivery;
mod receiver;
