//! From what went wrong to what a person reads: refusals become answers, failures are logged once
//! and told without a word of the database's.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Kind, Refusal};
use tokio_postgres::error::SqlState;

/// Why a call was not carried out.
#[derive(Debug)]
pub enum Refused {
    /// A sentence for whoever asked.
    Told(Refusal),
    /// A failure of ours: logged at the boundary, told in general words.
    Broken(anyhow::Error),
}

impl From<Refused> for anyhow::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Told(refusal) => Self::new(refusal),
            Refused::Broken(error) => error,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Told(refusal)
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Refusal>() {
            Ok(refusal) => Self::Told(refusal),
            Err(error) => Self::Broken(error),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Refused {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Broken(anyhow::Error::new(error).context("no connection to the database"))
    }
}

impl From<tokio_postgres::Error> for Refused {
    fn from(error: tokio_postgres::Error) -> Self {
        // PostgreSQL keeps no NUL character: the one way in which lawful JSON is unlawful text.
        let nul = [SqlState::CHARACTER_NOT_IN_REPERTOIRE, SqlState::UNTRANSLATABLE_CHARACTER];
        if error.code().is_some_and(|code| nul.contains(code)) {
            return Self::Told(Refusal::new(
                Kind::Invalid,
                "文字中含有无法保存的字符（如空字符），请删除后重试。",
                "The text has a character that cannot be kept (such as NUL): remove it and send \
                 it again.",
            ));
        }
        Self::Broken(anyhow::Error::new(error).context("the database refused a statement"))
    }
}

/// Turns the breach of a named constraint into the sentence a person reads.
pub trait OnConstraint<T> {
    /// With `refusal` when the constraint of this name was broken; as a failure otherwise.
    ///
    /// # Errors
    /// The refusal, or the failure.
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Refused>;
}

impl<T> OnConstraint<T> for Result<T, tokio_postgres::Error> {
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Refused> {
        self.map_err(|error| {
            let broken = error.as_db_error().and_then(|error| error.constraint());
            if broken == Some(name) { Refused::Told(refusal()) } else { error.into() }
        })
    }
}

/// The refusal told for a failure of ours.
pub fn broken() -> Refusal {
    Refusal::new(
        Kind::Broken,
        "系统出现故障，未能完成，请稍后重试；如一直如此，请告知系统管理员。",
        "Something broke on our side and it was not done. Try again in a while; if it stays so, \
         tell the administrator.",
    )
}

/// The refusal of a call that needs somebody signed in.
pub fn nobody() -> Refusal {
    Refusal::new(Kind::Nobody, "请先登录。", "Sign in first.")
}

/// The refusal of a call that this person's role may not make.
pub fn forbidden() -> Refusal {
    Refusal::new(
        Kind::Forbidden,
        "您的角色无权进行此操作，如有需要请联系系统管理员。",
        "Your role may not do this; ask the administrator if you need it.",
    )
}

/// The refusal of an address where nothing is.
pub fn missing() -> Refusal {
    Refusal::new(
        Kind::Missing,
        "没有这个地址，可用的接口见 /api/openapi.json。",
        "There is nothing at this address; /api/openapi.json lists what there is.",
    )
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let refusal = match self {
            Self::Told(refusal) => refusal,
            Self::Broken(error) => {
                tracing::error!(error = format!("{error:#}"), "a call failed");
                broken()
            }
        };
        answer(&refusal)
    }
}

/// A refusal as an HTTP answer.
pub fn answer(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.kind.status());
    (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(refusal)).into_response()
}
