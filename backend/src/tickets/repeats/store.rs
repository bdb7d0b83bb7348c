//! What is asked of the database about tickets near each other. No decisions here.

use super::places::Closed;
use crate::tickets::lists::Cell;
use crate::tickets::store::word;
use deadpool_postgres::GenericClient;
use domain::ids::TicketId;
use domain::people::Scope;
use domain::tickets::State;
use domain::tickets::near::EXCERPT_CHARS;
use jiff::Timestamp;
use spatial::Position;
use spatial::position::Window;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

/// A degree of latitude is at least so many metres long.
const DEGREE_M: f64 = 110_500.0;

/// How many open tickets around a place are looked at, the nearest; and how many closed ones around
/// a ticket, those closed last. More would tell a person nothing more.
const LOOKED_AT: i64 = 500;

/// How many closed tickets are looked through for chronic places, those closed last.
const LOOKED_THROUGH: i64 = 200_000;

type Param<'a> = &'a (dyn ToSql + Sync);

/// What somebody may see, as the statements here ask with it.
struct Sight<'a> {
    scope: &'a Scope,
    cells: [&'a [String]; 3],
    sensitive_of: Option<i64>,
}

impl<'a> Sight<'a> {
    fn of(scope: &'a Scope) -> Self {
        let cells = [3, 2, 1].map(|level| scope.on_level(level));
        Self { scope, cells, sensitive_of: scope.sensitive_of.map(|unit| unit.0) }
    }

    fn params(&self) -> [Param<'_>; 7] {
        let [cells, communities, streets] = &self.cells;
        let Scope { all, unit, all_sensitive, .. } = self.scope;
        [all, &unit.0, cells, communities, streets, all_sensitive, &self.sensitive_of]
    }
}

fn place(row: &Row) -> Position {
    // The database holds no place that is none.
    Position::from_degrees(row.get("lng"), row.get("lat")).unwrap_or_default()
}

/// An open ticket around a place.
#[derive(Clone, Debug)]
pub struct Found {
    /// Which.
    pub ticket: TicketId,
    /// Where it stands.
    pub state: State,
    /// Its category.
    pub category: Option<String>,
    /// Its level-3 cell.
    pub cell: Option<String>,
    /// The responsible unit.
    pub unit_name: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Until when the present step is owed.
    pub due_at: Option<Timestamp>,
    /// How its first report begins.
    pub excerpt: String,
    /// How many photos that report has.
    pub photos: i64,
    /// How many reports it has.
    pub reports: i64,
    /// Whether only those who must may see it.
    pub sensitive: bool,
    /// Where it is.
    pub at: Position,
    /// How exactly that was stated.
    pub accuracy_m: Option<f64>,
}

/// Open tickets in a window around a place, but not this one: the nearest of them.
///
/// # Errors
/// Of the database.
pub async fn near(
    db: &impl GenericClient,
    around: Position,
    window: &Window,
    but: TicketId,
    scope: &Scope,
) -> Result<Vec<Found>, Error> {
    let sight = Sight::of(scope);
    let box_of = [window.low, window.high].map(|p| (p.lng_deg(), p.lat_deg()));
    let [(west, south), (east, north)] = box_of;
    let (lng, lat) = (around.lng_deg(), around.lat_deg());
    let chars = EXCERPT_CHARS as i32;
    let mut asked: Vec<Param<'_>> = vec![&west, &south, &east, &north, &lng, &lat, &but.0, &chars];
    asked.extend(sight.params());
    asked.push(&LOOKED_AT);
    let kept = db.prepare_cached(include_str!("near.sql")).await?;
    let found = |row: &Row| Found {
        ticket: TicketId(row.get("id")),
        state: word(row, "state"),
        category: row.get("category"),
        cell: row.get("cell"),
        unit_name: row.get("unit_name"),
        opened_at: row.get("opened_at"),
        due_at: row.get("due_at"),
        excerpt: row.get("excerpt"),
        photos: row.get("photos"),
        reports: row.get("reports"),
        sensitive: row.get("sensitive"),
        at: place(row),
        accuracy_m: row.get("accuracy_m"),
    };
    Ok(db.query(&kept, &asked).await?.iter().map(found).collect())
}

/// A ticket that was closed near another one.
#[derive(Clone, Debug)]
pub struct ClosedBefore {
    /// Which.
    pub ticket: TicketId,
    /// Where it is.
    pub at: Position,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// The unit that handled it.
    pub unit_name: String,
    /// Whether this person may see it.
    pub seen: bool,
}

/// Tickets of a ticket's category that were closed within so many metres, and a little more, and so
/// many days before it was opened. None for a ticket without a category.
///
/// # Errors
/// Of the database.
pub async fn earlier(
    db: &impl GenericClient,
    ticket: TicketId,
    (within_m, days): (f64, u16),
    scope: &Scope,
) -> Result<Vec<ClosedBefore>, Error> {
    let sight = Sight::of(scope);
    let (reach, days) = (within_m / DEGREE_M, i32::from(days));
    let mut asked: Vec<Param<'_>> = vec![&ticket.0, &reach, &days];
    asked.extend(sight.params());
    asked.push(&LOOKED_AT);
    let kept = db.prepare_cached(include_str!("earlier.sql")).await?;
    let closed = |row: &Row| ClosedBefore {
        ticket: TicketId(row.get("id")),
        at: place(row),
        opened_at: row.get("opened_at"),
        closed_at: row.get("closed_at"),
        unit_name: row.get("unit_name"),
        seen: row.get("seen"),
    };
    Ok(db.query(&kept, &asked).await?.iter().map(closed).collect())
}

/// Tickets that were closed after one time and up to another.
///
/// # Errors
/// Of the database.
pub async fn closed(
    db: &impl GenericClient,
    (since, until): (Timestamp, Timestamp),
    under: Option<&Cell>,
    category: Option<&str>,
    scope: &Scope,
) -> Result<Vec<Closed>, Error> {
    let sight = Sight::of(scope);
    let on = |level| under.filter(|cell| cell.0 == level).map(|cell| cell.1.as_str());
    let (cell, community, street) = (on(3), on(2), on(1));
    let mut asked: Vec<Param<'_>> = vec![&since, &until, &cell, &community, &street, &category];
    asked.extend(sight.params());
    asked.push(&LOOKED_THROUGH);
    let kept = db.prepare_cached(include_str!("closed.sql")).await?;
    let closed = |row: &Row| Closed {
        ticket: TicketId(row.get("id")),
        category: row.get("category"),
        cell: row.get("cell"),
        at: place(row),
        opened_at: row.get("opened_at"),
        closed_at: row.get("closed_at"),
        unit_name: row.get("unit_name"),
    };
    Ok(db.query(&kept, &asked).await?.iter().map(closed).collect())
}

/// Around a place: where, of which category, how far.
pub type Around<'a> = (Position, &'a str, f64);

/// Open tickets around each of these places, and a little farther: the number of the place in the
/// list, the ticket and where that is.
///
/// # Errors
/// Of the database.
pub async fn open_at(
    db: &impl GenericClient,
    places: &[Around<'_>],
    scope: &Scope,
) -> Result<Vec<(usize, TicketId, Position)>, Error> {
    let sight = Sight::of(scope);
    let lng: Vec<f64> = places.iter().map(|(at, ..)| at.lng_deg()).collect();
    let lat: Vec<f64> = places.iter().map(|(at, ..)| at.lat_deg()).collect();
    let category: Vec<&str> = places.iter().map(|(_, category, _)| *category).collect();
    let reach: Vec<f64> = places.iter().map(|(.., within_m)| within_m / DEGREE_M).collect();
    let mut asked: Vec<Param<'_>> = vec![&lng, &lat, &category, &reach];
    asked.extend(sight.params());
    let kept = db.prepare_cached(include_str!("open_at.sql")).await?;
    let open = |row: &Row| {
        let number = usize::try_from(row.get::<_, i64>("number") - 1).unwrap_or_default();
        (number, TicketId(row.get("id")), place(row))
    };
    Ok(db.query(&kept, &asked).await?.iter().map(open).collect())
}
