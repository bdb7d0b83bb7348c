//! Notices by the page.

use super::follower::reader;
use super::store;
use crate::call::{Asked, Routes, page};
use crate::refuse::{self, Refused};
use domain::ids::NoticeId;
use domain::tickets::notices::{ListNotices, Notice};

/// The calls about notices.
pub fn routes() -> Routes {
    Routes::new().call(list_notices)
}

async fn list_notices(asked: Asked, question: ListNotices) -> Result<Vec<Notice>, Refused> {
    let limit = page(question.limit, "notices")?;
    let length = usize::try_from(limit).unwrap_or(usize::MAX);
    let reader = reader(asked.me().await?.ok_or_else(refuse::nobody)?);
    let db = asked.app.db.client().await?;
    let mut before = question.before.unwrap_or(NoticeId(i64::MAX));
    let mut notices = Vec::new();
    // Those whose ticket they may not see any more leave room for others.
    loop {
        let heard = store::before(&db, &reader, before, limit).await?;
        let full = heard.len() >= length;
        before = heard.last().map_or(before, |heard| heard.number);
        notices.extend(heard.into_iter().filter_map(|heard| heard.notice));
        if !full || notices.len() >= length {
            notices.truncate(length);
            return Ok(notices);
        }
    }
}
