//! A report that comes in opens its ticket in the same transaction: nothing acknowledged is
//! without a responsible unit and a running deadline.

use super::store::{self, Opened};
use super::timing::Timing;
use crate::grids::live::LiveGrid;
use crate::reports::intake::Beside;
use crate::reports::store::NewReport;
use anyhow::Context;
use deadpool_postgres::Transaction;
use domain::clocks::Stage;
use domain::ids::ReportId;
use jiff::Timestamp;
use std::sync::Arc;

/// Opens tickets beside the intake of reports.
pub struct Opening {
    /// Knows the cells above a cell.
    pub live: Arc<LiveGrid>,
    /// Calendar and limits.
    pub timing: Arc<Timing>,
}

impl Beside for Opening {
    async fn write(
        &self,
        transaction: &Transaction<'_>,
        stored: &[(&NewReport, ReportId)],
    ) -> anyhow::Result<()> {
        let now = Timestamp::now();
        let opened = stored.iter().map(|(report, id)| self.opened(report, *id, now));
        let opened = opened.collect::<anyhow::Result<Vec<Opened>>>()?;
        let statement = transaction.prepare_cached(store::OPEN).await?;
        Ok(store::open(&**transaction, &statement, &opened, now).await?)
    }
}

impl Opening {
    fn opened(&self, new: &NewReport, report: ReportId, now: Timestamp) -> anyhow::Result<Opened> {
        let live = self.live.now();
        let cell = new.cell.as_deref().and_then(|code| live.cell_with_code(code));
        let above = |level: u8| {
            let mut above = cell?.above.iter().map(|&at| &live.cells[at].row);
            above.find(|row| row.level == level).map(|row| row.code.clone())
        };
        let clock = self.timing.start(Stage::Verify, new.category.as_deref(), false, now);
        let marks = self.timing.marks(&clock).context("the limit of verification")?;
        Ok(Opened { report, community: above(2), street: above(1), clock, marks })
    }
}
