//! Tickets for tests: the people around them, a ticket opened by a report, and steps taken with it.

use crate::ask::Visitor;
use crate::district::{degrees, district};
use crate::service::Service;
use domain::ids::{TicketId, UnitId};
use domain::people::{Role, UnitKind};
use domain::reports::{Channel, TakeReport};
use domain::tickets::{ActOnTicket, Action, ShowTicket, ShownTicket, TicketOfReport};
use domain::{Datum, Kind, Refusal};

/// The people of the [`district`] who have a part in tickets.
pub struct Cast {
    /// At the linkage centre.
    pub dispatcher: Visitor,
    /// The shift lead at the linkage centre.
    pub lead: Visitor,
    /// Of a sub-centre.
    pub inspector: Visitor,
    /// Leader of cell a, with the team's number.
    pub team: (Visitor, UnitId),
    /// Leader of cell c, in another community.
    pub stranger: Visitor,
    /// Leader of the community of cell a.
    pub community: (Visitor, UnitId),
}

impl Cast {
    /// New people in the units of the district.
    pub async fn of(service: &Service) -> Self {
        let at = async |role, kind, unit, post| service.signed_in_at(role, kind, unit, post).await;
        Self {
            dispatcher: service.signed_in(Role::Dispatcher).await,
            lead: service.signed_in(Role::ShiftLead).await,
            inspector: at(Role::Inspector, UnitKind::SubCentre, "分中心", None).await.0,
            team: at(Role::Leader, UnitKind::GridTeam, "甲网格队", Some((3, "a"))).await,
            stranger: at(Role::Leader, UnitKind::GridTeam, "丙网格队", Some((3, "c"))).await.0,
            community: at(Role::Leader, UnitKind::Community, "甲社区", Some((2, "P"))).await,
        }
    }
}

/// A service over the district, with its people.
pub async fn begun() -> (Service, Cast) {
    cast_in(Service::start().await).await
}

/// The district and its cast in a service that nothing has been imported into.
pub async fn cast_in(service: Service) -> (Service, Cast) {
    service.publish(district()).await;
    let cast = Cast::of(&service).await;
    (service, cast)
}

/// A report of rubbish so far east of the corner of the district, not sent yet.
pub fn report(east: i32) -> TakeReport {
    let (lng, lat) = degrees(east, 50_000);
    TakeReport {
        datum: Datum::Cgcs2000,
        category: Some("1101".to_owned()),
        text: "围墙外的垃圾".to_owned(),
        ..TakeReport::new(Channel::Snapshot, lng, lat)
    }
}

/// The ticket that a report of nobody in particular opens, as a reader sees it.
pub async fn opened_by(service: &Service, reader: &Visitor, report: &TakeReport) -> ShownTicket {
    reported(service.nobody(), report, reader).await
}

/// The ticket that somebody's report opens, as a reader sees it.
pub async fn reported(by: &Visitor, report: &TakeReport, reader: &Visitor) -> ShownTicket {
    let taken = by.ask(report).await.expect("it is taken");
    let ticket = reader.ask(&TicketOfReport { report: taken.report }).await.expect("an answer");
    shown(reader, ticket.expect("a report has a ticket as soon as it is acknowledged")).await
}

/// The ticket that a [`report`] opens.
pub async fn opened(service: &Service, reader: &Visitor, east: i32) -> ShownTicket {
    opened_by(service, reader, &report(east)).await
}

/// A ticket as a reader sees it now.
pub async fn shown(reader: &Visitor, ticket: TicketId) -> ShownTicket {
    reader.ask(&ShowTicket { ticket }).await.expect("it is shown")
}

/// An act on a ticket as it was seen, with a reason and nothing else.
pub fn act(on: &ShownTicket, action: Action) -> ActOnTicket {
    let seen = &on.ticket;
    ActOnTicket { note: "因为".to_owned(), ..ActOnTicket::new(seen.id, seen.seq, action) }
}

/// An [`act`] that is lawful: it leaves the ticket with a clock, or at an end.
pub async fn done(by: &Visitor, on: &ShownTicket, action: Action) -> ShownTicket {
    done_as(by, on, act(on, action)).await
}

/// As [`done`], for an act that says more.
pub async fn done_as(by: &Visitor, on: &ShownTicket, act: ActOnTicket) -> ShownTicket {
    let action = act.action;
    let shown = by.ask(&act).await;
    let shown = shown.unwrap_or_else(|refusal| panic!("{action}: {refusal}"));
    let ticket = &shown.ticket;
    assert_eq!(ticket.seq, on.ticket.seq + 1);
    assert!(
        ticket.state.is_final() || ticket.stage.is_some(),
        "{action} leaves it without a clock"
    );
    let runs = ticket.due_at.is_some() || ticket.review_at.is_some();
    assert!(ticket.state.is_final() || runs, "{action} leaves it without a deadline");
    shown
}

/// A ticket that is filed and dispatched to the team of cell a.
pub async fn dispatched(cast: &Cast, on: &ShownTicket) -> ShownTicket {
    let filed = done(&cast.dispatcher, on, Action::File).await;
    let to_team = ActOnTicket { unit: Some(cast.team.1), ..act(&filed, Action::Dispatch) };
    done_as(&cast.dispatcher, &filed, to_team).await
}

/// What kind of refusal an answer is.
pub fn kind<A>(answer: Result<A, Refusal>) -> Kind {
    answer.err().expect("it is refused").kind
}
