//! How a ticket moves: one pure call decides, by the table and by what is known of the ticket.

use super::merging::{self, Target};
use super::{Action, Asking, Called, Party, Request, Rule, State, rule};
use crate::ids::{PersonId, UnitId};
use crate::people::Role;
use crate::refusal::{Both, Kind, Refusal};
use crate::word::Word;
use serde::{Deserialize, Serialize};

/// A request that waits for its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Pending {
    /// What is asked for.
    pub request: Request,
    /// Who asked; `None`: the reporter.
    pub by: Option<PersonId>,
}

/// What a decision needs to know of a ticket.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Where it stands.
    pub state: State,
    /// The level that has it now: 3, and 2 or 1 after it was raised.
    pub level: u8,
    /// The responsible unit.
    pub unit: UnitId,
    /// Whether that unit is the linkage centre, where not everybody handles tickets.
    pub at_centre: bool,
    /// Whether only those who must may see it.
    pub sensitive: bool,
    /// The unit that handled it last, and the person who said that it was done.
    pub handled: Option<(UnitId, Option<PersonId>)>,
    /// Requests without an answer.
    pub pending: &'a [Pending],
    /// Units that the last whistle called.
    pub called: &'a [Called],
    /// Their tasks not finished yet.
    pub open_tasks: usize,
    /// Whether other tickets were merged into it.
    pub joined: bool,
    /// The ticket it is to be merged into, where one is named.
    pub into: Option<Target>,
}

impl Facts<'_> {
    fn called(&self, unit: UnitId) -> Option<&Called> {
        self.called.iter().find(|called| called.unit == unit)
    }
}

/// Who acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A person.
    Person {
        /// Who.
        person: PersonId,
        /// Their role.
        role: Role,
        /// Their unit.
        unit: UnitId,
    },
    /// A person who records a visit to a household that they may care for: whatever they are to
    /// the ticket otherwise.
    Visitor {
        /// Who.
        person: PersonId,
        /// Their unit.
        unit: UnitId,
    },
    /// Whoever holds the tracking code of one of its reports.
    Reporter,
    /// The service itself: opening, reminding, evaluating when nobody did.
    System,
}

impl Actor {
    /// Whether this actor is a party of this kind to the ticket.
    pub fn is(self, party: Party, facts: &Facts<'_>) -> bool {
        let Self::Person { person, role, unit } = self else {
            return matches!(
                (self, party),
                (Self::Reporter, Party::Reporter)
                    | (Self::System, Party::System)
                    | (Self::Visitor { .. }, Party::Visitor)
            );
        };
        let at_desk = matches!(role, Role::Dispatcher | Role::ShiftLead);
        let handles = matches!(
            role,
            Role::SubCentre | Role::Leader | Role::Member | Role::Adviser | Role::Official
        );
        match party {
            Party::Desk => at_desk,
            Party::ShiftLead => role == Role::ShiftLead,
            Party::Overseer => matches!(role, Role::ShiftLead | Role::Management),
            Party::Responsible => {
                unit == facts.unit && if facts.at_centre { at_desk || handles } else { handles }
            }
            Party::Called => (handles || at_desk) && facts.called(unit).is_some(),
            Party::Checker => {
                let looks = at_desk || matches!(role, Role::Inspector | Role::Member);
                let handled = facts.handled.is_some_and(|(by_unit, by)| {
                    by == Some(person) || (by_unit == unit && !at_desk)
                });
                let shared = !at_desk && facts.called(unit).is_some_and(|called| called.shares);
                looks && !handled && !shared
            }
            Party::Visitor | Party::Reporter | Party::System => false,
        }
    }
}

/// Decides whether an action is lawful now, and by which rule.
///
/// # Errors
/// - moved: not from where the ticket stands;
/// - forbidden: not by this actor, or by whoever asked for it;
/// - invalid: something is missing first (an open task, a request to answer).
pub fn step(facts: &Facts<'_>, actor: Actor, action: Action) -> Result<Rule, Refusal> {
    let Some(rule) = rule(facts.state, action) else {
        let (zh, en) = (action.zh(), action.en());
        return Err(Refusal::new(
            Kind::Moved,
            format!("案件现为“{}”，不能{zh}。请刷新后再看。", facts.state.zh()),
            format!("The ticket is “{}” and cannot {en} now: look at it again.", facts.state.en()),
        ));
    };
    if !rule.who.iter().any(|&party| actor.is(party, facts)) {
        return Err(not_yours(&rule));
    }
    asked_for(facts, actor, action)?;
    needed_first(facts, actor, action)?;
    Ok(rule)
}

fn not_yours(rule: &Rule) -> Refusal {
    let zh: Vec<&str> = rule.who.iter().map(|party| party.zh()).collect();
    let en: Vec<&str> = rule.who.iter().map(|party| party.en()).collect();
    Refusal::new(
        Kind::Forbidden,
        format!("“{}”由{}办理。", rule.action.zh(), zh.join("或")),
        format!("To {} is for {}.", rule.action.en(), en.join(" or ")),
    )
}

/// A request is asked once, answered once, and never by whoever asked.
fn asked_for(facts: &Facts<'_>, actor: Actor, action: Action) -> Result<(), Refusal> {
    let pending = |request| facts.pending.iter().find(|pending| pending.request == request);
    match action.asking() {
        Some(Asking::Ask(request)) if pending(request).is_some() => Err(Refusal::new(
            Kind::Invalid,
            format!("{}申请已提出，正待批复。", request.zh()),
            format!("{} has been asked for and waits for its answer.", request.en()),
        )),
        Some(Asking::Grant(request) | Asking::Deny(request)) => match pending(request) {
            None => Err(Refusal::new(
                Kind::Invalid,
                format!("没有待批的{}申请，请先提出申请。", request.zh()),
                format!("Nobody has asked for {}: it must be asked for first.", request.en()),
            )),
            Some(pending) if is_the_same(actor, pending.by) => Err(Refusal::new(
                Kind::Forbidden,
                format!("{}申请须由他人批复。", request.zh()),
                format!("Somebody else must answer your request for {}.", request.en()),
            )),
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

fn is_the_same(actor: Actor, asked_by: Option<PersonId>) -> bool {
    let by = match actor {
        Actor::Person { person, .. } | Actor::Visitor { person, .. } => Some(person),
        Actor::Reporter | Actor::System => None,
    };
    by.is_some() && asked_by == by
}

fn needed_first(facts: &Facts<'_>, actor: Actor, action: Action) -> Result<(), Refusal> {
    let own = match actor {
        Actor::Person { unit, .. } => facts.called(unit),
        Actor::Visitor { .. } | Actor::Reporter | Actor::System => None,
    };
    match action {
        Action::CheckIn if own.is_some_and(|called| called.checked_in) => Err(Refusal::new(
            Kind::Invalid,
            "贵单位已经报到，不必重复报到。",
            "Your unit has checked in already: once is enough.",
        )),
        Action::Remind | Action::ReportAbsent
            if facts.called.iter().all(|called| called.checked_in) =>
        {
            Err(Refusal::new(
                Kind::Invalid,
                "被吹哨的单位都已报到。",
                "Every unit that was called has checked in.",
            ))
        }
        Action::FinishTask if own.is_some_and(|called| called.open_tasks == 0) => {
            Err(Refusal::new(
                Kind::Invalid,
                "贵单位没有未完成的任务。",
                "Your unit has no task that is not finished.",
            ))
        }
        Action::FeedBack if facts.open_tasks > 0 => Err(Refusal::new(
            Kind::Invalid,
            format!("还有 {} 项任务未完成，完成后才能反馈办结。", facts.open_tasks),
            format!("{} tasks are not finished: finish them first.", facts.open_tasks),
        )),
        Action::Merge => merging::merge(facts),
        Action::Conceal if facts.sensitive => Err(Refusal::new(
            Kind::Invalid,
            "案件已是敏感案件。",
            "The ticket is sensitive already.",
        )),
        Action::Disclose if !facts.sensitive => {
            Err(Refusal::new(Kind::Invalid, "案件不是敏感案件。", "The ticket is not sensitive."))
        }
        Action::RaiseTo2 if facts.level < 3 => Err(Refusal::new(
            Kind::Invalid,
            "案件已在社区一级，请上报街道。",
            "The ticket is with level 2 already: raise it to level 1.",
        )),
        Action::RaiseTo1 if facts.level > 2 => Err(Refusal::new(
            Kind::Invalid,
            "案件尚在三级网格，请先上报社区。",
            "The ticket is still with level 3: raise it to level 2 first.",
        )),
        Action::RaiseTo1 if facts.level < 2 => Err(Refusal::new(
            Kind::Invalid,
            "案件已在街道一级，不能再上报，可以吹哨。",
            "The ticket is with level 1 already and goes no higher: whistle instead.",
        )),
        _ => Ok(()),
    }
}

/// A button: an action of the table for the state a ticket is in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Offer {
    /// What it does.
    pub action: Action,
    /// Why it cannot be pressed; `None`: it can.
    pub refused: Option<Both>,
    /// Why it is suggested, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested: Option<Both>,
}

/// The buttons for somebody: every action they may ever take here, those that must wait with the
/// reason.
pub fn offered(facts: &Facts<'_>, actor: Actor) -> Vec<Offer> {
    let offer = |&action: &Action| {
        let refused = match step(facts, actor, action) {
            Ok(_) => None,
            Err(refusal) if refusal.kind == Kind::Invalid => Some(refusal.message),
            Err(_) => return None,
        };
        Some(Offer { action, refused, suggested: None })
    };
    Action::ALL.iter().filter(|action| !action.is_echo()).filter_map(offer).collect()
}
