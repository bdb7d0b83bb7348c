//! What becomes of a plan: its cells by level, its stages from a template, and the way to its
//! tickets.

use crate::grids::{self, live::Live};
use crate::tickets::timing::Timing;
use domain::clocks::Clock;
use domain::tickets::StagePlan;
use domain::tickets::campaigns::{CampaignPlan, CampaignStage, Targets};
use domain::{Kind, Refusal};
use jiff::Timestamp;

/// A checked plan, its cells sorted by level.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The plan.
    pub plan: CampaignPlan,
    /// Codes of its cells of level 1, 2 and 3.
    pub cells: [Vec<String>; 3],
}

/// Checks a plan and finds its cells in the edition in force.
///
/// # Errors
/// Invalid, naming the field; missing, for a code no cell has.
pub fn placed(mut plan: CampaignPlan, live: &Live) -> Result<Placed, Refusal> {
    plan.check()?;
    let stages = plan.stages.iter_mut().flat_map(|s| [&mut s.begins_at, &mut s.ends_at]);
    for time in [&mut plan.begins_at, &mut plan.ends_at].into_iter().chain(stages) {
        *time = as_kept(*time);
    }
    let mut cells = [const { Vec::new() }; 3];
    for code in &plan.cells {
        let cell = live.cell_with_code(code);
        let level = cell.ok_or_else(|| grids::no_cell(code).at("plan.cells"))?.row.level;
        cells[usize::from(level) - 1].push(code.clone());
    }
    Ok(Placed { plan, cells })
}

/// A time as the database keeps it, to the microsecond: what is on record is what holds.
fn as_kept(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// The plan with stages: its own, or those of a shipped plan of stages. Each of these lasts until
/// its longest task is due, counted from the beginning; the last lasts until the end. Those that
/// would begin at the end or later are left out.
///
/// # Errors
/// Invalid: there is no such plan of stages, or both were given.
pub fn staged(
    plan: CampaignPlan,
    code: Option<&str>,
    shipped: &[StagePlan],
    timing: &Timing,
) -> Result<CampaignPlan, Refusal> {
    let Some(code) = code else { return Ok(plan) };
    let template = shipped.iter().find(|shipped| shipped.code == code);
    let Some(template) = template.filter(|_| plan.stages.is_empty()) else {
        let known = shipped.iter().map(|shipped| shipped.code.as_str()).collect::<Vec<_>>();
        let known = known.join(", ");
        return Err(Refusal::new(
            Kind::Invalid,
            format!("阶段模板须是 {known} 之一，且不能同时另列阶段。"),
            format!("Stages are taken from {known}, and not when the plan names some itself."),
        )
        .at("stages_of"));
    };
    let (mut stages, mut begins_at) = (Vec::new(), plan.begins_at);
    for (number, stage) in (1..).zip(&template.stages) {
        let mut ends_at = begins_at;
        for task in &stage.tasks {
            let marks = timing.marks(&Clock::new(plan.begins_at, task.limit))?;
            ends_at = ends_at.max(marks.due_at);
        }
        let last = number == template.stages.len();
        let ends_at = if last { plan.ends_at } else { ends_at.min(plan.ends_at) };
        if begins_at < ends_at {
            let (name, targets) = (stage.name.zh.clone(), Targets::default());
            stages.push(CampaignStage { name, begins_at, ends_at, targets });
        }
        begins_at = ends_at;
    }
    Ok(CampaignPlan { stages, ..plan })
}

/// The index that leads to the tickets of a campaign with cells of level 1, 2 and 3 (migration
/// 0008): of cells and communities there are few, of a whole street it is the categories.
pub fn way(cells: &[Vec<String>; 3]) -> &'static str {
    if cells[0].is_empty() { "cells" } else { "categories" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::UnitId;
    use domain::tickets::stage_plans;

    fn plan(ends: &str) -> CampaignPlan {
        CampaignPlan {
            name: "消防".to_owned(),
            goal: String::new(),
            unit: UnitId(1),
            begins_at: "2026-03-02T00:00:00+08:00".parse().expect("a time"),
            ends_at: ends.parse().expect("a time"),
            cells: vec!["S".to_owned()],
            categories: vec!["1602".to_owned()],
            targets: Targets::default(),
            stages: vec![],
        }
    }

    #[test]
    fn stages_from_a_template_follow_each_other_by_the_working_calendar_to_the_end() {
        let timing = Timing::shipped().expect("the files are lawful");
        let shipped = stage_plans().expect("the plans are lawful");
        let staged = |ends| staged(plan(ends), Some("three_stages"), &shipped, &timing);
        let plan = staged("2026-06-01T00:00:00+08:00").expect("staged");
        plan.check().expect("lawful");
        let names: Vec<&str> = plan.stages.iter().map(|stage| stage.name.as_str()).collect();
        assert_eq!(names, ["摸清底数", "先期整改", "集中整治"]);
        // Five working days from Monday 2 March: Friday at closing time; then twenty.
        let ends: Vec<String> = plan.stages.iter().map(|stage| stage.ends_at.to_string()).collect();
        assert_eq!(ends[..2], ["2026-03-06T10:00:00Z", "2026-03-27T10:00:00Z"]);
        assert_eq!(plan.stages[2].ends_at, plan.ends_at);
        let short = staged("2026-03-10T00:00:00+08:00").expect("staged");
        short.check().expect("lawful");
        assert_eq!(short.stages.len(), 2, "there is no time for a third");
    }

    #[test]
    fn stages_come_from_one_place_and_a_template_that_is_there() {
        let timing = Timing::shipped().expect("the files are lawful");
        let shipped = stage_plans().expect("the plans are lawful");
        let plan = plan("2026-06-01T00:00:00+08:00");
        let none = staged(plan.clone(), Some("four_stages"), &shipped, &timing);
        assert_eq!(none.expect_err("unknown").field.as_deref(), Some("stages_of"));
        let own = staged(plan, Some("one_stage"), &shipped, &timing).expect("staged");
        assert!(staged(own, Some("one_stage"), &shipped, &timing).is_err(), "it has stages");
    }
}
