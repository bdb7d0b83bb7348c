//! Tickets: opened with every report, moved step by step by whom the rules name, never without a
//! responsible unit and a running deadline.

use domain::Kind;
use domain::clocks::Stage;
use domain::ids::{TicketId, UnitId};
use domain::people::{Role, UnitKind};
use domain::reports::{Channel, TakeReport};
use domain::tickets::{
    ActOnTicket, Action, ListTickets, ShowTicket, ShownTicket, State, TicketOfReport,
};
use domain::{Datum, Refusal};
use jiff::Timestamp;
use support::district::{degrees, district};
use support::{Service, Visitor};

/// The people of the district who have a part in these tests.
struct Cast {
    dispatcher: Visitor,
    lead: Visitor,
    inspector: Visitor,
    /// Leader of cell a, with the team's number.
    team: (Visitor, UnitId),
    /// Leader of cell c, in another community.
    stranger: Visitor,
    /// Leader of the community of cell a.
    community: (Visitor, UnitId),
}

async fn cast(service: &Service) -> Cast {
    let at = async |role, kind, unit, post| service.signed_in_at(role, kind, unit, post).await;
    Cast {
        dispatcher: service.signed_in(Role::Dispatcher).await,
        lead: service.signed_in(Role::ShiftLead).await,
        inspector: at(Role::Inspector, UnitKind::SubCentre, "分中心", None).await.0,
        team: at(Role::Leader, UnitKind::GridTeam, "甲网格队", Some((3, "a"))).await,
        stranger: at(Role::Leader, UnitKind::GridTeam, "丙网格队", Some((3, "c"))).await.0,
        community: at(Role::Leader, UnitKind::Community, "甲社区", Some((2, "P"))).await,
    }
}

async fn begun() -> (Service, Cast) {
    let service = Service::start().await;
    service.publish(district()).await;
    let cast = cast(&service).await;
    (service, cast)
}

async fn opened(service: &Service, reader: &Visitor, east: i32) -> ShownTicket {
    let (lng, lat) = degrees(east, 50_000);
    let report = TakeReport {
        lng,
        lat,
        datum: Datum::Cgcs2000,
        accuracy_m: None,
        channel: Channel::Hotline,
        category: Some("1101".to_owned()),
        text: "围墙外的垃圾".to_owned(),
        happened_at: None,
        key: None,
    };
    let taken = service.ask(&report).await.expect("it is taken");
    let ticket = reader.ask(&TicketOfReport { report: taken.report }).await.expect("an answer");
    let ticket = ticket.expect("a report has a ticket as soon as it is acknowledged");
    reader.ask(&ShowTicket { ticket }).await.expect("it is shown")
}

fn act(on: &ShownTicket, action: Action) -> ActOnTicket {
    ActOnTicket {
        ticket: on.ticket.id,
        seq: on.ticket.seq,
        action,
        note: "因为".to_owned(),
        unit: None,
        more: None,
        review_at: None,
        into: None,
        key: None,
    }
}

async fn done(by: &Visitor, on: &ShownTicket, action: Action) -> ShownTicket {
    let shown = by.ask(&act(on, action)).await;
    let shown = shown.unwrap_or_else(|refusal| panic!("{action}: {refusal}"));
    let ticket = &shown.ticket;
    assert_eq!(ticket.seq, on.ticket.seq + 1);
    assert!(
        ticket.state.is_final() || ticket.stage.is_some(),
        "{action} leaves it without a clock"
    );
    let runs = ticket.due_at.is_some() || ticket.review_at.is_some();
    assert!(ticket.state.is_final() || runs, "{action} leaves it without a deadline");
    shown
}

async fn dispatched(cast: &Cast, on: &ShownTicket) -> ShownTicket {
    let filed = done(&cast.dispatcher, on, Action::File).await;
    let to_team = ActOnTicket { unit: Some(cast.team.1), ..act(&filed, Action::Dispatch) };
    cast.dispatcher.ask(&to_team).await.expect("it is dispatched")
}

fn kind(answer: Result<ShownTicket, Refusal>) -> Kind {
    answer.expect_err("it is refused").kind
}

#[tokio::test]
async fn a_report_has_its_ticket_with_unit_and_deadline_when_it_is_acknowledged() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let ticket = &shown.ticket;
    assert_eq!((ticket.state, ticket.seq, ticket.level), (State::Reported, 1, 3));
    assert_eq!((ticket.unit_name.as_str(), ticket.cell.as_deref()), ("联动中心", Some("a")));
    assert_eq!(ticket.stage, Some(Stage::Verify));
    let time = |text: &Option<String>| -> Timestamp {
        text.as_deref().and_then(|text| text.parse().ok()).expect("a time")
    };
    let opened_at: Timestamp = ticket.opened_at.parse().expect("a time");
    assert!(opened_at < time(&ticket.warn_at));
    assert!(time(&ticket.warn_at) < time(&ticket.due_at));
    assert!(time(&ticket.due_at) < time(&ticket.long_at));
    assert_eq!(shown.events.len(), 1);
    assert_eq!(shown.events[0].action, Action::Open);
    assert_eq!(shown.reports.len(), 1);
    let offers: Vec<Action> = shown.offers.iter().map(|offer| offer.action).collect();
    assert!(offers.contains(&Action::File) && !offers.contains(&Action::Accept), "{offers:?}");
    service.finish().await;
}

#[tokio::test]
async fn a_ticket_goes_through_the_six_steps_from_report_to_evaluation() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    assert_eq!(shown.ticket.unit, cast.team.1);
    assert_eq!(shown.ticket.stage, Some(Stage::Handle));
    let handling = shown.ticket.clock.clone();
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let shown = done(&cast.team.0, &shown, Action::Arrive).await;
    assert_eq!(shown.ticket.clock, handling, "the clock that began at dispatch goes on");
    let shown = done(&cast.team.0, &shown, Action::FeedBack).await;
    assert_eq!((shown.ticket.state, shown.ticket.unit_name.as_str()), (State::Done, "联动中心"));
    assert_eq!(kind(cast.team.0.ask(&act(&shown, Action::Confirm)).await), Kind::Forbidden);
    let shown = done(&cast.inspector, &shown, Action::SendBack).await;
    assert_eq!((shown.ticket.state, shown.ticket.unit), (State::Rework, cast.team.1));
    let shown = done(&cast.team.0, &shown, Action::FeedBack).await;
    let shown = done(&cast.inspector, &shown, Action::Confirm).await;
    let shown = done(&cast.dispatcher, &shown, Action::Close).await;
    let shown = done(&cast.dispatcher, &shown, Action::Evaluate).await;
    assert_eq!(shown.ticket.state, State::Evaluated);
    assert!(shown.ticket.ended_at.is_some() && shown.ticket.due_at.is_none());
    let steps: Vec<Action> = shown.events.iter().map(|event| event.action).collect();
    assert_eq!(steps.len(), 11);
    assert!(shown.events.windows(2).all(|w| w[0].to == w[1].from && w[0].seq + 1 == w[1].seq));
    assert!(shown.events[1..].iter().all(|event| event.name.is_some()), "by whom is told");
    service.finish().await;
}

#[tokio::test]
async fn what_a_level_cannot_solve_goes_up_with_a_clock_of_its_own() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = dispatched(&cast, &shown).await;
    let shown = done(&cast.team.0, &shown, Action::Accept).await;
    let too_high = cast.team.0.ask(&act(&shown, Action::RaiseTo1)).await;
    assert_eq!(kind(too_high), Kind::Invalid);
    let shown = done(&cast.team.0, &shown, Action::RaiseTo2).await;
    assert_eq!((shown.ticket.level, shown.ticket.unit), (2, cast.community.1));
    assert_eq!(shown.ticket.stage, Some(Stage::Raise));
    let shown = done(&cast.community.0, &shown, Action::RaiseTo1).await;
    assert_eq!((shown.ticket.level, shown.ticket.unit_name.as_str()), (1, "联动中心"));
    service.finish().await;
}

#[tokio::test]
async fn of_two_who_act_at_once_one_wins_and_the_other_is_told_the_present_state() {
    let (service, cast) = begun().await;
    for _ in 0..5 {
        let shown = opened(&service, &cast.dispatcher, 50_000).await;
        let (file, refuse) = (act(&shown, Action::File), act(&shown, Action::Refuse));
        let (one, two) = tokio::join!(cast.dispatcher.ask(&file), cast.lead.ask(&refuse));
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        let won = won.expect("one of them wins").ticket;
        let lost = lost.expect_err("the other loses");
        assert_eq!(lost.kind, Kind::Moved);
        assert!(lost.message.en.contains("step 2"), "{lost}");
        let now = cast.lead.ask(&ShowTicket { ticket: won.id }).await.expect("it is shown");
        assert_eq!((now.ticket.state, now.events.len()), (won.state, 2));
    }
    service.finish().await;
}

#[tokio::test]
async fn the_same_action_sent_twice_acts_once() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let file = ActOnTicket { key: Some("k1".to_owned()), ..act(&shown, Action::File) };
    let first = cast.dispatcher.ask(&file).await.expect("it is filed");
    let again = cast.dispatcher.ask(&file).await.expect("the same answer");
    assert_eq!((first.ticket, first.events), (again.ticket, again.events));
    service.finish().await;
}

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

#[tokio::test]
async fn what_is_missing_is_named_and_nothing_happens() {
    let (service, cast) = begun().await;
    let shown = opened(&service, &cast.dispatcher, 50_000).await;
    let silent = ActOnTicket { note: String::new(), ..act(&shown, Action::Refuse) };
    let why = cast.dispatcher.ask(&silent).await.expect_err("a reason is owed");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("note")));
    let filed = done(&cast.dispatcher, &shown, Action::File).await;
    let nowhere = cast.dispatcher.ask(&act(&filed, Action::Dispatch)).await;
    assert_eq!(nowhere.expect_err("refused").field.as_deref(), Some("unit"));
    let unknown = ActOnTicket { unit: Some(UnitId(999)), ..act(&filed, Action::Dispatch) };
    let why = cast.dispatcher.ask(&unknown).await.expect_err("refused");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("unit")));
    let now = cast.dispatcher.ask(&ShowTicket { ticket: filed.ticket.id }).await;
    assert_eq!(now.expect("it is shown").ticket.seq, 2);
    service.finish().await;
}
