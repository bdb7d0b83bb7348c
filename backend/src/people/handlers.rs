//! Signing in and out.

use super::{password, store};
use crate::call::{Asked, Reply, Routes};
use crate::refuse::Refused;
use domain::people::{Me, SignIn, SignOut, WhoAmI};
use domain::{Kind, Refusal};
use std::time::Instant;

/// Longer log-in names and passwords than this belong to nobody.
const MAX_CHARS: usize = 200;

/// The calls of this noun.
pub fn routes() -> Routes {
    Routes::new().call(sign_in).call(sign_out).call(who_am_i)
}

async fn sign_in(asked: Asked, question: SignIn) -> Result<Reply<Me>, Refused> {
    let SignIn { login, password } = question;
    let now = Instant::now();
    if !asked.app.throttle.allows(&login, now) {
        return Err(too_often().into());
    }
    let lawful = [&login, &password]
        .iter()
        .all(|text| text.chars().count() <= MAX_CHARS && !text.contains('\0'));
    let db = asked.app.db.client().await?;
    let found = if lawful { store::login(&**db, &login).await? } else { None };
    drop(db); // Hashing takes long: others need the connection.
    let (person, hash) = found.unzip();
    let matches =
        tokio::task::spawn_blocking(move || password::matches(&password, hash.as_deref()))
            .await
            .map_err(anyhow::Error::from)?;
    let Some(person) = person.filter(|_| matches) else {
        if lawful {
            asked.app.throttle.failed(&login, now);
        }
        return Err(wrong().into());
    };
    asked.app.throttle.succeeded(&login);
    let token = password::new_token();
    let hash = password::token_hash(&token);
    let db = asked.app.db.client().await?;
    store::open_session(&**db, &hash, person).await?;
    let me = store::session(&db, &hash).await?.ok_or_else(wrong)?;
    let cookie = asked.begin_session(&token);
    Ok(Reply::from(me).with_cookie(cookie))
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

async fn who_am_i(asked: Asked, _: WhoAmI) -> Result<Option<Me>, Refused> {
    Ok(asked.me().await?.cloned())
}

fn wrong() -> Refusal {
    Refusal::new(
        Kind::Nobody,
        "用户名或密码不正确，请检查后重试。",
        "The log-in name or the password is wrong: check both and try again.",
    )
    .at("password")
}

fn too_often() -> Refusal {
    Refusal::new(
        Kind::TooMuch,
        "登录失败次数过多，请十分钟后再试。",
        "Too many failed sign-ins under this name: try again in ten minutes.",
    )
    .at("login")
}
