//! What is kept of photos beside the pictures themselves. No decisions here.

use super::shelf::Hash;
use crate::reports::store::NewReport;
use deadpool_postgres::GenericClient;
use domain::ids::ReportId;
use domain::reports::{PHOTO_WAITS_HOURS, PhotoId};
use domain::word::Word;
use jiff::{Timestamp, ToSpan};
use spatial::Position;
use tokio_postgres::{Error, Row};

/// The kind of lock that whoever keeps or deletes a picture takes: "phot" as a number.
const LOCK: i32 = 0x70_68_6f_74;

/// A photo to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewPhoto<'a> {
    /// Its number.
    pub id: &'a PhotoId,
    /// The picture.
    pub object: &'a Hash,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Now.
    pub sent_at: Timestamp,
    /// Where it was taken.
    pub place: Option<Position>,
}

/// The moment before which a photo must have been sent to be waiting no more.
pub fn waits_since(now: Timestamp) -> Timestamp {
    now.saturating_sub(PHOTO_WAITS_HOURS.hours()).unwrap_or(Timestamp::MIN)
}

/// Waits for whoever else is at this picture, until the transaction ends.
///
/// # Errors
/// Of the database.
pub async fn lock(db: &impl GenericClient, object: &Hash) -> Result<(), Error> {
    let [a, b, c, d, ..] = *object;
    let picture = i32::from_be_bytes([a, b, c, d]);
    db.execute(include_str!("lock.sql"), &[&LOCK, &picture]).await?;
    Ok(())
}

/// Keeps what is known of a photo.
///
/// # Errors
/// Of the database.
pub async fn add(db: &impl GenericClient, photo: NewPhoto<'_>) -> Result<(), Error> {
    let NewPhoto { id, object, width, height, sent_at, place } = photo;
    let (width, height) = (width.cast_signed(), height.cast_signed());
    let (lng, lat) = (place.map(Position::lng_deg), place.map(Position::lat_deg));
    db.execute(
        include_str!("add.sql"),
        &[&id.0, &object.as_slice(), &width, &height, &sent_at, &lng, &lat],
    )
    .await?;
    Ok(())
}

/// Of the photos that a report names, how many it may have: those that wait, and those that are its
/// own when it is sent again.
///
/// # Errors
/// Of the database.
pub async fn named(
    db: &impl GenericClient,
    report: &NewReport,
    now: Timestamp,
) -> Result<usize, Error> {
    let (channel, since) = (report.channel.code(), waits_since(now));
    let asked = db
        .query_one(
            include_str!("named.sql"),
            &[&ids(&report.photos), &channel, &report.key, &since],
        )
        .await?;
    Ok(usize::try_from(asked.get::<_, i64>("known")).unwrap_or_default())
}

/// Gives photos that wait to the reports that named them.
///
/// # Errors
/// Of the database.
pub async fn use_for_reports(
    db: &impl GenericClient,
    reports: &[(&NewReport, ReportId)],
    now: Timestamp,
) -> Result<(), Error> {
    let pairs = || reports.iter().flat_map(|(new, id)| new.photos.iter().map(|p| (&*p.0, id.0)));
    let (photos, of): (Vec<&str>, Vec<i64>) = pairs().unzip();
    db.execute(include_str!("use_for_reports.sql"), &[&photos, &of, &now]).await?;
    Ok(())
}

/// Takes photos that wait for a step of a ticket at this place; how many there were.
///
/// # Errors
/// Of the database.
pub async fn use_for_step(
    db: &impl GenericClient,
    photos: &[PhotoId],
    (lng, lat): (f64, f64),
    now: Timestamp,
) -> Result<usize, Error> {
    let since = waits_since(now);
    let used = db
        .query(include_str!("use_for_step.sql"), &[&ids(photos), &now, &since, &lng, &lat])
        .await?;
    Ok(used.len())
}

/// How many photos came with a report.
///
/// # Errors
/// Of the database.
pub async fn count(db: &impl GenericClient, report: ReportId) -> Result<u32, Error> {
    let kept = db.prepare_cached(include_str!("count.sql")).await?;
    let row = db.query_one(&kept, &[&report.0]).await?;
    Ok(row.get::<_, i32>("photos").cast_unsigned())
}

/// Photos sent before this that nobody named, oldest first.
///
/// # Errors
/// Of the database.
pub async fn expired(
    db: &impl GenericClient,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(PhotoId, Hash)>, Error> {
    let rows = db.query(include_str!("expired.sql"), &[&before, &limit]).await?;
    Ok(rows.iter().map(|row| (PhotoId(row.get("id")), object(row))).collect())
}

/// Forgets a photo; whether nobody had named it meanwhile.
///
/// # Errors
/// Of the database.
pub async fn forget(db: &impl GenericClient, photo: &PhotoId) -> Result<bool, Error> {
    Ok(db.execute(include_str!("forget.sql"), &[&photo.0]).await? > 0)
}

/// Whether any photo is this picture.
///
/// # Errors
/// Of the database.
pub async fn has_object(db: &impl GenericClient, object: &Hash) -> Result<bool, Error> {
    let row = db.query_one(include_str!("has_object.sql"), &[&object.as_slice()]).await?;
    Ok(row.get("kept"))
}

/// The hash of a row; the constraint `photo_object_is_a_hash` lets nothing else in.
pub fn object(row: &Row) -> Hash {
    row.get::<_, &[u8]>("object").try_into().unwrap_or_default()
}

fn ids(photos: &[PhotoId]) -> Vec<&str> {
    photos.iter().map(|photo| photo.0.as_str()).collect()
}
