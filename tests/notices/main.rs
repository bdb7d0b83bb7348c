//! Notices: who hears of what, by the stream and by the page, without a gap or a repeat.

mod hearing;
mod marks;
mod stream;
mod telling;
