//! A report that comes in opens its ticket in the same statement: nothing acknowledged is without a
//! responsible unit and a running deadline.

use super::store::{self, Opened};
use super::timing::Timing;
use crate::db::Client;
use crate::grids::live::{Live, LiveGrid};
use crate::reports::intake::Storing;
use crate::reports::store::{NewReport, Stored};
use anyhow::{Context, bail};
use deadpool_postgres::{GenericClient, Transaction};
use domain::clocks::Stage;
use domain::ids::ReportId;
use jiff::Timestamp;
use std::sync::Arc;

/// Opens tickets with the reports that come in.
pub struct Opening {
    /// Knows the cells above a cell.
    pub live: Arc<LiveGrid>,
    /// Calendar and limits.
    pub timing: Arc<Timing>,
}

impl Storing for Opening {
    async fn store(&self, client: &Client, reports: &[&NewReport]) -> anyhow::Result<Vec<Stored>> {
        self.write(client, reports).await
    }

    async fn store_within(
        &self,
        transaction: &Transaction<'_>,
        reports: &[&NewReport],
    ) -> anyhow::Result<Vec<Stored>> {
        self.write(transaction, reports).await
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
        match self.write(transaction, &[new]).await?[..] {
            [Stored::New(report, sensitive)] => Ok((report, sensitive)),
            _ => bail!("a report without a key is always a new one"),
        }
    }

    async fn write(
        &self,
        db: &impl GenericClient,
        reports: &[&NewReport],
    ) -> anyhow::Result<Vec<Stored>> {
        let now = Timestamp::now();
        let opened = reports.iter().map(|report| self.opened(report, now));
        let opened = opened.collect::<anyhow::Result<Vec<Opened>>>()?;
        Ok(store::take_in(db, reports, &opened, now).await?)
    }

    fn opened(&self, new: &NewReport, now: Timestamp) -> anyhow::Result<Opened> {
        let [community, street] = above(&self.live.now(), new.cell.as_deref());
        let clock = self.timing.start(Stage::Verify, new.category.as_deref(), false, now);
        let marks = self.timing.marks(&clock).context("the limit of verification")?;
        Ok(Opened { community, street, clock, marks })
    }
}
