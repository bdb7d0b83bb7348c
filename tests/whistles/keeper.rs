//! What the keeper does by the clock: its pass is given the time, nobody waits.

use crate::stage::{Stage, last};
use backend::tickets::keeper::{Keeper, Kept};
use backend::tickets::timing::Timing;
use domain::clocks::{CALENDARS, HOURS, Hours, LIMITS, Limits, Named, Year};
use domain::tickets::{ActOnTicket, Action, ShownTicket, State};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use std::sync::Arc;
use support::Service;
use support::tickets::{act, begun, dispatched, done, done_as, opened, shown};

fn keeper(service: &Service) -> Keeper {
    let timing = Arc::new(Timing::shipped().expect("the files are lawful"));
    Keeper::new(service.db.clone(), timing)
}

fn time(text: &Option<String>) -> Timestamp {
    text.as_deref().and_then(|text| text.parse().ok()).expect("a time")
}

fn steps(shown: &ShownTicket) -> Vec<Action> {
    shown.events.iter().map(|event| event.action).collect()
}

#[tokio::test]
async fn who_was_called_is_reminded_at_80_percent_and_reported_at_the_deadline_once_each() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let here = done(&stage.sanitation.0, &whistled, Action::CheckIn).await;
    let (warn_at, due_at) = (last(&here).warn_at, last(&here).due_at);
    let mut keeper = keeper(&stage.service);
    let nothing = Kept::default();
    let second = 1.second();
    assert_eq!(keeper.pass(warn_at - second).await.expect("a pass"), nothing);
    assert_eq!(keeper.pass(warn_at).await.expect("a pass"), Kept { reminded: 1, ..nothing });
    assert_eq!(keeper.pass(due_at - second).await.expect("a pass"), nothing, "once is enough");
    assert_eq!(keeper.pass(due_at).await.expect("a pass"), Kept { reported: 1, ..nothing });
    assert_eq!(keeper.pass(due_at + 72.hours()).await.expect("a pass"), nothing);
    let now = shown(&stage.cast.dispatcher, here.ticket.id).await;
    assert_eq!(steps(&now)[here.events.len()..], [Action::Remind, Action::ReportAbsent]);
    let told = now.events.last().expect("an event");
    assert!(told.person.is_none() && told.note.contains("城管办"), "{}", told.note);
    assert!(!told.note.contains("环卫所"), "who is there is not told on: {}", told.note);
    let unit = |unit| last(&now).called.iter().find(|called| called.unit == unit).expect("called");
    let urban = unit(stage.urban.1);
    assert_eq!((urban.reminded_at, urban.absent_at), (Some(warn_at), Some(due_at)));
    let sanitation = unit(stage.sanitation.1);
    assert_eq!((sanitation.reminded_at, sanitation.absent_at), (None, None));
    let late = done(&stage.urban.0, &now, Action::CheckIn).await;
    let urban = last(&late).called.iter().find(|c| c.unit == stage.urban.1).expect("called");
    assert!(urban.checked_in_at.is_some() && urban.absent_at.is_some(), "late, and still known");
    stage.service.finish().await;
}

#[tokio::test]
async fn after_a_long_stop_the_absent_are_reported_at_once() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let kept = keeper(&stage.service).pass(last(&whistled).due_at + 240.hours()).await;
    assert_eq!(kept.expect("a pass"), Kept { reported: 1, ..Kept::default() });
    stage.service.finish().await;
}

#[tokio::test]
async fn a_suspended_ticket_goes_on_at_its_date_of_review_and_a_closed_one_is_evaluated() {
    let (service, cast) = begun().await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let shown_1 = dispatched(&cast, &open).await;
    let shown_1 = done(&cast.team.0, &shown_1, Action::Accept).await;
    let asked = done(&cast.team.0, &shown_1, Action::AskSuspension).await;
    let review_at = Timestamp::now() + 2_400.hours();
    let review = Some(review_at.to_string());
    let grant = ActOnTicket { review_at: review, ..act(&asked, Action::GrantSuspension) };
    let paused = done_as(&cast.lead, &asked, grant).await;
    assert_eq!(paused.ticket.arrive_due_at, None, "arriving stands still as well");
    let other = opened(&service, &cast.dispatcher, 60_000).await;
    let closed = done(&cast.dispatcher, &other, Action::SettleOnSpot).await;
    let rated_until = time(&closed.ticket.due_at);
    let mut keeper = keeper(&service);
    let nothing = Kept::default();
    let early = keeper.pass(rated_until - 1.second()).await.expect("a pass");
    assert_eq!(early, nothing, "the week of rating is not over");
    let kept = keeper.pass(rated_until).await.expect("a pass");
    assert_eq!(kept, Kept { evaluated: 1, ..nothing });
    let kept = keeper.pass(review_at).await.expect("a pass");
    assert_eq!(kept, Kept { resumed: 1, ..nothing });
    let evaluated = shown(&cast.dispatcher, other.ticket.id).await.ticket;
    assert_eq!((evaluated.state, time(&evaluated.ended_at)), (State::Evaluated, rated_until));
    let resumed = shown(&cast.dispatcher, open.ticket.id).await.ticket;
    assert_eq!((resumed.state, resumed.unit), (State::Accepted, cast.team.1));
    assert!(time(&resumed.due_at) > review_at && time(&resumed.arrive_due_at) > review_at);
    service.finish().await;
}

#[tokio::test]
async fn of_keepers_at_once_each_step_is_taken_once() {
    let (service, cast) = begun().await;
    let mut due = Timestamp::MIN;
    let mut closed = Vec::new();
    for _ in 0..3 {
        let open = opened(&service, &cast.dispatcher, 50_000).await;
        let shown = done(&cast.dispatcher, &open, Action::SettleOnSpot).await;
        due = due.max(time(&shown.ticket.due_at));
        closed.push(shown.ticket.id);
    }
    let mut keepers = [keeper(&service), keeper(&service), keeper(&service)];
    let [one, two, three] = &mut keepers;
    let kept = tokio::join!(one.pass(due), two.pass(due), three.pass(due));
    let kept = [kept.0, kept.1, kept.2].map(|kept| kept.expect("a pass").evaluated);
    assert_eq!(kept.iter().sum::<usize>(), 3, "{kept:?}");
    for id in closed {
        let now = shown(&cast.dispatcher, id).await;
        assert_eq!(now.ticket.state, State::Evaluated);
        assert_eq!(now.events.len(), 3);
    }
    service.finish().await;
}

#[tokio::test]
async fn whoever_checks_in_at_the_very_moment_of_the_deadline_is_first_or_second_and_never_half() {
    let stage = Stage::set().await;
    let mut keeper = keeper(&stage.service);
    for _ in 0..5 {
        let whistled = stage.whistled().await;
        let here = done(&stage.sanitation.0, &whistled, Action::CheckIn).await;
        let check_in = act(&here, Action::CheckIn);
        let due_at = last(&here).due_at;
        let (kept, came) = tokio::join!(keeper.pass(due_at), stage.urban.0.ask(&check_in));
        let reported = kept.expect("a pass").reported;
        let now = shown(&stage.cast.dispatcher, here.ticket.id).await;
        let urban = last(&now).called.iter().find(|c| c.unit == stage.urban.1).expect("called");
        match came {
            Ok(_) => {
                assert!(urban.checked_in_at.is_some());
                assert_eq!((reported, urban.absent_at), (0, None), "nobody was missing any more");
            }
            Err(refusal) => {
                assert_eq!(refusal.kind, domain::Kind::Moved);
                assert_eq!((reported, urban.checked_in_at), (1, None));
            }
        }
        assert_eq!(now.events.len(), here.events.len() + 1);
        let again = keeper.pass(due_at).await.expect("a pass");
        assert_eq!(again, Kept::default(), "nothing is owed twice");
    }
    stage.service.finish().await;
}

#[tokio::test]
async fn a_pass_without_a_database_fails_and_says_so_to_its_caller_alone() {
    let nowhere = "host=/nowhere user=nobody dbname=nothing".parse().expect("a way to connect");
    let db = backend::db::Db::over(nowhere, 1).expect("a pool");
    let logs = support::Logs::listen();
    let timing = Arc::new(Timing::shipped().expect("the files are lawful"));
    let mut keeper = Keeper::new(db, timing);
    assert!(keeper.pass(Timestamp::now()).await.is_err());
    assert_eq!(logs.take(), Vec::<String>::new(), "whoever calls tells it, once");
}

/// The shipped years and one more, as a government might publish it: the whole of January off.
fn one_more_year() -> (Timing, i16) {
    let years = CALENDARS.iter().map(|text| Year::parse(text).expect("a year"));
    let mut years: Vec<Year> = years.collect();
    let last = years.iter().max_by_key(|year| year.year).expect("a year").clone();
    let (year, holiday) = (last.year + 1, &last.off[0].holiday);
    let january = (1..=31).map(|day| Named { date: date(year, 1, day), holiday: holiday.clone() });
    years.push(Year { year, off: january.collect(), make_up: vec![], ..last });
    let hours = Hours::parse(HOURS).expect("hours");
    let limits = Limits::parse(LIMITS).expect("limits");
    (Timing::new(hours, years, limits).expect("a calendar"), year)
}

#[tokio::test]
async fn provisional_deadlines_are_made_again_when_the_calendar_is_out() {
    let stage = Stage::set().await;
    let (timing, year) = one_more_year();
    let whistled = stage.whistled().await;
    // Three times the limit ends in the year whose calendar is not shipped.
    let now = Timestamp::now();
    let new_year = date(year, 1, 1).to_zoned(jiff::tz::TimeZone::UTC).expect("a date");
    let days_left = now.until(new_year.timestamp()).expect("a span").get_hours() / 24;
    let limit = format!("{}wd", days_left.max(0) * 5 / 7 / 3 + 30);
    let mut meeting = stage.meeting();
    meeting.stages[1].tasks[0].limit = limit.parse().expect("a limit");
    let meet = ActOnTicket { meeting: Some(meeting), ..act(&whistled, Action::Meet) };
    let met = done_as(&stage.cast.community.0, &whistled, meet).await;
    let task = |shown: &ShownTicket| last(shown).meeting.as_ref().expect("held").tasks[1].clone();
    assert!(met.ticket.provisional && task(&met).provisional);
    let same = keeper(&stage.service).pass(now).await.expect("a pass");
    assert_eq!(same, Kept::default(), "no calendar has come out");
    let timing = Arc::new(timing);
    let mut keeper = Keeper::new(stage.service.db.clone(), timing.clone());
    assert!(keeper.pass(now).await.expect("a pass").timed >= 2, "the ticket and the task");
    let timed = shown(&stage.cast.dispatcher, met.ticket.id).await;
    assert_eq!(timed.events, met.events, "nothing happened to the ticket");
    let (ticket, task) = (&timed.ticket, task(&timed));
    assert!(!ticket.provisional && !task.provisional);
    let marks = timing.marks(&task.clock).expect("marks");
    assert_eq!(
        (task.warn_at, task.due_at, task.long_at),
        (marks.warn_at, marks.due_at, marks.long_at)
    );
    assert_eq!((time(&ticket.due_at), time(&ticket.long_at)), (marks.due_at, marks.long_at));
    assert!(task.long_at > time(&met.ticket.long_at), "January is off");
    stage.service.finish().await;
}
