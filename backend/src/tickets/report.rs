//! One report: of reports, but whoever may see its ticket may see it.

use super::handlers::Asker;
use super::store;
use crate::call::Asked;
use crate::grids;
use crate::refuse::Refused;
use crate::reports::{no_report, store as reports};
use domain::reports::{Report, ShowReport};

/// Answers with a report.
pub async fn show_report(asked: Asked, question: ShowReport) -> Result<Report, Refused> {
    let ShowReport { report: id } = question;
    let db = asked.app.db.client().await?;
    let asker = Asker::of(&asked).await?;
    let Some(report) = reports::report(&db, id).await? else { return Err(no_report(id).into()) };
    let seen = match store::ticket_of(&db, id).await? {
        Some(ticket) => store::ticket(&db, ticket, &asker.scope).await?.is_some(),
        // Imported history never had one: its cell decides.
        None if report.sensitive => asker.scope.all_sensitive,
        None => asker.scope.all || in_scope(&asked, &asker, &report),
    };
    if seen { Ok(report) } else { Err(no_report(id).into()) }
}

fn in_scope(asked: &Asked, asker: &Asker, report: &Report) -> bool {
    let codes = grids::codes_in_scope(&asked.app.live.now(), &asker.scope);
    report.cell.as_ref().is_some_and(|cell| codes.binary_search(cell).is_ok())
}
