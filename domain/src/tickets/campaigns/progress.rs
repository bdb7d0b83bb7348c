//! How far a campaign has come: what was counted, what was to be reached, and whether it is.

use super::refuse;
use crate::refusal::Refusal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is to be reached; `None`: nothing was set.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// How many places are to be looked at in each level-3 cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_per_cell: Option<u32>,
    /// How many tickets are to be closed in each level-3 cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_per_cell: Option<u32>,
    /// How many percent of what should be closed are to be closed in time, 1 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time_percent: Option<u8>,
}

/// What was counted. Tickets not filed, void or merged into others are left out: there was nothing
/// to do, or it counts elsewhere.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Progress {
    /// Places looked at: the same name in the same cell is one place.
    pub places: i64,
    /// Tickets opened.
    pub opened: i64,
    /// Of all that were opened by now: closed.
    pub closed: i64,
    /// Of those: no deadline before was missed.
    pub in_time: i64,
    /// Open, their deadline passed.
    pub overdue: i64,
}

/// How a count stands to its target.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Measured {
    /// What was to be reached.
    pub target: i64,
    /// What was.
    pub reached: i64,
    /// Whether that is enough.
    pub met: bool,
}

impl Measured {
    fn of(target: Option<i64>, reached: i64) -> Option<Self> {
        target.map(|target| Self { target, reached, met: reached >= target })
    }
}

/// What a stage has come to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StageProgress {
    /// Its number, from 1.
    pub number: i16,
    /// What it is called.
    pub name: String,
    /// From when on.
    pub begins_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// What was looked at, opened and closed while it lasted; overdue: of what was opened then.
    pub progress: Progress,
    /// Against its targets.
    pub targets: TargetsMeasured,
}

/// What a cell has come to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CellProgress {
    /// The level-3 cell.
    pub cell: String,
    /// Its name.
    pub name: String,
    /// What was counted in it.
    pub progress: Progress,
    /// Against the campaign's targets.
    pub targets: TargetsMeasured,
}

/// Counts against targets; `None` where nothing was set.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct TargetsMeasured {
    /// Places looked at.
    pub places: Option<Measured>,
    /// Tickets closed.
    pub closed: Option<Measured>,
    /// Percent closed in time of what should be closed, rounded down.
    pub in_time_percent: Option<Measured>,
}

impl Progress {
    /// Percent in time of what should be closed, rounded down: what was closed, and what is still
    /// open though its deadline has passed. `None` while nothing should be.
    pub fn in_time_percent(&self) -> Option<i64> {
        let should = self.closed + self.overdue;
        (should > 0).then(|| self.in_time * 100 / should)
    }
}

impl Targets {
    pub(super) fn check(&self, field: &str) -> Result<(), Refusal> {
        let none = |count: Option<u32>| count == Some(0);
        let percent = self.in_time_percent.is_none_or(|percent| (1..=100).contains(&percent));
        if none(self.places_per_cell) || none(self.closed_per_cell) || !percent {
            return refuse(
                field,
                "目标数须至少为 1，按期结案率目标须为 1 到 100；不设目标请省略。",
                "A target is at least 1, a share in time 1 to 100 percent; leave out what is not \
                 to be a target.",
            );
        }
        Ok(())
    }

    /// Counts of so many level-3 cells against these targets. Nothing that should have been closed
    /// was late when there was nothing: the share in time is met then.
    pub fn measure(&self, progress: &Progress, cells: usize) -> TargetsMeasured {
        let cells = i64::try_from(cells).unwrap_or(i64::MAX);
        let all = |each: Option<u32>| each.map(|each| i64::from(each).saturating_mul(cells));
        let percent = progress.in_time_percent().unwrap_or(100);
        TargetsMeasured {
            places: Measured::of(all(self.places_per_cell), progress.places),
            closed: Measured::of(all(self.closed_per_cell), progress.closed),
            in_time_percent: Measured::of(self.in_time_percent.map(i64::from), percent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_and_overdue_drags_the_share_in_time_down() {
        // 737 in time of 972 that should be closed (workflow.md): 75.82 percent.
        let progress = Progress { places: 0, opened: 980, closed: 911, in_time: 737, overdue: 61 };
        assert_eq!(progress.in_time_percent(), Some(75));
        assert_eq!(Progress::default().in_time_percent(), None);
    }

    #[test]
    fn targets_are_of_each_cell_and_met_by_all_of_them_together() {
        let targets =
            Targets { places_per_cell: Some(3), closed_per_cell: None, in_time_percent: Some(90) };
        let progress = Progress { places: 6, opened: 4, closed: 4, in_time: 3, overdue: 0 };
        let measured = targets.measure(&progress, 2);
        assert_eq!(measured.places, Some(Measured { target: 6, reached: 6, met: true }));
        assert_eq!(measured.closed, None);
        let percent = Measured { target: 90, reached: 75, met: false };
        assert_eq!(measured.in_time_percent, Some(percent));
        assert!(targets.measure(&progress, 3).places.is_some_and(|places| !places.met));
        let nothing = targets.measure(&Progress::default(), 1).in_time_percent;
        assert!(nothing.is_some_and(|percent| percent.met), "nothing was late");
    }
}
