//! The built front end and the base map's files. Every address that is no file is a screen of the
//! map, except under `/api/`, where it is an error.

use crate::refuse;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use std::path::{Path, PathBuf};
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

/// Said where the front end should be and is not.
const NOT_BUILT: &str = "<!doctype html><meta charset=\"utf-8\"><title>Wangge 网格</title>\
    <p>前端尚未构建：请运行 <code>cargo run -p xtask -- build --release</code> 后刷新。</p>\
    <p>The front end is not built: run <code>cargo run -p xtask -- build --release</code> and \
    load this page again.</p>";

/// Serves `web_dir`, and the file of the base map at its address.
pub fn router(web_dir: &Path, base_map_file: Option<(String, PathBuf)>) -> Router {
    let assets = ServeDir::new(web_dir.join("assets")).precompressed_br().precompressed_gzip();
    let index = web_dir.join("index.html");
    let mut router = Router::new().nest_service("/assets", assets);
    if let Some((address, file)) = base_map_file {
        let file = ServeFile::new(file).precompressed_br().precompressed_gzip();
        router = router.route_service(&address, file);
    }
    router
        .route("/base-map/{*rest}", any(nothing))
        .route("/api/", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .fallback(move |request| screen(index.clone(), request))
        .layer(tower_http::set_header::SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            // Names of assets stay while their content changes: ask each time, and get 304.
            HeaderValue::from_static("no-cache"),
        ))
}

async fn nothing() -> Response {
    refuse::answer(&refuse::missing())
}

/// The one page of the application, whatever the screen.
async fn screen(index: PathBuf, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return refuse::answer(&refuse::missing());
    }
    let file = ServeFile::new(index).precompressed_br().precompressed_gzip();
    match file.oneshot(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => {
            (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response()
        }
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    }
}
