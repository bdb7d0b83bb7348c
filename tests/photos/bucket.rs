//! Photos in a bucket: what an S3-compatible store hears, and what it must not.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use backend::config::{PhotosConfig, Secret};
use domain::people::Role;
use domain::reports::TakeReport;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use support::district::district;
use support::photos::jpeg;
use support::tickets::report;
use support::{Database, Service};

const SECRET: &str = "a-secret-that-nobody-may-see";

/// A store that keeps what it is given in memory, and how it was asked.
#[derive(Clone, Default)]
struct Bucket(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    objects: BTreeMap<String, Bytes>,
    asked: Vec<String>,
    broken: bool,
}

impl Bucket {
    /// It has two objects, this one among them, and was asked by signature alone.
    fn holds(&self, picture: &Bytes) {
        let kept = self.0.lock().expect("no panic");
        assert_eq!(kept.objects.len(), 2);
        assert!(kept.objects.values().any(|object| object == picture));
        for asked in &kept.asked {
            assert!(asked.contains("/wangge/") && asked.contains("AWS4-HMAC-SHA256"), "{asked}");
            assert!(!asked.contains(SECRET), "{asked}");
        }
    }
}

async fn answer(
    State(bucket): State<Bucket>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut kept = bucket.0.lock().expect("no panic");
    let word = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kept.asked.push(format!("{method} {uri} {} {headers:?}", word("authorization")));
    if kept.broken {
        return (StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>").into_response();
    }
    let path = uri.path().to_owned();
    match method {
        Method::PUT => {
            kept.objects.insert(path, body);
            [("etag", "\"1\"")].into_response()
        }
        Method::GET => match kept.objects.get(&path) {
            Some(bytes) => {
                let headers =
                    [("etag", "\"1\""), ("last-modified", "Wed, 25 Nov 2026 08:00:00 GMT")];
                (headers, bytes.clone()).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        Method::DELETE => {
            kept.objects.remove(&path);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// A service that keeps its photos in such a store.
async fn begun() -> (Service, Bucket) {
    let bucket = Bucket::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(answer).with_state(bucket.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let photos = PhotosConfig {
        photos_s3_bucket: Some("wangge".to_owned()),
        photos_s3_endpoint: Some(format!("http://{address}")),
        photos_s3_key: Some("the-key".to_owned()),
        photos_s3_secret: Some(Secret::new(SECRET)),
        ..PhotosConfig::default()
    };
    let database = Database::migrated().await;
    let service = Service::over(database, |serve| serve.photos = photos).await;
    service.publish(district()).await;
    (service, bucket)
}

#[tokio::test]
async fn photos_lie_in_the_bucket_that_is_configured_and_come_back_from_there() {
    let (service, bucket) = begun().await;
    let photo = service.nobody().photographs(1).await;
    let question = TakeReport { photos: vec![photo.clone()], ..report(50_000) };
    service.ask(&question).await.expect("taken");
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let shown = dispatcher.get(&format!("/api/photos/{photo}")).send().await.expect("an answer");
    assert_eq!(shown.status().as_u16(), 200);
    let picture = shown.bytes().await.expect("a picture");
    bucket.holds(&picture);
    service.finish().await;
}

#[tokio::test]
async fn a_store_that_refuses_is_a_failure_of_ours_told_without_a_secret() {
    let (service, bucket) = begun().await;
    bucket.0.lock().expect("no panic").broken = true;
    let why = service.nobody().send_photo(jpeg(64, 48, 1)).await.expect_err("it is not kept");
    assert_eq!(why.kind, domain::Kind::Broken);
    let lines = service.logs.take();
    assert!(lines.iter().any(|line| line.contains("a photo could not be kept")), "{lines:?}");
    for line in lines.iter().chain(&service.logs.everything()) {
        assert!(!line.contains(SECRET) && !line.contains("the-key"), "{line}");
    }
    service.finish().await;
}
