//! Open tickets near in place, category and time.

use crate::{merged, of};
use domain::Kind;
use domain::ids::TicketId;
use domain::people::{Role, UnitKind};
use domain::reports::{Channel, IssueToken, TakeReport};
use domain::tickets::near::{Kin, NearTicket, NearTickets, SimilarTickets};
use domain::tickets::{ActOnTicket, Action, ShownTicket, State};
use domain::{Datum, Refusal};
use support::Visitor;
use support::district::degrees;
use support::tickets::{act, begun, dispatched, done, done_as, kind, opened, opened_by, report};

/// What is asked around a place so far east of the corner, where 1,000 units are 9.5 m.
fn around(east: i32) -> NearTickets {
    let (lng, lat) = degrees(east, 50_000);
    NearTickets {
        lng,
        lat,
        datum: Datum::Cgcs2000,
        accuracy_m: None,
        category: Some("1101".to_owned()),
        at: None,
        limit: None,
    }
}

fn ids(near: &Result<Vec<NearTicket>, Refusal>) -> Vec<TicketId> {
    let near = near.as_ref().expect("it is answered");
    near.iter().map(|near| near.ticket).collect()
}

fn numbers(tickets: &[&ShownTicket]) -> Vec<TicketId> {
    tickets.iter().map(|shown| shown.ticket.id).collect()
}

#[tokio::test]
async fn open_tickets_around_a_place_are_suggested_the_likest_first_with_enough_to_judge() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let photos = vec![service.nobody().photographs(1).await, service.nobody().photographs(2).await];
    let there = TakeReport { text: "旧沙发".repeat(40), photos, ..report(50_000) };
    let there = opened_by(&service, desk, &there).await;
    let away = opened(&service, desk, 53_000).await;
    let group = opened_by(&service, desk, &of("1104", 50_000)).await;
    let other = opened_by(&service, desk, &of("1201", 50_000)).await;
    let far = opened(&service, desk, 70_000).await;
    let again = opened(&service, desk, 50_100).await;
    merged(desk, &again, &there).await;
    let there = dispatched(&cast, &support::tickets::shown(desk, there.ticket.id).await).await;
    let near = desk.ask(&around(50_000)).await;
    assert_eq!(ids(&near), numbers(&[&there, &group, &away, &other]));
    let near = near.expect("it is answered");
    let NearTicket { score, distance_m, state, kin, reports, .. } = near[0];
    assert_eq!((score, distance_m, state, kin), (1.0, 0.0, State::Dispatched, Kin::Same));
    assert_eq!(reports, 2, "with the one merged into it");
    assert_eq!(near.iter().map(|near| near.photos).collect::<Vec<_>>(), [2, 0, 0, 0]);
    assert_eq!(near[0].unit_name, "甲网格队");
    assert_eq!(near[0].excerpt.chars().count(), 80);
    let text = |at: jiff::Timestamp| Some(at.to_string());
    assert_eq!(text(near[0].opened_at), Some(there.ticket.opened_at.clone()));
    assert_eq!(near[0].due_at.and_then(text), there.ticket.due_at);
    assert_eq!((near[1].kin, near[1].score), (Kin::Group, 0.6));
    assert!((28.0..29.0).contains(&near[2].distance_m), "{}", near[2].distance_m);
    assert!(near.is_sorted_by(|a, b| a.score >= b.score));
    let vague = NearTickets { accuracy_m: Some(150.0), ..around(50_000) };
    assert!(ids(&desk.ask(&vague).await).contains(&far.ticket.id), "a vague fix looks farther");
    let one = NearTickets { limit: Some(1), ..around(50_000) };
    assert_eq!(ids(&desk.ask(&one).await), numbers(&[&there]));
    let later = NearTickets { at: Some("2099-01-01T00:00:00Z".to_owned()), ..around(50_000) };
    assert_eq!(ids(&desk.ask(&later).await), [], "in another year it is another thing");
    service.finish().await;
}

#[tokio::test]
async fn for_a_ticket_its_like_are_suggested_and_nothing_that_is_over() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let first = opened(&service, desk, 50_000).await;
    let second = opened(&service, desk, 50_500).await;
    let closed = opened(&service, desk, 50_000).await;
    done(desk, &closed, Action::SettleOnSpot).await;
    let refused = opened(&service, desk, 50_000).await;
    done(desk, &refused, Action::Refuse).await;
    let similar = async |shown: &ShownTicket| {
        desk.ask(&SimilarTickets { ticket: shown.ticket.id, limit: None }).await
    };
    assert_eq!(ids(&similar(&first).await), numbers(&[&second]));
    assert_eq!(ids(&similar(&closed).await), numbers(&[&first, &second]));
    let second = merged(desk, &second, &first).await;
    assert_eq!(ids(&similar(&first).await), []);
    assert_eq!(ids(&similar(&second).await), numbers(&[&first]), "the one it went into");
    let unseen = SimilarTickets { ticket: TicketId(999), limit: None };
    assert_eq!(kind(desk.ask(&unseen).await), Kind::Missing);
    service.finish().await;
}

#[tokio::test]
async fn only_who_reads_tickets_asks_and_sees_what_their_lists_show() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let plain = opened(&service, desk, 50_000).await;
    let hidden = TakeReport { sensitive: true, ..report(50_000) };
    let hidden = opened_by(&service, desk, &hidden).await;
    assert_eq!(ids(&desk.ask(&around(50_000)).await), numbers(&[&hidden, &plain]));
    for by in [&cast.team.0, &cast.community.0, &cast.inspector] {
        assert_eq!(ids(&by.ask(&around(50_000)).await), numbers(&[&plain]));
        let similar = SimilarTickets { ticket: hidden.ticket.id, limit: None };
        assert_eq!(kind(by.ask(&similar).await), Kind::Missing);
    }
    assert_eq!(ids(&cast.stranger.ask(&around(50_000)).await), [], "not their cell");
    assert_eq!(kind(service.ask(&around(50_000)).await), Kind::Nobody);
    // A channel sends reports; what others said is none of its business.
    let administrator = service.signed_in(Role::Administrator).await;
    let token =
        IssueToken { name: "12345".to_owned(), channel: Channel::Hotline, expires_at: None };
    let token = administrator.ask(&token).await.expect("a token").secret;
    let (lng, lat) = degrees(50_000, 50_000);
    let path = format!("/api/tickets/near?lng={lng}&lat={lat}&datum=cgcs2000");
    let sent = service.nobody().get(&path).header("authorization", format!("Bearer {token}"));
    assert_eq!(sent.send().await.expect("an answer").status().as_u16(), 401);
    // Whom it is dispatched to sees the sensitive one, and nobody beside them.
    let sent = dispatched(&cast, &hidden).await;
    assert_eq!(ids(&cast.team.0.ask(&around(50_000)).await), numbers(&[&sent, &plain]));
    service.finish().await;
}

#[tokio::test]
async fn a_unit_that_a_whistle_called_is_suggested_the_ticket() {
    let (service, cast) = begun().await;
    let at = service.signed_in_at(Role::Adviser, UnitKind::Department, "环卫所", None);
    let (adviser, department): (Visitor, _) = at.await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let shown = done(&cast.team.0, &shown, Action::RaiseTo2).await;
    assert_eq!(ids(&adviser.ask(&around(50_000)).await), []);
    let whistle = ActOnTicket { call: vec![department], ..act(&shown, Action::Whistle) };
    let shown = done_as(&cast.community.0, &shown, whistle).await;
    assert_eq!(ids(&adviser.ask(&around(50_000)).await), numbers(&[&shown]));
    service.finish().await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_its_field() {
    let (service, cast) = begun().await;
    let refused = async |question: NearTickets| {
        let why = cast.dispatcher.ask(&question).await.expect_err("refused");
        assert_eq!(why.kind, Kind::Invalid);
        why.field.expect("a field")
    };
    assert_eq!(refused(NearTickets { limit: Some(0), ..around(0) }).await, "limit");
    assert_eq!(refused(NearTickets { limit: Some(51), ..around(0) }).await, "limit");
    assert_eq!(refused(NearTickets { lat: 91.0, ..around(0) }).await, "lat");
    assert_eq!(refused(NearTickets { accuracy_m: Some(-1.0), ..around(0) }).await, "accuracy_m");
    assert_eq!(refused(NearTickets { at: Some("soon".to_owned()), ..around(0) }).await, "at");
    service.finish().await;
}
