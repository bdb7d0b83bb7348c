//! Merging and taking apart: what is lawful, and what both histories and every reporter read.

use crate::{merged, merging, reads};
use domain::Kind;
use domain::clocks::Stage;
use domain::ids::{ReportId, TicketId};
use domain::people::Role;
use domain::reports::TakeReport;
use domain::tickets::{
    ActOnTicket, Action, ListTickets, Order, Progress, PublicStatus, RateByCode, ShowStatus,
    ShownTicket, State, TicketOfReport,
};
use support::tickets::{
    Cast, act, begun, dispatched, done, done_as, kind, opened, opened_by, report, shown,
};
use support::{Service, ledger};

/// A report, its code, and its ticket as the dispatcher sees it.
async fn taken(service: &Service, cast: &Cast, east: i32) -> (String, ShownTicket) {
    let taken = service.ask(&report(east)).await.expect("it is taken");
    let ticket = cast.dispatcher.ask(&TicketOfReport { report: taken.report }).await;
    let ticket = ticket.expect("an answer").expect("a ticket");
    (taken.code, shown(&cast.dispatcher, ticket).await)
}

async fn followed(service: &Service, code: &str) -> PublicStatus {
    service.ask(&ShowStatus { code: code.to_owned() }).await.expect("the code opens it")
}

/// What a ticket's history says, and which other ticket it names each time.
fn told(shown: &ShownTicket) -> Vec<(Action, Option<TicketId>)> {
    shown.events.iter().map(|event| (event.action, event.other)).collect()
}

#[tokio::test]
async fn several_go_into_one_both_histories_tell_it_and_every_reporter_follows_the_one() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let (code, main) = taken(&service, &cast, 50_000).await;
    let main = dispatched(&cast, &main).await;
    let mut codes = vec![code];
    for east in [50_100, 50_200] {
        let (code, second) = taken(&service, &cast, east).await;
        let second = merged(desk, &second, &main).await;
        assert_eq!(second.ticket.merged_into, Some(main.ticket.id));
        let other = Some(main.ticket.id);
        assert_eq!(told(&second), [(Action::Open, None), (Action::Merge, other)]);
        assert!(second.ticket.ended_at.is_some() && second.ticket.due_at.is_none());
        codes.push(code);
    }
    let now = shown(desk, main.ticket.id).await;
    assert_eq!((now.ticket.state, &now.ticket.clock), (State::Dispatched, &main.ticket.clock));
    assert_eq!(now.ticket.unit, cast.team.1, "it keeps its unit");
    assert_eq!(now.reports.len(), 3, "every report is kept");
    let [.., one, two] = &now.events[..] else { panic!("it has more events") };
    assert_eq!((one.action, one.other), (Action::Join, Some(TicketId(main.ticket.id.0 + 1))));
    assert_eq!((two.action, two.other), (Action::Join, Some(TicketId(main.ticket.id.0 + 2))));
    assert_eq!((two.note.as_str(), two.name.is_some()), ("因为", true), "why, and by whom");
    let status = followed(&service, &codes[2]).await;
    assert_eq!(status.progress, Progress::Assigned);
    assert_eq!(status.unit_name.as_deref(), Some("甲网格队"));
    assert_eq!(status.due_at, now.ticket.due_at);
    let now = done(&cast.team.0, &now, Action::Accept).await;
    let now = done(&cast.team.0, &now, Action::FeedBack).await;
    let now = done(&cast.inspector, &now, Action::Confirm).await;
    done(desk, &now, Action::Close).await;
    for code in &codes {
        let status = followed(&service, code).await;
        assert_eq!((status.progress, status.may_rate), (Progress::Done, true));
        let rate = RateByCode { code: code.clone(), stars: 4, text: String::new() };
        service.ask(&rate).await.expect("every reporter rates it");
    }
    assert_eq!(shown(desk, main.ticket.id).await.ratings.len(), 3);
    let steps = followed(&service, &codes[1]).await.steps;
    let steps: Vec<Progress> = steps.iter().map(|step| step.progress).collect();
    use Progress::{Assigned, Checking, Done, Handling, Joined, Received};
    assert_eq!(steps, [Received, Joined, Assigned, Handling, Checking, Done]);
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn whoever_was_joined_with_what_is_not_taken_up_or_called_off_reads_that_and_why() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let (_, main) = taken(&service, &cast, 50_000).await;
    let (code, second) = taken(&service, &cast, 50_100).await;
    merged(desk, &second, &main).await;
    let main = shown(desk, main.ticket.id).await;
    let refuse =
        ActOnTicket { note: "不属于本辖区".to_owned(), ..act(&main, Action::Refuse) };
    done_as(desk, &main, refuse).await;
    let status = followed(&service, &code).await;
    assert_eq!(status.progress, Progress::NotFiled);
    assert_eq!(status.reason.as_deref(), Some("不属于本辖区"));
    assert!(status.may_ask_reopen, "and may ask to take it up");
    let main = opened(&service, desk, 60_000).await;
    let (code, second) = taken(&service, &cast, 60_100).await;
    merged(desk, &second, &main).await;
    let main = done(desk, &shown(desk, main.ticket.id).await, Action::AskVoid).await;
    done(&cast.lead, &main, Action::GrantVoid).await;
    assert_eq!(followed(&service, &code).await.progress, Progress::CalledOff);
    service.finish().await;
}

#[tokio::test]
async fn what_cannot_be_merged_is_told_where_to_go_instead() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let main = opened(&service, desk, 50_000).await;
    let second = opened(&service, desk, 50_100).await;
    let third = opened(&service, desk, 50_200).await;
    let refused = async |act: ActOnTicket, field: Option<&str>| {
        let why = desk.ask(&act).await.expect_err("it is refused");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, field), "{why}");
        why.message.en
    };
    refused(merging(&main, &main), Some("into")).await;
    let second = merged(desk, &second, &main).await;
    let why = refused(merging(&third, &second), Some("into")).await;
    assert!(why.contains(&format!("merge into {}", main.ticket.id)), "{why}");
    let main = shown(desk, main.ticket.id).await;
    refused(merging(&main, &third), None).await;
    let merge = main.offers.iter().find(|offer| offer.action == Action::Merge);
    assert!(merge.is_some_and(|offer| offer.refused.is_some()), "and the button says why");
    assert!(main.offers.iter().all(|offer| !offer.action.is_echo()));
    refused(act(&main, Action::Join), Some("action")).await;
    refused(act(&main, Action::Release), Some("action")).await;
    let over = opened(&service, desk, 50_300).await;
    let over = done(desk, &over, Action::SettleOnSpot).await;
    refused(merging(&third, &over), Some("into")).await;
    let hidden = TakeReport { sensitive: true, ..report(50_400) };
    let hidden = opened_by(&service, desk, &hidden).await;
    refused(merging(&hidden, &third), Some("into")).await;
    let sent = dispatched(&cast, &third).await;
    assert_eq!(kind(desk.ask(&merging(&sent, &main)).await), Kind::Moved, "a unit has it");
    let back = done(&cast.team.0, &sent, Action::AskReturn).await;
    merged(desk, &back, &main).await;
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn what_was_merged_by_mistake_comes_back_verified_anew_with_its_report() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let (_, main) = taken(&service, &cast, 50_000).await;
    let (code, second) = taken(&service, &cast, 50_100).await;
    let file = ActOnTicket { urgent: Some(true), ..act(&second, Action::File) };
    let second = merged(desk, &done_as(desk, &second, file).await, &main).await;
    let offers = second.offers.iter().filter(|offer| offer.refused.is_none());
    let offers: Vec<Action> = offers.map(|offer| offer.action).collect();
    assert_eq!(offers, [Action::Unmerge, Action::Conceal]);
    let silent = ActOnTicket { note: " ".to_owned(), ..act(&second, Action::Unmerge) };
    let why = desk.ask(&silent).await.expect_err("a reason is owed");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("note")));
    let why = cast.team.0.ask(&act(&second, Action::Unmerge)).await.expect_err("not theirs");
    assert_eq!(why.kind, Kind::Forbidden);
    // Whatever became of the other one meanwhile.
    let main = done(desk, &shown(desk, main.ticket.id).await, Action::SettleOnSpot).await;
    let main = done(desk, &main, Action::Evaluate).await;
    let back = done(desk, &second, Action::Unmerge).await;
    let ticket = &back.ticket;
    assert_eq!((ticket.state, ticket.merged_into, ticket.level), (State::Reported, None, 3));
    assert_eq!((ticket.unit_name.as_str(), ticket.urgent), ("联动中心", true));
    assert_eq!((ticket.stage, ticket.ended_at.as_ref()), (Some(Stage::Verify), None));
    let limit = ticket.clock.as_ref().map(|clock| clock.limit.to_string());
    assert_eq!(limit.as_deref(), Some("1uh"), "a new clock, for what is urgent");
    let into = Some(main.ticket.id);
    let tells = [Action::Open, Action::File, Action::Merge, Action::Unmerge];
    assert_eq!(told(&back), tells.map(|a| (a, into.filter(|_| a > Action::Evaluate))));
    assert_eq!(back.reports.iter().map(|r| r.id).collect::<Vec<_>>(), [ReportId(ticket.id.0)]);
    let main = shown(desk, main.ticket.id).await;
    assert_eq!((main.ticket.state, main.reports.len()), (State::Evaluated, 1));
    assert_eq!(told(&main).last(), Some(&(Action::Release, Some(ticket.id))));
    let status = followed(&service, &code).await;
    assert_eq!((status.progress, status.due_at), (Progress::Received, ticket.due_at.clone()));
    let other = opened(&service, desk, 50_200).await;
    merged(desk, &back, &other).await;
    ledger::check(&service.database.client().await).await;
    service.finish().await;
}

#[tokio::test]
async fn what_is_merged_is_not_among_what_is_open() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let main = opened(&service, desk, 50_000).await;
    let second = opened(&service, desk, 50_100).await;
    let second = merged(desk, &second, &main).await;
    let listed = async |wish: ListTickets| {
        let list = desk.ask(&wish).await.expect("a list");
        list.iter().map(|ticket| ticket.id).collect::<Vec<_>>()
    };
    let due = ListTickets { order: Some(Order::DueFirst), ..ListTickets::default() };
    assert_eq!(listed(due).await, [main.ticket.id]);
    let state = |state| ListTickets { state: Some(state), ..ListTickets::default() };
    assert_eq!(listed(state(State::Reported)).await, [main.ticket.id]);
    assert_eq!(listed(state(State::Merged)).await, [second.ticket.id]);
    service.finish().await;
}

#[tokio::test]
async fn what_is_merged_into_a_sensitive_ticket_gives_nothing_away() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let management = service.signed_in(Role::Management).await;
    let hidden = TakeReport { sensitive: true, ..report(50_000) };
    let hidden = opened_by(&service, desk, &hidden).await;
    let (code, plain) = taken(&service, &cast, 50_100).await;
    assert!(reads(&management, &plain).await);
    let plain = merged(desk, &plain, &hidden).await;
    assert!(plain.ticket.sensitive && plain.reports[0].sensitive);
    assert!(!reads(&management, &plain).await);
    assert_eq!(management.ask(&ListTickets::default()).await, Ok(vec![]));
    assert_eq!(followed(&service, &code).await.unit_name, None, "little is told of it");
    let back = done(desk, &plain, Action::Unmerge).await;
    assert!(back.ticket.sensitive, "until the desk says otherwise, with a reason");
    done(desk, &back, Action::Disclose).await;
    assert!(reads(&management, &plain).await);
    service.finish().await;
}

#[tokio::test]
async fn hiding_a_ticket_hides_what_was_merged_into_it_and_each_is_shown_again_by_itself() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let management = service.signed_in(Role::Management).await;
    let main = opened(&service, desk, 50_000).await;
    let second = opened(&service, desk, 50_100).await;
    let second = merged(desk, &second, &main).await;
    let main = done(desk, &shown(desk, main.ticket.id).await, Action::Conceal).await;
    assert!(!reads(&management, &main).await && !reads(&management, &second).await);
    let main = done(desk, &main, Action::Disclose).await;
    assert!(reads(&management, &main).await && !reads(&management, &second).await);
    let seen = shown(&management, main.ticket.id).await;
    let join = seen.events.iter().find(|event| event.action == Action::Join);
    assert_eq!(join.map(|event| event.other), Some(None), "which one is not said");
    assert_eq!(seen.reports.len(), 1);
    let second = shown(desk, second.ticket.id).await;
    assert!(second.ticket.sensitive);
    done(desk, &second, Action::Disclose).await;
    assert_eq!(shown(&management, main.ticket.id).await.reports.len(), 2);
    service.finish().await;
}

#[tokio::test]
async fn the_database_refuses_a_chain_and_a_merging_told_in_one_history_by_itself() {
    let (service, cast) = begun().await;
    let desk = &cast.dispatcher;
    let main = opened(&service, desk, 50_000).await;
    let second = opened(&service, desk, 50_100).await;
    let third = opened(&service, desk, 50_200).await;
    merged(desk, &second, &main).await;
    let over = opened(&service, desk, 50_300).await;
    done(desk, &over, Action::SettleOnSpot).await;
    let db = service.database.client().await;
    let refused = async |sql: String| {
        let why = db.execute(&sql, &[]).await.expect_err("the database refuses");
        why.as_db_error().and_then(|e| e.constraint()).map(str::to_owned).expect("a constraint")
    };
    let merge = |on: &ShownTicket, into: &ShownTicket| {
        let (on, into) = (on.ticket.id, into.ticket.id);
        format!(
            "update tickets set merged_into = {into}, state = 'merged', ended_at = now(), \
             seq = seq + 1 where id = {on}"
        )
    };
    for (on, into) in [(&third, &second), (&main, &third), (&third, &over)] {
        assert_eq!(refused(merge(on, into)).await, "ticket_merges_one_deep");
    }
    let one_side = format!(
        "insert into ticket_merges values ({0}, 1, {1}, 1)",
        third.ticket.id, over.ticket.id
    );
    assert_eq!(refused(one_side).await, "merge_is_told_in_both");
    let open = format!("update tickets set closed_at = now() where id = {}", third.ticket.id);
    assert_eq!(refused(open).await, "ticket_says_when_it_was_closed");
    drop(db);
    service.finish().await;
}
