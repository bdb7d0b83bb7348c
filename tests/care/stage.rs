//! A team with its cell, a household, and the rounds that make visits fall due.

use backend::grids::live::{Live, LiveGrid};
use backend::tickets::care::rounds::{Made, Rounds};
use backend::tickets::timing::Timing;
use domain::Datum;
use domain::ids::HouseholdId;
use domain::people::{Role, UnitKind};
use domain::tickets::care::{
    AddHousehold, CareKind, DaysOff, Details, DueVisit, ListDueVisits, ListVisits, RecordVisit,
    Rhythm, Schedule, ShownHousehold, Visit, VisitResult,
};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;
use support::district::degrees;
use support::tickets::{Cast, begun};
use support::{Service, Visitor};

pub const NAME: &str = "王奶奶";
pub const PHONE: &str = "0512-6625-0000";

/// Cell a with its team, a member of it, and the rounds of a process.
pub struct Care {
    pub service: Service,
    pub cast: Cast,
    pub member: Visitor,
    pub rounds: Rounds,
    pub timing: Arc<Timing>,
}

impl Care {
    pub async fn begun() -> Self {
        let (service, cast) = begun().await;
        let at = service.signed_in_at(Role::Member, UnitKind::GridTeam, "甲网格队", Some((3, "a")));
        let member = at.await.0;
        let timing = Arc::new(Timing::shipped().expect("the files are lawful"));
        let rounds = rounds(&service, &timing).await;
        Self { service, cast, member, rounds, timing }
    }

    pub fn today(&self) -> Date {
        self.timing.date(Timestamp::now())
    }

    /// A household so far east, visited every so many days from today on.
    pub fn household(&self, east: i32, days: u16) -> AddHousehold {
        let (lng, lat) = degrees(east, 50_000);
        AddHousehold {
            kind: CareKind::LivingAlone,
            lng,
            lat,
            datum: Datum::Cgcs2000,
            schedule: Schedule {
                rhythm: Rhythm::Days(days),
                from: self.today(),
                until: None,
                days_off: DaysOff::Keep,
            },
            details: Details {
                name: NAME.to_owned(),
                phone: PHONE.to_owned(),
                address: "3 幢 402".to_owned(),
                remarks: "听力不好，请多敲几次".to_owned(),
            },
            key: format!("{east}"),
        }
    }

    pub async fn added(&self, east: i32, days: u16) -> ShownHousehold {
        self.member.ask(&self.household(east, days)).await.expect("it is added")
    }

    pub async fn pass(&mut self, now: Timestamp) -> Made {
        self.rounds.pass(now).await.expect("a pass")
    }

    pub async fn visits(&self, by: &Visitor, household: HouseholdId) -> Vec<Visit> {
        let list = ListVisits { household, before: None, limit: None };
        by.ask(&list).await.expect("a list")
    }
}

/// The rounds of a process.
pub async fn rounds(service: &Service, timing: &Arc<Timing>) -> Rounds {
    let client = service.database.client().await;
    let live = Live::load(&client).await.expect("the edition can be loaded");
    Rounds::new(service.db.clone(), Arc::new(LiveGrid::new(live)), timing.clone())
}

/// The visits somebody is to make.
pub async fn due(by: &Visitor) -> Vec<DueVisit> {
    by.ask(&ListDueVisits::default()).await.expect("a list")
}

/// What came of a visit.
pub fn record(visit: &DueVisit, result: VisitResult) -> RecordVisit {
    RecordVisit {
        household: visit.household.id,
        due_on: visit.due_on,
        result,
        note: "精神不错，聊了菜价".to_owned(),
        help: None,
        key: result.to_string(),
    }
}
