//! Hangs handlers on the calls of `domain` and keeps the table of everything that is served.
//!
//! A handler is `async fn(Asked, Question) -> Result<Answer, Refused>`. Path, verb and permission
//! come from the call itself; whatever cannot be read is refused here, with a sentence.

use crate::app::App;
pub use crate::asked::Asked;
use crate::refuse::Refused;
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::{Call, Kind, Refusal, Verb, Who};
use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::net::SocketAddr;

/// An answer, and what goes with it.
pub struct Reply<A> {
    answer: A,
    cookie: Option<HeaderValue>,
}

impl<A> From<A> for Reply<A> {
    fn from(answer: A) -> Self {
        Self { answer, cookie: None }
    }
}

impl<A> Reply<A> {
    /// Another answer with the same cookie.
    pub fn map<B>(self, answer: impl FnOnce(A) -> B) -> Reply<B> {
        Reply { answer: answer(self.answer), cookie: self.cookie }
    }

    /// Sends a cookie along.
    #[must_use]
    pub fn with_cookie(mut self, cookie: HeaderValue) -> Self {
        self.cookie = Some(cookie);
        self
    }
}

/// A line of the table of everything served.
pub struct Row {
    /// One word.
    pub name: &'static str,
    /// The verb.
    pub verb: Verb,
    /// The path.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// One English sentence.
    pub about: &'static str,
    /// What goes in and comes out.
    pub shape: Shape,
}

/// What goes in and comes out of a row.
pub enum Shape {
    /// JSON both ways: the schemas of question and answer.
    Json {
        /// Of the question.
        question: fn(&mut SchemaGenerator) -> Schema,
        /// Of the answer.
        answer: fn(&mut SchemaGenerator) -> Schema,
    },
    /// Something else, by media type.
    Plain {
        /// What the query string may say, by name, each with a sentence.
        asks: &'static [(&'static str, &'static str)],
        /// Of the body taken; empty for none.
        takes: &'static str,
        /// Of the answer.
        gives: &'static str,
    },
}

/// Calls with their handlers, and the table of them.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    guarded: Vec<(&'static str, Who, MethodRouter<App>)>,
    table: Vec<Row>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hangs a handler on a call.
    #[must_use]
    pub fn call<C, F, Fut, R>(mut self, handler: F) -> Self
    where
        C: Call,
        F: Fn(Asked, C) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<R, Refused>> + Send + 'static,
        R: Into<Reply<C::Answer>> + Send + 'static,
    {
        const { assert!(!(matches!(C::VERB, Verb::Post) && has_fields(C::PATH))) };
        let serve = move |State(app): State<App>, request: Request| {
            let handler = handler.clone();
            async move { answer::<C, F, Fut, R>(app, request, handler).await.into_response() }
        };
        self.router = self.router.route(C::PATH, on(filter(C::VERB), serve));
        self.table.push(Row {
            name: C::NAME,
            verb: C::VERB,
            path: C::PATH,
            who: C::WHO,
            about: C::ABOUT,
            shape: Shape::Json {
                question: SchemaGenerator::subschema_for::<C>,
                answer: SchemaGenerator::subschema_for::<C::Answer>,
            },
        });
        self
    }

    /// Hangs an ordinary handler on a path, for what is not JSON on both sides: tiles, streams,
    /// documents. Permission is checked as for a call.
    #[must_use]
    pub fn plain(mut self, row: Row, handler: MethodRouter<App>) -> Self {
        self.guarded.push((row.path, row.who, handler));
        self.table.push(row);
        self
    }

    /// Adds the calls of another noun.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.guarded.extend(other.guarded);
        self.table.extend(other.table);
        self
    }

    /// The table of what is served, in the order it was hung up.
    pub fn table(&self) -> &[Row] {
        &self.table
    }

    /// The router over the shared state.
    pub fn into_router(self, app: &App) -> Router {
        let mut router = self.router;
        for (path, who, handler) in self.guarded {
            let guard = middleware::from_fn_with_state((app.clone(), who), guard);
            let handler = if who.lets(None) { handler } else { handler.layer(guard) };
            router = router.route(path, handler);
        }
        router.method_not_allowed_fallback(other_verb).with_state(app.clone())
    }
}

async fn other_verb() -> Response {
    let refusal = Refusal::new(
        Kind::Malformed,
        "此地址不支持这种请求方法，用法见 /api/openapi.json。",
        "This address does not take that verb; /api/openapi.json says which it takes.",
    );
    (StatusCode::METHOD_NOT_ALLOWED, Json(refusal)).into_response()
}

async fn guard(State((app, who)): State<(App, Who)>, request: Request, next: Next) -> Response {
    match Asked::new(app, request.headers().clone()).may(who).await {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

async fn answer<C, F, Fut, R>(app: App, request: Request, handler: F) -> Result<Response, Refused>
where
    C: Call,
    F: Fn(Asked, C) -> Fut,
    Fut: Future<Output = Result<R, Refused>>,
    R: Into<Reply<C::Answer>>,
{
    let (mut parts, body) = request.into_parts();
    let from = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let from = from.map(|ConnectInfo(from)| from.ip());
    let headers = std::mem::take(&mut parts.headers);
    let asked = Asked::new(app, headers).from_address(from).with_channel()?;
    asked.may(C::WHO).await?;
    let question = match C::VERB {
        Verb::Get | Verb::Delete => from_address::<C>(parts).await?,
        Verb::Post => Box::pin(from_body::<C>(&asked, Request::from_parts(parts, body))).await?,
    };
    let reply = handler(asked, question).await?.into();
    let mut response = json(&reply.answer)?;
    if let Some(cookie) = reply.cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// How long an ordinary answer is in bytes: room made once, not in five steps.
const ORDINARY: usize = 1024;

fn json(answer: &impl Serialize) -> Result<Response, Refused> {
    let mut body = Vec::with_capacity(ORDINARY);
    serde_json::to_writer(&mut body, answer).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body)
        .into_response())
}

/// Reads a question from the path and the query string.
async fn from_address<C: Call>(mut parts: Parts) -> Result<C, Refused> {
    if !has_fields(C::PATH) {
        return from_query(parts.uri.query().unwrap_or_default());
    }
    let path = RawPathParams::from_request_parts(&mut parts, &()).await.map_err(|_| {
        malformed("地址不是有效的 UTF-8 文字。", "The address is not valid UTF-8 text.")
    })?;
    let pairs = parts.uri.query().unwrap_or_default().to_owned();
    let mut all = form_urlencoded::Serializer::new(pairs);
    for (field, value) in &path {
        all.append_pair(field, value);
    }
    from_query(&all.finish())
}

fn from_query<T: DeserializeOwned>(pairs: &str) -> Result<T, Refused> {
    if let Ok(question) = serde_urlencoded::from_str(pairs) {
        return Ok(question);
    }
    // Read again to say which field was wrong: keeping track of that costs.
    let pairs = form_urlencoded::parse(pairs.as_bytes());
    let pairs = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let field = error.path().to_string();
        invalid(&field, &error.into_inner().to_string())
    })
}

/// The query string of an ordinary handler, refused as that of a call is.
pub struct Asks<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asks<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        from_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a question from a JSON body.
async fn from_body<C: Call>(asked: &Asked, request: Request) -> Result<C, Refused> {
    let media_type = asked.header("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(malformed(
            "请以 JSON 发送内容，并注明 Content-Type: application/json。",
            "Send the body as JSON and say so: Content-Type: application/json.",
        ));
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) if rejection.status().as_u16() == Kind::TooLarge.status() => {
            return Err(too_large().into());
        }
        Err(_) => {
            return Err(malformed(
                "内容未能完整收到，请重试。",
                "The body did not arrive whole: send it again.",
            ));
        }
    };
    from_json(&body)
}

/// How many rows a page of a list has: as many as asked for, 50 if nothing is said.
///
/// # Errors
/// Invalid when it is not 1 to 200; `rows` is what the rows are called in English.
pub fn page(limit: Option<u16>, rows: &str) -> Result<i64, Refusal> {
    match limit.unwrap_or(50) {
        limit @ 1..=200 => Ok(limit.into()),
        limit => Err(Refusal::new(
            Kind::Invalid,
            format!("每页 1 到 200 条，收到 {limit}。"),
            format!("A page has 1 to 200 {rows}, not {limit}."),
        )
        .at("limit")),
    }
}

/// Reads JSON: what is not JSON is malformed, what is JSON but not the question is invalid.
fn from_json<C: DeserializeOwned>(body: &[u8]) -> Result<C, Refused> {
    if let Ok(question) = serde_json::from_slice(body) {
        return Ok(question);
    }
    // Read again to say which field was wrong: keeping track of that costs.
    let mut text = serde_json::Deserializer::from_slice(body);
    let question = serde_path_to_error::deserialize(&mut text).map_err(|error| {
        let field = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() { invalid(&field, &error.to_string()) } else { not_json(&error) }
    })?;
    text.end().map_err(|error| not_json(&error))?;
    Ok(question)
}

fn not_json(error: &serde_json::Error) -> Refused {
    malformed(
        format!("内容不是有效的 JSON（第 {} 行第 {} 列）。", error.line(), error.column()),
        format!("The body is not valid JSON: {error}."),
    )
}

fn malformed(zh: impl Into<String>, en: impl Into<String>) -> Refused {
    Refusal::new(Kind::Malformed, zh, en).into()
}

fn too_large() -> Refusal {
    Refusal::new(
        Kind::TooLarge,
        "内容过大，请缩短或分次发送。",
        "The body is too large: shorten it or send it in parts.",
    )
}

/// A value that does not fit its field. serde names missing and unknown fields in its sentence
/// only, between backticks.
fn invalid(path: &str, why: &str) -> Refused {
    let named = why.contains(" field `").then(|| why.split('`').nth(1)).flatten();
    let field = named.or(Some(path).filter(|path| !path.is_empty() && *path != "."));
    let refusal = Refusal::new(
        Kind::Invalid,
        match field {
            Some(field) => format!("“{field}”一项不合要求，请对照 /api/openapi.json 修改：{why}"),
            None => format!("内容不合要求，请对照 /api/openapi.json 修改：{why}"),
        },
        match field {
            Some(field) => format!("`{field}` is not right, compare /api/openapi.json: {why}"),
            None => format!("The question is not right, compare /api/openapi.json: {why}"),
        },
    );
    match field {
        Some(field) => refusal.at(field).into(),
        None => refusal.into(),
    }
}

const fn filter(verb: Verb) -> MethodFilter {
    match verb {
        Verb::Get => MethodFilter::GET,
        Verb::Post => MethodFilter::POST,
        Verb::Delete => MethodFilter::DELETE,
    }
}

/// Whether a path has `{field}` placeholders. A POST has none: its fields are in the body.
const fn has_fields(path: &str) -> bool {
    let (bytes, mut at) = (path.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] == b'{' {
            return true;
        }
        at += 1;
    }
    false
}
