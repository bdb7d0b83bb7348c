//! The `wangge` program.
fn main() {}
