//! Who is called, who comes, and who sees it.

use crate::stage::{Stage, last, present};
use domain::Kind;
use domain::clocks::Stage as Clocked;
use domain::ids::UnitId;
use domain::people::{Role, UnitKind};
use domain::tickets::{ActOnTicket, Action, ListTickets, ShowTicket, State};
use jiff::Timestamp;
use support::tickets::{act, done, done_as, kind, shown};

#[tokio::test]
async fn a_whistle_names_whom_it_calls_why_and_until_when_they_must_be_there() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let ticket = &whistled.ticket;
    assert_eq!((ticket.state, ticket.stage), (State::Whistled, Some(Clocked::CheckIn)));
    assert_eq!(ticket.unit, stage.cast.community.1, "whoever blew has it until the meeting");
    let whistle = last(&whistled);
    assert_eq!(whistle.seq, ticket.seq);
    assert_eq!(ticket.due_at.as_deref(), Some(whistle.due_at.to_string().as_str()));
    let called: Vec<&str> = whistle.called.iter().map(|c| c.unit_name.as_str()).collect();
    assert_eq!(called.len(), 3);
    assert!(called.contains(&"环卫所") && called.contains(&"城管办"), "{called:?}");
    assert_eq!(present(&whistled), ["甲社区"], "whoever blew is there from the start");
    assert_eq!(whistled.events.last().expect("an event").note, "因为");
    stage.service.finish().await;
}

#[tokio::test]
async fn a_whistle_without_a_reason_without_anybody_or_for_nobody_known_is_refused() {
    let stage = Stage::set().await;
    let raised = stage.raised().await;
    let whistle = stage.whistle(&raised);
    let community = &stage.cast.community;
    for (wrong, field) in [
        (ActOnTicket { note: " ".to_owned(), ..whistle.clone() }, "note"),
        (ActOnTicket { call: vec![], ..whistle.clone() }, "call"),
        (ActOnTicket { call: vec![community.1], ..whistle.clone() }, "call"),
        (ActOnTicket { call: vec![UnitId(999_999)], ..whistle.clone() }, "call"),
        (ActOnTicket { call: (1..60).map(UnitId).collect(), ..whistle.clone() }, "call"),
    ] {
        let why = community.0.ask(&wrong).await.expect_err("refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some(field)), "{why}");
    }
    let now = shown(&community.0, raised.ticket.id).await;
    assert_eq!((now.ticket.state, now.whistles.len()), (State::Raised2, 0), "nothing is left");
    let twice = ActOnTicket { call: vec![stage.fire.1, stage.fire.1], ..whistle };
    let whistled = done_as(&community.0, &raised, twice).await;
    assert_eq!(last(&whistled).called.len(), 2, "named twice is called once");
    stage.service.finish().await;
}

#[tokio::test]
async fn a_whistle_is_blown_only_after_the_level_itself_failed_and_by_whom_it_was_raised_to() {
    let stage = Stage::set().await;
    let raised = stage.raised().await;
    let early = support::tickets::opened(&stage.service, &stage.cast.dispatcher, 60_000).await;
    let early = support::tickets::dispatched(&stage.cast, &early).await;
    let early = done(&stage.cast.team.0, &early, Action::Accept).await;
    assert_eq!(kind(stage.cast.team.0.ask(&stage.whistle(&early)).await), Kind::Moved);
    for other in [&stage.cast.team.0, &stage.cast.dispatcher] {
        assert_eq!(kind(other.ask(&stage.whistle(&raised)).await), Kind::Forbidden);
    }
    stage.service.finish().await;
}

#[tokio::test]
async fn units_that_are_called_see_the_ticket_and_check_in_once_each() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let id = whistled.ticket.id;
    for (person, sees) in
        [(&stage.sanitation.0, true), (&stage.urban.0, true), (&stage.fire.0, false)]
    {
        assert_eq!(person.ask(&ShowTicket { ticket: id }).await.is_ok(), sees);
        let list = person.ask(&ListTickets::default()).await.expect("a list");
        assert_eq!(list.iter().any(|ticket| ticket.id == id), sees);
    }
    let here = done(&stage.urban.0, &whistled, Action::CheckIn).await;
    let urban = last(&here).called.iter().find(|c| c.unit == stage.urban.1).expect("called");
    assert!(urban.checked_in_at.is_some_and(|at| at <= last(&here).due_at), "in time");
    assert_eq!(urban.checked_in_by.as_deref(), Some("网格指导员 department adviser"));
    let again = stage.urban.0.ask(&act(&here, Action::CheckIn)).await.expect_err("once");
    assert_eq!(again.kind, Kind::Invalid);
    let offers = shown(&stage.urban.0, id).await.offers;
    let offer = offers.iter().find(|offer| offer.action == Action::CheckIn).expect("a button");
    assert_eq!(offer.refused.as_ref(), Some(&again.message), "and the button says so");
    assert_eq!(kind(stage.fire.0.ask(&act(&here, Action::CheckIn)).await), Kind::Missing);
    assert_eq!(kind(stage.cast.lead.ask(&act(&here, Action::CheckIn)).await), Kind::Forbidden);
    stage.service.finish().await;
}

#[tokio::test]
async fn of_two_of_one_unit_who_check_in_at_once_one_does() {
    let stage = Stage::set().await;
    let colleague =
        stage.service.signed_in_at(Role::Adviser, UnitKind::Department, "环卫所", None).await;
    for _ in 0..3 {
        let whistled = stage.whistled().await;
        let check_in = act(&whistled, Action::CheckIn);
        let both = tokio::join!(stage.sanitation.0.ask(&check_in), colleague.0.ask(&check_in));
        let won = [&both.0, &both.1].iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(won, 1);
        let now = shown(&stage.sanitation.0, whistled.ticket.id).await;
        assert_eq!(now.events.len(), whistled.events.len() + 1);
        assert_eq!(present(&now).len(), 2);
    }
    stage.service.finish().await;
}

#[tokio::test]
async fn the_missing_can_be_reminded_by_hand_but_not_reported_before_their_time() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let here = done(&stage.sanitation.0, &whistled, Action::CheckIn).await;
    let early = act(&here, Action::ReportAbsent);
    let why = stage.cast.community.0.ask(&early).await.expect_err("their time is not over");
    assert_eq!(why.kind, Kind::Invalid);
    let reminded = done(&stage.cast.community.0, &here, Action::Remind).await;
    let at = |unit: UnitId| -> Option<Timestamp> {
        last(&reminded).called.iter().find(|c| c.unit == unit).and_then(|c| c.reminded_at)
    };
    assert!(at(stage.urban.1).is_some() && at(stage.sanitation.1).is_none());
    let all = done(&stage.urban.0, &reminded, Action::CheckIn).await;
    let why = stage.cast.community.0.ask(&act(&all, Action::Remind)).await;
    assert_eq!(kind(why), Kind::Invalid, "everybody is there");
    stage.service.finish().await;
}
