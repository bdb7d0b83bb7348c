//! A story as it is told: who does what, and what everybody can see then.

use domain::clocks::Stage;
use domain::ids::UnitId;
use domain::people::{Role, UnitKind};
use domain::reports::TakeReport;
use domain::tickets::{
    ActOnTicket, Action, ListStagePlans, PlannedStage, PlannedTask, ShownTicket, StagePlan, State,
};
use jiff::{SignedDuration, Timestamp};
use support::district::district;
use support::tickets::{act, reported};
use support::{Service, Visitor};

/// Somebody of a unit, with the unit's number.
pub struct Unit {
    /// Who acts for it.
    pub by: Visitor,
    /// Its number.
    pub id: UnitId,
    /// Its name.
    pub name: &'static str,
}

/// What becomes of the clock of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clocked {
    /// A new one starts for this stage.
    Starts(Stage),
    /// The one of before goes on.
    GoesOn,
}

/// A place, its people, and a ticket that goes its way.
pub struct Tale {
    pub service: Service,
    /// The linkage centre's dispatcher.
    pub centre: Visitor,
    pub inspector: Visitor,
    /// The ticket as it was seen last; before the first report there is none.
    shown: Option<ShownTicket>,
}

impl Tale {
    pub async fn begins() -> Self {
        let service = Service::start().await;
        service.publish(district()).await;
        let centre = service.signed_in(Role::Dispatcher).await;
        let inspector = service.signed_in(Role::Inspector).await;
        Self { service, centre, inspector, shown: None }
    }

    /// A unit of this name, with somebody who acts for it, posted to a cell or to none.
    pub async fn unit(
        &self,
        name: &'static str,
        kind: UnitKind,
        role: Role,
        post: Option<(u8, &str)>,
    ) -> Unit {
        let (by, id) = self.service.signed_in_at(role, kind, name, post).await;
        Unit { by, id, name }
    }

    /// A department with its adviser.
    pub async fn department(&self, name: &'static str) -> Unit {
        self.unit(name, UnitKind::Department, Role::Adviser, None).await
    }

    /// Somebody reports; the ticket is with the centre, its verification running.
    pub async fn report(&mut self, by: &Visitor, report: &TakeReport) {
        let shown = reported(by, report, &self.centre).await;
        let ticket = &shown.ticket;
        assert_eq!((ticket.state, ticket.unit_name.as_str()), (State::Reported, "联动中心"));
        assert_eq!((ticket.stage, ticket.level), (Some(Stage::Verify), 3));
        assert!(ticket.due_at.is_some() && ticket.warn_at < ticket.due_at);
        assert_eq!((shown.events.len(), shown.events[0].action), (1, Action::Open));
        self.shown = Some(shown);
    }

    /// The ticket as it was seen last.
    pub fn shown(&self) -> &ShownTicket {
        self.shown.as_ref().expect("somebody reported")
    }

    /// What an action says about the ticket as it stands.
    pub fn act(&self, action: Action, note: &str) -> ActOnTicket {
        ActOnTicket { note: note.to_owned(), ..act(self.shown(), action) }
    }

    /// Somebody acts; the ticket is then in this state, of this unit, its clock new or as before,
    /// and its timeline has one more line.
    pub async fn then(
        &mut self,
        by: &Visitor,
        act: ActOnTicket,
        state: State,
        owner: &str,
        clocked: Clocked,
    ) {
        let action = act.action;
        let before = self.shown.take().expect("somebody reported");
        let after = by.ask(&act).await.unwrap_or_else(|why| panic!("{action}: {why}"));
        let ticket = &after.ticket;
        assert_eq!((ticket.state, ticket.unit_name.as_str()), (state, owner), "{action}");
        let event = after.events.last().expect("an event");
        let (from, to) = (event.from, event.to);
        assert_eq!((event.action, from, to), (action, before.ticket.state, state));
        assert_eq!((&event.note, event.unit_name.as_str()), (&act.note, owner), "{action}");
        assert!(event.name.is_some(), "{action}: by whom");
        assert_eq!(after.events[..after.events.len() - 1], before.events, "{action}: the past");
        let at: Timestamp = event.at.parse().expect("a time");
        let clock = ticket.clock.as_ref();
        match clocked {
            Clocked::GoesOn => assert_eq!(clock, before.ticket.clock.as_ref(), "{action}"),
            Clocked::Starts(stage) => {
                assert_eq!(ticket.stage, Some(stage), "{action}");
                let began = clock.expect("a clock").started_at.duration_since(at).abs();
                assert!(began < SignedDuration::from_millis(1), "{action}: its clock starts");
            }
        }
        let due: Timestamp = ticket.due_at.as_ref().expect("a deadline").parse().expect("a time");
        assert!(due > at, "{action} leaves a deadline that lies ahead");
        self.shown = Some(after);
    }

    /// The same for actions that need nothing said but words.
    pub async fn says(
        &mut self,
        by: &Visitor,
        action: Action,
        note: &str,
        state: State,
        owner: &str,
        clocked: Clocked,
    ) {
        self.then(by, self.act(action, note), state, owner, clocked).await;
    }

    /// A unit that was called checks in.
    pub async fn checks_in(&mut self, unit: &Unit, owner: &str) {
        let state = State::Whistled;
        self.says(&unit.by, Action::CheckIn, "到", state, owner, Clocked::GoesOn).await;
        let whistle = self.shown().whistles.last().expect("a whistle");
        let called = whistle.called.iter().find(|called| called.unit == unit.id);
        let called = called.unwrap_or_else(|| panic!("{} was called", unit.name));
        assert!(called.checked_in_at.is_some_and(|at| at < whistle.due_at), "{}", unit.name);
    }

    /// A shipped plan of stages.
    pub async fn plan(&self, code: &str) -> StagePlan {
        let plans = self.centre.ask(&ListStagePlans {}).await.expect("a list");
        plans.into_iter().find(|plan| plan.code == code).expect("it is shipped")
    }

    /// The centre has it looked at by somebody else, and closes it.
    pub async fn is_inspected_and_closed(&mut self) {
        let (inspector, centre) = (self.inspector.clone(), self.centre.clone());
        let (state, clocked) = (State::Inspected, Clocked::GoesOn);
        self.says(&inspector, Action::Confirm, "现场已清", state, "联动中心", clocked).await;
        let (state, clocked) = (State::Closed, Clocked::Starts(Stage::Evaluate));
        self.says(&centre, Action::Close, "结案", state, "联动中心", clocked).await;
    }

    /// Every line of the timeline follows the one before, and says by whom.
    pub fn hangs_together(&self) {
        let events = &self.shown().events;
        for (number, event) in (1..).zip(events) {
            assert_eq!(event.seq, number);
        }
        assert!(events.windows(2).all(|two| two[0].to == two[1].from && two[0].at <= two[1].at));
    }
}

/// A stage of a plan with the unit that each of its tasks falls to, in order.
pub fn staged(plan: &StagePlan, stage: usize, units: &[&[&Unit]]) -> PlannedStage {
    let stage = &plan.stages[stage];
    assert_eq!(stage.tasks.len(), units.len(), "{}: a unit for each task", stage.name.zh);
    let tasks = stage.tasks.iter().zip(units).flat_map(|(task, units)| {
        units.iter().map(|unit| PlannedTask {
            unit: unit.id,
            what: task.what.zh.clone(),
            limit: task.limit,
        })
    });
    PlannedStage { name: stage.name.zh.clone(), tasks: tasks.collect() }
}
