//! What an action makes of a ticket: one pure call between reading and writing.

use super::store::Standing;
use super::timing::{Marks, Timing};
use super::whistle::decide::{Part, part};
use domain::clocks::{Clock, Stage};
use domain::ids::UnitId;
use domain::reports::PhotoId;
use domain::tickets::{ActOnTicket, Action, Actor, Deadline, Owner, Rule, State};
use domain::word::Word;
use domain::{Kind, Refusal};
use jiff::Timestamp;

/// Units a rule may hand a ticket to besides the one named in the act.
#[derive(Clone, Copy, Debug)]
pub struct Units {
    /// The linkage centre.
    pub centre: UnitId,
    /// Of the ticket's level-3 cell; the centre where nobody is posted, as for the next two.
    pub cell: UnitId,
    /// Of the community over it.
    pub level_2: UnitId,
    /// Of the district over that.
    pub level_1: UnitId,
}

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Change {
    /// The state it leads to.
    pub state: State,
    /// The level that has it then.
    pub level: u8,
    /// Whose it is then.
    pub unit: UnitId,
    /// The unit that handled it so far, where that ends here.
    pub handled: Option<UnitId>,
    /// Whether it is under supervision.
    pub supervised: bool,
    /// Whether only those who must may see it.
    pub sensitive: bool,
    /// The stage and its clock; `None` when it has ended.
    pub running: Option<(Stage, Clock)>,
    /// The clock's marks; `None` while it stands still, and at the end.
    pub marks: Option<Marks>,
    /// When a suspension is looked at again.
    pub review_at: Option<Timestamp>,
    /// Whether minutes matter.
    pub urgent: bool,
    /// The clock of arriving on site.
    pub arrival: Arrival,
    /// What it means for the whistle.
    pub part: Option<Part>,
}

impl Change {
    /// Whether a year without a published calendar was needed for one of its clocks.
    pub fn provisional(&self) -> bool {
        let arriving = self.arrival.due.filter(|_| self.arrival.at.is_none());
        self.marks.into_iter().chain(arriving).any(|marks| marks.provisional)
    }
}

/// The clock of arriving on site, which runs beside the ticket's own from the moment a unit's turn
/// begins.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// The clock; `None` before the first dispatch.
    pub clock: Option<Clock>,
    /// Its marks; `None` while it stands still.
    pub due: Option<Marks>,
    /// When somebody was there.
    pub at: Option<Timestamp>,
}

/// When an act on a ticket is: now, but never before what happened to it last. A clock that was
/// set back, or that of another server which is behind, turns no order of events round and lets
/// no deadline run backwards.
pub fn instant(standing: &Standing, now: Timestamp) -> Timestamp {
    now.max(standing.last_at)
}

/// Decides what the rule makes of the ticket.
///
/// # Errors
/// Invalid, naming the field that the action needs and does not have; forbidden, for the task of
/// another unit.
pub fn decide(
    standing: &Standing,
    rule: &Rule,
    actor: Actor,
    question: &ActOnTicket,
    units: &Units,
    timing: &Timing,
    now: Timestamp,
) -> Result<Change, Refusal> {
    needs(rule, question)?;
    let review_at = match rule.clock {
        Deadline::Pause => Some(review(question, now)?),
        _ => standing.review_at.filter(|_| rule.to == State::Suspended),
    };
    let part = part(standing, actor, question, timing, now)?;
    let urgent = question.urgent.unwrap_or(standing.ticket.urgent);
    let running = match &part {
        Some(Part::Met(met)) => met.clock().map(|clock| (Stage::Handle, clock.clone())),
        _ => clock(standing, rule, question, urgent, timing, now)?,
    };
    let paused = rule.to == State::Suspended;
    let marks = match &running {
        Some((_, clock)) if !paused => Some(timing.marks(clock)?),
        _ => None,
    };
    let level = match rule.action {
        Action::RaiseTo2 => 2,
        Action::RaiseTo1 => 1,
        Action::GrantReopen | Action::Unmerge => 3,
        _ => standing.ticket.level,
    };
    Ok(Change {
        state: rule.to,
        level,
        unit: owner(standing, rule, question, units)?,
        handled: handler(standing, rule),
        supervised: standing.ticket.supervised || rule.action == Action::GrantSupervision,
        sensitive: match rule.action {
            Action::Conceal => true,
            Action::Disclose => false,
            // What goes into a sensitive ticket would give it away.
            _ => standing.ticket.sensitive || standing.into.is_some_and(|into| into.sensitive),
        },
        running,
        marks,
        review_at,
        urgent,
        arrival: arrival(standing, rule, urgent, timing, now)?,
        part,
    })
}

/// What an action cannot do without.
fn needs(rule: &Rule, question: &ActOnTicket) -> Result<(), Refusal> {
    let Rule { action, clock, .. } = *rule;
    let missing = |field: &'static str, zh: &str, en: &str| {
        let (zh_action, en_action) = (action.zh(), action.en());
        let zh = format!("“{zh_action}”须填写{zh}。");
        Err(Refusal::new(Kind::Invalid, zh, format!("To {en_action}, give {en}.")).at(field))
    };
    let reason = matches!(
        action,
        Action::Refuse
            | Action::AskReturn
            | Action::DenyReturn
            | Action::SendBack
            | Action::AskExtension
            | Action::AskSuspension
            | Action::AskVoid
            | Action::AskReopen
            | Action::DenyReopen
            | Action::Note
            | Action::Describe
            | Action::Disclose
            | Action::Unmerge
            | Action::Whistle
    );
    if reason && question.note.trim().is_empty() {
        return missing("note", "说明", "a note that says why");
    }
    if clock == Deadline::Extend && question.more.is_none_or(|more| more == 0) {
        return missing("more", "延长的时限", "how much more time");
    }
    if action == Action::Merge && question.into.is_none_or(|into| into == question.ticket) {
        return missing("into", "并入的案件编号", "the other ticket it is merged into");
    }
    photos(action, question)?;
    if question.urgent.is_some() && !matches!(action, Action::Look | Action::File) {
        return Err(Refusal::new(
            Kind::Invalid,
            "是否紧急由联动中心在派人核实或立案时确定。",
            "Whether it is urgent is said by the centre, when it sends someone to look or files.",
        )
        .at("urgent"));
    }
    Ok(())
}

/// Photos go with what they show.
fn photos(action: Action, question: &ActOnTicket) -> Result<(), Refusal> {
    if !question.photos.is_empty() && action.photos().is_none() {
        let showing = || Action::ALL.iter().filter(|action| action.photos().is_some());
        let zh: Vec<&str> = showing().map(|action| action.zh()).collect();
        let en: Vec<&str> = showing().map(|action| action.en()).collect();
        return Err(Refusal::new(
            Kind::Invalid,
            format!("“{}”不附照片；照片随“{}”提交。", action.zh(), zh.join("”“")),
            format!("To {} goes without photos; they go with: {}.", action.en(), en.join(", ")),
        )
        .at("photos"));
    }
    PhotoId::check_all(&question.photos)
}

fn review(question: &ActOnTicket, now: Timestamp) -> Result<Timestamp, Refusal> {
    let given = question.review_at.as_deref().and_then(|text| text.parse().ok());
    given.filter(|at: &Timestamp| *at > now).ok_or_else(|| {
        Refusal::new(
            Kind::Invalid,
            "挂账须有今后的复核时间，格式如 2026-03-01T08:30:00+08:00。",
            "A suspension needs a later date of review, written as 2026-03-01T08:30:00+08:00.",
        )
        .at("review_at")
    })
}

fn owner(
    standing: &Standing,
    rule: &Rule,
    question: &ActOnTicket,
    units: &Units,
) -> Result<UnitId, Refusal> {
    Ok(match rule.owner {
        Owner::Keep => standing.ticket.unit,
        Owner::Centre => units.centre,
        Owner::Cell => units.cell,
        Owner::Level2 => units.level_2,
        Owner::Level1 => units.level_1,
        Owner::Handler => standing.handled.map_or(units.cell, |(unit, _)| unit),
        Owner::Named => named(question).ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                format!("“{}”须指定责任单位。", rule.action.zh()),
                format!("To {}, name the unit it goes to.", rule.action.en()),
            )
            .at("unit")
        })?,
    })
}

/// Who is kept as its handler when a unit's turn ends: to be sent back to, and not to inspect. Of a
/// recall that is the unit it is taken from, not the centre that takes it.
fn handler(standing: &Standing, rule: &Rule) -> Option<UnitId> {
    let ends = matches!(
        rule.action,
        Action::FeedBack | Action::AskReturn | Action::Recall | Action::Visit
    );
    ends.then_some(standing.ticket.unit)
}

/// The unit the act names: of a meeting it is the lead.
fn named(question: &ActOnTicket) -> Option<UnitId> {
    match question.action {
        Action::Meet => question.meeting.as_ref().map(|meeting| meeting.lead),
        _ => question.unit,
    }
}

fn clock(
    standing: &Standing,
    rule: &Rule,
    question: &ActOnTicket,
    urgent: bool,
    timing: &Timing,
    now: Timestamp,
) -> Result<Option<(Stage, Clock)>, Refusal> {
    if let Deadline::Start(stage) = rule.clock {
        let category = standing.ticket.category.as_deref();
        return Ok(Some((stage, timing.start(stage, category, urgent, now))));
    }
    if rule.clock == Deadline::Stop {
        return Ok(None);
    }
    let running = standing.ticket.stage.zip(standing.ticket.clock.clone());
    let Some((stage, mut clock)) = running else { return Ok(None) };
    match rule.clock {
        Deadline::Extend => {
            let by = domain::clocks::Limit::new(question.more.unwrap_or(0), clock.limit.unit);
            clock.extend(by)?;
        }
        Deadline::Pause => clock.pause(now, None),
        Deadline::Resume => clock.resume(now),
        Deadline::Keep | Deadline::Start(_) | Deadline::Stop => {}
    }
    Ok(Some((stage, clock)))
}

/// The clock of arriving starts anew with every unit that has to look for itself: who it is
/// dispatched to, and who it is raised to. A return does not stop it, as it does not stop the
/// ticket's own.
fn arrival(
    standing: &Standing,
    rule: &Rule,
    urgent: bool,
    timing: &Timing,
    now: Timestamp,
) -> Result<Arrival, Refusal> {
    let Arrival { mut clock, mut at, .. } = standing.arrival.clone();
    match (rule.clock, rule.action) {
        (Deadline::Start(Stage::Verify | Stage::Dispatch), _) => (clock, at) = (None, None),
        (Deadline::Start(Stage::Raise), _)
        | (Deadline::Start(Stage::Handle), Action::Pass | Action::Dispatch) => {
            let category = standing.ticket.category.as_deref();
            (clock, at) = (Some(timing.start(Stage::Arrive, category, urgent, now)), None);
        }
        (_, Action::Arrive) => at = at.or(Some(now)),
        (Deadline::Pause, _) if at.is_none() => clock.iter_mut().for_each(|c| c.pause(now, None)),
        (Deadline::Resume, _) => clock.iter_mut().for_each(|clock| clock.resume(now)),
        _ => {}
    }
    let paused = rule.to == State::Suspended && at.is_none();
    let due = clock.as_ref().filter(|_| !paused).map(|clock| timing.marks(clock)).transpose()?;
    Ok(Arrival { clock, due, at })
}
