//! What stands around every route: span, panic catcher, limits, headers, compression.

use super::{openapi, web};
use crate::app::App;
use crate::call::{Routes, Row, Shape};
use crate::refuse;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use domain::{Verb, Who};
use std::any::Any;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;
use tracing::Instrument;

/// The largest body of a call; a route that takes more says so itself.
const BODY_BYTES: usize = 256 * 1024;
/// Smaller answers gain nothing from compression.
const COMPRESSED_FROM_BYTES: u16 = 1024;

/// Routes that belong to no noun.
pub fn routes() -> Routes {
    let alive = Row {
        name: "alive",
        verb: Verb::Get,
        path: "/api/alive",
        who: Who::Anyone,
        about: "Answers with nothing as fast as this server can: it lives.",
        shape: Shape::Plain { asks: &[], takes: "", gives: "text/plain" },
    };
    Routes::new().plain(alive, get(async || StatusCode::OK))
}

/// The whole service: the routes, the document that describes them, the map, and the frame.
pub fn frame(routes: Routes, app: &App, base_map_file: Option<(String, PathBuf)>) -> Router {
    let document = openapi::document(routes.table());
    let router = routes
        .into_router(app)
        .merge(openapi::router(document))
        .merge(web::router(&app.config.web_dir, base_map_file));
    around(router, &app.base_map.url)
}

/// The frame alone.
fn around(router: Router, base_map_url: &str) -> Router {
    let small = DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_FROM_BYTES));
    // Level 4: tiles are packed once per request, so speed comes before the last per cent.
    let compression =
        CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(small);
    security(router, base_map_url)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(compression)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(span))
}

/// One span per request. No query string: it may hold a reporter's place.
async fn span(request: Request, next: Next) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        request.id = number,
        request.verb = %request.method(),
        request.path = path.unwrap_or("(file)"),
    );
    let begun = Instant::now();
    async {
        let response = next.run(request).await;
        let duration_ms = begun.elapsed().as_secs_f64() * 1000.0;
        tracing::debug!(status = response.status().as_u16(), duration_ms, "answered");
        response
    }
    .instrument(span)
    .await
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(panic = text, "a handler panicked");
    refuse::answer(&refuse::broken())
}

/// Nothing may be loaded but what this server sends, and the base map's tiles where they come from
/// elsewhere.
fn security(router: Router, base_map_url: &str) -> Router {
    let elsewhere = origin(base_map_url).map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
         style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:{elsewhere}; \
         connect-src 'self'{elsewhere}; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    let headers = [
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (
            header::HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("geolocation=(self), camera=(self), microphone=()"),
        ),
        (
            header::HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let policy = SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy);
    headers.into_iter().fold(router.layer(policy), |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::if_not_present(name, value))
    })
}

/// Scheme, host and port of an absolute address; `None` for a path on this server.
fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    let origin = &url[..end];
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:/[]*".contains(c);
    origin.chars().all(plain).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::{around, origin};
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::routing::get;
    use domain::{Kind, Refusal};
    use tower::ServiceExt;

    async fn panics() -> &'static str {
        panic!("a bug")
    }

    #[tokio::test]
    async fn a_panic_answers_one_call_with_a_sentence_that_tells_nothing_of_it() {
        let router = around(Router::new().route("/bug", get(panics)), "");
        let request = Request::get("/bug").body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("an answer");
        assert_eq!(response.status().as_u16(), 500);
        let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
        let refusal: Refusal = serde_json::from_slice(&body).expect("a refusal");
        assert_eq!(refusal.kind, Kind::Broken);
        assert!(!refusal.message.en.contains("a bug"));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port_and_nothing_that_could_widen_the_policy() {
        assert_eq!(
            origin("https://tiles.example:81/{z}/{x}/{y}"),
            Some("https://tiles.example:81")
        );
        assert_eq!(origin("/base-map/streets.geojson"), None);
        assert_eq!(origin("https://a; script-src *"), None);
    }
}
