//! What is asked of households and visits.

use super::{CARERS, CareKind, EndReason, HouseholdChange, Schedule, VisitResult};
use crate::call::{Call, Verb, Who};
use crate::ids::{HouseholdId, ReportId, TicketId, UnitId};
use crate::place::{Datum, Place};
use crate::tickets::State;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who they are and how to reach them: kept apart from the rest, shown with one household only,
/// and forgotten a year after the care has ended.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: String,
    /// Building, door and floor.
    #[serde(default)]
    pub address: String,
    /// What a visitor should know.
    #[serde(default)]
    pub remarks: String,
}

/// A household as lists show it: without [`Details`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Household {
    /// Which.
    pub id: HouseholdId,
    /// The number of its last change; whoever changes it names it.
    pub seq: i32,
    /// Why it is cared for.
    pub kind: CareKind,
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// The level-3 cell it lies in now.
    pub cell: String,
    /// The unit that visits it.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// When visits are made.
    pub schedule: Schedule,
    /// The next date a visit falls due; `None`: none will.
    pub next_on: Option<Date>,
    /// When the care ended.
    pub ended_at: Option<Timestamp>,
    /// Why.
    pub end_reason: Option<EndReason>,
}

/// Something that happened to a household in our records.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HouseholdEvent {
    /// Its number, from 1.
    pub seq: i32,
    /// What was done.
    pub change: HouseholdChange,
    /// Who did it; `None`: the service itself.
    pub name: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The cell from then on.
    pub cell: String,
    /// What was said.
    pub note: String,
}

/// A household with everything about it but its visits, which have a list of their own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ShownHousehold {
    /// As it stands.
    pub household: Household,
    /// Who they are; `None`: forgotten.
    pub details: Option<Details>,
    /// What happened to it, in order.
    pub events: Vec<HouseholdEvent>,
}

/// Takes a household under care.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddHousehold {
    /// Why it is cared for.
    pub kind: CareKind,
    /// Longitude in degrees.
    pub lng: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The datum of both.
    #[serde(default)]
    pub datum: Datum,
    /// When visits are made. What lies in the past is not made up for.
    pub schedule: Schedule,
    /// Who they are.
    #[serde(default)]
    pub details: Details,
    /// The sender's own key: the same household sent twice is taken once.
    pub key: String,
}

impl Call for AddHousehold {
    type Answer = ShownHousehold;
    const NAME: &'static str = "add_household";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/households";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "Takes a household under care, to be visited on a schedule.";
}

/// Changes a household: what is left out stays. Of two who change the same state one wins.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeHousehold {
    /// Which.
    pub household: HouseholdId,
    /// The number of the last change that was seen.
    pub seq: i32,
    /// Why it is cared for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CareKind>,
    /// Where it has moved to, within the jurisdiction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// When visits are made from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// What is to be said about it. No names: the history outlives them.
    #[serde(default)]
    pub note: String,
}

impl ChangeHousehold {
    /// Nothing of a household that was seen.
    pub fn new(household: HouseholdId, seq: i32) -> Self {
        let note = String::new();
        Self { household, seq, kind: None, place: None, schedule: None, details: None, note }
    }
}

impl Call for ChangeHousehold {
    type Answer = ShownHousehold;
    const NAME: &'static str = "change_household";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/households/change";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "Changes kind, place, schedule or details of a household.";
}

/// Ends the care: no further visit falls due, and those still open are closed.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCare {
    /// Which.
    pub household: HouseholdId,
    /// The number of the last change that was seen.
    pub seq: i32,
    /// Why.
    pub reason: EndReason,
    /// What is to be said about it. No names: the history outlives them.
    #[serde(default)]
    pub note: String,
}

impl Call for EndCare {
    type Answer = ShownHousehold;
    const NAME: &'static str = "end_care";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/households/end";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "Ends the care for a household; its history stays.";
}

/// Lists households by number, without names: of the unit of whoever asks; the desk sees all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListHouseholds {
    /// Only those under this cell, of any level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Only those of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CareKind>,
    /// Those whose care has ended, too.
    #[serde(default)]
    pub ended: bool,
    /// Only those with a larger number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<HouseholdId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListHouseholds {
    type Answer = Vec<Household>;
    const NAME: &'static str = "list_households";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/households";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "Households under care, without names, to the unit that visits.";
}

/// Asks for one household.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHousehold {
    /// Which.
    pub household: HouseholdId,
}

impl Call for ShowHousehold {
    type Answer = ShownHousehold;
    const NAME: &'static str = "show_household";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/households/{household}";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "A household with names and history, to whoever visits it.";
}

/// Somebody's try to make a visit.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Try {
    /// What came of it.
    pub result: VisitResult,
    /// Who went.
    pub name: String,
    /// When they said so.
    pub at: Timestamp,
    /// What they said.
    pub note: String,
    /// The report of what is needed.
    pub report: Option<ReportId>,
}

/// A visit that fell due.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Visit {
    /// The household.
    pub household: HouseholdId,
    /// The date it fell due.
    pub due_on: Date,
    /// Its ticket; `None`: it was skipped.
    pub ticket: Option<TicketId>,
    /// What became of it; `None`: it is still to be made.
    pub result: Option<VisitResult>,
    /// When that was.
    pub result_at: Option<Timestamp>,
    /// The tries, in order.
    pub tries: Vec<Try>,
}

/// Lists the visits to a household, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListVisits {
    /// Which household.
    pub household: HouseholdId,
    /// Only those due before this date: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListVisits {
    type Answer = Vec<Visit>;
    const NAME: &'static str = "list_visits";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/households/{household}/visits";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "The visits to a household, newest first, with what came of them.";
}

/// A visit that is to be made.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DueVisit {
    /// The household, without names.
    pub household: Household,
    /// The date it fell due.
    pub due_on: Date,
    /// Its ticket.
    pub ticket: TicketId,
    /// Where that stands.
    pub state: State,
    /// The level that has it: below 3 it is overdue and went up.
    pub level: u8,
    /// Until when it is to be made, or decided on where it went up; when it is put off, when that
    /// is looked at again.
    pub due_at: Timestamp,
    /// How often nobody was at home.
    pub tries: i64,
}

/// Lists the visits that the unit of whoever asks is to make, what is due first at the top. The
/// desk sees all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDueVisits {
    /// Only those after the ticket with this number that is due at `after_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<TicketId>,
    /// When the last one of the page before is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_at: Option<Timestamp>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListDueVisits {
    type Answer = Vec<DueVisit>;
    const NAME: &'static str = "list_due_visits";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/visits/due";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "Care visits to be made, what is due first at the top.";
}

/// What help is needed; it opens a report, which is sensitive.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// The category of the report; a request for help, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Its text.
    pub text: String,
}

/// Records what came of a visit. The same key is recorded once and answered alike.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordVisit {
    /// The household.
    pub household: HouseholdId,
    /// The date the visit fell due.
    pub due_on: Date,
    /// What came of it: `met`, `needs_help` or `not_home`.
    pub result: VisitResult,
    /// What is to be said about it.
    #[serde(default)]
    pub note: String,
    /// What is needed, with `needs_help`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Help>,
    /// The sender's own key.
    pub key: String,
}

impl Call for RecordVisit {
    type Answer = Visit;
    const NAME: &'static str = "record_visit";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/visits/record";
    const WHO: Who = Who::Roles(CARERS);
    const ABOUT: &'static str = "Records a care visit; who needs help has a report opened.";
}
