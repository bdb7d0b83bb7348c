//! Campaigns: the fire-safety drive of story 5, and everything that may go wrong with one.

use domain::Kind;
use domain::ids::{CampaignId, TicketId, UnitId};
use domain::people::{Role, UnitKind};
use domain::reports::TakeReport;
use domain::tickets::campaigns::{
    CampaignPlan, Change, ChangeCampaign, ChooseTicket, EndCampaign, Found, Inspect, Inspected,
    ListCampaignCells, ListCampaignTickets, ListCampaigns, ListChoices, ListInspections,
    MakeCampaign, Measured, Progress, ShowCampaign, ShownCampaign, Targets,
};
use domain::tickets::{Action, ShownTicket, State};
use jiff::{Timestamp, ToSpan};
use support::district::degrees;
use support::tickets::{
    Cast, act, begun, dispatched, done, done_as, kind, opened_by, report, shown,
};
use support::{Service, Visitor};

/// A drive over the whole street, its people, and the unit that leads it.
struct Drive {
    service: Service,
    cast: Cast,
    task_force: (Visitor, UnitId),
    made: ShownCampaign,
}

fn plan(unit: UnitId) -> CampaignPlan {
    let now = Timestamp::now();
    CampaignPlan {
        name: "“331”消防安全专项".to_owned(),
        goal: "摸清底数，先易后难，逐户整改".to_owned(),
        unit,
        begins_at: now - 1.hour(),
        ends_at: now + 2_000.hours(),
        cells: vec!["S".to_owned()],
        categories: vec!["1602".to_owned(), "1305".to_owned()],
        targets: Targets {
            places_per_cell: Some(1),
            closed_per_cell: None,
            in_time_percent: Some(90),
        },
        stages: vec![],
    }
}

impl Drive {
    async fn begun() -> Self {
        let (service, cast) = begun().await;
        let name = "“331”专项整治办公室";
        let task_force =
            service.signed_in_at(Role::Adviser, UnitKind::Department, name, None).await;
        let make = MakeCampaign {
            plan: plan(task_force.1),
            stages_of: Some("three_stages".to_owned()),
            note: "依据三月四日协调会".to_owned(),
        };
        let made = cast.lead.ask(&make).await.expect("it is made");
        Self { service, cast, task_force, made }
    }

    fn id(&self) -> CampaignId {
        self.made.campaign.id
    }

    async fn shown(&self, by: &Visitor) -> ShownCampaign {
        by.ask(&ShowCampaign { campaign: self.id() }).await.expect("it is shown")
    }

    async fn tickets(&self, by: &Visitor) -> Vec<TicketId> {
        let list = by.ask(&ListCampaignTickets::of(self.id())).await.expect("a list");
        list.iter().map(|ticket| ticket.id).collect()
    }

    /// A blocked fire lane so far east, as the dispatcher sees its ticket.
    async fn blocked(&self, east: i32) -> ShownTicket {
        let report = TakeReport { category: Some("1602".to_owned()), ..report(east) };
        opened_by(&self.service, &self.cast.dispatcher, &report).await
    }

    fn place(&self, what: &str, east: i32) -> Inspect {
        let (lng, lat) = degrees(east, 50_000);
        Inspect {
            campaign: self.id(),
            lng,
            lat,
            datum: domain::Datum::Cgcs2000,
            what: what.to_owned(),
            found: None,
            key: format!("{what} {east}"),
        }
    }

    async fn inspected(&self, by: &Visitor, place: &Inspect) -> Inspected {
        by.ask(place).await.expect("it is recorded")
    }
}

fn not_in_order(sensitive: bool) -> Option<Found> {
    let (category, text) = ("1303".to_owned(), "五楼通道堆满货架".to_owned());
    Some(Found { category, text, sensitive })
}

async fn closed(cast: &Cast, on: &ShownTicket) -> ShownTicket {
    let on = dispatched(cast, on).await;
    let on = done(&cast.team.0, &on, Action::Accept).await;
    let on = done(&cast.team.0, &on, Action::FeedBack).await;
    let on = done(&cast.inspector, &on, Action::Confirm).await;
    done(&cast.dispatcher, &on, Action::Close).await
}

#[tokio::test]
async fn the_fire_safety_drive_looks_shop_by_shop_counts_and_closes_what_it_finds() {
    let before = begun_before_the_drive().await;
    let drive = Drive::begun().await;
    let Drive { cast, made, .. } = &drive;
    let names: Vec<&str> = made.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(names, ["摸清底数", "先期整改", "集中整治"]);
    assert_eq!((made.cells, made.progress), (3, Progress::default()));
    // The facts: shop by shop, most in order.
    drive.inspected(&cast.team.0, &drive.place("商场五楼 501", 40_000)).await;
    let again = Inspect { key: "再查".to_owned(), ..drive.place("商场五楼 501", 40_010) };
    drive.inspected(&cast.team.0, &again).await;
    let found = Inspect { found: not_in_order(false), ..drive.place("商场五楼 502", 40_020) };
    let found = drive.inspected(&cast.team.0, &found).await.report.expect("it opens a report");
    drive.inspected(&cast.stranger, &drive.place("丙小区车库", 250_000)).await;
    let here = drive.blocked(60_000).await.ticket.id;
    let there = drive.blocked(260_000).await;
    opened_by(&drive.service, &cast.dispatcher, &report(60_000)).await;
    let found = TicketId(found.0);
    assert_eq!(drive.tickets(&cast.dispatcher).await, [there.ticket.id, here, found]);
    let seen = drive.shown(&cast.dispatcher).await;
    let counted = Progress { places: 3, opened: 3, closed: 0, in_time: 0, overdue: 0 };
    assert_eq!((seen.progress, seen.stages[0].progress), (counted, counted));
    assert_eq!(seen.stages[1].progress, Progress::default(), "later stages have not begun");
    assert_eq!(seen.targets.places, Some(Measured { target: 3, reached: 3, met: true }));
    // Cell by cell: the leader of a sees a, the desk sees that nobody looked at b.
    let cells = async |by: &Visitor| {
        let ask = ListCampaignCells { campaign: drive.id(), after: None, limit: None };
        let cells = by.ask(&ask).await.expect("a list");
        cells.into_iter().map(|cell| (cell.cell, cell.progress)).collect::<Vec<_>>()
    };
    let of_a = Progress { places: 2, opened: 2, ..Progress::default() };
    let of_c = Progress { places: 1, opened: 1, ..Progress::default() };
    let named = |cell: &str, of| (cell.to_owned(), of);
    assert_eq!(cells(&cast.team.0).await, [named("a", of_a)]);
    let all = [named("a", of_a), named("b", Progress::default()), named("c", of_c)];
    assert_eq!(cells(&cast.dispatcher).await, all);
    assert_eq!(drive.tickets(&cast.team.0).await, [here, found]);
    assert_eq!(drive.shown(&cast.team.0).await.progress, of_a);
    assert_eq!(drive.shown(&drive.task_force.0).await.progress, counted, "the unit counts all");
    assert_eq!(drive.tickets(&drive.task_force.0).await, [], "and lists what it may see");
    // Put right, inspected, closed.
    for ticket in [here, found] {
        closed(cast, &shown(&cast.dispatcher, ticket).await).await;
    }
    let end = EndCampaign { campaign: drive.id(), seq: 1, note: "五月收官".to_owned() };
    let ended = cast.lead.ask(&end).await.expect("it is ended");
    let counted = Progress { closed: 2, in_time: 2, ..counted };
    assert_eq!(ended.progress, counted);
    let percent = Measured { target: 90, reached: 100, met: true };
    assert_eq!(ended.targets.in_time_percent, Some(percent));
    assert!(ended.campaign.ended_at.is_some());
    drive.blocked(60_000).await;
    assert_eq!(drive.shown(&cast.dispatcher).await.progress, counted, "what comes later is not it");
    let late = cast.team.0.ask(&drive.place("商场五楼 503", 40_000)).await;
    assert_eq!(kind(late), Kind::Invalid, "nothing is inspected for what has ended");
    drive.service.finish().await;
    before.finish().await;
}

/// What was reported before the span does not belong.
async fn begun_before_the_drive() -> Service {
    let (service, cast) = begun().await;
    let old = TakeReport { category: Some("1602".to_owned()), ..report(50_000) };
    opened_by(&service, &cast.dispatcher, &old).await;
    let (_, unit) = service.signed_in_at(Role::Adviser, UnitKind::Department, "办", None).await;
    let plan = CampaignPlan { begins_at: Timestamp::now(), ..plan(unit) };
    let make = MakeCampaign { plan, stages_of: None, note: String::new() };
    let made = cast.lead.ask(&make).await.expect("it is made");
    assert_eq!(made.progress, Progress::default());
    let list = ListCampaignTickets::of(made.campaign.id);
    assert_eq!(cast.dispatcher.ask(&list).await, Ok(vec![]));
    service
}

#[tokio::test]
async fn of_two_who_change_a_campaign_one_wins_and_what_it_was_stays_on_record() {
    let drive = Drive::begun().await;
    let Drive { cast, made, .. } = &drive;
    let management = drive.service.signed_in(Role::Management).await;
    let narrower = CampaignPlan {
        cells: vec!["Q".to_owned(), "a".to_owned()],
        stages: made.campaign.plan.stages.clone(),
        ..made.campaign.plan.clone()
    };
    let change = ChangeCampaign {
        campaign: drive.id(),
        seq: 1,
        plan: narrower.clone(),
        note: "先做两片".to_owned(),
    };
    let changes = [&cast.lead, &management].map(|by| by.ask(&change));
    let [one, two] = futures::future::join_all(changes).await.try_into().expect("two answers");
    assert_eq!([&one, &two].iter().filter(|answer| answer.is_ok()).count(), 1);
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(kind(lost), Kind::Moved);
    let won = won.expect("changed");
    assert_eq!((won.campaign.seq, won.cells), (2, 2));
    let events: Vec<(i32, Change)> = won.events.iter().map(|e| (e.seq, e.change)).collect();
    assert_eq!(events, [(1, Change::Make), (2, Change::Change)]);
    assert_eq!((&won.events[0].plan, &won.events[1].plan), (&made.campaign.plan, &narrower));
    // The changed rule holds for what was opened before, too: one in a, one in b, one in c.
    for east in [50_000, 150_000, 250_000] {
        drive.blocked(east).await;
    }
    assert_eq!(drive.shown(&management).await.progress.opened, 2, "b is out");
    assert_eq!(drive.tickets(&management).await.len(), 2);
    let whole = ChangeCampaign { seq: 2, plan: made.campaign.plan.clone(), ..change.clone() };
    assert_eq!(management.ask(&whole).await.expect("changed").progress.opened, 3);
    let silent = ChangeCampaign { seq: 3, note: " ".to_owned(), ..change.clone() };
    assert_eq!(kind(management.ask(&silent).await), Kind::Invalid);
    let end = EndCampaign { campaign: drive.id(), seq: 3, note: "提前收官".to_owned() };
    assert_eq!(management.ask(&end).await.expect("ended").events.len(), 4);
    let after = ChangeCampaign { seq: 4, ..change };
    assert_eq!(kind(management.ask(&after).await), Kind::Moved, "it has ended");
    let running = ListCampaigns { running: true, ..ListCampaigns::default() };
    assert_eq!(management.ask(&running).await, Ok(vec![]));
    let all = management.ask(&ListCampaigns::default()).await.expect("a list");
    assert_eq!(all.len(), 1);
    drive.service.finish().await;
}

#[tokio::test]
async fn people_put_tickets_in_and_take_them_out_and_say_why() {
    let drive = Drive::begun().await;
    let Drive { cast, service, .. } = &drive;
    let by_rule = drive.blocked(50_000).await.ticket.id;
    let other = opened_by(service, &cast.dispatcher, &report(50_000)).await.ticket.id;
    let choose = |ticket, belongs| ChooseTicket {
        campaign: drive.id(),
        ticket,
        belongs,
        why: "同一商户".to_owned(),
    };
    let stranger = cast.team.0.ask(&choose(by_rule, false)).await;
    assert_eq!(kind(stranger), Kind::Forbidden);
    let out = cast.dispatcher.ask(&choose(by_rule, false)).await.expect("taken out");
    assert_eq!((out.belongs, out.why.as_str()), (false, "同一商户"));
    assert_eq!(kind(cast.dispatcher.ask(&choose(by_rule, false)).await), Kind::Invalid, "twice");
    assert_eq!(drive.tickets(&cast.dispatcher).await, []);
    cast.lead.ask(&choose(other, true)).await.expect("put in");
    assert_eq!(drive.tickets(&cast.dispatcher).await, [other]);
    assert_eq!(drive.shown(&cast.dispatcher).await.progress.opened, 1);
    cast.dispatcher.ask(&choose(by_rule, true)).await.expect("back in");
    assert_eq!(drive.tickets(&cast.dispatcher).await, [other, by_rule]);
    let list = ListChoices { campaign: drive.id(), before: None, limit: None };
    let choices = cast.dispatcher.ask(&list).await.expect("a list");
    let told: Vec<_> = choices.iter().map(|c| (c.ticket, c.belongs)).collect();
    assert_eq!(told, [(by_rule, true), (other, true), (by_rule, false)], "nothing is lost");
    assert!(choices.iter().all(|choice| !choice.name.is_empty()));
    let silent = ChooseTicket { why: String::new(), ..choose(other, false) };
    assert_eq!(kind(cast.lead.ask(&silent).await), Kind::Invalid);
    let nowhere = ChooseTicket { campaign: CampaignId(99), ..choose(other, false) };
    assert_eq!(kind(cast.lead.ask(&nowhere).await), Kind::Missing);
    // The unit that answers for it may choose among what it sees.
    let (force, unit) = &drive.task_force;
    assert_eq!(kind(force.ask(&choose(other, false)).await), Kind::Missing, "it does not see it");
    let filed = done(&cast.dispatcher, &shown(&cast.dispatcher, other).await, Action::File).await;
    let to_force =
        domain::tickets::ActOnTicket { unit: Some(*unit), ..act(&filed, Action::Dispatch) };
    done_as(&cast.dispatcher, &filed, to_force).await;
    force.ask(&choose(other, false)).await.expect("its own");
    drive.service.finish().await;
}

#[tokio::test]
async fn who_need_not_see_a_sensitive_case_finds_it_in_no_list_and_no_count() {
    let drive = Drive::begun().await;
    let Drive { cast, service, .. } = &drive;
    let hidden =
        TakeReport { category: Some("1602".to_owned()), sensitive: true, ..report(50_000) };
    let hidden = opened_by(service, &cast.dispatcher, &hidden).await.ticket.id;
    let found = Inspect { found: not_in_order(true), ..drive.place("商场五楼 502", 50_000) };
    let found = drive.inspected(&cast.team.0, &found).await.report.expect("a report");
    let found = TicketId(found.0);
    assert_eq!(drive.tickets(&cast.dispatcher).await, [found, hidden]);
    let all = Progress { places: 1, opened: 2, ..Progress::default() };
    assert_eq!(drive.shown(&cast.lead).await.progress, all);
    let management = service.signed_in(Role::Management).await;
    let unit = drive.task_force.0.clone();
    for by in [&management, &cast.inspector, &cast.team.0, &unit] {
        assert_eq!(drive.tickets(by).await, []);
        assert_eq!(drive.shown(by).await.progress, Progress::default());
        let list = ListChoices { campaign: drive.id(), before: None, limit: None };
        assert_eq!(by.ask(&list).await, Ok(vec![]));
        let list = ListInspections { campaign: drive.id(), before: None, limit: None };
        assert_eq!(by.ask(&list).await, Ok(vec![]));
        let list = ListCampaignCells { campaign: drive.id(), after: None, limit: None };
        let cells = by.ask(&list).await.expect("a list");
        assert!(cells.iter().all(|cell| cell.progress == Progress::default()));
    }
    let put = ChooseTicket {
        campaign: drive.id(),
        ticket: hidden,
        belongs: false,
        why: "试试".to_owned(),
    };
    assert_eq!(kind(management.ask(&put).await), Kind::Missing, "not even that it is there");
    let seen = ListInspections { campaign: drive.id(), before: None, limit: None };
    let seen = cast.dispatcher.ask(&seen).await.expect("a list");
    assert_eq!(seen.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["商场五楼 502"]);
    for line in service.logs.everything() {
        assert!(!line.contains("商场五楼") && !line.contains("五楼通道"), "{line}");
    }
    drive.service.finish().await;
}

#[tokio::test]
async fn the_same_inspection_sent_twice_or_at_once_is_recorded_once_and_opens_one_report() {
    let drive = Drive::begun().await;
    let by = &drive.cast.team.0;
    let found = Inspect { found: not_in_order(false), ..drive.place("商场五楼 502", 50_000) };
    let tries = [(); 4].map(|()| by.ask(&found));
    let answers = futures::future::join_all(tries).await;
    let answers: Vec<Inspected> =
        answers.into_iter().map(|answer| answer.expect("it is recorded")).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.already).count(), 1);
    assert!(answers.iter().all(|answer| answer.report == answers[0].report));
    let again = drive.inspected(by, &found).await;
    assert!(again.already && again.report == answers[0].report);
    let counted = drive.shown(&drive.cast.dispatcher).await.progress;
    assert_eq!((counted.places, counted.opened), (1, 1));
    assert_eq!(kind(drive.cast.stranger.ask(&found).await), Kind::Invalid, "another's key");
    let client = drive.service.database.client().await;
    let count = "select count(*) from reports";
    let reports: i64 = client.query_one(count, &[]).await.expect("counted").get(0);
    assert_eq!(reports, 1, "no try left a report behind");
    support::ledger::check(&client).await;
    drop(client);
    drive.service.finish().await;
}

#[tokio::test]
async fn what_is_closed_late_or_open_and_overdue_drags_the_share_in_time_down() {
    let drive = Drive::begun().await;
    let cast = &drive.cast;
    let (in_time, late, open) =
        (drive.blocked(50_000).await, drive.blocked(50_001).await, drive.blocked(50_002).await);
    let void = drive.blocked(50_003).await;
    let void = done(&cast.dispatcher, &void, Action::Refuse).await;
    assert_eq!(void.ticket.state, State::NotFiled);
    closed(cast, &in_time).await;
    let late = dispatched(cast, &late).await;
    let overdue = "update tickets set warn_at = opened_at - interval '1 day',
                       due_at = opened_at - interval '1 hour' where id = any ($1)";
    let client = drive.service.database.client().await;
    let ids = vec![late.ticket.id.0, open.ticket.id.0];
    client.execute(overdue, &[&ids]).await.expect("their time is over");
    let counted = drive.shown(&cast.dispatcher).await.progress;
    assert_eq!((counted.opened, counted.closed, counted.overdue), (3, 1, 2));
    let late = done(&cast.team.0, &late, Action::Accept).await;
    client.execute(overdue, &[&ids]).await.expect("their time is over");
    drop(client);
    let late = done(&cast.team.0, &late, Action::FeedBack).await;
    let late = done(&cast.inspector, &late, Action::Confirm).await;
    let late = done(&cast.dispatcher, &late, Action::Close).await;
    done(&cast.dispatcher, &late, Action::Evaluate).await;
    let seen = drive.shown(&cast.dispatcher).await;
    let counted = Progress { places: 0, opened: 3, closed: 2, in_time: 1, overdue: 1 };
    assert_eq!((seen.progress, seen.stages[0].progress), (counted, counted));
    let percent = Measured { target: 90, reached: 33, met: false };
    assert_eq!(seen.targets.in_time_percent, Some(percent));
    let overdue = ListCampaignTickets { overdue: true, ..ListCampaignTickets::of(drive.id()) };
    let overdue = cast.dispatcher.ask(&overdue).await.expect("a list");
    assert_eq!(overdue.iter().map(|t| t.id).collect::<Vec<_>>(), [open.ticket.id]);
    drive.service.finish().await;
}

#[tokio::test]
async fn its_list_is_paged_newest_first_and_narrowed_by_state_and_cell() {
    let drive = Drive::begun().await;
    let cast = &drive.cast;
    let mut all = Vec::new();
    for east in [50_000, 150_000, 250_000, 60_000, 160_000] {
        all.push(drive.blocked(east).await.ticket.id);
    }
    all.reverse();
    let filed = shown(&cast.dispatcher, all[1]).await;
    done(&cast.dispatcher, &filed, Action::File).await;
    let mut paged = Vec::new();
    let mut before = None;
    loop {
        let page =
            ListCampaignTickets { before, limit: Some(2), ..ListCampaignTickets::of(drive.id()) };
        let page = cast.dispatcher.ask(&page).await.expect("a page");
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        paged.extend(page.iter().map(|ticket| ticket.id));
    }
    assert_eq!(paged, all);
    let of = async |list: ListCampaignTickets| {
        let list = cast.dispatcher.ask(&list).await.expect("a list");
        list.iter().map(|ticket| ticket.id).collect::<Vec<_>>()
    };
    let every = || ListCampaignTickets::of(drive.id());
    let filed = ListCampaignTickets { state: Some(State::Filed), ..every() };
    assert_eq!(of(filed).await, [all[1]]);
    let in_q = ListCampaignTickets { cell: Some("Q".to_owned()), ..every() };
    assert_eq!(of(in_q).await, [all[2]]);
    // The other way in: by cells, where no street is named.
    let cells = ["P", "c"].map(str::to_owned).to_vec();
    let plan = CampaignPlan { cells, ..drive.made.campaign.plan.clone() };
    let change = ChangeCampaign { campaign: drive.id(), seq: 1, plan, note: "按片".to_owned() };
    cast.lead.ask(&change).await.expect("changed");
    assert_eq!(of(every()).await, all);
    drive.service.finish().await;
}

#[tokio::test]
async fn a_campaign_that_cannot_be_is_refused_by_the_field_at_fault() {
    let drive = Drive::begun().await;
    let cast = &drive.cast;
    let plan = || CampaignPlan { name: "另一专项".to_owned(), ..plan(drive.task_force.1) };
    let make = |plan| MakeCampaign { plan, stages_of: None, note: String::new() };
    let same = make(CampaignPlan { name: "“331”消防安全专项".to_owned(), ..plan() });
    let nowhere = make(CampaignPlan { cells: vec!["z".to_owned()], ..plan() });
    let nobody = make(CampaignPlan { unit: UnitId(9_999), ..plan() });
    let staged = MakeCampaign { stages_of: Some("none".to_owned()), ..make(plan()) };
    for (question, field) in
        [(same, "plan.name"), (nowhere, "plan.cells"), (nobody, "plan.unit"), (staged, "stages_of")]
    {
        let refused = cast.lead.ask(&question).await.expect_err(field);
        assert_eq!(refused.field.as_deref(), Some(field), "{refused}");
    }
    let member = cast.team.0.ask(&make(plan())).await;
    assert_eq!(kind(member), Kind::Forbidden);
    let outside = drive.place("邻区", 900_000);
    let refused = cast.team.0.ask(&outside).await.expect_err("outside");
    assert_eq!(refused.field.as_deref(), Some("lng"), "{refused}");
    let unnamed = Inspect { what: " ".to_owned(), ..drive.place("x", 50_000) };
    let refused = cast.team.0.ask(&unnamed).await.expect_err("unnamed");
    assert_eq!(refused.field.as_deref(), Some("what"));
    let show = ShowCampaign { campaign: CampaignId(99) };
    assert_eq!(kind(cast.team.0.ask(&show).await), Kind::Missing);
    drive.service.finish().await;
}
