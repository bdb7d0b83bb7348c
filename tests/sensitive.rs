//! Sensitive cases: whoever need not see one finds no trace of it, whichever door they knock on.

use domain::ids::ReportId;
use domain::people::{Role, UnitKind};
use domain::reports::{Channel, ListReports, ShowReport, TakeReport};
use domain::tickets::{
    ActOnTicket, Action, ListTickets, ShowTicket, ShownTicket, State, TicketOfReport,
};
use domain::{Datum, Kind};
use support::district::{Events, degrees, district};
use support::tickets::act;
use support::{Service, Visitor};

/// What is looked for in every answer.
const TEXT: &str = "王奶奶被锁在门外，八十三岁";
const PLAIN: &str = "路边的旧沙发";
const CATEGORY: &str = "1699";

/// A district with a sensitive category, a sensitive report in cell a and a plain one beside it.
struct Case {
    service: Service,
    dispatcher: Visitor,
    sensitive: ReportId,
    plain: ReportId,
    ticket: ShownTicket,
}

fn report(text: &str, category: &str, east: i32) -> TakeReport {
    let (lng, lat) = degrees(east, 50_000);
    TakeReport {
        datum: Datum::Cgcs2000,
        category: Some(category.to_owned()),
        text: text.to_owned(),
        ..TakeReport::new(Channel::Snapshot, lng, lat)
    }
}

async fn begun() -> Case {
    let service = Service::start().await;
    service.publish(district()).await;
    let db = service.database.client().await;
    let add = "insert into categories values ('1699', '失能老人受困', 'locked out', true)";
    db.batch_execute(add).await.expect("a category");
    let dispatcher = service.signed_in(Role::Dispatcher).await;
    let sensitive = service.ask(&report(TEXT, CATEGORY, 51_234)).await.expect("taken").report;
    let plain = service.ask(&report(PLAIN, "1101", 60_000)).await.expect("taken").report;
    let ticket = dispatcher.ask(&TicketOfReport { report: sensitive }).await.expect("an answer");
    let ticket = ShowTicket { ticket: ticket.expect("it has a ticket") };
    let ticket = dispatcher.ask(&ticket).await.expect("the dispatcher sees it");
    Case { service, dispatcher, sensitive, plain, ticket }
}

/// Everything somebody can read that speaks of reports or tickets, as it comes over the wire.
async fn everything(by: &Visitor, case: &Case) -> Vec<(String, Vec<u8>)> {
    let report = case.sensitive;
    let ticket = case.ticket.ticket.id;
    let mut paths: Vec<String> = [
        "/api/reports",
        "/api/reports?cell=a",
        "/api/reports?cell=P&limit=200",
        "/api/tickets",
        "/api/tickets?cell=a",
        "/api/tickets?category=1699",
        "/api/tickets?state=reported",
        "/api/tickets/notices",
        "/api/search?text=a",
        "/api/cells?level=3",
        "/tiles/reports/0/0/0",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.push(format!("/api/reports/{report}"));
    paths.push(format!("/api/reports/{report}/ticket"));
    paths.push(format!("/api/tickets/{ticket}"));
    paths.push(format!("/api/tickets/{ticket}/similar"));
    paths.push(format!("/api/tickets/{}/similar", case.plain));
    paths.push("/api/tickets/chronic".to_owned());
    paths.push("/api/tickets/near?lng=120.6052&lat=31.255&accuracy_m=100".to_owned());
    let (lng, lat) = degrees(51_234, 50_000);
    let n = f64::from(1 << 16);
    let x = ((lng + 180.0) / 360.0 * n) as u32;
    let radians = lat.to_radians();
    let y = ((1.0 - radians.tan().asinh() / std::f64::consts::PI) / 2.0 * n) as u32;
    paths.push(format!("/tiles/reports/16/{x}/{y}"));
    let mut read = Vec::new();
    for path in paths {
        let response = by.get(&path).send().await.expect("it answers");
        read.push((path, response.bytes().await.expect("a body").to_vec()));
    }
    read
}

/// Where an answer gives the case away: its text, its category or the place.
fn traces(read: &[(String, Vec<u8>)]) -> Vec<&str> {
    let (lng, _) = degrees(51_234, 50_000);
    let place = lng.to_string();
    let tells = |body: &[u8], word: &str| {
        let word = word.as_bytes();
        body.windows(word.len()).any(|window| window == word)
    };
    let told = |(_, body): &&(String, Vec<u8>)| {
        [TEXT, CATEGORY, &place].iter().any(|word| tells(body, word))
    };
    read.iter().filter(told).map(|(path, _)| path.as_str()).collect()
}

#[tokio::test]
async fn whoever_need_not_see_a_sensitive_case_finds_no_trace_of_it_anywhere() {
    let case = begun().await;
    let mut visitors = vec![("nobody".to_owned(), case.service.nobody().clone())];
    for role in [Role::Planner, Role::Inspector, Role::Management, Role::Administrator] {
        // At the centre, whose unit is responsible: the unit alone opens nothing to them.
        visitors.push((role.to_string(), case.service.signed_in(role).await));
    }
    for role in [Role::Leader, Role::Member, Role::Adviser, Role::Official] {
        let unit = format!("{role} 队");
        let at = case.service.signed_in_at(role, UnitKind::GridTeam, &unit, Some((3, "a"))).await;
        visitors.push((format!("{role} posted there"), at.0));
    }
    let sub = case.service.signed_in_at(Role::SubCentre, UnitKind::SubCentre, "分中心", None).await;
    visitors.push(("sub_centre".to_owned(), sub.0));
    for (who, visitor) in &visitors {
        let read = everything(visitor, &case).await;
        assert_eq!(traces(&read), [""; 0], "{who}");
    }
    // The plain one beside it is there for whoever is posted to the cell.
    let (_, leader) = &visitors[5];
    let list = leader.ask(&ListReports::default()).await.expect("a list");
    assert_eq!(list.iter().map(|r| r.id).collect::<Vec<_>>(), [case.plain]);
    case.service.finish().await;
}

#[tokio::test]
async fn the_desk_sees_it_and_the_unit_that_answers_for_it_as_long_as_it_does() {
    let case = begun().await;
    assert!(case.ticket.ticket.sensitive, "it opened so, in the same statement");
    assert!(traces(&everything(&case.dispatcher, &case).await).len() >= 9);
    let lead = case.service.signed_in(Role::ShiftLead).await;
    assert!(traces(&everything(&lead, &case).await).len() >= 9);
    let at = case.service.signed_in_at(Role::Leader, UnitKind::GridTeam, "甲队", Some((3, "a")));
    let (leader, team) = at.await;
    let at = case.service.signed_in_at(Role::Leader, UnitKind::GridTeam, "乙队", Some((3, "a")));
    let (other, _) = at.await;
    let filed = case.dispatcher.ask(&act(&case.ticket, Action::File)).await.expect("filed");
    let dispatch = ActOnTicket { unit: Some(team), ..act(&filed, Action::Dispatch) };
    let sent = case.dispatcher.ask(&dispatch).await.expect("dispatched");
    let show = ShowTicket { ticket: sent.ticket.id };
    let shown = leader.ask(&show).await.expect("the responsible unit sees it");
    assert_eq!(shown.reports[0].text, TEXT);
    leader.ask(&ShowReport { report: case.sensitive }).await.expect("and its report");
    let hidden = other.ask(&show).await.expect_err("a post at the cell is not enough");
    assert_eq!(hidden.kind, Kind::Missing);
    assert_eq!(traces(&everything(&other, &case).await), [""; 0]);
    let accepted = leader.ask(&act(&shown, Action::Accept)).await.expect("accepted");
    let done = leader.ask(&act(&accepted, Action::FeedBack)).await.expect("done");
    assert_eq!(done.ticket.unit_name, "联动中心");
    leader.ask(&show).await.expect("whoever handled it may look it up");
    case.service.finish().await;
}

#[tokio::test]
async fn maps_and_counts_leave_it_out_for_everybody_and_the_stream_never_tells() {
    let case = begun().await;
    let cell = async || {
        let response = case.service.nobody().get("/api/cells/a").send().await.expect("it answers");
        let cell: serde_json::Value = response.json().await.expect("JSON");
        cell["reports"].as_i64()
    };
    assert_eq!(cell().await, Some(1), "the plain one alone is counted");
    let mut events = Events::of(&case.service.url).await;
    let (lng, lat) = degrees(70_000, 50_000);
    let mine = TakeReport { sensitive: true, ..report(TEXT, "1101", 51_234) };
    case.service.ask(&mine).await.expect("a reporter may say so");
    case.service.ask(&report(PLAIN, "1101", 70_000)).await.expect("taken");
    // Whatever was told of comes in order: the plain one is heard of, the one before it is not.
    loop {
        let (name, data) = events.next().await;
        assert!(!data.contains(TEXT) && !data.contains(&degrees(51_234, 0).0.to_string()));
        if name == "reports" && data.contains(&lng.to_string()) {
            assert!(data.contains(&lat.to_string()));
            break;
        }
    }
    assert_eq!(cell().await, Some(2));
    drop(events);
    case.service.finish().await;
}

#[tokio::test]
async fn the_desk_hides_a_case_and_shows_it_again_with_a_reason_and_both_are_on_record() {
    let case = begun().await;
    let management = case.service.signed_in(Role::Management).await;
    let plain = TicketOfReport { report: case.plain };
    let ticket = case.dispatcher.ask(&plain).await.expect("an answer").expect("a ticket");
    let show = ShowTicket { ticket };
    let shown = management.ask(&show).await.expect("management sees a plain one");
    let refused = management.ask(&act(&shown, Action::Conceal)).await.expect_err("not theirs");
    assert_eq!(refused.kind, Kind::Forbidden);
    let hidden = case.dispatcher.ask(&act(&shown, Action::Conceal)).await.expect("hidden");
    assert!(hidden.ticket.sensitive && hidden.reports[0].sensitive);
    assert_eq!(hidden.ticket.state, State::Reported);
    assert_eq!(management.ask(&show).await.expect_err("hidden").kind, Kind::Missing);
    assert_eq!(management.ask(&plain).await, Ok(None));
    assert_eq!(management.ask(&ListTickets::default()).await, Ok(vec![]));
    let again = case.dispatcher.ask(&act(&hidden, Action::Conceal)).await.expect_err("twice");
    assert_eq!(again.kind, Kind::Invalid);
    let silent = ActOnTicket { note: String::new(), ..act(&hidden, Action::Disclose) };
    let why = case.dispatcher.ask(&silent).await.expect_err("a reason is owed");
    assert_eq!(why.field.as_deref(), Some("note"));
    let open = case.dispatcher.ask(&act(&hidden, Action::Disclose)).await.expect("shown again");
    let steps: Vec<Action> = open.events.iter().map(|event| event.action).collect();
    assert_eq!(steps, [Action::Open, Action::Conceal, Action::Disclose]);
    management.ask(&show).await.expect("it is plain again");
    case.service.finish().await;
}

#[tokio::test]
async fn nothing_of_it_is_logged() {
    let case = begun().await;
    let planner = case.service.signed_in(Role::Planner).await;
    everything(&planner, &case).await;
    everything(&case.dispatcher, &case).await;
    let lines = case.service.logs.everything();
    assert!(lines.len() > 20, "the log was listened to: {}", lines.len());
    let place = degrees(51_234, 50_000).0.to_string();
    for line in lines {
        // How long something took may have any digits.
        let line = line.split(" duration_ms=").next().unwrap_or_default();
        let told = [TEXT, CATEGORY, &place].iter().any(|word| line.contains(*word));
        assert!(!told, "{line}");
    }
    case.service.finish().await;
}
