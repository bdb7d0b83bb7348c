//! The six steps and the way up, and two who act at once.

use domain::Kind;
use domain::clocks::Stage;
use domain::ids::{TicketId, UnitId};
use domain::tickets::{ActOnTicket, Action, ShowTicket, State};
use jiff::Timestamp;
use support::tickets::{act, begun, dispatched, done, kind, opened};

#[tokio::test]
async fn a_report_has_its_ticket_with_unit_and_deadline_when_it_is_acknowledged() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let ticket = &shown.ticket;
    assert_eq!((ticket.state, ticket.seq, ticket.level), (State::Reported, 1, 3));
    assert_eq!((ticket.unit_name.as_str(), ticket.cell.as_deref()), ("联动中心", Some("a")));
    assert_eq!(ticket.stage, Some(Stage::Verify));
    let time = |text: &Option<String>| -> Timestamp {
        text.as_deref().and_then(|text| text.parse().ok()).expect("a time")
    };
    let opened_at: Timestamp = ticket.opened_at.parse().expect("a time");
    assert!(opened_at < time(&ticket.warn_at));
    assert!(time(&ticket.warn_at) < time(&ticket.due_at));
    assert!(time(&ticket.due_at) < time(&ticket.long_at));
    assert_eq!(shown.events.len(), 1);
    assert_eq!(shown.events[0].action, Action::Open);
    assert_eq!(shown.reports.len(), 1);
    let offers: Vec<Action> = shown.offers.iter().map(|offer| offer.action).collect();
    assert!(offers.contains(&Action::File) && !offers.contains(&Action::Accept), "{offers:?}");
    service.finish().await;
}

#[tokio::test]
async fn a_ticket_goes_through_the_six_steps_from_report_to_evaluation() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    assert_eq!(shown.ticket.unit, cast.team.1);
    assert_eq!(shown.ticket.stage, Some(Stage::Handle));
    let handling = shown.ticket.clock.clone();
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let shown = done(&cast.team.0, &shown, Action::Arrive).await;
    assert_eq!(shown.ticket.clock, handling, "the clock that began at dispatch goes on");
    let shown = done(&cast.team.0, &shown, Action::FeedBack).await;
    assert_eq!((shown.ticket.state, shown.ticket.unit_name.as_str()), (State::Done, "联动中心"));
    assert_eq!(kind(cast.team.0.ask(&act(&shown, Action::Confirm)).await), Kind::Forbidden);
    let shown = done(&cast.inspector, &shown, Action::SendBack).await;
    assert_eq!((shown.ticket.state, shown.ticket.unit), (State::Rework, cast.team.1));
    let shown = done(&cast.team.0, &shown, Action::FeedBack).await;
    let shown = done(&cast.inspector, &shown, Action::Confirm).await;
    let shown = done(&cast.dispatcher, &shown, Action::Close).await;
    let shown = done(&cast.dispatcher, &shown, Action::Evaluate).await;
    assert_eq!(shown.ticket.state, State::Evaluated);
    assert!(shown.ticket.ended_at.is_some() && shown.ticket.due_at.is_none());
    let steps: Vec<Action> = shown.events.iter().map(|event| event.action).collect();
    assert_eq!(steps.len(), 11);
    assert!(shown.events.windows(2).all(|w| w[0].to == w[1].from && w[0].seq + 1 == w[1].seq));
    assert!(shown.events[1..].iter().all(|event| event.name.is_some()), "by whom is told");
    service.finish().await;
}

#[tokio::test]
async fn what_a_level_cannot_solve_goes_up_with_a_clock_of_its_own() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let too_high = cast.team.0.ask(&act(&shown, Action::RaiseTo1)).await;
    assert_eq!(kind(too_high), Kind::Invalid);
    let shown = done(&cast.team.0, &shown, Action::RaiseTo2).await;
    assert_eq!((shown.ticket.level, shown.ticket.unit), (2, cast.community.1));
    assert_eq!(shown.ticket.stage, Some(Stage::Raise));
    let shown = done(&cast.community.0, &shown, Action::RaiseTo1).await;
    assert_eq!((shown.ticket.level, shown.ticket.unit_name.as_str()), (1, "联动中心"));
    service.finish().await;
}

#[tokio::test]
async fn of_two_who_act_at_once_one_wins_and_the_other_is_told_the_present_state() {
    let (service, cast) = begun().await;
    for _ in 0..5 {
        let shown = opened(&service, &cast.dispatcher, 50_000).await;
        let (file, refuse) = (act(&shown, Action::File), act(&shown, Action::Refuse));
        let (one, two) = tokio::join!(cast.dispatcher.ask(&file), cast.lead.ask(&refuse));
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        let won = won.expect("one of them wins").ticket;
        let lost = lost.expect_err("the other loses");
        assert_eq!(lost.kind, Kind::Moved);
        assert!(lost.message.en.contains("step 2"), "{lost}");
        let now = cast.lead.ask(&ShowTicket { ticket: won.id }).await.expect("it is shown");
        assert_eq!((now.ticket.state, now.events.len()), (won.state, 2));
    }
    service.finish().await;
}

#[tokio::test]
async fn the_same_action_sent_twice_acts_once() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let file = ActOnTicket { key: Some("k1".to_owned()), ..act(&shown, Action::File) };
    let first = cast.dispatcher.ask(&file).await.expect("it is filed");
    let again = cast.dispatcher.ask(&file).await.expect("the same answer");
    assert_eq!((first.ticket, first.events), (again.ticket, again.events));
    service.finish().await;
}

#[tokio::test]
async fn what_is_missing_is_named_and_nothing_happens() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let silent = ActOnTicket { note: String::new(), ..act(&shown, Action::Refuse) };
    let why = cast.dispatcher.ask(&silent).await.expect_err("a reason is owed");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("note")));
    let filed = done(&cast.dispatcher, &shown, Action::File).await;
    let nowhere = cast.dispatcher.ask(&act(&filed, Action::Dispatch)).await;
    assert_eq!(nowhere.expect_err("refused").field.as_deref(), Some("unit"));
    let unknown = ActOnTicket { unit: Some(UnitId(999)), ..act(&filed, Action::Dispatch) };
    let why = cast.dispatcher.ask(&unknown).await.expect_err("refused");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("unit")));
    let nothing = ActOnTicket { into: Some(TicketId(999)), ..act(&filed, Action::Merge) };
    let why = cast.dispatcher.ask(&nothing).await.expect_err("refused");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Missing, Some("into")));
    let now = cast.dispatcher.ask(&ShowTicket { ticket: filed.ticket.id }).await;
    assert_eq!(now.expect("it is shown").ticket.seq, 2);
    service.finish().await;
}
