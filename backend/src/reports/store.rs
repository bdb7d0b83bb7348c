//! What is kept of reports and their categories. No decisions here.

use super::tokens::Held;
use domain::grids::Basis;
use domain::ids::{EditionId, PersonId, ReportId, TokenId};
use domain::place::Datum;
use domain::reports::{Category, Channel, Personal, PhotoId, Report, Token};
use domain::word::Word;
use spatial::Position;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, GenericClient, Row};

/// A report to be stored, with the cell it was given.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// The channel.
    pub channel: Channel,
    /// The sender's own key, unique within the channel.
    pub key: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// What was said.
    pub text: String,
    /// When it was seen or told.
    pub happened_at: jiff::Timestamp,
    /// When it was taken in; `None`: now.
    pub received_at: Option<jiff::Timestamp>,
    /// The datum the place was stated in.
    pub datum: Datum,
    /// The place.
    pub at: Position,
    /// GPS accuracy radius in metres.
    pub accuracy_m: Option<f64>,
    /// The edition it was assigned by.
    pub edition: EditionId,
    /// The code of its cell; `None` only when none was drawn yet.
    pub cell: Option<String>,
    /// Why that cell.
    pub basis: Basis,
    /// Metres to the cell's border.
    pub distance_m: Option<f64>,
    /// Whether its sender says that it is sensitive; its category may say so, too.
    pub sensitive: bool,
    /// Photos that show it, which wait for it.
    pub photos: Vec<PhotoId>,
    /// What its reporter told about themselves.
    pub personal: Vec<Personal>,
}

impl NewReport {
    /// Whether something is to be kept with it that is not its own: that takes a transaction.
    pub fn is_accompanied(&self) -> bool {
        !self.photos.is_empty() || !self.personal.is_empty()
    }
}

/// What became of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stored {
    /// It is stored under this number, and is sensitive or not.
    New(ReportId, bool),
    /// Its key was taken: this is the report stored before.
    Already(ReportId),
}

impl Stored {
    /// The number of the report, new or earlier.
    pub fn report(self) -> ReportId {
        match self {
            Self::New(report, _) | Self::Already(report) => report,
        }
    }
}

/// The statement that tells every server process something.
pub const TELL: &str = include_str!("tell.sql");

/// The statement for tiles of counts: zoom, column, row → `tile`.
pub const COUNT_TILE: &str = include_str!("count_tile.sql");

/// The statement for tiles of single reports: zoom, column, row → `tile`.
pub const POINT_TILE: &str = include_str!("point_tile.sql");

/// Stores reports in one statement, committed when this returns (outside a transaction). Answers
/// in the order given.
///
/// # Errors
/// Of the database; then none of them is stored, unless the connection was lost.
pub async fn add_reports(
    db: &impl deadpool_postgres::GenericClient,
    reports: &[&NewReport],
) -> Result<Vec<Stored>, Error> {
    let statement = db.prepare_cached(include_str!("add_reports.sql")).await?;
    let rows = db.query(&statement, &Columns::of(reports).asked()).await?;
    stored(db, &rows, reports).await
}

/// Reports column by column, as the statements that store them take them.
pub struct Columns<'a> {
    texts: [Vec<Option<&'a str>>; 7],
    happened_at: Vec<jiff::Timestamp>,
    received_at: Vec<Option<jiff::Timestamp>>,
    degrees: [Vec<f64>; 2],
    metres: [Vec<Option<f64>>; 2],
    editions: Vec<i64>,
    sensitive: Vec<bool>,
}

impl<'a> Columns<'a> {
    /// Of these.
    pub fn of(reports: &[&'a NewReport]) -> Self {
        macro_rules! column {
            ($of:expr) => {
                reports.iter().map($of).collect()
            };
        }
        Self {
            texts: [
                column!(|r| Some(r.channel.code())),
                column!(|r| r.key.as_deref()),
                column!(|r| r.category.as_deref()),
                column!(|r| Some(r.text.as_str())),
                column!(|r| Some(r.datum.code())),
                column!(|r| r.cell.as_deref()),
                column!(|r| Some(r.basis.code())),
            ],
            happened_at: column!(|r| r.happened_at),
            received_at: column!(|r| r.received_at),
            degrees: [column!(|r| r.at.lng_deg()), column!(|r| r.at.lat_deg())],
            metres: [column!(|r| r.accuracy_m), column!(|r| r.distance_m)],
            editions: column!(|r| r.edition.0),
            sensitive: column!(|r| r.sensitive),
        }
    }

    /// The first 15 parameters of a statement that stores reports.
    pub fn asked(&self) -> [&(dyn ToSql + Sync); 15] {
        let [channel, key, category, text, datum, cell, basis] = &self.texts;
        let ([lng, lat], [accuracy_m, distance_m]) = (&self.degrees, &self.metres);
        [
            channel,
            key,
            category,
            text,
            &self.happened_at,
            datum,
            lng,
            lat,
            accuracy_m,
            &self.editions,
            cell,
            basis,
            distance_m,
            &self.received_at,
            &self.sensitive,
        ]
    }
}

/// What became of reports, by the rows a statement that stores them answers with.
///
/// # Errors
/// Of the database.
pub async fn stored(
    db: &impl deadpool_postgres::GenericClient,
    rows: &[Row],
    reports: &[&NewReport],
) -> Result<Vec<Stored>, Error> {
    let mut stored = Vec::with_capacity(rows.len());
    for (row, report) in rows.iter().zip(reports) {
        let known = [row.get::<_, Option<i64>>("stored"), row.get("earlier")];
        stored.push(match known {
            [Some(id), _] => Stored::New(ReportId(id), row.get("sensitive")),
            [None, Some(id)] => Stored::Already(ReportId(id)),
            [None, None] => Stored::Already(report_with_key(db, report).await?),
        });
    }
    Ok(stored)
}

async fn report_with_key(
    db: &impl deadpool_postgres::GenericClient,
    report: &NewReport,
) -> Result<ReportId, Error> {
    let row = db
        .query_one(include_str!("report_with_key.sql"), &[&report.channel.code(), &report.key])
        .await?;
    Ok(ReportId(row.get("id")))
}

/// One report.
///
/// # Errors
/// Of the database.
pub async fn report(
    db: &impl deadpool_postgres::GenericClient,
    id: ReportId,
) -> Result<Option<Report>, Error> {
    let kept = db.prepare_cached(include_str!("report.sql")).await?;
    let row = db.query_opt(&kept, &[&id.0]).await?;
    Ok(row.as_ref().map(read))
}

/// Reports, newest first: of these level-3 cells, with this basis, with smaller numbers than
/// `before`; sensitive ones only if they are asked for.
///
/// # Errors
/// Of the database.
pub async fn reports(
    db: &impl GenericClient,
    cells: Option<&[String]>,
    basis: Option<Basis>,
    before: ReportId,
    limit: i64,
    sensitive: bool,
) -> Result<Vec<Report>, Error> {
    let basis = basis.map(Word::code);
    let asked: [&(dyn ToSql + Sync); 5] = [&cells, &basis, &before.0, &limit, &sensitive];
    let rows = db.query(include_str!("reports.sql"), &asked).await?;
    Ok(rows.iter().map(read).collect())
}

/// The secret of tracking codes.
///
/// # Errors
/// Of the database.
pub async fn tracking_secret(db: &impl GenericClient) -> Result<Vec<u8>, Error> {
    Ok(db.query_one(include_str!("tracking_secret.sql"), &[]).await?.get("secret"))
}

/// Says of reports whether only those who must may see them.
///
/// # Errors
/// Of the database.
pub async fn set_sensitive(
    db: &impl deadpool_postgres::GenericClient,
    reports: &[ReportId],
    sensitive: bool,
) -> Result<(), Error> {
    let ids: Vec<i64> = reports.iter().map(|report| report.0).collect();
    db.execute(include_str!("set_sensitive.sql"), &[&ids, &sensitive]).await?;
    Ok(())
}

/// How many reports of the last 365 days lie in these level-3 cells, sensitive ones left out.
///
/// # Errors
/// Of the database.
pub async fn reports_of_year(db: &impl GenericClient, cells: &[String]) -> Result<i64, Error> {
    let row = db.query_one(include_str!("reports_of_year.sql"), &[&cells]).await?;
    Ok(row.get("reports"))
}

/// Adds categories, or changes those whose code is known.
///
/// # Errors
/// Of the database.
pub async fn add_categories(db: &impl GenericClient, categories: &[Category]) -> Result<(), Error> {
    let codes: Vec<&str> = categories.iter().map(|c| c.code.as_str()).collect();
    let zh: Vec<&str> = categories.iter().map(|c| c.name.zh.as_str()).collect();
    let en: Vec<&str> = categories.iter().map(|c| c.name.en.as_str()).collect();
    let sensitive: Vec<bool> = categories.iter().map(|c| c.sensitive).collect();
    db.execute(include_str!("add_categories.sql"), &[&codes, &zh, &en, &sensitive]).await?;
    Ok(())
}

/// Every category, by code.
///
/// # Errors
/// Of the database.
pub async fn categories(db: &impl GenericClient) -> Result<Vec<Category>, Error> {
    let rows = db.query(include_str!("categories.sql"), &[]).await?;
    let category = |row: &Row| Category {
        code: row.get("code"),
        name: domain::Both::new(row.get::<_, &str>("zh"), row.get::<_, &str>("en")),
        sensitive: row.get("sensitive"),
    };
    Ok(rows.iter().map(category).collect())
}

/// A token to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The channel it opens.
    pub channel: Channel,
    /// Who issues it.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: jiff::Timestamp,
    /// Until when it is good.
    pub expires_at: Option<jiff::Timestamp>,
}

/// Keeps a token under the hash of its secret.
///
/// # Errors
/// Of the database; constraints `token_has_a_name` and `token_is_good_for_a_while`.
pub async fn add_token(
    db: &impl GenericClient,
    new: &NewToken<'_>,
    secret_hash: &[u8],
) -> Result<TokenId, Error> {
    let NewToken { name, channel, issued_by, issued_at, expires_at } = new;
    let asked: [&(dyn ToSql + Sync); 6] =
        [name, &channel.code(), &secret_hash, &issued_by.0, issued_at, expires_at];
    Ok(TokenId(db.query_one(include_str!("add_token.sql"), &asked).await?.get("id")))
}

/// Takes a token back.
///
/// # Errors
/// Of the database.
pub async fn revoke_token(
    db: &impl GenericClient,
    token: TokenId,
    by: PersonId,
    now: jiff::Timestamp,
) -> Result<(), Error> {
    db.execute(include_str!("revoke_token.sql"), &[&token.0, &by.0, &now]).await?;
    Ok(())
}

/// Tokens without their secrets, newest first: all, or one.
///
/// # Errors
/// Of the database.
pub async fn tokens(db: &impl GenericClient, only: Option<TokenId>) -> Result<Vec<Token>, Error> {
    let rows = db.query(include_str!("tokens.sql"), &[&only.map(|only| only.0)]).await?;
    let time = |row: &Row, name: &str| {
        row.get::<_, Option<jiff::Timestamp>>(name).map(|at| at.to_string())
    };
    let token = |row: &Row| Token {
        id: TokenId(row.get("id")),
        name: row.get("name"),
        channel: channel(row),
        issued_by: row.get("issued_by"),
        issued_at: time(row, "issued_at").unwrap_or_default(),
        expires_at: time(row, "expires_at"),
        used_on: row.get::<_, Option<jiff::civil::Date>>("used_on").map(|day| day.to_string()),
        revoked_at: time(row, "revoked_at"),
    };
    Ok(rows.iter().map(token).collect())
}

/// The tokens that are not revoked, by the hashes of their secrets.
///
/// # Errors
/// Of the database.
pub async fn good_tokens(db: &impl GenericClient) -> Result<HashMap<Vec<u8>, Held>, Error> {
    let rows = db.query(include_str!("good_tokens.sql"), &[]).await?;
    let held = |row: &Row| Held {
        id: TokenId(row.get("id")),
        channel: channel(row),
        expires_at: row.get("expires_at"),
        used_on: row.get("used_on"),
        noted: AtomicBool::new(false),
    };
    Ok(rows.iter().map(|row| (row.get("secret_hash"), held(row))).collect())
}

/// Notes the day a token was used on.
///
/// # Errors
/// Of the database.
pub async fn use_token(
    db: &impl GenericClient,
    token: TokenId,
    day: jiff::civil::Date,
) -> Result<(), Error> {
    db.execute(include_str!("use_token.sql"), &[&token.0, &day]).await?;
    Ok(())
}

/// The channel of a row; the constraints let no other word in.
fn channel(row: &Row) -> Channel {
    Channel::from_code(row.get("channel")).unwrap_or(Channel::Import)
}

fn read(row: &Row) -> Report {
    let time = |name| row.get::<_, jiff::Timestamp>(name).to_string();
    Report {
        id: ReportId(row.get("id")),
        channel: channel(row),
        category: row.get("category"),
        text: row.get("text"),
        happened_at: time("happened_at"),
        received_at: time("received_at"),
        lng: row.get("lng"),
        lat: row.get("lat"),
        accuracy_m: row.get("accuracy_m"),
        edition: EditionId(row.get("edition")),
        cell: row.get("cell"),
        basis: Basis::from_code(row.get("basis")).unwrap_or(Basis::Outside),
        distance_m: row.get("distance_m"),
        sensitive: row.get("sensitive"),
    }
}
