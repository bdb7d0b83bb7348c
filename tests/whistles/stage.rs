//! A ticket raised to the community, the departments around it, and the whistle.

use domain::ids::UnitId;
use domain::people::{Role, UnitKind};
use domain::tickets::{
    ActOnTicket, Action, Meeting, PlannedStage, PlannedTask, ShownTicket, Whistle,
};
use support::tickets::{Cast, act, begun, dispatched, done, done_as, opened};
use support::{Service, Visitor};

/// The people around a whistle, beside those around every ticket.
pub struct Stage {
    pub service: Service,
    pub cast: Cast,
    /// The sanitation office, with its number.
    pub sanitation: (Visitor, UnitId),
    /// The urban management office.
    pub urban: (Visitor, UnitId),
    /// The fire station, which nobody calls.
    pub fire: (Visitor, UnitId),
}

impl Stage {
    pub async fn set() -> Self {
        let (service, cast) = begun().await;
        let department = async |name| {
            service.signed_in_at(Role::Adviser, UnitKind::Department, name, None).await
        };
        let sanitation = department("环卫所").await;
        let urban = department("城管办").await;
        let fire = department("消防站").await;
        Self { sanitation, urban, fire, cast, service }
    }

    /// A ticket that the team of cell a could not solve and raised to its community.
    pub async fn raised(&self) -> ShownTicket {
        let shown = opened(&self.service, &self.cast.dispatcher, 50_000).await;
        let shown = dispatched(&self.cast, &shown).await;
        let shown = done(&self.cast.team.0, &shown, Action::Accept).await;
        done(&self.cast.team.0, &shown, Action::RaiseTo2).await
    }

    /// What calls sanitation and urban management.
    pub fn whistle(&self, on: &ShownTicket) -> ActOnTicket {
        let call = vec![self.sanitation.1, self.urban.1];
        ActOnTicket { call, ..act(on, Action::Whistle) }
    }

    /// The community has blown the whistle.
    pub async fn whistled(&self) -> ShownTicket {
        let raised = self.raised().await;
        done_as(&self.cast.community.0, &raised, self.whistle(&raised)).await
    }

    /// Sanitation leads with two tasks, urban management helps with one.
    pub fn meeting(&self) -> Meeting {
        let task = |unit, what: &str, limit: &str| PlannedTask {
            unit,
            what: what.to_owned(),
            limit: limit.parse().expect("a limit"),
        };
        let (sanitation, urban) = (self.sanitation.1, self.urban.1);
        let stage = |name: &str, tasks| PlannedStage { name: name.to_owned(), tasks };
        Meeting {
            minutes: "环卫所牵头清运，城管办查处倾倒者。".to_owned(),
            lead: sanitation,
            co_handlers: vec![urban],
            stages: vec![
                stage("摸清底数", vec![task(sanitation, "丈量垃圾堆", "4wh")]),
                stage("清理", vec![task(sanitation, "清运", "2wd"), task(urban, "查处", "1wd")]),
            ],
        }
    }

    /// The meeting was held.
    pub async fn met(&self) -> ShownTicket {
        let whistled = self.whistled().await;
        let meet = ActOnTicket { meeting: Some(self.meeting()), ..act(&whistled, Action::Meet) };
        done_as(&self.cast.community.0, &whistled, meet).await
    }
}

/// The last whistle of a ticket.
pub fn last(shown: &ShownTicket) -> &Whistle {
    shown.whistles.last().expect("there was a whistle")
}

/// The names of the units that have checked in.
pub fn present(shown: &ShownTicket) -> Vec<&str> {
    let called = last(shown).called.iter().filter(|called| called.checked_in_at.is_some());
    called.map(|called| called.unit_name.as_str()).collect()
}

/// That a task is finished.
pub fn finish(on: &ShownTicket, task: i16) -> ActOnTicket {
    ActOnTicket { task: Some(task), ..act(on, Action::FinishTask) }
}
