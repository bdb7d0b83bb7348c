//! Tasks: each finished by its unit with something that shows it, the whole fed back by the lead.

use crate::stage::{Stage, finish, last};
use domain::Kind;
use domain::reports::PhotoId;
use domain::tickets::{ActOnTicket, Action, ShowTicket, State};
use support::tickets::{act, done, done_as, kind, shown};

#[tokio::test]
async fn a_unit_finishes_its_own_tasks_once_with_what_shows_it() {
    let stage = Stage::set().await;
    let met = stage.met().await;
    let urban = &stage.urban.0;
    let photo = urban.photographs(1).await;
    let others = urban.ask(&finish(&met, 1)).await.expect_err("sanitation's task");
    assert_eq!((others.kind, others.field.as_deref()), (Kind::Forbidden, Some("task")));
    assert!(others.message.zh.contains("环卫所"), "{others}");
    let own = finish(&met, 3);
    let number = |text: &str| vec![PhotoId(text.to_owned())];
    let (too_long, nobodys) = (number(&"a".repeat(33)), number(&"a".repeat(32)));
    for (wrong, field) in [
        (ActOnTicket { task: None, ..own.clone() }, "task"),
        (ActOnTicket { task: Some(9), ..own.clone() }, "task"),
        (ActOnTicket { note: String::new(), ..own.clone() }, "note"),
        (ActOnTicket { photos: too_long, ..own.clone() }, "photos"),
        (ActOnTicket { photos: nobodys, ..own.clone() }, "photos"),
        (ActOnTicket { photos: number("a/b"), ..own.clone() }, "photos"),
        (ActOnTicket { photos: vec![photo.clone(), photo.clone()], ..own.clone() }, "photos"),
    ] {
        let why = urban.ask(&wrong).await.expect_err("refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some(field)), "{why}");
    }
    let shown_only = ActOnTicket { note: String::new(), photos: vec![photo.clone()], ..own };
    let finished = done_as(urban, &met, shown_only).await;
    assert_eq!(finished.ticket.state, State::Coordinated);
    let task = &last(&finished).meeting.as_ref().expect("held").tasks[2];
    assert_eq!(task.finished_seq, Some(finished.ticket.seq));
    assert_eq!((&task.photos, task.finished_at.is_some()), (&vec![photo], true));
    assert!(task.finished_by.is_some());
    let again = urban.ask(&finish(&finished, 3)).await;
    assert_eq!(kind(again), Kind::Invalid);
    assert_eq!(kind(stage.fire.0.ask(&finish(&finished, 1)).await), Kind::Missing);
    stage.service.finish().await;
}

#[tokio::test]
async fn the_lead_feeds_back_when_every_task_is_done_and_no_sharer_inspects() {
    let stage = Stage::set().await;
    let met = stage.met().await;
    let (sanitation, urban) = (&stage.sanitation.0, &stage.urban.0);
    let met = done_as(sanitation, &met, finish(&met, 1)).await;
    let met = done_as(urban, &met, finish(&met, 3)).await;
    let early = sanitation.ask(&act(&met, Action::FeedBack)).await.expect_err("one is open");
    assert_eq!(early.kind, Kind::Invalid);
    assert!(early.message.zh.contains('1'), "{early}");
    let met = done_as(sanitation, &met, finish(&met, 2)).await;
    assert_eq!(kind(urban.ask(&act(&met, Action::FeedBack)).await), Kind::Forbidden);
    let fed_back = done(sanitation, &met, Action::FeedBack).await;
    assert_eq!(fed_back.ticket.state, State::Done);
    let closed = done(&stage.cast.inspector, &fed_back, Action::Confirm).await;
    let closed = done(&stage.cast.dispatcher, &closed, Action::Close).await;
    assert_eq!(closed.ticket.state, State::Closed);
    let seen = shown(urban, closed.ticket.id).await;
    assert_eq!(seen.whistles, closed.whistles, "whoever was called still sees what came of it");
    stage.service.finish().await;
}

#[tokio::test]
async fn a_ticket_opened_again_can_be_whistled_again_and_both_are_shown() {
    let stage = Stage::set().await;
    let cast = &stage.cast;
    let mut met = stage.met().await;
    for (task, by) in [(1, &stage.sanitation.0), (2, &stage.sanitation.0), (3, &stage.urban.0)] {
        met = done_as(by, &met, finish(&met, task)).await;
    }
    let shown = done(&stage.sanitation.0, &met, Action::FeedBack).await;
    let shown = done(&cast.inspector, &shown, Action::Confirm).await;
    let shown = done(&cast.dispatcher, &shown, Action::Close).await;
    let shown = done(&cast.dispatcher, &shown, Action::AskReopen).await;
    let shown = done(&cast.lead, &shown, Action::GrantReopen).await;
    assert_eq!((shown.ticket.state, shown.ticket.level), (State::Filed, 3));
    let to_team = ActOnTicket { unit: Some(cast.team.1), ..act(&shown, Action::Dispatch) };
    let shown = done_as(&cast.dispatcher, &shown, to_team).await;
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let shown = done(&cast.team.0, &shown, Action::RaiseTo2).await;
    let fire = ActOnTicket { call: vec![stage.fire.1], ..act(&shown, Action::Whistle) };
    let again = done_as(&cast.community.0, &shown, fire).await;
    assert_eq!(again.whistles.len(), 2);
    assert_eq!(again.whistles[0], met.whistles[0], "what was is kept");
    assert_eq!(last(&again).meeting, None);
    let sanitation = stage.sanitation.0.ask(&act(&again, Action::CheckIn)).await;
    assert_eq!(kind(sanitation), Kind::Forbidden, "it was called the last time, not now");
    assert!(stage.sanitation.0.ask(&ShowTicket { ticket: again.ticket.id }).await.is_ok());
    let here = done(&stage.fire.0, &again, Action::CheckIn).await;
    assert_eq!(here.ticket.state, State::Whistled);
    stage.service.finish().await;
}
