//! Calling reporters back: who they are is shown to whoever has their ticket, and forgotten when
//! that is over.

pub mod store;

use super::handlers::Asker;
use super::report;
use super::store as tickets;
use super::store::Standing;
use crate::call::Asked;
use crate::refuse::Refused;
use crate::reports::personal::store as personal;
use crate::reports::{check_text, no_report};
use deadpool_postgres::GenericClient;
use domain::ids::ReportId;
use domain::people::{Role, Scope};
use domain::reports::{REASON_MAX_CHARS, ShowReporter, ShownReporter};
use domain::tickets::Ticket;
use domain::{Kind, Refusal};
use jiff::Timestamp;

/// Answers who a reporter is. What is shown is on record before it is shown.
pub async fn show_reporter(asked: Asked, question: ShowReporter) -> Result<ShownReporter, Refused> {
    let ShowReporter { report: of, reason } = question;
    let reason = reason.trim();
    check_text("reason", reason, REASON_MAX_CHARS)?;
    if reason.is_empty() {
        return Err(no_reason().into());
    }
    let asker = Asker::of(&asked).await?;
    let mut db = asked.app.db.client().await?;
    let transaction = db.transaction().await?;
    let seen = report::seen(&transaction, &asked, &asker, of).await?;
    let worked_on = match seen {
        Some(_) => worked_on(&transaction, of).await?,
        None => None,
    };
    may_call_back(&asker, &worked_on.ok_or_else(|| no_report(of))?)?;
    let now = Timestamp::now();
    let shown = personal::reporter(&transaction, of, now).await?.ok_or_else(nothing)?;
    personal::add_view(&transaction, of, asker.person, now, reason).await?;
    transaction.commit().await?;
    Ok(shown)
}

/// The ticket that is worked on for a report: its own, or the one that was merged into.
async fn worked_on(db: &impl GenericClient, report: ReportId) -> Result<Option<Standing>, Refused> {
    let Some((own, into)) = tickets::ticket_of(db, report).await? else { return Ok(None) };
    Ok(tickets::ticket(db, into.unwrap_or(own), &Scope::everything()).await?)
}

/// Who must call back: the centre, whoever the ticket is with; others when their unit has it.
fn may_call_back(asker: &Asker, standing: &Standing) -> Result<(), Refusal> {
    let desk = matches!(asker.role, Role::Dispatcher | Role::ShiftLead);
    let Ticket { unit, unit_name, .. } = &standing.ticket;
    if desk || asker.scope.unit == *unit {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Forbidden,
        format!("案件由{unit_name}办理，回访请由其或联动中心联系上报人。"),
        format!(
            "The ticket is with {unit_name}: calling the reporter back is theirs, or the centre's."
        ),
    ))
}

fn no_reason() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "请说明为什么需要联系上报人；查看会留有记录。",
        "Say why the reporter must be called: that you looked is kept.",
    )
    .at("reason")
}

fn nothing() -> Refusal {
    Refusal::new(
        Kind::Missing,
        "上报人没有留下联系方式，或已到期删除。",
        "The reporter left no name or number, or it has been deleted when its time was over.",
    )
    .at("report")
}
