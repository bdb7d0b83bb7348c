//! Telling other programs: webhooks, what they are sent, and what could not be delivered.
//!
//! A [`Message`] is POSTed as JSON with the three headers of the Standard Webhooks convention:
//!
//! - [`HEADER_ID`]: names the message, the same in every attempt; whoever has seen it drops it;
//! - [`HEADER_TIMESTAMP`]: Unix seconds of this attempt; more than five minutes off is a replay;
//! - [`HEADER_SIGNATURE`]: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` (the three
//!   joined by full stops, the body byte for byte), keyed with the bytes whose base64 follows
//!   [`SECRET_PREFIX`] in the secret.
//!
//! Any status from 200 to 299 takes the message over. Otherwise it is sent again later and later;
//! each message arrives at least once, and the messages of one ticket in the order of its steps.

use super::{Action, State};
use crate::call::{Call, Verb, Who};
use crate::ids::{MessageId, TicketId, UnitId, WebhookId};
use crate::people::Role;
use crate::refusal::Both;
use crate::words;
use serde::{Deserialize, Serialize};

/// The header with the name of a message.
pub const HEADER_ID: &str = "webhook-id";
/// The header with the time of an attempt, in Unix seconds.
pub const HEADER_TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signature.
pub const HEADER_SIGNATURE: &str = "webhook-signature";
/// What every secret begins with.
pub const SECRET_PREFIX: &str = "whsec_";

/// Who arranges webhooks.
pub const ARRANGERS: &[Role] = &[Role::Administrator];

words! {
    /// What a message is about.
    Topic {
        Moved = "ticket.moved", "案件动态", "a ticket moved";
        Test = "ticket.test", "测试", "a test";
    }
}

/// What a webhook is sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Message {
    /// What it is about.
    #[serde(rename = "type")]
    pub topic: Topic,
    /// When it happened (RFC 3339); in a test, when it was sent.
    pub timestamp: String,
    /// The step; `null` in a test.
    pub data: Option<Moved>,
}

/// A step of a ticket as others are told of it: nothing of persons, texts or places. Of a
/// sensitive ticket they hear the number, the step, the time and the state, and nothing else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Moved {
    /// Which ticket.
    pub ticket: TicketId,
    /// Which step, counted from 1: a gap means that one has not arrived.
    pub seq: i32,
    /// When (RFC 3339).
    pub at: String,
    /// Where it stands then.
    pub to: State,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// Where it stood before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<State>,
    /// The responsible unit from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// The level-3 cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Category code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

words! {
    /// Why an attempt failed.
    Problem {
        Answered = "answered", "对方返回的状态不是 2xx", "it answered, but not with 2xx";
        Silent = "silent", "对方未在时限内答复", "it did not answer in time";
        Unreachable = "unreachable", "无法连接对方", "it could not be reached";
        Private = "private", "对方地址在内网，未获准许", "its address is private, not allowed here";
    }
}

/// A webhook. Its secret is never shown again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// The actions it hears of; empty: all.
    pub actions: Vec<Action>,
    /// It hears of what leads to these states; empty: all.
    pub states: Vec<State>,
    /// Whether its messages wait until it goes on.
    pub paused: bool,
    /// Messages on their way.
    pub waiting: i64,
    /// Messages given up on: its dead letters.
    pub dead: i64,
    /// Messages taken over so far.
    pub delivered: i64,
    /// When the last one was (RFC 3339).
    pub delivered_at: Option<String>,
}

/// Lists the webhooks, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListWebhooks {}

impl Call for ListWebhooks {
    type Answer = Vec<Webhook>;
    const NAME: &'static str = "list_webhooks";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/webhooks";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Every webhook with what waits for it, oldest first.";
}

/// Adds a webhook: from now on it is told of the steps of tickets.
///
/// Messages are POSTed as JSON and signed as the Standard Webhooks convention says: the header
/// `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `webhook-id`,
/// `webhook-timestamp` and the body, joined by full stops, keyed with the bytes whose base64
/// follows `whsec_` in the secret. Compare in constant time, refuse a timestamp more than five
/// minutes off, and drop a `webhook-id` seen before: messages arrive at least once.
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddWebhook {
    /// What people call it.
    pub name: String,
    /// An address with http or https, without user and password.
    pub url: String,
    /// `whsec_` and the base64 of 24 to 64 random bytes; made here if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The actions to hear of; all if left out.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// Only what leads to these states; all if left out.
    #[serde(default)]
    pub states: Vec<State>,
}

// By hand, so that the secret stays out of whatever prints a question.
impl std::fmt::Debug for AddWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddWebhook").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A webhook just added.
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AddedWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// What its messages are signed with. Keep it: it is shown this once.
    pub secret: String,
}

impl Call for AddWebhook {
    type Answer = AddedWebhook;
    const NAME: &'static str = "add_webhook";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tickets/webhooks";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Adds a webhook and shows, this once, what it is signed with.";
}

/// Lets the messages of a webhook wait, or lets them go on. Nothing is lost meanwhile.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// Whether they wait.
    pub paused: bool,
}

impl Call for PauseWebhook {
    type Answer = Webhook;
    const NAME: &'static str = "pause_webhook";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tickets/webhooks/pause";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Lets the messages of a webhook wait, or go on.";
}

/// Removes a webhook with everything that waits for it; answers whether there was one.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveWebhook {
    /// Which.
    pub webhook: WebhookId,
}

impl Call for RemoveWebhook {
    type Answer = bool;
    const NAME: &'static str = "remove_webhook";
    const VERB: Verb = Verb::Delete;
    const PATH: &'static str = "/api/tickets/webhooks/{webhook}";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Removes a webhook with its messages and dead letters.";
}

/// Sends a webhook a message of the type `ticket.test`, now and once.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestWebhook {
    /// Which.
    pub webhook: WebhookId,
}

/// What came of an attempt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TestedWebhook {
    /// Whether the message was taken over.
    pub delivered: bool,
    /// Why not.
    pub problem: Option<Problem>,
    /// The status it answered with.
    pub status: Option<u16>,
    /// The same as a sentence.
    pub told: Both,
}

impl Call for TestWebhook {
    type Answer = TestedWebhook;
    const NAME: &'static str = "test_webhook";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tickets/webhooks/test";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Sends a webhook a signed test and says what came of it.";
}

/// A message given up on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeadLetter {
    /// Which.
    pub message: MessageId,
    /// For whom.
    pub webhook: WebhookId,
    /// Of which ticket.
    pub ticket: TicketId,
    /// Of which step.
    pub seq: i32,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was tried last (RFC 3339).
    pub tried_at: String,
    /// Why the last attempt failed.
    pub problem: Problem,
    /// The status it answered with.
    pub status: Option<u16>,
    /// The same as a sentence.
    pub told: Both,
}

/// Lists the dead letters, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDeadLetters {
    /// Only those of this webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookId>,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<MessageId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListDeadLetters {
    type Answer = Vec<DeadLetter>;
    const NAME: &'static str = "list_dead_letters";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/dead-letters";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Messages given up on, newest first, each with the reason.";
}

/// Puts a dead letter back in line as if it had never been tried; answers whether there was one.
/// Later steps of its ticket may have arrived before it: the step's number tells.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendAgain {
    /// Which.
    pub message: MessageId,
}

impl Call for SendAgain {
    type Answer = bool;
    const NAME: &'static str = "send_again";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tickets/dead-letters/send-again";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Puts a dead letter back in line.";
}

/// Throws a dead letter away; answers whether there was one.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveUp {
    /// Which.
    pub message: MessageId,
}

impl Call for GiveUp {
    type Answer = bool;
    const NAME: &'static str = "give_up";
    const VERB: Verb = Verb::Delete;
    const PATH: &'static str = "/api/tickets/dead-letters/{message}";
    const WHO: Who = Who::Roles(ARRANGERS);
    const ABOUT: &'static str = "Throws a dead letter away.";
}
