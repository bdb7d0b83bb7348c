//! Reading many tickets at once, for files. No decisions here.

use crate::tickets::lists::Wanted;
use crate::tickets::store::shown;
use domain::tickets::Ticket;
use domain::word::Word;
use futures::{Stream, TryStreamExt};
use jiff::Timestamp;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, GenericClient, RowStream};

/// What a file has.
#[derive(Clone, Debug)]
pub struct Exported {
    /// What it is narrowed to, as a list is; neither page nor length counts.
    pub wanted: Wanted,
    /// Sensitive ones too.
    pub with_sensitive: bool,
    /// Opened then or later.
    pub from: Option<Timestamp>,
    /// Opened before.
    pub to: Option<Timestamp>,
}

/// How many tickets a file has, and how many sensitive ones it leaves out.
///
/// # Errors
/// Of the database.
pub async fn to_export(db: &impl GenericClient, exported: &Exported) -> Result<(u64, u64), Error> {
    let rows: Vec<_> = ask(db, include_str!("count.sql"), exported).await?.try_collect().await?;
    let count = |column| rows.iter().map(|row| row.get::<_, i64>(column).unsigned_abs()).sum();
    Ok((count("exported"), count("left_out")))
}

/// Tickets by number, as the database sends them: they are never all in memory.
///
/// # Errors
/// Of the database.
pub async fn exported(
    db: &impl GenericClient,
    exported: &Exported,
) -> Result<impl Stream<Item = Result<Ticket, Error>>, Error> {
    let rows = ask(db, include_str!("export.sql"), exported).await?;
    Ok(rows.map_ok(|row| shown(&row)))
}

async fn ask(db: &impl GenericClient, text: &str, of: &Exported) -> Result<RowStream, Error> {
    let Exported { wanted, with_sensitive, from, to } = of;
    let state = wanted.state.map(Word::code);
    let [street, community, cell] = [1, 2, 3].map(|level| wanted.on_level(level));
    let unit = wanted.unit.map(|unit| unit.0);
    let asked: [&(dyn ToSql + Sync); 10] = [
        &state,
        &cell,
        &community,
        &street,
        &wanted.category,
        &unit,
        &wanted.due_before,
        with_sensitive,
        from,
        to,
    ];
    db.query_raw(text, asked).await
}
