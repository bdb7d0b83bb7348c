//! Signing in and out, and one's own password.

use super::throttle::TooOften;
use super::{password, roster, staff, store};
use crate::call::{Asked, Reply, Routes};
use crate::refuse::{self, Refused};
use domain::ids::PersonId;
use domain::people::{
    ChangePassword, Me, SignIn, SignOut, SignOutEverywhere, WhoAmI, check_password,
};
use domain::{Kind, Refusal};
use std::time::Instant;

/// Longer log-in names and passwords than this belong to nobody.
const MAX_CHARS: usize = 200;

/// The calls of this noun.
pub fn routes() -> Routes {
    Routes::new()
        .call(sign_in)
        .call(sign_out)
        .call(sign_out_everywhere)
        .call(who_am_i)
        .call(change_password)
        .and(staff::routes())
        .and(roster::routes())
}

async fn sign_in(asked: Asked, question: SignIn) -> Result<Reply<Me>, Refused> {
    let SignIn { login, password } = question;
    let lawful = [&login, &password]
        .iter()
        .all(|text| text.chars().count() <= MAX_CHARS && !text.contains('\0'));
    // What is no name counts as one: as a name it would fill the memory.
    let name = if lawful { login.as_str() } else { "" };
    asked.app.throttle.begin(name, asked.address(), Instant::now()).map_err(too_often)?;
    let db = asked.app.db.client().await?;
    let found = if lawful { store::login(&**db, &login).await? } else { None };
    drop(db); // Hashing takes long: others need the connection.
    let (person, hash) = found.unzip();
    let matches = move || password::matches(&password, hash.as_deref());
    let matches = asked.app.throttle.hash(matches).await?;
    let person = person.filter(|_| matches).ok_or_else(wrong)?;
    asked.app.throttle.succeeded(&login, asked.address());
    begin(&asked, person).await
}

/// A new session under a new token; the one the browser had before is over.
async fn begin(asked: &Asked, person: PersonId) -> Result<Reply<Me>, Refused> {
    let token = password::new_token();
    let hash = password::token_hash(&token);
    let db = asked.app.db.client().await?;
    if let Some(before) = asked.token() {
        store::close_session(&**db, &password::token_hash(before)).await?;
    }
    store::open_session(&**db, &hash, person).await?;
    let (me, _) = store::session(&db, &hash).await?.ok_or_else(wrong)?;
    Ok(Reply::from(me).with_cookie(asked.begin_session(&token)))
}

async fn sign_out(asked: Asked, _: SignOut) -> Result<Reply<bool>, Refused> {
    let ended = match asked.token() {
        Some(token) => {
            let db = asked.app.db.client().await?;
            store::close_session(&**db, &password::token_hash(token)).await?
        }
        None => false,
    };
    Ok(Reply::from(ended).with_cookie(asked.end_session()))
}

async fn sign_out_everywhere(asked: Asked, _: SignOutEverywhere) -> Result<Reply<u64>, Refused> {
    let me = asked.me().await?.ok_or_else(refuse::nobody)?.person;
    let ended = store::close_sessions(&**asked.app.db.client().await?, me).await?;
    Ok(Reply::from(ended).with_cookie(asked.end_session()))
}

async fn who_am_i(asked: Asked, _: WhoAmI) -> Result<Option<Me>, Refused> {
    Ok(asked.me().await?.cloned())
}

async fn change_password(asked: Asked, question: ChangePassword) -> Result<Reply<bool>, Refused> {
    let ChangePassword { old, password } = question;
    let me = asked.me().await?.ok_or_else(refuse::nobody)?.person;
    let db = asked.app.db.client().await?;
    let (login, hash) = store::password_of(&**db, me).await?.ok_or_else(wrong)?;
    drop(db);
    check_password(&login, &password)?;
    // Whoever found the screen open guesses no further than at the door.
    asked.app.throttle.begin(&login, asked.address(), Instant::now()).map_err(too_often)?;
    let work = move || {
        let matches = password::matches(&old, Some(&hash));
        matches.then(|| password::hash(&password))
    };
    let new = asked.app.throttle.hash(work).await?.ok_or_else(|| wrong().at("old"))?;
    asked.app.throttle.succeeded(&login, asked.address());
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    store::set_password(&*transaction, me, &login, &new).await?;
    store::close_sessions(&*transaction, me).await?;
    transaction.commit().await?;
    drop(db);
    Ok(begin(&asked, me).await?.map(|_| true))
}

fn wrong() -> Refusal {
    Refusal::new(
        Kind::Nobody,
        "用户名或密码不正确，请检查后重试。",
        "The log-in name or the password is wrong: check both and try again.",
    )
    .at("password")
}

fn too_often(by: TooOften) -> Refusal {
    match by {
        TooOften::Name => Refusal::new(
            Kind::TooMuch,
            "登录失败次数过多，请十分钟后再试。",
            "Too many failed sign-ins under this name: try again in ten minutes.",
        ),
        TooOften::Address => Refusal::new(
            Kind::TooMuch,
            "此网络地址登录失败次数过多，请十分钟后再试。",
            "Too many failed sign-ins from this address: try again in ten minutes.",
        ),
    }
    .at("login")
}
