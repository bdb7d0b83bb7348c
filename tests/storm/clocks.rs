//! Time zones and clocks that jump.

use crate::process::Process;
use domain::clocks::{CALENDARS, Calendar, HOURS, Hours, Year};
use domain::tickets::Action;
use jiff::{Span, Timestamp};
use support::ledger;
use support::tickets::{act, begun, opened, report, reported};

/// The calendar shipped with the program, read here.
fn calendar() -> Calendar {
    let hours = Hours::parse(HOURS).expect("the hours");
    let years: Vec<Year> =
        CALENDARS.iter().map(|text| Year::parse(text).expect("a year")).collect();
    Calendar::new(hours, &years).expect("a calendar")
}

#[tokio::test]
async fn wherever_the_server_thinks_it_stands_the_deadline_is_that_of_the_district() {
    let (service, cast) = begun().await;
    let calendar = calendar();
    for zone in ["America/Los_Angeles", "UTC", "Asia/Shanghai", "Pacific/Kiritimati"] {
        let server = Process::start(&service.database, &[("TZ", zone), ("PGTZ", zone)]).await;
        let dispatcher = cast.dispatcher.at(&server.visitor);
        let opened = reported(&server.visitor, &report(50_000), &dispatcher).await;
        let filed = dispatcher.ask(&act(&opened, Action::File)).await.expect("it is filed");
        for shown in [opened, filed] {
            let clock = shown.ticket.clock.expect("a clock runs");
            let (Ok(Some(warn)), Ok(Some(due))) =
                (clock.warn_at(&calendar), clock.due_at(&calendar))
            else {
                // Beyond the calendars that are out: marked as provisional.
                assert!(shown.ticket.provisional, "{zone}");
                continue;
            };
            assert_eq!(shown.ticket.warn_at, Some(warn.to_string()), "{zone}");
            assert_eq!(shown.ticket.due_at, Some(due.to_string()), "{zone}");
        }
        server.kill().await;
    }
    service.finish().await;
}

/// As if the clock had been set back by an hour: the last event lies ahead of it.
#[tokio::test]
async fn when_the_clock_is_set_back_events_stay_in_order_and_deadlines_run_on() {
    let (service, cast) = begun().await;
    let before = opened(&service, &cast.dispatcher, 50_000).await;
    let ahead = Timestamp::now() + Span::new().hours(1);
    let db = service.database.client().await;
    let note = "
        with noted as (
            insert into ticket_events (ticket, seq, from_state, action, to_state, person, unit, at)
            select id, 2, 'reported', 'note', 'reported', null, unit, $2 from tickets where id = $1)
        update tickets set seq = 2 where id = $1";
    db.execute(note, &[&before.ticket.id.0, &ahead]).await.expect("a note from the future");
    let mut file = act(&before, Action::File);
    file.seq = 2;
    let filed = cast.dispatcher.ask(&file).await.expect("it is filed");
    let at = |i: usize| -> Timestamp { filed.events[i].at.parse().expect("a time") };
    assert_eq!(at(2), at(1), "never before what happened last");
    let clock = filed.ticket.clock.expect("a clock runs");
    assert_eq!(clock.started_at, at(2));
    let due: Timestamp = filed.ticket.due_at.and_then(|at| at.parse().ok()).expect("a deadline");
    assert!(due > at(2));
    ledger::check(&db).await;
    service.finish().await;
}
