//! Bringing messages: in order, signed, again and again, by several processes, through kill -9.

use crate::receiver::{Answer, Receiver, added, begun_with, courier, later, over};
use backend::tickets::telling::again::ATTEMPTS;
use backend::tickets::telling::courier::{CLAIM, Tally};
use domain::tickets::telling::{GiveUp, ListDeadLetters, Problem, SendAgain, Topic};
use domain::tickets::{Action, State};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use support::tickets::{dispatched, done, opened};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// Longer than any wait between two attempts.
const DAY: i64 = 86_400;

#[tokio::test]
async fn every_step_arrives_signed_in_order_and_without_anything_personal() {
    let (service, cast, administrator) = begun_with(8).await;
    let mut receiver = Receiver::willing().await;
    let added = added(&administrator, &receiver).await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    let got = receiver.got_after(3).await;
    let id = shown.ticket.id.0;
    assert_eq!(receiver.steps(), [(id, 1), (id, 2), (id, 3)]);
    for got in &got {
        assert!(got.is_signed_with(&added.secret));
        assert!(!got.is_signed_with(&format!("whsec_{}", "A".repeat(44))));
        assert!((got.seconds - Timestamp::now().as_second()).abs() < 60, "the time of sending");
        let text = String::from_utf8(got.body.clone()).expect("text");
        for personal in ["围墙外的垃圾", "因为", "派遣员", "lng", "person"] {
            assert!(!text.contains(personal), "{personal} in {text}");
        }
    }
    let last = got[2].message();
    assert_eq!(last.topic, Topic::Moved);
    let moved = last.data.expect("a step");
    assert_eq!((moved.action, moved.to), (Some(Action::Dispatch), State::Dispatched));
    assert_eq!(moved.from, Some(State::Filed));
    assert_eq!((moved.unit, moved.cell.as_deref()), (Some(cast.team.1), Some("a")));
    assert_eq!(moved.category.as_deref(), Some("1101"));
    assert_eq!((&moved.at, &last.timestamp), (&shown.events[2].at, &shown.events[2].at));
    service.finish().await;
}

#[tokio::test]
async fn of_a_sensitive_ticket_only_number_step_time_and_state_are_told() {
    let (service, cast, administrator) = begun_with(0).await;
    let receiver = Receiver::willing().await;
    added(&administrator, &receiver).await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let client = service.database.client().await;
    client.batch_execute("update tickets set sensitive = true").await.expect("it is marked");
    courier(&service).pass(later(0)).await.expect("a pass");
    let body: serde_json::Value = serde_json::from_slice(&receiver.got()[0].body).expect("JSON");
    let told = serde_json::json!({
        "ticket": shown.ticket.id, "seq": 1, "at": shown.events[0].at, "to": "reported",
    });
    assert_eq!(body["data"], told);
    service.finish().await;
}

#[tokio::test]
async fn a_receiver_that_fails_is_tried_again_later_and_its_tickets_next_steps_wait() {
    let (service, cast, administrator) = begun_with(0).await;
    let receiver = Receiver::answering([Answer::Status(503), Answer::Status(500)]).await;
    added(&administrator, &receiver).await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    done(&cast.dispatcher, &shown, Action::File).await;
    let (courier, now) = (courier(&service), later(1));
    let failed = Tally { failed: 1, ..Tally::default() };
    assert_eq!(courier.pass(now).await.expect("a pass"), failed);
    assert_eq!(courier.pass(now).await.expect("a pass"), Tally::default(), "not at once");
    assert_eq!(courier.pass(later(7)).await.expect("a pass"), failed);
    let both = Tally { delivered: 2, ..Tally::default() };
    assert_eq!(courier.pass(later(60)).await.expect("a pass"), both);
    let id = shown.ticket.id.0;
    assert_eq!(receiver.steps(), [(id, 1), (id, 1), (id, 1), (id, 2)]);
    let names: BTreeSet<String> = receiver.got().into_iter().map(|got| got.id).collect();
    assert_eq!(names.len(), 2, "an attempt keeps the name of its message");
    service.finish().await;
}

#[tokio::test]
async fn what_never_arrives_becomes_a_dead_letter_that_can_be_sent_again_or_given_up() {
    let (service, cast, administrator) = begun_with(0).await;
    let refusals = (0..ATTEMPTS).map(|_| Answer::Status(503));
    let receiver = Receiver::answering(refusals.chain([Answer::Status(410)])).await;
    let webhook = added(&administrator, &receiver).await.webhook.id;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let courier = courier(&service);
    for attempt in 1..ATTEMPTS {
        let tally = courier.pass(later(DAY * i64::from(attempt))).await.expect("a pass");
        assert_eq!((tally.failed, tally.dead), (1, 0), "attempt {attempt}");
    }
    let tally = courier.pass(later(DAY * 99)).await.expect("a pass");
    assert_eq!((tally.failed, tally.dead), (0, 1));
    let list = ListDeadLetters { webhook: Some(webhook), ..ListDeadLetters::default() };
    let letters = administrator.ask(&list).await.expect("a list");
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!((letter.ticket, letter.seq, letter.attempts), (shown.ticket.id, 1, ATTEMPTS));
    assert_eq!((letter.problem, letter.status), (Problem::Answered, Some(503)));
    assert!(letter.told.zh.contains("503") && letter.told.en.contains("503"));

    let again = SendAgain { message: letter.message };
    assert_eq!(administrator.ask(&again).await, Ok(true));
    assert_eq!(administrator.ask(&again).await, Ok(false), "it is in line already");
    let tally = courier.pass(later(1)).await.expect("a pass");
    assert_eq!((tally.failed, tally.dead), (0, 1), "410 says that it never will");
    assert_eq!(administrator.ask(&again).await, Ok(true));
    assert_eq!(courier.pass(later(1)).await.expect("a pass").delivered, 1);

    done(&cast.dispatcher, &shown, Action::File).await;
    let client = service.database.client().await;
    let kill = "update outbox set next_at = null, problem = 'silent', tried_at = now()";
    client.batch_execute(kill).await.expect("another dies");
    let letters = administrator.ask(&list).await.expect("a list");
    assert_eq!((letters[0].seq, letters[0].status), (2, None));
    let give_up = GiveUp { message: letters[0].message };
    assert_eq!(administrator.ask(&give_up).await, Ok(true));
    assert_eq!(administrator.ask(&give_up).await, Ok(false));
    assert_eq!(administrator.ask(&list).await, Ok(vec![]));
    service.finish().await;
}

#[tokio::test]
async fn two_processes_share_the_work_and_neither_sends_what_the_other_has() {
    let (service, cast, administrator) = begun_with(0).await;
    let receiver = Receiver::willing().await;
    added(&administrator, &receiver).await;
    for _ in 0..20 {
        let shown = opened(&service, &cast.dispatcher, 50_000).await;
        dispatched(&cast, &shown).await;
    }
    let (one, two) = (over(service.database.db(), true), over(service.database.db(), true));
    let now = later(1);
    let mut delivered = 0;
    while delivered < 60 {
        let (by_one, by_two) = tokio::join!(one.pass(now), two.pass(now));
        let both = [by_one.expect("a pass"), by_two.expect("a pass")];
        delivered += both.iter().map(|tally| tally.delivered).sum::<usize>();
        assert!(both.iter().all(|tally| tally.failed + tally.dead == 0), "{both:?}");
    }
    assert_eq!(delivered, 60);
    let names: BTreeSet<String> = receiver.got().into_iter().map(|got| got.id).collect();
    assert_eq!((receiver.got().len(), names.len()), (60, 60), "each once");
    let mut seen: BTreeMap<i64, Vec<i32>> = BTreeMap::new();
    for (ticket, seq) in receiver.steps() {
        seen.entry(ticket).or_default().push(seq);
    }
    assert!(seen.values().all(|steps| steps == &[1, 2, 3]), "{seen:?}");
    service.finish().await;
}

#[tokio::test]
async fn what_a_killed_process_had_in_hand_is_brought_by_another() {
    let (service, cast, administrator) = begun_with(0).await;
    let mut receiver = Receiver::answering([Answer::Silence]).await;
    let secret = added(&administrator, &receiver).await.secret;
    opened(&service, &cast.dispatcher, 50_000).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut serving = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["serve", "--listen", "127.0.0.1:0", "--json", "--webhooks-to-private"])
        .env("DATABASE_URL", service.database.url())
        .env("WANGGE_DATA_DIR", folder.path())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(serving.stdout.take().expect("its output")).lines();
    lines.next_line().await.expect("it answers").expect("a line");
    receiver.got_after(1).await;
    serving.kill().await.expect("it can be killed");

    let courier = courier(&service);
    assert_eq!(courier.pass(later(0)).await.expect("a pass").claimed(), 0, "it is claimed");
    let tally = courier.pass(later(1) + CLAIM).await.expect("a pass");
    assert_eq!(tally, Tally { delivered: 1, ..Tally::default() });
    let got = receiver.got();
    assert_eq!(got.len(), 2);
    assert_eq!((&got[0].id, &got[0].body), (&got[1].id, &got[1].body));
    assert_ne!(got[0].seconds, got[1].seconds, "a replay shows by its time");
    assert!(got.iter().all(|got| got.is_signed_with(&secret)));
    service.finish().await;
}

#[tokio::test]
async fn an_unreachable_receiver_and_one_that_sends_elsewhere_are_failures() {
    let (service, cast, administrator) = begun_with(0).await;
    let elsewhere = Receiver::answering([Answer::Elsewhere]).await;
    added(&administrator, &elsewhere).await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let nowhere = format!("http://{}/", closed.local_addr().expect("an address"));
    drop(closed);
    administrator.ask(&crate::receiver::webhook(&nowhere)).await.expect("it is added");
    opened(&service, &cast.dispatcher, 50_000).await;
    let tally = courier(&service).pass(later(0)).await.expect("a pass");
    assert_eq!(tally, Tally { failed: 2, ..Tally::default() });
    assert_eq!(elsewhere.got().len(), 1, "no redirect is followed");
    let client = service.database.client().await;
    let sql = "select problem, status from outbox order by webhook";
    let rows = client.query(sql, &[]).await.expect("rows");
    let problems: Vec<(String, Option<i16>)> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [("answered".to_owned(), Some(302)), ("unreachable".to_owned(), None)];
    assert_eq!(problems, expected);
    service.finish().await;
}

#[tokio::test]
async fn a_name_that_means_a_private_address_is_not_knocked_on() {
    let (service, cast, administrator) = begun_with(0).await;
    let receiver = Receiver::willing().await;
    let by_name = receiver.url.replace("127.0.0.1", "localhost");
    administrator.ask(&crate::receiver::webhook(&by_name)).await.expect("it is added");
    added(&administrator, &receiver).await;
    opened(&service, &cast.dispatcher, 50_000).await;
    let tally = over(service.db.clone(), false).pass(later(0)).await.expect("a pass");
    assert_eq!(tally, Tally { failed: 2, ..Tally::default() });
    assert_eq!(receiver.got().len(), 0);
    let client = service.database.client().await;
    let sql = "select count(*) from outbox where problem = 'private'";
    let row = client.query_one(sql, &[]).await.expect("a row");
    assert_eq!(row.get::<_, i64>(0), 2);
    service.finish().await;
}
