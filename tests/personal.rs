//! What reporters tell about themselves: shown to whoever must call back, on record, nowhere else,
//! and deleted when its time is over.

use backend::tickets::keeper::Keeper;
use backend::tickets::timing::Timing;
use domain::ids::{ReportId, TicketId};
use domain::people::{Role, UnitKind};
use domain::reports::{
    KEEPING, Keeping, ListReporterViews, Reporter, ShowReporter, ShownReporter, TakeReport,
};
use domain::tickets::{ActOnTicket, Action, ShownTicket};
use domain::{Kind, Refusal, Verb};
use jiff::{Timestamp, ToSpan};
use std::sync::Arc;
use support::tickets::{
    Cast, act, begun, dispatched, done, done_as, kind, opened, opened_by, report, shown,
};
use support::{Service, Visitor};

const NAME: &str = "王秀英";
const PHONE: &str = "139-6512-0042";

fn calling(east: i32) -> TakeReport {
    let reporter = Reporter { name: Some(NAME.to_owned()), phone: Some(PHONE.to_owned()) };
    TakeReport { reporter: Some(reporter), ..report(east) }
}

async fn asked(by: &Visitor, report: i64) -> Result<ShownReporter, Refusal> {
    by.ask(&ShowReporter { report: ReportId(report), reason: "回访".to_owned() }).await
}

/// Reports by somebody who can be called back, and its ticket.
async fn called(service: &Service, cast: &Cast, east: i32) -> ShownTicket {
    opened_by(service, &cast.dispatcher, &calling(east)).await
}

async fn kept(service: &Service) -> i64 {
    let db = service.database.client().await;
    db.query_one("select count(*) from report_personal", &[]).await.expect("a row").get(0)
}

fn keeper(service: &Service) -> Keeper {
    let timing = Arc::new(Timing::shipped().expect("the files are lawful"));
    let keeping = Keeping::parse(KEEPING).expect("the file is lawful");
    Keeper::new(service.db.clone(), timing).forgetting(keeping)
}

#[tokio::test]
async fn whoever_calls_back_is_told_who_it_was_and_it_is_on_record_that_they_asked() {
    let (service, cast) = begun().await;
    let ticket = called(&service, &cast, 50_000).await;
    let id = ticket.ticket.id.0;
    let before = Timestamp::now();
    let told = asked(&cast.dispatcher, id).await.expect("the centre calls back");
    assert_eq!(told.reporter.name.as_deref(), Some(NAME));
    assert_eq!(told.reporter.phone.as_deref(), Some(PHONE));
    assert!(told.expires_at > before + (24 * 700).hours());
    assert_eq!(kind(asked(&cast.team.0, id).await), Kind::Forbidden, "it is not with them yet");
    dispatched(&cast, &ticket).await;
    asked(&cast.team.0, id).await.expect("now it is");
    let views = cast.lead.ask(&ListReporterViews::default()).await.expect("a list");
    assert_eq!(views.len(), 2, "who was refused saw nothing");
    assert!(views[0].view > views[1].view && views[0].name.contains("网格长"), "{views:?}");
    assert!(views.iter().all(|view| view.reason == "回访" && view.at >= before));
    let silent = ShowReporter { report: ReportId(id), reason: " ".to_owned() };
    let why = cast.dispatcher.ask(&silent).await.expect_err("why?");
    assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("reason")));
    let of = ListReporterViews { report: Some(ReportId(id + 1)), ..Default::default() };
    assert_eq!(cast.lead.ask(&of).await, Ok(vec![]));
    service.finish().await;
}

#[tokio::test]
async fn every_role_that_need_not_call_back_is_told_nothing() {
    let (service, cast) = begun().await;
    let ticket = called(&service, &cast, 50_000).await;
    let id = ticket.ticket.id.0;
    dispatched(&cast, &ticket).await;
    assert_eq!(kind(asked(service.nobody(), id).await), Kind::Nobody);
    for (who, expected) in [
        (&cast.community.0, Kind::Forbidden),
        (&cast.stranger, Kind::Missing),
        (&cast.inspector, Kind::Forbidden),
    ] {
        assert_eq!(kind(asked(who, id).await), expected);
    }
    let desk = [Role::Dispatcher, Role::ShiftLead];
    for role in [
        Role::SubCentre,
        Role::Planner,
        Role::Leader,
        Role::Member,
        Role::Adviser,
        Role::Official,
        Role::Inspector,
        Role::Management,
        Role::Administrator,
        Role::Dispatcher,
        Role::ShiftLead,
    ] {
        let posted = matches!(role, Role::Leader | Role::Member | Role::Official);
        let (kind, post) = (UnitKind::Department, posted.then_some((3, "a")));
        let visitor = service.signed_in_at(role, kind, "别的单位", post).await.0;
        let told = asked(&visitor, id).await;
        assert_eq!(told.is_ok(), desk.contains(&role), "{role}");
    }
    let views = cast.lead.ask(&ListReporterViews::default()).await.expect("a list");
    assert_eq!(views.len(), 2, "the two of the desk");
    service.finish().await;
}

#[tokio::test]
async fn of_a_sensitive_case_nobody_learns_who_called_but_the_desk_and_the_unit_that_has_it() {
    let (service, cast) = begun().await;
    let question = TakeReport { sensitive: true, ..calling(50_000) };
    let ticket = opened_by(&service, &cast.dispatcher, &question).await;
    let id = ticket.ticket.id.0;
    dispatched(&cast, &ticket).await;
    asked(&cast.dispatcher, id).await.expect("the desk");
    asked(&cast.team.0, id).await.expect("whoever has it");
    assert_eq!(kind(asked(&cast.community.0, id).await), Kind::Missing);
    let administrator = service.signed_in(Role::Administrator).await;
    assert_eq!(kind(asked(&administrator, id).await), Kind::Missing);
    let management = service.signed_in(Role::Management).await;
    for blind in [&management, &administrator] {
        assert_eq!(blind.ask(&ListReporterViews::default()).await, Ok(vec![]));
    }
    let views = cast.lead.ask(&ListReporterViews::default()).await.expect("a list");
    assert_eq!(views.len(), 2);
    service.finish().await;
}

/// Every GET that is served, as everybody: nowhere stands who called, nor in any log.
#[tokio::test]
async fn no_list_no_ticket_no_status_and_no_log_tells_who_called() {
    let (service, cast) = begun().await;
    let taken = service.ask(&calling(50_000)).await.expect("taken");
    let ticket = shown(&cast.dispatcher, TicketId(taken.report.0)).await;
    done(&cast.dispatcher, &ticket, Action::File).await;
    asked(&cast.dispatcher, taken.report.0).await.expect("the desk asks");
    let mut visitors = vec![service.nobody().clone()];
    for &role in <Role as domain::word::Word>::ALL {
        visitors.push(service.signed_in(role).await);
    }
    let mut looked = 0;
    for row in backend::serve::routes().table() {
        if row.verb != Verb::Get || row.path == "/api/events" {
            continue;
        }
        let path = row.path.replace("{code}", &taken.code);
        let path: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        for visitor in &visitors {
            let answer = visitor.get(&path.join("/")).send().await.expect("an answer");
            let body = answer.bytes().await.expect("a body");
            let body = String::from_utf8_lossy(&body);
            assert!(!body.contains(NAME) && !body.contains(PHONE), "{}", row.name);
            looked += 1;
        }
    }
    assert!(looked > 200, "{looked}");
    let wrong = Reporter { phone: Some(format!("{PHONE} 转王")), ..Reporter::default() };
    let wrong = TakeReport { reporter: Some(wrong), ..report(50_000) };
    let why = service.ask(&wrong).await.expect_err("that is no number");
    assert_eq!(why.field.as_deref(), Some("reporter.phone"));
    assert!(!why.to_string().contains(PHONE), "{why}");
    for line in service.logs.everything() {
        assert!(!line.contains(NAME) && !line.contains(PHONE), "{line}");
    }
    service.finish().await;
}

#[tokio::test]
async fn a_report_sent_again_keeps_what_was_told_first_and_one_without_asks_nothing() {
    let (service, cast) = begun().await;
    let question = TakeReport { key: Some("k".into()), ..calling(50_000) };
    let first = service.ask(&question).await.expect("taken");
    let other = Reporter { name: Some("别人".to_owned()), phone: None };
    let again = TakeReport { reporter: Some(other), ..question };
    assert!(service.ask(&again).await.expect("answered again").already);
    let told = asked(&cast.dispatcher, first.report.0).await.expect("told");
    assert_eq!(told.reporter.name.as_deref(), Some(NAME));
    let empty = Reporter { name: Some("  ".to_owned()), phone: None };
    let empty = TakeReport { reporter: Some(empty), ..report(50_000) };
    let silent = service.ask(&empty).await.expect("taken").report;
    assert_eq!(kind(asked(&cast.dispatcher, silent.0).await), Kind::Missing);
    let db = service.database.client().await;
    db.batch_execute("alter table report_personal rename to away").await.expect("it is hidden");
    service.ask(&report(50_000)).await.expect("it is taken all the same");
    db.batch_execute("alter table away rename to report_personal").await.expect("it is back");
    service.finish().await;
}

/// How long a field is kept after the end, and at most.
fn times() -> (jiff::Span, jiff::Span) {
    let all = Keeping::parse(KEEPING).expect("lawful");
    let days = |days: u16| (i64::from(days) * 24).hours();
    (days(all[0].after_end_days), days(all[0].at_most_days))
}

#[tokio::test]
async fn half_a_year_after_the_ticket_has_ended_who_called_is_deleted() {
    let (service, cast) = begun().await;
    let (after_end, _) = times();
    let ticket = called(&service, &cast, 50_000).await;
    let id = ticket.ticket.id.0;
    let ended = done(&cast.dispatcher, &ticket, Action::Refuse).await;
    let ended_at: Timestamp = ended.ticket.ended_at.and_then(|at| at.parse().ok()).expect("ended");
    let mut keeper = keeper(&service);
    let over = ended_at + after_end;
    let early = keeper.pass(over - 1.second()).await.expect("a pass");
    assert_eq!((early.forgotten, kept(&service).await), (0, 2));
    assert_eq!(keeper.pass(over).await.expect("a pass").forgotten, 0, "it looks once an hour");
    let late = keeper.pass(over + 1.hours()).await.expect("a pass");
    assert_eq!((late.forgotten, kept(&service).await), (2, 0));
    assert_eq!(kind(asked(&cast.dispatcher, id).await), Kind::Missing);
    service.finish().await;
}

#[tokio::test]
async fn what_is_never_closed_keeps_it_for_two_years_and_a_reopened_one_starts_anew() {
    let (service, cast) = begun().await;
    let (after_end, at_most) = times();
    let open = called(&service, &cast, 50_000).await;
    let ticket = called(&service, &cast, 60_000).await;
    let refused = done(&cast.dispatcher, &ticket, Action::Refuse).await;
    let asked_for = done(&cast.dispatcher, &refused, Action::AskReopen).await;
    done(&cast.lead, &asked_for, Action::GrantReopen).await;
    let now = Timestamp::now();
    let pass = keeper(&service).pass(now + after_end + 48.hours()).await.expect("a pass");
    assert_eq!((pass.forgotten, kept(&service).await), (0, 4), "both are open");
    let pass = keeper(&service).pass(now + at_most + 1.hours()).await.expect("a pass");
    assert_eq!((pass.forgotten, kept(&service).await), (4, 0));
    let seen = shown(&cast.dispatcher, open.ticket.id).await;
    assert!(!seen.ticket.state.is_final(), "the ticket itself goes on");
    service.finish().await;
}

#[tokio::test]
async fn a_merged_reporter_is_called_back_and_forgotten_with_the_ticket_that_is_worked_on() {
    let (service, cast) = begun().await;
    let (after_end, _) = times();
    let target = opened(&service, &cast.dispatcher, 50_000).await;
    let other = called(&service, &cast, 60_000).await;
    let into = Some(target.ticket.id);
    let merge = ActOnTicket { into, ..act(&other, Action::Merge) };
    done_as(&cast.dispatcher, &other, merge).await;
    let target = shown(&cast.dispatcher, target.ticket.id).await;
    let target = dispatched(&cast, &target).await;
    asked(&cast.team.0, other.ticket.id.0).await.expect("whoever has the one that is worked on");
    let now = Timestamp::now();
    let pass = keeper(&service).pass(now + after_end + 48.hours()).await.expect("a pass");
    assert_eq!(pass.forgotten, 0, "the merged one has ended, what is worked on has not");
    let asked_for = done(&cast.dispatcher, &target, Action::AskVoid).await;
    done(&cast.lead, &asked_for, Action::GrantVoid).await;
    let pass = keeper(&service).pass(now + after_end + 48.hours()).await.expect("a pass");
    assert_eq!((pass.forgotten, kept(&service).await), (2, 0));
    service.finish().await;
}

#[tokio::test]
async fn what_has_expired_is_not_shown_even_before_it_is_deleted() {
    let (service, cast) = begun().await;
    let ticket = called(&service, &cast, 50_000).await;
    let db = service.database.client().await;
    let age = "update report_personal set expires_at = now() where field = 'phone'";
    db.batch_execute(age).await.expect("its time is over");
    let told = asked(&cast.dispatcher, ticket.ticket.id.0).await.expect("the name is kept still");
    assert_eq!((told.reporter.name.as_deref(), told.reporter.phone), (Some(NAME), None));
    service.finish().await;
}
