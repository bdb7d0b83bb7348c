//! Merging: of several tickets about one thing one is worked on; the others lead to it with their
//! reports, and can be taken apart again.
//!
//! - Target a ticket that is open: not over, and not merged itself. So there is no chain and no
//!   circle, and every reporter's code leads to the work in one step.
//! - A ticket that others were merged into is not merged: the others would lead nowhere.
//! - What is sensitive goes into what is sensitive only. What is not becomes so when it goes into
//!   what is: both are about one thing, and its number would give the other away.
//! - Both histories tell it, each naming the other ticket: [`Action::Merge`] and
//!   [`Action::Unmerge`] stand in that of the ticket merged, [`Action::Join`] and
//!   [`Action::Release`] in that of the other, which keeps its state, its unit and its clock.
//! - Taken apart, a ticket begins anew: to be verified, by the centre, with a new clock of
//!   verification, for what was known of it was that it is another's. It keeps whether it is urgent
//!   and whether it is sensitive. So it can be whatever became of the other one meanwhile.

use super::{Action, Facts, State};
use crate::ids::TicketId;
use crate::refusal::{Kind, Refusal};
use crate::word::Word;

/// The ticket that another one is to be merged into, as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// Which.
    pub ticket: TicketId,
    /// Where it stands.
    pub state: State,
    /// Whether only those who must may see it.
    pub sensitive: bool,
    /// The one it was merged into itself.
    pub merged_into: Option<TicketId>,
}

impl Action {
    /// Whether it only ever stands beside another act, in the history of the other ticket: nobody
    /// takes it by itself, and it is no button.
    pub const fn is_echo(self) -> bool {
        matches!(self, Self::Join | Self::Release)
    }

    /// What the other ticket's history says of this act.
    pub const fn echo(self) -> Option<Self> {
        match self {
            Self::Merge => Some(Self::Join),
            Self::Unmerge => Some(Self::Release),
            _ => None,
        }
    }
}

/// Whether a ticket may be merged into the one named.
///
/// # Errors
/// Invalid, saying which ticket to name instead or what to do first.
pub fn merge(facts: &Facts<'_>) -> Result<(), Refusal> {
    if facts.joined {
        return Err(Refusal::new(
            Kind::Invalid,
            "已有其他案件并入本案，本案不能再并入他案。请先拆出，或将另一案并入本案。",
            "Other tickets were merged into this one, so it cannot be merged itself: take them \
             apart first, or merge the other one into this.",
        ));
    }
    let Some(Target { ticket, state, sensitive, merged_into }) = facts.into else { return Ok(()) };
    let refused = |zh: String, en: String| Err(Refusal::new(Kind::Invalid, zh, en).at("into"));
    if let Some(further) = merged_into {
        return refused(
            format!("案件 {ticket} 已并入案件 {further}，请并入案件 {further}。"),
            format!("Ticket {ticket} was merged into {further} itself: merge into {further}."),
        );
    }
    if state.is_over() {
        let (zh, en) = (state.zh(), state.en());
        return refused(
            format!("案件 {ticket} 现为“{zh}”，已不再办理，不能并入；请另行立案。"),
            format!("Ticket {ticket} is “{en}” and no longer worked on: file this one by itself."),
        );
    }
    if facts.sensitive && !sensitive {
        return refused(
            format!("本案为敏感案件，不能并入非敏感的案件 {ticket}；请先将其设为敏感。"),
            format!(
                "This ticket is sensitive and {ticket} is not: mark {ticket} as sensitive first."
            ),
        );
    }
    Ok(())
}

/// Refuses what nobody does by itself.
///
/// # Errors
/// Invalid, saying what to do instead.
pub fn by_itself(action: Action) -> Result<(), Refusal> {
    if !action.is_echo() {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Invalid,
        format!("“{}”随并案或拆案自动记入，请在另一案件上并案或拆案。", action.zh()),
        format!("To {} goes with merging or unmerging: do that with the other.", action.en()),
    )
    .at("action"))
}

#[cfg(test)]
mod tests {
    use super::super::{Actor, Owner, offered, rule, step};
    use super::*;
    use crate::clocks::Stage;
    use crate::ids::{PersonId, UnitId};
    use crate::people::Role;
    use crate::tickets::Deadline;

    fn facts(into: Option<Target>) -> Facts<'static> {
        Facts {
            state: State::Filed,
            level: 3,
            unit: UnitId(1),
            at_centre: true,
            sensitive: false,
            handled: None,
            pending: &[],
            called: &[],
            open_tasks: 0,
            joined: false,
            into,
        }
    }

    fn into(state: State) -> Target {
        Target { ticket: TicketId(7), state, sensitive: false, merged_into: None }
    }

    const DISPATCHER: Actor =
        Actor::Person { person: PersonId(1), role: Role::Dispatcher, unit: UnitId(1) };

    fn tried(facts: &Facts<'_>) -> Result<State, String> {
        let tried = step(facts, DISPATCHER, Action::Merge);
        tried.map(|rule| rule.to).map_err(|refusal| refusal.message.en)
    }

    #[test]
    fn a_ticket_is_merged_into_whatever_is_open_and_nothing_else() {
        for &state in State::ALL.iter().filter(|state| **state != State::New) {
            let open = !state.is_over();
            assert_eq!(tried(&facts(Some(into(state)))).is_ok(), open, "{state}");
            assert_eq!(rule(state, Action::Join).is_some(), open, "{state}");
            let taken = rule(state, Action::Release).is_some();
            assert_eq!(taken, state != State::Merged, "{state}: it has others, or had");
        }
    }

    #[test]
    fn there_is_no_chain_and_the_refusal_names_where_the_other_went() {
        let further = Target { merged_into: Some(TicketId(5)), ..into(State::Merged) };
        let why = tried(&facts(Some(further))).expect_err("no chain");
        assert!(why.contains("merge into 5"), "{why}");
        let joined = Facts { joined: true, ..facts(None) };
        let offers = offered(&joined, DISPATCHER);
        let merge = offers.iter().find(|offer| offer.action == Action::Merge).expect("a button");
        assert!(merge.refused.is_some(), "a disabled one");
    }

    #[test]
    fn what_is_sensitive_goes_only_into_what_is() {
        let hidden = |own, other| {
            let into = Target { sensitive: other, ..into(State::Accepted) };
            tried(&Facts { sensitive: own, ..facts(Some(into)) }).is_ok()
        };
        assert!(hidden(false, false) && hidden(false, true) && hidden(true, true));
        assert!(!hidden(true, false));
    }

    #[test]
    fn an_echo_is_no_button_keeps_everything_and_nobody_takes_it_by_itself() {
        for &state in State::ALL {
            let facts = Facts { state, ..facts(None) };
            assert!(offered(&facts, DISPATCHER).iter().all(|offer| !offer.action.is_echo()));
        }
        for echo in [Action::Join, Action::Release] {
            assert!(by_itself(echo).is_err());
            let rule = rule(State::Accepted, echo).expect("a rule");
            assert_eq!((rule.to, rule.clock), (State::Accepted, Deadline::Keep));
            assert_eq!(rule.owner, Owner::Keep);
        }
        assert_eq!(by_itself(Action::Merge), Ok(()));
    }

    #[test]
    fn taken_apart_a_ticket_is_verified_anew_by_the_centre() {
        let rule = rule(State::Merged, Action::Unmerge).expect("a rule");
        assert_eq!((rule.to, rule.owner), (State::Reported, Owner::Centre));
        assert_eq!(rule.clock, Deadline::Start(Stage::Verify));
        assert!(
            step(&Facts { state: State::Merged, ..facts(None) }, DISPATCHER, Action::Unmerge)
                .is_ok()
        );
    }
}
