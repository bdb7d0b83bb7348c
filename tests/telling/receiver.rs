//! Somebody who is told: a real receiver on a free port that keeps what arrives and answers as the
//! test wants.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use backend::db::Db;
use backend::tickets::telling::courier::Courier;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::people::Role;
use domain::tickets::telling::{AddWebhook, AddedWebhook, Message, Moved};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use support::district::district;
use support::tickets::Cast;
use support::{Database, Service, Visitor};
use tokio::sync::watch;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Got {
    pub id: String,
    pub seconds: i64,
    pub signature: String,
    pub body: Vec<u8>,
}

impl Got {
    /// The message in it.
    pub fn message(&self) -> Message {
        serde_json::from_slice(&self.body).expect("a message is JSON")
    }

    /// The step it tells of.
    pub fn moved(&self) -> Moved {
        self.message().data.expect("a step")
    }

    /// Whether it is signed with this secret, by an own reading of the convention.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret"));
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.expect("base64")).expect("a key");
        let signature = self.signature.strip_prefix("v1,").expect("version 1");
        for part in [self.id.as_bytes(), b".", self.seconds.to_string().as_bytes(), b"."] {
            mac.update(part);
        }
        mac.update(&self.body);
        mac.verify_slice(&STANDARD.decode(signature).expect("base64")).is_ok()
    }
}

/// What a receiver answers.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// This status.
    Status(u16),
    /// Nothing, ever.
    Silence,
    /// A redirect to itself.
    Elsewhere,
}

#[derive(Default)]
struct Kept {
    got: Mutex<Vec<Got>>,
    answers: Mutex<VecDeque<Answer>>,
}

/// The receiver.
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    kept: Arc<Kept>,
    count: watch::Receiver<usize>,
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

type Shared = (Arc<Kept>, Arc<watch::Sender<usize>>);

async fn take(State((kept, count)): State<Shared>, head: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| head[name].to_str().expect("a header is text").to_owned();
    lock(&kept.got).push(Got {
        id: header("webhook-id"),
        seconds: header("webhook-timestamp").parse().expect("Unix seconds"),
        signature: header("webhook-signature"),
        body: body.to_vec(),
    });
    let answer = lock(&kept.answers).pop_front().unwrap_or(Answer::Status(204));
    count.send_modify(|count| *count += 1);
    match answer {
        Answer::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Answer::Silence => std::future::pending().await,
        Answer::Elsewhere => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
    }
}

impl Receiver {
    /// One that answers these first, and 204 from then on.
    pub async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let kept = Arc::new(Kept::default());
        lock(&kept.answers).extend(answers);
        let (counts, count) = watch::channel(0);
        let router = Router::new()
            .route("/hook", post(take))
            .route("/elsewhere", post(take).get(take))
            .with_state((kept.clone(), Arc::new(counts)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept, count }
    }

    /// One that takes everything.
    pub async fn willing() -> Self {
        Self::answering([]).await
    }

    /// What arrived so far.
    pub fn got(&self) -> Vec<Got> {
        lock(&self.kept.got).clone()
    }

    /// What arrived, as soon as it is so many.
    pub async fn got_after(&mut self, many: usize) -> Vec<Got> {
        self.count.wait_for(|count| *count >= many).await.expect("the receiver lives");
        self.got()
    }

    /// The steps that arrived: ticket and number.
    pub fn steps(&self) -> Vec<(i64, i32)> {
        let step = |got: &Got| (got.moved().ticket.0, got.moved().seq);
        self.got().iter().map(step).collect()
    }
}

/// A service over the district whose own courier stays at home or not, with its people.
pub async fn begun_with(webhooks_at_once: u16) -> (Service, Cast, Visitor) {
    let service = Service::over(Database::migrated().await, |serve| {
        serve.webhooks_to_private = true;
        serve.webhooks_at_once = webhooks_at_once;
    })
    .await;
    service.publish(district()).await;
    let cast = Cast::of(&service).await;
    let administrator = service.signed_in(Role::Administrator).await;
    (service, cast, administrator)
}

/// A question for a webhook that hears of everything.
pub fn webhook(url: &str) -> AddWebhook {
    AddWebhook {
        name: "区平台".to_owned(),
        url: url.to_owned(),
        secret: None,
        actions: vec![],
        states: vec![],
    }
}

/// Adds a webhook that hears of everything.
pub async fn added(administrator: &Visitor, to: &Receiver) -> AddedWebhook {
    administrator.ask(&webhook(&to.url)).await.expect("it is added")
}

/// A courier of the test's own, sent out when the test says.
pub fn courier(service: &Service) -> Courier {
    over(service.db.clone(), true)
}

/// The same over a pool of its own, as another process has.
pub fn over(db: Db, to_private: bool) -> Courier {
    Courier::new(db, to_private).expect("a courier")
}

/// So many seconds after now.
pub fn later(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}
