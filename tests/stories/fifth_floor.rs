//! Story 5: the fifth floor of the shopping centre.

use crate::tale::{Clocked, Tale, Unit, staged};
use domain::Kind;
use domain::clocks::Stage;
use domain::people::{Role, UnitKind};
use domain::reports::{Channel, TakeReport};
use domain::tickets::{ActOnTicket, Action, HeldMeeting, Meeting, State};
use support::tickets::{kind, report};

/// The units of the story. The linkage centre is the dispatcher's.
struct Cast {
    team: Unit,
    community: Unit,
    street: Unit,
    task_force: Unit,
    /// Housing and construction, urban management, planning, the fire brigade.
    departments: [Unit; 4],
    /// Police, food safety, work safety: their advisers help to establish the facts.
    advisers: [Unit; 3],
}

impl Cast {
    async fn of(tale: &Tale) -> Self {
        let leader = Role::Leader;
        let street = UnitKind::Department;
        Self {
            team: tale.unit("商圈网格队", UnitKind::GridTeam, leader, Some((3, "a"))).await,
            community: tale.unit("商圈社区", UnitKind::Community, leader, Some((2, "P"))).await,
            street: tale.unit("长桥街道办事处", street, leader, Some((1, "S"))).await,
            task_force: tale.department("“331”专项整治办公室").await,
            departments: [
                tale.department("住房和建设局（人防办）").await,
                tale.department("城市管理局").await,
                tale.department("规划和自然资源局").await,
                tale.department("消防救援大队").await,
            ],
            advisers: [
                tale.department("公安派出所").await,
                tale.department("食品安全监管所").await,
                tale.department("安全生产监管办公室").await,
            ],
        }
    }

    /// Everybody the street calls, and everybody with a share but the lead.
    fn called(&self) -> Vec<&Unit> {
        let others = self.departments.iter().chain(&self.advisers);
        [&self.task_force, &self.team].into_iter().chain(others).collect()
    }
}

fn fire_hazard() -> TakeReport {
    TakeReport {
        channel: Channel::Platform,
        category: Some("1103".to_owned()),
        text: "商场五楼擅自改造隔间出租，消防通道被堵，多次反映无果".to_owned(),
        ..report(40_000)
    }
}

/// From the report to the street: each level looks and passes it up.
async fn raised_to_the_street(tale: &mut Tale, cast: &Cast) {
    use Clocked::{GoesOn, Starts};
    let centre = tale.centre.clone();
    let Cast { team, community, street, .. } = cast;
    tale.report(&centre, &fire_hazard()).await;
    tale.says(&centre, Action::File, "立案", State::Filed, "联动中心", Starts(Stage::Dispatch))
        .await;
    let send = ActOnTicket { unit: Some(team.id), ..tale.act(Action::Dispatch, "请核处") };
    tale.then(&centre, send, State::Dispatched, team.name, Starts(Stage::Handle)).await;
    let handling = tale.shown().ticket.due_at.clone();
    tale.says(&team.by, Action::Accept, "收到", State::Accepted, team.name, GoesOn).await;
    let raise = Starts(Stage::Raise);
    let why = "涉及结构和消防，网格无执法权";
    tale.says(&team.by, Action::RaiseTo2, why, State::Raised2, community.name, raise).await;
    assert_ne!(tale.shown().ticket.due_at, handling, "the level above has a clock of its own");
    let why = "现场查看";
    tale.says(&community.by, Action::Arrive, why, State::Raised2, community.name, GoesOn).await;
    let skipped = team.by.ask(&tale.act(Action::RaiseTo1, "越级")).await;
    assert_eq!(kind(skipped), Kind::Forbidden, "it is the community's now");
    let why = "现场已看，社区协调不了";
    tale.says(&community.by, Action::RaiseTo1, why, State::Raised1, street.name, raise).await;
    assert_eq!(tale.shown().ticket.level, 1);
}

/// The street calls nine units; each checks in.
async fn whistled(tale: &mut Tale, cast: &Cast) {
    let street = &cast.street;
    let called = cast.called();
    let mut call: Vec<_> = called.iter().map(|unit| unit.id).collect();
    let centre = tale.shown().events[0].unit_name.clone();
    assert_eq!(centre, "联动中心");
    let (_, centre) =
        tale.service.signed_in_at(Role::ShiftLead, UnitKind::Centre, "联动中心", None).await;
    call.push(centre);
    let why = "住建、城管、规划、消防各管一段，须共同认定";
    let whistle = ActOnTicket { call, ..tale.act(Action::Whistle, why) };
    let check_in = Clocked::Starts(Stage::CheckIn);
    tale.then(&street.by, whistle, State::Whistled, street.name, check_in).await;
    for unit in called {
        tale.checks_in(unit, street.name).await;
    }
    let desk = Unit { by: tale.centre.clone(), id: centre, name: "联动中心" };
    tale.checks_in(&desk, street.name).await;
    let whistle = tale.shown().whistles.last().expect("a whistle");
    assert_eq!(whistle.called.len(), 11, "ten called and the street itself");
    assert!(whistle.called.iter().all(|unit| unit.checked_in_at.is_some()), "all are there");
}

/// The meeting of 4 March: the task force leads, three stages.
async fn met(tale: &mut Tale, cast: &Cast) {
    let plan = tale.plan("three_stages").await;
    let Cast { street, task_force, team, departments, advisers, .. } = cast;
    let [housing, urban, _, fire] = departments;
    let [police, food, safety] = advisers;
    let facts: &[&Unit] = &[team, police, urban, food, safety, fire];
    let meeting = Meeting {
        minutes: "三月四日协调会：由“331”专项办牵头，各部门按职责分三个阶段推进。".to_owned(),
        lead: task_force.id,
        co_handlers: cast.called()[1..].iter().map(|unit| unit.id).collect(),
        stages: vec![
            staged(&plan, 0, &[facts]),
            staged(&plan, 1, &[&[housing, fire], &[task_force]]),
            staged(&plan, 2, &[&[task_force, urban]]),
        ],
    };
    let meet = ActOnTicket { meeting: Some(meeting), ..tale.act(Action::Meet, "协调会") };
    let stranger = cast.community.by.ask(&meet).await;
    assert_eq!(kind(stranger), Kind::Forbidden, "the street blew, the street holds the meeting");
    let handle = Clocked::Starts(Stage::Handle);
    tale.then(&street.by, meet, State::Coordinated, task_force.name, handle).await;
    let held = held(tale);
    let stages: Vec<_> = held.tasks.iter().map(|t| (t.stage, t.stage_name.as_str())).collect();
    assert_eq!(
        (stages[0], stages[6], stages[10]),
        ((1, "摸清底数"), (2, "先期整改"), (3, "集中整治"))
    );
    assert_eq!((held.lead, held.tasks.len()), (task_force.id, 11));
    let last = held.tasks.iter().map(|task| task.due_at).max().map(|due| due.to_string());
    assert_eq!(tale.shown().ticket.due_at, last, "the lead has it until the last task is due");
}

fn held(tale: &Tale) -> &HeldMeeting {
    let whistle = tale.shown().whistles.last().expect("a whistle");
    whistle.meeting.as_ref().expect("it was held")
}

/// Every task is finished by whom it is for, with photos; until then the lead cannot feed back.
async fn worked_off(tale: &mut Tale, cast: &Cast) {
    let lead = &cast.task_force;
    let all = cast.called();
    let tasks: Vec<_> = held(tale).tasks.iter().map(|t| (t.number, t.unit, t.stage)).collect();
    for (number, unit, stage) in tasks {
        let early = tale.act(Action::FeedBack, "完成");
        assert_eq!(kind(lead.by.ask(&early).await), Kind::Invalid, "task {number} is open");
        let own = all.iter().find(|own| own.id == unit).expect("it was called");
        let finish = ActOnTicket {
            task: Some(number),
            photos: vec![own.by.photographs(number as u8).await],
            ..tale.act(
                Action::FinishTask,
                ["清单已列", "通知已送达", "已拆除恢复"][stage as usize - 1],
            )
        };
        let other = all.iter().find(|other| other.id != unit).expect("another unit");
        assert_ne!(kind(other.by.ask(&finish).await), Kind::Moved, "it is not theirs to finish");
        let (state, clock) = (State::Coordinated, Clocked::GoesOn);
        tale.then(&own.by, finish, state, lead.name, clock).await;
    }
    assert!(
        held(tale).tasks.iter().all(|task| task.finished_at.is_some_and(|at| at < task.due_at))
    );
}

#[tokio::test]
async fn the_fifth_floor_is_put_right_by_nine_units_under_one_lead_in_three_stages() {
    let mut tale = Tale::begins().await;
    let cast = Cast::of(&tale).await;
    raised_to_the_street(&mut tale, &cast).await;
    whistled(&mut tale, &cast).await;
    met(&mut tale, &cast).await;
    worked_off(&mut tale, &cast).await;
    let (lead, inspect) = (cast.task_force.by.clone(), Clocked::Starts(Stage::Inspect));
    let (state, owner) = (State::Done, "联动中心");
    tale.says(&lead, Action::FeedBack, "五楼恢复原状", state, owner, inspect).await;
    tale.is_inspected_and_closed().await;
    tale.hangs_together();
    let evaluate = tale.act(Action::Evaluate, "按期结案");
    let end = tale.centre.ask(&evaluate).await.expect("it is evaluated");
    assert_eq!(end.ticket.state, State::Evaluated);
    let count = |action| end.events.iter().filter(|event| event.action == action).count();
    assert_eq!(
        (count(Action::CheckIn), count(Action::Meet), count(Action::FinishTask)),
        (10, 1, 11)
    );
    assert_eq!(count(Action::Remind) + count(Action::ReportAbsent), 0, "everybody came in time");
    tale.service.finish().await;
}
