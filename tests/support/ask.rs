//! Typed calls over HTTP, as the browser makes them.

use domain::{Call, Refusal, Verb};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

/// Somebody who asks: signed in, or not.
#[derive(Clone)]
pub struct Visitor {
    http: Client,
    url: String,
    cookie: Option<String>,
}

impl Visitor {
    /// Nobody in particular.
    pub fn new(url: &str) -> Self {
        Self { http: Client::new(), url: url.to_owned(), cookie: None }
    }

    /// The same with a session.
    #[must_use]
    pub fn with_session(&self, token: &str) -> Self {
        Self { cookie: Some(format!("wangge_session={token}")), ..self.clone() }
    }

    /// The same person in front of another server.
    #[must_use]
    pub fn at(&self, other: &Self) -> Self {
        Self { url: other.url.clone(), ..self.clone() }
    }

    /// Makes a call.
    ///
    /// # Errors
    /// The refusal, whose kind always agrees with the status.
    pub async fn ask<C: Call>(&self, question: &C) -> Result<C::Answer, Refusal> {
        self.try_ask(question).await.expect("the server answers")
    }

    /// Makes a call to a server that may be killed; `None`: it is gone, or was while it answered.
    pub async fn try_ask<C: Call>(&self, question: &C) -> Option<Result<C::Answer, Refusal>> {
        let response = self.asking(question).send().await.ok()?;
        let status = response.status().as_u16();
        let body = response.bytes().await.ok()?;
        let text = String::from_utf8_lossy(&body);
        if status == 200 {
            let answer = serde_json::from_slice(&body);
            return Some(Ok(answer.unwrap_or_else(|error| panic!("{}: {error}: {text}", C::NAME))));
        }
        let refusal: Refusal = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{}: {status}: {error}: {text}", C::NAME));
        assert_eq!(refusal.kind.status(), status, "{}: {text}", C::NAME);
        Some(Err(refusal))
    }

    /// Makes a call and gives the bare response.
    pub async fn send<C: Call>(&self, question: &C) -> Response {
        self.asking(question).send().await.expect("the server answers")
    }

    fn asking<C: Call>(&self, question: &C) -> RequestBuilder {
        let (path, rest) = address(question);
        match C::VERB {
            Verb::Get => self.get(&format!("{path}{}", query(&rest))),
            Verb::Delete => self.request("DELETE", &format!("{path}{}", query(&rest))),
            Verb::Post => self.request("POST", &path).json(question),
        }
    }

    /// A GET to be sent.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request("GET", path)
    }

    /// A POST to be sent.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request("POST", path)
    }

    /// A request to be sent.
    pub fn request(&self, verb: &str, path: &str) -> RequestBuilder {
        let verb = verb.parse().expect("a verb");
        let request = self.http.request(verb, format!("{}{path}", self.url));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }
}

/// The path with its placeholders filled, and the fields that are left.
fn address<C: Call>(question: &C) -> (String, Vec<(String, String)>) {
    let fields = serde_json::to_value(question).expect("a question is JSON");
    let Value::Object(fields) = fields else { panic!("{} is not a struct", C::NAME) };
    let mut path = C::PATH.to_owned();
    let mut rest = Vec::new();
    for (name, value) in fields {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            other => other.to_string(),
        };
        let place = format!("{{{name}}}");
        if path.contains(&place) {
            let safe: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            path = path.replace(&place, &safe.replace('+', "%20"));
        } else {
            rest.push((name, text));
        }
    }
    (path, rest)
}

fn query(fields: &[(String, String)]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let mut query = form_urlencoded::Serializer::new(String::from("?"));
    query.extend_pairs(fields);
    query.finish()
}
