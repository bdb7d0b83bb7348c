//! What is decided about households and visits between reading and writing.

use crate::grids::answer;
use crate::grids::live::Live;
use crate::reports::check_text;
use crate::reports::store::NewReport;
use domain::grids::{Basis, Located};
use domain::ids::{HouseholdId, UnitId};
use domain::people::Scope;
use domain::reports::Channel;
use domain::tickets::care::{
    Details, Household, NOTE_MAX_CHARS, Schedule, VISIT_CATEGORY, WORD_MAX_CHARS,
};
use domain::word::Word;
use domain::{Datum, Kind, Place, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use spatial::Position;

/// Where a household is.
#[derive(Clone, Debug)]
pub struct Home {
    /// The place.
    pub at: Position,
    /// Who answers for it, and by which edition.
    pub located: Located,
    /// The level-3 cell.
    pub cell: String,
}

/// Finds the cell that answers for a household: outside the jurisdiction the nearest one. `None`
/// only while none is drawn.
///
/// # Errors
/// Invalid: no such place.
pub fn found(live: &Live, place: &Place) -> Result<Option<Home>, Refusal> {
    let at = answer::position(place)?;
    let located = answer::located(live, at, None);
    Ok(located.cell.clone().map(|cell| Home { at, located, cell }))
}

/// The same for a household that is to be taken under care or has moved.
///
/// # Errors
/// Invalid: no such place, or outside the jurisdiction, where nobody could be sent.
pub fn home(live: &Live, place: &Place) -> Result<Home, Refusal> {
    let inside = |home: &Home| home.located.basis != Basis::Outside;
    found(live, place)?.filter(inside).ok_or_else(|| {
        Refusal::new(
            Kind::Invalid,
            "该地点在辖区之外，不能安排探访；若住户已迁出辖区，请终止关爱。",
            "The place is outside the jurisdiction: nobody can be sent. End the care if they have \
             moved away.",
        )
        .at("lng")
    })
}

/// Whether somebody cares for households that this unit visits.
///
/// # Errors
/// Forbidden.
pub fn may_care(scope: &Scope, unit: UnitId) -> Result<(), Refusal> {
    match scope.all_sensitive || scope.sensitive_of == Some(unit) {
        true => Ok(()),
        false => Err(Refusal::new(
            Kind::Forbidden,
            "该地点由其他单位的网格负责，请联系联动中心登记。",
            "Another unit's cell answers for that place: ask the linkage centre to add it.",
        )),
    }
}

/// Checks who lives there.
///
/// # Errors
/// Invalid, naming the field.
pub fn check_details(details: &Details) -> Result<(), Refusal> {
    let Details { name, phone, address, remarks } = details;
    check_text("details.name", name, WORD_MAX_CHARS)?;
    check_text("details.phone", phone, WORD_MAX_CHARS)?;
    check_text("details.address", address, WORD_MAX_CHARS)?;
    check_text("details.remarks", remarks, NOTE_MAX_CHARS)
}

/// Checks a key that must be there.
///
/// # Errors
/// Invalid.
pub fn check_key(key: &str) -> Result<(), Refusal> {
    check_text("key", key, WORD_MAX_CHARS)?;
    match key.trim().is_empty() {
        false => Ok(()),
        true => Err(Refusal::new(
            Kind::Invalid,
            "请附上本次提交的编号（key），重复提交时据此识别。",
            "Send a key of your own along: by it the same thing sent twice is known.",
        )
        .at("key")),
    }
}

/// The next visit by a schedule that holds from today on: today at the earliest, and after the last
/// one that fell due.
pub fn next_visit(
    schedule: &Schedule,
    today: Date,
    last: Option<Date>,
    works: impl Fn(Date) -> bool,
) -> Option<Date> {
    let yesterday = today.yesterday().unwrap_or(today);
    schedule.next_after(last.map_or(yesterday, |last| last.max(yesterday)), works)
}

/// The report that opens the ticket of a visit. It names nobody.
pub fn visit_report(household: &Household, home: &Home, due_on: Date, now: Timestamp) -> NewReport {
    let Household { id, kind, .. } = household;
    let text = format!(
        "关爱探访：{}（{id} 号户，{due_on}）/ Care visit: {} (household {id}, {due_on})",
        kind.zh(),
        kind.en()
    );
    sensitive_report(home, VISIT_CATEGORY.to_owned(), text, now)
}

/// A report about somebody under care.
pub fn sensitive_report(home: &Home, category: String, text: String, now: Timestamp) -> NewReport {
    NewReport {
        channel: Channel::Care,
        key: None,
        category: Some(category),
        text,
        happened_at: now,
        received_at: None,
        datum: Datum::Cgcs2000,
        at: home.at,
        accuracy_m: None,
        edition: home.located.edition,
        cell: Some(home.cell.clone()),
        basis: home.located.basis,
        distance_m: home.located.distance_m,
        sensitive: true,
        photos: Vec::new(),
        personal: Vec::new(),
    }
}

/// The place of a household as it is kept.
pub fn place(household: &Household) -> Place {
    Place { lng: household.lng, lat: household.lat, datum: Datum::Cgcs2000 }
}

/// The refusal of a household that is not there, or not for whoever asks: they learn nothing.
pub fn no_household(household: HouseholdId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有您可以查看的关爱对象 {household}。"),
        format!("There is no household {household} that you may see."),
    )
    .at("household")
}

/// The refusal of whoever saw another state.
pub fn moved(present: &Household) -> Refusal {
    let seq = present.seq;
    let (zh, en) = match present.ended_at {
        Some(_) => (
            "对该户的关爱已经终止，不能再改；如需恢复，请重新登记。".to_owned(),
            "The care for this household has ended: add it again to go on.".to_owned(),
        ),
        None => (
            format!("该户信息已被他人更改（现为第 {seq} 次）。请刷新后再操作。"),
            format!("Somebody else changed this household (change {seq} now). Look again first."),
        ),
    };
    Refusal::new(Kind::Moved, zh, en).at("seq")
}

/// The refusal of a key that somebody else used.
pub fn key_taken() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "这个编号已被他人使用，请换一个。",
        "Somebody else used this key: take another one.",
    )
    .at("key")
}
