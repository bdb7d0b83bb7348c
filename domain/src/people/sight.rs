//! How far a role sees: one table, read by every list, count and look of every noun.

use super::{Post, Role};
use crate::ids::UnitId;
use crate::words;

words! {
    /// How far somebody sees.
    Reach {
        All = "all", "全部", "everything";
        Own = "own", "本网格和本单位", "their own cells and unit";
        Nothing = "nothing", "无", "nothing";
    }
}

/// What a role sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sight {
    /// The role.
    pub role: Role,
    /// Of what is not sensitive. *Own*: what lies in the cells they are posted to, with all cells
    /// under those, and what their unit answers for or has handled.
    pub plain: Reach,
    /// Of what is sensitive (somebody at home alone, ill, in need). *Own*: only what their unit
    /// answers for or has handled; a post at the cell is not enough.
    pub sensitive: Reach,
}

const fn sees(role: Role, plain: Reach, sensitive: Reach) -> Sight {
    Sight { role, plain, sensitive }
}

/// The table, a line a role.
pub const SIGHT: &[Sight] = &[
    sees(Role::Dispatcher, Reach::All, Reach::All),
    sees(Role::ShiftLead, Reach::All, Reach::All),
    sees(Role::SubCentre, Reach::Own, Reach::Own),
    sees(Role::Planner, Reach::All, Reach::Nothing),
    sees(Role::Leader, Reach::Own, Reach::Own),
    sees(Role::Member, Reach::Own, Reach::Own),
    sees(Role::Adviser, Reach::Own, Reach::Own),
    sees(Role::Official, Reach::Own, Reach::Own),
    sees(Role::Inspector, Reach::All, Reach::Nothing),
    sees(Role::Management, Reach::All, Reach::Nothing),
    sees(Role::Administrator, Reach::All, Reach::Nothing),
];

impl Role {
    /// The line of [`SIGHT`] for this role.
    pub fn sight(self) -> Sight {
        let found = SIGHT.iter().find(|sight| sight.role == self);
        found.copied().unwrap_or(sees(self, Reach::Nothing, Reach::Nothing))
    }
}

/// What one person may see, in the terms a statement asks with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// Everything that is not sensitive, wherever it lies.
    pub all: bool,
    /// Everything that is sensitive, too.
    pub all_sensitive: bool,
    /// The unit whose business they see; `None` for those who see what is not sensitive anyway
    /// and of the rest nothing.
    pub sensitive_of: Option<UnitId>,
    /// Their unit.
    pub unit: UnitId,
    /// Codes of the cells they are posted to, of level 1, 2 and 3.
    pub cells: [Vec<String>; 3],
}

impl Scope {
    /// Of somebody with this role, in this unit, with these posts.
    pub fn of(role: Role, unit: UnitId, posts: &[Post]) -> Self {
        let Sight { plain, sensitive, .. } = role.sight();
        let on = |level: u8| {
            let here = posts.iter().filter(|post| post.level == level && plain == Reach::Own);
            here.map(|post| post.cell.clone()).collect()
        };
        Self {
            all: plain == Reach::All,
            all_sensitive: sensitive == Reach::All,
            sensitive_of: (sensitive == Reach::Own).then_some(unit),
            unit,
            cells: [on(1), on(2), on(3)],
        }
    }

    /// Of the service itself: nothing is hidden.
    pub const fn everything() -> Self {
        Self {
            all: true,
            all_sensitive: true,
            sensitive_of: None,
            unit: UnitId(0),
            cells: [Vec::new(), Vec::new(), Vec::new()],
        }
    }

    /// Codes of the cells of this level they are posted to.
    pub fn on_level(&self, level: u8) -> &[String] {
        self.cells.get(usize::from(level).wrapping_sub(1)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::Word;

    #[test]
    fn every_role_has_one_line_of_sight() {
        let lines: Vec<Role> = SIGHT.iter().map(|sight| sight.role).collect();
        assert_eq!(lines, Role::ALL);
    }

    #[test]
    fn whoever_only_counts_plans_or_administers_sees_nothing_sensitive() {
        let desk = [Role::Dispatcher, Role::ShiftLead];
        for sight in SIGHT {
            let expected = match (sight.plain, desk.contains(&sight.role)) {
                (_, true) => Reach::All,
                (Reach::Own, _) => Reach::Own,
                _ => Reach::Nothing,
            };
            assert_eq!(sight.sensitive, expected, "{}", sight.role);
        }
    }

    #[test]
    fn a_scope_holds_posts_by_level_and_none_for_whoever_sees_all() {
        let post = |level, cell: &str| Post { level, cell: cell.to_owned(), role: Role::Leader };
        let posts = [post(3, "a"), post(2, "P"), post(3, "b")];
        let leader = Scope::of(Role::Leader, UnitId(7), &posts);
        assert_eq!(leader.on_level(3), ["a", "b"]);
        assert_eq!((leader.on_level(2), leader.on_level(1)), (&["P".to_owned()][..], &[][..]));
        assert_eq!((leader.all, leader.sensitive_of), (false, Some(UnitId(7))));
        let planner = Scope::of(Role::Planner, UnitId(7), &posts);
        assert_eq!((planner.all, planner.sensitive_of), (true, None));
        assert_eq!(planner.on_level(3), [""; 0]);
    }
}
