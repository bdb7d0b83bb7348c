//! What is a notice, and for whom.

use crate::hearing::{Stream, all, filed_and_sent, heard, unit_of};
use domain::people::{Role, UnitKind};
use domain::tickets::notices::NoticeKind;
use domain::tickets::{ActOnTicket, Action, Meeting, PlannedStage, PlannedTask, Request, State};
use support::tickets::{act, begun, dispatched, done, done_as, opened};

#[tokio::test]
async fn a_unit_hears_of_what_comes_to_it_and_an_approver_of_what_is_asked() {
    let (service, cast) = begun().await;
    let mut team = Stream::of(&cast.team.0).await;
    let mut stranger = Stream::of(&cast.stranger).await;
    let mut desk = Stream::of(&cast.dispatcher).await;
    let mut lead = Stream::of(&cast.lead).await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let id = open.ticket.id;
    let sent = dispatched(&cast, &open).await;
    let came = team.next().await.expect("a notice");
    assert_eq!((came.kind, came.ticket, came.seq), (NoticeKind::Came, id, sent.ticket.seq));
    assert_eq!((came.unit, came.unit_name.as_str()), (cast.team.1, "甲网格队"));
    assert_eq!((came.state, came.request), (State::Dispatched, None));
    assert_eq!((came.cell.as_deref(), came.category.as_deref()), (Some("a"), Some("1101")));
    assert_eq!((came.due_at, came.sensitive), (sent.ticket.due_at.clone(), false));
    let work = done(&cast.team.0, &sent, Action::Accept).await;
    let asked = done(&cast.team.0, &work, Action::AskExtension).await;
    let request = lead.next().await.expect("a notice");
    assert_eq!((request.kind, request.request), (NoticeKind::Asked, Some(Request::Extension)));
    assert_eq!((request.ticket, request.seq), (id, asked.ticket.seq));
    let fed_back = done(&cast.team.0, &asked, Action::FeedBack).await;
    // Nothing between: neither the report, nor what went to the team.
    assert_eq!(desk.told().await, (NoticeKind::Came, id));
    assert_eq!(lead.told().await, (NoticeKind::Came, id));
    let back = done(&cast.inspector, &fed_back, Action::SendBack).await;
    assert_eq!(back.ticket.unit, cast.team.1);
    assert_eq!(team.told().await, (NoticeKind::Came, id));
    let other = opened(&service, &cast.dispatcher, 250_000).await;
    filed_and_sent(&cast.dispatcher, &other, unit_of(&cast.stranger).await).await;
    assert_eq!(stranger.told().await, (NoticeKind::Came, other.ticket.id), "and nothing before");
    let twice = [(NoticeKind::Came, id), (NoticeKind::Came, id)];
    assert_eq!(heard(&cast.team.0).await, twice, "the page says what the stream said");
    drop((team, stranger, desk, lead));
    service.finish().await;
}

#[tokio::test]
async fn a_whistle_is_heard_by_whom_it_calls_reminds_and_gives_work() {
    let (service, cast) = begun().await;
    let department =
        async |name| service.signed_in_at(Role::Adviser, UnitKind::Department, name, None).await;
    let (sanitation, urban) = (department("环卫所").await, department("城管办").await);
    let fire = department("消防站").await.0;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    let id = open.ticket.id;
    let sent = dispatched(&cast, &open).await;
    let work = done(&cast.team.0, &sent, Action::Accept).await;
    let mut community = Stream::of(&cast.community.0).await;
    let mut urban_hears = Stream::of(&urban.0).await;
    let raised = done(&cast.team.0, &work, Action::RaiseTo2).await;
    assert_eq!(community.told().await, (NoticeKind::Came, id));
    let call = vec![sanitation.1, urban.1];
    let whistle = ActOnTicket { call, ..act(&raised, Action::Whistle) };
    let blown = done_as(&cast.community.0, &raised, whistle).await;
    assert_eq!(urban_hears.told().await, (NoticeKind::Called, id));
    let here = done(&sanitation.0, &blown, Action::CheckIn).await;
    let reminded = done(&cast.community.0, &here, Action::Remind).await;
    assert_eq!(urban_hears.told().await, (NoticeKind::Reminded, id));
    let here = done(&urban.0, &reminded, Action::CheckIn).await;
    let task = |unit| PlannedTask {
        unit,
        what: "清运".to_owned(),
        limit: "4wh".parse().expect("a limit"),
    };
    let tasks = vec![task(sanitation.1), task(urban.1)];
    let meeting = Meeting {
        minutes: "环卫所牵头。".to_owned(),
        lead: sanitation.1,
        co_handlers: vec![urban.1],
        stages: vec![PlannedStage { name: "清理".to_owned(), tasks }],
    };
    let meet = ActOnTicket { meeting: Some(meeting), ..act(&here, Action::Meet) };
    done_as(&cast.community.0, &here, meet).await;
    assert_eq!(urban_hears.told().await, (NoticeKind::Came, id), "a co-handler has work, too");
    let (called, came) = ((NoticeKind::Called, id), (NoticeKind::Came, id));
    assert_eq!(heard(&sanitation.0).await, [called, came], "who was there was not reminded");
    assert_eq!(heard(&cast.community.0).await, [came], "whoever blew the whistle is not called");
    assert_eq!(all(&fire).await, []);
    drop((community, urban_hears));
    service.finish().await;
}

#[tokio::test]
async fn reports_make_no_notices_and_nobody_in_particular_hears_none() {
    let (service, cast) = begun().await;
    for _ in 0..3 {
        opened(&service, &cast.dispatcher, 50_000).await;
    }
    let client = service.database.client().await;
    let count = "select (select count(*) from steps_to_tell) + (select count(*) from notices)";
    let rows = client.query_one(count, &[]).await.expect("a count");
    assert_eq!(rows.get::<_, i64>(0), 0);
    // Whoever is not signed in has the stream without notices: the edition is its first event.
    let mut events = support::district::Events::of(&service.url).await;
    let open = opened(&service, &cast.dispatcher, 50_000).await;
    dispatched(&cast, &open).await;
    let mut team = Stream::since(&cast.team.0, Some(domain::ids::NoticeId(0))).await;
    assert_eq!(team.told().await, (NoticeKind::Came, open.ticket.id));
    let (name, _) = events.next().await;
    assert_eq!(name, "reports");
    drop((events, team));
    service.finish().await;
}
