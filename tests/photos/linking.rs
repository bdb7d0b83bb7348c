//! Photos named in reports and in steps: each belongs to one of them, and shows before and after.

use crate::made::{exif, jpeg_saying};
use domain::Kind;
use domain::reports::{PhotoId, PhotoMoment, TakeReport};
use domain::tickets::{ActOnTicket, Action, ShowStatus};
use support::district::degrees;
use support::photos::jpeg;
use support::tickets::{act, begun, dispatched, done, done_as, opened, opened_by, report, shown};

fn with(photos: &[&PhotoId], report: TakeReport) -> TakeReport {
    TakeReport { photos: photos.iter().map(|&photo| photo.clone()).collect(), ..report }
}

#[tokio::test]
async fn a_report_has_its_photos_and_says_how_far_off_they_were_taken() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let (lng, lat) = degrees(50_000, 50_000);
    let at = |number, place| jpeg_saying(&jpeg(64, 48, number), &exif(1, place));
    // 0.001 degree of latitude are 111 m, a hundredth of one 1.1 km.
    let near = nobody.send_photo(at(1, Some((lng, lat + 0.001)))).await.expect("taken in").photo;
    let far = nobody.send_photo(at(2, Some((lng, lat + 0.01)))).await.expect("taken in").photo;
    let silent = nobody.send_photo(at(3, None)).await.expect("taken in").photo;
    let nowhere = nobody.send_photo(at(4, Some((0.0, 0.0)))).await.expect("taken in").photo;
    let report = with(&[&near, &far, &silent, &nowhere], report(50_000));
    let ticket = opened_by(&service, &cast.dispatcher, &report).await;
    let told = |photo: &PhotoId| ticket.photos.iter().find(|told| told.photo == *photo);
    let [near, far, silent, nowhere] =
        [&near, &far, &silent, &nowhere].map(|photo| told(photo).expect("it is shown"));
    let metres = near.distance_m.expect("it said where");
    assert!((110.0..112.0).contains(&metres) && !near.far, "{metres}");
    let metres = far.distance_m.expect("it said where");
    assert!((1_100.0..1_120.0).contains(&metres) && far.far, "{metres}");
    assert_eq!((silent.distance_m, silent.far), (None, false));
    assert_eq!(nowhere.distance_m, None, "a camera that does not know says so with zeros");
    for photo in &ticket.photos {
        assert_eq!((photo.moment, photo.seq), (PhotoMoment::Before, None));
        assert_eq!(photo.report.map(|report| report.0), Some(ticket.ticket.id.0));
        assert_eq!((photo.width, photo.height), (64, 48));
    }
    let db = service.database.client().await;
    let kept = "select count(*) from photos where place is not null";
    let kept: i64 = db.query_one(kept, &[]).await.expect("a row").get(0);
    assert_eq!(kept, 0, "the place is forgotten");
    service.finish().await;
}

#[tokio::test]
async fn before_and_after_stand_with_the_steps_that_brought_them() {
    let (service, cast) = begun().await;
    let team = &cast.team.0;
    let before = service.nobody().photographs(1).await;
    let taken = with(&[&before], report(50_000));
    let ticket = opened_by(&service, &cast.dispatcher, &taken).await;
    let ticket = dispatched(&cast, &ticket).await;
    let ticket = done(team, &ticket, Action::Accept).await;
    let found = team.photographs(2).await;
    let arrive = ActOnTicket { photos: vec![found.clone()], ..act(&ticket, Action::Arrive) };
    let ticket = done_as(team, &ticket, arrive).await;
    let cleared = [team.photographs(3).await, team.photographs(4).await];
    let feed_back = ActOnTicket { photos: cleared.to_vec(), ..act(&ticket, Action::FeedBack) };
    let ticket = done_as(team, &ticket, feed_back).await;
    let last = ticket.ticket.seq;
    let told: Vec<_> = ticket.photos.iter().map(|p| (p.photo.clone(), p.moment, p.seq)).collect();
    let [three, four] = cleared;
    assert_eq!(
        told,
        [
            (before, PhotoMoment::Before, None),
            (found, PhotoMoment::Before, Some(last - 1)),
            (three, PhotoMoment::After, Some(last)),
            (four, PhotoMoment::After, Some(last)),
        ]
    );
    service.finish().await;
}

#[tokio::test]
async fn a_photo_belongs_to_one_report_or_step_and_to_no_other() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let photo = nobody.photographs(1).await;
    service.ask(&with(&[&photo], report(50_000))).await.expect("taken");
    let again = service.ask(&with(&[&photo], report(60_000))).await.expect_err("it is used");
    assert_eq!((again.kind, again.field.as_deref()), (Kind::Invalid, Some("photos")), "{again}");
    let ticket = opened(&service, &cast.dispatcher, 50_000).await;
    let ticket = dispatched(&cast, &ticket).await;
    let ticket = done(&cast.team.0, &ticket, Action::Accept).await;
    let feed_back = |photos: Vec<PhotoId>, action| ActOnTicket { photos, ..act(&ticket, action) };
    let unknown = PhotoId("0".repeat(32));
    let mine = cast.team.0.photographs(2).await;
    for (photos, action) in [
        (vec![photo], Action::FeedBack),
        (vec![mine.clone(), unknown], Action::FeedBack),
        (vec![mine.clone(), mine.clone()], Action::FeedBack),
        (vec![mine.clone()], Action::Note),
    ] {
        let why = cast.team.0.ask(&feed_back(photos, action)).await.expect_err("refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("photos")), "{why}");
    }
    let now = shown(&cast.dispatcher, ticket.ticket.id).await;
    assert_eq!((now.ticket.seq, now.photos.len()), (ticket.ticket.seq, 0), "nothing was done");
    // What was refused took nothing: the photo waits still.
    done_as(&cast.team.0, &ticket, feed_back(vec![mine], Action::FeedBack)).await;
    service.finish().await;
}

#[tokio::test]
async fn a_report_sent_again_with_its_key_keeps_its_photos() {
    let (service, cast) = begun().await;
    let photo = service.nobody().photographs(1).await;
    let question = TakeReport { key: Some("k".into()), ..with(&[&photo], report(50_000)) };
    let first = service.ask(&question).await.expect("taken");
    let again = service.ask(&question).await.expect("answered again");
    assert_eq!((again.report, again.already), (first.report, true));
    let other = TakeReport { key: Some("other".into()), ..question };
    assert!(service.ask(&other).await.is_err(), "another key is another report");
    let ticket = shown(&cast.dispatcher, domain::ids::TicketId(first.report.0)).await;
    assert_eq!(ticket.photos.iter().map(|p| &p.photo).collect::<Vec<_>>(), [&photo]);
    let status = ShowStatus { code: first.code };
    assert_eq!(service.ask(&status).await.expect("a status").photos, Some(1));
    service.finish().await;
}

#[tokio::test]
async fn of_two_steps_at_once_that_name_one_photo_one_has_it() {
    let (service, cast) = begun().await;
    let team = &cast.team.0;
    let mut tickets = Vec::new();
    for east in [50_000, 60_000] {
        let ticket = opened(&service, &cast.dispatcher, east).await;
        let ticket = dispatched(&cast, &ticket).await;
        tickets.push(done(team, &ticket, Action::Accept).await);
    }
    let photo = team.photographs(1).await;
    let feed_back = |ticket| {
        let act = ActOnTicket { photos: vec![photo.clone()], ..act(ticket, Action::FeedBack) };
        async move { team.ask(&act).await }
    };
    let (one, two) = tokio::join!(feed_back(&tickets[0]), feed_back(&tickets[1]));
    assert!(one.is_ok() != two.is_ok());
    let won = one.as_ref().ok().or(two.as_ref().ok()).expect("one of them");
    assert_eq!(won.photos.len(), 1);
    service.finish().await;
}

/// Reports without photos ask nothing of the table of photos: they would fail here if they did.
#[tokio::test]
async fn a_report_without_photos_asks_nothing_about_photos() {
    let (service, _) = begun().await;
    let db = service.database.client().await;
    db.batch_execute("alter table photos rename to away").await.expect("it is hidden");
    service.ask(&report(50_000)).await.expect("it is taken");
    db.batch_execute("alter table away rename to photos").await.expect("it is back");
    service.finish().await;
}
