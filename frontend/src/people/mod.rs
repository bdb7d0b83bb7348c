//! People on the screen: who is signed in, and whom to call.

pub mod contacts;
pub mod session;
pub mod sign_in;
