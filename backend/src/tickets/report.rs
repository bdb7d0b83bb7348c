//! One report: of reports, but whoever may see its ticket may see it.

use super::handlers::Asker;
use super::store;
use crate::call::Asked;
use crate::grids;
use crate::refuse::Refused;
use crate::reports::{no_report, store as reports};
use deadpool_postgres::GenericClient;
use domain::ids::{ReportId, TicketId};
use domain::people::Scope;
use domain::reports::{Report, ShowReport};

/// Answers with a report.
pub async fn show_report(asked: Asked, question: ShowReport) -> Result<Report, Refused> {
    let ShowReport { report } = question;
    let db = asked.app.db.client().await?;
    let asker = Asker::of(&asked).await?;
    let seen = seen(&db, &asked, &asker, report).await?;
    Ok(seen.ok_or_else(|| no_report(report))?)
}

/// A report, if whoever asks may see it: its own ticket, or the one that was merged into where that
/// one shows it.
pub(super) async fn seen(
    db: &impl GenericClient,
    asked: &Asked,
    asker: &Asker,
    id: ReportId,
) -> Result<Option<Report>, Refused> {
    let Some(report) = reports::report(db, id).await? else { return Ok(None) };
    let scope = &asker.scope;
    let seen = match store::ticket_of(db, id).await? {
        Some((ticket, into)) => {
            store::ticket(db, ticket, scope).await?.is_some()
                || shown_in(db, into, scope, &report).await?
        }
        // Imported history never had one: its cell decides.
        None if report.sensitive => scope.all_sensitive,
        None => scope.all || in_scope(asked, asker, &report),
    };
    Ok(seen.then_some(report))
}

/// Whether the ticket that a report was merged into shows it to whoever asks.
async fn shown_in(
    db: &impl GenericClient,
    into: Option<TicketId>,
    scope: &Scope,
    report: &Report,
) -> Result<bool, Refused> {
    let Some(into) = into else { return Ok(false) };
    let into = store::ticket(db, into, scope).await?;
    Ok(into.is_some_and(|into| into.ticket.sensitive || !report.sensitive))
}

fn in_scope(asked: &Asked, asker: &Asker, report: &Report) -> bool {
    let codes = grids::codes_in_scope(&asked.app.live.now(), &asker.scope);
    report.cell.as_ref().is_some_and(|cell| codes.binary_search(cell).is_ok())
}
