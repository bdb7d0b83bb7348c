//! Arranging webhooks, and what becomes of dead letters.

use super::address;
use super::again::Failure;
use super::sign::Secret;
use super::store::{self, Target};
use crate::call::{Asked, Routes, page};
use crate::refuse::Refused;
use crate::reports::check_text;
use domain::ids::{MessageId, WebhookId};
use domain::tickets::telling::{
    AddWebhook, AddedWebhook, DeadLetter, GiveUp, ListDeadLetters, ListWebhooks, PauseWebhook,
    RemoveWebhook, SendAgain, TestWebhook, TestedWebhook, Webhook,
};
use domain::word::Word;
use domain::{Both, Kind, Refusal};
use jiff::Timestamp;
use tokio_postgres::GenericClient;

/// The longest name, in characters.
const NAME_MAX_CHARS: usize = 200;

/// The calls about webhooks.
pub fn routes() -> Routes {
    Routes::new()
        .call(list_webhooks)
        .call(add_webhook)
        .call(pause_webhook)
        .call(remove_webhook)
        .call(test_webhook)
        .call(list_dead_letters)
        .call(send_again)
        .call(give_up)
}

async fn list_webhooks(asked: Asked, _: ListWebhooks) -> Result<Vec<Webhook>, Refused> {
    Ok(store::webhooks(&**asked.app.db.client().await?, None).await?)
}

async fn add_webhook(asked: Asked, mut question: AddWebhook) -> Result<AddedWebhook, Refused> {
    check_text("name", &question.name, NAME_MAX_CHARS)?;
    if question.name.trim().is_empty() {
        return Err(no_name().into());
    }
    question.url = address::checked(&question.url, asked.app.courier.to_private())?.into();
    let secret = question.secret.as_deref().map_or_else(|| Ok(Secret::new()), Secret::read)?;
    let db = asked.app.db.client().await?;
    let id = store::add_webhook(&**db, &question, &secret, Timestamp::now()).await?;
    Ok(AddedWebhook { webhook: webhook(&**db, id).await?, secret: secret.text() })
}

async fn pause_webhook(asked: Asked, question: PauseWebhook) -> Result<Webhook, Refused> {
    let db = asked.app.db.client().await?;
    store::pause_webhook(&**db, question.webhook, question.paused).await?;
    webhook(&**db, question.webhook).await
}

async fn remove_webhook(asked: Asked, question: RemoveWebhook) -> Result<bool, Refused> {
    Ok(store::remove_webhook(&**asked.app.db.client().await?, question.webhook).await?)
}

async fn test_webhook(asked: Asked, question: TestWebhook) -> Result<TestedWebhook, Refused> {
    let target: Option<Target> = {
        let db = asked.app.db.client().await?;
        store::target(&**db, question.webhook).await?
    };
    let target = target.ok_or_else(|| no_webhook(question.webhook))?;
    Ok(match asked.app.courier.test(&target, Timestamp::now()).await {
        Ok(()) => TestedWebhook {
            delivered: true,
            problem: None,
            status: None,
            told: Both::new("对方已收到测试消息。", "The test arrived."),
        },
        Err(failure) => TestedWebhook {
            delivered: false,
            problem: Some(failure.problem),
            status: failure.status,
            told: sentence(failure),
        },
    })
}

async fn list_dead_letters(
    asked: Asked,
    question: ListDeadLetters,
) -> Result<Vec<DeadLetter>, Refused> {
    let ListDeadLetters { webhook, before, limit } = question;
    let limit = page(limit, "dead letters")?;
    let before = before.unwrap_or(MessageId(i64::MAX));
    let db = asked.app.db.client().await?;
    Ok(store::dead_letters(&**db, webhook, before, limit, sentence).await?)
}

async fn send_again(asked: Asked, question: SendAgain) -> Result<bool, Refused> {
    let db = asked.app.db.client().await?;
    Ok(store::send_again(&**db, question.message, Timestamp::now()).await?)
}

async fn give_up(asked: Asked, question: GiveUp) -> Result<bool, Refused> {
    Ok(store::give_up(&**asked.app.db.client().await?, question.message).await?)
}

async fn webhook(db: &impl GenericClient, id: WebhookId) -> Result<Webhook, Refused> {
    let found = store::webhooks(db, Some(id)).await?;
    found.into_iter().next().ok_or_else(|| no_webhook(id).into())
}

/// Why an attempt failed, for a person: what happened and nothing of what was sent or answered.
fn sentence(failure: Failure) -> Both {
    let Failure { problem, status } = failure;
    match status {
        Some(status) => {
            Both::new(format!("对方返回状态 {status}。"), format!("It answered with {status}."))
        }
        None => Both::new(format!("{}。", problem.zh()), format!("Not done: {}.", problem.en())),
    }
}

fn no_name() -> Refusal {
    let (zh, en) = ("请填写名称。", "Give it a name.");
    Refusal::new(Kind::Invalid, zh, en).at("name")
}

fn no_webhook(webhook: WebhookId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有编号为 {webhook} 的推送。"),
        format!("There is no webhook {webhook}."),
    )
    .at("webhook")
}
