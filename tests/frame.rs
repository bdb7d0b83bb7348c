//! The frame around every call: what cannot be read, who may not, headers, addresses, stopping.

use domain::Kind;
use domain::grids::ShowBaseMap;
use domain::people::Role;
use domain::reports::ListReports;
use serde_json::{Value, json};
use support::{Database, Service};

/// Sends a body to the intake and gives the refusal with its status.
async fn refused(service: &Service, body: impl Into<String>, media_type: &str) -> (u16, Value) {
    let request = service.nobody().post("/api/reports").header("content-type", media_type);
    let response = request.body(body.into()).send().await.expect("the server answers");
    (response.status().as_u16(), response.json().await.expect("a refusal is JSON"))
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_a_sentence_in_both_languages() {
    let service = Service::start().await;
    let json = "application/json";
    let cases = [
        ("{", json, 400, "malformed", Value::Null),
        ("[1, 2", json, 400, "malformed", Value::Null),
        ("{} {}", json, 422, "invalid", json!("lng")),
        ("{}", "text/plain", 400, "malformed", Value::Null),
        (r#"{"lng": "east"}"#, json, 422, "invalid", json!("lng")),
        (r#"{"lng": 1, "lat": 2}"#, json, 422, "invalid", json!("channel")),
        (r#"{"lng": 1, "lat": 2, "channel": "pigeon"}"#, json, 422, "invalid", json!("channel")),
        (
            r#"{"lng": 1, "lat": 2, "channel": "hotline", "accuracy": 5}"#,
            json,
            422,
            "invalid",
            json!("accuracy"),
        ),
    ];
    for (body, media_type, status, kind, field) in cases {
        let (got, refusal) = refused(&service, body, media_type).await;
        assert_eq!((got, &refusal["kind"]), (status, &json!(kind)), "{body}: {refusal}");
        assert_eq!(refusal["field"], field, "{body}: {refusal}");
        for language in ["zh", "en"] {
            let sentence = refusal["message"][language].as_str().unwrap_or_default();
            assert!(sentence.chars().count() > 8, "{body}: {refusal}");
        }
    }
    service.finish().await;
}

#[tokio::test]
async fn a_body_of_a_megabyte_is_refused_as_too_large_and_the_server_lives() {
    let service = Service::start().await;
    let body = json!({ "lng": 1, "lat": 2, "channel": "hotline", "text": "长".repeat(400_000) });
    let (status, refusal) = refused(&service, body.to_string(), "application/json").await;
    assert_eq!((status, &refusal["kind"]), (413, &json!("too_large")));
    service.ask(&ShowBaseMap {}).await.expect("the server lives");
    service.finish().await;
}

#[tokio::test]
async fn text_with_a_nul_character_is_refused_and_not_a_failure_of_ours() {
    let service = Service::start().await;
    let body = json!({ "lng": 1, "lat": 2, "channel": "snapshot", "text": "a\0b" });
    let (status, refusal) = refused(&service, body.to_string(), "application/json").await;
    assert_eq!((status, &refusal["kind"]), (422, &json!("invalid")), "{refusal}");
    service.finish().await;
}

#[tokio::test]
async fn an_address_where_nothing_is_and_a_verb_it_does_not_take_are_refused_in_json() {
    let service = Service::start().await;
    for (verb, path, status) in
        [("GET", "/api/nothing", 404), ("GET", "/api/", 404), ("PUT", "/api/reports", 405)]
    {
        let response = service.nobody().request(verb, path).send().await.expect("it answers");
        assert_eq!(response.status().as_u16(), status, "{verb} {path}");
        let refusal: Value = response.json().await.expect("a refusal is JSON");
        assert!(refusal["message"]["zh"].is_string(), "{verb} {path}: {refusal}");
    }
    service.finish().await;
}

#[tokio::test]
async fn a_question_with_a_field_it_does_not_know_is_refused_by_name() {
    let service = Service::start().await;
    let response = service.nobody().get("/api/base-map?zoom=3").send().await.expect("it answers");
    assert_eq!(response.status().as_u16(), 422);
    let refusal: Value = response.json().await.expect("a refusal is JSON");
    assert_eq!(refusal["field"], "zoom");
    service.finish().await;
}

#[tokio::test]
async fn a_call_for_some_roles_is_closed_to_nobody_and_to_a_forged_session() {
    let service = Service::start().await;
    let kind = service.ask(&ListReports::default()).await.map_err(|refusal| refusal.kind);
    assert_eq!(kind, Err(Kind::Nobody));
    let forged = service.nobody().with_session(&"0".repeat(64));
    let kind = forged.ask(&ListReports::default()).await.map_err(|refusal| refusal.kind);
    assert_eq!(kind, Err(Kind::Nobody));
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    assert_eq!(dispatcher.ask(&ListReports::default()).await, Ok(Vec::new()));
    service.finish().await;
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_a_browser_safe() {
    let service = Service::start().await;
    for path in ["/api/alive", "/api/base-map", "/api/nothing", "/", "/assets/none.js"] {
        let response = service.nobody().get(path).send().await.expect("it answers");
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let policy = header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(header("x-frame-options"), Some("DENY"), "{path}");
    }
    service.finish().await;
}

#[tokio::test]
async fn every_screen_is_the_one_page_and_a_packed_file_is_sent_packed() {
    let web = tempfile::tempdir().expect("a folder");
    let assets = web.path().join("assets");
    std::fs::create_dir(&assets).expect("a folder");
    std::fs::write(web.path().join("index.html"), "<p>the page").expect("a file");
    std::fs::write(assets.join("map.js"), "plain").expect("a file");
    std::fs::write(assets.join("map.js.br"), "packed").expect("a file");
    let folder = web.path().to_path_buf();
    let service = Service::over(Database::migrated().await, |config| config.web_dir = folder).await;
    for path in ["/", "/map", "/plan/7?layer=a", "/t/CODE"] {
        let response = service.nobody().get(path).send().await.expect("it answers");
        assert_eq!(response.status().as_u16(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/html", "{path}");
        assert_eq!(response.text().await.expect("text"), "<p>the page", "{path}");
    }
    let request = service.nobody().get("/assets/map.js").header("accept-encoding", "gzip, br");
    let response = request.send().await.expect("it answers");
    assert_eq!(response.headers()["content-encoding"], "br");
    assert_eq!(response.headers()["content-type"], "text/javascript");
    assert_eq!(response.text().await.expect("text"), "packed");
    service.finish().await;
}

/// A description of a base map in a folder of its own.
fn base_map(kind: &str, url: &str) -> (tempfile::TempDir, std::path::PathBuf, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("base-map.json");
    let map = json!({
        "kind": kind, "url": url, "datum": "cgcs2000", "attribution": "somebody", "min_zoom": 3,
        "max_zoom": 18,
    });
    std::fs::write(&file, map.to_string()).expect("a file");
    (folder, file, map)
}

#[tokio::test]
async fn a_base_map_file_is_served_in_ranges_and_nothing_else_of_its_folder() {
    let (folder, file, map) = base_map("pmtiles", "/base-map/a.pmtiles");
    std::fs::write(folder.path().join("a.pmtiles"), "0123456789".repeat(500)).expect("a file");
    std::fs::write(folder.path().join("secret.txt"), "secret").expect("a file");
    let service =
        Service::over(Database::migrated().await, |config| config.base_map = Some(file)).await;
    let answer = service.ask(&ShowBaseMap {}).await.expect("anybody may ask");
    assert_eq!(serde_json::to_value(answer).expect("JSON"), map);
    let request = service.nobody().get("/base-map/a.pmtiles").header("range", "bytes=12-2013");
    let response = request.header("accept-encoding", "gzip, br").send().await.expect("it answers");
    assert_eq!(response.status().as_u16(), 206);
    assert_eq!(response.headers()["content-range"], "bytes 12-2013/5000");
    assert!(!response.headers().contains_key("content-encoding"), "a range must stay as it is");
    assert_eq!(response.text().await.expect("text").len(), 2002);
    for path in ["/base-map/secret.txt", "/base-map/base-map.json", "/base-map/..%2Fx"] {
        let response = service.nobody().get(path).send().await.expect("it answers");
        assert_eq!(response.status().as_u16(), 404, "{path}");
    }
    service.finish().await;
}

#[tokio::test]
async fn tiles_from_elsewhere_are_let_through_the_policy_by_their_origin_alone() {
    let (_folder, file, _) = base_map("raster", "https://tiles.example/{z}/{x}/{y}.png");
    let service =
        Service::over(Database::migrated().await, |config| config.base_map = Some(file)).await;
    let response = service.nobody().get("/").send().await.expect("it answers");
    let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("img-src 'self' data: blob: https://tiles.example;"), "{policy}");
    service.finish().await;
}

/// A source of tiles that wants its key and has none for column 7.
async fn source() -> String {
    use axum::extract::{Path, RawQuery};
    use axum::http::{StatusCode, header::CONTENT_TYPE};
    let tile = async |Path(place): Path<[u32; 3]>, RawQuery(query): RawQuery| match query {
        Some(query) if query == "tk=secret" && place[1] != 7 => {
            Ok(([(CONTENT_TYPE, "image/png")], format!("picture {place:?}")))
        }
        _ => Err((StatusCode::FORBIDDEN, "no")),
    };
    let router = axum::Router::new().route("/{z}/{x}/{y}", axum::routing::get(tile));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has one");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/{{z}}/{{x}}/{{y}}?tk=secret")
}

#[tokio::test]
async fn tiles_whose_source_wants_a_key_come_through_the_server_and_the_key_stays_there() {
    let (_folder, file, _) = base_map("raster", "");
    let source = source().await;
    let service = Service::over(Database::migrated().await, |config| {
        (config.base_map, config.base_map_upstream) = (Some(file), Some(source));
    })
    .await;
    let map = service.ask(&ShowBaseMap {}).await.expect("anybody may ask");
    assert_eq!(map.url, "/base-map/tiles/{z}/{x}/{y}");
    let response = service.nobody().get("/base-map/tiles/4/5/6").send().await.expect("it answers");
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.text().await.expect("text"), "picture [4, 5, 6]");
    for (path, logged) in [("4/16/0", 0), ("2/0/0", 0), ("19/0/0", 0), ("4/x/0", 0), ("4/7/0", 1)] {
        let path = format!("/base-map/tiles/{path}");
        let response = service.nobody().get(&path).send().await.expect("it answers");
        assert_eq!(response.status().as_u16(), 404, "{path}");
        let text = response.text().await.expect("text");
        let lines = service.logs.take();
        assert_eq!(lines.len(), logged, "{path}: {lines:?}");
        assert!(!text.contains("secret") && !lines.concat().contains("secret"), "{lines:?}");
    }
    service.finish().await;
}

#[tokio::test]
async fn the_document_for_strangers_names_every_call_and_its_refusals() {
    let service = Service::start().await;
    let response = service.nobody().get("/api/openapi.json").send().await.expect("it answers");
    let document: Value = response.json().await.expect("the document is JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let routes = backend::serve::routes();
    for row in routes.table() {
        use domain::word::Word;
        let operation = &document["paths"][row.path][row.verb.code().to_lowercase()];
        assert_eq!(operation["operationId"], row.name, "{}", row.path);
        assert!(operation["responses"]["default"].is_object(), "{}", row.path);
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        assert!(document["components"]["schemas"][name].is_object(), "{name} leads nowhere");
    }
    service.finish().await;
}
