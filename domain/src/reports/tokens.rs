//! Tokens: what another system shows so that its reports are taken as those of its channel.

use super::Channel;
use crate::call::{Call, Verb, Who};
use crate::ids::TokenId;
use crate::people::Role;
use serde::{Deserialize, Serialize};

/// Who issues tokens and takes them back.
const ISSUERS: Who = Who::Roles(&[Role::Administrator]);

/// The longest name of a token, in characters.
pub const TOKEN_NAME_MAX_CHARS: usize = 100;

/// A token without its secret: only the hash of that is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// What it is called: the system it was given to.
    pub name: String,
    /// The one channel it may report through.
    pub channel: Channel,
    /// Who issued it.
    pub issued_by: String,
    /// When (RFC 3339).
    pub issued_at: String,
    /// From when it is of no use any more (RFC 3339); `None`: until it is revoked.
    pub expires_at: Option<String>,
    /// The last day it was used, as in 2026-03-01; `None`: never.
    pub used_on: Option<String>,
    /// When it was revoked (RFC 3339).
    pub revoked_at: Option<String>,
}

/// A token just issued. The secret is told this once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct IssuedToken {
    /// What is kept of it.
    pub token: Token,
    /// What its holder sends as `Authorization: Bearer …`.
    pub secret: String,
}

/// Issues a token for a channel.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// What to call it: the system it is for.
    pub name: String,
    /// The channel.
    pub channel: Channel,
    /// Until when it is good (RFC 3339); until it is revoked, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl Call for IssueToken {
    type Answer = IssuedToken;
    const NAME: &'static str = "issue_token";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tokens";
    const WHO: Who = ISSUERS;
    const ABOUT: &'static str =
        "Issues a token for a channel; its secret is shown this once and only its hash is kept.";
}

/// Lists tokens, newest first, those revoked and expired, too.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTokens {}

impl Call for ListTokens {
    type Answer = Vec<Token>;
    const NAME: &'static str = "list_tokens";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tokens";
    const WHO: Who = ISSUERS;
    const ABOUT: &'static str = "Every token with its channel and the day it was last used.";
}

/// Takes a token back at once; one that is taken back already stays so.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// Which.
    pub token: TokenId,
}

impl Call for RevokeToken {
    type Answer = Token;
    const NAME: &'static str = "revoke_token";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tokens/revoke";
    const WHO: Who = ISSUERS;
    const ABOUT: &'static str = "Takes a token back; whoever holds it is refused from then on.";
}
