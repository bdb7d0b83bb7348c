//! The meeting: minutes, exactly one lead, co-handlers, staged tasks.

use crate::stage::{Stage, last};
use domain::Kind;
use domain::clocks::Stage as Clocked;
use domain::tickets::{ActOnTicket, Action, ListStagePlans, Meeting, State};
use support::tickets::{act, kind, shown};

#[tokio::test]
async fn a_meeting_hands_the_ticket_to_its_one_lead_until_the_last_task_is_due() {
    let stage = Stage::set().await;
    let met = stage.met().await;
    let ticket = &met.ticket;
    assert_eq!((ticket.state, ticket.stage), (State::Coordinated, Some(Clocked::Handle)));
    assert_eq!(ticket.unit, stage.sanitation.1);
    let held = last(&met).meeting.as_ref().expect("it was held");
    assert_eq!((held.seq, held.lead), (ticket.seq, stage.sanitation.1));
    assert_eq!(held.minutes, "环卫所牵头清运，城管办查处倾倒者。");
    let tasks: Vec<_> =
        held.tasks.iter().map(|t| (t.number, t.stage, t.stage_name.as_str(), t.unit)).collect();
    let (sanitation, urban) = (stage.sanitation.1, stage.urban.1);
    assert_eq!(
        tasks,
        [(1, 1, "摸清底数", sanitation), (2, 2, "清理", sanitation), (3, 2, "清理", urban)]
    );
    // The database keeps microseconds.
    let begun = |at: jiff::Timestamp| {
        at.duration_since(held.at).abs() < jiff::SignedDuration::from_micros(2)
    };
    assert!(held.tasks.iter().all(|task| begun(task.clock.started_at)), "counted from the meeting");
    let due = |number: usize| held.tasks[number - 1].due_at;
    assert!(due(1) < due(3) && due(3) < due(2), "each has a deadline of its own");
    assert_eq!(ticket.due_at.as_deref(), Some(due(2).to_string().as_str()));
    let sharing: Vec<_> = last(&met).called.iter().filter(|c| c.shares).map(|c| c.unit).collect();
    assert_eq!(sharing, [sanitation, urban]);
    stage.service.finish().await;
}

#[tokio::test]
async fn what_a_meeting_leaves_open_is_named_and_nothing_happens() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let community = &stage.cast.community.0;
    let meet = |meeting: Option<Meeting>| ActOnTicket { meeting, ..act(&whistled, Action::Meet) };
    let good = stage.meeting();
    let stages_late = {
        let mut late = good.clone();
        late.stages[0].tasks[0].limit = "99999wd".parse().expect("a limit");
        late
    };
    for (wrong, field) in [
        (None, "meeting"),
        (Some(Meeting { minutes: String::new(), ..good.clone() }), "meeting.minutes"),
        (Some(Meeting { lead: stage.fire.1, ..good.clone() }), "meeting.lead"),
        (Some(Meeting { co_handlers: vec![good.lead], ..good.clone() }), "meeting.co_handlers"),
        (Some(Meeting { co_handlers: vec![], ..good.clone() }), "meeting.stages"),
        (Some(stages_late), "meeting.stages"),
    ] {
        let why = community.ask(&meet(wrong)).await.expect_err("refused");
        let named = why.field.as_deref();
        assert!(named == Some(field) || (field == "meeting" && named == Some("unit")), "{why}");
        assert_eq!(why.kind, Kind::Invalid);
    }
    let urban = stage.urban.0.ask(&meet(Some(good.clone()))).await;
    assert_eq!(kind(urban), Kind::Forbidden, "whoever blew holds the meeting");
    let now = shown(community, whistled.ticket.id).await;
    assert_eq!((now.ticket.state, &now.whistles), (State::Whistled, &whistled.whistles));
    assert!(community.ask(&meet(Some(good))).await.is_ok());
    stage.service.finish().await;
}

#[tokio::test]
async fn of_two_meetings_at_once_one_is_held() {
    let stage = Stage::set().await;
    for _ in 0..3 {
        let whistled = stage.whistled().await;
        let by_sanitation = stage.meeting();
        let by_urban = Meeting {
            lead: stage.urban.1,
            co_handlers: vec![stage.sanitation.1],
            ..by_sanitation.clone()
        };
        let meet = |meeting| ActOnTicket { meeting: Some(meeting), ..act(&whistled, Action::Meet) };
        let (one, two) = (meet(by_sanitation), meet(by_urban));
        let community = &stage.cast.community.0;
        let (one, two) = tokio::join!(community.ask(&one), community.ask(&two));
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(kind(lost), Kind::Moved);
        let won = won.expect("one is held");
        let now = shown(&stage.cast.dispatcher, whistled.ticket.id).await;
        assert_eq!(now.whistles, won.whistles);
        let lead = last(&now).meeting.as_ref().expect("held").lead;
        assert_eq!(now.ticket.unit, lead);
    }
    stage.service.finish().await;
}

#[tokio::test]
async fn a_meeting_may_begin_from_a_plan_of_stages_in_both_languages() {
    let stage = Stage::set().await;
    let plans = stage.urban.0.ask(&ListStagePlans {}).await.expect("a list");
    let three = plans.iter().find(|plan| plan.code == "three_stages").expect("story 5's");
    let names: Vec<_> = three.stages.iter().map(|s| (s.name.zh.as_str(), &s.name.en)).collect();
    assert_eq!(names[0].0, "摸清底数");
    assert!(names.iter().all(|(_, en)| !en.is_empty()) && !three.source.zh.is_empty());
    stage.service.finish().await;
}
