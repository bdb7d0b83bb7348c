//! The document for strangers against what really travels: a webhook's receiver, built by the
//! document alone, is sent what it says.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use domain::people::Role;
use domain::tickets::Action;
use domain::tickets::telling::{AddWebhook, TestWebhook};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use support::district::district;
use support::tickets::{done, opened};
use support::{Database, Service};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A receiver on a free port, and the headers and bodies that arrive there.
async fn receiver() -> (String, UnboundedReceiver<(HeaderMap, Value)>) {
    let (arrived, arrives) = unbounded_channel();
    let take = async move |headers: HeaderMap, body: Bytes| {
        let body = serde_json::from_slice(&body).expect("a message is JSON");
        arrived.send((headers, body)).expect("the test listens");
        StatusCode::NO_CONTENT
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let router = Router::new().route("/hook", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, arrives)
}

/// Whether a value fits a schema of the document, as far as our schemas go: references, types,
/// words, alternatives, fields needed; a field that the schema does not name is none of it.
fn fits(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(path) = schema["$ref"].as_str() {
        let part = document.pointer(path.trim_start_matches('#'));
        return fits(document, part.ok_or(format!("{path} leads nowhere"))?, value);
    }
    for alternatives in ["anyOf", "oneOf"] {
        if let Some(any) = schema[alternatives].as_array() {
            let fitting = any.iter().any(|schema| fits(document, schema, value).is_ok());
            return fitting.then_some(()).ok_or(format!("{value} is none of {any:?}"));
        }
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        return Err(format!("{value} is not {}", schema["const"]));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return Err(format!("{value} is none of {}", schema["enum"]));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        Value::Null => vec![json!(kind)],
        one => vec![one.clone()],
    };
    if !kinds.contains(&json!(kind)) {
        return Err(format!("{value} is no {kinds:?}"));
    }
    for needed in schema["required"].as_array().into_iter().flatten() {
        let name = needed.as_str().unwrap_or_default();
        value.get(name).ok_or(format!("{name} is missing"))?;
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let schema = schema["properties"].get(name).ok_or(format!("nobody knows {name}"))?;
        fits(document, schema, field).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn what_a_webhook_is_sent_is_what_the_document_says() {
    let service = Service::over(Database::migrated().await, |serve| {
        serve.webhooks_to_private = true;
    })
    .await;
    service.publish(district()).await;
    let document = service.nobody().get("/api/openapi.json").send().await.expect("it answers");
    let document: Value = document.json().await.expect("the document is JSON");
    let told = &document["webhooks"]["ticket"]["post"];
    let schema = &told["requestBody"]["content"]["application/json"]["schema"];
    let responses: BTreeSet<&String> =
        told["responses"].as_object().expect("some").keys().collect();
    assert!(["2XX", "410", "default"].iter().all(|status| responses.contains(&status.to_string())));

    let (url, mut arrives) = receiver().await;
    let administrator = service.signed_in(Role::Administrator).await;
    let name = "区平台".to_owned();
    let add = AddWebhook { name, url, secret: None, actions: vec![], states: vec![] };
    let webhook = administrator.ask(&add).await.expect("it is added").webhook.id;
    let tested = administrator.ask(&TestWebhook { webhook }).await.expect("it is tested");
    assert!(tested.delivered, "{tested:?}");
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let shown = opened(&service, &dispatcher, 50_000).await;
    let mut messages = vec![arrives.recv().await.expect("a test")];
    messages.push(arrives.recv().await.expect("a step"));
    done(&dispatcher, &shown, Action::Conceal).await;
    messages.push(arrives.recv().await.expect("a step of a sensitive ticket"));

    for (headers, message) in &messages {
        fits(&document, schema, message).unwrap_or_else(|why| panic!("{why}: {message}"));
        let parameters = told["parameters"].as_array().expect("headers");
        let named: BTreeSet<&str> = parameters.iter().filter_map(|p| p["name"].as_str()).collect();
        let sent = headers.keys().map(|name| name.as_str());
        let sent: BTreeSet<&str> = sent.filter(|name| name.starts_with("webhook-")).collect();
        assert_eq!(sent, named, "the document names every header of the convention and no other");
        assert!(parameters.iter().all(|p| p["in"] == "header" && p["required"] == true));
    }
    let kinds: Vec<&Value> = messages.iter().map(|(_, message)| &message["type"]).collect();
    assert_eq!(kinds, ["ticket.test", "ticket.moved", "ticket.moved"]);
    assert!(messages[1].1["data"]["unit_name"].is_string());
    assert!(messages[2].1["data"].get("unit_name").is_none(), "it has become sensitive");
    // A word that is none, and a field too many or too few, are seen.
    let mut wrong = messages[1].1.clone();
    wrong["data"]["to"] = json!("lost");
    fits(&document, schema, &wrong).expect_err("no state");
    let mut wrong = messages[1].1.clone();
    wrong["data"]["name"] = json!("王奶奶");
    fits(&document, schema, &wrong).expect_err("a field nobody knows");
    let mut wrong = messages[1].1.clone();
    wrong["data"].as_object_mut().expect("a step").remove("seq");
    fits(&document, schema, &wrong).expect_err("a field is missing");
    service.finish().await;
}
