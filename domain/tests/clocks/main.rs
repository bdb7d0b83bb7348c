//! Clocks from outside: examples anyone can check on a wall calendar, and a slow oracle.

mod calendars;
mod examples;
mod made;
mod oracle;
mod tables;
