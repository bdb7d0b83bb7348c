//! A year of the demo district through the real service: 12,500 reports come in, every one is moved
//! by the people whose it is, and at every quarter all that must hold of tickets holds.
//!
//! The acts happen at the real time; what a year does to deadlines is held by the tests of clocks.

use backend::config::Config;
use backend::console::Console;
use backend::demo::district::{self, SEED, UNTIL};
use backend::demo::load::load;
use backend::demo::reports::Report;
use backend::people::{password, store};
use domain::Datum;
use domain::clocks::{Limit, Unit};
use domain::ids::{PersonId, TicketId, UnitId};
use domain::reports::TakeReport;
use domain::tickets::{
    ActOnTicket, Action, ListTickets, Meeting, PlannedStage, PlannedTask, State,
};
use domain::word::Word;
use futures::StreamExt;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use support::{Database, Service, Visitor, ledger};
use tokio_postgres::Client;

/// Acts under way at once.
const AT_ONCE: usize = 24;
/// Every so manyeth report does not end as solved: 100 of 12,500.
const UNSOLVED: usize = 125;

/// The people of the district, by what they are to a ticket.
struct Staff {
    dispatchers: Vec<Visitor>,
    lead: Visitor,
    inspector: Visitor,
    /// Whoever handles tickets in a unit; the linkage centre's dispatchers are not among them.
    handlers: HashMap<UnitId, Visitor>,
    /// The unit of a cell's leader.
    teams: HashMap<String, UnitId>,
    departments: Vec<UnitId>,
}

impl Staff {
    /// Signs in one person of each kind and unit.
    async fn of(client: &Client, nobody: &Visitor) -> Self {
        let sql = "
            select distinct on (people.unit, people.role)
                   people.id, people.unit, people.role, units.kind
            from people join units on units.id = people.unit
            order by people.unit, people.role, people.id";
        let rows = client.query(sql, &[]).await.expect("people");
        let mut staff = Self {
            dispatchers: Vec::new(),
            lead: nobody.clone(),
            inspector: nobody.clone(),
            handlers: HashMap::new(),
            teams: HashMap::new(),
            departments: Vec::new(),
        };
        for row in rows {
            let (unit, kind): (_, String) = (UnitId(row.get("unit")), row.get("kind"));
            let token = password::new_token();
            let hash = password::token_hash(&token);
            let opened = store::open_session(client, &hash, PersonId(row.get("id"))).await;
            opened.expect("a session");
            let visitor = nobody.with_session(&token);
            match row.get::<_, &str>("role") {
                "dispatcher" => staff.dispatchers.push(visitor),
                "shift_lead" => staff.lead = visitor,
                "inspector" => staff.inspector = visitor,
                "leader" | "member" | "adviser" | "official" | "sub_centre" => {
                    staff.handlers.entry(unit).or_insert(visitor);
                }
                _ => {}
            }
            if kind == "department" && staff.handlers.contains_key(&unit) {
                staff.departments.push(unit);
            }
        }
        let sql = "
            select cell, min(people.unit) as unit from posts join people on people.id = person
            where level = 3 and posts.role = 'leader' group by cell";
        let rows = client.query(sql, &[]).await.expect("posts");
        staff.teams = rows.iter().map(|row| (row.get("cell"), UnitId(row.get("unit")))).collect();
        assert!(!staff.dispatchers.is_empty() && !staff.departments.is_empty());
        staff
    }

    fn desk(&self, n: usize) -> &Visitor {
        &self.dispatchers[n % self.dispatchers.len()]
    }
}

/// A ticket on its way through the year.
struct Case<'a> {
    staff: &'a Staff,
    n: usize,
    ticket: TicketId,
    /// The number of its last event.
    seq: i32,
    cell: Option<String>,
    /// Whose it is; `None` until the first act is answered: the linkage centre's.
    unit: Option<UnitId>,
}

impl Case<'_> {
    async fn act(&mut self, by: &Visitor, act: ActOnTicket) {
        let shown = by.ask(&act).await;
        let shown = shown.unwrap_or_else(|why| panic!("{} {}: {why}", self.ticket, act.action));
        assert_eq!(shown.ticket.seq, self.seq + 1);
        (self.seq, self.unit) = (shown.ticket.seq, Some(shown.ticket.unit));
    }

    /// The form of an action, with a reason and nothing else.
    fn form(&self, action: Action) -> ActOnTicket {
        ActOnTicket { note: "因为".to_owned(), ..ActOnTicket::new(self.ticket, self.seq, action) }
    }

    /// Somebody at the linkage centre acts.
    async fn desk(&mut self, action: Action) {
        let staff = self.staff;
        self.act(staff.desk(self.n), self.form(action)).await;
    }

    /// The shift lead acts.
    async fn lead(&mut self, act: ActOnTicket) {
        let staff = self.staff;
        self.act(&staff.lead, act).await;
    }

    /// The responsible unit acts.
    async fn own(&mut self, action: Action) {
        self.own_as(self.form(action)).await;
    }

    async fn own_as(&mut self, act: ActOnTicket) {
        let staff = self.staff;
        let handler = self.unit.and_then(|unit| staff.handlers.get(&unit));
        self.act(handler.unwrap_or_else(|| staff.desk(self.n)), act).await;
    }

    async fn dispatch(&mut self) {
        let cell = self.cell.as_ref();
        let team = cell.and_then(|cell| self.staff.teams.get(cell)).copied();
        let team = team.unwrap_or(self.staff.departments[0]);
        let staff = self.staff;
        let dispatch = ActOnTicket { unit: Some(team), ..self.form(Action::Dispatch) };
        self.act(staff.desk(self.n), dispatch).await;
    }

    /// Inspects and closes.
    async fn close(&mut self) {
        let staff = self.staff;
        self.act(&staff.inspector, self.form(Action::Confirm)).await;
        self.desk(Action::Close).await;
    }

    /// The way of the n-th of the year.
    async fn live(&mut self) {
        if self.n.is_multiple_of(UNSOLVED) {
            return self.unsolved().await;
        }
        match self.n % 100 {
            0..64 => self.desk(Action::SettleOnSpot).await,
            64 => {
                self.desk(Action::Look).await;
                self.own(Action::Describe).await;
                self.desk(Action::SettleOnSpot).await;
                self.desk(Action::Evaluate).await;
            }
            kind => {
                self.desk(Action::File).await;
                self.dispatch().await;
                if kind == 65 {
                    self.own(Action::AskReturn).await;
                    self.dispatch().await;
                }
                self.own(Action::Accept).await;
                self.work(kind).await;
                self.own(Action::FeedBack).await;
                if kind == 66 {
                    let staff = self.staff;
                    self.act(&staff.inspector, self.form(Action::SendBack)).await;
                    self.own(Action::FeedBack).await;
                }
                self.close().await;
            }
        }
    }

    /// What happens between accepting and feeding back.
    async fn work(&mut self, kind: usize) {
        match kind {
            67 => {
                self.own(Action::RaiseTo2).await;
                self.own(Action::Accept).await;
            }
            68 => {
                self.own(Action::RaiseTo2).await;
                self.whistle().await;
            }
            69 => {
                self.own(Action::AskSuspension).await;
                let until = Some("2099-01-01T00:00:00Z".to_owned());
                let grant = self.form(Action::GrantSuspension);
                self.lead(ActOnTicket { review_at: until, ..grant }).await;
                self.own(Action::Resume).await;
            }
            70 => {
                self.own(Action::AskExtension).await;
                let grant = self.form(Action::GrantExtension);
                self.lead(ActOnTicket { more: Some(3), ..grant }).await;
            }
            71 => self.own(Action::Arrive).await,
            _ => {}
        }
    }

    /// The level that has it calls a department, which checks in and gets the one task.
    async fn whistle(&mut self) {
        let department = self.staff.departments[self.n % self.staff.departments.len()];
        let call = vec![department];
        self.own_as(ActOnTicket { call, ..self.form(Action::Whistle) }).await;
        let staff = self.staff;
        let there = &staff.handlers[&department];
        self.act(there, self.form(Action::CheckIn)).await;
        let what = "清理并设挡板".to_owned();
        let task = PlannedTask { unit: department, what, limit: Limit::new(2, Unit::WorkingDays) };
        let meeting = Meeting {
            minutes: "商定由其牵头".to_owned(),
            lead: department,
            co_handlers: Vec::new(),
            stages: vec![PlannedStage { name: "整治".to_owned(), tasks: vec![task] }],
        };
        let met = ActOnTicket { meeting: Some(meeting), ..self.form(Action::Meet) };
        self.own_as(met).await;
        let finish = ActOnTicket { task: Some(1), ..self.form(Action::FinishTask) };
        self.act(there, finish).await;
    }

    /// One of the hundred that are not solved.
    async fn unsolved(&mut self) {
        match self.n / UNSOLVED % 5 {
            0 => self.desk(Action::File).await,
            1 => {
                let staff = self.staff;
                let into = Some(oldest_filed(staff.desk(self.n)).await);
                let merge = ActOnTicket { into, ..self.form(Action::Merge) };
                self.act(staff.desk(self.n), merge).await;
            }
            2 => {
                self.desk(Action::AskVoid).await;
                self.lead(self.form(Action::GrantVoid)).await;
            }
            3 => self.desk(Action::Refuse).await,
            _ => {
                self.desk(Action::File).await;
                self.dispatch().await;
            }
        }
    }
}

/// The oldest ticket that waits to be dispatched: the first one of the year that stays so.
async fn oldest_filed(by: &Visitor) -> TicketId {
    let state = Some(State::Filed);
    let list = ListTickets { state, limit: Some(200), ..ListTickets::default() };
    by.ask(&list).await.expect("a list").last().expect("there is one").id
}

fn taken(report: &Report) -> TakeReport {
    let at = jiff::Timestamp::from_second(report.happened_at_s).expect("a time");
    TakeReport {
        datum: Datum::Cgcs2000,
        accuracy_m: report.accuracy_m,
        category: Some(report.category.clone()),
        text: report.text.clone(),
        happened_at: Some(at.to_string()),
        key: Some(report.key.clone()),
        ..TakeReport::new(report.channel, report.at.lng_deg(), report.at.lat_deg())
    }
}

/// Takes a report in and lives its ticket through; the number of its last event.
async fn lived(staff: &Staff, n: usize, report: &Report) -> usize {
    let desk = staff.desk(n);
    let taken = desk.ask(&taken(report)).await.expect("it is taken");
    let (ticket, cell) = (TicketId(taken.report.0), taken.located.cell);
    let mut case = Case { staff, n, ticket, seq: 1, cell, unit: None };
    case.live().await;
    case.seq as usize
}

async fn states(client: &Client) -> BTreeMap<String, i64> {
    let sql = "select state, count(*) from tickets group by state";
    let rows = client.query(sql, &[]).await.expect("the tickets can be counted");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn a_year_of_the_district_is_lived_through_and_ninety_nine_in_a_hundred_are_solved() {
    let database = Database::migrated().await;
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { data_dir: folder.path().to_owned(), ..database.config() };
    let mut district = district::make(SEED, UNTIL, district::REPORTS);
    let reports = std::mem::take(&mut district.reports);
    load(&config, Console::new(true), Arc::new(vec![district])).await.expect("the district");
    let service = Service::over(database, |_| {}).await;
    let client = service.database.client().await;
    let staff = Staff::of(&client, service.nobody()).await;
    let mut steps = 0;
    for (quarter, part) in reports.chunks(reports.len().div_ceil(4)).enumerate() {
        let first = quarter * reports.len().div_ceil(4);
        let cases = part.iter().enumerate().map(|(i, r)| lived(&staff, first + i, r));
        let lived: Vec<usize> =
            futures::stream::iter(cases).buffer_unordered(AT_ONCE).collect().await;
        steps += lived.iter().sum::<usize>();
        ledger::check(&client).await;
    }
    let states = states(&client).await;
    let count = |state: State| states.get(state.code()).copied().unwrap_or(0);
    assert_eq!(states.values().sum::<i64>(), 12_500);
    assert_eq!(count(State::Closed) + count(State::Evaluated), 12_400, "99 in 100: {states:?}");
    for state in [State::NotFiled, State::Merged, State::Void, State::Filed, State::Dispatched] {
        assert_eq!(count(state), 20, "{state}");
    }
    let sql = "select count(*) from ticket_events";
    let events: i64 = client.query_one(sql, &[]).await.expect("a row").get(0);
    let told = count(State::Merged) as usize;
    assert_eq!(events as usize, steps + told, "one to open each, one an act, and of a merging two");
    drop(client);
    service.finish().await;
}
