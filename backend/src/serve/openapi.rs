//! The OpenAPI document, made from the table of calls.

use crate::call::{Row, Shape};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use bytes::Bytes;
use domain::tickets::telling::{HEADER_ID, HEADER_SIGNATURE, HEADER_TIMESTAMP, Message};
use domain::word::Word;
use domain::{Kind, Refusal, Verb, Who};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Serves the document.
pub fn router(document: Value) -> Router {
    let bytes = Bytes::from(document.to_string());
    let serve = async move || ([(header::CONTENT_TYPE, "application/json")], bytes.clone());
    Router::new().route("/api/openapi.json", get(serve))
}

/// The document of a table.
pub fn document(table: &[Row]) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut schemas = settings.into_generator();
    let refusal = schemas.subschema_for::<Refusal>().to_value();
    let mut paths: Map<String, Value> = Map::new();
    for row in table {
        let entry = paths.entry(row.path).or_insert_with(|| json!({}));
        entry[row.verb.code().to_lowercase()] = operation(row, &mut schemas, &refusal);
    }
    let webhook = webhook(&mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Wangge 网格",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every place has exactly one responsible cell. Coordinates are degrees \
                            and say their datum; a refusal says what is wrong and what to do.",
            "license": { "name": "Apache-2.0 OR MIT" },
        },
        "paths": paths,
        "webhooks": { "ticket": { "post": webhook } },
        "components": {
            "schemas": schemas.take_definitions(true),
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "wangge_session" },
            },
        },
    })
}

/// What a webhook is sent, how it is signed, and what it is to answer.
fn webhook(schemas: &mut SchemaGenerator) -> Value {
    let message = schemas.subschema_for::<Message>().to_value();
    let header = |name: &str, about: &str| {
        let schema = json!({ "type": "string" });
        json!({ "name": name, "in": "header", "required": true, "description": about,
                "schema": schema })
    };
    json!({
        "operationId": "ticket_moved",
        "summary": "A step of a ticket, or a test, told to a webhook.",
        "description": "Arrives at least once; the messages of one ticket arrive in the order of \
                        its steps. Answer 2xx within 15 seconds to take a message over; otherwise \
                        it is sent again, later and later, for a day and a half. Status 410 ends \
                        that. No redirect is followed.",
        "parameters": [
            header(HEADER_ID, "Names the message, the same in every attempt: drop what was seen."),
            header(HEADER_TIMESTAMP, "Unix seconds of this attempt: refuse what is more than five \
                                      minutes off, it is a replay."),
            header(HEADER_SIGNATURE, "`v1,` and the base64 of HMAC-SHA256 over id, timestamp and \
                                      body, joined by full stops, keyed with the bytes whose \
                                      base64 follows `whsec_` in the secret. Compare in constant \
                                      time."),
        ],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": message } },
        },
        "responses": {
            "2XX": { "description": "Taken over: it is not sent again. The body is not read." },
            "410": { "description": "Nobody will ever take messages here: this one becomes a dead \
                                     letter at once." },
            "default": { "description": "Not taken over, as is no answer in time: it is sent again \
                                         later, and is a dead letter after a day and a half." },
        },
    })
}

fn operation(row: &Row, schemas: &mut SchemaGenerator, refusal: &Value) -> Value {
    let mut operation = json!({
        "operationId": row.name,
        "summary": row.about,
        "responses": {
            "default": {
                "description": refusals(),
                "content": { "application/json": { "schema": refusal } },
            },
        },
    });
    if !row.who.lets(None) {
        operation["security"] = json!([{ "session": [] }]);
    }
    if let Who::Roles(roles) = row.who {
        let roles: Vec<_> = roles.iter().map(|role| role.code()).collect();
        operation["x-roles"] = json!(roles);
    }
    match &row.shape {
        Shape::Plain { asks, takes, gives } => {
            operation["responses"]["200"] =
                json!({ "description": "Done.", "content": { *gives: {} } });
            if !takes.is_empty() {
                operation["requestBody"] = json!({ "required": true, "content": { *takes: {} } });
            }
            operation["parameters"] = json!(plain_parameters(row.path, asks));
        }
        Shape::Json { question, answer } => {
            let answer = answer(schemas).to_value();
            operation["responses"]["200"] = json!({
                "description": "Done.",
                "content": { "application/json": { "schema": answer } },
            });
            if row.verb == Verb::Post {
                let question = question(schemas).to_value();
                operation["requestBody"] = json!({
                    "required": true,
                    "content": { "application/json": { "schema": question } },
                });
            } else {
                operation["parameters"] = json!(parameters(row.path, *question, schemas));
            }
        }
    }
    operation
}

/// The fields of a question as parameters: those named in the path there, the others in the query.
fn parameters(
    path: &str,
    question: fn(&mut SchemaGenerator) -> schemars::Schema,
    schemas: &mut SchemaGenerator,
) -> Vec<Value> {
    // A question's own schema is wanted in place, its parts may stay references.
    let reference = question(schemas).to_value();
    let name = reference["$ref"].as_str().and_then(|at| at.rsplit('/').next()).unwrap_or_default();
    let schema = schemas.definitions_mut().remove(name).unwrap_or(reference);
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"].as_object().cloned().unwrap_or_default();
    let parameter = |(field, mut schema): (String, Value)| {
        let in_path = path.contains(&format!("{{{field}}}"));
        let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        json!({
            "name": field,
            "in": if in_path { "path" } else { "query" },
            "required": in_path || required.contains(&Value::String(field.clone())),
            "description": about.unwrap_or_default(),
            "schema": schema,
        })
    };
    fields.into_iter().map(parameter).collect()
}

/// The placeholders and the query of a path whose handler is an ordinary one.
fn plain_parameters(path: &str, asks: &[(&str, &str)]) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let text = json!({ "type": "string" });
    let in_path =
        names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": text }));
    let in_query = asks.iter().map(|(name, about)| {
        json!({ "name": name, "in": "query", "description": about, "schema": text })
    });
    in_path.chain(in_query).collect()
}

fn refusals() -> String {
    let each = Kind::ALL.iter().map(|kind| format!("{} {}", kind.status(), kind.en()));
    format!("Not done, and why: {}.", each.collect::<Vec<_>>().join(", "))
}
