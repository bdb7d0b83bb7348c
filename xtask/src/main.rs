//! Build steps that cargo alone cannot do.
fn main() {}
