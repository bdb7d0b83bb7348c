//! Duplicates and repeats: open tickets that may be about the same thing, and places where one kind
//! of thing is reported again and again after it was closed.
//!
//! All of it is read when it is asked for: a report is taken in without a look at its neighbours.

pub mod places;
pub mod store;

use super::acting::no_ticket;
use super::handlers::Asker;
use super::lists::cell_of;
use super::store as tickets;
use crate::call::{Asked, Routes, page};
use crate::grids::answer;
use crate::refuse::Refused;
use crate::reports::store as reports;
use deadpool_postgres::GenericClient;
use domain::ids::{ReportId, TicketId};
use domain::people::Scope;
use domain::tickets::Ticket;
use domain::tickets::chronic::{
    Chronic, ChronicPlace, ClosedTicket, Earlier, ListChronicPlaces, TICKETS_SHOWN, chronic,
};
use domain::tickets::near::{
    Beside, Kin, NearTicket, NearTickets, SUGGESTED, SUGGESTED_MAX, SimilarTickets, ranked,
    reach_m, score,
};
use domain::tickets::repeats::{Figures, NearFigures};
use domain::{Kind, Place, Refusal};
use jiff::{SignedDuration, Timestamp};
use spatial::Position;
use spatial::metric::{Local, distance_m};
use store::{ClosedBefore, Found};

/// The calls about duplicates and repeats.
pub fn routes() -> Routes {
    Routes::new().call(near_tickets).call(similar_tickets).call(list_chronic_places)
}

/// What open tickets are compared with.
struct Compared {
    at: Position,
    accuracy_m: Option<f64>,
    category: Option<String>,
    cell: Option<String>,
    time: Timestamp,
}

impl Compared {
    /// The likest of those found around it.
    fn suggested(&self, found: Vec<Found>, figures: &NearFigures, limit: usize) -> Vec<NearTicket> {
        let near = |found: Found| {
            let away_m = distance_m(self.at, found.at);
            let kin = Kin::of(self.category.as_deref(), found.category.as_deref());
            let two = Beside {
                distance_m: away_m,
                accuracy_m: [self.accuracy_m, found.accuracy_m],
                hours: found.opened_at.duration_since(self.time).as_secs_f64() / 3_600.0,
                kin,
                same_cell: self.cell == found.cell,
            };
            NearTicket {
                ticket: found.ticket,
                score: thousandths(score(&two, figures)),
                distance_m: decimetres(away_m),
                kin,
                state: found.state,
                category: found.category,
                cell: found.cell,
                unit_name: found.unit_name,
                opened_at: found.opened_at,
                due_at: found.due_at,
                excerpt: found.excerpt,
                photos: found.photos,
                reports: found.reports,
                sensitive: found.sensitive,
            }
        };
        ranked(found.into_iter().map(near).collect(), figures, limit)
    }

    /// Open tickets around it that this person may see, but not this one, the likest first.
    async fn open(
        &self,
        db: &impl GenericClient,
        but: TicketId,
        scope: &Scope,
        figures: &NearFigures,
        limit: usize,
    ) -> Result<Vec<NearTicket>, Refused> {
        let window = Local::at(self.at).window(reach_m(self.accuracy_m, figures));
        let found = store::near(db, self.at, &window, but, scope).await?;
        Ok(self.suggested(found, figures, limit))
    }
}

/// No more digits than are meant.
fn thousandths(score: f64) -> f64 {
    (score * 1_000.0).round() / 1_000.0
}

fn decimetres(metres: f64) -> f64 {
    (metres * 10.0).round() / 10.0
}

fn limited(limit: Option<u16>) -> Result<usize, Refusal> {
    match limit.unwrap_or(SUGGESTED) {
        limit if (1..=SUGGESTED_MAX).contains(&limit) => Ok(limit.into()),
        limit => Err(Refusal::new(
            Kind::Invalid,
            format!("最多列出 1 到 {SUGGESTED_MAX} 件，收到 {limit}。"),
            format!("Ask for 1 to {SUGGESTED_MAX} tickets, not {limit}."),
        )
        .at("limit")),
    }
}

async fn near_tickets(asked: Asked, question: NearTickets) -> Result<Vec<NearTicket>, Refused> {
    let NearTickets { lng, lat, datum, accuracy_m, category, at: time, limit } = question;
    let limit = limited(limit)?;
    let at = answer::position(&Place { lng, lat, datum })?;
    let accuracy_m = answer::accuracy(accuracy_m)?;
    let time = match time {
        None => Timestamp::now(),
        Some(text) => text.parse().map_err(|_| no_time())?,
    };
    let cell = answer::located(&asked.app.live.now(), at, accuracy_m).cell;
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    let compared = Compared { at, accuracy_m, category, cell, time };
    let figures = &asked.app.repeats.near;
    compared.open(&db, TicketId(0), &asker.scope, figures, limit).await
}

fn no_time() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "时间无法识别，请用带时区的 RFC 3339 格式，如 2026-03-01T08:30:00+08:00。",
        "This is no time: write it as RFC 3339, 2026-03-01T08:30:00+08:00.",
    )
    .at("at")
}

async fn similar_tickets(
    asked: Asked,
    question: SimilarTickets,
) -> Result<Vec<NearTicket>, Refused> {
    let limit = limited(question.limit)?;
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    let (standing, report) = tokio::try_join!(
        tickets::ticket(&db, question.ticket, &asker.scope),
        reports::report(&db, ReportId(question.ticket.0)),
    )?;
    let ticket = standing.ok_or_else(|| no_ticket(question.ticket))?.ticket;
    let compared = Compared {
        at: Position::from_degrees(ticket.lng, ticket.lat).unwrap_or_default(),
        accuracy_m: report.and_then(|report| report.accuracy_m),
        category: ticket.category,
        cell: ticket.cell,
        time: ticket.opened_at.parse().unwrap_or_else(|_| Timestamp::now()),
    };
    let figures = &asked.app.repeats.near;
    compared.open(&db, ticket.id, &asker.scope, figures, limit).await
}

/// Whether a ticket is one more of a chronic place, by what was closed near it before.
pub fn chronic_of(
    ticket: &Ticket,
    before: Vec<ClosedBefore>,
    figures: &Figures,
) -> Option<Chronic> {
    let at = Position::from_degrees(ticket.lng, ticket.lat)?;
    let earlier = |before: ClosedBefore| Earlier {
        closed: ClosedTicket {
            ticket: before.ticket,
            opened_at: before.opened_at,
            closed_at: before.closed_at,
            distance_m: decimetres(distance_m(at, before.at)),
            unit_name: before.unit_name,
        },
        seen: before.seen,
    };
    let earlier: Vec<Earlier> = before.into_iter().map(earlier).collect();
    chronic(ticket.category.as_deref(), ticket.opened_at.parse().ok()?, &earlier, figures)
}

async fn list_chronic_places(
    asked: Asked,
    question: ListChronicPlaces,
) -> Result<Vec<ChronicPlace>, Refused> {
    let limit = usize::try_from(page(question.limit, "places")?).unwrap_or_default();
    let under = {
        let live = asked.app.live.now();
        let level_of = |code: &str| live.cell_with_code(code).map(|cell| cell.row.level);
        question.cell.map(|code| cell_of(code, level_of)).transpose()?
    };
    let asker = Asker::of(&asked).await?;
    let db = asked.app.db.client().await?;
    let (figures, now) = (&*asked.app.repeats, Timestamp::now());
    let (_, days) = figures.widest();
    let since = now - SignedDuration::from_hours(24 * i64::from(days));
    let (scope, category) = (&asker.scope, question.category.as_deref());
    let closed = store::closed(&db, (since, now), under.as_ref(), category, scope).await?;
    let mut places = places::places(&closed, figures, now);
    places.truncate(limit);
    let around: Vec<store::Around<'_>> = places
        .iter()
        .map(|place| (place.centre.at, place.centre.category.as_str(), place.line.within_m))
        .collect();
    let open = store::open_at(&db, &around, scope).await?;
    let shown = |(number, place): (usize, places::Place<'_>)| {
        let here = open.iter().filter(|(of, _, at)| {
            *of == number && distance_m(around[number].0, *at) <= around[number].2
        });
        shown(&place, here.map(|(_, ticket, _)| *ticket).collect())
    };
    Ok(places.into_iter().enumerate().map(shown).collect())
}

fn shown(place: &places::Place<'_>, open: Vec<TicketId>) -> ChronicPlace {
    let (centre, (last, _)) = (place.centre, place.tickets[0]);
    let closed = |&(closed, metres): &(&places::Closed, f64)| ClosedTicket {
        ticket: closed.ticket,
        opened_at: closed.opened_at,
        closed_at: closed.closed_at,
        distance_m: decimetres(metres),
        unit_name: closed.unit_name.clone(),
    };
    ChronicPlace {
        category: centre.category.clone(),
        lng: centre.at.lng_deg(),
        lat: centre.at.lat_deg(),
        cell: centre.cell.clone(),
        times: place.times,
        days: place.line.days,
        within_m: place.line.within_m,
        last_closed_at: last.closed_at,
        tickets: place.tickets.iter().take(TICKETS_SHOWN).map(closed).collect(),
        open,
    }
}
