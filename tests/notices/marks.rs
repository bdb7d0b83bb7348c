//! The marks of clocks, told by a crier that is given the time.

use crate::hearing::{crier, filed_and_sent, heard};
use backend::tickets::notices::crier::KEPT;
use domain::people::Role;
use domain::tickets::notices::NoticeKind::{self, DueSoon, LongOverdue, Overdue};
use domain::tickets::{ActOnTicket, Action, Ticket};
use jiff::{Timestamp, ToSpan};
use support::tickets::{act, begun, dispatched, done, done_as, opened};

/// The three marks of a ticket.
fn marks(ticket: &Ticket) -> [Timestamp; 3] {
    [&ticket.warn_at, &ticket.due_at, &ticket.long_at]
        .map(|mark| mark.as_deref().and_then(|at| at.parse().ok()).expect("a mark"))
}

#[tokio::test]
async fn deadlines_are_told_once_each_to_the_unit_the_cells_and_the_desk() {
    let (service, cast) = begun().await;
    let management = service.signed_in(Role::Management).await;
    let untouched = opened(&service, &cast.dispatcher, 50_000).await.ticket;
    let sent = opened(&service, &cast.dispatcher, 60_000).await;
    let sent = dispatched(&cast, &sent).await;
    let (fresh, id) = (untouched.id, sent.ticket.id);
    let crier = crier(&service);
    let before = 30.seconds();
    let clock = async |heard_by, of| -> Vec<NoticeKind> {
        let all = heard(heard_by).await.into_iter();
        all.filter(|told| told.1 == of && told.0 != NoticeKind::Came).map(|told| told.0).collect()
    };
    let [warn_at, due_at, long_at] = marks(&untouched);
    crier.pass(warn_at - before).await.expect("a pass");
    assert_eq!(clock(&cast.dispatcher, fresh).await, []);
    crier.pass(warn_at).await.expect("a pass");
    assert_eq!(clock(&cast.dispatcher, fresh).await, [DueSoon], "nobody has touched it yet");
    crier.pass(due_at).await.expect("a pass");
    // Of a longer limit: neither was due before.
    let [sent_warn_at, sent_due_at, _] = marks(&sent.ticket);
    assert!(sent_warn_at > due_at);
    assert_eq!(clock(&cast.team.0, id).await, []);
    crier.pass(sent_warn_at).await.expect("a pass");
    assert_eq!(clock(&cast.team.0, id).await, [DueSoon]);
    // With more time it is due soon once more, later.
    let work = done(&cast.team.0, &sent, Action::Accept).await;
    let asked = done(&cast.team.0, &work, Action::AskExtension).await;
    let grant = ActOnTicket { more: Some(4), ..act(&asked, Action::GrantExtension) };
    let more = done_as(&cast.lead, &asked, grant).await;
    let [later_warn_at, later_due_at, later_long_at] = marks(&more.ticket);
    assert!(later_warn_at > sent_due_at);
    crier.pass(sent_due_at).await.expect("a pass");
    assert_eq!(clock(&cast.team.0, id).await, [DueSoon], "it is not due yet");
    crier.pass(later_warn_at).await.expect("a pass");
    crier.pass(later_due_at).await.expect("a pass");
    crier.pass(long_at.max(later_due_at)).await.expect("a pass");
    crier.pass(later_long_at).await.expect("a pass");
    // Whatever the clock does afterwards.
    for now in [Timestamp::now(), warn_at, later_due_at, later_long_at + 24.hours()] {
        crier.pass(now).await.expect("a pass");
    }
    let both = [DueSoon, DueSoon, Overdue, LongOverdue];
    assert_eq!(clock(&cast.team.0, id).await, both);
    assert_eq!(clock(&cast.dispatcher, id).await, both);
    assert_eq!(clock(&cast.community.0, id).await, both, "posted to the community above");
    assert_eq!(clock(&cast.team.0, fresh).await, [DueSoon, Overdue, LongOverdue]);
    assert_eq!(heard(&management).await, [(LongOverdue, fresh), (LongOverdue, id)]);
    assert_eq!(heard(&cast.stranger).await, []);
    service.finish().await;
}

#[tokio::test]
async fn after_a_long_stop_the_last_mark_alone_is_told() {
    let (service, cast) = begun().await;
    let ticket = opened(&service, &cast.dispatcher, 50_000).await.ticket;
    let [_, _, long_at] = marks(&ticket);
    let crier = crier(&service);
    crier.pass(long_at + 24.hours()).await.expect("a pass");
    assert_eq!(heard(&cast.dispatcher).await, [(LongOverdue, ticket.id)]);
    // What is over, waits for a rating, or stands still is not late.
    let closed = opened(&service, &cast.dispatcher, 50_000).await;
    let closed = done(&cast.dispatcher, &closed, Action::SettleOnSpot).await;
    crier.pass(marks(&closed.ticket)[2]).await.expect("a pass");
    let told = heard(&cast.dispatcher).await;
    assert!(told.iter().all(|told| told.1 != closed.ticket.id), "{told:?}");
    service.finish().await;
}

#[tokio::test]
async fn a_sensitive_case_is_told_to_those_who_may_see_it_at_that_moment() {
    let (service, cast) = begun().await;
    let management = service.signed_in(Role::Management).await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let id = open.ticket.id;
    let crier = crier(&service);
    let [warn_at, _, long_at] = marks(&open.ticket);
    crier.pass(warn_at).await.expect("a pass");
    assert_eq!(heard(&cast.team.0).await, [(DueSoon, id)]);
    let hidden = done(&cast.dispatcher, &open, Action::Conceal).await;
    crier.pass(long_at).await.expect("a pass");
    assert_eq!(heard(&cast.team.0).await, [], "a post at the cell is not enough, nor is the past");
    assert_eq!(heard(&management).await, []);
    assert_eq!(heard(&cast.dispatcher).await, [(DueSoon, id), (LongOverdue, id)]);
    let sent = filed_and_sent(&cast.dispatcher, &hidden, cast.team.1).await;
    crier.pass(Timestamp::now()).await.expect("a pass");
    let came = (NoticeKind::Came, id);
    let told = heard(&cast.team.0).await;
    assert_eq!(told.last(), Some(&came), "the unit that answers for it hears");
    assert_eq!(heard(&cast.community.0).await, []);
    done(&cast.dispatcher, &sent, Action::Disclose).await;
    assert_eq!(heard(&management).await, [(LongOverdue, id)], "it is plain again");
    service.finish().await;
}

#[tokio::test]
async fn notices_are_forgotten_after_thirty_days() {
    let (service, cast) = begun().await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    dispatched(&cast, &open).await;
    let crier = crier(&service);
    crier.pass(Timestamp::now()).await.expect("a pass");
    assert_eq!(heard(&cast.team.0).await, [(NoticeKind::Came, open.ticket.id)]);
    crier.pass(Timestamp::now() + KEPT + 1.hour()).await.expect("a pass");
    assert_eq!(heard(&cast.team.0).await, [(LongOverdue, open.ticket.id)]);
    service.finish().await;
}
