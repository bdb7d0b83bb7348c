//! People who act at random but lawfully: each takes a ticket they see, looks at its buttons and
//! presses one, until the server is gone.

use backend::db::Db;
use backend::grids::publish;
use backend::people::{password, store};
use domain::clocks::{Limit, Unit};
use domain::ids::{TicketId, UnitId};
use domain::people::{Role, UnitKind};
use domain::reports::Taken;
use domain::tickets::{
    ActOnTicket, Action, ListTickets, Meeting, Order, PlannedStage, PlannedTask, ShowTicket,
    ShownTicket,
};
use domain::word::Word;
use domain::{Kind, Refusal};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use support::Visitor;
use support::district::district;
use support::tickets::report;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

/// An act that was answered with 200.
pub struct Acknowledged {
    /// The ticket.
    pub ticket: TicketId,
    /// The key it was sent with; none for a report.
    pub key: Option<String>,
    /// What was done.
    pub action: Action,
}

/// The people of the district with the tokens of their sessions, and the units there are.
pub struct Cast {
    people: Vec<(Role, String)>,
    units: Vec<UnitId>,
}

/// Publishes the district and signs its people in, beside a server.
pub async fn cast(db: &Db) -> Cast {
    let mut client = db.client().await.expect("the database answers");
    publish::publish(&mut client, &publish::cut(district())).await.expect("an edition");
    let (mut people, mut units) = (Vec::new(), Vec::new());
    for (role, kind, unit, post) in [
        (Role::Dispatcher, UnitKind::Centre, "联动中心", None),
        (Role::Dispatcher, UnitKind::Centre, "联动中心", None),
        (Role::ShiftLead, UnitKind::Centre, "联动中心", None),
        (Role::ShiftLead, UnitKind::Centre, "联动中心", None),
        (Role::Inspector, UnitKind::SubCentre, "分中心", None),
        (Role::SubCentre, UnitKind::SubCentre, "分中心", None),
        (Role::Leader, UnitKind::GridTeam, "甲网格队", Some((3, "a"))),
        (Role::Member, UnitKind::GridTeam, "甲网格队", Some((3, "a"))),
        (Role::Leader, UnitKind::GridTeam, "乙网格队", Some((3, "b"))),
        (Role::Leader, UnitKind::Community, "甲社区", Some((2, "P"))),
        (Role::Leader, UnitKind::Community, "街道", Some((1, "S"))),
        (Role::Adviser, UnitKind::Department, "环卫所", None),
    ] {
        let unit = store::add_unit(&**client, unit, kind).await.expect("a unit");
        let name = format!("{} {}", role.zh(), people.len());
        let person = store::NewPerson { name, role, unit, duty_desk: false, login: None };
        let person = store::add_people(&**client, &[person]).await.expect("a person")[0];
        if let Some((level, cell)) = post {
            let post = store::NewPost { person, level, cell: cell.to_owned(), role };
            store::add_posts(&**client, &[post]).await.expect("a post");
        }
        let token = password::new_token();
        let opened = store::open_session(&**client, &password::token_hash(&token), person).await;
        opened.expect("a session");
        people.push((role, token));
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    Cast { people, units }
}

impl Cast {
    /// Lets everybody act on a server until it is gone; tells what was acknowledged. Whether a call
    /// may fail besides, because the database falls, is `falls`.
    pub fn act(
        &self,
        server: &Visitor,
        storm: u64,
        falls: bool,
        told: UnboundedSender<Acknowledged>,
    ) -> JoinSet<()> {
        let mut players = JoinSet::new();
        for (i, (_, token)) in self.people.iter().enumerate() {
            let player = Player {
                visitor: server.with_session(token),
                units: self.units.clone(),
                chance: ChaCha8Rng::seed_from_u64(storm * 100 + i as u64),
                name: format!("{storm}-{i}"),
                acts: 0,
                falls,
            };
            players.spawn(player.play(told.clone()));
        }
        players
    }
}

struct Player {
    visitor: Visitor,
    units: Vec<UnitId>,
    chance: ChaCha8Rng,
    name: String,
    acts: u32,
    falls: bool,
}

impl Player {
    async fn play(mut self, told: UnboundedSender<Acknowledged>) {
        while let Some(acknowledged) = self.turn().await {
            if let Some(acknowledged) = acknowledged {
                told.send(acknowledged).expect("somebody listens to the end");
            }
        }
    }

    /// One turn: a report, or an act. `None`: the server is gone.
    async fn turn(&mut self) -> Option<Option<Acknowledged>> {
        if self.chance.random_bool(0.1) {
            let east = self.chance.random_range(0..200_000);
            let opened = |taken: Taken| {
                let ticket = TicketId(taken.report.0);
                Acknowledged { ticket, key: None, action: Action::Open }
            };
            return Some(match self.visitor.try_ask(&report(east)).await? {
                Ok(taken) => Some(opened(taken)),
                Err(refusal) => self.lost(&refusal),
            });
        }
        let order = self.chance.random_bool(0.7).then_some(Order::DueFirst);
        let list = ListTickets { limit: Some(20), order, ..ListTickets::default() };
        let list = match self.visitor.try_ask(&list).await? {
            Ok(list) => list,
            Err(refusal) => return Some(self.lost(&refusal)),
        };
        let Some(ticket) = list.choose(&mut self.chance).map(|ticket| ticket.id) else {
            return Some(None);
        };
        let shown = match self.visitor.try_ask(&ShowTicket { ticket }).await? {
            Ok(shown) => shown,
            Err(refusal) => return Some(self.lost(&refusal)),
        };
        let open = shown.offers.iter().filter(|offer| offer.refused.is_none());
        let open: Vec<Action> = open.map(|offer| offer.action).collect();
        let Some(&action) = open.choose(&mut self.chance) else { return Some(None) };
        let act = self.filled(&shown, action);
        Some(match self.visitor.try_ask(&act).await? {
            Ok(_) => Some(Acknowledged { ticket, key: act.key, action }),
            Err(refusal) => self.lost(&refusal),
        })
    }

    /// Somebody was faster, or had it taken out of sight; or the form was filled in badly.
    fn lost(&self, refusal: &Refusal) -> Option<Acknowledged> {
        let lawful = matches!(refusal.kind, Kind::Moved | Kind::Missing | Kind::Invalid);
        let fell = self.falls && refusal.kind == Kind::Broken;
        assert!(lawful || fell, "{}: {refusal}", self.name);
        None
    }

    /// The form of an action, every field in it.
    fn filled(&mut self, on: &ShownTicket, action: Action) -> ActOnTicket {
        self.acts += 1;
        let unit = *self.units.choose(&mut self.chance).expect("there are units");
        let task = |unit| PlannedTask {
            unit,
            what: "清理".to_owned(),
            limit: Limit::new(3, Unit::WorkingDays),
        };
        let lead = on.whistles.last().map(|whistle| whistle.called[0].unit).unwrap_or(unit);
        let meeting = Meeting {
            minutes: "商定分工".to_owned(),
            lead,
            co_handlers: Vec::new(),
            stages: vec![PlannedStage { name: "整治".to_owned(), tasks: vec![task(lead)] }],
        };
        let open = on.whistles.last().and_then(|whistle| whistle.meeting.as_ref());
        let open = open.and_then(|m| m.tasks.iter().find(|task| task.finished_seq.is_none()));
        let whole = ActOnTicket::new(on.ticket.id, on.ticket.seq, action);
        let named = matches!(action, Action::Pass | Action::Dispatch);
        ActOnTicket {
            note: "因为".to_owned(),
            unit: named.then_some(unit),
            more: (action == Action::GrantExtension).then_some(3),
            review_at: (action == Action::GrantSuspension)
                .then(|| "2099-01-01T00:00:00Z".to_owned()),
            into: (action == Action::Merge && on.ticket.id.0 > 1)
                .then(|| TicketId(self.chance.random_range(1..on.ticket.id.0))),
            call: if action == Action::Whistle { vec![unit] } else { Vec::new() },
            meeting: (action == Action::Meet).then_some(meeting),
            task: open.filter(|_| action == Action::FinishTask).map(|task| task.number),
            key: Some(format!("{}-{}", self.name, self.acts)),
            ..whole
        }
    }
}
