//! What the reporter sees of a ticket, by the tracking code of a report: where it stands in plain
//! words, which unit has it and until when; no person, no text but the reason that is theirs.

use super::{Action, Pending, Request, State, Ticket, TicketEvent};
use crate::call::{Call, Verb, Who};
use crate::refusal::Both;
use crate::word::Word;
use crate::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

words! {
    /// What a reporter reads of where a ticket stands.
    Progress {
        Received = "received", "已收到，正在核实", "received, being verified";
        Looking = "looking", "已派人到现场核实", "somebody was sent to look";
        NotFiled = "not_filed", "不予立案", "not taken up";
        Filed = "filed", "已立案，正在安排处置单位", "taken up, being given to a unit";
        Assigned = "assigned", "已交办，等待处置单位接收", "given to a unit, which must accept it";
        Handling = "handling", "正在处置", "being handled";
        Together = "together", "上级正在协调处置", "being dealt with on a higher level";
        PutOff = "put_off", "经批准暂缓处置", "put off with approval";
        Checking = "checking", "已处置，正在核查", "handled, being inspected";
        Done = "done", "已办结", "done";
        CalledOff = "called_off", "已作废", "called off";
        Joined = "joined", "与同一问题的案件合并办理", "joined with another report of the same thing";
    }
}

impl State {
    /// What a reporter reads of this state.
    pub const fn progress(self) -> Progress {
        match self {
            Self::New | Self::Reported => Progress::Received,
            Self::Looking => Progress::Looking,
            Self::NotFiled => Progress::NotFiled,
            Self::Filed | Self::Passed | Self::Returned => Progress::Filed,
            Self::Dispatched => Progress::Assigned,
            Self::Accepted | Self::OnSite | Self::Rework => Progress::Handling,
            Self::Raised2 | Self::Raised1 | Self::Whistled | Self::Coordinated => {
                Progress::Together
            }
            Self::Suspended => Progress::PutOff,
            Self::Done | Self::Inspected => Progress::Checking,
            Self::Closed | Self::Evaluated => Progress::Done,
            Self::Void => Progress::CalledOff,
            Self::Merged => Progress::Joined,
        }
    }
}

impl Progress {
    /// What is said of a sensitive ticket: received, being handled, done, and nothing else.
    pub const fn of_sensitive(self) -> Self {
        match self {
            Self::Received => Self::Received,
            Self::NotFiled | Self::Done | Self::CalledOff => Self::Done,
            _ => Self::Handling,
        }
    }
}

/// Where a report stands, for whoever holds its code.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PublicStatus {
    /// When the report was received (RFC 3339).
    pub received_at: String,
    /// Where it stands.
    pub progress: Progress,
    /// The same in words.
    pub words: Both,
    /// The unit that has it; `None` when it is over, and of what is sensitive.
    pub unit_name: Option<String>,
    /// Until when the present step is promised (RFC 3339); `None` when it is over or put off, and
    /// of what is sensitive.
    pub due_at: Option<String>,
    /// When what was put off is looked at again (RFC 3339).
    pub review_at: Option<String>,
    /// Why it was not taken up, or not taken up again.
    pub reason: Option<String>,
    /// What there was to tell, in order.
    pub steps: Vec<PublicStep>,
    /// Whether it can be rated now.
    pub may_rate: bool,
    /// How many stars its reporter gave.
    pub stars: Option<u8>,
    /// Whether its reporter may ask to reopen it now.
    pub may_ask_reopen: bool,
    /// Whether that was asked and waits for its answer.
    pub reopening_asked: bool,
    /// How many photos came with this report; `None` of what is sensitive.
    pub photos: Option<u32>,
}

/// A step a reporter is told of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PublicStep {
    /// When (RFC 3339).
    pub at: String,
    /// Where it stood from then on.
    pub progress: Progress,
    /// The same in words.
    pub words: Both,
}

/// A ticket with its history, as [`public_status`] reads it.
#[derive(Clone, Debug)]
pub struct Told {
    /// As it stands.
    pub ticket: Ticket,
    /// What happened to it, in order.
    pub events: Vec<TicketEvent>,
}

impl Told {
    /// The number of the event that closed it last, if it ever was: what a rating is of.
    pub fn closed_by(&self) -> Option<i32> {
        let closes = |event: &&TicketEvent| event.to == State::Closed && event.from != event.to;
        self.events.iter().rev().find(closes).map(|event| event.seq)
    }

    /// Why it was not taken up, or not again: what was said to the reporter since it came to where
    /// it stands.
    fn reason(&self) -> Option<&TicketEvent> {
        let entered = self.events.iter().rposition(|event| event.from != event.to)?;
        let told = |event: &&TicketEvent| {
            matches!(event.action, Action::Refuse | Action::DenyReopen)
                && !event.note.trim().is_empty()
        };
        self.events[entered..].iter().rev().find(told)
    }
}

/// What whoever holds the code of a report reads.
///
/// `own` is the ticket the report opened and `into` the one that was merged into, if it was: then
/// its state, unit and deadline are the report's. `stars` are those its reporter gave since it was
/// last closed, `photos` how many came with it, `pending` the requests on the ticket that is worked
/// on.
pub fn public_status(
    own: &Told,
    into: Option<&Told>,
    pending: &[Pending],
    stars: Option<u8>,
    photos: u32,
) -> PublicStatus {
    let worked_on = into.unwrap_or(own);
    let Ticket { state, unit_name, due_at, review_at, .. } = &worked_on.ticket;
    let sensitive = own.ticket.sensitive || worked_on.ticket.sensitive;
    let progress = match sensitive {
        true => state.progress().of_sensitive(),
        false => state.progress(),
    };
    let reopening_asked = pending.iter().any(|pending| pending.request == Request::Reopen);
    let reopens = matches!(state, State::Closed | State::Evaluated | State::NotFiled);
    let told = !sensitive;
    let running = told && !state.is_over();
    PublicStatus {
        received_at: own.ticket.opened_at.clone(),
        progress,
        words: words(progress),
        unit_name: running.then(|| unit_name.clone()),
        due_at: due_at.clone().filter(|_| running),
        review_at: review_at.clone().filter(|_| running),
        reason: worked_on.reason().filter(|_| told).map(|event| event.note.clone()),
        steps: if told { steps(own, into) } else { Vec::new() },
        may_rate: *state == State::Closed && stars.is_none(),
        stars,
        may_ask_reopen: reopens && !reopening_asked,
        reopening_asked,
        photos: told.then_some(photos),
    }
}

fn words(progress: Progress) -> Both {
    Both::new(progress.zh(), progress.en())
}

/// The steps that changed what a reporter reads: their own ticket's up to the merging, where the
/// ticket it went into stood then, and what became of that.
fn steps(own: &Told, into: Option<&Told>) -> Vec<PublicStep> {
    let mut steps: Vec<PublicStep> = Vec::new();
    let mut tell = |at: &str, state: State| {
        let progress = state.progress();
        if steps.last().is_none_or(|last| last.progress != progress) {
            steps.push(PublicStep { at: at.to_owned(), progress, words: words(progress) });
        }
    };
    own.events.iter().for_each(|event| tell(&event.at, event.to));
    let at = |event: &TicketEvent| event.at.parse::<Timestamp>().ok();
    let merged = own.events.iter().rfind(|event| event.action == Action::Merge);
    if let Some((into, merged)) = into.zip(merged) {
        let before = into.events.partition_point(|event| at(event) <= at(merged));
        let (before, after) = into.events.split_at(before);
        before.last().into_iter().for_each(|event| tell(&merged.at, event.to));
        after.iter().for_each(|event| tell(&event.at, event.to));
    }
    steps
}

/// What a reporter thought of how it was handled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rating {
    /// The event it came with.
    pub seq: i32,
    /// One to five.
    pub stars: u8,
    /// What they said.
    pub text: String,
}

/// The longest text a reporter sends with a code, in characters.
pub const BY_CODE_MAX_CHARS: usize = 500;

/// Asks where a report stands, by its tracking code.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowStatus {
    /// The code, however it was typed.
    pub code: String,
}

impl Call for ShowStatus {
    type Answer = PublicStatus;
    const NAME: &'static str = "show_status";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/t/{code}";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Where a report stands, by its tracking code.";
}

/// Rates how a report was handled, once for each time it was closed.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateByCode {
    /// The tracking code.
    pub code: String,
    /// One (bad) to five (good).
    pub stars: u8,
    /// What is to be said; at most 500 characters.
    #[serde(default)]
    pub text: String,
}

impl Call for RateByCode {
    type Answer = PublicStatus;
    const NAME: &'static str = "rate";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/t/rate";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Rates how a report was handled, by its tracking code.";
}

/// Asks to reopen what was closed or not taken up.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskReopenByCode {
    /// The tracking code.
    pub code: String,
    /// Why; 1 to 500 characters.
    pub reason: String,
}

impl Call for AskReopenByCode {
    type Answer = PublicStatus;
    const NAME: &'static str = "ask_reopen";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/t/reopen";
    const WHO: Who = Who::Anyone;
    const ABOUT: &'static str = "Asks to reopen what became of a report, by its tracking code.";
}
