//! Taking a photo in: from the network into a file on disk, from there, a few at a time, through
//! the decoder into the store.

use super::shelf::{Hash, Size};
use super::store::{self, NewPhoto};
use super::{MEGAPIXELS, Photos, Sending, picture};
use crate::call::{Asked, Routes, Row, Shape};
use crate::pace::Beat;
use crate::people::throttle::whole;
use crate::refuse::Refused;
use anyhow::Context;
use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::reports::{PHOTO_MAX_BYTES, PHOTO_WAITS_HOURS, PhotoId, SEND_PHOTO, SentPhoto};
use domain::{Kind, Refusal, Verb, Who};
use futures::StreamExt;
use jiff::{Timestamp, ToSpan};
use picture::{Drawn, Looked};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

/// How long a photo may be on its way: ten megabytes over a bad line.
const PATIENCE: Duration = Duration::from_secs(180);

/// Nobody in particular, from one address: a household, or a street of telephones behind it.
const OF_AN_ADDRESS: Beat = Beat { at_once: 60, every: Duration::from_secs(15) };
/// A person signed in, on a round.
const OF_A_PERSON: Beat = Beat { at_once: 200, every: Duration::from_secs(3) };
/// A system that brings many people's reports.
const OF_A_TOKEN: Beat = Beat { at_once: 600, every: Duration::from_secs(1) };

/// The route.
pub fn routes() -> Routes {
    let row = Row {
        name: "send_photo",
        verb: Verb::Post,
        path: SEND_PHOTO,
        who: Who::Anyone,
        about: "Takes a photo in: JPEG, PNG or WebP by its content, at most 10 MB. What its file \
                says of place, time and device is not kept. Name its number in a report or a step.",
        shape: Shape::Plain { asks: &[], takes: "image/*", gives: "application/json" },
    };
    Routes::new().plain(row, post(send))
}

async fn send(asked: Asked, body: Body) -> Result<Response, Refused> {
    let photos = asked.app.photos.clone();
    let (who, beat) = sender(&asked).await?;
    if !photos.pace.lets(who, beat, Instant::now()) {
        return Err(too_many().into());
    }
    let stated = asked.header("content-length").and_then(|length| length.parse::<u64>().ok());
    if stated.is_some_and(|bytes| bytes > PHOTO_MAX_BYTES as u64) {
        return Err(picture::too_large().into());
    }
    let coming_in = photos.coming_in.try_acquire().map_err(|_| too_many())?;
    let file = tokio::time::timeout(PATIENCE, received(body)).await.map_err(|_| not_whole())??;
    drop(coming_in);
    // Whoever goes away does not make room: the work goes on, and is counted until it ends.
    let drawing = tokio::spawn(drawn(photos.clone(), file));
    let (looked, drawn) = drawing.await.context("a photo could not be drawn")??;
    let mut object = Hash::default();
    object.copy_from_slice(&Sha256::digest(&drawn.picture));
    let Drawn { picture, small, width, height } = drawn;
    let (id, sent_at) = (new_number(), Timestamp::now());
    let place = looked.said.place;
    let new = NewPhoto { id: &id, object: &object, width, height, sent_at, place };
    {
        let mut db = asked.app.db.client().await?;
        let transaction = db.transaction().await?;
        store::lock(&transaction, &object).await?;
        store::add(&transaction, new).await?;
        transaction.commit().await?;
    }
    photos.shelf.put(&object, Size::Small, small).await?;
    photos.shelf.put(&object, Size::Whole, picture).await?;
    let waits_until = sent_at.saturating_add(PHOTO_WAITS_HOURS.hours()).unwrap_or(sent_at);
    let sent = SentPhoto { photo: id, width, height, placed: place.is_some(), waits_until };
    let no_store = HeaderValue::from_static("no-store");
    Ok(([(header::CACHE_CONTROL, no_store)], Json(sent)).into_response())
}

async fn sender(asked: &Asked) -> Result<(Sending, Beat), Refused> {
    if let Some(token) = asked.token_of_channel() {
        return Ok((Sending::Token(token), OF_A_TOKEN));
    }
    Ok(match asked.me().await? {
        Some(me) => (Sending::Person(me.person), OF_A_PERSON),
        None => (Sending::Address(asked.address().map(whole)), OF_AN_ADDRESS),
    })
}

/// Writes what comes into a file that has no name and is gone with this process.
async fn received(body: Body) -> Result<File, Refused> {
    let file = tokio::task::spawn_blocking(tempfile::tempfile).await.context("no thread")?;
    let mut file = tokio::fs::File::from_std(file.context("no room for a photo that comes in")?);
    let (mut chunks, mut bytes) = (body.into_data_stream(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| not_whole())?;
        bytes += chunk.len();
        if bytes > PHOTO_MAX_BYTES {
            return Err(picture::too_large().into());
        }
        file.write_all(&chunk).await.context("no room for a photo that comes in")?;
    }
    file.flush().await.context("no room for a photo that comes in")?;
    Ok(file.into_std().await)
}

/// Looks at a file and draws it, off the threads that answer. So many files are in memory at the
/// same time, and so many pixels: whoever waits for pixels keeps nobody from finishing.
async fn drawn(photos: Arc<Photos>, file: File) -> Result<(Looked, Drawn), Refused> {
    let _file = photos.files.acquire().await.context("the server closes")?;
    let looking = tokio::task::spawn_blocking(move || {
        let bytes = read(file)?;
        let looked = picture::look(&bytes)?;
        Ok::<_, Refused>((bytes, looked))
    });
    let (bytes, looked) = looking.await.context("a photo could not be looked at")??;
    let share = looked.megapixels().min(MEGAPIXELS);
    let _pixels = photos.megapixels.acquire_many(share).await.context("the server closes")?;
    let drawing = tokio::task::spawn_blocking(move || {
        let drawn = picture::draw(&bytes, &looked)?;
        Ok::<_, Refused>((looked, drawn))
    });
    drawing.await.context("a photo could not be drawn")?
}

fn read(mut file: File) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    file.rewind().context("a photo that came in is gone")?;
    file.read_to_end(&mut bytes).context("a photo that came in is gone")?;
    Ok(bytes)
}

fn new_number() -> PhotoId {
    PhotoId(format!("{:032x}", rand::random::<u128>()))
}

fn too_many() -> Refusal {
    Refusal::new(
        Kind::TooMuch,
        "照片发送过于频繁，请稍候片刻再发送。",
        "Too many photos came at once: wait a little and send it again.",
    )
}

fn not_whole() -> Refusal {
    Refusal::new(
        Kind::Malformed,
        "照片未能完整收到，请检查网络后重新发送。",
        "The photo did not arrive whole: look at the connection and send it again.",
    )
}
