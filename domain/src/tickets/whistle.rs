//! Whistle and check-in: the units called, the meeting with its one lead, and the staged tasks.
//!
//! A whistle names the units that one level needs and why. Each must check in by a deadline, is
//! reminded, and reported when it does not. The meeting names exactly one lead and the
//! co-handlers, and gives each its tasks, by stages; whoever was called cannot escape a task by
//! staying away. The lead feeds back when every task is done.

use crate::call::{Call, Verb, Who};
use crate::clocks::{Clock, Limit};
use crate::ids::UnitId;
use crate::refusal::{Both, Kind, Refusal};
use crate::reports::{PhotoId, READERS};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most units one whistle may call.
pub const CALLED_MAX: usize = 50;
/// The longest minutes of a meeting, in characters.
pub const MINUTES_MAX_CHARS: usize = 20_000;
/// The longest name of a stage, in characters.
pub const STAGE_MAX_CHARS: usize = 100;
/// The longest description of a task, in characters.
pub const TASK_MAX_CHARS: usize = 2_000;
/// The most tasks one meeting may give.
pub const TASKS_MAX: usize = 100;

/// A whistle, with what came of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Whistle {
    /// The number of its event; what was said there is the reason.
    pub seq: i32,
    /// From when on those who are not there are reminded (80 % of the time to check in).
    pub warn_at: Timestamp,
    /// Until when each must check in.
    pub due_at: Timestamp,
    /// Whether that was made without a published calendar for all of its days.
    pub provisional: bool,
    /// Who was called. The unit that blew the whistle is among them and there from the start.
    pub called: Vec<CalledUnit>,
    /// The meeting, once it was held.
    pub meeting: Option<HeldMeeting>,
}

/// A unit that a whistle called.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CalledUnit {
    /// Which.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// When it checked in.
    pub checked_in_at: Option<Timestamp>,
    /// Who did it; `None` for the unit that blew the whistle.
    pub checked_in_by: Option<String>,
    /// When it was last reminded.
    pub reminded_at: Option<Timestamp>,
    /// When it was reported absent. It may still check in, late.
    pub absent_at: Option<Timestamp>,
    /// Whether the meeting made it the lead or a co-handler.
    pub shares: bool,
}

/// A meeting that was held.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HeldMeeting {
    /// The number of its event.
    pub seq: i32,
    /// When (RFC 3339).
    pub at: Timestamp,
    /// What was said and settled.
    pub minutes: String,
    /// The one lead (牵头).
    pub lead: UnitId,
    /// Its tasks, in the order of the stages.
    pub tasks: Vec<Task>,
}

/// One unit's share of a ticket (处置任务).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Task {
    /// Its number in the meeting, from 1.
    pub number: i16,
    /// The stage, from 1.
    pub stage: i16,
    /// What the stage is called.
    pub stage_name: String,
    /// Whose it is.
    pub unit: UnitId,
    /// Their name.
    pub unit_name: String,
    /// What is to be done.
    pub what: String,
    /// Its own clock, which runs from the meeting.
    pub clock: Clock,
    /// From when it is due soon.
    pub warn_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// From when it is long overdue.
    pub long_at: Timestamp,
    /// Whether that was made without a published calendar for all of its days.
    pub provisional: bool,
    /// The number of the event that finished it.
    pub finished_seq: Option<i32>,
    /// When that was.
    pub finished_at: Option<Timestamp>,
    /// Who did it.
    pub finished_by: Option<String>,
    /// What they said.
    pub note: Option<String>,
    /// The photos that show it, by their numbers.
    pub photos: Vec<PhotoId>,
}

/// What a meeting settled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// What was said and settled.
    pub minutes: String,
    /// The one lead; the ticket is theirs from then on.
    pub lead: UnitId,
    /// The others that have a share.
    #[serde(default)]
    pub co_handlers: Vec<UnitId>,
    /// The stages, in order.
    pub stages: Vec<PlannedStage>,
}

/// A stage of the work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedStage {
    /// What it is called.
    pub name: String,
    /// Its tasks, at least one.
    pub tasks: Vec<PlannedTask>,
}

/// A task to be given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedTask {
    /// Whose it is: the lead or a co-handler.
    pub unit: UnitId,
    /// What is to be done.
    pub what: String,
    /// How long it may take, counted from the meeting: an earlier stage that is late moves no
    /// deadline.
    pub limit: Limit,
}

impl Meeting {
    /// The lead and the co-handlers.
    pub fn sharing(&self) -> impl Iterator<Item = UnitId> {
        std::iter::once(self.lead).chain(self.co_handlers.iter().copied())
    }

    /// Checks it against the units that were called.
    ///
    /// # Errors
    /// Invalid, naming what is missing or wrong.
    pub fn check(&self, called: &[Called]) -> Result<(), Refusal> {
        self.check_texts()?;
        let mut sharing = BTreeSet::new();
        for unit in self.sharing() {
            let field = if sharing.is_empty() { "meeting.lead" } else { "meeting.co_handlers" };
            if !called.iter().any(|called| called.unit == unit) {
                return refuse(
                    field,
                    format!("单位 {unit} 未被吹哨召集，不能牵头或协办。"),
                    format!("Unit {unit} was not called by the whistle and cannot have a share."),
                );
            }
            if !sharing.insert(unit) {
                return refuse(
                    field,
                    format!("单位 {unit} 重复列出：牵头单位只有一个，协办单位各列一次。"),
                    format!("Unit {unit} is named twice: there is one lead, and each co-handler."),
                );
            }
        }
        let tasks = || self.stages.iter().flat_map(|stage| &stage.tasks);
        if let Some(task) = tasks().find(|task| !sharing.contains(&task.unit)) {
            let unit = task.unit;
            return refuse(
                "meeting.stages",
                format!("单位 {unit} 有任务，却不是牵头或协办单位。"),
                format!("Unit {unit} is given a task and is neither the lead nor a co-handler."),
            );
        }
        if self.stages.is_empty() || self.stages.iter().any(|stage| stage.tasks.is_empty()) {
            return refuse(
                "meeting.stages",
                "协调会须至少确定一个阶段，每个阶段至少一项任务。",
                "A meeting settles at least one stage, and each stage has at least one task.",
            );
        }
        if tasks().count() > TASKS_MAX {
            return refuse(
                "meeting.stages",
                format!("一次协调会最多安排 {TASKS_MAX} 项任务。"),
                format!("One meeting gives at most {TASKS_MAX} tasks."),
            );
        }
        if tasks().any(|task| task.limit.amount == 0) {
            return refuse(
                "meeting.stages",
                "每项任务的时限至少为 1。",
                "The limit of every task must be at least 1.",
            );
        }
        Ok(())
    }

    fn check_texts(&self) -> Result<(), Refusal> {
        let stages = &self.stages;
        let names = stages.iter().map(|s| (s.name.as_str(), "meeting.stages", STAGE_MAX_CHARS));
        let tasks = stages.iter().flat_map(|s| &s.tasks);
        let tasks = tasks.map(|t| (t.what.as_str(), "meeting.stages", TASK_MAX_CHARS));
        let minutes = (self.minutes.as_str(), "meeting.minutes", MINUTES_MAX_CHARS);
        for (text, field, max) in names.chain(tasks).chain([minutes]) {
            let chars = text.chars().count();
            if text.trim().is_empty() || chars > max || text.contains('\0') {
                return refuse(
                    field,
                    format!(
                        "会议纪要、阶段名称和任务内容都须填写，此处最多 {max} 个字，现有 {chars} 个。"
                    ),
                    format!(
                        "Minutes, names of stages and tasks must all be filled in, here with at \
                         most {max} characters, not {chars}."
                    ),
                );
            }
        }
        Ok(())
    }
}

/// A called unit as a decision reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Called {
    /// Which.
    pub unit: UnitId,
    /// Whether it has checked in.
    pub checked_in: bool,
    /// Whether it is the lead or a co-handler.
    pub shares: bool,
    /// Its tasks that are not finished.
    pub open_tasks: usize,
}

impl Whistle {
    /// Its units as decisions read them.
    pub fn facts(&self) -> Vec<Called> {
        let open = |unit| {
            let tasks = self.meeting.iter().flat_map(|meeting| &meeting.tasks);
            tasks.filter(|task| task.unit == unit && task.finished_seq.is_none()).count()
        };
        let called = |of: &CalledUnit| Called {
            unit: of.unit,
            checked_in: of.checked_in_at.is_some(),
            shares: of.shares,
            open_tasks: open(of.unit),
        };
        self.called.iter().map(called).collect()
    }
}

fn refuse<T>(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(Kind::Invalid, zh, en).at(field))
}

/// A way to stage the work that a meeting may begin from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StagePlan {
    /// One word for it.
    pub code: String,
    /// What it is called.
    pub name: Both,
    /// Where it is from.
    pub source: Both,
    /// Its stages, in order.
    pub stages: Vec<StageOfPlan>,
}

/// A stage of such a plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageOfPlan {
    /// What it is called.
    pub name: Both,
    /// Its tasks.
    pub tasks: Vec<TaskOfPlan>,
}

/// A task of such a plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskOfPlan {
    /// Whose it usually is, in words: units differ from city to city.
    pub who: Both,
    /// What is to be done.
    pub what: Both,
    /// How long it may take, counted from the meeting.
    pub limit: Limit,
}

/// The plans shipped with the program (`data/stages/`).
const SHIPPED: &str = include_str!("../../../data/stages/plans.json");

/// The plans shipped with the program.
///
/// # Errors
/// When the file is not what it should be; a test holds that it is.
pub fn stage_plans() -> Result<Vec<StagePlan>, serde_json::Error> {
    serde_json::from_str(SHIPPED)
}

/// Lists ways to stage the work that a meeting may begin from.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListStagePlans {}

impl Call for ListStagePlans {
    type Answer = Vec<StagePlan>;
    const NAME: &'static str = "list_stage_plans";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/stage-plans";
    const WHO: Who = Who::Roles(READERS);
    const ABOUT: &'static str = "Ways to stage the work of a whistle, for a meeting to begin from.";
}
