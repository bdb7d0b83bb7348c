//! Random walks over the table: wherever lawful steps of lawful people lead, somebody answers for
//! the ticket, a deadline runs or stands still with approval, and somebody can move it on.

use super::*;
use crate::ids::{PersonId, UnitId};
use crate::people::Role;
use crate::word::Word;
use proptest::prelude::*;
use std::collections::BTreeSet;

const CENTRE: UnitId = UnitId(1);
const TEAM: UnitId = UnitId(2);
const COMMUNITY: UnitId = UnitId(3);
const DEPARTMENT: UnitId = UnitId(4);
const VISITOR: Actor = Actor::Visitor { person: PersonId(6), unit: TEAM };
/// Tasks a meeting gives out.
const TASKS: usize = 2;

/// What is owed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Owed {
    Nothing,
    Runs(Stage),
    /// Paused, by a request that was granted.
    Stands(Stage),
}

/// A ticket as the rules alone make it.
#[derive(Clone, Debug)]
struct Case {
    state: State,
    level: u8,
    sensitive: bool,
    unit: Option<UnitId>,
    handled: Option<(UnitId, Option<PersonId>)>,
    pending: Vec<Pending>,
    called: Vec<Called>,
    owed: Owed,
}

impl Case {
    fn new() -> Self {
        Self {
            state: State::New,
            level: 3,
            sensitive: false,
            unit: None,
            handled: None,
            pending: Vec::new(),
            called: Vec::new(),
            owed: Owed::Nothing,
        }
    }

    fn facts(&self) -> Facts<'_> {
        let unit = self.unit.unwrap_or(CENTRE);
        Facts {
            state: self.state,
            level: self.level,
            unit,
            at_centre: unit == CENTRE,
            sensitive: self.sensitive,
            handled: self.handled,
            pending: &self.pending,
            called: &self.called,
            open_tasks: self.called.iter().map(|called| called.open_tasks).sum(),
            joined: false,
            into: None,
        }
    }

    /// Every step that somebody may take now.
    fn steps(&self) -> Vec<(Actor, Rule)> {
        let facts = self.facts();
        let here: Vec<Rule> = rules().filter(|rule| rule.from == self.state).collect();
        let by = |actor: Actor| {
            let may = |rule: &&Rule| step(&facts, actor, rule.action).is_ok_and(|r| r == **rule);
            here.iter().filter(may).map(|rule| (actor, *rule)).collect::<Vec<_>>()
        };
        everybody().into_iter().flat_map(by).collect()
    }

    /// Takes a step, as the table says and nothing more.
    fn take(&mut self, actor: Actor, rule: Rule, named: UnitId) {
        let by = match actor {
            Actor::Person { person, unit, .. } => Some((unit, person)),
            Actor::Visitor { person, unit } => Some((unit, person)),
            Actor::Reporter | Actor::System => None,
        };
        self.owed = match (rule.clock, self.owed) {
            (Deadline::Start(stage), _) => Owed::Runs(stage),
            (Deadline::Stop, _) => Owed::Nothing,
            (Deadline::Pause, Owed::Runs(stage)) => Owed::Stands(stage),
            (Deadline::Resume, Owed::Stands(stage)) => Owed::Runs(stage),
            (Deadline::Pause | Deadline::Resume, owed) => panic!("{rule:?} of {owed:?}"),
            (Deadline::Keep | Deadline::Extend, owed) => owed,
        };
        self.unit = match rule.owner {
            Owner::Keep => self.unit,
            Owner::Centre => Some(CENTRE),
            Owner::Cell => Some(TEAM),
            Owner::Level2 => Some(COMMUNITY),
            Owner::Level1 => Some(CENTRE),
            Owner::Named => Some(named),
            Owner::Handler => Some(self.handled.map_or(TEAM, |(unit, _)| unit)),
        };
        match rule.action {
            Action::FeedBack | Action::AskReturn | Action::Recall | Action::Visit => {
                self.handled = by.map(|(unit, person)| (unit, Some(person)));
            }
            Action::RaiseTo2 => self.level = 2,
            Action::RaiseTo1 => self.level = 1,
            Action::GrantReopen | Action::Unmerge => self.level = 3,
            Action::Conceal => self.sensitive = true,
            Action::Disclose => self.sensitive = false,
            Action::Whistle => {
                let called =
                    |unit| Called { unit, checked_in: false, shares: false, open_tasks: 0 };
                self.called = vec![called(DEPARTMENT)];
            }
            Action::CheckIn => self.called[0].checked_in = true,
            Action::Meet => (self.called[0].shares, self.called[0].open_tasks) = (true, TASKS),
            Action::FinishTask => self.called[0].open_tasks -= 1,
            _ => {}
        }
        match rule.action.asking() {
            Some(Asking::Ask(request)) => {
                self.pending.push(Pending { request, by: by.map(|(_, person)| person) });
            }
            Some(Asking::Grant(request) | Asking::Deny(request)) => {
                self.pending.retain(|pending| pending.request != request);
            }
            None => {}
        }
        self.state = rule.to;
    }

    /// No clock without an owner, and no dead end.
    fn holds(&self) -> Result<(), TestCaseError> {
        prop_assert!(self.unit.is_some(), "nobody answers for it: {self:?}");
        prop_assert_eq!(self.state.is_final(), self.owed == Owed::Nothing, "{:?}", self);
        let stands = matches!(self.owed, Owed::Stands(_));
        prop_assert_eq!(self.state == State::Suspended, stands, "{:?}", self);
        prop_assert!((1..=3).contains(&self.level), "{:?}", self);
        let kinds: BTreeSet<&str> = self.pending.iter().map(|p| p.request.code()).collect();
        prop_assert_eq!(kinds.len(), self.pending.len(), "asked twice: {:?}", self);
        let on = self.steps().iter().any(|(_, rule)| rule.to != self.state);
        // A task is finished in a state that stays; then the lead feeds back.
        let works = self.state == State::Coordinated && self.facts().open_tasks > 0;
        prop_assert!(self.state.is_final() || on || works, "nobody can move it: {self:?}");
        Ok(())
    }

    /// What is granted or refused was asked for, and by somebody else.
    fn answered_by_another(&self, actor: Actor, rule: Rule) -> Result<(), TestCaseError> {
        let Some(Asking::Grant(request) | Asking::Deny(request)) = rule.action.asking() else {
            return Ok(());
        };
        let asked = self.pending.iter().find(|pending| pending.request == request);
        prop_assert!(asked.is_some(), "nobody asked: {rule:?} of {self:?}");
        let same = matches!(actor, Actor::Person { person, .. } if asked.is_some_and(|asked| {
            asked.by == Some(person)
        }));
        prop_assert!(!same, "{actor:?} answers themselves: {rule:?} of {self:?}");
        Ok(())
    }
}

/// One of each who has a part: of the centre, of the cell's team, of the level above, of a
/// department, and those without a face.
fn everybody() -> Vec<Actor> {
    let people = [
        (1, Role::Dispatcher, CENTRE),
        (2, Role::ShiftLead, CENTRE),
        (3, Role::Management, CENTRE),
        (4, Role::Inspector, CENTRE),
        (5, Role::Leader, TEAM),
        (6, Role::Member, TEAM),
        (7, Role::Leader, COMMUNITY),
        (8, Role::Adviser, DEPARTMENT),
        (9, Role::Official, CENTRE),
        (10, Role::ShiftLead, CENTRE),
    ];
    let person = |(id, role, unit)| Actor::Person { person: PersonId(id), role, unit };
    people.into_iter().map(person).chain([VISITOR, Actor::Reporter, Actor::System]).collect()
}

/// A walk: which of the lawful steps is taken each time, and the unit it names.
fn walk() -> impl Strategy<Value = Vec<(prop::sample::Index, usize)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize), 1..60)
}

/// One of the lawful steps, as many as there are; `None`: what is void stays so.
fn chosen(case: &Case, which: impl Fn(usize) -> usize) -> Option<(Actor, Rule)> {
    let lawful = case.steps();
    (!lawful.is_empty()).then(|| lawful[which(lawful.len())])
}

/// The units a dispatcher may name.
const NAMED: [UnitId; 4] = [TEAM, COMMUNITY, DEPARTMENT, CENTRE];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_lawful_walk_leads_to_a_live_ticket_without_owner_deadline_and_way_on(steps in walk()) {
        let mut case = Case::new();
        for (which, named) in steps {
            let Some((actor, rule)) = chosen(&case, |steps| which.index(steps)) else { break };
            case.answered_by_another(actor, rule)?;
            case.take(actor, rule, NAMED[named]);
            case.holds()?;
        }
    }
}

/// The walks go everywhere: a state they never reach would be a state nothing was shown of.
#[test]
fn the_walks_reach_every_state() {
    let mut reached = BTreeSet::from([State::New]);
    let mut next = 1_u64;
    for _ in 0..300 {
        let mut case = Case::new();
        for _ in 0..40 {
            next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let some = |steps| (next >> 33) as usize % steps;
            let Some((actor, rule)) = chosen(&case, some) else { break };
            case.take(actor, rule, NAMED[(next >> 60) as usize % NAMED.len()]);
            reached.insert(case.state);
        }
    }
    assert_eq!(reached.len(), State::ALL.len(), "{reached:?}");
}
