//! What is kept of notices. No decisions here.

use crate::tickets::store::word;
use domain::ids::{NoticeId, TicketId, UnitId};
use domain::people::Scope;
use domain::tickets::notices::{About, Hearer, Notice, NoticeKind};
use domain::tickets::{Action, Asking, State};
use domain::word::Word;
use jiff::Timestamp;
use std::collections::BTreeSet;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, GenericClient, Row};

/// The lock of the one process that gives numbers: "notice" as a number.
const LOCK: i64 = 0x6e_6f_74_69_63_65;

/// A step that nobody was told of yet.
#[derive(Clone, Debug)]
pub struct Step {
    /// Of which ticket.
    pub ticket: TicketId,
    /// Which.
    pub seq: i32,
    /// What was done.
    pub action: Action,
    /// Where the ticket stood then.
    pub to: State,
    /// Whether another unit answers for it since.
    pub changed_hands: bool,
    /// Whom it concerns.
    pub about: About,
}

/// A mark that a clock passed.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Which of the three.
    pub kind: NoticeKind,
    /// When.
    pub at: Timestamp,
    /// Of which ticket.
    pub ticket: TicketId,
    /// Its last step.
    pub seq: i32,
    /// Whom it concerns.
    pub about: About,
}

/// A notice to be told.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// What it tells.
    pub kind: NoticeKind,
    /// Of which ticket.
    pub ticket: TicketId,
    /// Of which step.
    pub seq: i32,
    /// The mark it tells of.
    pub mark_at: Option<Timestamp>,
    /// Who hears of it.
    pub hearers: BTreeSet<Hearer>,
}

/// A notice by its number, and what it says if whoever reads may see the ticket.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Which.
    pub number: NoticeId,
    /// What it says.
    pub notice: Option<Notice>,
}

/// Who reads: what they are, and what they may see.
#[derive(Clone, Debug)]
pub struct Reader {
    /// What they are, each as [`Hearer`] is written.
    pub hearers: Vec<String>,
    /// What they may see.
    pub scope: Scope,
}

/// Whether there is anything to tell, with clocks looked at before `long_ago`.
///
/// # Errors
/// Of the database.
pub async fn owed(
    db: &impl GenericClient,
    now: Timestamp,
    long_ago: Timestamp,
) -> Result<bool, Error> {
    let row = db.query_one(include_str!("owed.sql"), &[&now, &long_ago]).await?;
    Ok(row.get("owed"))
}

/// Waits for the turn to give numbers, and keeps it until the transaction ends.
///
/// # Errors
/// Of the database.
pub async fn in_turn(db: &impl GenericClient) -> Result<(), Error> {
    db.execute(include_str!("in_turn.sql"), &[&LOCK]).await?;
    Ok(())
}

/// Takes steps out of the line.
///
/// # Errors
/// Of the database.
pub async fn steps(db: &impl GenericClient, limit: i64) -> Result<Vec<Step>, Error> {
    let rows = db.query(include_str!("steps.sql"), &[&limit]).await?;
    let step = |row: &Row| Step {
        ticket: TicketId(row.get("ticket")),
        seq: row.get("seq"),
        action: word(row, "action"),
        to: word(row, "to_state"),
        changed_hands: row.get("changed_hands"),
        about: About { called: called(row), ..about(row) },
    };
    Ok(rows.iter().map(step).collect())
}

fn called(row: &Row) -> Vec<UnitId> {
    row.get::<_, Vec<i64>>("called").into_iter().map(UnitId).collect()
}

fn about(row: &Row) -> About {
    let columns = [(3, "cell"), (2, "community"), (1, "street")];
    let cells = columns.map(|(level, name)| row.get::<_, Option<String>>(name).map(|c| (level, c)));
    let cells = cells.into_iter().flatten().collect();
    About { unit: Some(UnitId(row.get("unit"))), cells, ..About::default() }
}

/// When clocks were last looked at.
///
/// # Errors
/// Of the database.
pub async fn looked_at(db: &impl GenericClient) -> Result<Timestamp, Error> {
    Ok(db.query_one(include_str!("looked_at.sql"), &[]).await?.get("looked_at"))
}

/// Clocks were looked at.
///
/// # Errors
/// Of the database.
pub async fn look(db: &impl GenericClient, now: Timestamp) -> Result<(), Error> {
    db.execute(include_str!("look.sql"), &[&now]).await?;
    Ok(())
}

/// Marks that clocks passed from one time to the other; `longest` is when the longest limit of
/// verification is over that starts now.
///
/// # Errors
/// Of the database.
pub async fn marks(
    db: &impl GenericClient,
    from: Timestamp,
    now: Timestamp,
    longest: Timestamp,
    limit: i64,
) -> Result<Vec<Mark>, Error> {
    let rows = db.query(include_str!("marks.sql"), &[&from, &now, &longest, &limit]).await?;
    let mark = |row: &Row| Mark {
        kind: word(row, "kind"),
        at: row.get("mark_at"),
        ticket: TicketId(row.get("ticket")),
        seq: row.get("seq"),
        about: about(row),
    };
    Ok(rows.iter().map(mark).collect())
}

/// Gives notices their numbers, in this order.
///
/// # Errors
/// Of the database.
pub async fn tell(
    db: &impl GenericClient,
    notices: &[NewNotice],
    now: Timestamp,
) -> Result<(), Error> {
    let kinds: Vec<&str> = notices.iter().map(|notice| notice.kind.code()).collect();
    let tickets: Vec<i64> = notices.iter().map(|notice| notice.ticket.0).collect();
    let steps: Vec<i32> = notices.iter().map(|notice| notice.seq).collect();
    let marks: Vec<Option<Timestamp>> = notices.iter().map(|notice| notice.mark_at).collect();
    let each = (1_i64..).zip(notices);
    let each = each.flat_map(|(place, notice)| {
        notice.hearers.iter().map(move |hearer| (place, hearer.to_string()))
    });
    let (places, hearers): (Vec<i64>, Vec<String>) = each.unzip();
    let asked: [&(dyn ToSql + Sync); 7] =
        [&kinds, &tickets, &steps, &marks, &now, &places, &hearers];
    db.execute(include_str!("tell.sql"), &asked).await?;
    Ok(())
}

/// Forgets notices told before a time, so many at most.
///
/// # Errors
/// Of the database.
pub async fn forget(db: &impl GenericClient, before: Timestamp, limit: i64) -> Result<(), Error> {
    db.execute(include_str!("forget.sql"), &[&before, &limit]).await?;
    Ok(())
}

/// The number of the latest notice.
///
/// # Errors
/// Of the database.
pub async fn latest(db: &impl GenericClient) -> Result<NoticeId, Error> {
    let row = db.query_one(include_str!("latest.sql"), &[]).await?;
    Ok(NoticeId(row.get("number")))
}

/// Notices for somebody after one they have, oldest first.
///
/// # Errors
/// Of the database.
pub async fn since(
    db: &impl deadpool_postgres::GenericClient,
    reader: &Reader,
    after: NoticeId,
    limit: i64,
) -> Result<Vec<Heard>, Error> {
    read(db, include_str!("since.sql"), reader, after, limit).await
}

/// Notices for somebody before one they have, newest first.
///
/// # Errors
/// Of the database.
pub async fn before(
    db: &impl deadpool_postgres::GenericClient,
    reader: &Reader,
    before: NoticeId,
    limit: i64,
) -> Result<Vec<Heard>, Error> {
    read(db, include_str!("before.sql"), reader, before, limit).await
}

async fn read(
    db: &impl deadpool_postgres::GenericClient,
    text: &str,
    reader: &Reader,
    number: NoticeId,
    limit: i64,
) -> Result<Vec<Heard>, Error> {
    let Reader { hearers, scope } = reader;
    let [streets, communities, cells] = [1, 2, 3].map(|level| scope.on_level(level));
    let sensitive_of = scope.sensitive_of.map(|unit| unit.0);
    let asked: [&(dyn ToSql + Sync); 10] = [
        hearers,
        &number.0,
        &limit,
        &scope.all,
        &scope.unit.0,
        &cells,
        &communities,
        &streets,
        &scope.all_sensitive,
        &sensitive_of,
    ];
    let kept = db.prepare_cached(text).await?;
    let rows = db.query(&kept, &asked).await?;
    let heard = |row: &Row| Heard {
        number: NoticeId(row.get("number")),
        notice: row.get::<_, bool>("seen").then(|| notice(row)),
    };
    Ok(rows.iter().map(heard).collect())
}

fn notice(row: &Row) -> Notice {
    let kind = word(row, "kind");
    let asking = word::<Action>(row, "action").asking();
    let due_at: Option<Timestamp> = row.get("due_at");
    Notice {
        number: NoticeId(row.get("number")),
        kind,
        at: row.get::<_, Timestamp>("at").to_string(),
        ticket: TicketId(row.get("ticket")),
        seq: row.get("seq"),
        state: word(row, "to_state"),
        unit: UnitId(row.get("unit")),
        unit_name: row.get("unit_name"),
        request: match asking {
            Some(Asking::Ask(request)) if kind == NoticeKind::Asked => Some(request),
            _ => None,
        },
        category: row.get("category"),
        cell: row.get("cell"),
        urgent: row.get("urgent"),
        sensitive: row.get("sensitive"),
        due_at: due_at.map(|at| at.to_string()),
    }
}
