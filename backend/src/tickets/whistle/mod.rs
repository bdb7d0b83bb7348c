//! Whistle and check-in: who was called, what the meeting settled, which tasks are done.

pub mod decide;
pub mod store;

use crate::call::Asked;
use crate::refuse::Refused;
use domain::tickets::{ListStagePlans, StagePlan, stage_plans};

/// Answers the ways to stage the work that are shipped with the program.
pub async fn list_stage_plans(_: Asked, _: ListStagePlans) -> Result<Vec<StagePlan>, Refused> {
    Ok(stage_plans().map_err(anyhow::Error::new)?)
}
