//! What is kept of webhooks and their messages. No decisions here.

use super::again::Failure;
use super::sign::Secret;
use crate::tickets::store::word;
use domain::ids::{MessageId, TicketId, UnitId, WebhookId};
use domain::tickets::telling::{AddWebhook, DeadLetter, Moved, Webhook};
use domain::tickets::{Action, State};
use domain::word::Word;
use jiff::Timestamp;
use tokio_postgres::{Error, GenericClient, Row};

/// Where a webhook's messages go.
#[derive(Clone, Debug)]
pub struct Target {
    /// The address. Not for logs: some senders put a key into it.
    pub url: String,
    /// What they are signed with.
    pub secret: Secret,
}

/// A message that this process is to bring.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which.
    pub id: MessageId,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// The step it tells of.
    pub moved: Moved,
    /// Whether the ticket is sensitive.
    pub sensitive: bool,
}

/// A message that did not arrive.
#[derive(Clone, Copy, Debug)]
pub struct Failed {
    /// Which.
    pub id: MessageId,
    /// Which attempt it was.
    pub attempt: i32,
    /// When it is tried again; `None`: never.
    pub again: Option<Timestamp>,
    /// Why it failed.
    pub failure: Failure,
}

/// Every webhook, or one of them.
///
/// # Errors
/// Of the database.
pub async fn webhooks(
    db: &impl GenericClient,
    only: Option<WebhookId>,
) -> Result<Vec<Webhook>, Error> {
    let only = only.map(|webhook| webhook.0);
    let rows = db.query(include_str!("webhooks.sql"), &[&only]).await?;
    let webhook = |row: &Row| Webhook {
        id: WebhookId(row.get("id")),
        name: row.get("name"),
        url: row.get("url"),
        actions: words(row, "actions"),
        states: words(row, "states"),
        paused: row.get("paused"),
        waiting: row.get("waiting"),
        dead: row.get("dead"),
        delivered: row.get("delivered"),
        delivered_at: row.get::<_, Option<Timestamp>>("delivered_at").map(|at| at.to_string()),
    };
    Ok(rows.iter().map(webhook).collect())
}

fn words<W: Word>(row: &Row, column: &str) -> Vec<W> {
    let codes: Vec<String> = row.get(column);
    codes.iter().filter_map(|code| W::from_code(code)).collect()
}

/// Adds a webhook.
///
/// # Errors
/// Of the database.
pub async fn add_webhook(
    db: &impl GenericClient,
    new: &AddWebhook,
    secret: &Secret,
    now: Timestamp,
) -> Result<WebhookId, Error> {
    let actions: Vec<&str> = new.actions.iter().copied().map(Action::code).collect();
    let states: Vec<&str> = new.states.iter().copied().map(State::code).collect();
    let row = db
        .query_one(
            include_str!("add_webhook.sql"),
            &[&new.name, &new.url, &secret.bytes(), &actions, &states, &now],
        )
        .await?;
    Ok(WebhookId(row.get("id")))
}

/// Lets a webhook's messages wait, or go on; whether there is one.
///
/// # Errors
/// Of the database.
pub async fn pause_webhook(
    db: &impl GenericClient,
    webhook: WebhookId,
    paused: bool,
) -> Result<bool, Error> {
    let found = db.query_opt(include_str!("pause_webhook.sql"), &[&webhook.0, &paused]).await?;
    Ok(found.is_some())
}

/// Removes a webhook with its messages; whether there was one.
///
/// # Errors
/// Of the database.
pub async fn remove_webhook(db: &impl GenericClient, webhook: WebhookId) -> Result<bool, Error> {
    Ok(db.execute(include_str!("remove_webhook.sql"), &[&webhook.0]).await? > 0)
}

/// Where a webhook's messages go.
///
/// # Errors
/// Of the database.
pub async fn target(db: &impl GenericClient, webhook: WebhookId) -> Result<Option<Target>, Error> {
    let row = db.query_opt(include_str!("target.sql"), &[&webhook.0]).await?;
    Ok(row.map(|row| Target {
        url: row.get("url"),
        secret: Secret::from(row.get::<_, Vec<u8>>("secret")),
    }))
}

/// Webhooks with a message that is due.
///
/// # Errors
/// Of the database.
pub async fn due(db: &impl GenericClient, now: Timestamp) -> Result<Vec<WebhookId>, Error> {
    let rows = db.query(include_str!("due.sql"), &[&now]).await?;
    Ok(rows.iter().map(|row| WebhookId(row.get("id"))).collect())
}

/// Claims messages of a webhook that are due: nobody else tries them before `until`.
///
/// # Errors
/// Of the database.
pub async fn claim(
    db: &impl GenericClient,
    webhook: WebhookId,
    now: Timestamp,
    until: Timestamp,
    at_most: i64,
) -> Result<Vec<Claimed>, Error> {
    let rows = db.query(include_str!("claim.sql"), &[&webhook.0, &now, &until, &at_most]).await?;
    let claimed = |row: &Row| Claimed {
        id: MessageId(row.get("id")),
        attempt: row.get("attempts"),
        sensitive: row.get("sensitive"),
        moved: Moved {
            ticket: TicketId(row.get("ticket")),
            seq: row.get("seq"),
            at: row.get::<_, Timestamp>("at").to_string(),
            to: word(row, "to_state"),
            action: Some(word(row, "action")),
            from: Some(word(row, "from_state")),
            unit: Some(UnitId(row.get("unit"))),
            unit_name: Some(row.get("unit_name")),
            cell: row.get("cell"),
            category: row.get("category"),
        },
    };
    Ok(rows.iter().map(claimed).collect())
}

/// Takes messages out that arrived, each with its attempt.
///
/// # Errors
/// Of the database; then they will be sent once more.
pub async fn delivered(
    db: &impl GenericClient,
    webhook: WebhookId,
    messages: &[(MessageId, i32)],
    now: Timestamp,
) -> Result<(), Error> {
    let (ids, attempts): (Vec<i64>, Vec<i32>) =
        messages.iter().map(|(id, attempt)| (id.0, *attempt)).unzip();
    db.execute(include_str!("delivered.sql"), &[&webhook.0, &ids, &attempts, &now]).await?;
    Ok(())
}

/// Keeps why messages did not arrive, and when they are tried again.
///
/// # Errors
/// Of the database; then they are tried again when their claim ends.
pub async fn failed(db: &impl GenericClient, failed: &[Failed]) -> Result<(), Error> {
    macro_rules! column {
        ($of:expr) => {
            failed.iter().map($of).collect::<Vec<_>>()
        };
    }
    db.execute(
        include_str!("failed.sql"),
        &[
            &column!(|f| f.id.0),
            &column!(|f| f.attempt),
            &column!(|f| f.again),
            &column!(|f| f.failure.problem.code()),
            &column!(|f| f.failure.status.map(|status| status as i16)),
        ],
    )
    .await?;
    Ok(())
}

/// Messages given up on, newest first, and why.
///
/// # Errors
/// Of the database.
pub async fn dead_letters(
    db: &impl GenericClient,
    webhook: Option<WebhookId>,
    before: MessageId,
    limit: i64,
    told: impl Fn(Failure) -> domain::Both,
) -> Result<Vec<DeadLetter>, Error> {
    let webhook = webhook.map(|webhook| webhook.0);
    let rows = db.query(include_str!("dead_letters.sql"), &[&webhook, &before.0, &limit]).await?;
    let letter = |row: &Row| {
        let status = row.get::<_, Option<i16>>("status").map(|status| status as u16);
        let failure = Failure { problem: word(row, "problem"), status };
        DeadLetter {
            message: MessageId(row.get("id")),
            webhook: WebhookId(row.get("webhook")),
            ticket: TicketId(row.get("ticket")),
            seq: row.get("seq"),
            attempts: row.get("attempts"),
            tried_at: row.get::<_, Timestamp>("tried_at").to_string(),
            problem: failure.problem,
            status,
            told: told(failure),
        }
    };
    Ok(rows.iter().map(letter).collect())
}

/// Puts a dead letter back in line; whether there was one.
///
/// # Errors
/// Of the database.
pub async fn send_again(
    db: &impl GenericClient,
    message: MessageId,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(db.execute(include_str!("send_again.sql"), &[&message.0, &now]).await? > 0)
}

/// Throws a dead letter away; whether there was one.
///
/// # Errors
/// Of the database.
pub async fn give_up(db: &impl GenericClient, message: MessageId) -> Result<bool, Error> {
    Ok(db.execute(include_str!("give_up.sql"), &[&message.0]).await? > 0)
}
