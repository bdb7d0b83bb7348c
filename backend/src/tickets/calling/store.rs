//! Forgetting reporters, as it is written. No decisions here.

use domain::reports::Keeping;
use domain::word::Word;
use jiff::Timestamp;
use tokio_postgres::{Error, GenericClient};

/// Deletes fields whose time is over, so many at most; how many there were.
///
/// # Errors
/// Of the database.
pub async fn forget(
    db: &impl GenericClient,
    keeping: &[Keeping],
    now: Timestamp,
    limit: i64,
) -> Result<usize, Error> {
    let fields: Vec<&str> = keeping.iter().map(|keeping| keeping.field.code()).collect();
    let days: Vec<i32> = keeping.iter().map(|keeping| keeping.after_end_days.into()).collect();
    let deleted = db.execute(include_str!("forget.sql"), &[&now, &fields, &days, &limit]).await?;
    Ok(usize::try_from(deleted).unwrap_or(usize::MAX))
}
