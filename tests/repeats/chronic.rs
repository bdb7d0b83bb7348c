//! Places where one thing is reported again and again after it was closed.

use crate::{merged, of};
use domain::Kind;
use domain::ids::TicketId;
use domain::people::Role;
use domain::reports::TakeReport;
use domain::tickets::chronic::{ChronicPlace, ListChronicPlaces};
use domain::tickets::{Action, ShownTicket};
use support::tickets::{Cast, begun, dispatched, done, kind, opened, opened_by, report, shown};
use support::{Service, Visitor};

/// A round: reported so far east of the corner, where 1,000 units are 9.5 m, and closed.
async fn round(service: &Service, cast: &Cast, report: &TakeReport) -> ShownTicket {
    let shown = opened_by(service, &cast.dispatcher, report).await;
    done(&cast.dispatcher, &shown, Action::SettleOnSpot).await
}

async fn listed(by: &Visitor) -> Vec<ChronicPlace> {
    by.ask(&ListChronicPlaces::default()).await.expect("a list")
}

fn ids<'a>(tickets: impl IntoIterator<Item = &'a ShownTicket>) -> Vec<TicketId> {
    tickets.into_iter().map(|shown| shown.ticket.id).collect()
}

/// The actions that are suggested.
fn suggested(shown: &ShownTicket) -> Vec<Action> {
    let offers = shown.offers.iter().filter(|offer| offer.suggested.is_some());
    offers.map(|offer| offer.action).collect()
}

#[tokio::test]
async fn what_is_reported_again_after_three_rounds_is_chronic_and_the_whistle_is_suggested() {
    let (service, cast) = begun().await;
    let mut rounds = Vec::new();
    for east in [50_000, 52_000, 54_000] {
        let shown = opened(&service, &cast.dispatcher, 53_000).await;
        assert_eq!(shown.chronic, None, "{} rounds are not enough", rounds.len());
        done(&cast.dispatcher, &shown, Action::Refuse).await;
        rounds.push(round(&service, &cast, &report(east)).await);
    }
    let again = opened(&service, &cast.dispatcher, 53_000).await;
    let chronic = again.chronic.clone().expect("it is recognised");
    assert_eq!((chronic.times, chronic.days, chronic.within_m), (3, 90, 50.0));
    let earlier: Vec<TicketId> = chronic.earlier.iter().map(|closed| closed.ticket).collect();
    assert_eq!(earlier, ids(rounds.iter().rev()), "closed last at the top");
    assert_eq!(chronic.last_closed_at, chronic.earlier[0].closed_at);
    assert!(chronic.words.zh.contains("3 次") && chronic.words.en.contains("3 earlier"));
    assert_eq!(suggested(&again), [], "the desk verifies it first");
    let work = dispatched(&cast, &again).await;
    let work = done(&cast.team.0, &work, Action::Accept).await;
    assert_eq!(work.chronic, Some(chronic), "whoever handles it sees it, too");
    assert_eq!(suggested(&work), [Action::RaiseTo2], "the way to where it can be blown");
    done(&cast.team.0, &work, Action::RaiseTo2).await;
    let raised = shown(&cast.community.0, again.ticket.id).await;
    assert_eq!(suggested(&raised), [Action::Whistle]);
    let whistle = raised.offers.iter().find(|offer| offer.action == Action::Whistle);
    let why = whistle.and_then(|offer| offer.suggested.clone()).expect("it says why");
    assert!(why.zh.contains("吹哨") && why.zh.contains("3 次"), "{why:?}");
    let [place] = &listed(&cast.dispatcher).await[..] else { panic!("one place") };
    assert_eq!(
        (place.times, place.category.as_str(), place.cell.as_deref()),
        (3, "1101", Some("a"))
    );
    let tickets: Vec<TicketId> = place.tickets.iter().map(|closed| closed.ticket).collect();
    assert_eq!((tickets, &place.open), (earlier, &ids([&again])));
    assert_eq!(place.last_closed_at, place.tickets[0].closed_at);
    service.finish().await;
}

#[tokio::test]
async fn what_was_reported_twice_while_it_lay_there_counts_once_merged_or_not() {
    let (service, cast) = begun().await;
    for _ in 0..2 {
        let main = opened(&service, &cast.dispatcher, 50_000).await;
        let second = opened(&service, &cast.dispatcher, 50_100).await;
        let third = opened(&service, &cast.dispatcher, 50_200).await;
        merged(&cast.dispatcher, &second, &main).await;
        let main = shown(&cast.dispatcher, main.ticket.id).await;
        done(&cast.dispatcher, &main, Action::SettleOnSpot).await;
        done(&cast.dispatcher, &third, Action::SettleOnSpot).await;
    }
    let again = opened(&service, &cast.dispatcher, 50_000).await;
    assert_eq!(again.chronic, None, "two rounds of three reports");
    assert_eq!(listed(&cast.dispatcher).await, []);
    done(&cast.dispatcher, &again, Action::SettleOnSpot).await;
    let again = opened(&service, &cast.dispatcher, 50_000).await;
    let chronic = again.chronic.expect("three rounds");
    assert_eq!((chronic.times, chronic.earlier.len()), (3, 5));
    service.finish().await;
}

#[tokio::test]
async fn another_place_another_category_and_what_was_taken_up_again_do_not_count() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    round(&service, &cast, &report(50_000)).await;
    round(&service, &cast, &report(50_000)).await;
    round(&service, &cast, &report(60_000)).await;
    round(&service, &cast, &of("1104", 50_000)).await;
    let closed = round(&service, &cast, &report(50_000)).await;
    let closed = done(desk, &closed, Action::Evaluate).await;
    assert!(opened(&service, desk, 50_000).await.chronic.is_some(), "what is evaluated counts");
    let asked = done(desk, &closed, Action::AskReopen).await;
    done(&cast.lead, &asked, Action::GrantReopen).await;
    let again = opened(&service, desk, 50_000).await;
    assert_eq!(again.chronic, None, "it is not closed any more");
    let unknown = TakeReport { category: None, ..report(50_000) };
    assert_eq!(opened_by(&service, desk, &unknown).await.chronic, None);
    assert_eq!(listed(desk).await, []);
    service.finish().await;
}

#[tokio::test]
async fn a_household_that_is_visited_again_and_again_by_plan_is_no_chronic_place() {
    let (service, cast) = begun().await;
    for _ in 0..3 {
        round(&service, &cast, &report(50_000)).await;
    }
    assert!(opened(&service, &cast.dispatcher, 50_000).await.chronic.is_some());
    let visits = "
        set session_replication_role = replica;
        insert into care_visits (household, due_on, made_at, ticket)
        select 1, date '2026-01-01' + id::integer, opened_at, id
        from tickets where closed_at is not null;
        set session_replication_role = origin";
    let db = service.database.client().await;
    db.batch_execute(visits).await.expect("they were visits");
    drop(db);
    assert_eq!(opened(&service, &cast.dispatcher, 50_000).await.chronic, None);
    assert_eq!(listed(&cast.dispatcher).await, []);
    service.finish().await;
}

#[tokio::test]
async fn places_are_those_of_the_asker_and_what_is_sensitive_counts_for_the_desk_alone() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let management = service.signed_in(Role::Management).await;
    for _ in 0..3 {
        round(&service, &cast, &report(250_000)).await;
    }
    let hidden = |east| TakeReport { sensitive: true, ..of("1598", east) };
    for _ in 0..3 {
        round(&service, &cast, &hidden(50_000)).await;
    }
    let cells = async |by: &Visitor| {
        let places = listed(by).await;
        places.into_iter().filter_map(|place| place.cell).collect::<Vec<_>>()
    };
    assert_eq!(cells(desk).await, ["a", "c"]);
    assert_eq!(cells(&management).await, ["c"]);
    assert_eq!(cells(&cast.stranger).await, ["c"], "their cell");
    assert_eq!(cells(&cast.team.0).await, [""; 0]);
    let plain = opened_by(&service, desk, &of("1598", 50_000)).await;
    assert!(plain.chronic.is_some());
    assert_eq!(shown(&management, plain.ticket.id).await.chronic, None);
    let under = |cell: &str| ListChronicPlaces {
        cell: Some(cell.to_owned()),
        ..ListChronicPlaces::default()
    };
    let count = async |wish: ListChronicPlaces| desk.ask(&wish).await.expect("a list").len();
    for (cell, places) in [("a", 1), ("b", 0), ("P", 1), ("Q", 1), ("S", 2)] {
        assert_eq!(count(under(cell)).await, places, "{cell}");
    }
    let of = ListChronicPlaces { category: Some("1101".to_owned()), ..Default::default() };
    assert_eq!(count(of).await, 1);
    assert_eq!(count(ListChronicPlaces { limit: Some(1), ..Default::default() }).await, 1);
    assert_eq!(kind(desk.ask(&under("zz")).await), Kind::Missing);
    assert_eq!(kind(service.ask(&ListChronicPlaces::default()).await), Kind::Nobody);
    service.finish().await;
}

#[tokio::test]
async fn across_a_border_what_the_neighbour_closed_counts_though_it_is_not_listed() {
    let (service, cast) = begun().await;
    for _ in 0..3 {
        round(&service, &cast, &report(99_000)).await;
    }
    let beside = opened(&service, &cast.dispatcher, 101_000).await;
    assert_eq!(beside.ticket.cell.as_deref(), Some("b"));
    let at = service.signed_in_at(
        Role::Leader,
        domain::people::UnitKind::GridTeam,
        "乙网格队",
        Some((3, "b")),
    );
    let (leader, _) = at.await;
    let seen = shown(&leader, beside.ticket.id).await.chronic.expect("it is told");
    assert_eq!((seen.times, seen.earlier.len()), (3, 0));
    assert_eq!(
        shown(&cast.dispatcher, beside.ticket.id).await.chronic.map(|c| c.earlier.len()),
        Some(3)
    );
    service.finish().await;
}
