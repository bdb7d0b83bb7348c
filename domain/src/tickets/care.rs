//! Care visits (关爱探访): households that are visited on a schedule, and what was found.
//!
//! A visit that falls due is a ticket like any other, opened by the service: it has the unit of the
//! household's cell and a running deadline from the first moment, is overdue like any ticket, and
//! goes up to the next level when nobody made it in time. Everything about a household is
//! sensitive: who lives alone behind which door is for the unit that visits, and for the desk.

mod calls;
mod schedule;

pub use calls::{
    AddHousehold, ChangeHousehold, Details, DueVisit, EndCare, Help, Household, HouseholdEvent,
    ListDueVisits, ListHouseholds, ListVisits, RecordVisit, ShowHousehold, ShownHousehold, Try,
    Visit,
};
pub use schedule::{DaysOff, Rhythm, Schedule, Weekday};

use crate::people::Role;
use crate::refusal::{Kind, Refusal};
use crate::words;

/// The category of visits.
pub const VISIT_CATEGORY: &str = "1696";
/// The category of help that is needed, where nothing else is said.
pub const HELP_CATEGORY: &str = "1606";
/// Who cares for households: the desk, and leaders and members of the unit that visits.
pub const CARERS: &[Role] = &[Role::Dispatcher, Role::ShiftLead, Role::Leader, Role::Member];
/// How long names and notes are kept when the care has ended, in days. Visits without them stay.
pub const DETAILS_KEPT_DAYS: i64 = 365;
/// The longest name, telephone number or reason, in characters.
pub const WORD_MAX_CHARS: usize = 200;
/// The longest note, in characters.
pub const NOTE_MAX_CHARS: usize = 1_000;

words! {
    /// Why a household is cared for.
    CareKind {
        LivingAlone = "living_alone", "独居老人", "an old person living alone";
        EmptyNest = "empty_nest", "空巢老人", "old people without children near";
        Dementia = "dementia", "失智老人", "a person with dementia";
        Disabled = "disabled", "残疾人", "a disabled person";
        Illness = "illness", "重病户", "somebody gravely ill";
        Hardship = "hardship", "困难家庭", "a household in hardship";
        Child = "child", "困境儿童", "a child in need";
        Isolation = "isolation", "居家隔离", "home isolation";
    }
}

words! {
    /// Why a household is not visited any more.
    EndReason {
        MovedAway = "moved_away", "搬离", "moved away";
        Deceased = "deceased", "去世", "died";
        InCare = "in_care", "入住机构", "went into a home";
        NoNeed = "no_need", "不再需要", "no longer in need";
        Declined = "declined", "本人不愿意", "did not wish it";
    }
}

words! {
    /// What became of a visit.
    VisitResult {
        Met = "met", "见到本人，情况正常", "met, all well";
        NeedsHelp = "needs_help", "需要帮助，已上报", "needs help, reported";
        NotHome = "not_home", "未遇", "not at home";
        Ended = "ended", "关爱终止", "the care ended";
        Skipped = "skipped", "系统停运期间未安排", "not made: the service was down";
    }
}

impl VisitResult {
    /// Whether a person may record it.
    ///
    /// # Errors
    /// Invalid: it is for the service to say.
    pub fn recordable(self) -> Result<(), Refusal> {
        match self {
            Self::Met | Self::NeedsHelp | Self::NotHome => Ok(()),
            Self::Ended | Self::Skipped => Err(Refusal::new(
                Kind::Invalid,
                "探访结果须为“见到本人”“需要帮助”或“未遇”之一。",
                "The result of a visit is met, needs_help or not_home.",
            )
            .at("result")),
        }
    }

    /// Whether the visit is over with it; who was not at home is visited again.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::NotHome)
    }
}

words! {
    /// What happens to a household in our records.
    HouseholdChange {
        Add = "add", "登记", "add";
        Change = "change", "变更", "change";
        Move = "move", "迁址", "move";
        Rehome = "rehome", "网格调整", "another cell by a new edition";
        End = "end", "终止", "end";
    }
}
