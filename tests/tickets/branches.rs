//! Side branches: what is asked for, and granted by somebody else.

use domain::Kind;
use domain::clocks::Stage;
use domain::ids::UnitId;
use domain::people::{Role, UnitKind};
use domain::tickets::{ActOnTicket, Action, Request, ShownTicket, State, Ticket};
use jiff::{SignedDuration, Timestamp};
use support::Visitor;
use support::tickets::{Cast, act, begun, dispatched, done, done_as, kind, opened, shown};

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

fn to(unit: UnitId, on: &ShownTicket, action: Action) -> ActOnTicket {
    ActOnTicket { unit: Some(unit), ..act(on, action) }
}

fn time(text: &Option<String>) -> Timestamp {
    text.as_deref().and_then(|text| text.parse().ok()).expect("a time")
}

async fn accepted(cast: &Cast, on: &ShownTicket) -> ShownTicket {
    done(&cast.team.0, &dispatched(cast, on).await, Action::Accept).await
}

#[tokio::test]
async fn the_grid_member_is_sent_to_look_and_says_what_was_found() {
    let (service, cast) = begun().await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let looking = done(&cast.dispatcher, &open, Action::Look).await;
    assert_eq!((looking.ticket.state, looking.ticket.unit), (State::Looking, cast.team.1));
    assert_eq!(looking.ticket.clock, open.ticket.clock, "verification goes on");
    assert_eq!(kind(cast.stranger.ask(&act(&looking, Action::Describe)).await), Kind::Missing);
    let silent = ActOnTicket { note: String::new(), ..act(&looking, Action::Describe) };
    assert_eq!(kind(cast.team.0.ask(&silent).await), Kind::Invalid);
    let back = done(&cast.team.0, &looking, Action::Describe).await;
    assert_eq!((back.ticket.state, back.ticket.unit_name.as_str()), (State::Reported, "联动中心"));
    let looking = done(&cast.dispatcher, &back, Action::Look).await;
    let settled = done(&cast.team.0, &looking, Action::SettleOnSpot).await;
    assert_eq!(
        (settled.ticket.state, settled.ticket.stage),
        (State::Closed, Some(Stage::Evaluate))
    );
    service.finish().await;
}

#[tokio::test]
async fn a_return_is_decided_by_the_centre_while_the_clock_runs_on() {
    let (service, cast) = begun().await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let sent = dispatched(&cast, &open).await;
    let returned = done(&cast.team.0, &sent, Action::AskReturn).await;
    let Ticket { state, unit_name, .. } = &returned.ticket;
    assert_eq!((*state, unit_name.as_str()), (State::Returned, "联动中心"));
    let denied = done(&cast.dispatcher, &returned, Action::DenyReturn).await;
    assert_eq!((denied.ticket.state, denied.ticket.unit), (State::Dispatched, cast.team.1));
    let again = done(&cast.team.0, &denied, Action::AskReturn).await;
    let other = to(cast.community.1, &again, Action::Dispatch);
    let other = done_as(&cast.dispatcher, &again, other).await;
    assert_eq!(other.ticket.unit, cast.community.1);
    let recalled = done(&cast.dispatcher, &other, Action::Recall).await;
    let back = done(&cast.dispatcher, &recalled, Action::DenyReturn).await;
    assert_eq!(back.ticket.unit, cast.community.1, "back to whom it was taken from");
    for later in [&returned, &denied, &again, &other, &recalled, &back] {
        assert_eq!(later.ticket.clock, sent.ticket.clock, "it began when it was dispatched");
        assert_eq!(later.ticket.arrive_due_at, sent.ticket.arrive_due_at);
    }
    service.finish().await;
}

#[tokio::test]
async fn supervision_is_asked_for_by_the_desk_and_ordered_from_above() {
    let (service, cast) = begun().await;
    let management = service.signed_in(Role::Management).await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let shown = accepted(&cast, &open).await;
    assert_eq!(kind(cast.team.0.ask(&act(&shown, Action::AskSupervision)).await), Kind::Forbidden);
    let asked = done(&cast.dispatcher, &shown, Action::AskSupervision).await;
    assert_eq!(asked.pending.iter().map(|p| p.request).collect::<Vec<_>>(), [Request::Supervision]);
    let denied = done(&cast.lead, &asked, Action::DenySupervision).await;
    assert!(!denied.ticket.supervised && denied.pending.is_empty());
    let asked = done(&cast.dispatcher, &denied, Action::AskSupervision).await;
    let ordered = done(&management, &asked, Action::GrantSupervision).await;
    assert!(ordered.ticket.supervised);
    assert_eq!(ordered.ticket.clock, shown.ticket.clock, "it moves no deadline");
    let done_now = done(&cast.team.0, &ordered, Action::FeedBack).await;
    assert!(done_now.ticket.supervised, "and stays");
    service.finish().await;
}

#[tokio::test]
async fn voiding_is_granted_by_the_shift_lead_and_not_to_themselves() {
    let (service, cast) = begun().await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let work = accepted(&cast, &open).await;
    let asked = done(&cast.lead, &work, Action::AskVoid).await;
    assert_eq!(kind(cast.lead.ask(&act(&asked, Action::GrantVoid)).await), Kind::Forbidden);
    let second = service.signed_in(Role::ShiftLead).await;
    let denied = done(&second, &asked, Action::DenyVoid).await;
    assert_eq!(denied.ticket.clock, work.ticket.clock);
    let asked = done(&cast.team.0, &denied, Action::AskVoid).await;
    let void = done(&cast.lead, &asked, Action::GrantVoid).await;
    assert_eq!(void.ticket.state, State::Void);
    assert!(void.ticket.ended_at.is_some() && void.ticket.due_at.is_none());
    let seen = shown(&cast.team.0, void.ticket.id).await;
    assert_eq!(seen.offers, [], "nothing is left to do");
    service.finish().await;
}

#[tokio::test]
async fn what_was_closed_or_not_filed_is_taken_up_again_when_the_shift_lead_grants_it() {
    let (service, cast) = begun().await;
    let reopened = async |shown: &ShownTicket, by: &Visitor| {
        let asked = done(&cast.dispatcher, shown, Action::AskReopen).await;
        assert_eq!(asked.ticket.state, shown.ticket.state);
        assert_eq!(
            kind(cast.dispatcher.ask(&act(&asked, Action::GrantReopen)).await),
            Kind::Forbidden
        );
        done(by, &asked, Action::GrantReopen).await
    };
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let closed = done(&cast.dispatcher, &open, Action::SettleOnSpot).await;
    let filed = reopened(&closed, &cast.lead).await;
    assert_eq!((filed.ticket.state, filed.ticket.stage), (State::Filed, Some(Stage::Dispatch)));
    let other = opened(&service, &cast.dispatcher, 60_000).await;
    let closed = done(&cast.dispatcher, &other, Action::SettleOnSpot).await;
    let evaluated = done(&cast.dispatcher, &closed, Action::Evaluate).await;
    let filed = reopened(&evaluated, &cast.lead).await;
    assert_eq!((filed.ticket.state, &filed.ticket.ended_at), (State::Filed, &None));
    assert!(filed.ticket.due_at.is_some(), "its clock runs again");
    let third = opened(&service, &cast.dispatcher, 70_000).await;
    let refused = done(&cast.dispatcher, &third, Action::Refuse).await;
    let again = reopened(&refused, &cast.lead).await;
    assert_eq!((again.ticket.state, again.ticket.stage), (State::Reported, Some(Stage::Verify)));
    let asked =
        done(&cast.dispatcher, &refused_again(&cast, &again).await, Action::AskReopen).await;
    let denied = done(&cast.lead, &asked, Action::DenyReopen).await;
    assert_eq!(denied.ticket.state, State::NotFiled);
    service.finish().await;
}

async fn refused_again(cast: &Cast, on: &ShownTicket) -> ShownTicket {
    done(&cast.dispatcher, on, Action::Refuse).await
}

#[tokio::test]
async fn what_one_unit_asked_for_lapses_when_the_ticket_leaves_it() {
    let (service, cast) = begun().await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let shown_1 = accepted(&cast, &open).await;
    let asked = done(&cast.team.0, &shown_1, Action::AskExtension).await;
    let asked = done(&cast.team.0, &asked, Action::AskSuspension).await;
    assert_eq!(asked.pending.len(), 2);
    let returned = done(&cast.team.0, &asked, Action::AskReturn).await;
    assert_eq!(returned.pending, [], "the next unit asks for itself");
    let other = to(cast.community.1, &returned, Action::Dispatch);
    let other = done_as(&cast.dispatcher, &returned, other).await;
    let grant = ActOnTicket { more: Some(3), ..act(&other, Action::GrantExtension) };
    assert_eq!(kind(cast.lead.ask(&grant).await), Kind::Invalid);
    let asked = done(&cast.community.0, &other, Action::AskExtension).await;
    let granted = ActOnTicket { more: Some(3), ..act(&asked, Action::GrantExtension) };
    let granted = done_as(&cast.lead, &asked, granted).await;
    assert_eq!(granted.pending, []);
    assert_eq!(shown(&cast.lead, granted.ticket.id).await.ticket, granted.ticket);
    service.finish().await;
}

#[tokio::test]
async fn an_urgent_ticket_is_owed_somebody_on_site_within_an_hour_day_and_night() {
    let (service, cast) = begun().await;
    let centre =
        service.signed_in_at(Role::SubCentre, UnitKind::SubCentre, "东片分中心", None).await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let early = ActOnTicket { urgent: Some(true), ..act(&open, Action::SettleOnSpot) };
    let why = cast.dispatcher.ask(&early).await.expect_err("said too late");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("urgent")));
    let file = ActOnTicket { urgent: Some(true), ..act(&open, Action::File) };
    let filed = done_as(&cast.dispatcher, &open, file).await;
    assert!(filed.ticket.urgent);
    assert_eq!(
        filed.ticket.clock.as_ref().map(|clock| clock.limit.to_string()),
        Some("1uh".into())
    );
    assert_eq!((&filed.ticket.arrive_due_at, &filed.ticket.arrived_at), (&None, &None));
    let passed = to(centre.1, &filed, Action::Pass);
    let passed = done_as(&cast.dispatcher, &filed, passed).await;
    let owed = time(&passed.ticket.arrive_due_at);
    let sent_at: Timestamp = passed.events.last().expect("an event").at.parse().expect("a time");
    let hour = owed.duration_since(sent_at).as_millis();
    assert!((3_598_999..=3_600_000).contains(&hour), "{hour} ms, whole seconds counted");
    let sent = to(cast.team.1, &passed, Action::Dispatch);
    let sent = done_as(&centre.0, &passed, sent).await;
    let taken = done(&cast.team.0, &sent, Action::Accept).await;
    for shown in [&sent, &taken] {
        assert_eq!(time(&shown.ticket.arrive_due_at), owed, "passing it on gives no more time");
    }
    let there = done(&cast.team.0, &taken, Action::Arrive).await;
    assert!(time(&there.ticket.arrived_at) < owed);
    assert_eq!(time(&there.ticket.arrive_due_at), owed, "kept, to be told years later");
    let raised = done(&cast.team.0, &there, Action::RaiseTo2).await;
    assert_eq!(raised.ticket.arrived_at, None, "the next level looks for itself");
    assert!(time(&raised.ticket.arrive_due_at) >= owed);
    let there = done(&cast.community.0, &raised, Action::Arrive).await;
    assert_eq!((there.ticket.state, there.ticket.stage), (State::Raised2, Some(Stage::Raise)));
    let on_site = time(&there.ticket.arrived_at);
    let once = done(&cast.community.0, &there, Action::Arrive).await;
    assert_eq!(time(&once.ticket.arrived_at), on_site, "the first time counts");
    assert!(on_site.duration_since(sent_at) < SignedDuration::from_hours(1));
    service.finish().await;
}
