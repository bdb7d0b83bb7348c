//! Arranging webhooks: added, narrowed, paused, tested and removed by administrators.

use crate::receiver::{Answer, Receiver, added, begun_with, courier, later, webhook};
use domain::Kind;
use domain::people::Role;
use domain::tickets::telling::{
    AddWebhook, ListWebhooks, PauseWebhook, Problem, RemoveWebhook, TestWebhook, Topic,
};
use domain::tickets::{Action, State};
use support::Service;
use support::tickets::{dispatched, kind, opened, report};
use tokio::task::JoinSet;

#[tokio::test]
async fn a_webhook_hears_of_the_actions_and_states_it_asked_for() {
    let (service, cast, administrator) = begun_with(0).await;
    let (acts, states) = (Receiver::willing().await, Receiver::willing().await);
    let question = AddWebhook { actions: vec![Action::Dispatch], ..webhook(&acts.url) };
    administrator.ask(&question).await.expect("it is added");
    let known = vec![State::Reported, State::Filed];
    let question = AddWebhook { states: known.clone(), ..webhook(&states.url) };
    let added = administrator.ask(&question).await.expect("it is added");
    assert_eq!(added.webhook.states, known);
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let id = dispatched(&cast, &shown).await.ticket.id.0;
    courier(&service).pass(later(0)).await.expect("a pass");
    assert_eq!((acts.steps(), states.steps()), (vec![(id, 3)], vec![(id, 1), (id, 2)]));
    service.finish().await;
}

#[tokio::test]
async fn whatever_comes_in_at_once_is_queued_with_it_and_before_a_webhook_is_added_nothing_is() {
    let (service, _, administrator) = begun_with(0).await;
    service.ask(&report(50_000)).await.expect("it is taken");
    let receiver = Receiver::willing().await;
    added(&administrator, &receiver).await;
    let mut senders = JoinSet::new();
    for _ in 0..40 {
        let visitor = service.nobody().clone();
        senders.spawn(async move { visitor.ask(&report(50_000)).await.expect("it is taken") });
    }
    senders.join_all().await;
    let listed = administrator.ask(&ListWebhooks {}).await.expect("a list");
    assert_eq!((listed[0].waiting, listed[0].delivered), (40, 0));
    courier(&service).pass(later(0)).await.expect("a pass");
    let listed = administrator.ask(&ListWebhooks {}).await.expect("a list");
    assert_eq!((listed[0].waiting, listed[0].delivered, listed[0].dead), (0, 40, 0));
    assert!(listed[0].delivered_at.is_some());
    assert_eq!(receiver.got().len(), 40);
    service.finish().await;
}

#[tokio::test]
async fn the_messages_of_a_paused_webhook_wait_and_those_of_a_removed_one_go() {
    let (service, cast, administrator) = begun_with(0).await;
    let receiver = Receiver::willing().await;
    let id = added(&administrator, &receiver).await.webhook.id;
    let pause = |paused| PauseWebhook { webhook: id, paused };
    let paused = administrator.ask(&pause(true)).await.expect("it is paused");
    assert!(paused.paused);
    opened(&service, &cast.dispatcher, 50_000).await;
    let courier = courier(&service);
    assert_eq!(courier.pass(later(0)).await.expect("a pass").claimed(), 0);
    assert!(!administrator.ask(&pause(false)).await.expect("it goes on").paused);
    assert_eq!(courier.pass(later(0)).await.expect("a pass").delivered, 1);

    opened(&service, &cast.dispatcher, 50_000).await;
    let remove = RemoveWebhook { webhook: id };
    assert_eq!(administrator.ask(&remove).await, Ok(true));
    assert_eq!(administrator.ask(&remove).await, Ok(false));
    assert_eq!(kind(administrator.ask(&pause(true)).await), Kind::Missing);
    assert_eq!(courier.pass(later(0)).await.expect("a pass").claimed(), 0);
    assert_eq!(receiver.got().len(), 1);
    service.finish().await;
}

#[tokio::test]
async fn a_secret_is_shown_once_and_one_brought_along_is_used() {
    let (service, _, administrator) = begun_with(0).await;
    let receiver = Receiver::willing().await;
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let brought = AddWebhook { secret: Some(secret.to_owned()), ..webhook(&receiver.url) };
    let added = administrator.ask(&brought).await.expect("it is added");
    assert_eq!(added.secret, secret);
    let listed = administrator.send(&ListWebhooks {}).await.text().await.expect("a list");
    assert!(!listed.contains("MfKQ9r8G") && listed.contains("/hook"), "{listed}");
    let short = AddWebhook { secret: Some("whsec_c2hvcnQ=".to_owned()), ..brought };
    let refused = administrator.ask(&short).await.err().expect("refused");
    assert_eq!((refused.kind, refused.field.as_deref()), (Kind::Invalid, Some("secret")));
    assert!(!refused.to_string().contains("c2hvcnQ"), "it is not repeated");
    service.finish().await;
}

#[tokio::test]
async fn a_test_arrives_signed_and_says_what_went_wrong() {
    let (service, _, administrator) = begun_with(0).await;
    let receiver = Receiver::answering([Answer::Status(204), Answer::Status(401)]).await;
    let added = added(&administrator, &receiver).await;
    let test = TestWebhook { webhook: added.webhook.id };
    let tested = administrator.ask(&test).await.expect("it is tried");
    assert!(tested.delivered && tested.problem.is_none());
    let got = &receiver.got()[0];
    assert!(got.is_signed_with(&added.secret));
    assert_eq!((got.message().topic, got.message().data), (Topic::Test, None));
    let tested = administrator.ask(&test).await.expect("it is tried");
    assert_eq!((tested.delivered, tested.problem), (false, Some(Problem::Answered)));
    assert_eq!(tested.status, Some(401));
    service.finish().await;
}

#[tokio::test]
async fn a_private_address_and_what_is_none_are_refused_with_a_sentence() {
    let service = Service::start().await;
    let administrator = service.signed_in(Role::Administrator).await;
    for url in ["http://127.0.0.1:9/", "http://[::1]/", "https://10.0.0.1/", "ftp://a/", "x"] {
        let refused = administrator.ask(&webhook(url)).await.err().expect(url);
        assert_eq!((refused.kind, refused.field.as_deref()), (Kind::Invalid, Some("url")), "{url}");
    }
    let nameless = AddWebhook { name: " ".to_owned(), ..webhook("https://example.org/") };
    assert_eq!(kind(administrator.ask(&nameless).await), Kind::Invalid);
    let lead = service.signed_in(Role::ShiftLead).await;
    assert_eq!(kind(lead.ask(&webhook("https://example.org/")).await), Kind::Forbidden);
    service.finish().await;
}
