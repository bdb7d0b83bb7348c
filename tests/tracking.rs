//! Following a report by its tracking code: public status, rating, asking to reopen.

use domain::Kind;
use domain::ids::ReportId;
use domain::reports::{Code, TakeReport};
use domain::tickets::{
    ActOnTicket, Action, AskReopenByCode, Progress, PublicStatus, RateByCode, ShowStatus,
    ShownTicket, State,
};
use support::tickets::{
    Cast, act, begun, dispatched, done, done_as, kind, opened, opened_by, report, shown,
};
use support::{Service, Visitor};

/// A report that was taken in, its code, and its ticket as the dispatcher sees it.
async fn taken(service: &Service, cast: &Cast, east: i32) -> (String, ShownTicket) {
    let question = TakeReport { key: Some(format!("k{east}")), ..report(east) };
    let ticket = opened_by(service, &cast.dispatcher, &question).await;
    // The same key again: what a sender does whose answer was lost.
    let again = service.ask(&question).await.expect("it is answered again");
    assert!(again.already);
    (again.code, ticket)
}

async fn followed(by: &Visitor, code: &str) -> PublicStatus {
    by.ask(&ShowStatus { code: code.to_owned() }).await.expect("the code opens it")
}

fn rating(code: &str, stars: u8) -> RateByCode {
    RateByCode { code: code.to_owned(), stars, text: "第二天就清走了".to_owned() }
}

fn reopening(code: &str) -> AskReopenByCode {
    AskReopenByCode { code: code.to_owned(), reason: "垃圾又堆回来了".to_owned() }
}

/// Dispatched, handled, inspected and closed.
async fn closed(cast: &Cast, on: &ShownTicket) -> ShownTicket {
    let on = dispatched(cast, on).await;
    let on = done(&cast.team.0, &on, Action::Accept).await;
    let on = done(&cast.team.0, &on, Action::FeedBack).await;
    let on = done(&cast.inspector, &on, Action::Confirm).await;
    done(&cast.dispatcher, &on, Action::Close).await
}

#[tokio::test]
async fn every_report_is_answered_with_its_code_and_a_repeated_key_with_the_same() {
    let (service, _) = begun().await;
    let question = TakeReport { key: Some("k".to_owned()), ..report(50_000) };
    let first = service.ask(&question).await.expect("it is taken");
    let again = service.ask(&question).await.expect("it is taken once");
    assert_eq!((first.code.as_str(), again.already), (again.code.as_str(), true));
    let other = service.ask(&report(50_000)).await.expect("it is taken");
    assert_ne!(first.code, other.code);
    let code: Code = first.code.parse().expect("a lawful code");
    assert_eq!(code.report, first.report);
    const { assert!(Code::PROOF_BITS >= 60) };
    let typed = format!(" {} ", first.code.replace('-', " ").to_lowercase());
    assert_eq!(followed(service.nobody(), &typed).await.progress, Progress::Received);
    service.finish().await;
}

#[tokio::test]
async fn a_reporter_follows_a_report_from_receipt_to_its_end_and_reads_of_no_person() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let (code, ticket) = taken(&service, &cast, 50_000).await;
    let status = followed(nobody, &code).await;
    assert_eq!(status.progress, Progress::Received);
    assert_eq!(status.words.zh, "已收到，正在核实");
    assert_eq!(status.unit_name.as_deref(), Some("联动中心"));
    assert_eq!(status.due_at, ticket.ticket.due_at);
    assert!(!status.may_rate && !status.may_ask_reopen);
    let ticket = dispatched(&cast, &ticket).await;
    let status = followed(nobody, &code).await;
    assert_eq!(
        (status.progress, status.unit_name.as_deref()),
        (Progress::Assigned, Some("甲网格队"))
    );
    assert_eq!(status.due_at, ticket.ticket.due_at);
    let ticket = done(&cast.team.0, &ticket, Action::Accept).await;
    let ticket = done(&cast.team.0, &ticket, Action::Arrive).await;
    let ticket = done(&cast.team.0, &ticket, Action::Note).await;
    let ticket = done(&cast.team.0, &ticket, Action::FeedBack).await;
    let ticket = done(&cast.inspector, &ticket, Action::Confirm).await;
    done(&cast.dispatcher, &ticket, Action::Close).await;
    let status = followed(nobody, &code).await;
    assert_eq!((status.progress, status.unit_name.clone()), (Progress::Done, None));
    assert_eq!(status.due_at, None);
    let steps: Vec<Progress> = status.steps.iter().map(|step| step.progress).collect();
    use Progress::{Assigned, Checking, Done, Filed, Handling, Received};
    assert_eq!(steps, [Received, Filed, Assigned, Handling, Checking, Done]);
    let told = serde_json::to_string(&status).expect("JSON");
    for secret in ["因为", "网格长", "派遣员", "围墙外", "120.6"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    service.finish().await;
}

#[tokio::test]
async fn who_is_refused_reads_why_and_may_ask_once_to_take_it_up() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let (code, ticket) = taken(&service, &cast, 50_000).await;
    let refuse =
        ActOnTicket { note: "不属于本辖区".to_owned(), ..act(&ticket, Action::Refuse) };
    let refused = done_as(&cast.dispatcher, &ticket, refuse).await;
    let status = followed(nobody, &code).await;
    assert_eq!(status.progress, Progress::NotFiled);
    assert_eq!(status.reason.as_deref(), Some("不属于本辖区"));
    assert!(status.may_ask_reopen && !status.may_rate);
    let silent = AskReopenByCode { reason: " ".to_owned(), ..reopening(&code) };
    assert_eq!(kind(nobody.ask(&silent).await), Kind::Invalid);
    let status = nobody.ask(&reopening(&code)).await.expect("it is asked");
    assert!(status.reopening_asked && !status.may_ask_reopen);
    assert_eq!(kind(nobody.ask(&reopening(&code)).await), Kind::Invalid, "asked twice");
    let asked = shown(&cast.lead, refused.ticket.id).await;
    assert_eq!((asked.pending[0].by, asked.events[2].person), (None, None));
    assert_eq!(asked.events[2].note, "垃圾又堆回来了");
    let silent = ActOnTicket { note: String::new(), ..act(&asked, Action::DenyReopen) };
    assert_eq!(kind(cast.lead.ask(&silent).await), Kind::Invalid, "the reporter reads why");
    let deny =
        ActOnTicket { note: "已转交邻区".to_owned(), ..act(&asked, Action::DenyReopen) };
    done_as(&cast.lead, &asked, deny).await;
    let status = followed(nobody, &code).await;
    assert_eq!(status.reason.as_deref(), Some("已转交邻区"));
    assert!(status.may_ask_reopen);
    service.finish().await;
}

#[tokio::test]
async fn a_reporter_rates_once_for_each_time_it_was_closed() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let (code, ticket) = taken(&service, &cast, 50_000).await;
    assert_eq!(kind(nobody.ask(&rating(&code, 5)).await), Kind::Moved, "nothing to rate yet");
    let ticket = closed(&cast, &ticket).await;
    assert!(followed(nobody, &code).await.may_rate);
    for stars in [0, 6] {
        let why = nobody.ask(&rating(&code, stars)).await.expect_err("one to five");
        assert_eq!((why.kind, why.field.as_deref()), (Kind::Invalid, Some("stars")));
    }
    let long = RateByCode { text: "长".repeat(501), ..rating(&code, 5) };
    assert_eq!(kind(nobody.ask(&long).await), Kind::Invalid);
    let status = nobody.ask(&rating(&code, 2)).await.expect("it is rated");
    assert_eq!((status.stars, status.may_rate), (Some(2), false));
    let why = nobody.ask(&rating(&code, 5)).await.expect_err("rated twice");
    assert_eq!(why.kind, Kind::Invalid);
    assert!(why.message.en.contains("already"), "{why}");
    let now = shown(&cast.dispatcher, ticket.ticket.id).await;
    assert_eq!((now.ticket.state, now.ratings.len(), now.ratings[0].stars), (State::Closed, 1, 2));
    assert_eq!(now.ratings[0].seq, now.ticket.seq, "nothing of the second try is left");
    assert_eq!(now.events.last().map(|event| event.action), Some(Action::Rate));
    nobody.ask(&reopening(&code)).await.expect("it is asked");
    let asked = shown(&cast.lead, ticket.ticket.id).await;
    let ticket = done(&cast.lead, &asked, Action::GrantReopen).await;
    let to_team = ActOnTicket { unit: Some(cast.team.1), ..act(&ticket, Action::Dispatch) };
    let ticket = done_as(&cast.dispatcher, &ticket, to_team).await;
    let ticket = done(&cast.team.0, &ticket, Action::Accept).await;
    let ticket = done(&cast.team.0, &ticket, Action::FeedBack).await;
    let ticket = done(&cast.inspector, &ticket, Action::Confirm).await;
    done(&cast.dispatcher, &ticket, Action::Close).await;
    let status = nobody.ask(&rating(&code, 5)).await.expect("done better, it is rated again");
    assert_eq!(status.stars, Some(5));
    service.finish().await;
}

#[tokio::test]
async fn of_many_ratings_sent_at_once_one_counts() {
    let (service, cast) = begun().await;
    let (code, ticket) = taken(&service, &cast, 50_000).await;
    let ticket = closed(&cast, &ticket).await;
    let nobody = service.nobody();
    let tries = (1..=5).map(|stars| {
        let (nobody, question) = (nobody.clone(), rating(&code, stars));
        async move { nobody.ask(&question).await }
    });
    let answers = futures::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refusal in answers.into_iter().filter_map(Result::err) {
        assert_eq!(refusal.kind, Kind::Invalid, "{refusal}");
    }
    let now = shown(&cast.dispatcher, ticket.ticket.id).await;
    assert_eq!((now.ratings.len(), now.ticket.seq), (1, ticket.ticket.seq + 1));
    service.finish().await;
}

#[tokio::test]
async fn of_a_sensitive_ticket_only_received_handled_and_done_are_told() {
    let (service, cast) = begun().await;
    let nobody = service.nobody();
    let (code, ticket) = taken(&service, &cast, 50_000).await;
    let db = service.database.client().await;
    let mark = "update tickets set sensitive = true where id = $1";
    db.execute(mark, &[&ticket.ticket.id.0]).await.expect("it is marked");
    drop(db);
    let said = async || {
        let status = followed(nobody, &code).await;
        assert_eq!((status.steps, status.unit_name, status.reason), (vec![], None, None));
        assert_eq!((status.due_at, status.review_at), (None, None));
        status.progress
    };
    assert_eq!(said().await, Progress::Received);
    let ticket = shown(&cast.dispatcher, ticket.ticket.id).await;
    let looking = done(&cast.dispatcher, &ticket, Action::Look).await;
    assert_eq!(said().await, Progress::Handling);
    done(&cast.dispatcher, &looking, Action::SettleOnSpot).await;
    assert_eq!(said().await, Progress::Done);
    service.finish().await;
}

#[tokio::test]
async fn wrong_codes_are_told_so_and_guessing_is_stopped() {
    let database = support::Database::migrated().await;
    let service = Service::over(database, |serve| serve.behind_proxy = true).await;
    service.publish(support::district::district()).await;
    let cast = Cast::of(&service).await;
    let (code, _) = taken(&service, &cast, 50_000).await;
    let wrong = |number: u64| ShowStatus { code: Code::new(ReportId(1), number).to_string() };
    let nobody = service.nobody();
    for number in 0..30 {
        assert_eq!(kind(nobody.ask(&wrong(number)).await), Kind::Missing);
    }
    assert_eq!(kind(nobody.ask(&wrong(31)).await), Kind::TooMuch);
    let why = nobody.ask(&ShowStatus { code: code.clone() }).await.expect_err("closed for a while");
    assert_eq!(why.kind, Kind::TooMuch);
    // Another household behind the same proxy is not held to it.
    let other = nobody.get(&format!("/api/t/{code}")).header("x-forwarded-for", "9.9.9.9, 8.8.8.8");
    assert_eq!(other.send().await.expect("an answer").status().as_u16(), 200);
    service.finish().await;
}

#[tokio::test]
async fn a_report_without_a_ticket_has_nothing_to_follow() {
    let (service, cast) = begun().await;
    let ticket = opened(&service, &cast.dispatcher, 50_000).await;
    let db = service.database.client().await;
    let copy =
        "insert into reports (channel, text, happened_at, datum, place, edition, cell, basis)
                select 'import', text, happened_at, datum, place, edition, cell, basis
                from reports where id = $1 returning id";
    let row = db.query_one(copy, &[&ticket.ticket.id.0]).await.expect("imported history");
    let codes = backend::reports::codes::Codes::load(&db).await.expect("the secret is there");
    drop(db);
    let code = codes.of(ReportId(row.get(0))).to_string();
    assert_eq!(kind(service.ask(&ShowStatus { code }).await), Kind::Missing);
    service.finish().await;
}
