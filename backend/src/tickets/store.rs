//! What is kept of tickets. No decisions here.

use super::decide::{Arrival, Change, Units};
use super::lists::{Page, Wanted};
use super::timing::Marks;
use super::whistle;
use crate::db::Client;
use crate::reports::store::{self as reports, NewReport, Stored};
use deadpool_postgres::GenericClient;
use domain::clocks::{Clock, Stage};
use domain::ids::{EditionId, PersonId, ReportId, TicketId, UnitId};
use domain::people::{Scope, UnitKind};
use domain::tickets::merging::Target;
use domain::tickets::{
    ActOnTicket, Action, Called, Pending, Request, Ticket, TicketEvent, Whistle,
};
use domain::word::Word;
use jiff::Timestamp;
use tokio_postgres::types::{Json, ToSql};
use tokio_postgres::{Error, Row};

/// A ticket as a decision reads it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// As it is shown.
    pub ticket: Ticket,
    /// Whether the responsible unit is the linkage centre.
    pub at_centre: bool,
    /// Who handled it last.
    pub handled: Option<(UnitId, Option<PersonId>)>,
    /// When a suspension is looked at again.
    pub review_at: Option<Timestamp>,
    /// When its last event was.
    pub last_at: Timestamp,
    /// The clock of arriving on site; its marks are made when it is written.
    pub arrival: Arrival,
    /// Its whistles, the last one last.
    pub whistles: Vec<Whistle>,
    /// The units of the last one, as decisions read them.
    pub called: Vec<Called>,
    /// Whether other tickets were merged into it.
    pub joined: bool,
    /// The ticket it is about to be merged into, under lock.
    pub into: Option<Target>,
}

/// What a ticket needs to be opened with its report.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The community above its cell.
    pub community: Option<String>,
    /// The district above that.
    pub street: Option<String>,
    /// The clock of verification.
    pub clock: Clock,
    /// Its marks.
    pub marks: Marks,
}

/// Stores reports and opens a ticket for each new one, in one statement.
///
/// # Errors
/// Of the database; then nothing is stored, unless the connection was lost.
pub async fn take_in(
    db: &impl GenericClient,
    new: &[&NewReport],
    opened: &[Opened],
    now: Timestamp,
) -> Result<Vec<Stored>, Error> {
    macro_rules! column {
        ($of:expr) => {
            opened.iter().map($of).collect::<Vec<_>>()
        };
    }
    let columns = reports::Columns::of(new);
    let (community, street) =
        (column!(|o| o.community.as_deref()), column!(|o| o.street.as_deref()));
    let clock = column!(|o| Json(&o.clock));
    let [warn, due, long] =
        [column!(|o| o.marks.warn_at), column!(|o| o.marks.due_at), column!(|o| o.marks.long_at)];
    let provisional = column!(|o| o.marks.provisional);
    let of_tickets: [&(dyn ToSql + Sync); 8] =
        [&community, &street, &clock, &warn, &due, &long, &provisional, &now];
    let statement = db.prepare_cached(include_str!("take_in.sql")).await?;
    let rows = db.query(&statement, &[&columns.asked()[..], &of_tickets].concat()).await?;
    reports::stored(db, &rows, new).await
}

/// A ticket, if it is there and may be seen.
///
/// # Errors
/// Of the database.
pub async fn ticket(
    db: &impl GenericClient,
    ticket: TicketId,
    scope: &Scope,
) -> Result<Option<Standing>, Error> {
    let kept = db.prepare_cached(include_str!("ticket.sql")).await?;
    let found = db
        .query_opt(
            &kept,
            &[
                &ticket.0,
                &scope.all,
                &scope.unit.0,
                &scope.on_level(3),
                &scope.on_level(2),
                &scope.on_level(1),
                &scope.all_sensitive,
                &scope.sensitive_of.map(|unit| unit.0),
            ],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let mut standing = standing(&row);
    if row.get("whistled") {
        standing.whistles = whistle::store::whistles(db, ticket).await?;
        standing.called = standing.whistles.last().map(Whistle::facts).unwrap_or_default();
    }
    Ok(Some(standing))
}

/// Tickets, in the order of the page.
///
/// # Errors
/// Of the database.
pub async fn tickets(db: &Client, wanted: &Wanted, scope: &Scope) -> Result<Vec<Ticket>, Error> {
    let (way, (live, ended)) = (wanted.way(scope).code(), wanted.live_and_ended());
    let state = wanted.state.map(Word::code);
    let [street, community, cell] = [1, 2, 3].map(|level| wanted.on_level(level));
    let (unit, sensitive_of) = (wanted.unit.map(|u| u.0), scope.sensitive_of.map(|u| u.0));
    let [streets, communities, cells] = [1, 2, 3].map(|level| scope.on_level(level));
    let wish: [&(dyn ToSql + Sync); 14] = [
        &state,
        &cell,
        &community,
        &street,
        &wanted.category,
        &unit,
        &wanted.due_before,
        &scope.all,
        &scope.unit.0,
        &cells,
        &communities,
        &streets,
        &scope.all_sensitive,
        &sensitive_of,
    ];
    let mut asked: Vec<&(dyn ToSql + Sync)> = vec![&way];
    let rows = match wanted.page {
        Page::Newest(before) => {
            asked.extend([&live as &(dyn ToSql + Sync), &ended]);
            asked.extend(wish);
            asked.extend([&before.0 as &(dyn ToSql + Sync), &wanted.limit]);
            planned_once(db, include_str!("newest.sql"), &asked).await?
        }
        Page::Due(after) => {
            let (at, id) = after.unwrap_or((Timestamp::UNIX_EPOCH, TicketId(0)));
            asked.extend(wish);
            asked.extend([&at as &(dyn ToSql + Sync), &id.0, &wanted.limit]);
            planned_once(db, include_str!("due.sql"), &asked).await?
        }
    };
    Ok(rows.iter().map(shown).collect())
}

/// Asks with one plan for all values: what has its way in named needs no other, and planning takes
/// longer than most answers. The three messages travel together.
pub(super) async fn planned_once(
    db: &Client,
    text: &str,
    asked: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Error> {
    let statement = db.prepare_cached(text).await?;
    let (begun, rows, _ended) = tokio::join!(
        db.batch_execute("begin read only; set local plan_cache_mode = force_generic_plan"),
        db.query(&statement, asked),
        // Ends what failed, too.
        db.batch_execute("commit"),
    );
    begun?;
    rows
}

/// Keeps tickets as they are until the transaction ends; with the number of the event each shows.
///
/// # Errors
/// Of the database.
pub async fn lock(
    db: &impl GenericClient,
    tickets: &[TicketId],
) -> Result<Vec<(TicketId, i32)>, Error> {
    let tickets: Vec<i64> = tickets.iter().map(|ticket| ticket.0).collect();
    let rows = db.query(include_str!("lock.sql"), &[&tickets]).await?;
    Ok(rows.iter().map(|row| (TicketId(row.get("id")), row.get("seq"))).collect())
}

/// What happened to a ticket, in order. Whether tickets it was merged with are named although they
/// are sensitive and it is not, the caller says.
///
/// # Errors
/// Of the database.
pub async fn events(
    db: &impl GenericClient,
    ticket: TicketId,
    sensitive: bool,
) -> Result<Vec<TicketEvent>, Error> {
    let kept = db.prepare_cached(include_str!("events.sql")).await?;
    let rows = db.query(&kept, &[&ticket.0, &sensitive]).await?;
    let event = |row: &Row| TicketEvent {
        seq: row.get("seq"),
        from: word(row, "from_state"),
        action: word(row, "action"),
        to: word(row, "to_state"),
        person: row.get::<_, Option<i64>>("person").map(PersonId),
        name: row.get("name"),
        unit_name: row.get("unit_name"),
        at: row.get::<_, Timestamp>("at").to_string(),
        note: row.get("note"),
        other: row.get::<_, Option<i64>>("other").map(TicketId),
    };
    Ok(rows.iter().map(event).collect())
}

/// Who took an action with this key before; `None` within: the reporter or the service itself.
///
/// # Errors
/// Of the database.
pub async fn acted(
    db: &impl GenericClient,
    ticket: TicketId,
    key: &str,
) -> Result<Option<Option<PersonId>>, Error> {
    let kept = db.prepare_cached(include_str!("event_with_key.sql")).await?;
    let found = db.query_opt(&kept, &[&ticket.0, &key]).await?;
    Ok(found.map(|row| row.get::<_, Option<i64>>("person").map(PersonId)))
}

/// The numbers of a ticket's reports and of those merged into it; sensitive ones only if they are
/// asked for.
///
/// # Errors
/// Of the database.
pub async fn reports_of(
    db: &impl GenericClient,
    ticket: TicketId,
    sensitive: bool,
) -> Result<Vec<ReportId>, Error> {
    let kept = db.prepare_cached(include_str!("reports_of.sql")).await?;
    let rows = db.query(&kept, &[&ticket.0, &sensitive]).await?;
    Ok(rows.iter().map(|row| ReportId(row.get("report"))).collect())
}

/// The ticket a report opened, and the one that was merged into, if it was.
///
/// # Errors
/// Of the database.
pub async fn ticket_of(
    db: &impl GenericClient,
    report: ReportId,
) -> Result<Option<(TicketId, Option<TicketId>)>, Error> {
    let row = db.query_opt(include_str!("ticket_of_report.sql"), &[&report.0]).await?;
    let into = |row: &Row| row.get::<_, Option<i64>>("merged_into").map(TicketId);
    Ok(row.map(|row| (TicketId(row.get("ticket")), into(&row))))
}

/// Requests that wait for their answer.
///
/// # Errors
/// Of the database.
pub async fn pending(db: &impl GenericClient, ticket: TicketId) -> Result<Vec<Pending>, Error> {
    let kept = db.prepare_cached(include_str!("pending.sql")).await?;
    let rows = db.query(&kept, &[&ticket.0]).await?;
    let pending = |row: &Row| Pending {
        request: word(row, "request"),
        by: row.get::<_, Option<i64>>("asked_by").map(PersonId),
    };
    Ok(rows.iter().map(pending).collect())
}

/// Keeps a request.
///
/// # Errors
/// Of the database.
pub async fn ask(
    db: &impl GenericClient,
    ticket: TicketId,
    request: Request,
    seq: i32,
    by: Option<PersonId>,
) -> Result<(), Error> {
    let by = by.map(|by| by.0);
    let kept = db.prepare_cached(include_str!("ask.sql")).await?;
    db.execute(&kept, &[&ticket.0, &request.code(), &seq, &by]).await?;
    Ok(())
}

/// Answers a request.
///
/// # Errors
/// Of the database.
pub async fn answer(
    db: &impl GenericClient,
    ticket: TicketId,
    request: Request,
    seq: i32,
    granted: bool,
) -> Result<(), Error> {
    let kept = db.prepare_cached(include_str!("answer.sql")).await?;
    db.execute(&kept, &[&ticket.0, &request.code(), &seq, &granted]).await?;
    Ok(())
}

/// The units a ticket may be handed to by rule.
///
/// # Errors
/// Of the database.
pub async fn units_around(db: &impl GenericClient, ticket: TicketId) -> Result<Units, Error> {
    let kept = db.prepare_cached(include_str!("units_around.sql")).await?;
    let row = db.query_one(&kept, &[&ticket.0]).await?;
    let unit = |name: &str| UnitId(row.get(name));
    Ok(Units {
        centre: unit("centre"),
        cell: unit("cell"),
        level_2: unit("level_2"),
        level_1: unit("level_1"),
    })
}

/// Moves a ticket; answers its new number, or nothing when somebody else was first.
///
/// # Errors
/// Of the database; constraint `tickets_unit_fkey` when there is no such unit.
pub async fn move_on(
    db: &impl GenericClient,
    question: &ActOnTicket,
    change: &Change,
    by: Option<(PersonId, UnitId)>,
    now: Timestamp,
) -> Result<Option<i32>, Error> {
    let person = by.map(|(person, _)| person.0);
    // Whoever recalls a ticket has not handled it.
    let handled_by = person.filter(|_| change.handled == by.map(|(_, unit)| unit));
    let running = change.running.as_ref();
    let stage = running.map(|(stage, _)| stage.code());
    let clock = running.map(|(_, clock)| Json(clock));
    let marks = change.marks;
    let into = (question.action == Action::Merge).then_some(question.into).flatten();
    let kept = db.prepare_cached(include_str!("move.sql")).await?;
    let row = db
        .query_opt(
            &kept,
            &[
                &question.ticket.0,
                &question.seq,
                &change.state.code(),
                &question.action.code(),
                &change.unit.0,
                &i16::from(change.level),
                &change.handled.map(|unit| unit.0),
                &handled_by,
                &change.supervised,
                &stage,
                &clock,
                &marks.map(|m| m.warn_at),
                &marks.map(|m| m.due_at),
                &marks.map(|m| m.long_at),
                &change.provisional(),
                &change.review_at,
                &into.map(|into| into.0),
                &now,
                &change.state.is_final(),
                &person,
                &question.note,
                &question.key,
                &change.sensitive,
                &change.urgent,
                &change.arrival.clock.as_ref().map(Json),
                &change.arrival.due.map(|marks| marks.due_at),
                &change.arrival.at,
            ],
        )
        .await?;
    Ok(row.map(|row| row.get("seq")))
}

/// The word in a column; constraints let no other in.
pub(super) fn word<W: Word>(row: &Row, column: &str) -> W {
    let code: String = row.get(column);
    W::from_code(&code).unwrap_or_else(|| panic!("{column} holds {code:?}, which is no word"))
}

/// A ticket as a row of `newest.sql` and its like has it.
pub(super) fn shown(row: &Row) -> Ticket {
    let text = |column: &str| row.get::<_, Option<Timestamp>>(column).map(|at| at.to_string());
    let stage = row.get::<_, Option<String>>("stage");
    Ticket {
        id: TicketId(row.get("id")),
        state: word(row, "state"),
        seq: row.get("seq"),
        level: row.get::<_, i16>("level") as u8,
        unit: UnitId(row.get("unit")),
        unit_name: row.get("unit_name"),
        category: row.get("category"),
        urgent: row.get("urgent"),
        sensitive: row.get("sensitive"),
        supervised: row.get("supervised"),
        lng: row.get("lng"),
        lat: row.get("lat"),
        edition: EditionId(row.get("edition")),
        cell: row.get("cell"),
        opened_at: row.get::<_, Timestamp>("opened_at").to_string(),
        ended_at: text("ended_at"),
        stage: stage.and_then(|code| Stage::from_code(&code)),
        clock: row.get::<_, Option<Json<Clock>>>("clock").map(|clock| clock.0),
        warn_at: text("warn_at"),
        due_at: text("due_at"),
        long_at: text("long_at"),
        provisional: row.get("provisional"),
        arrive_due_at: text("arrive_due_at"),
        arrived_at: text("arrived_at"),
        review_at: text("review_at"),
        merged_into: row.get::<_, Option<i64>>("merged_into").map(TicketId),
    }
}

fn standing(row: &Row) -> Standing {
    let time = |column: &str| row.get::<_, Option<Timestamp>>(column);
    let person = row.get::<_, Option<i64>>("handled_by").map(PersonId);
    let kind: UnitKind = word(row, "unit_kind");
    Standing {
        at_centre: kind == UnitKind::Centre,
        handled: row.get::<_, Option<i64>>("handled_unit").map(|unit| (UnitId(unit), person)),
        review_at: time("review_at"),
        last_at: row.get("last_at"),
        arrival: Arrival {
            clock: row.get::<_, Option<Json<Clock>>>("arrive_clock").map(|clock| clock.0),
            due: None,
            at: time("arrived_at"),
        },
        whistles: Vec::new(),
        called: Vec::new(),
        joined: row.get("joined"),
        into: None,
        ticket: shown(row),
    }
}
