//! The same act twice acts once; of two who act at once exactly one wins.

use crate::process::Process;
use domain::Kind;
use domain::tickets::{ActOnTicket, Action, State};
use support::ledger;
use support::tickets::{act, begun, dispatched, done, opened, shown};

#[tokio::test]
async fn of_two_hundred_races_exactly_one_wins_each_and_the_loser_learns_the_present_state() {
    let (service, cast) = begun().await;
    for race in 0..200 {
        let before = opened(&service, &cast.dispatcher, 50_000).await;
        let (file, refuse) = (act(&before, Action::File), act(&before, Action::Refuse));
        let (one, two) = match race % 2 {
            0 => tokio::join!(cast.dispatcher.ask(&file), cast.lead.ask(&refuse)),
            _ => {
                let (two, one) = tokio::join!(cast.lead.ask(&refuse), cast.dispatcher.ask(&file));
                (one, two)
            }
        };
        let filed = one.is_ok();
        let (won, lost) = if filed { (one, two) } else { (two, one) };
        let state = if filed { State::Filed } else { State::NotFiled };
        assert_eq!(won.expect("one of them wins").ticket.state, state);
        let lost = lost.expect_err("the other loses");
        assert_eq!((lost.kind, lost.field.as_deref()), (Kind::Moved, Some("seq")));
        let now = shown(&cast.lead, before.ticket.id).await;
        assert_eq!((now.ticket.state, now.events.len()), (state, 2));
        use domain::word::Word;
        assert!(lost.message.zh.contains(state.zh()) && lost.message.en.contains(state.en()));
    }
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn the_same_act_sent_at_once_to_two_processes_acts_once_and_both_are_answered() {
    let (service, cast) = begun().await;
    let other = Process::start(&service.database, &[]).await;
    let there = cast.dispatcher.at(&other.visitor);
    for race in 0..50 {
        let before = opened(&service, &cast.dispatcher, 50_000).await;
        let key = Some(format!("race {race}"));
        let file = ActOnTicket { key, ..act(&before, Action::File) };
        let (one, two, three) =
            tokio::join!(cast.dispatcher.ask(&file), there.ask(&file), cast.dispatcher.ask(&file));
        let answers = [one, two, three].map(|answer| answer.expect("all are answered"));
        for answer in &answers {
            assert_eq!((answer.ticket.state, answer.events.len()), (State::Filed, 2));
            assert_eq!(answer.ticket, answers[0].ticket);
        }
    }
    ledger::check(&service.database.client().await).await;
    other.kill().await;
    service.finish().await;
}

#[tokio::test]
async fn whoever_handed_a_ticket_on_is_answered_when_they_send_the_same_act_again() {
    let (service, cast) = begun().await;
    let before = opened(&service, &cast.dispatcher, 50_000).await;
    let before = dispatched(&cast, &before).await;
    let before = done(&cast.team.0, &before, Action::Accept).await;
    let key = Some("once".to_owned());
    let done_with = ActOnTicket { key, ..act(&before, Action::FeedBack) };
    let first = cast.team.0.ask(&done_with).await.expect("it is fed back");
    let again = cast.team.0.ask(&done_with).await.expect("the same answer");
    assert_eq!((first.ticket, first.events), (again.ticket, again.events));
    let stranger = cast.stranger.ask(&done_with).await.expect_err("it is not theirs");
    assert_eq!(stranger.kind, Kind::Missing);
    service.finish().await;
}
