//! Several at once about the same tickets: one wins, nobody waits in a circle, nothing is broken.

use crate::{merged, merging};
use domain::Kind;
use domain::reports::TakeReport;
use domain::tickets::{ActOnTicket, Action, RateByCode, ShownTicket, State, TicketOfReport};
use futures::future::join_all;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use support::ledger;
use support::tickets::{act, begun, opened, report, shown};

#[tokio::test]
async fn of_two_that_are_merged_into_each_other_at_once_exactly_one_is() {
    let (service, cast) = begun().await;
    for race in 0..50 {
        let one = opened(&service, &cast.dispatcher, 50_000).await;
        let two = opened(&service, &cast.dispatcher, 50_100).await;
        let (here, there) = (merging(&one, &two), merging(&two, &one));
        let (first, second) = match race % 2 {
            0 => tokio::join!(cast.dispatcher.ask(&here), cast.lead.ask(&there)),
            _ => {
                let (b, a) = tokio::join!(cast.lead.ask(&there), cast.dispatcher.ask(&here));
                (a, b)
            }
        };
        let won = first.is_ok();
        let (winner, lost) = if won { (first, second) } else { (second, first) };
        assert_eq!(winner.expect("one of them wins").ticket.state, State::Merged);
        let lost = lost.expect_err("the other loses");
        assert_eq!((lost.kind, lost.field.as_deref()), (Kind::Moved, Some("seq")), "{lost}");
    }
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn of_three_that_are_merged_in_a_circle_at_once_none_leads_to_one_that_is_merged() {
    let (service, cast) = begun().await;
    for _ in 0..30 {
        let mut three: Vec<ShownTicket> = Vec::new();
        for east in [50_000, 50_100, 50_200] {
            three.push(opened(&service, &cast.dispatcher, east).await);
        }
        let acts = (0..3).map(|i| merging(&three[i], &three[(i + 1) % 3]));
        let tries = acts.map(|act| {
            let desk = cast.dispatcher.clone();
            async move { desk.ask(&act).await }
        });
        let answers = join_all(tries).await;
        assert!(answers.iter().any(Result::is_ok), "one of them wins: {answers:?}");
        for lost in answers.into_iter().filter_map(Result::err) {
            assert!(matches!(lost.kind, Kind::Moved | Kind::Invalid), "{lost}");
        }
    }
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn the_same_merging_sent_at_once_acts_once_and_all_are_answered() {
    let (service, cast) = begun().await;
    for race in 0..20 {
        let one = opened(&service, &cast.dispatcher, 50_000).await;
        let two = opened(&service, &cast.dispatcher, 50_100).await;
        let act = ActOnTicket { key: Some(format!("race {race}")), ..merging(&two, &one) };
        let tries = (0..3).map(|_| cast.dispatcher.ask(&act));
        for answer in join_all(tries).await {
            let answer = answer.expect("all are answered");
            assert_eq!((answer.ticket.state, answer.ticket.seq), (State::Merged, 2));
        }
        let one = shown(&cast.dispatcher, one.ticket.id).await;
        assert_eq!((one.ticket.seq, one.reports.len()), (2, 2), "and is told once");
    }
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

/// What somebody tries at random with one of the tickets, as they last saw it.
fn tried(chance: &mut ChaCha8Rng, on: &ShownTicket, all: &[ShownTicket]) -> ActOnTicket {
    let action = match on.ticket.state {
        State::Merged => *[Action::Unmerge, Action::Conceal, Action::Disclose]
            .choose(chance)
            .expect("there are some"),
        _ => *[Action::Merge, Action::Merge, Action::Conceal, Action::Disclose, Action::Note]
            .choose(chance)
            .expect("there are some"),
    };
    let other = all.choose(chance).expect("there are some");
    let into = (action == Action::Merge).then_some(other.ticket.id);
    ActOnTicket { into, ..act(on, action) }
}

#[tokio::test]
async fn whatever_is_merged_taken_apart_hidden_and_rated_at_once_nobody_waits_in_a_circle() {
    let (service, cast) = begun().await;
    let mut chance = ChaCha8Rng::seed_from_u64(20_261_125);
    let (mut tickets, mut codes) = (Vec::new(), Vec::new());
    for i in 0..5 {
        let question = TakeReport { key: Some(format!("r{i}")), ..report(50_000 + i * 100) };
        let taken = service.ask(&question).await.expect("it is taken");
        let ticket = cast.dispatcher.ask(&TicketOfReport { report: taken.report }).await;
        tickets.push(ticket.expect("an answer").expect("a ticket"));
        codes.push(taken.code);
    }
    let mut done = 0;
    for _ in 0..60 {
        let all = join_all(tickets.iter().map(|ticket| shown(&cast.dispatcher, *ticket))).await;
        let acts: Vec<ActOnTicket> = (0..8)
            .map(|_| {
                let on = all.choose(&mut chance).expect("there are some");
                tried(&mut chance, on, &all)
            })
            .collect();
        let code = codes[chance.random_range(0..codes.len())].clone();
        let rate = RateByCode { code, stars: 3, text: String::new() };
        let by = [&cast.dispatcher, &cast.lead];
        let acts = acts.iter().enumerate().map(|(i, act)| by[i % 2].ask(act));
        let (answers, rated) = tokio::join!(join_all(acts), service.ask(&rate));
        for answer in answers {
            match answer {
                Ok(_) => done += 1,
                Err(why) => {
                    let lawful = matches!(why.kind, Kind::Moved | Kind::Invalid);
                    assert!(lawful, "{why}");
                }
            }
        }
        assert!(rated.is_err_and(|why| why.kind == Kind::Moved), "nothing is closed");
    }
    assert!(done > 60, "something was done in most rounds: {done}");
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn a_merging_and_a_step_of_the_other_ticket_at_once_both_stand_or_one_is_told() {
    let (service, cast) = begun().await;
    for _ in 0..30 {
        let main = opened(&service, &cast.dispatcher, 50_000).await;
        let second = opened(&service, &cast.dispatcher, 50_100).await;
        let (file, merge) = (act(&main, Action::File), merging(&second, &main));
        let (filed, joined) = tokio::join!(cast.lead.ask(&file), cast.dispatcher.ask(&merge));
        joined.expect("whatever becomes of the other one, it is open");
        let main = shown(&cast.dispatcher, main.ticket.id).await;
        match filed {
            Ok(_) => assert_eq!((main.ticket.state, main.ticket.seq), (State::Filed, 3)),
            Err(why) => {
                assert_eq!(why.kind, Kind::Moved, "{why}");
                assert_eq!((main.ticket.state, main.ticket.seq), (State::Reported, 2));
            }
        }
        let third = opened(&service, &cast.dispatcher, 50_200).await;
        merged(&cast.dispatcher, &third, &main).await;
    }
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}
