//! Notices: what somebody at work hears of without asking, by the event stream or as a page.
//!
//! A notice tells of a step of a ticket, or of a mark of its clock. Which there are,
//! [`NoticeKind::of_step`] and the three marks say; who hears of them, [`HEARERS`]. Whoever may not
//! see the ticket at the moment of reading hears nothing of it, whatever the table says.

use super::{Action, Actor, Asking, Facts, Party, Request, State, rules};
use crate::call::{Call, Verb, Who};
use crate::ids::{NoticeId, PersonId, TicketId, UnitId};
use crate::people::{Me, Reach, Role};
use crate::word::Word;
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

words! {
    /// What a notice tells.
    NoticeKind {
        Came = "came", "来件", "it came to your unit";
        DueSoon = "due_soon", "即将到期", "it is due soon";
        Overdue = "overdue", "已超时", "it is overdue";
        LongOverdue = "long_overdue", "严重超时", "it is long overdue";
        Called = "called", "吹哨召集", "a whistle calls your unit";
        Reminded = "reminded", "催促报到", "your unit has not checked in yet";
        Asked = "asked", "待审批", "a request waits for an answer";
    }
}

words! {
    /// Who hears of a kind.
    Hears {
        Responsible = "responsible", "责任单位", "the responsible unit";
        Called = "called", "被召集的单位", "the units called, or given tasks";
        Posted = "posted", "所在各级网格的人员", "whoever is posted to its cells";
        Desk = "desk", "联动中心派遣员", "the centre's dispatchers";
        Management = "management", "管理层", "management";
        Approvers = "approvers", "有权审批的人", "whoever may grant the request";
    }
}

/// The table: who hears of what.
pub const HEARERS: &[(NoticeKind, &[Hears])] = &[
    // Called are, when a meeting was held, those who have a share.
    (NoticeKind::Came, &[Hears::Responsible, Hears::Called]),
    (NoticeKind::DueSoon, &[Hears::Responsible, Hears::Posted, Hears::Desk]),
    (NoticeKind::Overdue, &[Hears::Responsible, Hears::Posted, Hears::Desk]),
    (NoticeKind::LongOverdue, &[Hears::Responsible, Hears::Posted, Hears::Desk, Hears::Management]),
    (NoticeKind::Called, &[Hears::Called]),
    (NoticeKind::Reminded, &[Hears::Called]),
    (NoticeKind::Asked, &[Hears::Approvers]),
];

impl NoticeKind {
    /// What a step is a notice of, if it is one; `changed_hands` when another unit answers for the
    /// ticket from then on.
    pub fn of_step(action: Action, to: State, changed_hands: bool) -> Option<Self> {
        match action {
            Action::Whistle => Some(Self::Called),
            Action::Remind => Some(Self::Reminded),
            // Whoever was called has work from now on.
            Action::Meet => Some(Self::Came),
            _ if matches!(action.asking(), Some(Asking::Ask(_))) => Some(Self::Asked),
            _ if changed_hands && !to.is_over() => Some(Self::Came),
            _ => None,
        }
    }
}

/// What is known of a ticket when somebody is told of it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The responsible unit.
    pub unit: Option<UnitId>,
    /// The codes of its level-3 cell and of the cells above, each with its level.
    pub cells: Vec<(u8, String)>,
    /// Units called by the step, or given tasks by it.
    pub called: Vec<UnitId>,
    /// What is asked for.
    pub request: Option<Request>,
}

/// Somebody to tell: not a person, but what persons are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Hearer {
    /// Whoever handles tickets in this unit.
    Unit(UnitId),
    /// Whoever is posted to this cell: level and code.
    Cell(u8, String),
    /// Whoever has this role.
    Role(Role),
}

impl std::fmt::Display for Hearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unit(unit) => write!(f, "unit {unit}"),
            Self::Cell(level, code) => write!(f, "cell {level} {code}"),
            Self::Role(role) => write!(f, "role {role}"),
        }
    }
}

impl Hearer {
    /// Everything a person is.
    pub fn of(me: &Me) -> BTreeSet<Self> {
        let mut is = BTreeSet::from([Self::Role(me.role)]);
        if handles(me) {
            is.insert(Self::Unit(me.unit_id));
        }
        if me.role.sight().plain == Reach::Own {
            is.extend(me.posts.iter().map(|post| Self::Cell(post.level, post.cell.clone())));
        }
        is
    }
}

/// Whether somebody is what the rules call the responsible unit, when their unit is.
fn handles(me: &Me) -> bool {
    let actor = Actor::Person { person: me.person, role: me.role, unit: me.unit_id };
    actor.is(Party::Responsible, &at_work(me.unit_id))
}

/// A ticket that a unit has.
const fn at_work(unit: UnitId) -> Facts<'static> {
    Facts {
        state: State::Accepted,
        level: 3,
        unit,
        at_centre: true,
        sensitive: false,
        handled: None,
        pending: &[],
        called: &[],
        open_tasks: 0,
        joined: false,
        into: None,
    }
}

/// Who is told, by the table.
pub fn hearers(kind: NoticeKind, about: &About) -> BTreeSet<Hearer> {
    let lines = HEARERS.iter().filter(|line| line.0 == kind);
    let hears = lines.flat_map(|line| line.1);
    let each = hears.flat_map(|hears| match hears {
        Hears::Responsible => about.unit.into_iter().map(Hearer::Unit).collect(),
        Hears::Called => about.called.iter().copied().map(Hearer::Unit).collect(),
        Hears::Posted => {
            let cells = about.cells.iter().cloned();
            cells.map(|(level, code)| Hearer::Cell(level, code)).collect()
        }
        Hears::Desk => roles(Party::Desk),
        Hears::Management => vec![Hearer::Role(Role::Management)],
        Hears::Approvers => about.request.into_iter().flat_map(approvers).collect(),
    });
    each.collect()
}

/// Whoever the rules let grant a request.
fn approvers(request: Request) -> Vec<Hearer> {
    let granting = rules().filter(|rule| rule.action == request.granting());
    granting.flat_map(|rule| rule.who).copied().flat_map(roles).collect()
}

/// The roles that make a party, whatever the ticket.
fn roles(party: Party) -> Vec<Hearer> {
    let (somebody, elsewhere) = (PersonId(0), UnitId(-1));
    let is = |role: &&Role| {
        let actor = Actor::Person { person: somebody, role: **role, unit: elsewhere };
        actor.is(party, &at_work(UnitId(0)))
    };
    Role::ALL.iter().filter(is).copied().map(Hearer::Role).collect()
}

/// A notice, as somebody hears it who may see the ticket.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Notice {
    /// Its number: larger is later, for everybody. The event stream gives it as the event's `id`.
    pub number: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// When that was (RFC 3339): of the step, or the mark of the clock.
    pub at: String,
    /// Of which ticket.
    pub ticket: TicketId,
    /// Of which step; of a mark, the last step before it was told.
    pub seq: i32,
    /// Where the ticket stood then.
    pub state: State,
    /// The responsible unit then.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// What is asked for.
    pub request: Option<Request>,
    /// Category code, where one is known.
    pub category: Option<String>,
    /// The level-3 cell.
    pub cell: Option<String>,
    /// Whether minutes matter.
    pub urgent: bool,
    /// Whether only those who need to may see it.
    pub sensitive: bool,
    /// When the ticket is due now (RFC 3339); `None` when it is suspended or over.
    pub due_at: Option<String>,
}

/// The event of the stream (see [`crate::reports::EVENTS`]) that gives a [`Notice`].
pub const NOTICE: &str = "notice";
/// The event of the stream that says from which number on notices follow; the first one there is
/// for whoever is signed in.
pub const NOTICES_FROM: &str = "notices_from";

/// Lists the notices for whoever asks, newest first: what they missed while they were away.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListNotices {
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<NoticeId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListNotices {
    type Answer = Vec<Notice>;
    const NAME: &'static str = "list_notices";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/tickets/notices";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "The notices of the last thirty days for whoever asks, newest \
        first; /api/events brings them as they come.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Post;

    fn me(role: Role) -> Me {
        let post = Post { level: 3, cell: "a".to_owned(), role: Role::Leader };
        Me {
            person: PersonId(1),
            name: String::new(),
            role,
            unit: String::new(),
            unit_id: UnitId(7),
            posts: vec![post],
        }
    }

    fn told(kind: NoticeKind, about: &About) -> Vec<String> {
        hearers(kind, about).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_kind_has_one_line_and_somebody_hears_of_it() {
        let lines: Vec<NoticeKind> = HEARERS.iter().map(|line| line.0).collect();
        assert_eq!(lines, NoticeKind::ALL);
        assert!(HEARERS.iter().all(|line| !line.1.is_empty()));
    }

    #[test]
    fn a_person_is_told_as_what_they_are() {
        let is = |role| Hearer::of(&me(role)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(is(Role::Leader), ["unit 7", "cell 3 a", "role leader"]);
        assert_eq!(is(Role::Dispatcher), ["unit 7", "role dispatcher"]);
        for role in [Role::Planner, Role::Inspector, Role::Management, Role::Administrator] {
            assert_eq!(is(role), [format!("role {role}")], "their unit's work is not theirs");
        }
    }

    #[test]
    fn a_deadline_is_told_to_the_unit_the_cells_and_the_desk() {
        let cells = vec![(3, "a".to_owned()), (2, "P".to_owned())];
        let about = About { unit: Some(UnitId(7)), cells, ..About::default() };
        let near = ["unit 7", "cell 2 P", "cell 3 a", "role dispatcher", "role shift_lead"];
        assert_eq!(told(NoticeKind::DueSoon, &about), near);
        assert_eq!(told(NoticeKind::Overdue, &about), near);
        let far = told(NoticeKind::LongOverdue, &about);
        assert_eq!(far[..5], near);
        assert_eq!(far[5..], ["role management"]);
        assert_eq!(told(NoticeKind::Came, &about), ["unit 7"]);
    }

    #[test]
    fn a_request_is_told_to_whoever_may_grant_it() {
        let asked = |request| About { request: Some(request), ..About::default() };
        let lead = ["role shift_lead"];
        for request in [Request::Extension, Request::Suspension, Request::Void, Request::Reopen] {
            assert_eq!(told(NoticeKind::Asked, &asked(request)), lead, "{request}");
        }
        let over = told(NoticeKind::Asked, &asked(Request::Supervision));
        assert_eq!(over, ["role shift_lead", "role management"]);
    }

    #[test]
    fn a_step_is_a_notice_when_somebody_has_to_do_something_because_of_it() {
        let of = NoticeKind::of_step;
        assert_eq!(of(Action::Dispatch, State::Dispatched, true), Some(NoticeKind::Came));
        assert_eq!(of(Action::FeedBack, State::Done, true), Some(NoticeKind::Came));
        assert_eq!(of(Action::Accept, State::Accepted, false), None);
        assert_eq!(of(Action::SettleOnSpot, State::Closed, true), None, "nothing is left to do");
        assert_eq!(of(Action::Whistle, State::Whistled, false), Some(NoticeKind::Called));
        assert_eq!(of(Action::AskVoid, State::Accepted, false), Some(NoticeKind::Asked));
        assert_eq!(of(Action::GrantVoid, State::Void, false), None);
        let asking = Action::ALL.iter().filter_map(|action| match action.asking() {
            Some(Asking::Ask(request)) => Some(request),
            _ => None,
        });
        assert_eq!(asking.collect::<BTreeSet<_>>().len(), Request::ALL.len());
    }
}
