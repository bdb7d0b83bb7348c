//! What reporters told about themselves: kept apart from the reports, shown one at a time, on
//! record, and deleted in time. Nothing else reads these tables.

pub mod store;

use crate::call::{Asked, Routes, page};
use crate::refuse::{self, Refused};
use domain::ids::ViewId;
use domain::reports::{ListReporterViews, ReporterView};

/// The calls.
pub fn routes() -> Routes {
    Routes::new().call(list_reporter_views)
}

async fn list_reporter_views(
    asked: Asked,
    question: ListReporterViews,
) -> Result<Vec<ReporterView>, Refused> {
    let ListReporterViews { report, before, limit } = question;
    let limit = page(limit, "views")?;
    let scope = asked.me().await?.ok_or_else(refuse::nobody)?.scope();
    let db = asked.app.db.client().await?;
    let before = before.unwrap_or(ViewId(i64::MAX));
    Ok(store::views(&db, report, before, scope.all_sensitive, limit).await?)
}
