//! Story 3: the call on the second day of the new year.

use crate::tale::{Clocked, Tale};
use domain::clocks::Stage;
use domain::people::{Role, UnitKind};
use domain::reports::{Channel, TakeReport};
use domain::tickets::{ActOnTicket, Action, State};
use jiff::Timestamp;
use support::tickets::report;

#[tokio::test]
async fn a_call_on_a_holiday_brings_somebody_on_site_within_the_hour() {
    use Clocked::{GoesOn, Starts};
    let mut tale = Tale::begins().await;
    let centre = tale.centre.clone();
    let sub = tale.unit("东片分中心", UnitKind::SubCentre, Role::SubCentre, None).await;
    let post = Some((3, "b"));
    let team = tale.unit("新村网格队", UnitKind::GridTeam, Role::Leader, post).await;
    let call = TakeReport {
        channel: Channel::Hotline,
        category: Some("1503".to_owned()),
        text: "邻居疑似从封控城市返回".to_owned(),
        ..report(150_000)
    };
    tale.report(&centre, &call).await;
    let file = ActOnTicket { urgent: Some(true), ..tale.act(Action::File, "来电，紧急") };
    tale.then(&centre, file, State::Filed, "联动中心", Starts(Stage::Dispatch)).await;
    let pass = ActOnTicket { unit: Some(sub.id), ..tale.act(Action::Pass, "请即派") };
    tale.then(&centre, pass, State::Passed, sub.name, Starts(Stage::Handle)).await;
    let time = |text: &Option<String>| -> Timestamp {
        text.as_deref().and_then(|text| text.parse().ok()).expect("a time")
    };
    let sent_at: Timestamp =
        tale.shown().events.last().expect("an event").at.parse().expect("a time");
    let owed = time(&tale.shown().ticket.arrive_due_at);
    // Urgent hours run day and night, on holidays too; marks are whole seconds.
    assert_eq!(owed.as_second() - sent_at.as_second(), 3_600);
    let send = ActOnTicket { unit: Some(team.id), ..tale.act(Action::Dispatch, "请上门") };
    tale.then(&sub.by, send, State::Dispatched, team.name, GoesOn).await;
    tale.says(&team.by, Action::Accept, "出发", State::Accepted, team.name, GoesOn).await;
    tale.says(&team.by, Action::Arrive, "到场", State::OnSite, team.name, GoesOn).await;
    let ticket = &tale.shown().ticket;
    assert!(time(&ticket.arrived_at) < owed, "within the hour");
    assert_eq!(time(&ticket.arrive_due_at), owed, "counted from the centre's dispatch");
    let (done, inspect) = (State::Done, Starts(Stage::Inspect));
    let answer = "体温正常，已安排居家观察";
    tale.says(&team.by, Action::FeedBack, answer, done, "联动中心", inspect).await;
    tale.is_inspected_and_closed().await;
    tale.hangs_together();
    tale.service.finish().await;
}
