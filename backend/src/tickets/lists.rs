//! Lists of tickets: what one is narrowed to, and by which index the database goes.
//!
//! One statement for each order holds every way in; which of them is gone is decided here and not
//! by the planner, who knows neither that one ticket in a hundred is live nor what is rare.

use crate::grids;
use domain::ids::{TicketId, UnitId};
use domain::people::Scope;
use domain::tickets::{ListTickets, Order, State};
use domain::{Kind, Refusal};
use jiff::Timestamp;

/// A cell by its level and code.
pub type Cell = (u8, String);

/// The cell with this code; `level_of` knows the levels of the cells now in force, by their codes.
///
/// # Errors
/// Missing: no cell has that code.
pub fn cell_of(code: String, level_of: impl FnOnce(&str) -> Option<u8>) -> Result<Cell, Refusal> {
    match level_of(&code) {
        Some(level) => Ok((level, code)),
        None => Err(grids::no_cell(&code)),
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// State.
    pub state: Option<State>,
    /// A cell, of level 3, 2 or 1.
    pub cell: Option<Cell>,
    /// Category.
    pub category: Option<String>,
    /// Responsible unit.
    pub unit: Option<UnitId>,
    /// Due before this time.
    pub due_before: Option<Timestamp>,
    /// The order, and where to go on.
    pub page: Page,
    /// At most.
    pub limit: i64,
}

/// The order of a list, and where the page before ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// The newest first, from below this number.
    Newest(TicketId),
    /// What is due first, after this time and number; `None`: from the top.
    Due(Option<(Timestamp, TicketId)>),
}

/// The way into the tickets, by the index that narrows most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// All of them, in order.
    All,
    /// Of one level-3 cell.
    Cell,
    /// Of one community.
    Community,
    /// What the person's unit and their cells have.
    Own,
    /// Of one unit.
    Unit,
    /// Of one category.
    Category,
    /// Of one category and one state in which little ended.
    CategoryAndState,
    /// Of one state.
    State,
    /// What is overdue.
    Overdue,
}

impl Way {
    /// The word of the statements.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Cell => "cell",
            Self::Community => "community",
            Self::Own => "own",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::CategoryAndState => "category_and_state",
            Self::State => "state",
            Self::Overdue => "overdue",
        }
    }
}

impl Wanted {
    /// What the question asks for at this moment; `level_of` knows the levels of the cells now in
    /// force, by their codes.
    ///
    /// # Errors
    /// - missing: no cell has that code;
    /// - invalid: a page of one order with the mark of the other, or half a mark.
    pub fn of(
        question: ListTickets,
        limit: i64,
        level_of: impl FnOnce(&str) -> Option<u8>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let page = page(&question)?;
        let ListTickets { state, cell, category, unit, overdue, .. } = question;
        let cell = cell.map(|code| cell_of(code, level_of)).transpose()?;
        let due_before = overdue.then_some(now);
        Ok(Self { state, cell, category, unit, due_before, page, limit })
    }

    /// The code of the cell it is narrowed to, if that is of this level.
    pub fn on_level(&self, level: u8) -> Option<&str> {
        self.cell.as_ref().filter(|cell| cell.0 == level).map(|cell| cell.1.as_str())
    }

    /// Whether live tickets may be among them, and whether ended ones may.
    pub fn live_and_ended(&self) -> (bool, bool) {
        let live = self.state.is_none_or(|state| !state.is_final());
        let ended = self.state.is_none_or(State::is_final) && self.due_before.is_none();
        (live, ended)
    }

    /// The way in: the first that applies, those that leave fewest first.
    pub fn way(&self, scope: &Scope) -> Way {
        let newest = matches!(self.page, Page::Newest(_));
        let rarely_ends = self.state.is_some_and(|s| s.is_final() && s != State::Evaluated);
        let few_cells = scope.on_level(1).is_empty();
        match () {
            () if self.on_level(3).is_some() => Way::Cell,
            () if self.unit.is_some() => Way::Unit,
            () if self.on_level(2).is_some() => Way::Community,
            () if !scope.all && few_cells => Way::Own,
            () if self.category.is_some() && newest && rarely_ends => Way::CategoryAndState,
            () if self.category.is_some() => Way::Category,
            // Nearly all are evaluated; and of live ones in order the first page is soon full.
            () if newest && self.state.is_some_and(|state| state != State::Evaluated) => Way::State,
            () if newest && self.due_before.is_some() => Way::Overdue,
            () => Way::All,
        }
    }
}

/// Where a page begins.
fn page(question: &ListTickets) -> Result<Page, Refusal> {
    let ListTickets { order, before, after, after_at, .. } = question;
    let after_at = after_at.as_deref().map(|text| text.parse().map_err(|_| no_time()));
    match (order.unwrap_or(Order::Newest), before, after, after_at.transpose()?) {
        (Order::Newest, before, None, None) => {
            Ok(Page::Newest(before.unwrap_or(TicketId(i64::MAX))))
        }
        (Order::DueFirst, None, None, None) => Ok(Page::Due(None)),
        (Order::DueFirst, None, Some(after), Some(at)) => Ok(Page::Due(Some((at, *after)))),
        (Order::Newest, ..) => Err(Refusal::new(
            Kind::Invalid,
            "最新的在前时，用 before 翻页。",
            "Of the newest first, ask for further pages with `before`.",
        )
        .at("after")),
        (Order::DueFirst, ..) => Err(Refusal::new(
            Kind::Invalid,
            "先到期的在前时，用 after 与 after_at 一起翻页。",
            "Of what is due first, ask for further pages with `after` and `after_at` together.",
        )
        .at("after")),
    }
}

fn no_time() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "after_at 须是上一页最后一件的到期时间，格式如 2026-03-01T08:30:00+08:00。",
        "`after_at` is the time the last one of the page before was due, written as \
         2026-03-01T08:30:00+08:00.",
    )
    .at("after_at")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::people::{Post, Role};

    fn wanted(page: Page) -> Wanted {
        Wanted {
            state: None,
            cell: None,
            category: None,
            unit: None,
            due_before: None,
            page,
            limit: 50,
        }
    }

    #[test]
    fn the_way_in_is_the_one_that_leaves_fewest() {
        let newest = || wanted(Page::Newest(TicketId(i64::MAX)));
        let due = || wanted(Page::Due(None));
        let desk = Scope::of(Role::Dispatcher, UnitId(1), &[]);
        let post = |level| Post { level, cell: "c".to_owned(), role: Role::Leader };
        let leader = Scope::of(Role::Leader, UnitId(2), &[post(3)]);
        let street = Scope::of(Role::Leader, UnitId(3), &[post(1)]);
        let cell = |level| Some((level, "c".to_owned()));
        let category = || Some("1101".to_owned());
        let state = |state| Wanted { state: Some(state), ..newest() };
        for (wanted, scope, way) in [
            (newest(), &desk, Way::All),
            (newest(), &leader, Way::Own),
            (newest(), &street, Way::All),
            (Wanted { cell: cell(3), unit: Some(UnitId(2)), ..newest() }, &desk, Way::Cell),
            (Wanted { cell: cell(2), category: category(), ..newest() }, &leader, Way::Community),
            (Wanted { cell: cell(1), ..newest() }, &desk, Way::All),
            (Wanted { cell: cell(1), ..newest() }, &leader, Way::Own),
            (Wanted { cell: cell(1), category: category(), ..newest() }, &desk, Way::Category),
            (Wanted { unit: Some(UnitId(2)), ..newest() }, &desk, Way::Unit),
            (state(State::Filed), &desk, Way::State),
            (state(State::Void), &street, Way::State),
            (Wanted { category: category(), ..state(State::Void) }, &desk, Way::CategoryAndState),
            (Wanted { category: category(), ..state(State::Filed) }, &desk, Way::Category),
            (state(State::Evaluated), &desk, Way::All),
            (Wanted { due_before: Some(Timestamp::MAX), ..newest() }, &desk, Way::Overdue),
            (Wanted { due_before: Some(Timestamp::MAX), ..due() }, &desk, Way::All),
            (Wanted { state: Some(State::Filed), ..due() }, &desk, Way::All),
            (due(), &leader, Way::Own),
        ] {
            assert_eq!(wanted.way(scope), way, "{wanted:?}");
        }
    }

    #[test]
    fn what_is_live_or_overdue_is_not_looked_for_among_what_has_ended() {
        let newest = wanted(Page::Newest(TicketId(i64::MAX)));
        assert_eq!(newest.live_and_ended(), (true, true));
        let filed = Wanted { state: Some(State::Filed), ..newest.clone() };
        assert_eq!(filed.live_and_ended(), (true, false));
        let void = Wanted { state: Some(State::Void), ..newest.clone() };
        assert_eq!(void.live_and_ended(), (false, true));
        let overdue = Wanted { due_before: Some(Timestamp::MAX), ..newest };
        assert_eq!(overdue.live_and_ended(), (true, false));
    }

    #[test]
    fn a_mark_of_one_order_is_refused_in_the_other() {
        let ask = |order, before: Option<i64>, after: Option<i64>, at: Option<&str>| {
            page(&ListTickets {
                order,
                before: before.map(TicketId),
                after: after.map(TicketId),
                after_at: at.map(str::to_owned),
                ..ListTickets::default()
            })
        };
        assert_eq!(ask(None, Some(7), None, None), Ok(Page::Newest(TicketId(7))));
        let at = "2026-03-01T08:30:00+08:00";
        let due = ask(Some(Order::DueFirst), None, Some(7), Some(at));
        assert!(matches!(due, Ok(Page::Due(Some((_, TicketId(7)))))));
        for refused in [
            ask(None, None, Some(7), Some(at)),
            ask(Some(Order::DueFirst), Some(7), None, None),
            ask(Some(Order::DueFirst), None, Some(7), None),
            ask(Some(Order::DueFirst), None, Some(7), Some("soon")),
        ] {
            assert_eq!(refused.expect_err("refused").kind, Kind::Invalid);
        }
    }
}
