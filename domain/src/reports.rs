//! Reports: one thing one person or channel told us, at a place.

mod channel;
mod code;
mod personal;
mod photos;
mod tokens;

pub use channel::{Channel, SENDERS, Sender};
pub use code::{Code, NoCode};
pub use personal::{
    CALLERS_BACK, KEEPING, Keeping, ListReporterViews, Personal, PersonalField, REASON_MAX_CHARS,
    Reporter, ReporterView, ShowReporter, ShownReporter,
};
pub use photos::{
    PHOTO, PHOTO_EDGE, PHOTO_FAR_M, PHOTO_MAX_BYTES, PHOTO_MAX_PIXELS, PHOTO_WAITS_HOURS,
    PHOTOS_MAX, Photo, PhotoId, PhotoMoment, SEND_PHOTO, SMALL_PHOTO, SMALL_PHOTO_EDGE, SentPhoto,
    is_far,
};
pub use tokens::{IssueToken, IssuedToken, ListTokens, RevokeToken, TOKEN_NAME_MAX_CHARS, Token};

use crate::call::{Call, Verb, Who};
use crate::grids::{Basis, Located};
use crate::ids::{EditionId, ReportId};
use crate::people::Role;
use crate::place::Datum;
use crate::refusal::Both;
use serde::{Deserialize, Serialize};

/// A category of reports.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Category {
    /// Its code: two digits of the large category, then the small one.
    pub code: String,
    /// Its name.
    pub name: Both,
    /// Whether its reports are about people in need or danger: then only who must sees them.
    #[serde(default)]
    pub sensitive: bool,
}

/// Lists the categories, by code.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Categories {}

impl Call for Categories {
    type Answer = Vec<Category>;
    const NAME: &'static str = "categories";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/categories";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Every category of reports, by code.";
}

/// The most characters a report's text may have.
pub const TEXT_MAX_CHARS: usize = 4_000;

/// A report as stored, with the cell it was given in the act of saving.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Report {
    /// Which.
    pub id: ReportId,
    /// The channel.
    pub channel: Channel,
    /// Category code, where one is known.
    pub category: Option<String>,
    /// What was said.
    pub text: String,
    /// When it was seen or told (RFC 3339).
    pub happened_at: String,
    /// When we took it in (RFC 3339).
    pub received_at: String,
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// GPS accuracy radius in metres.
    pub accuracy_m: Option<f64>,
    /// The edition it was assigned by.
    pub edition: EditionId,
    /// The cell's code; `None` only when none was drawn yet.
    pub cell: Option<String>,
    /// Why that cell.
    pub basis: Basis,
    /// Metres to the cell's border.
    pub distance_m: Option<f64>,
    /// Whether only those who must may see it.
    pub sensitive: bool,
}

/// The answer to a report: its number, who answers for it and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Taken {
    /// The report's number.
    pub report: ReportId,
    /// Whether the same key had been taken before (then this is the same report).
    pub already: bool,
    /// The tracking code, by which its reporter follows it; the same for a repeated key.
    pub code: String,
    /// Who answers for it.
    pub located: Located,
}

/// Takes a report in. When the answer arrives the report is committed.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeReport {
    /// Longitude in degrees.
    pub lng: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// The datum of both.
    #[serde(default)]
    pub datum: Datum,
    /// GPS accuracy radius in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// The channel.
    pub channel: Channel,
    /// Category code, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What was said; at most 4,000 characters.
    #[serde(default)]
    pub text: String,
    /// Whether only those who must may see it; reports of a sensitive category are so anyway.
    #[serde(default)]
    pub sensitive: bool,
    /// When it was seen or told (RFC 3339); now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<String>,
    /// The sender's own key for this report: the same key is stored once and answered alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Photos that show it, sent before, by their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoId>,
    /// Who reports, to be called back: kept apart and for a time, shown to nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Reporter>,
}

impl TakeReport {
    /// A report of nothing but a place, in degrees of the usual datum.
    pub fn new(channel: Channel, lng: f64, lat: f64) -> Self {
        Self {
            lng,
            lat,
            datum: Datum::default(),
            accuracy_m: None,
            channel,
            category: None,
            text: String::new(),
            sensitive: false,
            happened_at: None,
            key: None,
            photos: Vec::new(),
            reporter: None,
        }
    }
}

impl Call for TakeReport {
    type Answer = Taken;
    const NAME: &'static str = "take_report";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/reports";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Takes a report in, assigns its cell and commits it before \
        answering. Channels other than the public one want a person signed in or a token \
        (Authorization: Bearer).";
}

/// Roles that may read reports.
pub const READERS: &[Role] = &[
    Role::Dispatcher,
    Role::ShiftLead,
    Role::SubCentre,
    Role::Planner,
    Role::Leader,
    Role::Member,
    Role::Adviser,
    Role::Official,
    Role::Inspector,
    Role::Management,
];

/// Asks for one report.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReport {
    /// Which.
    pub report: ReportId,
}

impl Call for ShowReport {
    type Answer = Report;
    const NAME: &'static str = "show_report";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/reports/{report}";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "One report, to whoever may see its ticket.";
}

/// Lists reports, newest first: of the cells that whoever asks may see. Sensitive ones stand in the
/// centre's list only; the unit that answers for one reads it in its ticket.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListReports {
    /// Only those of this cell, on any level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Only those with this basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ReportId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListReports {
    type Answer = Vec<Report>;
    const NAME: &'static str = "list_reports";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/reports";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "Reports, newest first, by cell and basis.";
}

/// Vector tiles (Mapbox Vector Tile) of all reports that are not sensitive, without their texts.
///
/// From zoom [`REPORT_POINTS_FROM_ZOOM`] on the layer `reports` (points: `id`, `category`, `basis`,
/// `cell`); below it `report_counts` (points: `count`), gathered on a grid of the tile.
pub const REPORT_TILES: &str = "/tiles/reports/{z}/{x}/{y}";

/// The zoom from which [`REPORT_TILES`] show single reports.
pub const REPORT_POINTS_FROM_ZOOM: u8 = 14;

/// Server-sent events: `reports` with a [`NewReports`] at most once a second, `edition` with the
/// number of an edition that was published; whoever is signed in also gets notices of tickets, each
/// with its number as the event's `id`. A browser that was cut off says the last one it has in
/// `Last-Event-ID` and gets everything since. The stream ends when the session does.
pub const EVENTS: &str = "/api/events";

/// Reports taken in since the last such event; sensitive ones are not told of.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NewReports {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub reports: Vec<NewReportAt>,
}

/// Where a new report is; no text.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NewReportAt {
    /// Which.
    pub report: ReportId,
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// The cell's code; `None` only when none was drawn yet.
    pub cell: Option<String>,
}
