//! Taking a report in, and reading reports back.

use super::intake::NotStored;
use super::store::{self, NewReport, Stored};
use super::{cell, personal, photos, tiles, tokens};
use crate::call::{Asked, Routes, page};
use crate::grids::live::Live;
use crate::grids::{self, answer};
use crate::refuse::{self, Refused};
use domain::grids::Located;
use domain::ids::ReportId;
use domain::reports::{
    Categories, Category, Channel, Keeping, ListReports, PhotoId, Report, Sender, TEXT_MAX_CHARS,
    TakeReport, Taken,
};
use domain::{Kind, Place, Refusal};
use jiff::Timestamp;
use spatial::Position;

/// The longest key, category or other short word, in characters.
const WORD_MAX_CHARS: usize = 200;

/// The calls of this noun.
pub fn routes() -> Routes {
    Routes::new()
        .call(take_report)
        .call(list_reports)
        .call(categories)
        .call(cell::show_cell)
        .call(tokens::issue_token)
        .call(tokens::list_tokens)
        .call(tokens::revoke_token)
        .and(tiles::routes())
        .and(photos::routes())
        .and(personal::routes())
}

async fn take_report(asked: Asked, mut question: TakeReport) -> Result<Taken, Refused> {
    if question.key.is_none() {
        question.key = asked.header("idempotency-key").map(str::to_owned);
    }
    question.channel.takes(sender(&asked, question.channel).await?)?;
    let (new, located) = {
        let live = asked.app.live.now();
        let (new, at) = new_report(&live, &asked.app.keeping, question, Timestamp::now())?;
        let located = answer::located(&live, at, new.accuracy_m);
        let new = NewReport {
            edition: located.edition,
            cell: located.cell.clone(),
            basis: located.basis,
            distance_m: located.distance_m,
            ..new
        };
        (new, located)
    };
    if !new.photos.is_empty() {
        let db = asked.app.db.client().await?;
        if photos::store::named(&db, &new, Timestamp::now()).await? < new.photos.len() {
            return Err(PhotoId::not_waiting().into());
        }
    }
    let at = new.at;
    match asked.app.intake.take(new).await.map_err(not_stored)? {
        Stored::New(report, sensitive) => {
            if !sensitive {
                asked.app.events.taken(report, at, located.cell.as_deref());
            }
            let code = asked.app.codes.of(report).to_string();
            Ok(Taken { report, already: false, code, located })
        }
        Stored::Already(report) => {
            let db = asked.app.db.client().await?;
            let stored = store::report(&db, report).await?.ok_or_else(|| no_report(report))?;
            let located = as_stored(&asked.app.live.now(), &stored);
            let code = asked.app.codes.of(report).to_string();
            Ok(Taken { report, already: true, code, located })
        }
    }
}

/// Who sends: the database is asked only where the channel is not open to anyone.
async fn sender(asked: &Asked, channel: Channel) -> Result<Sender, Refused> {
    if let Some(held) = asked.channel() {
        return Ok(Sender::Holder(held));
    }
    if channel.senders().lets(None) {
        return Ok(Sender::Nobody);
    }
    Ok(asked.me().await?.map_or(Sender::Nobody, |me| Sender::Person(me.role)))
}

/// Checks a question. The cell is still to be filled in.
fn new_report(
    live: &Live,
    keeping: &[Keeping],
    question: TakeReport,
    now: Timestamp,
) -> Result<(NewReport, Position), Refusal> {
    let TakeReport {
        lng,
        lat,
        datum,
        accuracy_m,
        channel,
        category,
        text,
        sensitive,
        happened_at,
        key,
        photos,
        reporter,
    } = question;
    PhotoId::check_all(&photos)?;
    let personal = Keeping::of(keeping, reporter, now)?;
    let at = answer::position(&Place { lng, lat, datum })?;
    let accuracy_m = answer::accuracy(accuracy_m)?;
    check_text("text", &text, TEXT_MAX_CHARS)?;
    for (field, word) in [("category", &category), ("key", &key)] {
        check_text(field, word.as_deref().unwrap_or_default(), WORD_MAX_CHARS)?;
    }
    let happened_at = match happened_at {
        None => now,
        Some(text) => text.parse().map_err(|_| {
            Refusal::new(
                Kind::Invalid,
                format!("时间“{text}”无法识别，请用带时区的 RFC 3339 格式，如 2026-03-01T08:30:00+08:00。"),
                format!("“{text}” is no time: write it as RFC 3339, 2026-03-01T08:30:00+08:00."),
            )
            .at("happened_at")
        })?,
    };
    let new = NewReport {
        channel,
        key,
        category,
        text,
        happened_at,
        received_at: None,
        datum,
        at,
        accuracy_m,
        edition: live.edition.id,
        cell: None,
        basis: domain::grids::Basis::Outside,
        distance_m: None,
        sensitive,
        photos,
        personal,
    };
    Ok((new, at))
}

/// Refuses text that is too long or cannot be kept.
///
/// # Errors
/// Invalid, naming the field.
pub fn check_text(field: &str, text: &str, max_chars: usize) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if chars > max_chars {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("{field} 最多 {max_chars} 个字，现有 {chars} 个，请缩短。"),
            format!("{field} may have {max_chars} characters and has {chars}: shorten it."),
        )
        .at(field));
    }
    if text.contains('\0') {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("{field} 中含有无法保存的空字符，请删除后重试。"),
            format!("{field} holds a NUL character, which cannot be kept: remove it."),
        )
        .at(field));
    }
    Ok(())
}

/// Who answers for a report stored before: as it was decided then, with the people of now.
fn as_stored(live: &Live, stored: &Report) -> Located {
    let at = Position::from_degrees(stored.lng, stored.lat).unwrap_or_default();
    let mut located = answer::located(live, at, stored.accuracy_m);
    if located.edition != stored.edition {
        let cell = stored.cell.as_deref();
        let known = cell.and_then(|code| live.cell_with_code(code));
        located = Located {
            edition: stored.edition,
            cell: stored.cell.clone(),
            name: match (known, cell) {
                (Some(known), _) => known.row.name.clone(),
                (None, Some(code)) => code.to_owned(),
                (None, None) => answer::name_of_desk(live),
            },
            parents: known.map(|known| known.parents.clone()).unwrap_or_default(),
            basis: stored.basis,
            distance_m: stored.distance_m,
            neighbour: None,
            blank_zone: None,
            contacts: known.map_or(&live.duty_desk, |known| &known.contacts).clone(),
            shares: Vec::new(),
        };
    }
    located
}

fn not_stored(error: NotStored) -> Refused {
    match error {
        NotStored::TooMany => Refusal::new(
            Kind::TooMuch,
            "当前上报过多，未能受理，请稍后重试。",
            "Too many reports are waiting and this one was not taken: try again in a moment.",
        )
        .into(),
        NotStored::Refused => anyhow::anyhow!("the database refused a checked report").into(),
        NotStored::Lost => anyhow::anyhow!("no answer from the database to a report").into(),
    }
}

async fn list_reports(asked: Asked, question: ListReports) -> Result<Vec<Report>, Refused> {
    let ListReports { cell, basis, before, limit } = question;
    let limit = page(limit, "reports")?;
    let scope = asked.me().await?.ok_or_else(refuse::nobody)?.scope();
    let cells = {
        let live = asked.app.live.now();
        let wanted = cell.map(|code| grids::codes_under_code(&live, &code)).transpose()?;
        let own = (!scope.all).then(|| grids::codes_in_scope(&live, &scope));
        both(wanted, own)
    };
    let db = asked.app.db.client().await?;
    let before = before.unwrap_or(ReportId(i64::MAX));
    let sensitive = scope.all_sensitive;
    Ok(store::reports(&**db, cells.as_deref(), basis, before, limit, sensitive).await?)
}

/// What is in both lists; `None` is the list of everything. The second is sorted.
fn both(wanted: Option<Vec<String>>, own: Option<Vec<String>>) -> Option<Vec<String>> {
    match (wanted, own) {
        (Some(mut wanted), Some(own)) => {
            wanted.retain(|code| own.binary_search(code).is_ok());
            Some(wanted)
        }
        (wanted, own) => wanted.or(own),
    }
}

async fn categories(asked: Asked, _: Categories) -> Result<Vec<Category>, Refused> {
    Ok(store::categories(&**asked.app.db.client().await?).await?)
}

/// The refusal for a report that is not there, or not for whoever asks: they learn nothing of it.
pub fn no_report(report: ReportId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有您可以查看的上报 {report}。"),
        format!("There is no report {report} that you may see."),
    )
    .at("report")
}
