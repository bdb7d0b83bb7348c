//! Campaigns (专项): a drive over cells and categories for a time, with targets and stages.
//!
//! A ticket belongs to a campaign by rule: it was opened in the span, is of one of the categories,
//! and lay under one of the cells when it was opened. That is looked up, never written, so intake
//! knows nothing of campaigns and a changed plan holds for what was opened before as well. What the
//! rule gets wrong people put right by hand, and that stays on record.
//!
//! A place that was looked at and found in order is no report: nothing is owed and no clock runs.
//! It is kept as an inspection and counts for what was to be looked at (story 5: first the facts
//! are established, shop by shop). What is not in order opens an ordinary report.

mod calls;
mod progress;

pub use calls::{
    CHOICE_MAX_CHARS, Campaign, CampaignEvent, ChangeCampaign, Choice, ChooseTicket, EndCampaign,
    Found, Inspect, Inspected, Inspection, KEEPERS, ListCampaignCells, ListCampaignTickets,
    ListCampaigns, ListChoices, ListInspections, MakeCampaign, PLACE_MAX_CHARS, ShowCampaign,
    ShownCampaign,
};
pub use progress::{CellProgress, Measured, Progress, StageProgress, Targets, TargetsMeasured};

use crate::ids::UnitId;
use crate::people::Role;
use crate::refusal::{Kind, Refusal};
use crate::words;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest name of a campaign or of a stage, in characters.
pub const NAME_MAX_CHARS: usize = 100;
/// The longest statement of what it is for, in characters.
pub const GOAL_MAX_CHARS: usize = 4_000;
/// The most cells it names; each stands for all cells under it.
pub const CELLS_MAX: usize = 200;
/// The most categories it names: a drive is about something.
pub const CATEGORIES_MAX: usize = 20;
/// The longest category code, in characters.
const CATEGORY_MAX_CHARS: usize = 20;
/// The most stages.
pub const STAGES_MAX: usize = 10;
/// The longest span, in days.
pub const SPAN_MAX_DAYS: i64 = 1_100;

words! {
    /// What happens to a campaign itself.
    Change {
        Make = "make", "设立", "make";
        Change = "change", "调整", "change";
        End = "end", "结束", "end";
    }
}

/// What a campaign is to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignPlan {
    /// What it is called; no other campaign is called so.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub goal: String,
    /// The responsible unit.
    pub unit: UnitId,
    /// From when on.
    pub begins_at: Timestamp,
    /// Until when; that moment is outside.
    pub ends_at: Timestamp,
    /// Codes of cells of any level, each with all cells under it.
    pub cells: Vec<String>,
    /// Codes of categories.
    pub categories: Vec<String>,
    /// What is to be reached in all of it.
    #[serde(default)]
    pub targets: Targets,
    /// Its stages, in order and apart; there may be none.
    #[serde(default)]
    pub stages: Vec<CampaignStage>,
}

/// A stage of a campaign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignStage {
    /// What it is called.
    pub name: String,
    /// From when on.
    pub begins_at: Timestamp,
    /// Until when; that moment is the next one's.
    pub ends_at: Timestamp,
    /// What is to be reached while it lasts.
    #[serde(default)]
    pub targets: Targets,
}

impl CampaignPlan {
    /// Checks what can be checked without knowing cells and units.
    ///
    /// # Errors
    /// Invalid, naming the field.
    pub fn check(&self) -> Result<(), Refusal> {
        text("plan.name", &self.name, NAME_MAX_CHARS, true)?;
        text("plan.goal", &self.goal, GOAL_MAX_CHARS, false)?;
        let (begins, ends) = (self.begins_at, self.ends_at);
        let span = ends.duration_since(begins);
        if begins >= ends || span > SignedDuration::from_hours(SPAN_MAX_DAYS * 24) {
            return refuse(
                "plan.ends_at",
                format!("专项须在开始之后结束，且不超过 {SPAN_MAX_DAYS} 天。"),
                format!("It ends after it begins and lasts at most {SPAN_MAX_DAYS} days."),
            );
        }
        list("plan.cells", &self.cells, CELLS_MAX, "网格", "cells")?;
        list("plan.categories", &self.categories, CATEGORIES_MAX, "类别", "categories")?;
        for category in &self.categories {
            text("plan.categories", category, CATEGORY_MAX_CHARS, true)?;
        }
        self.targets.check("plan.targets")?;
        self.check_stages()
    }

    fn check_stages(&self) -> Result<(), Refusal> {
        let field = "plan.stages";
        if self.stages.len() > STAGES_MAX {
            return refuse(
                field,
                format!("一个专项最多 {STAGES_MAX} 个阶段。"),
                format!("A campaign has at most {STAGES_MAX} stages."),
            );
        }
        let mut free_from = self.begins_at;
        for CampaignStage { name, begins_at, ends_at, targets } in &self.stages {
            text(field, name, NAME_MAX_CHARS, true)?;
            targets.check(field)?;
            if *begins_at < free_from || begins_at >= ends_at || *ends_at > self.ends_at {
                return refuse(
                    field,
                    format!("阶段“{name}”须在专项时段之内，在前一阶段之后，且先开始后结束。"),
                    format!(
                        "The stage “{name}” must lie within the campaign, after the stage before, \
                         and end after it begins."
                    ),
                );
            }
            free_from = *ends_at;
        }
        Ok(())
    }
}

/// Whether somebody may put tickets into a campaign by hand and take them out: the centre's
/// dispatchers and shift leads, management, and the unit that answers for the campaign.
///
/// # Errors
/// Forbidden.
pub fn may_choose(role: Role, unit: UnitId, responsible: UnitId) -> Result<(), Refusal> {
    let desk = [Role::Dispatcher, Role::ShiftLead, Role::Management].contains(&role);
    if desk || unit == responsible {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Forbidden,
        "增减专项案件由联动中心、管理层或专项责任单位办理。",
        "Tickets are put in and taken out by the centre, management or the campaign's own unit.",
    ))
}

/// Whether places are looked at now for a campaign with this span.
///
/// # Errors
/// Invalid, saying since or from when.
pub fn runs((begins_at, until): (Timestamp, Timestamp), now: Timestamp) -> Result<(), Refusal> {
    if (begins_at..until).contains(&now) {
        return Ok(());
    }
    refuse(
        "campaign",
        format!("专项自 {begins_at} 起，至 {until} 止，现不在时段内，不能登记检查。"),
        format!("It runs from {begins_at} until {until}: nothing is inspected for it now."),
    )
}

fn refuse<T>(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(Kind::Invalid, zh, en).at(field))
}

fn text(field: &str, text: &str, max: usize, needed: bool) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if chars > max || text.contains('\0') || (needed && text.trim().is_empty()) {
        return refuse(
            field,
            format!("此处最多 {max} 个字，不能含空字符，名称和类别必须填写，现有 {chars} 个字。"),
            format!(
                "Here are at most {max} characters, no NUL among them, and names and categories \
                 must be filled in; there are {chars}."
            ),
        );
    }
    Ok(())
}

fn list(field: &str, of: &[String], max: usize, zh: &str, en: &str) -> Result<(), Refusal> {
    let distinct = of.iter().collect::<BTreeSet<_>>().len();
    if of.is_empty() || of.len() > max || distinct < of.len() {
        return refuse(
            field,
            format!("专项须写明 1 到 {max} 个{zh}，不得重复。"),
            format!("A campaign names 1 to {max} {en}, each once."),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(hours * 3_600).expect("a time")
    }

    fn stage(name: &str, begins: i64, ends: i64) -> CampaignStage {
        let (begins_at, ends_at, targets) = (at(begins), at(ends), Targets::default());
        CampaignStage { name: name.to_owned(), begins_at, ends_at, targets }
    }

    fn plan() -> CampaignPlan {
        CampaignPlan {
            name: "消防专项".to_owned(),
            goal: String::new(),
            unit: UnitId(1),
            begins_at: at(0),
            ends_at: at(100),
            cells: vec!["S".to_owned()],
            categories: vec!["1602".to_owned()],
            targets: Targets::default(),
            stages: vec![stage("摸清底数", 0, 30), stage("集中整治", 50, 100)],
        }
    }

    #[test]
    fn a_plan_is_refused_by_the_field_at_fault() {
        plan().check().expect("lawful");
        let none = Targets { places_per_cell: Some(0), ..Targets::default() };
        let many = Targets { in_time_percent: Some(101), ..Targets::default() };
        for (plan, field) in [
            (CampaignPlan { name: " ".to_owned(), ..plan() }, "plan.name"),
            (CampaignPlan { ends_at: at(0), ..plan() }, "plan.ends_at"),
            (CampaignPlan { ends_at: at(24 * 1_101), ..plan() }, "plan.ends_at"),
            (CampaignPlan { cells: vec![], ..plan() }, "plan.cells"),
            (CampaignPlan { cells: vec!["S".to_owned(); 2], ..plan() }, "plan.cells"),
            (CampaignPlan { categories: vec![], ..plan() }, "plan.categories"),
            (CampaignPlan { categories: vec![String::new()], ..plan() }, "plan.categories"),
            (CampaignPlan { targets: none, ..plan() }, "plan.targets"),
            (CampaignPlan { targets: many, ..plan() }, "plan.targets"),
            (CampaignPlan { stages: vec![stage("a", 0, 101)], ..plan() }, "plan.stages"),
            (CampaignPlan { stages: vec![stage("a", 5, 5)], ..plan() }, "plan.stages"),
            (
                CampaignPlan { stages: vec![stage("a", 0, 6), stage("b", 5, 9)], ..plan() },
                "plan.stages",
            ),
            (CampaignPlan { stages: vec![stage("", 0, 6)], ..plan() }, "plan.stages"),
        ] {
            let refused = plan.check().expect_err(field);
            assert_eq!((refused.kind, refused.field.as_deref()), (Kind::Invalid, Some(field)));
        }
    }

    #[test]
    fn places_are_inspected_while_it_runs_and_its_unit_may_choose() {
        assert!(runs((at(1), at(3)), at(1)).is_ok() && runs((at(1), at(3)), at(2)).is_ok());
        assert!(runs((at(1), at(3)), at(0)).is_err() && runs((at(1), at(3)), at(3)).is_err());
        assert!(may_choose(Role::Adviser, UnitId(7), UnitId(7)).is_ok());
        assert!(may_choose(Role::Adviser, UnitId(7), UnitId(8)).is_err());
        assert!(may_choose(Role::Dispatcher, UnitId(7), UnitId(8)).is_ok());
    }
}
