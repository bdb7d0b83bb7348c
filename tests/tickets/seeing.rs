//! Who sees which tickets, and how lists are narrowed.

use domain::Kind;
use domain::ids::TicketId;
use domain::tickets::{Action, ListTickets, ShowTicket, State};
use support::Visitor;
use support::tickets::{act, begun, done, kind, opened};

#[tokio::test]
async fn everybody_sees_the_tickets_of_their_cells_and_lists_are_narrowed() {
    let (service, cast) = begun().await;
    let a = opened(&service, &cast.dispatcher, 50_000).await;
    let c = opened(&service, &cast.dispatcher, 250_000).await;
    let seen = async |by: &Visitor, question: ListTickets| -> Vec<TicketId> {
        let list = by.ask(&question).await.expect("a list");
        list.iter().map(|ticket| ticket.id).collect()
    };
    let all = ListTickets::default();
    assert_eq!(seen(&cast.dispatcher, all.clone()).await, [c.ticket.id, a.ticket.id]);
    assert_eq!(seen(&cast.team.0, all.clone()).await, [a.ticket.id]);
    assert_eq!(seen(&cast.community.0, all.clone()).await, [a.ticket.id]);
    assert_eq!(seen(&cast.stranger, all.clone()).await, [c.ticket.id]);
    let hidden = cast.stranger.ask(&ShowTicket { ticket: a.ticket.id }).await;
    assert_eq!(hidden.expect_err("refused").kind, Kind::Missing);
    assert_eq!(kind(cast.stranger.ask(&act(&a, Action::Note)).await), Kind::Missing);
    let filed = done(&cast.dispatcher, &a, Action::File).await;
    let of = |state| ListTickets { state: Some(state), ..ListTickets::default() };
    assert_eq!(seen(&cast.dispatcher, of(State::Filed)).await, [filed.ticket.id]);
    let under = |cell: &str| ListTickets { cell: Some(cell.to_owned()), ..all.clone() };
    assert_eq!(seen(&cast.dispatcher, under("Q")).await, [c.ticket.id]);
    assert_eq!(seen(&cast.dispatcher, under("S")).await, [c.ticket.id, a.ticket.id]);
    let overdue = ListTickets { overdue: true, ..ListTickets::default() };
    assert_eq!(seen(&cast.dispatcher, overdue).await, []);
    service.finish().await;
}
