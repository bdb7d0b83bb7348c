//! Everything that is served, on one page, and who may: knocked on as every role.

use backend::call::{Row, Shape};
use domain::people::Role;
use domain::word::Word;
use domain::{Verb, Who};
use schemars::SchemaGenerator;
use serde_json::Value;
use std::fmt::Write;
use support::{Service, Visitor};

#[test]
fn the_table_of_calls_is_the_one_on_record() {
    let mut record = String::new();
    for row in backend::serve::routes().table() {
        let Row { name, verb, path, about, .. } = row;
        writeln!(
            record,
            "{verb} {path}  {name}\n  {about}\n  may: {}\n  {}",
            may(row.who),
            shape(row)
        )
        .expect("writing to a string cannot fail");
    }
    insta::assert_snapshot!("calls", record);
}

#[test]
fn no_two_calls_share_a_name_or_an_address() {
    let routes = backend::serve::routes();
    let mut names: Vec<_> = routes.table().iter().map(|row| row.name).collect();
    let mut addresses: Vec<_> = routes.table().iter().map(|row| (row.verb, row.path)).collect();
    let count = routes.table().len();
    names.sort_unstable();
    names.dedup();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!((names.len(), addresses.len()), (count, count));
}

/// A refusal before anything is read: whoever may is told something else, if only that the question
/// is incomplete.
#[tokio::test]
async fn every_call_lets_in_whom_it_names_and_nobody_else() {
    let service = Service::start().await;
    let routes = backend::serve::routes();
    for row in routes.table() {
        assert_eq!(
            knock(service.nobody(), row).await,
            if row.who == Who::Anyone { Door::Open } else { Door::SignIn },
            "{} as nobody",
            row.name
        );
    }
    for role in Role::ALL {
        let mut visitor = service.signed_in(*role).await;
        for row in routes.table() {
            let open = row.who.lets(Some(*role));
            let door = if open { Door::Open } else { Door::Forbidden };
            assert_eq!(knock(&visitor, row).await, door, "{} as {role}", row.name);
            if ["sign_out", "sign_out_everywhere"].contains(&row.name) {
                visitor = service.signed_in(*role).await;
            }
        }
    }
    service.finish().await;
}

#[derive(PartialEq, Eq, Debug)]
enum Door {
    Open,
    SignIn,
    Forbidden,
}

async fn knock(visitor: &Visitor, row: &Row) -> Door {
    let path: Vec<&str> =
        row.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
    let mut request = visitor.request(row.verb.code(), &path.join("/"));
    if row.verb == Verb::Post {
        request = request.header("content-type", "application/json").body("{}");
    }
    let response = request.send().await.expect("the server answers");
    match response.status().as_u16() {
        401 => Door::SignIn,
        403 => Door::Forbidden,
        status => {
            assert!(status < 500, "{} answered {status}", row.name);
            Door::Open
        }
    }
}

fn may(who: Who) -> String {
    match who {
        Who::Anyone => "anyone".into(),
        Who::SignedIn => "whoever is signed in".into(),
        Who::Roles(roles) => {
            let roles: Vec<_> = roles.iter().map(|role| role.code()).collect();
            roles.join(", ")
        }
    }
}

/// What goes in and comes out, by name; a `?` stands after what may be left out.
fn shape(row: &Row) -> String {
    match &row.shape {
        Shape::Plain { asks, takes, gives } => {
            let asked: Vec<_> = asks.iter().map(|(name, _)| format!("{name}?")).collect();
            format!("({}) {takes} -> {gives}", asked.join(", "))
        }
        Shape::Json { question, answer } => {
            let mut schemas = SchemaGenerator::default();
            let reference = question(&mut schemas).to_value();
            let answer = answer(&mut schemas).to_value();
            let asked = fields(&reference, &schemas).join(", ");
            format!("({asked}) -> {}", kind(&answer))
        }
    }
}

fn fields(schema: &Value, schemas: &SchemaGenerator) -> Vec<String> {
    let name = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()).unwrap_or_default();
    let schema = schemas.definitions().get(name).unwrap_or(schema);
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, _): (&String, &Value)| {
        let needed = required.contains(&Value::String(name.clone()));
        format!("{name}{}", if needed { "" } else { "?" })
    };
    fields.map(field).collect()
}

fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
        return name.to_owned();
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return any.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match schema["type"].as_str() {
        Some("array") => format!("[{}]", kind(&schema["items"])),
        other => other.unwrap_or("anything").to_owned(),
    }
}
