//! Who may see a photo: whoever may see its report or ticket, and nobody else.

use domain::people::{Reach, Role, UnitKind};
use domain::reports::{PhotoId, TakeReport};
use domain::tickets::{ActOnTicket, Action, ShowStatus, ShownTicket};
use domain::word::Word;
use reqwest::Response;
use reqwest::header::HeaderMap;
use support::tickets::{act, begun, dispatched, done, done_as, opened, opened_by, report};
use support::{Service, Visitor};

async fn get(by: &Visitor, photo: &PhotoId, small: bool) -> Response {
    let ending = if small { "/small" } else { "" };
    by.get(&format!("/api/photos/{photo}{ending}")).send().await.expect("the server answers")
}

async fn status(by: &Visitor, photo: &PhotoId) -> u16 {
    let whole = get(by, photo, false).await.status().as_u16();
    let small = get(by, photo, true).await.status().as_u16();
    assert_eq!(whole, small, "both sizes alike");
    whole
}

fn word<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_photo_comes_as_a_picture_that_no_cache_in_between_keeps() {
    let (service, cast) = begun().await;
    let photo = service.nobody().photographs(1).await;
    let question = TakeReport { photos: vec![photo.clone()], ..report(50_000) };
    opened_by(&service, &cast.dispatcher, &question).await;
    for small in [false, true] {
        let response = get(&cast.dispatcher, &photo, small).await;
        assert_eq!(response.status().as_u16(), 200);
        let headers = response.headers().clone();
        assert_eq!(word(&headers, "content-type"), "image/jpeg");
        assert_eq!(word(&headers, "x-content-type-options"), "nosniff");
        assert_eq!(word(&headers, "cache-control"), "private, no-cache");
        assert!(word(&headers, "content-security-policy").starts_with("default-src 'none'"));
        let mark = word(&headers, "etag").to_owned();
        assert!(response.bytes().await.expect("a body").starts_with(b"\xff\xd8\xff"));
        let path = format!("/api/photos/{photo}{}", if small { "/small" } else { "" });
        let again = cast.dispatcher.get(&path).header("if-none-match", mark).send().await;
        assert_eq!(again.expect("an answer").status().as_u16(), 304, "the browser has it");
    }
    service.finish().await;
}

/// A report with a photo and a step with a photo, in cell a with the team's unit.
async fn photographed(sensitive: bool) -> (Service, support::tickets::Cast, [PhotoId; 2]) {
    let (service, cast) = begun().await;
    let before = service.nobody().photographs(1).await;
    let question = TakeReport { photos: vec![before.clone()], sensitive, ..report(50_000) };
    let ticket = opened_by(&service, &cast.dispatcher, &question).await;
    let ticket = dispatched(&cast, &ticket).await;
    let ticket = done(&cast.team.0, &ticket, Action::Accept).await;
    let after = cast.team.0.photographs(2).await;
    let photos = vec![after.clone()];
    let feed_back = ActOnTicket { photos, ..act(&ticket, Action::FeedBack) };
    done_as(&cast.team.0, &ticket, feed_back).await;
    (service, cast, [before, after])
}

#[tokio::test]
async fn every_role_sees_the_photos_of_what_it_sees_and_no_others() {
    let (service, cast, photos) = photographed(false).await;
    for photo in &photos {
        assert_eq!(status(service.nobody(), photo).await, 401);
        assert_eq!(status(&cast.team.0, photo).await, 200);
        assert_eq!(status(&cast.community.0, photo).await, 200, "it lies under theirs");
        assert_eq!(status(&cast.stranger, photo).await, 404, "posted elsewhere");
        for &role in Role::ALL {
            let visitor = service.signed_in(role).await;
            assert_eq!(status(&visitor, photo).await, 200, "{role} of the unit that has it now");
            let unit = format!("{role} 别处");
            let posted = matches!(role, Role::Leader | Role::Member | Role::Official);
            let (kind, post) = (UnitKind::Department, posted.then_some((3, "c")));
            let elsewhere = service.signed_in_at(role, kind, &unit, post).await.0;
            let expected = if role.sight().plain == Reach::All { 200 } else { 404 };
            assert_eq!(status(&elsewhere, photo).await, expected, "{role} elsewhere");
        }
    }
    service.finish().await;
}

#[tokio::test]
async fn photos_of_a_sensitive_case_are_for_the_desk_and_the_unit_that_has_it() {
    let (service, cast, photos) = photographed(true).await;
    for photo in &photos {
        assert_eq!(status(&cast.dispatcher, photo).await, 200);
        assert_eq!(status(&cast.lead, photo).await, 200);
        assert_eq!(status(&cast.team.0, photo).await, 200, "whoever handled it");
        for hidden in [&cast.community.0, &cast.inspector, &cast.stranger] {
            assert_eq!(status(hidden, photo).await, 404);
        }
        for role in [Role::Planner, Role::Inspector, Role::Management, Role::Administrator] {
            let visitor = service.signed_in(role).await;
            assert_eq!(status(&visitor, photo).await, 404, "{role}");
        }
        let at = ("乙队", Some((3, "a")));
        let other = service.signed_in_at(Role::Leader, UnitKind::GridTeam, at.0, at.1).await.0;
        assert_eq!(status(&other, photo).await, 404, "a post at the cell is not enough");
    }
    service.finish().await;
}

#[tokio::test]
async fn what_becomes_sensitive_hides_its_photos_from_the_next_look_on() {
    let (service, cast, photos) = photographed(false).await;
    assert_eq!(status(&cast.inspector, &photos[0]).await, 200);
    let ticket = cast.dispatcher.ask(&domain::tickets::ListTickets::default()).await;
    let id = ticket.expect("a list")[0].id;
    let ticket: ShownTicket = support::tickets::shown(&cast.dispatcher, id).await;
    cast.dispatcher.ask(&act(&ticket, Action::Conceal)).await.expect("hidden");
    for photo in &photos {
        assert_eq!(status(&cast.inspector, photo).await, 404);
        assert_eq!(status(&cast.dispatcher, photo).await, 200);
    }
    service.finish().await;
}

#[tokio::test]
async fn photos_of_a_report_merged_into_a_ticket_are_seen_by_whoever_sees_that() {
    let (service, cast) = begun().await;
    // The other report lies in cell c, which the leader of cell a does not see.
    let target = opened(&service, &cast.dispatcher, 50_000).await;
    let mut photos = Vec::new();
    for becomes_sensitive in [false, true] {
        let photo = service.nobody().photographs(u8::from(becomes_sensitive)).await;
        let question = TakeReport { photos: vec![photo.clone()], ..report(250_000) };
        let other = opened_by(&service, &cast.dispatcher, &question).await;
        let into = Some(target.ticket.id);
        let merge = ActOnTicket { into, ..act(&other, Action::Merge) };
        let merged = cast.dispatcher.ask(&merge).await.expect("merged");
        if becomes_sensitive {
            cast.dispatcher.ask(&act(&merged, Action::Conceal)).await.expect("hidden");
        }
        photos.push(photo);
    }
    let seen = support::tickets::shown(&cast.team.0, target.ticket.id).await;
    assert_eq!(seen.photos.iter().map(|p| &p.photo).collect::<Vec<_>>(), [&photos[0]]);
    assert_eq!(status(&cast.team.0, &photos[0]).await, 200);
    assert_eq!(status(&cast.team.0, &photos[1]).await, 404, "sensitive, and stays so");
    let desk = support::tickets::shown(&cast.dispatcher, target.ticket.id).await;
    assert_eq!(desk.photos.len(), 2);
    service.finish().await;
}

#[tokio::test]
async fn a_photo_that_waits_is_shown_to_nobody_and_a_reporter_reads_how_many_there_are() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let waiting = nobody.photographs(1).await;
    assert_eq!(status(&cast.dispatcher, &waiting).await, 404);
    let odd = PhotoId("..%2F..%2Fetc%2Fpasswd".to_owned());
    assert_eq!(status(&cast.dispatcher, &odd).await, 404);
    let taken = service.ask(&TakeReport { photos: vec![waiting.clone()], ..report(50_000) }).await;
    let code = taken.expect("taken").code;
    let told = service.ask(&ShowStatus { code }).await.expect("a status");
    assert_eq!(told.photos, Some(1));
    let told = serde_json::to_string(&told).expect("JSON");
    assert!(!told.contains(&waiting.0), "{told}");
    let hidden = TakeReport { sensitive: true, ..report(50_000) };
    let code = service.ask(&hidden).await.expect("taken").code;
    let told = service.ask(&ShowStatus { code }).await.expect("a status");
    assert_eq!(told.photos, None);
    let lines = service.logs.everything();
    assert!(lines.iter().all(|line| !line.contains(&waiting.0)), "{lines:?}");
    service.finish().await;
}
