//! Story 1: the pile between two walls.

use crate::tale::{Clocked, Tale, Unit, staged};
use backend::tickets::keeper::{Keeper, Kept};
use backend::tickets::timing::Timing;
use domain::clocks::Stage;
use domain::grids::{Basis, Locate};
use domain::people::{Role, UnitKind};
use domain::tickets::{ActOnTicket, Action, Meeting, ShownTicket, State};
use domain::{Datum, Kind};
use std::sync::Arc;
use support::tickets::{kind, report, shown};

/// In the strip between the wall of the flats (cell b) and that of the company (cell c), which
/// nobody drew.
const BETWEEN: i32 = 201_000;

/// The units of the story.
struct Cast {
    team: Unit,
    community: Unit,
    sanitation: Unit,
    urban: Unit,
    housing: Unit,
}

/// The place, the cell that owns it, and the people there.
async fn begins() -> (Tale, Cast, String) {
    let tale = Tale::begins().await;
    let place = report(BETWEEN);
    let ground =
        Locate { lng: place.lng, lat: place.lat, datum: Datum::Cgcs2000, accuracy_m: None };
    let ground = tale.service.ask(&ground).await.expect("every place has a cell");
    assert_eq!(ground.basis, Basis::BlankZone, "no drawn cell covers the strip");
    let cell = ground.cell.expect("and yet it has an owner");
    let above = if cell == "c" { "Q" } else { "P" };
    let (team, community) = (UnitKind::GridTeam, UnitKind::Community);
    let cast = Cast {
        team: tale.unit("吴中苑网格队", team, Role::Leader, Some((3, cell.as_str()))).await,
        community: tale.unit("吴中苑社区", community, Role::Leader, Some((2, above))).await,
        sanitation: tale.department("环境卫生管理所").await,
        urban: tale.department("城市管理办公室").await,
        housing: tale.department("住房和建设办公室").await,
    };
    (tale, cast, cell)
}

/// Residents report it again and again. Each time a part is carted off, and it is closed.
async fn it_is_reported_for_years(tale: &mut Tale) {
    let (resident, centre) = (tale.service.nobody().clone(), tale.centre.clone());
    for _ in 0..3 {
        tale.report(&resident, &report(BETWEEN)).await;
        assert_eq!(tale.shown().chronic, None, "too few to tell");
        let (state, rate) = (State::Closed, Clocked::Starts(Stage::Evaluate));
        tale.says(&centre, Action::SettleOnSpot, "清了一车", state, "联动中心", rate).await;
    }
}

/// Another report in March, and now it is told that this place is chronic.
async fn it_is_reported_again(tale: &mut Tale, cell: String) {
    let resident = tale.service.nobody().clone();
    tale.report(&resident, &report(BETWEEN)).await;
    assert_eq!(tale.shown().ticket.cell, Some(cell));
    assert_eq!(tale.shown().chronic.as_ref().map(|chronic| chronic.times), Some(3));
}

/// The action that is suggested to whoever looks.
fn suggested(shown: &ShownTicket) -> Option<Action> {
    shown.offers.iter().find(|offer| offer.suggested.is_some()).map(|offer| offer.action)
}

/// The grid member is sent to look, it is filed and dispatched, and the grid leader cannot solve
/// it.
async fn the_grid_cannot_solve_it(tale: &mut Tale, cast: &Cast) {
    use Clocked::{GoesOn, Starts};
    let (centre, Cast { team, community, .. }) = (tale.centre.clone(), cast);
    let look = "围墙间又有人报垃圾，请看现场";
    tale.says(&centre, Action::Look, look, State::Looking, team.name, GoesOn).await;
    let found = "两墙之间堆积多年，约三车";
    tale.says(&team.by, Action::Describe, found, State::Reported, "联动中心", GoesOn).await;
    let dispatch = Starts(Stage::Dispatch);
    tale.says(&centre, Action::File, "立案", State::Filed, "联动中心", dispatch).await;
    let send = ActOnTicket { unit: Some(team.id), ..tale.act(Action::Dispatch, "请处置") };
    tale.then(&centre, send, State::Dispatched, team.name, Starts(Stage::Handle)).await;
    tale.says(&team.by, Action::Accept, "收到", State::Accepted, team.name, GoesOn).await;
    tale.says(&team.by, Action::Arrive, "已到", State::OnSite, team.name, GoesOn).await;
    assert!(tale.shown().ticket.arrived_at.is_some());
    assert_eq!(suggested(tale.shown()), Some(Action::RaiseTo2), "clearing it again solves nothing");
    let early = ActOnTicket { call: vec![cast.urban.id], ..tale.act(Action::Whistle, "吹哨") };
    assert_eq!(kind(team.by.ask(&early).await), Kind::Moved, "its own level has not failed yet");
    let cannot = "网格无力清运，权属不清";
    let raise = Starts(Stage::Raise);
    tale.says(&team.by, Action::RaiseTo2, cannot, State::Raised2, community.name, raise).await;
    assert_eq!(tale.shown().ticket.level, 2);
}

/// The community looks for itself and calls the others together; sanitation leads and makes the
/// plan: two working days.
async fn the_community_whistles(tale: &mut Tale, cast: &Cast) {
    use Clocked::{GoesOn, Starts};
    let Cast { community, sanitation, urban, housing, .. } = cast;
    let (by, name) = (&community.by, community.name);
    tale.says(by, Action::Arrive, "现场研判", State::Raised2, name, GoesOn).await;
    assert_eq!(suggested(tale.shown()), Some(Action::Whistle));
    let call = vec![sanitation.id, urban.id, housing.id];
    let why = "垃圾夹在两墙之间，各家都说不归己管";
    let whistle = ActOnTicket { call, ..tale.act(Action::Whistle, why) };
    tale.then(by, whistle, State::Whistled, name, Starts(Stage::CheckIn)).await;
    for unit in [sanitation, urban, housing] {
        tale.checks_in(unit, name).await;
    }
    let plan = tale.plan("one_stage").await;
    let meeting = Meeting {
        minutes: "环卫所牵头清运，两日内清完；城管办、住建办协办，查明来源、修补围墙。".to_owned(),
        lead: sanitation.id,
        co_handlers: vec![urban.id, housing.id],
        stages: vec![staged(&plan, 0, &[&[sanitation]])],
    };
    let meet = ActOnTicket { meeting: Some(meeting), ..tale.act(Action::Meet, "协调会") };
    let handle = Starts(Stage::Handle);
    tale.then(by, meet, State::Coordinated, sanitation.name, handle).await;
    let ticket = &tale.shown().ticket;
    let task = &tale.shown().whistles[0].meeting.as_ref().expect("it was held").tasks[0];
    assert_eq!(task.clock.limit.to_string(), "2wd");
    assert_eq!(ticket.due_at.as_deref(), Some(task.due_at.to_string().as_str()));
}

/// It is gone, with photos that show it.
async fn it_is_cleared(tale: &mut Tale, cast: &Cast) {
    let Cast { sanitation, urban, .. } = cast;
    let early = tale.act(Action::FeedBack, "清完了");
    assert_eq!(kind(sanitation.by.ask(&early).await), Kind::Invalid, "its task is open");
    let photos = vec![sanitation.by.photographs(1).await, sanitation.by.photographs(2).await];
    let clear = tale.act(Action::FinishTask, "三车清完，地面已消杀");
    let clear = ActOnTicket { task: Some(1), photos, ..clear };
    let (state, name) = (State::Coordinated, sanitation.name);
    tale.then(&sanitation.by, clear, state, name, Clocked::GoesOn).await;
    let inspect = Clocked::Starts(Stage::Inspect);
    let by = &sanitation.by;
    tale.says(by, Action::FeedBack, "清完了", State::Done, "联动中心", inspect).await;
    assert_eq!(kind(urban.by.ask(&tale.act(Action::Confirm, "")).await), Kind::Forbidden);
}

#[tokio::test]
async fn the_pile_between_two_walls_is_gone_two_days_after_the_whistle() {
    let (mut tale, cast, cell) = begins().await;
    it_is_reported_for_years(&mut tale).await;
    it_is_reported_again(&mut tale, cell).await;
    the_grid_cannot_solve_it(&mut tale, &cast).await;
    the_community_whistles(&mut tale, &cast).await;
    it_is_cleared(&mut tale, &cast).await;
    tale.is_inspected_and_closed().await;
    tale.hangs_together();
    // Nobody rates it within the week; the service evaluates it by itself.
    let id = tale.shown().ticket.id;
    let rated_until = tale.shown().ticket.due_at.as_ref().expect("a week").parse();
    let timing = Arc::new(Timing::shipped().expect("lawful files"));
    let mut keeper = Keeper::new(tale.service.db.clone(), timing);
    let kept = keeper.pass(rated_until.expect("a time")).await.expect("a pass");
    assert_eq!(kept, Kept { evaluated: 4, ..Kept::default() });
    let end = shown(&cast.community.by, id).await;
    assert_eq!((end.ticket.state, end.events.len()), (State::Evaluated, 19));
    assert!(end.ticket.ended_at.is_some() && end.ticket.due_at.is_none());
    assert_eq!(end.whistles, tale.shown().whistles, "who came and what was done stays on record");
    tale.service.finish().await;
}
