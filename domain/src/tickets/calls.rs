//! What is asked of tickets: one of them, many of them, and a step.

use super::chronic::Chronic;
use super::{Action, Meeting, Offer, Pending, Rating, State, Whistle};
use crate::call::{Call, Verb, Who};
use crate::clocks::{Clock, Stage};
use crate::ids::{EditionId, PersonId, ReportId, TicketId, UnitId};
use crate::people::Role;
use crate::reports::{Photo, PhotoId, READERS, Report};
use crate::words;
use serde::{Deserialize, Serialize};

/// A ticket as it stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Ticket {
    /// Which.
    pub id: TicketId,
    /// Where it stands.
    pub state: State,
    /// The number of its last event; whoever acts names it, so that nobody acts on a past state.
    pub seq: i32,
    /// The level that has it: 3, and 2 or 1 after it was raised.
    pub level: u8,
    /// The responsible unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Category code, where one is known.
    pub category: Option<String>,
    /// Whether minutes matter.
    pub urgent: bool,
    /// Whether only those who need to may see it.
    pub sensitive: bool,
    /// Whether it is under supervision (督办).
    pub supervised: bool,
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// The edition its cell was found by.
    pub edition: EditionId,
    /// The level-3 cell's code; `None` only when none was drawn yet.
    pub cell: Option<String>,
    /// When it was opened (RFC 3339).
    pub opened_at: String,
    /// When it ended (RFC 3339).
    pub ended_at: Option<String>,
    /// What the deadline is for; `None` when it has ended.
    pub stage: Option<Stage>,
    /// The running clock, with the limit it was given.
    pub clock: Option<Clock>,
    /// From when it is due soon (80 % of the limit, RFC 3339); `None` while suspended.
    pub warn_at: Option<String>,
    /// When it is due.
    pub due_at: Option<String>,
    /// From when it is long overdue (300 %).
    pub long_at: Option<String>,
    /// Whether the deadline was made without a published calendar for all of its days.
    pub provisional: bool,
    /// Until when somebody must be on site; `None` before it is dispatched, and while suspended.
    pub arrive_due_at: Option<String>,
    /// When somebody was.
    pub arrived_at: Option<String>,
    /// When a suspended ticket is looked at again.
    pub review_at: Option<String>,
    /// The ticket it was merged into.
    pub merged_into: Option<TicketId>,
}

/// Something that happened to a ticket.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TicketEvent {
    /// Its number, from 1.
    pub seq: i32,
    /// The state before.
    pub from: State,
    /// What was done.
    pub action: Action,
    /// The state after.
    pub to: State,
    /// Who did it; `None`: the reporter or the service itself.
    pub person: Option<PersonId>,
    /// Their name.
    pub name: Option<String>,
    /// The responsible unit from then on.
    pub unit_name: String,
    /// When (RFC 3339).
    pub at: String,
    /// What was said.
    pub note: String,
    /// The other ticket, of a merging and of taking apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<TicketId>,
}

/// A ticket with everything about it, and the buttons for whoever asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ShownTicket {
    /// As it stands.
    pub ticket: Ticket,
    /// What happened, in order.
    pub events: Vec<TicketEvent>,
    /// Its reports, oldest first.
    pub reports: Vec<Report>,
    /// Photos of its reports and of its steps, in the order they were sent.
    pub photos: Vec<Photo>,
    /// Its whistles, the last one last.
    pub whistles: Vec<Whistle>,
    /// Requests that wait for their answer.
    pub pending: Vec<Pending>,
    /// What its reporters thought of it, oldest first.
    pub ratings: Vec<Rating>,
    /// That it is one more of a chronic place, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chronic: Option<Chronic>,
    /// What the one who asked may do, and why something must wait.
    pub offers: Vec<Offer>,
}

/// Asks for one ticket.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTicket {
    /// Which.
    pub ticket: TicketId,
}

impl Call for ShowTicket {
    type Answer = ShownTicket;
    const NAME: &'static str = "show_ticket";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/{ticket}";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "A ticket with its events, its reports and what may be done.";
}

words! {
    /// What a list begins with.
    Order {
        Newest = "newest", "最新的在前", "the newest first";
        DueFirst = "due_first", "先到期的在前", "what is due first";
    }
}

/// Lists tickets. Everybody sees those of their cells and their unit; the centre,
/// management and inspectors see all; sensitive ones only who needs to.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTickets {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Only those under this cell, of any level, as the cells were when they were opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Only those of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Only those this unit is responsible for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Only those whose deadline has passed.
    #[serde(default)]
    pub overdue: bool,
    /// The newest first if left out. Of those that are over nothing is due: they are not among
    /// what is due first. A suspended one is due when it is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// The newest first: only those with a smaller number than the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<TicketId>,
    /// What is due first: only those after the last one of the page before, by its number here
    /// and by `due_at` (`review_at` if suspended) in `after_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<TicketId>,
    /// See `after`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_at: Option<String>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListTickets {
    type Answer = Vec<Ticket>;
    const NAME: &'static str = "list_tickets";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str =
        "Tickets, newest or due first, by state, cell, category, unit, overdue.";
}

/// Roles that move tickets, each where the rules let them.
pub const MOVERS: &[Role] = &[
    Role::Dispatcher,
    Role::ShiftLead,
    Role::SubCentre,
    Role::Leader,
    Role::Member,
    Role::Adviser,
    Role::Official,
    Role::Inspector,
    Role::Management,
];

/// Takes a step with a ticket. Of two who act on the same state one wins, the other is told the
/// present one.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActOnTicket {
    /// Which.
    pub ticket: TicketId,
    /// The number of the last event that was seen.
    pub seq: i32,
    /// What to do.
    pub action: Action,
    /// What is to be said about it; reasons are required where the reporter reads them.
    #[serde(default)]
    pub note: String,
    /// The unit it goes to, where the action names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// How much more time, in the clock's own unit, where it is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u32>,
    /// When a suspension is looked at again (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<String>,
    /// The ticket it is merged into: one that is open and not merged itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<TicketId>,
    /// Whether minutes matter from now on; said by the centre when it verifies or files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<bool>,
    /// The units a whistle calls; the note says why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call: Vec<UnitId>,
    /// What a meeting settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Meeting>,
    /// The number of the task that is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<i16>,
    /// Photos that show what was found or done, sent before, by their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoId>,
    /// The sender's own key: the same action sent twice acts once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl ActOnTicket {
    /// An action on a ticket as it was seen, and nothing else said.
    pub fn new(ticket: TicketId, seq: i32, action: Action) -> Self {
        Self {
            ticket,
            seq,
            action,
            note: String::new(),
            unit: None,
            more: None,
            review_at: None,
            into: None,
            urgent: None,
            call: Vec::new(),
            meeting: None,
            task: None,
            photos: Vec::new(),
            key: None,
        }
    }
}

impl Call for ActOnTicket {
    type Answer = ShownTicket;
    const NAME: &'static str = "act_on_ticket";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/tickets/act";
    const WHO: Who = Who::Roles(MOVERS);
    const ABOUT: &'static str = "Takes a step with a ticket, by the table of rules.";
}

/// A report's ticket, by the number of the report.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketOfReport {
    /// The report.
    pub report: ReportId,
}

impl Call for TicketOfReport {
    type Answer = Option<TicketId>;
    const NAME: &'static str = "ticket_of_report";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/reports/{report}/ticket";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "The ticket a report belongs to; null for imported history.";
}
