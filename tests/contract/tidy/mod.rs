//! The laws of the house (ARCHITECTURE.md), read off the sources themselves.

mod documents;
mod nouns;
mod shape;
mod sql;
pub mod tree;

/// Fails with every breach of a law, one a line.
fn hold(law: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{law}\n  {}\n", breaches.join("\n  "));
}
