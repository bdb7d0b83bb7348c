//! A report that comes in opens its ticket in the same transaction: nothing acknowledged is
//! without a responsible unit and a running deadline.

use super::store::{self, Opened};
use super::timing::Timing;
use crate::grids::live::{Live, LiveGrid};
use crate::reports::intake::Beside;
use crate::reports::store::{self as reports, NewReport, Stored};
use anyhow::{Context, bail};
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

/// The codes of the community and of the street above a level-3 cell.
pub fn above(live: &Live, cell: Option<&str>) -> [Option<String>; 2] {
    let cell = cell.and_then(|code| live.cell_with_code(code));
    let on = |level: u8| {
        let mut above = cell?.above.iter().map(|&at| &live.cells[at].row);
        above.find(|row| row.level == level).map(|row| row.code.clone())
    };
    [on(2), on(1)]
}

impl Opening {
    /// Takes in a report that comes of an act of ours, with its ticket, in the transaction of that
    /// act: both or neither. It has no key. Answers its number, and whether it is sensitive.
    ///
    /// # Errors
    /// Of the database; then nothing of the transaction may be kept.
    pub async fn take_in(
        &self,
        transaction: &Transaction<'_>,
        new: &NewReport,
    ) -> anyhow::Result<(ReportId, bool)> {
        let statement = transaction.prepare_cached(reports::ADD_REPORTS).await?;
        let stored = reports::add_reports(&**transaction, &statement, &[new]).await?;
        let [Stored::New(report, sensitive)] = stored[..] else {
            bail!("a report without a key is always a new one");
        };
        self.write(transaction, &[(new, report)]).await?;
        Ok((report, sensitive))
    }

    fn opened(&self, new: &NewReport, report: ReportId, now: Timestamp) -> anyhow::Result<Opened> {
        let [community, street] = above(&self.live.now(), new.cell.as_deref());
        let clock = self.timing.start(Stage::Verify, new.category.as_deref(), false, now);
        let marks = self.timing.marks(&clock).context("the limit of verification")?;
        Ok(Opened { report, community, street, clock, marks })
    }
}
