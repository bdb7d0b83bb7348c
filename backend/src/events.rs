//! The event stream of the map: reports and editions for everybody, and for whoever is signed in
//! the notices of tickets, each with its number, so that a browser that was cut off goes on where
//! it was.

use crate::app::App;
use crate::call::{Asked, Routes, Row, Shape};
use crate::refuse::Refused;
use crate::reports::events::News;
use crate::tickets::notices::follower::{Follower, More};
use crate::tickets::notices::wake::For;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use domain::ids::NoticeId;
use domain::reports::EVENTS;
use domain::tickets::notices::{NOTICE, NOTICES_FROM, Notice};
use domain::{Verb, Who};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// How often a stream looks without having been told whether there are notices, and whether the
/// session still lasts.
const LOOK: Duration = Duration::from_secs(15);

/// The route.
pub fn routes() -> Routes {
    let row = Row {
        name: "events",
        verb: Verb::Get,
        path: EVENTS,
        who: Who::Anyone,
        about: "Server-sent events: `reports` (gathered, at most one a second) and `edition`; for \
                whoever is signed in also `notices_from` and `notice`, with numbers as ids and, \
                with the header Last-Event-ID, everything since. It ends when the session does.",
        shape: Shape::Plain { asks: &[], takes: "", gives: "text/event-stream" },
    };
    Routes::new().plain(row, get(serve))
}

/// What a stream brings next; `None`: it ends.
type Next = Option<Event>;

async fn serve(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let asked = Asked::new(app.clone(), headers);
    let last = asked.header("last-event-id").and_then(|number| number.trim().parse().ok());
    let (news, woken) = (app.events.listen(), app.notices.listen());
    let notices = match Follower::of(&asked, last).await? {
        Some(follower) => notices(follower, woken).boxed(),
        None => stream::pending().boxed(),
    };
    // The first event says which edition is in force: whoever reconnects has missed nothing.
    let edition = told(&News::Edition(app.live.now().edition.id));
    let rest = stream::select(whats_new(app, news), notices);
    let events = stream::iter([Some(edition)]).chain(rest);
    let events = events.take_while(|next| std::future::ready(next.is_some()));
    let events = events.filter_map(std::future::ready).map(Ok);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Reports and editions until the server closes.
fn whats_new(app: App, mut news: broadcast::Receiver<News>) -> BoxStream<'static, Next> {
    let mut closing = app.closing.clone();
    let events = async_stream::stream! {
        loop {
            let heard = tokio::select! {
                heard = news.recv() => heard,
                _ = closing.wait_for(|closing| *closing) => break,
            };
            match heard {
                Ok(heard) => yield Some(told(&heard)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
        yield None;
    };
    events.boxed()
}

fn told(news: &News) -> Event {
    let (name, data) = match news {
        News::Reports(reports) => ("reports", serde_json::to_string(&**reports)),
        News::Edition(edition) => ("edition", serde_json::to_string(edition)),
    };
    Event::default().event(name).data(data.unwrap_or_default())
}

/// Notices for one person until their session ends. They are read when the reader has taken those
/// before: however slow it is, no more than a page of them is in memory.
fn notices(
    mut follower: Follower,
    mut woken: broadcast::Receiver<For>,
) -> impl Stream<Item = Next> + Send {
    async_stream::stream! {
        yield Some(from(follower.last()));
        // The first tick comes at once.
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                heard = woken.recv() => match heard {
                    Ok(hearers) if !follower.concerns(&hearers) => continue,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => break,
                },
            }
            loop {
                match follower.more().await {
                    Ok(More::Notices(page, all)) => {
                        for notice in page {
                            yield Some(event(&notice));
                        }
                        if all {
                            break;
                        }
                    }
                    Ok(More::Over) => {
                        yield None;
                        return;
                    }
                    // The database is away, which others tell of: looked for again.
                    Err(_) => break,
                }
            }
        }
    }
}

fn from(last: NoticeId) -> Event {
    let number = last.to_string();
    Event::default().event(NOTICES_FROM).id(&number).data(number)
}

fn event(notice: &Notice) -> Event {
    let data = serde_json::to_string(notice).unwrap_or_default();
    Event::default().event(NOTICE).id(notice.number.to_string()).data(data)
}
