//! Side branches: what is asked for, and granted by somebody else.

use domain::Kind;
use domain::tickets::{ActOnTicket, Action, State};
use support::tickets::{act, begun, dispatched, done, kind, opened};

#[tokio::test]
async fn more_time_and_a_pause_are_asked_for_and_granted_by_somebody_else() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let early = ActOnTicket { more: Some(3), ..act(&shown, Action::GrantExtension) };
    assert_eq!(kind(cast.lead.ask(&early).await), Kind::Invalid);
    let asked = done(&cast.team.0, &shown, Action::AskExtension).await;
    assert_eq!(kind(cast.team.0.ask(&act(&asked, Action::AskExtension)).await), Kind::Invalid);
    let grant = ActOnTicket { more: Some(3), ..act(&asked, Action::GrantExtension) };
    assert_eq!(kind(cast.team.0.ask(&grant).await), Kind::Forbidden);
    let longer = cast.lead.ask(&grant).await.expect("it is granted");
    assert!(longer.ticket.due_at > asked.ticket.due_at);
    assert_eq!(longer.pending, []);
    let asked = done(&cast.team.0, &longer, Action::AskSuspension).await;
    let grant = act(&asked, Action::GrantSuspension);
    assert_eq!(kind(cast.lead.ask(&grant).await), Kind::Invalid, "without a date of review");
    let grant = ActOnTicket { review_at: Some("2099-01-01T00:00:00Z".to_owned()), ..grant };
    let paused = cast.lead.ask(&grant).await.expect("it is granted");
    assert_eq!((paused.ticket.state, &paused.ticket.due_at), (State::Suspended, &None));
    assert!(paused.ticket.review_at.is_some());
    let resumed = done(&cast.team.0, &paused, Action::Resume).await;
    assert_eq!(resumed.ticket.state, State::Accepted);
    assert!(resumed.ticket.due_at >= longer.ticket.due_at);
    service.finish().await;
}
