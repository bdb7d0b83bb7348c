//! The table and the step over the whole product of states, actions and people.

use super::*;
use crate::ids::{PersonId, UnitId};
use crate::people::Role;
use crate::refusal::Kind;
use crate::word::Word;
use std::collections::BTreeSet;

const CENTRE: UnitId = UnitId(1);
const TEAM: UnitId = UnitId(2);
const OTHER: UnitId = UnitId(3);

fn facts(state: State) -> Facts<'static> {
    Facts {
        state,
        level: 3,
        unit: TEAM,
        at_centre: false,
        sensitive: false,
        handled: None,
        pending: &[],
        called: &[],
        open_tasks: 0,
        joined: false,
        into: None,
    }
}

fn person(role: Role, unit: UnitId) -> Actor {
    Actor::Person { person: PersonId(100 + unit.0), role, unit }
}

fn everybody() -> impl Iterator<Item = Actor> {
    let people =
        Role::ALL.iter().flat_map(|&role| [CENTRE, TEAM, OTHER].map(|unit| person(role, unit)));
    let visitor = Actor::Visitor { person: PersonId(102), unit: TEAM };
    people.chain([visitor, Actor::Reporter, Actor::System])
}

#[test]
fn a_state_and_an_action_lead_to_one_state() {
    let mut seen = BTreeSet::new();
    for Rule { from, action, .. } in rules() {
        assert!(seen.insert((from, action)), "{from} {action} stands twice");
    }
}

#[test]
fn every_state_can_be_reached_and_from_every_state_an_end() {
    let mut reached = BTreeSet::from([State::New]);
    let mut ending: BTreeSet<State> =
        State::ALL.iter().copied().filter(|state| state.is_final()).collect();
    for _ in State::ALL {
        for rule in rules() {
            if reached.contains(&rule.from) {
                reached.insert(rule.to);
            }
            if ending.contains(&rule.to) {
                ending.insert(rule.from);
            }
        }
    }
    assert_eq!(reached.len(), State::ALL.len(), "{reached:?}");
    assert_eq!(ending.len(), State::ALL.len(), "{ending:?}");
}

#[test]
fn a_deadline_runs_or_stands_still_in_every_state_that_is_not_final() {
    for rule in rules() {
        let Rule { from, action, to, clock, .. } = rule;
        let began = matches!(clock, Deadline::Start(_));
        if from == State::New || (from.is_final() && !to.is_final()) {
            assert!(began, "{from} {action} has nothing to go on with");
        }
        if to.is_final() {
            let ended = clock == Deadline::Stop || (from == to && clock == Deadline::Keep);
            assert!(ended, "{from} {action} runs on after the end");
        } else {
            assert_ne!(clock, Deadline::Stop, "{from} {action} leaves no deadline");
        }
        assert_eq!(
            clock == Deadline::Pause,
            to == State::Suspended && from != to,
            "{from} {action}"
        );
        assert_eq!(
            clock == Deadline::Resume,
            from == State::Suspended && !to.is_final() && from != to,
            "{from} {action}"
        );
    }
}

#[test]
fn the_clock_of_handling_starts_at_dispatch_and_a_return_does_not_stop_it() {
    let clock = |from, action| rule(from, action).expect("a rule").clock;
    assert_eq!(clock(State::Filed, Action::Dispatch), Deadline::Start(Stage::Handle));
    assert_eq!(clock(State::Filed, Action::Pass), Deadline::Start(Stage::Handle));
    for (from, action) in [
        (State::Passed, Action::Dispatch),
        (State::Dispatched, Action::Accept),
        (State::Dispatched, Action::AskReturn),
        (State::Returned, Action::Dispatch),
        (State::Returned, Action::DenyReturn),
        (State::Accepted, Action::Arrive),
    ] {
        assert_eq!(clock(from, action), Deadline::Keep, "{from} {action}");
    }
}

#[test]
fn over_all_states_actions_and_people_a_step_is_what_the_table_says() {
    for &state in State::ALL {
        for &action in Action::ALL {
            for actor in everybody() {
                let facts = facts(state);
                let found = step(&facts, actor, action);
                let Some(rule) = rule(state, action) else {
                    assert_eq!(found.expect_err("no rule").kind, Kind::Moved);
                    continue;
                };
                let may = rule.who.iter().any(|&party| actor.is(party, &facts));
                match found {
                    Ok(step) => assert!(may && step == rule),
                    Err(refusal) if !may => assert_eq!(refusal.kind, Kind::Forbidden),
                    Err(refusal) => assert_eq!(refusal.kind, Kind::Invalid, "{state} {action}"),
                }
            }
        }
    }
}

#[test]
fn planners_and_administrators_move_no_ticket() {
    for role in [Role::Planner, Role::Administrator] {
        for &state in State::ALL {
            for unit in [CENTRE, TEAM] {
                assert_eq!(offered(&facts(state), person(role, unit)), [], "{role} in {state}");
            }
        }
    }
}

#[test]
fn in_every_state_that_is_not_final_somebody_responsible_can_move_it_on() {
    for &state in State::ALL.iter().filter(|state| !state.is_final() && **state != State::New) {
        let moves = |rule: &Rule| rule.from == state && rule.to != state;
        let by = rules().filter(moves).flat_map(|rule| rule.who);
        let by: BTreeSet<Party> = by.copied().collect();
        let waits_for_people = [Party::Desk, Party::Responsible, Party::ShiftLead, Party::Checker];
        assert!(waits_for_people.iter().any(|party| by.contains(party)), "{state}: {by:?}");
    }
}

#[test]
fn whoever_handled_it_does_not_inspect_it() {
    let handler = PersonId(7);
    let done = Facts { handled: Some((TEAM, Some(handler))), ..facts(State::Done) };
    let may = |actor| step(&done, actor, Action::Confirm).is_ok();
    assert!(may(person(Role::Inspector, CENTRE)));
    assert!(may(person(Role::Member, OTHER)), "a grid member of another unit may be sent");
    assert!(may(person(Role::Dispatcher, CENTRE)));
    assert!(!may(person(Role::Member, TEAM)), "the handler's colleague");
    assert!(!may(Actor::Person { person: handler, role: Role::Dispatcher, unit: TEAM }));
    assert!(!may(person(Role::Leader, OTHER)));
}

#[test]
fn a_request_is_answered_once_and_by_somebody_else() {
    let lead = Actor::Person { person: PersonId(1), role: Role::ShiftLead, unit: CENTRE };
    let none = facts(State::Accepted);
    let why = step(&none, lead, Action::GrantExtension).expect_err("nothing is asked for");
    assert_eq!(why.kind, Kind::Invalid);
    let asked = |by| [Pending { request: Request::Extension, by: Some(PersonId(by)) }];
    let by_other = asked(9);
    let waiting = Facts { pending: &by_other, ..facts(State::Accepted) };
    assert!(step(&waiting, lead, Action::GrantExtension).is_ok());
    let again = step(&waiting, person(Role::Leader, TEAM), Action::AskExtension);
    assert_eq!(again.expect_err("asked twice").kind, Kind::Invalid);
    let by_lead = asked(1);
    let own = Facts { pending: &by_lead, ..facts(State::Accepted) };
    let why = step(&own, lead, Action::GrantExtension).expect_err("their own request");
    assert_eq!(why.kind, Kind::Forbidden);
}

#[test]
fn a_ticket_is_raised_level_by_level_and_fed_back_when_its_tasks_are_done() {
    let leader = person(Role::Leader, TEAM);
    let at = |level| Facts { level, ..facts(State::Accepted) };
    assert!(step(&at(3), leader, Action::RaiseTo2).is_ok());
    assert!(step(&at(3), leader, Action::RaiseTo1).is_err());
    assert!(step(&at(2), leader, Action::RaiseTo2).is_err());
    assert!(step(&at(2), leader, Action::RaiseTo1).is_ok());
    assert!(step(&at(1), leader, Action::RaiseTo1).is_err());
    let together = Facts { open_tasks: 2, ..facts(State::Coordinated) };
    let offers = offered(&together, leader);
    let feed_back = offers.iter().find(|offer| offer.action == Action::FeedBack);
    let why = feed_back.and_then(|offer| offer.refused.clone()).expect("a disabled button");
    assert!(why.zh.contains('2') && why.en.contains('2'), "it says why");
}

/// A unit that was called: whether it is there, and its tasks.
fn called(unit: UnitId, checked_in: bool, open_tasks: usize) -> Called {
    Called { unit, checked_in, shares: open_tasks > 0, open_tasks }
}

#[test]
fn a_unit_checks_in_once_and_nobody_is_reminded_when_all_are_there() {
    let try_it = |checked_in: bool, actor: Actor, action: Action| {
        let called = [called(TEAM, true, 0), called(OTHER, checked_in, 0)];
        let facts = Facts { called: &called, ..facts(State::Whistled) };
        step(&facts, actor, action).map(|rule| rule.to).map_err(|refusal| refusal.kind)
    };
    let adviser = person(Role::Adviser, OTHER);
    assert_eq!(try_it(false, adviser, Action::CheckIn), Ok(State::Whistled));
    assert_eq!(try_it(true, adviser, Action::CheckIn), Err(Kind::Invalid));
    let stranger = person(Role::Adviser, UnitId(9));
    assert_eq!(try_it(false, stranger, Action::CheckIn), Err(Kind::Forbidden));
    for action in [Action::Remind, Action::ReportAbsent] {
        assert_eq!(try_it(false, Actor::System, action), Ok(State::Whistled));
        assert_eq!(try_it(true, Actor::System, action), Err(Kind::Invalid));
    }
}

#[test]
fn the_centre_checks_in_like_every_other_unit_that_was_called() {
    let called = [called(TEAM, true, 0), called(CENTRE, false, 0)];
    let facts = Facts { called: &called, ..facts(State::Whistled) };
    assert!(step(&facts, person(Role::Dispatcher, CENTRE), Action::CheckIn).is_ok());
    assert!(step(&facts, person(Role::Planner, CENTRE), Action::CheckIn).is_err());
}

#[test]
fn a_unit_without_a_task_finishes_none_and_one_with_a_share_inspects_nothing() {
    let called = [called(TEAM, true, 0), called(OTHER, true, 1)];
    let together = Facts { called: &called, open_tasks: 1, ..facts(State::Coordinated) };
    assert!(step(&together, person(Role::Adviser, OTHER), Action::FinishTask).is_ok());
    let why = step(&together, person(Role::Leader, TEAM), Action::FinishTask);
    assert_eq!(why.expect_err("it has no task").kind, Kind::Invalid);
    let done = Facts { handled: Some((TEAM, None)), called: &called, ..facts(State::Done) };
    assert!(step(&done, person(Role::Member, OTHER), Action::Confirm).is_err());
    assert!(step(&done, person(Role::Member, UnitId(9)), Action::Confirm).is_ok());
}

#[test]
fn every_plan_of_stages_that_is_shipped_has_tasks_with_limits() {
    let plans = stage_plans().expect("the file is what it should be");
    let story = plans.iter().find(|plan| plan.code == "three_stages").expect("story 5's");
    let names: Vec<&str> = story.stages.iter().map(|stage| stage.name.zh.as_str()).collect();
    assert_eq!(names, ["摸清底数", "先期整改", "集中整治"]);
    for stage in plans.iter().flat_map(|plan| &plan.stages) {
        assert!(!stage.tasks.is_empty());
        assert!(stage.tasks.iter().all(|task| task.limit.amount > 0));
    }
}

#[test]
fn a_meeting_has_one_lead_and_only_who_was_called_gets_a_task() {
    let all = [called(CENTRE, true, 0), called(TEAM, false, 0), called(OTHER, false, 0)];
    let task =
        |unit| PlannedTask { unit, what: "清运".to_owned(), limit: "2wd".parse().unwrap() };
    let meeting = Meeting {
        minutes: "由环卫牵头。".to_owned(),
        lead: TEAM,
        co_handlers: vec![OTHER],
        stages: vec![PlannedStage { name: "清理".to_owned(), tasks: vec![task(TEAM)] }],
    };
    assert_eq!(meeting.check(&all), Ok(()), "who stays away gets a task all the same");
    let field = |meeting: Meeting| meeting.check(&all).expect_err("refused").field;
    let staged = |tasks| vec![PlannedStage { name: "清理".to_owned(), tasks }];
    let wrong = |change: &dyn Fn(&mut Meeting)| {
        let mut wrong = meeting.clone();
        change(&mut wrong);
        field(wrong).expect("a field")
    };
    assert_eq!(wrong(&|m| m.minutes = "  ".to_owned()), "meeting.minutes");
    assert_eq!(wrong(&|m| m.lead = UnitId(9)), "meeting.lead");
    assert_eq!(wrong(&|m| m.co_handlers = vec![UnitId(9)]), "meeting.co_handlers");
    assert_eq!(wrong(&|m| m.co_handlers = vec![TEAM]), "meeting.co_handlers", "two leads");
    assert_eq!(wrong(&|m| m.co_handlers = vec![OTHER, OTHER]), "meeting.co_handlers");
    assert_eq!(wrong(&|m| m.stages = vec![]), "meeting.stages");
    assert_eq!(wrong(&|m| m.stages = staged(vec![])), "meeting.stages");
    assert_eq!(wrong(&|m| m.stages = staged(vec![task(CENTRE)])), "meeting.stages");
    assert_eq!(wrong(&|m| m.stages[0].tasks[0].limit.amount = 0), "meeting.stages");
    assert_eq!(wrong(&|m| m.stages[0].tasks[0].what = "长".repeat(2_001)), "meeting.stages");
    assert_eq!(wrong(&|m| m.stages = staged(vec![task(TEAM); 101])), "meeting.stages");
}

#[test]
fn a_request_lapses_where_it_cannot_be_granted() {
    assert!(!Request::Extension.lapses_in(State::OnSite));
    assert!(Request::Extension.lapses_in(State::Returned), "the next unit asks for itself");
    assert!(Request::Suspension.lapses_in(State::Done));
    assert!(!Request::Reopen.lapses_in(State::Evaluated), "evaluation takes no right away");
    for &request in Request::ALL {
        assert_eq!(request.granting().asking(), Some(Asking::Grant(request)));
        assert!(request.lapses_in(State::Merged));
    }
}
