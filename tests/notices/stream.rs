//! The stream: cut and taken up again, by several processes, slowly read, and ended with what it
//! rests on.

use crate::hearing::{Stream, all, crier, filed_and_sent, heard, sent};
use domain::ids::NoticeId;
use domain::people::{ListPeople, Role, SetActive, SignOut, UnitKind};
use domain::tickets::notices::NoticeKind::Came;
use domain::tickets::{Action, ShownTicket};
use jiff::Timestamp;
use serde_json::Value;
use std::process::Stdio;
use support::tickets::{Cast, begun, dispatched, done, opened};
use support::{Service, Visitor};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// Gives a ticket to the team and takes it back, so often.
async fn to_and_fro(service: &Service, cast: &Cast, times: usize) {
    let open = opened(service, &cast.dispatcher, 50_000).await;
    let mut shown: ShownTicket = done(&cast.dispatcher, &open, Action::File).await;
    for _ in 0..times {
        shown = sent(&cast.dispatcher, &shown, cast.team.1).await;
        shown = done(&cast.dispatcher, &shown, Action::Recall).await;
    }
}

#[tokio::test]
async fn who_is_cut_off_again_and_again_hears_everything_once() {
    let (service, cast) = begun().await;
    let begun = Stream::of(&cast.team.0).await;
    let (mut last, mut numbers) = (begun.last, Vec::new());
    drop(begun);
    let acting = async {
        tokio::join!(
            to_and_fro(&service, &cast, 6),
            to_and_fro(&service, &cast, 6),
            to_and_fro(&service, &cast, 6),
            to_and_fro(&service, &cast, 6),
        )
    };
    let hearing = async {
        for cut_after in (1..4).cycle() {
            let mut stream = Stream::since(&cast.team.0, Some(last)).await;
            assert_eq!(stream.last, last, "it goes on where it was");
            for _ in 0..cut_after {
                let notice = stream.next().await.expect("the stream goes on");
                last = notice.number;
                numbers.push(notice.number);
                if numbers.len() == 24 {
                    return;
                }
            }
        }
    };
    tokio::join!(acting, hearing);
    let listed = all(&cast.team.0).await;
    let listed: Vec<NoticeId> = listed.iter().map(|notice| notice.number).collect();
    assert_eq!(numbers, listed);
    // A number that this database never gave begins with what comes next.
    let stream = Stream::since(&cast.team.0, Some(NoticeId(i64::MAX))).await;
    assert!(stream.last >= last && stream.last < NoticeId(1_000));
    drop(stream);
    service.finish().await;
}

#[tokio::test]
async fn a_slow_reader_misses_nothing() {
    let (service, cast) = begun().await;
    let mut stream = Stream::of(&cast.team.0).await;
    let begun = stream.last;
    to_and_fro(&service, &cast, 1).await;
    let first = stream.next().await.expect("the stream goes on").number;
    // Far more than a page, and than what fits on the way to a reader who does not read.
    let many = "
        with more as (
            insert into notices (number, kind, ticket, seq, told_at)
            select nextval('notice_numbers'), 'came', ticket, seq, now()
            from notices cross join generate_series(1, 5000) where number = $1
            returning number)
        insert into notice_hearers (hearer, number)
        select hearer, more.number from notice_hearers as hearers cross join more
        where hearers.number = $1";
    let client = service.database.client().await;
    client.execute(many, &[&first.0]).await.expect("they are told");
    client.batch_execute("notify wangge, 'notices []'").await.expect("and everybody woken");
    to_and_fro(&service, &cast, 1).await;
    let mut numbers = vec![first];
    while numbers.len() < 5_002 {
        numbers.push(stream.next().await.expect("the stream goes on").number);
    }
    // The same for whoever was away meanwhile.
    let mut again = Stream::since(&cast.team.0, Some(begun)).await;
    for number in numbers {
        assert_eq!(again.next().await.map(|notice| notice.number), Some(number));
    }
    drop((stream, again));
    service.finish().await;
}

#[tokio::test]
async fn what_was_told_while_the_process_could_not_hear_is_heard_as_soon_as_it_can() {
    let (service, cast) = begun().await;
    let mut team = Stream::of(&cast.team.0).await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let client = service.database.client().await;
    let cut = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
               where datname = current_database() and query ilike 'listen %'";
    assert_eq!(client.query(cut, &[]).await.expect("it is cut").len(), 1);
    dispatched(&cast, &open).await;
    crier(&service).pass(Timestamp::now()).await.expect("a pass");
    assert_eq!(team.told().await, (Came, open.ticket.id));
    let mut lines = service.logs.take();
    while lines.is_empty() {
        tokio::task::yield_now().await;
        lines = service.logs.take();
    }
    assert!(lines.iter().all(|line| line.contains("listened to")), "{lines:?}");
    drop(team);
    service.finish().await;
}

#[tokio::test]
async fn a_stream_ends_with_the_session_and_tells_nothing_after_it() {
    let (service, cast) = begun().await;
    let team = async |role| {
        service.signed_in_at(role, UnitKind::GridTeam, "甲网格队", Some((3, "a"))).await.0
    };
    let (leaves, member) = (team(Role::Member).await, team(Role::Adviser).await);
    let mut signs_out = Stream::of(&cast.team.0).await;
    let mut let_go = Stream::of(&leaves).await;
    let mut stays = Stream::of(&member).await;
    cast.team.0.ask(&SignOut {}).await.expect("signed out");
    let administrator = service.signed_in(Role::Administrator).await;
    let list =
        ListPeople { unit: Some(cast.team.1), role: Some(Role::Member), ..Default::default() };
    let person = administrator.ask(&list).await.expect("a list")[0].id;
    administrator.ask(&SetActive { person, active: false }).await.expect("let go");
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &open).await;
    assert_eq!(stays.told().await, (Came, open.ticket.id));
    assert_eq!(signs_out.next().await, None, "signed out");
    assert_eq!(let_go.next().await, None, "let go");
    // Whoever loses the role stays signed in and hears nothing of the unit's work.
    let client = service.database.client().await;
    let planner = "update people set role = 'planner' where role = 'adviser'";
    client.batch_execute(planner).await.expect("another role");
    let mut other = Stream::of(&cast.dispatcher).await;
    let accepted = done(&cast.dispatcher, &shown, Action::Recall).await;
    filed_again(&cast, &accepted).await;
    assert_eq!(other.told().await, (Came, open.ticket.id));
    assert_eq!(heard(&member).await, []);
    client.batch_execute("delete from sessions").await.expect("all sessions end");
    assert_eq!(stays.next().await, None, "nothing between");
    drop((signs_out, let_go, stays, other));
    service.finish().await;
}

/// To the team and, for the desk to hear of, back.
async fn filed_again(cast: &Cast, on: &ShownTicket) {
    let again = sent(&cast.dispatcher, on, cast.team.1).await;
    done(&cast.dispatcher, &again, Action::Recall).await;
}

#[tokio::test]
async fn whichever_process_a_step_is_taken_at_every_other_tells_of_it_once() {
    let (service, cast) = begun().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut serving = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .env("DATABASE_URL", service.database.url())
        .env("WANGGE_DATA_DIR", folder.path())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(serving.stdout.take().expect("its output")).lines();
    let line = lines.next_line().await.expect("it answers").expect("a line");
    let url: Value = serde_json::from_str(&line).expect("one JSON object");
    let other = Visitor::new(url["listening"].as_str().expect("an address"));
    let mut here = Stream::of(&cast.team.0).await;
    let mut there = Stream::of(&cast.team.0.at(&other)).await;
    let one = opened(&service, &cast.dispatcher, 50_000).await;
    let two = opened(&service, &cast.dispatcher, 50_000).await;
    filed_and_sent(&cast.dispatcher, &one, cast.team.1).await;
    filed_and_sent(&cast.dispatcher.at(&other), &two, cast.team.1).await;
    for stream in [&mut here, &mut there] {
        let told = [stream.told().await.1, stream.told().await.1];
        assert_eq!(told, [one.ticket.id, two.ticket.id]);
    }
    assert_eq!(all(&cast.team.0).await, all(&cast.team.0.at(&other)).await);
    assert_eq!(all(&cast.team.0).await.len(), 2);
    // Cut off from one, taken up at the other.
    drop(here);
    let mut here = Stream::since(&cast.team.0.at(&other), Some(NoticeId(0))).await;
    assert_eq!(here.told().await.1, one.ticket.id);
    drop((here, there));
    serving.kill().await.expect("it can be killed");
    service.finish().await;
}
