//! Visits: they fall due, are made, missed, told of and recorded.

use crate::stage::{Care, PHONE, due, record, rounds};
use backend::tickets::care::rounds::Made;
use backend::tickets::keeper::{Keeper, Kept};
use backend::tickets::notices::crier::Crier;
use domain::Kind;
use domain::tickets::care::{Help, RecordVisit, ShowHousehold, Visit, VisitResult};
use domain::tickets::chronic::ListChronicPlaces;
use domain::tickets::notices::{ListNotices, NoticeKind};
use domain::tickets::{Action, State};
use jiff::{Timestamp, ToSpan};
use support::Visitor;
use support::tickets::{done, kind, shown};

#[tokio::test]
async fn a_visit_falls_due_with_the_team_of_its_cell_and_is_over_when_somebody_was_met() {
    let mut care = Care::begun().await;
    let household = care.added(50_000, 7).await.household;
    assert_eq!((household.cell.as_str(), household.unit), ("a", care.cast.team.1));
    assert_eq!(household.next_on, Some(care.today()));
    let now = Timestamp::now();
    assert_eq!(care.pass(now).await, Made { visits: 1, ..Made::default() });
    let visits = due(&care.member).await;
    let [visit] = &visits[..] else { panic!("{visits:?}") };
    assert_eq!((visit.due_on, visit.tries), (care.today(), 0));
    assert_eq!(visit.household.next_on, care.today().checked_add(7.days()).ok());
    let ticket = shown(&care.member, visit.ticket).await;
    let Some(due_at) = ticket.ticket.due_at.as_ref() else { panic!("it runs") };
    assert_eq!(due_at.parse::<Timestamp>().expect("a time"), visit.due_at);
    assert!(visit.due_at > now && visit.due_at <= now + 25.hours());
    assert_eq!((ticket.ticket.state, ticket.ticket.unit), (State::Dispatched, care.cast.team.1));
    assert!(ticket.ticket.sensitive && ticket.reports[0].sensitive);
    assert_eq!(ticket.events[0].action, Action::Schedule);
    // Nobody at home: it runs on. The next day somebody opens.
    let away = record(visit, VisitResult::NotHome);
    let tried = care.member.ask(&away).await.expect("recorded");
    assert_eq!((tried.result, tried.tries.len()), (None, 1));
    assert_eq!(due(&care.member).await[0].tries, 1);
    let ticket = shown(&care.member, visit.ticket).await;
    let accepted = done(&care.cast.team.0, &ticket, Action::Accept).await;
    assert_eq!(accepted.ticket.due_at.as_ref(), Some(due_at), "the clock goes on");
    let met = care.member.ask(&record(visit, VisitResult::Met)).await.expect("recorded");
    assert_eq!((met.result, met.tries.len()), (Some(VisitResult::Met), 2));
    assert_eq!(met.tries[1].note, "精神不错，聊了菜价");
    assert_eq!(due(&care.member).await, []);
    let closed = shown(&care.cast.dispatcher, visit.ticket).await;
    assert_eq!(closed.ticket.state, State::Closed);
    for event in &closed.events {
        assert!(!event.note.contains("菜价"), "what was said stays with the household");
    }
    let late = care.member.ask(&RecordVisit { key: "again".to_owned(), ..away }).await;
    assert_eq!(kind(late), Kind::Moved, "it has its result");
    let again = care.member.ask(&record(visit, VisitResult::Met)).await.expect("the same key");
    assert_eq!(again, met);
    let client = care.service.database.client().await;
    support::ledger::check(&client).await;
    drop(client);
    care.service.finish().await;
}

#[tokio::test]
async fn who_needs_help_has_a_sensitive_report_opened_once_for_the_desk() {
    let mut care = Care::begun().await;
    care.added(50_000, 1).await;
    care.pass(Timestamp::now()).await;
    let visit = due(&care.member).await.remove(0);
    let help = Help { category: Some("1698".to_owned()), text: "降压药只剩两天".to_owned() };
    let needs = RecordVisit { help: Some(help), ..record(&visit, VisitResult::NeedsHelp) };
    let silent = RecordVisit { help: None, ..needs.clone() };
    assert_eq!(kind(care.member.ask(&silent).await), Kind::Invalid, "say what is needed");
    let tries = [(); 3].map(|()| care.member.ask(&needs));
    let answers = futures::future::join_all(tries).await;
    let answers: Vec<Visit> = answers.into_iter().map(|a| a.expect("recorded")).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let report = answers[0].tries[0].report.expect("it opens a report");
    let ticket = domain::ids::TicketId(report.0);
    let ticket = shown(&care.cast.dispatcher, ticket).await;
    assert_eq!((ticket.ticket.state, ticket.ticket.sensitive), (State::Reported, true));
    assert_eq!(ticket.reports[0].text, "降压药只剩两天");
    let client = care.service.database.client().await;
    let count: i64 =
        client.query_one("select count(*) from reports", &[]).await.expect("counted").get(0);
    assert_eq!(count, 2, "the visit's and the help's");
    support::ledger::check(&client).await;
    drop(client);
    care.service.finish().await;
}

#[tokio::test]
async fn of_rounds_at_once_one_makes_the_visit_and_none_makes_it_again() {
    let care = Care::begun().await;
    for east in [10_000, 20_000, 30_000] {
        care.added(east, 3).await;
    }
    let now = Timestamp::now();
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(rounds(&care.service, &care.timing).await);
    }
    for _ in 0..2 {
        let passes = all.iter_mut().map(|rounds| rounds.pass(now));
        let made = futures::future::join_all(passes).await;
        let made: Vec<Made> = made.into_iter().map(|made| made.expect("a pass")).collect();
        assert!(made.iter().map(|made| made.visits).sum::<usize>() <= 3, "{made:?}");
    }
    let visits = due(&care.member).await;
    assert_eq!(visits.len(), 3);
    let client = care.service.database.client().await;
    let count: i64 =
        client.query_one("select count(*) from tickets", &[]).await.expect("counted").get(0);
    assert_eq!(count, 3);
    let twice = "insert into care_visits (household, due_on, made_at, ticket)
                 select household, due_on, now(), null from care_visits limit 1";
    assert!(client.execute(twice, &[]).await.is_err(), "the key says so, too");
    drop(client);
    care.service.finish().await;
}

#[tokio::test]
async fn after_a_long_stop_a_household_gets_one_visit_and_the_dates_before_are_kept() {
    let mut care = Care::begun().await;
    let household = care.added(50_000, 7).await.household;
    let later = Timestamp::now() + (24 * 30).hours();
    assert_eq!(care.pass(later).await, Made { visits: 1, skipped: 4, ..Made::default() });
    assert_eq!(care.pass(later).await, Made::default());
    let visits = care.visits(&care.member, household.id).await;
    let day = |days: i64| care.today().checked_add(days.days()).expect("a date");
    let dates: Vec<_> = visits.iter().map(|visit| (visit.due_on, visit.result)).collect();
    let skipped = |days| (day(days), Some(VisitResult::Skipped));
    let expected = [(day(28), None), skipped(21), skipped(14), skipped(7), skipped(0)];
    assert_eq!(dates, expected);
    assert_eq!(due(&care.member).await[0].household.next_on, Some(day(35)));
    care.service.finish().await;
}

#[tokio::test]
async fn a_visit_nobody_makes_goes_up_and_the_level_above_sees_whom_to_visit() {
    let mut care = Care::begun().await;
    let household = care.added(50_000, 30).await.household;
    care.pass(Timestamp::now()).await;
    let visit = due(&care.member).await.remove(0);
    let mut keeper = Keeper::new(care.service.db.clone(), care.timing.clone());
    let nothing = Kept::default();
    let community = care.cast.community.0.clone();
    let show = ShowHousehold { household: household.id };
    assert_eq!(kind(community.ask(&show).await), Kind::Missing, "it is the team's");
    assert_eq!(keeper.pass(visit.due_at - 1.second()).await.expect("a pass"), nothing);
    let raised = Kept { raised: 1, ..nothing };
    assert_eq!(keeper.pass(visit.due_at).await.expect("a pass"), raised);
    assert_eq!(keeper.pass(visit.due_at).await.expect("a pass"), nothing, "once");
    let up = due(&community).await.remove(0);
    assert_eq!((up.level, up.state), (2, State::Raised2));
    let seen = community.ask(&show).await.expect("they have it now");
    assert_eq!(seen.details.expect("whom to call").phone, PHONE);
    assert_eq!(due(&care.member).await.len(), 1, "the team may still go");
    assert_eq!(keeper.pass(up.due_at).await.expect("a pass"), raised);
    let desk = due(&care.cast.dispatcher).await.remove(0);
    assert_eq!((desk.level, desk.state), (1, State::Raised1));
    assert_eq!(keeper.pass(desk.due_at + 999.hours()).await.expect("a pass"), nothing);
    assert_eq!(kind(community.ask(&show).await), Kind::Missing, "it went on");
    let met = care.member.ask(&record(&visit, VisitResult::Met)).await.expect("late, but met");
    assert_eq!(met.result, Some(VisitResult::Met));
    let closed = shown(&care.cast.dispatcher, visit.ticket).await;
    let steps: Vec<Action> = closed.events.iter().map(|event| event.action).collect();
    let expected = [Action::Schedule, Action::RaiseTo2, Action::RaiseTo1, Action::Visit];
    assert_eq!((closed.ticket.state, &steps[..]), (State::Closed, &expected[..]));
    care.service.finish().await;
}

#[tokio::test]
async fn a_door_that_is_knocked_on_every_day_is_no_chronic_place() {
    let mut care = Care::begun().await;
    care.added(50_000, 1).await;
    let now = Timestamp::now();
    for day in 0..3 {
        care.pass(now + (24 * day).hours()).await;
        let visit = due(&care.member).await.remove(0);
        care.member.ask(&record(&visit, VisitResult::Met)).await.expect("recorded");
    }
    let client = care.service.database.client().await;
    let back = "update tickets set opened_at = opened_at - interval '10 days',
                                   closed_at = closed_at - interval '10 days'";
    client.execute(back, &[]).await.expect("it was last week");
    let list = ListChronicPlaces { cell: None, category: None, limit: None };
    assert_eq!(care.cast.dispatcher.ask(&list).await, Ok(vec![]));
    // Were they no visits, it would be one.
    let forget = "delete from care_tries; delete from care_visits";
    client.batch_execute(forget).await.expect("nobody knows");
    drop(client);
    assert_eq!(care.cast.dispatcher.ask(&list).await.map(|places| places.len()), Ok(1));
    care.service.finish().await;
}

#[tokio::test]
async fn the_team_is_told_of_a_visit_when_it_falls_due_and_when_it_is_late() {
    let mut care = Care::begun().await;
    care.added(50_000, 30).await;
    let now = Timestamp::now();
    care.pass(now).await;
    let visit = due(&care.member).await.remove(0);
    let warn_at = shown(&care.member, visit.ticket).await.ticket.warn_at.expect("it runs");
    let crier = Crier::new(care.service.db.clone(), care.timing.clone());
    for at in [now, warn_at.parse().expect("a time"), visit.due_at] {
        crier.pass(at).await.expect("a pass");
    }
    let heard = async |by: &Visitor| {
        let list = ListNotices { before: None, limit: None };
        let notices = by.ask(&list).await.expect("a list");
        notices.into_iter().rev().map(|notice| notice.kind).collect::<Vec<_>>()
    };
    let expected = [NoticeKind::Came, NoticeKind::DueSoon, NoticeKind::Overdue];
    assert_eq!(heard(&care.member).await, expected);
    assert_eq!(heard(&care.cast.stranger).await, []);
    care.service.finish().await;
}
