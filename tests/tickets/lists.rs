//! Lists in both orders, page by page, whatever way leads into them.

use domain::ids::TicketId;
use domain::tickets::{Action, ListTickets, Order, State, Ticket};
use std::collections::BTreeSet;
use support::tickets::{Cast, act, begun, dispatched, done, opened};
use support::{Service, Visitor};

/// Every page of a list, two at a time.
async fn pages(by: &Visitor, question: &ListTickets) -> Vec<Ticket> {
    let mut all: Vec<Ticket> = Vec::new();
    let mut question = ListTickets { limit: Some(2), ..question.clone() };
    loop {
        let page = by.ask(&question).await.expect("a page");
        let full = page.len() == 2;
        all.extend(page);
        let Some(last) = all.last().filter(|_| full) else { return all };
        if question.order == Some(Order::DueFirst) {
            question.after = Some(last.id);
            question.after_at = last.due_at.clone().or(last.review_at.clone());
        } else {
            question.before = Some(last.id);
        }
    }
}

fn ids(tickets: &[Ticket]) -> Vec<TicketId> {
    tickets.iter().map(|ticket| ticket.id).collect()
}

/// Tickets in two cells and in every kind of state.
async fn varied(service: &Service, cast: &Cast) {
    for i in 0..12 {
        let east = if i % 3 == 0 { 250_000 } else { 50_000 };
        let shown = opened(service, &cast.dispatcher, east).await;
        match i % 6 {
            0 => drop(done(&cast.dispatcher, &shown, Action::File).await),
            1 => drop(done(&cast.dispatcher, &shown, Action::Refuse).await),
            2 => drop(dispatched(cast, &shown).await),
            3 => {
                let closed = done(&cast.dispatcher, &shown, Action::SettleOnSpot).await;
                done(&cast.dispatcher, &closed, Action::Evaluate).await;
            }
            4 => {
                let asked = dispatched(cast, &shown).await;
                let asked = done(&cast.team.0, &asked, Action::Accept).await;
                let asked = done(&cast.team.0, &asked, Action::AskSuspension).await;
                let mut grant = act(&asked, Action::GrantSuspension);
                grant.review_at = Some(format!("2099-01-0{}T00:00:00Z", 1 + i % 5));
                cast.lead.ask(&grant).await.expect("it is suspended");
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_list_is_the_same_page_by_page_as_picked_out_of_all() {
    let (service, cast) = begun().await;
    varied(&service, &cast).await;
    let text = |text: &str| Some(text.to_owned());
    let wishes = [
        ListTickets::default(),
        ListTickets { state: Some(State::Filed), ..ListTickets::default() },
        ListTickets { state: Some(State::NotFiled), ..ListTickets::default() },
        ListTickets { cell: text("a"), ..ListTickets::default() },
        ListTickets { cell: text("Q"), state: Some(State::Filed), ..ListTickets::default() },
        ListTickets { cell: text("S"), ..ListTickets::default() },
        ListTickets { category: text("1101"), ..ListTickets::default() },
        ListTickets { category: text("0000"), ..ListTickets::default() },
        ListTickets {
            category: text("1101"),
            state: Some(State::NotFiled),
            ..ListTickets::default()
        },
        ListTickets { unit: Some(cast.team.1), ..ListTickets::default() },
        ListTickets { overdue: true, ..ListTickets::default() },
    ];
    let under = |ticket: &Ticket, code: &str| match (ticket.cell.as_deref(), code) {
        (_, "S") => true,
        (cell, "Q") => cell == Some("c"),
        (cell, code) => cell == Some(code),
    };
    for by in [&cast.dispatcher, &cast.team.0, &cast.community.0, &cast.stranger] {
        let all = by.ask(&ListTickets::default()).await.expect("all of them");
        assert!(!all.is_empty() && all.is_sorted_by_key(|ticket| std::cmp::Reverse(ticket.id)));
        for wish in &wishes {
            let fits = |ticket: &&Ticket| {
                wish.state.is_none_or(|state| ticket.state == state)
                    && wish.cell.as_deref().is_none_or(|code| under(ticket, code))
                    && wish.category.as_ref().is_none_or(|c| ticket.category.as_ref() == Some(c))
                    && wish.unit.is_none_or(|unit| ticket.unit == unit)
                    && !wish.overdue
            };
            let expected: Vec<Ticket> = all.iter().filter(fits).cloned().collect();
            assert_eq!(ids(&pages(by, wish).await), ids(&expected), "{wish:?}");
            let due = ListTickets { order: Some(Order::DueFirst), ..wish.clone() };
            let listed = pages(by, &due).await;
            let next = |ticket: &Ticket| {
                let at = ticket.due_at.clone().or(ticket.review_at.clone());
                (at.and_then(|at| at.parse::<jiff::Timestamp>().ok()), ticket.id)
            };
            assert!(listed.is_sorted_by_key(next), "{due:?}");
            let live = expected.iter().filter(|ticket| ticket.ended_at.is_none());
            let live: BTreeSet<TicketId> = live.map(|ticket| ticket.id).collect();
            assert_eq!(listed.len(), live.len(), "nothing is listed twice: {due:?}");
            assert_eq!(BTreeSet::from_iter(ids(&listed)), live, "{due:?}");
        }
    }
    service.finish().await;
}
