//! Calls: path, verb, permission, question and answer of an exchange, stated once for both sides.

use crate::people::Role;
use crate::words;
use serde::{Serialize, de::DeserializeOwned};

words! {
    /// HTTP verbs in use.
    Verb {
        Get = "GET", "读取", "read";
        Post = "POST", "提交", "submit";
        Delete = "DELETE", "删除", "delete";
    }
}

/// Who may make a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// Anyone, signed in or not.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// The roles named (and administrators).
    Roles(&'static [Role]),
}

impl Who {
    /// Whether somebody with this role (`None`: not signed in) may.
    pub fn lets(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Anyone, _) => true,
            (_, None) => false,
            (Self::SignedIn, Some(_)) | (_, Some(Role::Administrator)) => true,
            (Self::Roles(roles), Some(role)) => roles.contains(&role),
        }
    }
}

/// An exchange whose question and answer are JSON.
///
/// Fields named in `PATH` as `{field}` travel in the path, the others in the query string (GET)
/// or as a JSON body.
pub trait Call: Serialize + DeserializeOwned + schemars::JsonSchema + Send + 'static {
    /// What comes back.
    type Answer: Serialize + DeserializeOwned + schemars::JsonSchema + Send + 'static;
    /// One word for logs and the table of calls.
    const NAME: &'static str;
    /// The verb.
    const VERB: Verb;
    /// The path, with `{field}` placeholders.
    const PATH: &'static str;
    /// Who may.
    const WHO: Who;
    /// One English sentence for the OpenAPI document.
    const ABOUT: &'static str;
}
