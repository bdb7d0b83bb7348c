//! Who asks: session, token of a channel and address of a request.

use crate::app::App;
use crate::people::{password, store};
use crate::refuse::{self, Refused};
use crate::reports::tokens;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use domain::ids::TokenId;
use domain::people::Me;
use domain::reports::Channel;
use domain::{Refusal, Who};
use jiff::Timestamp;
use std::net::{IpAddr, SocketAddr};
use tokio::sync::OnceCell;

/// The cookie a session travels in.
const COOKIE: &str = "wangge_session";
/// How long a browser keeps it: as long as a session lasts at most. The database says when it ends.
const COOKIE_SECONDS: u32 = 90 * 24 * 3600;

/// Who asks, and of what.
pub struct Asked {
    /// The shared state.
    pub app: App,
    headers: HeaderMap,
    me: OnceCell<Option<Me>>,
    channel: Option<(Channel, TokenId)>,
    address: Option<IpAddr>,
}

/// Ordinary handlers learn who asks as those of calls do.
impl FromRequestParts<App> for Asked {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let from = from.map(|ConnectInfo(from)| from.ip());
        let asked = Self::new(app.clone(), parts.headers.clone());
        Ok(asked.from_address(from).with_channel()?)
    }
}

impl Asked {
    /// Whoever sent these headers.
    pub fn new(app: App, headers: HeaderMap) -> Self {
        Self { app, headers, me: OnceCell::new(), channel: None, address: None }
    }

    /// With the address of the connection.
    pub fn from_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// The address it comes from: behind a proxy of ours the one that the proxy names last, which
    /// nobody else can write.
    pub fn address(&self) -> Option<IpAddr> {
        if !self.app.config.behind_proxy {
            return self.address;
        }
        let named = self.headers.get_all("x-forwarded-for").iter().next_back();
        let last = named.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        last.and_then(|text| text.trim().parse().ok()).or(self.address)
    }

    /// The channel whose token was sent along, if one was.
    pub fn channel(&self) -> Option<Channel> {
        self.channel.map(|(channel, _)| channel)
    }

    /// That token.
    pub fn token_of_channel(&self) -> Option<TokenId> {
        self.channel.map(|(_, token)| token)
    }

    /// Looks at the token sent along, if one was; a bad one is refused whatever is asked.
    ///
    /// # Errors
    /// Forbidden when it is good for nothing.
    pub fn with_channel(mut self) -> Result<Self, Refusal> {
        let sent = self.header("authorization").unwrap_or_default();
        let (scheme, secret) = sent.split_once(' ').unwrap_or((sent, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(self);
        }
        let now = Timestamp::now();
        let (channel, token, to_note) = self.app.tokens.holder(secret.trim(), now)?;
        if to_note {
            tokio::spawn(tokens::note(self.app.db.clone(), token, now));
        }
        self.channel = Some((channel, token));
        Ok(self)
    }

    /// A header sent along, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The session token sent along, if any.
    pub fn token(&self) -> Option<&str> {
        let cookies = self.headers.get_all(header::COOKIE).iter();
        cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == COOKIE).then_some(value))
    }

    /// Who is signed in; the database is asked once, and only if a handler wants to know.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn me(&self) -> Result<Option<&Me>, Refused> {
        let found = self.me.get_or_try_init(|| async {
            let Some(token) = self.token() else { return Ok::<_, Refused>(None) };
            let client = self.app.db.client().await?;
            let hash = password::token_hash(token);
            let Some((me, may_last)) = store::session(&client, &hash).await? else {
                return Ok(None);
            };
            if may_last {
                store::extend_session(&**client, &hash).await?;
            }
            Ok(Some(me))
        });
        Ok(found.await?.as_ref())
    }

    /// The cookie that begins a session.
    pub fn begin_session(&self, token: &str) -> HeaderValue {
        self.cookie(token, COOKIE_SECONDS)
    }

    /// The cookie that ends a session.
    pub fn end_session(&self) -> HeaderValue {
        self.cookie("", 0)
    }

    /// Scripts cannot read it, other sites cannot send it. Only over TLS where a proxy says that
    /// it speaks TLS: `make run` has none.
    fn cookie(&self, token: &str, seconds: u32) -> HeaderValue {
        let https = self.headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
        let secure = if https { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        );
        HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// Lets whoever may go on. Where nobody need sign in that is known before anything waits.
    ///
    /// # Errors
    /// When nobody is signed in, or somebody who may not.
    pub async fn may(&self, who: Who) -> Result<(), Refused> {
        match who.lets(None) {
            true => Ok(()),
            // Boxed: every request would carry and move the room this needs.
            false => Box::pin(self.may_signed_in(who)).await,
        }
    }

    async fn may_signed_in(&self, who: Who) -> Result<(), Refused> {
        let role = self.me().await?.map(|me| me.role);
        match role {
            _ if who.lets(role) => Ok(()),
            None => Err(refuse::nobody().into()),
            Some(_) => Err(refuse::forbidden().into()),
        }
    }
}
