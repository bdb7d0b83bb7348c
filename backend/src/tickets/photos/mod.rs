//! Photos to whoever may see their report or their ticket, and to nobody else.

pub mod store;

use super::handlers::Asker;
use super::report;
use super::store as tickets;
use crate::call::{Asked, Routes, Row, Shape};
use crate::refuse::Refused;
use crate::reports::photos::shelf::{Size, hex};
use crate::reports::photos::store as photos;
use anyhow::Context;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use deadpool_postgres::GenericClient;
use domain::reports::{PHOTO, PhotoId, READERS, SMALL_PHOTO};
use domain::tickets::Ticket;
use domain::{Kind, Refusal, Verb, Who};
use jiff::Timestamp;
use store::Home;

/// A browser asks each time whether it may still show what it has: who may see a ticket changes.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Every picture is drawn here, as a JPEG file.
const JPEG: HeaderValue = HeaderValue::from_static("image/jpeg");

/// The routes.
pub fn routes() -> Routes {
    let row = |name, path, about| Row {
        name,
        verb: Verb::Get,
        path,
        who: Who::Roles(READERS),
        about,
        shape: Shape::Plain { asks: &[], takes: "", gives: "image/jpeg" },
    };
    let whole = row("photo", PHOTO, "A photo, to whoever may see its report or ticket.");
    let small = row("small_photo", SMALL_PHOTO, "The same, small enough for a list.");
    let serve = |size| {
        async move |asked: Asked, Path(photo): Path<String>| {
            serve(asked, PhotoId(photo), size).await
        }
    };
    Routes::new().plain(whole, get(serve(Size::Whole))).plain(small, get(serve(Size::Small)))
}

async fn serve(asked: Asked, photo: PhotoId, size: Size) -> Result<Response, Refused> {
    if !photo.is_lawful() {
        return Err(no_photo().into());
    }
    let hash = {
        let asker = Asker::of(&asked).await?;
        let db = asked.app.db.client().await?;
        let Some((hash, home)) = store::home(&db, &photo).await? else {
            return Err(no_photo().into());
        };
        let seen = match home {
            Home::Report(report) => report::seen(&db, &asked, &asker, report).await?.is_some(),
            Home::Ticket(ticket) => tickets::ticket(&db, ticket, &asker.scope).await?.is_some(),
        };
        if !seen {
            return Err(no_photo().into());
        }
        hash
    };
    let mark = match size {
        Size::Whole => format!("\"{}\"", hex(&hash)),
        Size::Small => format!("\"{}-small\"", hex(&hash)),
    };
    let has = asked.header("if-none-match").is_some_and(|has| has == mark);
    let mark = HeaderValue::from_str(&mark).context("a hash is a word")?;
    let headers = [(header::CACHE_CONTROL, ASK_AGAIN), (header::ETAG, mark)];
    if has {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let picture = asked.app.photos.shelf.get(&hash, size).await?;
    let picture = picture.with_context(|| format!("the picture of photo {photo} is gone"))?;
    Ok((headers, [(header::CONTENT_TYPE, JPEG)], picture).into_response())
}

/// Takes the photos named in a step that was just written.
///
/// # Errors
/// Invalid, when one of them does not wait; then nothing may be committed.
pub(super) async fn take(
    db: &impl GenericClient,
    named: &[PhotoId],
    ticket: &Ticket,
    seq: i32,
    now: Timestamp,
) -> Result<(), Refused> {
    if named.is_empty() {
        return Ok(());
    }
    let Ticket { id, lng, lat, .. } = *ticket;
    if photos::use_for_step(db, named, (lng, lat), now).await? < named.len() {
        return Err(PhotoId::not_waiting().into());
    }
    Ok(store::add(db, named, id, seq).await?)
}

fn no_photo() -> Refusal {
    Refusal::new(
        Kind::Missing,
        "没有您可以查看的这张照片。",
        "There is no such photo that you may see.",
    )
    .at("photo")
}
