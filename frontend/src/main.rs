//! The map front end of Wangge.
fn main() {}
