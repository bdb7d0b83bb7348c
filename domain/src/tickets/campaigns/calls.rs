//! What is asked of campaigns.

use super::progress::TargetsMeasured;
use super::{CampaignPlan, CellProgress, Change, Progress, StageProgress};
use crate::call::{Call, Verb, Who};
use crate::ids::{CampaignId, ChoiceId, EditionId, InspectionId, ReportId, TicketId};
use crate::people::Role;
use crate::place::Datum;
use crate::reports::READERS;
use crate::tickets::{MOVERS, State, Ticket};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who makes, changes and ends campaigns.
pub const KEEPERS: &[Role] = &[Role::ShiftLead, Role::Management];
/// The longest reason of a choice or a change, in characters.
pub const CHOICE_MAX_CHARS: usize = 1_000;
/// The longest name of a place that was looked at, in characters.
pub const PLACE_MAX_CHARS: usize = 200;

/// A campaign as it stands. It names no case and no person and is shown to all staff; its numbers
/// and its tickets are those that whoever asks may see.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Campaign {
    /// Which.
    pub id: CampaignId,
    /// The number of its last change; whoever changes it names it.
    pub seq: i32,
    /// What it is to be.
    pub plan: CampaignPlan,
    /// The name of the responsible unit.
    pub unit_name: String,
    /// When it was ended ahead of its time.
    pub ended_at: Option<Timestamp>,
}

/// Something that happened to a campaign itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CampaignEvent {
    /// Its number, from 1.
    pub seq: i32,
    /// What was done.
    pub change: Change,
    /// Who did it.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub note: String,
    /// What it was to be from then on.
    pub plan: CampaignPlan,
}

/// A campaign, how far it has come, and how it came to be what it is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ShownCampaign {
    /// As it stands.
    pub campaign: Campaign,
    /// How many level-3 cells lie under it now.
    pub cells: usize,
    /// What was counted in all of it, of what whoever asks may see. The responsible unit sees all
    /// that is not sensitive.
    pub progress: Progress,
    /// Against its targets.
    pub targets: TargetsMeasured,
    /// Stage by stage.
    pub stages: Vec<StageProgress>,
    /// What happened to it, in order.
    pub events: Vec<CampaignEvent>,
}

/// Makes a campaign. Sent twice it is made once: the second is told that the name is taken.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeCampaign {
    /// What it is to be.
    pub plan: CampaignPlan,
    /// The code of a plan of stages (`GET /api/tickets/stage-plans`) to take the stages from, where
    /// the plan names none: each lasts until its longest task is due, counted from the beginning by
    /// the working calendar, the last until the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages_of: Option<String>,
    /// What is to be said about it.
    #[serde(default)]
    pub note: String,
}

impl Call for MakeCampaign {
    type Answer = ShownCampaign;
    const NAME: &'static str = "make_campaign";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/campaigns";
    const WHO: Who = Who::Roles(KEEPERS);
    const ABOUT: &'static str = "Makes a campaign over cells and categories, for a time.";
}

/// Changes what a campaign is to be. Of two who change the same state one wins.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCampaign {
    /// Which.
    pub campaign: CampaignId,
    /// The number of the last change that was seen.
    pub seq: i32,
    /// What it is to be.
    pub plan: CampaignPlan,
    /// Why.
    pub note: String,
}

impl Call for ChangeCampaign {
    type Answer = ShownCampaign;
    const NAME: &'static str = "change_campaign";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/campaigns/change";
    const WHO: Who = Who::Roles(KEEPERS);
    const ABOUT: &'static str = "Changes what a campaign is to be; what it was stays on record.";
}

/// Ends a campaign ahead of its time: what is opened later does not belong to it.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCampaign {
    /// Which.
    pub campaign: CampaignId,
    /// The number of the last change that was seen.
    pub seq: i32,
    /// Why.
    pub note: String,
}

impl Call for EndCampaign {
    type Answer = ShownCampaign;
    const NAME: &'static str = "end_campaign";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/campaigns/end";
    const WHO: Who = Who::Roles(KEEPERS);
    const ABOUT: &'static str = "Ends a campaign ahead of its time.";
}

/// Lists campaigns, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCampaigns {
    /// Only those whose span holds this moment.
    #[serde(default)]
    pub running: bool,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<CampaignId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListCampaigns {
    type Answer = Vec<Campaign>;
    const NAME: &'static str = "list_campaigns";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/campaigns";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "Campaigns, newest first: all, or those that run.";
}

/// Asks for one campaign.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCampaign {
    /// Which.
    pub campaign: CampaignId,
}

impl Call for ShowCampaign {
    type Answer = ShownCampaign;
    const NAME: &'static str = "show_campaign";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/campaigns/{campaign}";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "A campaign with its progress by stage, and its history.";
}

/// Lists the level-3 cells under a campaign that whoever asks may see, by code, with their counts.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCampaignCells {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Only those with a larger code: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListCampaignCells {
    type Answer = Vec<CellProgress>;
    const NAME: &'static str = "list_campaign_cells";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/campaigns/{campaign}/cells";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "A campaign's progress cell by cell, by code.";
}

/// Lists the tickets of a campaign that whoever asks may see, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCampaignTickets {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Only those under this cell, of any level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Only those whose deadline has passed.
    #[serde(default)]
    pub overdue: bool,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<TicketId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl ListCampaignTickets {
    /// All tickets of a campaign.
    pub fn of(campaign: CampaignId) -> Self {
        Self { campaign, state: None, cell: None, overdue: false, before: None, limit: None }
    }
}

impl Call for ListCampaignTickets {
    type Answer = Vec<Ticket>;
    const NAME: &'static str = "list_campaign_tickets";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/campaigns/{campaign}/tickets";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "The tickets of a campaign, newest first, by state and cell.";
}

/// Says of a ticket that it belongs to a campaign, or does not, whatever the rule says. The last
/// word counts, the earlier ones stay on record.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseTicket {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Which ticket.
    pub ticket: TicketId,
    /// Whether it belongs to it.
    pub belongs: bool,
    /// Why.
    pub why: String,
}

impl Call for ChooseTicket {
    type Answer = Choice;
    const NAME: &'static str = "choose_ticket";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/campaigns/choose";
    const WHO: Who = Who::Roles(MOVERS);
    const ABOUT: &'static str = "Puts a ticket into a campaign by hand, or takes it out.";
}

/// A choice by hand.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Choice {
    /// Its number.
    pub id: ChoiceId,
    /// Which ticket.
    pub ticket: TicketId,
    /// Whether it belongs.
    pub belongs: bool,
    /// Who chose.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}

/// Lists the choices by hand, newest first, on tickets that whoever asks may see.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChoices {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ChoiceId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListChoices {
    type Answer = Vec<Choice>;
    const NAME: &'static str = "list_choices";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/campaigns/{campaign}/choices";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "Tickets put in and taken out by hand: by whom, when and why.";
}

/// What was not in order at a place that was looked at; it opens a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The category of the report.
    pub category: String,
    /// Its text.
    pub text: String,
    /// Whether only those who must may see it.
    #[serde(default)]
    pub sensitive: bool,
}

/// Records that a place under a campaign was looked at: in order, or not. The same key is recorded
/// once and answered alike.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inspect {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Longitude in degrees.
    pub lng: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The datum of both.
    #[serde(default)]
    pub datum: Datum,
    /// What place it is, by name or number. No names of people.
    pub what: String,
    /// What was not in order; left out if all was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// The sender's own key.
    pub key: String,
}

impl Call for Inspect {
    type Answer = Inspected;
    const NAME: &'static str = "inspect";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/campaigns/inspect";
    const WHO: Who = Who::Roles(MOVERS);
    const ABOUT: &'static str =
        "Records a place looked at for a campaign; what is not in order opens a report.";
}

/// The answer to an inspection.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Inspected {
    /// Its number.
    pub inspection: InspectionId,
    /// Whether the same key was recorded before.
    pub already: bool,
    /// The report it opened, which belongs to the campaign whatever its category.
    pub report: Option<ReportId>,
}

/// A place that was looked at.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Inspection {
    /// Its number.
    pub id: InspectionId,
    /// What place it is.
    pub what: String,
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// The edition its cell was found by.
    pub edition: EditionId,
    /// The level-3 cell.
    pub cell: String,
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub name: String,
    /// Of which unit.
    pub unit_name: String,
    /// What was not in order; `None`: all was.
    pub report: Option<ReportId>,
}

/// Lists the places looked at, newest first, in the cells that whoever asks may see or by their
/// unit. What led to a sensitive ticket is for those who see that.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListInspections {
    /// Which campaign.
    pub campaign: CampaignId,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<InspectionId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListInspections {
    type Answer = Vec<Inspection>;
    const NAME: &'static str = "list_inspections";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/campaigns/{campaign}/inspections";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "Places looked at for a campaign, newest first.";
}
