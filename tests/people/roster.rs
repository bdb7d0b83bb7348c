//! The duty roster: at every minute a dispatcher is on duty, or it is said that there is none.

use domain::Kind;
use domain::grids::Locate;
use domain::ids::PersonId;
use domain::people::roster::{
    Duty, DutyKind, Gap, ListDuties, OnDuty, RemoveDuty, RosterGaps, SetDuty,
};
use domain::people::{Role, WhoAmI};
use support::{Service, Visitor};

/// A time on a day of the spring festival of 2027: holidays have duty.
fn at(day: u8, time: &str) -> String {
    format!("2027-02-{day:02}T{time}:00+08:00")
}

fn utc(text: &str) -> String {
    text.parse::<jiff::Timestamp>().expect("a time").to_string()
}

async fn number(visitor: &Visitor) -> PersonId {
    visitor.ask(&WhoAmI {}).await.expect("an answer").expect("somebody").person
}

fn duty(person: PersonId, begins_at: String, ends_at: String) -> SetDuty {
    SetDuty { person, kind: DutyKind::Dispatcher, begins_at, ends_at, weeks: None }
}

#[tokio::test]
async fn the_roster_says_who_is_on_duty_or_since_and_until_when_nobody_is() {
    let service = Service::start().await;
    let lead = service.signed_in(Role::ShiftLead).await;
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let (boss, wang) = (number(&lead).await, number(&dispatcher).await);
    let on = async |time: String| {
        let now = dispatcher.ask(&OnDuty { at: Some(time) }).await.expect("an answer");
        (now.duties.iter().map(|duty| duty.person).collect::<Vec<_>>(), now.nobody)
    };
    let gap = |since: Option<String>, until: Option<String>, minutes| Gap {
        since: since.map(|text| utc(&text)),
        until: until.map(|text| utc(&text)),
        minutes,
    };
    assert_eq!(on(at(6, "08:00")).await, (vec![], Some(gap(None, None, None))));
    lead.ask(&duty(wang, at(6, "08:00"), at(6, "16:00"))).await.expect("set");
    lead.ask(&duty(wang, at(7, "00:00"), at(7, "08:00"))).await.expect("set");
    let leads = SetDuty { kind: DutyKind::ShiftLead, ..duty(boss, at(6, "00:00"), at(6, "20:00")) };
    lead.ask(&leads).await.expect("set");
    assert_eq!(on(at(6, "08:00")).await, (vec![boss, wang], None), "the first minute is theirs");
    assert_eq!(on(at(6, "15:59")).await, (vec![boss, wang], None));
    let evening = gap(Some(at(6, "16:00")), Some(at(7, "00:00")), Some(480));
    assert_eq!(on(at(6, "16:00")).await, (vec![boss], Some(evening.clone())), "no dispatcher");
    assert_eq!(on(at(6, "23:59")).await, (vec![], Some(evening.clone())));
    assert_eq!(on(at(5, "12:00")).await.1, Some(gap(None, Some(at(6, "08:00")), None)));
    assert_eq!(on(at(9, "12:00")).await.1, Some(gap(Some(at(7, "08:00")), None, None)));
    let gaps = RosterGaps { from: at(6, "00:00"), until: at(7, "12:00") };
    let early = gap(Some(at(6, "00:00")), Some(at(6, "08:00")), Some(480));
    let late = gap(Some(at(7, "08:00")), Some(at(7, "12:00")), Some(240));
    assert_eq!(dispatcher.ask(&gaps).await, Ok(vec![early, evening, late]));
    service.finish().await;
}

#[tokio::test]
async fn a_duty_is_repeated_by_the_week_and_nobody_is_on_duty_twice_at_once() {
    let service = Service::start().await;
    let lead = service.signed_in(Role::ShiftLead).await;
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let member = service.signed_in(Role::Member).await;
    let wang = number(&dispatcher).await;
    let list = ListDuties { from: at(1, "00:00"), until: "2027-12-31T00:00:00Z".to_owned() };
    let weekly = SetDuty { weeks: Some(3), ..duty(wang, at(1, "08:00"), at(1, "16:00")) };
    let set: Vec<Duty> = lead.ask(&weekly).await.expect("set");
    let begins: Vec<&str> = set.iter().map(|duty| duty.begins_at.as_str()).collect();
    assert_eq!(begins, [1, 8, 15].map(|day| utc(&at(day, "08:00"))));
    // Free in the first two weeks, on duty in the third: none of it is written.
    let clash = SetDuty { weeks: Some(3), ..duty(wang, at(1, "15:00"), at(1, "17:00")) };
    let why = lead.ask(&clash).await.expect_err("refused");
    assert_eq!(why.kind, Kind::Invalid);
    assert!(why.message.en.contains("already"), "{why}");
    let partly = SetDuty { weeks: Some(2), ..duty(wang, at(2, "08:00"), at(2, "09:00")) };
    lead.ask(&partly).await.expect("next to each other is fine");
    assert_eq!(dispatcher.ask(&list).await.expect("a list").len(), 5);
    for (question, field) in [
        (duty(number(&member).await, at(3, "08:00"), at(3, "16:00")), "person"),
        (
            SetDuty { kind: DutyKind::ShiftLead, ..duty(wang, at(3, "08:00"), at(3, "16:00")) },
            "person",
        ),
        (duty(wang, at(3, "08:00"), at(4, "08:01")), "ends_at"),
        (duty(wang, at(3, "08:00"), at(3, "08:00")), "ends_at"),
        (SetDuty { weeks: Some(54), ..duty(wang, at(3, "08:00"), at(3, "16:00")) }, "weeks"),
        (duty(wang, "tomorrow".to_owned(), at(3, "16:00")), "begins_at"),
    ] {
        let why = lead.ask(&question).await.expect_err("refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some(field)), "{why}");
    }
    assert_eq!(lead.ask(&RemoveDuty { duty: set[0].id }).await, Ok(true));
    let gone = lead.ask(&RemoveDuty { duty: set[0].id }).await.expect_err("gone");
    assert_eq!(gone.kind, Kind::Missing);
    assert_eq!(dispatcher.ask(&list).await.expect("a list").len(), 4);
    service.finish().await;
}

#[tokio::test]
async fn whom_to_call_outside_every_cell_is_who_is_on_duty_and_the_desk_where_nobody_is() {
    let service = Service::start().await;
    let lead = service.signed_in(Role::ShiftLead).await;
    let wang = number(&service.signed_in(Role::Dispatcher).await).await;
    let desk = async || {
        let place = Locate { lng: 0.0, lat: 0.0, datum: Default::default(), accuracy_m: None };
        let located = service.ask(&place).await.expect("an answer");
        located.contacts.iter().map(|contact| contact.person).collect::<Vec<_>>()
    };
    assert_eq!(desk().await, [PersonId(1)], "the desk of the first day");
    let now = jiff::Timestamp::now();
    let hours = |n| now.checked_add(jiff::SignedDuration::from_hours(n)).expect("a time");
    let set = duty(wang, hours(-1).to_string(), hours(7).to_string());
    let set = lead.ask(&set).await.expect("set");
    while desk().await != [wang] {
        // The memory of the server hears of it a moment later.
        tokio::task::yield_now().await;
    }
    let begun = lead.ask(&RemoveDuty { duty: set[0].id }).await.expect_err("it has begun");
    assert_eq!(begun.kind, Kind::Missing);
    let now = lead.ask(&OnDuty::default()).await.expect("an answer");
    assert_eq!((now.duties[0].person, now.nobody), (wang, None));
    service.finish().await;
}
