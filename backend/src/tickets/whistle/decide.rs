//! What an action means for the whistle: part of the one decision about a step.

use crate::tickets::store::Standing;
use crate::tickets::timing::{Marks, Timing};
use domain::clocks::Clock;
use domain::ids::UnitId;
use domain::tickets::{
    ActOnTicket, Action, Actor, CALLED_MAX, CalledUnit, Meeting, PlannedTask, Task, Whistle,
};
use domain::{Kind, Refusal};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What is to be written beside the step.
#[derive(Clone, Debug)]
pub enum Part {
    /// These units are called; the first is the one that blew, which is there already. The clock
    /// is the ticket's own.
    Called(Vec<UnitId>),
    /// This unit has checked in.
    CheckedIn(UnitId),
    /// Whoever has not checked in is reminded.
    Reminded,
    /// Whoever has not checked in is reported absent.
    ReportedAbsent,
    /// The meeting was held.
    Met(Met),
    /// The task with this number is finished.
    Finished(i16),
}

/// A meeting with the clocks of its tasks.
#[derive(Clone, Debug)]
pub struct Met {
    /// What was settled.
    pub meeting: Meeting,
    /// Its tasks, numbered from 1 in this order.
    pub tasks: Vec<TimedTask>,
}

/// A task and its clock.
#[derive(Clone, Debug)]
pub struct TimedTask {
    /// The stage it belongs to, from 1.
    pub stage: i16,
    /// What that is called.
    pub stage_name: String,
    /// The task.
    pub task: PlannedTask,
    /// Its clock, which begins at the meeting.
    pub clock: Clock,
    /// Its marks.
    pub marks: Marks,
}

impl Met {
    /// The clock of the task that is due last: until then the lead has the ticket.
    pub fn clock(&self) -> Option<&Clock> {
        self.tasks.iter().max_by_key(|task| task.marks.due_at).map(|task| &task.clock)
    }
}

/// Decides what the action means for the whistle; nothing for actions that have no part in it.
///
/// # Errors
/// Invalid, naming the field that is missing or wrong; forbidden, for a task of another unit.
pub fn part(
    standing: &Standing,
    actor: Actor,
    question: &ActOnTicket,
    timing: &Timing,
    now: Timestamp,
) -> Result<Option<Part>, Refusal> {
    let unit = match actor {
        Actor::Person { unit, .. } => Some(unit),
        Actor::Visitor { .. } | Actor::Reporter | Actor::System => None,
    };
    if question.action == Action::Whistle {
        return called(standing.ticket.unit, question).map(Some);
    }
    let Some(whistle) = standing.whistles.last() else { return Ok(None) };
    Ok(match question.action {
        Action::CheckIn => unit.map(Part::CheckedIn),
        Action::Remind => Some(Part::Reminded),
        Action::ReportAbsent => Some(report_absent(whistle, now)?),
        Action::Meet => Some(Part::Met(met(whistle, question, timing, now)?)),
        Action::FinishTask => Some(Part::Finished(finished(whistle, unit, question)?)),
        _ => None,
    })
}

fn refuse<T>(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(Kind::Invalid, zh, en).at(field))
}

fn called(blower: UnitId, question: &ActOnTicket) -> Result<Part, Refusal> {
    let mut seen = BTreeSet::from([blower]);
    let others = question.call.iter().copied().filter(|&unit| seen.insert(unit));
    let all: Vec<UnitId> = std::iter::once(blower).chain(others).collect();
    if all.len() == 1 {
        return refuse(
            "call",
            "吹哨须点名要召集的其他单位。",
            "A whistle names the units it calls, at least one other than your own.",
        );
    }
    if all.len() > CALLED_MAX + 1 {
        return refuse(
            "call",
            format!("一次吹哨最多召集 {CALLED_MAX} 个单位。"),
            format!("One whistle calls at most {CALLED_MAX} units."),
        );
    }
    Ok(Part::Called(all))
}

fn report_absent(whistle: &Whistle, now: Timestamp) -> Result<Part, Refusal> {
    if now < whistle.due_at {
        return Err(Refusal::new(
            Kind::Invalid,
            "报到时限未到，可以先催促报到。",
            "The time to check in is not over: remind them instead.",
        ));
    }
    let missing = |called: &&CalledUnit| called.checked_in_at.is_none();
    if whistle.called.iter().filter(missing).all(|called| called.absent_at.is_some()) {
        return Err(Refusal::new(
            Kind::Invalid,
            "未报到的单位已经通报。",
            "Those who have not checked in have been reported already.",
        ));
    }
    Ok(Part::ReportedAbsent)
}

fn met(
    whistle: &Whistle,
    question: &ActOnTicket,
    timing: &Timing,
    now: Timestamp,
) -> Result<Met, Refusal> {
    let Some(meeting) = &question.meeting else {
        return refuse(
            "meeting",
            "“召开协调会”须填写会议纪要、牵头单位、协办单位和分阶段任务。",
            "To hold the meeting, give its minutes, the lead, co-handlers and staged tasks.",
        );
    };
    meeting.check(&whistle.facts())?;
    let stages = (1..).zip(&meeting.stages);
    let tasks =
        stages.flat_map(|(number, stage)| stage.tasks.iter().map(move |t| (number, stage, t)));
    let timed = |(number, stage, task): (i16, &domain::tickets::PlannedStage, &PlannedTask)| {
        let clock = Clock::new(now, task.limit);
        let marks = timing.marks(&clock).map_err(|refusal| refusal.at("meeting.stages"))?;
        let stage_name = stage.name.clone();
        Ok(TimedTask { stage: number, stage_name, task: task.clone(), clock, marks })
    };
    let tasks = tasks.map(timed).collect::<Result<Vec<_>, Refusal>>()?;
    Ok(Met { meeting: meeting.clone(), tasks })
}

fn finished(
    whistle: &Whistle,
    unit: Option<UnitId>,
    question: &ActOnTicket,
) -> Result<i16, Refusal> {
    let tasks = || whistle.meeting.iter().flat_map(|meeting| &meeting.tasks);
    let Some(number) = question.task else {
        return refuse(
            "task",
            "请指明完成的是哪一项任务。",
            "Say which task is finished, by its number.",
        );
    };
    let Some(task) = tasks().find(|task| task.number == number) else {
        return refuse(
            "task",
            format!("没有第 {number} 项任务。"),
            format!("There is no task {number}."),
        );
    };
    let Task { unit_name, finished_seq, .. } = task;
    if unit != Some(task.unit) {
        return Err(Refusal::new(
            Kind::Forbidden,
            format!("第 {number} 项任务由{unit_name}完成。"),
            format!("Task {number} is for {unit_name} to finish."),
        )
        .at("task"));
    }
    if finished_seq.is_some() {
        return refuse(
            "task",
            format!("第 {number} 项任务已经完成。"),
            format!("Task {number} is finished already."),
        );
    }
    if question.note.trim().is_empty() && question.photos.is_empty() {
        return refuse(
            "note",
            "完成任务须有说明或照片为证。",
            "To finish a task, give a note or photos that show it.",
        );
    }
    Ok(number)
}
