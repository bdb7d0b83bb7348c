//! Tokens of channels: kept in memory by every server process, so that a report that comes with one
//! costs no question to the database.

use super::handlers::check_text;
use super::store;
use crate::call::Asked;
use crate::db::Db;
use crate::people::password;
use crate::refuse::{self, OnConstraint, Refused};
use arc_swap::ArcSwap;
use domain::clocks::local;
use domain::ids::TokenId;
use domain::reports::{
    Channel, IssueToken, IssuedToken, ListTokens, RevokeToken, TOKEN_NAME_MAX_CHARS, Token,
};
use domain::{Kind, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_postgres::{Error, GenericClient};

/// What a secret begins with, so that one left lying in a file is recognised.
const MARK: &str = "wangge-";

/// The tokens that are good, as this process knows them.
#[derive(Default)]
pub struct Tokens(ArcSwap<HashMap<Vec<u8>, Held>>);

/// A token that is good.
#[derive(Debug)]
pub struct Held {
    /// Which.
    pub id: TokenId,
    /// The channel it opens.
    pub channel: Channel,
    /// From when it is of no use.
    pub expires_at: Option<Timestamp>,
    /// The last day it was used, as the database says.
    pub used_on: Option<Date>,
    /// Whether this process has noted a later day since.
    pub noted: AtomicBool,
}

impl Tokens {
    /// The channel that this secret opens, the token it is of, and whether its day of use is to be
    /// noted because that has not been done today.
    ///
    /// # Errors
    /// Nobody: no such token, or it is revoked or expired.
    pub fn holder(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<(Channel, TokenId, bool), Refusal> {
        let tokens = self.0.load();
        let found = tokens.get(&password::token_hash(secret));
        let held = found.filter(|held| held.expires_at.is_none_or(|end| now < end));
        let Some(held) = held else { return Err(no_token()) };
        let new_day = held.used_on.is_none_or(|day| day < local(now).date());
        let to_note = new_day && !held.noted.swap(true, Ordering::Relaxed);
        Ok((held.channel, held.id, to_note))
    }

    /// Brings the memory up to what the database says.
    ///
    /// # Errors
    /// Of the database; then it stays as it was.
    pub async fn refresh(&self, db: &impl GenericClient) -> Result<(), Error> {
        self.0.store(store::good_tokens(db).await?.into());
        Ok(())
    }
}

/// Notes that a token was used. Nobody waits for it: a day that could not be noted is noted with a
/// later report.
pub async fn note(db: Db, token: TokenId, now: Timestamp) {
    let noted = async {
        store::use_token(&**db.client().await?, token, local(now).date()).await?;
        anyhow::Ok(())
    };
    if let Err(error) = noted.await {
        tracing::warn!(error = format!("{error:#}"), "the use of a token could not be noted");
    }
}

fn no_token() -> Refusal {
    Refusal::new(
        Kind::Nobody,
        "令牌无效、已吊销或已过期，请向系统管理员申请新的令牌。",
        "The token is unknown, revoked or expired: ask the administrator for a new one.",
    )
}

/// Issues a token.
pub async fn issue_token(asked: Asked, question: IssueToken) -> Result<IssuedToken, Refused> {
    let me = asked.me().await?.ok_or_else(refuse::nobody)?.person;
    let IssueToken { name, channel, expires_at } = question;
    let name = name.trim();
    check_text("name", name, TOKEN_NAME_MAX_CHARS)?;
    if name.is_empty() {
        return Err(no_name().into());
    }
    let now = Timestamp::now();
    let expires_at = expires_at.map(|text| text.parse().map_err(|_| no_expiry())).transpose()?;
    let secret = format!("{MARK}{}", password::new_token());
    let db = asked.app.db.client().await?;
    let new = store::NewToken { name, channel, issued_by: me, issued_at: now, expires_at };
    let id = store::add_token(&**db, &new, &password::token_hash(&secret))
        .await
        .on_constraint("token_is_good_for_a_while", no_expiry)?;
    asked.app.tokens.refresh(&**db).await?;
    let token = one(&**db, id).await?;
    Ok(IssuedToken { token, secret })
}

/// Lists all tokens.
pub async fn list_tokens(asked: Asked, _: ListTokens) -> Result<Vec<Token>, Refused> {
    let db = asked.app.db.client().await?;
    Ok(store::tokens(&**db, None).await?)
}

/// Takes a token back.
pub async fn revoke_token(asked: Asked, question: RevokeToken) -> Result<Token, Refused> {
    let me = asked.me().await?.ok_or_else(refuse::nobody)?.person;
    let db = asked.app.db.client().await?;
    store::revoke_token(&**db, question.token, me, Timestamp::now()).await?;
    asked.app.tokens.refresh(&**db).await?;
    one(&**db, question.token).await
}

async fn one(db: &impl GenericClient, id: TokenId) -> Result<Token, Refused> {
    let found = store::tokens(db, Some(id)).await?.pop();
    found.ok_or_else(|| {
        Refusal::new(
            Kind::Missing,
            format!("没有编号为 {id} 的令牌。"),
            format!("There is no token {id}."),
        )
        .at("token")
        .into()
    })
}

fn no_name() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "请填写令牌名称，说明交给哪个系统使用。",
        "Name the token after the system it is for.",
    )
    .at("name")
}

fn no_expiry() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "有效期须为今后的时间，格式如 2027-03-01T00:00:00+08:00。",
        "The expiry must be a later time, written as 2027-03-01T00:00:00+08:00.",
    )
    .at("expires_at")
}
