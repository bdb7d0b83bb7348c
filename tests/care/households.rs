//! Households: moved, given to another team by a new edition, ended and forgotten.

use crate::stage::{Care, NAME, due, record, rounds};
use backend::grids::drawing::Drawing;
use backend::tickets::care::rounds::Made;
use domain::people::Role;
use domain::tickets::care::{
    AddHousehold, CareKind, ChangeHousehold, Details, EndCare, EndReason, HouseholdChange,
    ListHouseholds, RecordVisit, Rhythm, Schedule, ShowHousehold, VisitResult,
};
use domain::tickets::{Action, State};
use domain::{Datum, Kind, Place};
use jiff::{Timestamp, ToSpan};
use support::district::{degrees, given, rectangle};
use support::tickets::{act, kind, shown};

#[tokio::test]
async fn a_household_that_moves_is_visited_by_the_team_of_its_new_cell() {
    let mut care = Care::begun().await;
    let added = care.added(50_000, 2).await;
    let id = added.household.id;
    let (lng, lat) = degrees(250_000, 50_000);
    let away = Place { lng, lat, datum: Datum::Cgcs2000 };
    let moving = ChangeHousehold { place: Some(away), ..ChangeHousehold::new(id, 1) };
    let there = care.member.ask(&moving).await.expect("it moves");
    assert_eq!((there.household.cell.as_str(), there.household.seq), ("c", 2));
    assert_eq!(kind(care.member.ask(&moving).await), Kind::Missing, "it is not theirs any more");
    let late = ChangeHousehold { kind: Some(CareKind::Illness), ..ChangeHousehold::new(id, 1) };
    let stranger = &care.cast.stranger;
    assert_eq!(kind(stranger.ask(&late).await), Kind::Moved, "somebody was first");
    let now = ChangeHousehold { seq: 2, ..late };
    let changed = stranger.ask(&now).await.expect("changed");
    assert_eq!(changed.household.kind, CareKind::Illness);
    assert_eq!(changed.details, added.details, "what was left out stays");
    care.pass(Timestamp::now()).await;
    assert_eq!(due(&care.member).await, []);
    assert_eq!(due(&care.cast.stranger).await[0].household.id, id);
    let changes: Vec<_> = changed.events.iter().map(|e| (e.change, e.cell.as_str())).collect();
    let expected =
        [(HouseholdChange::Add, "a"), (HouseholdChange::Move, "c"), (HouseholdChange::Change, "c")];
    assert_eq!(changes, expected);
    let (lng, lat) = degrees(90_000_000, 50_000);
    let far = Place { lng, lat, datum: Datum::Cgcs2000 };
    let out = ChangeHousehold { place: Some(far), ..ChangeHousehold::new(id, 3) };
    let refused = care.cast.stranger.ask(&out).await.expect_err("outside");
    assert_eq!(refused.field.as_deref(), Some("place"));
    care.service.finish().await;
}

#[tokio::test]
async fn a_new_edition_gives_a_household_another_cell_and_another_team() {
    let mut care = Care::begun().await;
    let id = care.added(50_000, 2).await.household.id;
    // What was a is c now, and the other way round.
    let cells = vec![
        given(1, "c", ["P", "S"], rectangle(0, 100_000)),
        given(2, "b", ["P", "S"], rectangle(100_000, 200_000)),
        given(3, "a", ["Q", "S"], rectangle(203_000, 300_000)),
    ];
    let drawing = Drawing::of("redrawn".to_owned(), cells, Some(rectangle(0, 300_000)));
    care.service.publish(drawing).await;
    care.rounds = rounds(&care.service, &care.timing).await;
    let made = care.pass(Timestamp::now()).await;
    // The rounds of the server itself may have been first with the cell.
    assert_eq!(Made { rehomed: 0, ..made }, Made { visits: 1, ..Made::default() });
    assert_eq!(due(&care.member).await, []);
    let visit = due(&care.cast.stranger).await.remove(0);
    assert_eq!((visit.household.id, visit.household.cell.as_str()), (id, "c"));
    let show = ShowHousehold { household: id };
    let seen = care.cast.stranger.ask(&show).await.expect("it is theirs");
    let last = seen.events.last().expect("an event");
    assert_eq!((last.change, last.name.as_deref()), (HouseholdChange::Rehome, None));
    assert_eq!(kind(care.member.ask(&show).await), Kind::Missing);
    care.service.finish().await;
}

#[tokio::test]
async fn when_the_care_ends_nothing_falls_due_and_names_are_forgotten_while_visits_stay() {
    let mut care = Care::begun().await;
    let id = care.added(50_000, 1).await.household.id;
    let now = Timestamp::now();
    care.pass(now).await;
    let first = due(&care.member).await.remove(0);
    care.member.ask(&record(&first, VisitResult::Met)).await.expect("recorded");
    care.pass(now + 24.hours()).await;
    let open = due(&care.member).await.remove(0);
    let end =
        EndCare {
            household: id, seq: 1, reason: EndReason::InCare, note: "入住护理院".to_owned()
        };
    let ended = care.member.ask(&end).await.expect("ended");
    assert_eq!(ended.household.next_on, None);
    assert_eq!(ended.household.end_reason, Some(EndReason::InCare));
    assert_eq!(kind(care.member.ask(&end).await), Kind::Moved);
    assert_eq!(due(&care.member).await, []);
    let closed = shown(&care.cast.dispatcher, open.ticket).await;
    assert_eq!(closed.ticket.state, State::Closed, "nobody is sent for nothing");
    assert_eq!(care.pass(now + 240.hours()).await, Made::default());
    let list = care.member.ask(&ListHouseholds::default()).await.expect("a list");
    assert_eq!(list, []);
    let show = ShowHousehold { household: id };
    let details = care.member.ask(&show).await.expect("shown").details;
    assert_eq!(details.expect("still known").name, NAME);
    let year = now + (24 * 366).hours();
    assert_eq!(care.pass(year).await, Made { forgotten: 1, ..Made::default() });
    let years_later = care.member.ask(&show).await.expect("the history stays");
    assert_eq!((years_later.details, years_later.events.len()), (None, 2));
    let visits = care.visits(&care.member, id).await;
    let results: Vec<_> = visits.iter().map(|visit| visit.result).collect();
    assert_eq!(results, [Some(VisitResult::Ended), Some(VisitResult::Met)]);
    assert_eq!(visits[1].tries[0].note, "", "what was said of them is forgotten, too");
    let again = EndCare { seq: 2, ..end };
    assert_eq!(kind(care.member.ask(&again).await), Kind::Moved);
    care.service.finish().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_the_field_at_fault_and_the_same_key_adds_once() {
    let care = Care::begun().await;
    let once = care.added(50_000, 7).await;
    assert_eq!(care.added(50_000, 7).await, once, "sent again, it is the same");
    let household = || AddHousehold { key: "k".to_owned(), ..care.household(50_000, 7) };
    let never = Schedule { rhythm: Rhythm::Days(0), ..household().schedule };
    let long = Details { remarks: "长".repeat(1_001), ..Details::default() };
    for (question, field) in [
        (AddHousehold { schedule: never, ..household() }, "schedule"),
        (AddHousehold { details: long, ..household() }, "details.remarks"),
        (AddHousehold { key: " ".to_owned(), ..household() }, "key"),
        (AddHousehold { key: "k".to_owned(), ..care.household(90_000_000, 7) }, "lng"),
    ] {
        let refused = care.member.ask(&question).await.expect_err(field);
        assert_eq!((refused.kind, refused.field.as_deref()), (Kind::Invalid, Some(field)));
    }
    let other = AddHousehold { key: "k".to_owned(), ..care.household(250_000, 7) };
    assert_eq!(kind(care.member.ask(&other).await), Kind::Forbidden, "another team's cell");
    care.cast.dispatcher.ask(&other).await.expect("the desk adds for everybody");
    let official = care.service.signed_in(Role::Official).await;
    assert_eq!(kind(official.ask(&household()).await), Kind::Forbidden);
    let nothing = RecordVisit {
        household: once.household.id,
        due_on: care.today(),
        result: VisitResult::Met,
        note: String::new(),
        help: None,
        key: "k".to_owned(),
    };
    let refused = care.member.ask(&nothing).await.expect_err("nothing fell due");
    assert_eq!((refused.kind, refused.field.as_deref()), (Kind::Missing, Some("due_on")));
    let skipped = RecordVisit { result: VisitResult::Skipped, ..nothing };
    assert_eq!(kind(care.member.ask(&skipped).await), Kind::Invalid);
    // The steps of a visit are for who records one: no button offers them.
    let mut care = care;
    care.pass(Timestamp::now()).await;
    let visit = due(&care.member).await.remove(0);
    let ticket = shown(&care.member, visit.ticket).await;
    assert!(ticket.offers.iter().all(|offer| offer.action != Action::Visit));
    let visited = care.member.ask(&act(&ticket, Action::Visit)).await;
    assert_eq!(kind(visited), Kind::Forbidden);
    care.service.finish().await;
}
