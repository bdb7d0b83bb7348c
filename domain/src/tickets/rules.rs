//! The rule table: from, action, to, who may, which clock, whose it is then.
//!
//! Nothing else mentions a transition: [`super::step()`] moves by it, [`super::offered`] makes
//! buttons of it, the database holds it as foreign keys, the diagram is printed from it.

use super::{Action, Deadline, Owner, Party, State};
use crate::clocks::Stage;
use crate::word::Word;
use Action as A;
use Deadline::{Extend, Keep, Pause, Resume, Start, Stop};
use Party::{Called, Checker, Desk, Overseer, Reporter, Responsible, ShiftLead, System, Visitor};
use State as S;

/// Rules that differ in nothing but the state they start from.
#[derive(Debug)]
pub struct Group {
    /// The states they start from.
    pub from: &'static [State],
    /// The action.
    pub action: Action,
    /// The state they lead to; `None`: it stays.
    pub to: Option<State>,
    /// Who may: any of these.
    pub who: &'static [Party],
    /// What becomes of the deadline.
    pub clock: Deadline,
    /// Whose it is then.
    pub owner: Owner,
}

/// One line of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The state it starts from.
    pub from: State,
    /// The action.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// Who may: any of these.
    pub who: &'static [Party],
    /// What becomes of the deadline.
    pub clock: Deadline,
    /// Whose it is then.
    pub owner: Owner,
}

/// A group that leads to another state.
const fn go(
    from: &'static [State],
    action: Action,
    to: State,
    who: &'static [Party],
    clock: Deadline,
    owner: Owner,
) -> Group {
    Group { from, action, to: Some(to), who, clock, owner }
}

/// A group whose states stay.
const fn stay(
    from: &'static [State],
    action: Action,
    who: &'static [Party],
    clock: Deadline,
) -> Group {
    Group { from, action, to: None, who, clock, owner: Owner::Keep }
}

/// A unit works on it.
const AT_WORK: &[State] = &[S::Accepted, S::OnSite];
/// A level above has it because the one below could not.
const RAISED: &[State] = &[S::Raised2, S::Raised1];
/// The handling clock runs; more of it may be asked for.
const EXTENSIBLE: &[State] =
    &[S::Dispatched, S::Accepted, S::OnSite, S::Rework, S::Raised2, S::Raised1, S::Coordinated];
/// Somebody owes work.
const UNDER_WAY: &[State] = &[
    S::Filed,
    S::Passed,
    S::Dispatched,
    S::Accepted,
    S::OnSite,
    S::Returned,
    S::Raised2,
    S::Raised1,
    S::Whistled,
    S::Coordinated,
    S::Rework,
    S::Done,
];
/// It may still turn out to be nothing.
const VOIDABLE: &[State] = &[
    S::Reported,
    S::Filed,
    S::Passed,
    S::Dispatched,
    S::Accepted,
    S::OnSite,
    S::Returned,
    S::Raised2,
    S::Raised1,
    S::Suspended,
];
/// A care visit may still be made, late and on a higher level, too.
const VISITABLE: &[State] =
    &[S::Dispatched, S::Accepted, S::OnSite, S::Returned, S::Raised2, S::Raised1];
/// It ended in a way that can be taken up again.
const REOPENABLE: &[State] = &[S::Closed, S::Evaluated];
/// It is worked on: another ticket about the same thing may be merged into it.
const OPEN: &[State] = &[
    S::Reported,
    S::Looking,
    S::Filed,
    S::Passed,
    S::Dispatched,
    S::Accepted,
    S::OnSite,
    S::Returned,
    S::Raised2,
    S::Raised1,
    S::Whistled,
    S::Coordinated,
    S::Suspended,
    S::Done,
    S::Rework,
    S::Inspected,
];
/// It is over, and not because it was merged itself.
const OVER: &[State] = &[S::NotFiled, S::Closed, S::Evaluated, S::Void];
/// A deadline runs or stands still.
const LIVE: &[State] = &[
    S::Reported,
    S::Looking,
    S::Filed,
    S::Passed,
    S::Dispatched,
    S::Accepted,
    S::OnSite,
    S::Returned,
    S::Raised2,
    S::Raised1,
    S::Whistled,
    S::Coordinated,
    S::Suspended,
    S::Done,
    S::Rework,
    S::Inspected,
    S::Closed,
];

/// It is there at all: whether it is sensitive may turn out at any time.
const KNOWN: &[State] = &[
    S::Reported,
    S::Looking,
    S::NotFiled,
    S::Filed,
    S::Passed,
    S::Dispatched,
    S::Accepted,
    S::OnSite,
    S::Returned,
    S::Raised2,
    S::Raised1,
    S::Whistled,
    S::Coordinated,
    S::Suspended,
    S::Done,
    S::Rework,
    S::Inspected,
    S::Closed,
    S::Evaluated,
    S::Merged,
    S::Void,
];

/// The table, grouped.
pub const RULES: &[Group] = &[
    // 1 and 2: collect, verify, file.
    go(&[S::New], A::Open, S::Reported, &[System], Start(Stage::Verify), Owner::Centre),
    // A care visit that falls due is with the unit of its cell at once: there is nothing to verify.
    go(&[S::New], A::Schedule, S::Dispatched, &[System], Start(Stage::Handle), Owner::Cell),
    go(&[S::Reported], A::Look, S::Looking, &[Desk], Keep, Owner::Cell),
    go(&[S::Looking], A::Describe, S::Reported, &[Responsible], Keep, Owner::Centre),
    go(
        &[S::Reported, S::Looking],
        A::SettleOnSpot,
        S::Closed,
        &[Desk, Responsible],
        Start(Stage::Evaluate),
        Owner::Centre,
    ),
    go(&[S::Reported], A::File, S::Filed, &[Desk], Start(Stage::Dispatch), Owner::Centre),
    go(&[S::Reported], A::Refuse, S::NotFiled, &[Desk], Stop, Owner::Keep),
    // 3: dispatch. The clock starts here, not when somebody signs.
    go(&[S::Filed], A::Pass, S::Passed, &[Desk], Start(Stage::Handle), Owner::Named),
    go(&[S::Filed], A::Dispatch, S::Dispatched, &[Desk], Start(Stage::Handle), Owner::Named),
    go(&[S::Passed], A::Dispatch, S::Dispatched, &[Responsible], Keep, Owner::Named),
    go(&[S::Passed, S::Dispatched], A::Recall, S::Returned, &[Desk], Keep, Owner::Centre),
    go(
        &[S::Passed, S::Dispatched, S::Accepted, S::OnSite],
        A::AskReturn,
        S::Returned,
        &[Responsible],
        Keep,
        Owner::Centre,
    ),
    go(&[S::Returned], A::Pass, S::Passed, &[Desk], Keep, Owner::Named),
    go(&[S::Returned], A::Dispatch, S::Dispatched, &[Desk], Keep, Owner::Named),
    go(&[S::Returned], A::DenyReturn, S::Dispatched, &[Desk], Keep, Owner::Handler),
    // 4: handle and feed back.
    go(&[S::Dispatched], A::Accept, S::Accepted, &[Responsible], Keep, Owner::Keep),
    go(&[S::Accepted], A::Arrive, S::OnSite, &[Responsible], Keep, Owner::Keep),
    go(
        &[S::Accepted, S::OnSite, S::Rework, S::Coordinated],
        A::FeedBack,
        S::Done,
        &[Responsible],
        Start(Stage::Inspect),
        Owner::Centre,
    ),
    // Escalation and whistle.
    go(
        &[S::Accepted, S::OnSite, S::Rework],
        A::RaiseTo2,
        S::Raised2,
        // The service itself raises care visits that are overdue.
        &[Responsible, System],
        Start(Stage::Raise),
        Owner::Level2,
    ),
    go(
        &[S::Accepted, S::OnSite, S::Rework, S::Raised2],
        A::RaiseTo1,
        S::Raised1,
        &[Responsible, System],
        Start(Stage::Raise),
        Owner::Level1,
    ),
    go(&[S::Dispatched], A::RaiseTo2, S::Raised2, &[System], Start(Stage::Raise), Owner::Level2),
    go(&[S::Dispatched], A::RaiseTo1, S::Raised1, &[System], Start(Stage::Raise), Owner::Level1),
    stay(RAISED, A::Arrive, &[Responsible], Keep),
    go(RAISED, A::Accept, S::Accepted, &[Responsible], Start(Stage::Handle), Owner::Keep),
    go(RAISED, A::Dispatch, S::Dispatched, &[Responsible], Start(Stage::Handle), Owner::Named),
    go(RAISED, A::Whistle, S::Whistled, &[Responsible], Start(Stage::CheckIn), Owner::Keep),
    stay(&[S::Whistled], A::CheckIn, &[Called], Keep),
    stay(&[S::Whistled], A::Remind, &[System, Responsible, Desk], Keep),
    stay(&[S::Whistled], A::ReportAbsent, &[System, Responsible, Desk], Keep),
    go(&[S::Whistled], A::Meet, S::Coordinated, &[Responsible], Start(Stage::Handle), Owner::Named),
    stay(&[S::Coordinated], A::FinishTask, &[Called], Keep),
    // A care visit is over when somebody was seen: nobody else looks again.
    go(VISITABLE, A::Visit, S::Closed, &[Visitor], Start(Stage::Evaluate), Owner::Centre),
    // 5: inspect and close.
    go(&[S::Done], A::Confirm, S::Inspected, &[Checker], Keep, Owner::Keep),
    go(&[S::Done], A::SendBack, S::Rework, &[Checker], Start(Stage::Rework), Owner::Handler),
    go(&[S::Inspected], A::SendBack, S::Rework, &[Desk], Start(Stage::Rework), Owner::Handler),
    go(&[S::Inspected], A::Close, S::Closed, &[Desk], Start(Stage::Evaluate), Owner::Centre),
    // 6: rate and evaluate.
    stay(&[S::Closed], A::Rate, &[Reporter], Keep),
    go(&[S::Closed], A::Evaluate, S::Evaluated, &[Desk, System], Stop, Owner::Keep),
    // Side branches, each with its approval.
    stay(EXTENSIBLE, A::AskExtension, &[Responsible], Keep),
    stay(EXTENSIBLE, A::GrantExtension, &[ShiftLead], Extend),
    stay(EXTENSIBLE, A::DenyExtension, &[ShiftLead], Keep),
    stay(AT_WORK, A::AskSuspension, &[Responsible], Keep),
    go(AT_WORK, A::GrantSuspension, S::Suspended, &[ShiftLead], Pause, Owner::Keep),
    stay(AT_WORK, A::DenySuspension, &[ShiftLead], Keep),
    go(
        &[S::Suspended],
        A::Resume,
        S::Accepted,
        &[Responsible, ShiftLead, System],
        Resume,
        Owner::Keep,
    ),
    stay(UNDER_WAY, A::AskSupervision, &[Desk], Keep),
    stay(UNDER_WAY, A::GrantSupervision, &[Overseer], Keep),
    stay(UNDER_WAY, A::DenySupervision, &[Overseer], Keep),
    stay(VOIDABLE, A::AskVoid, &[Desk, Responsible], Keep),
    go(VOIDABLE, A::GrantVoid, S::Void, &[ShiftLead], Stop, Owner::Keep),
    stay(VOIDABLE, A::DenyVoid, &[ShiftLead], Keep),
    stay(REOPENABLE, A::AskReopen, &[Desk, Reporter], Keep),
    go(REOPENABLE, A::GrantReopen, S::Filed, &[ShiftLead], Start(Stage::Dispatch), Owner::Centre),
    stay(REOPENABLE, A::DenyReopen, &[ShiftLead], Keep),
    stay(&[S::NotFiled], A::AskReopen, &[Desk, Reporter], Keep),
    go(
        &[S::NotFiled],
        A::GrantReopen,
        S::Reported,
        &[ShiftLead],
        Start(Stage::Verify),
        Owner::Centre,
    ),
    stay(&[S::NotFiled], A::DenyReopen, &[ShiftLead], Keep),
    // Two tickets about one thing.
    go(&[S::Reported, S::Filed, S::Returned], A::Merge, S::Merged, &[Desk], Stop, Owner::Keep),
    go(&[S::Merged], A::Unmerge, S::Reported, &[Desk], Start(Stage::Verify), Owner::Centre),
    stay(OPEN, A::Join, &[Desk], Keep),
    stay(OPEN, A::Release, &[Desk], Keep),
    stay(OVER, A::Release, &[Desk], Keep),
    // Who may see it.
    stay(KNOWN, A::Conceal, &[Desk], Keep),
    stay(KNOWN, A::Disclose, &[Desk], Keep),
    // Talks held, calls made.
    stay(LIVE, A::Note, &[Desk, Responsible, Called, Visitor], Keep),
];

impl Group {
    fn rule(&self, from: State) -> Rule {
        let Self { action, who, clock, owner, .. } = *self;
        Rule { from, action, to: self.to.unwrap_or(from), who, clock, owner }
    }
}

/// The table as a page of text, for the record: one line a rule, states in their order.
pub fn diagram() -> String {
    let mut lines: Vec<Rule> = rules().collect();
    lines.sort_by_key(|rule| (rule.from, rule.action));
    let words = |who: &[Party]| who.iter().map(|p| p.code()).collect::<Vec<_>>().join(", ");
    let line = |rule: Rule| {
        let Rule { from, action, to, who, clock, owner } = rule;
        let clock = match clock {
            Start(stage) => format!("start {stage}"),
            other => format!("{other:?}").to_lowercase(),
        };
        format!("{from} --{action}--> {to} | {} | {clock} | {owner:?}\n", words(who))
    };
    lines.into_iter().map(line).collect()
}

/// Every line of the table.
pub fn rules() -> impl Iterator<Item = Rule> {
    RULES.iter().flat_map(|group| group.from.iter().map(|from| group.rule(*from)))
}

/// The line for an action in a state, if there is one.
pub fn rule(from: State, action: Action) -> Option<Rule> {
    let group = RULES.iter().find(|g| g.action == action && g.from.contains(&from))?;
    Some(group.rule(from))
}
