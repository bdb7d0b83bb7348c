//! A call as an HTTP request: which fields travel in the path, the query and the body.

use crate::address::escaped;
use domain::{Call, Verb};
use serde_json::Value;

/// What is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The verb.
    pub verb: Verb,
    /// Path and query.
    pub url: String,
    /// The JSON body, where the verb has one.
    pub body: Option<String>,
}

/// Lays a call out as a request.
pub fn request<C: Call>(call: &C) -> Request {
    let mut fields = match serde_json::to_value(call) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let mut url = String::new();
    for piece in C::PATH.split_inclusive('}') {
        match piece.split_once('{') {
            Some((before, field)) => {
                let value = fields.remove(field.trim_end_matches('}')).unwrap_or_default();
                url.push_str(before);
                url.push_str(&escaped(&plain(&value)));
            }
            None => url.push_str(piece),
        }
    }
    if C::VERB == Verb::Post {
        return Request { verb: C::VERB, url, body: Some(Value::Object(fields).to_string()) };
    }
    let pairs: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{name}={}", escaped(&plain(value))))
        .collect();
    if !pairs.is_empty() {
        url.push('?');
        url.push_str(&pairs.join("&"));
    }
    Request { verb: C::VERB, url, body: None }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::grids::{Locate, Search, ShowCell};
    use domain::people::SignIn;
    use domain::place::Datum;

    #[test]
    fn a_reading_call_puts_its_fields_into_path_and_query() {
        let cell = request(&ShowCell { code: "A/1 \u{7f51}".to_owned() });
        assert_eq!(cell.url, "/api/cells/A%2F1%20%E7%BD%91");
        let locate = Locate { lng: 120.5, lat: 31.25, datum: Datum::Gcj02, accuracy_m: None };
        assert_eq!(request(&locate).url, "/api/locate?datum=gcj02&lat=31.25&lng=120.5");
        let search = request(&Search { text: "a&b".to_owned() });
        assert_eq!((search.url.as_str(), search.body), ("/api/search?text=a%26b", None));
    }

    #[test]
    fn a_writing_call_puts_them_into_the_body() {
        let sent = request(&SignIn { login: "x".to_owned(), password: "y".to_owned() });
        assert_eq!(sent.url, "/api/people/sign-in");
        assert_eq!(sent.body.as_deref(), Some(r#"{"login":"x","password":"y"}"#));
    }
}
