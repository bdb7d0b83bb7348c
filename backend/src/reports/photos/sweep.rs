//! Deletes photos that no report and no step named in time.

use super::Photos;
use super::store;
use crate::app::App;
use crate::background::{Trouble, until_closing};
use crate::db::Db;
use jiff::{Timestamp, ToSpan};
use std::sync::Arc;
use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_secs(600);
/// How many are seen to after one look.
const BATCH: i64 = 100;
/// Longer than a report that was found to name a waiting photo can be on its way, in minutes.
const GRACE_MINUTES: i64 = 10;

/// Sweeps until the server closes.
pub fn start(app: &App) {
    let sweeper = Sweeper::new(app.db.clone(), app.photos.clone());
    tokio::spawn(until_closing(app.clone(), sweep(sweeper)));
}

async fn sweep(sweeper: Sweeper) {
    let mut trouble = Trouble::none();
    loop {
        match sweeper.pass(Timestamp::now()).await {
            Ok(deleted) => {
                trouble.over("photos that nobody named are deleted");
                if deleted > 0 {
                    tracing::info!(photos.deleted = deleted, "photos that nobody named");
                }
                tokio::time::sleep(LOOK).await;
            }
            Err(error) => trouble.wait_out(&error, "photos nobody named cannot be deleted").await,
        }
    }
}

/// Who sweeps.
pub struct Sweeper {
    db: Db,
    photos: Arc<Photos>,
}

impl Sweeper {
    /// Over a database and its store.
    pub fn new(db: Db, photos: Arc<Photos>) -> Self {
        Self { db, photos }
    }

    /// Deletes what had expired by `now`; how many photos.
    ///
    /// # Errors
    /// When the database or the store does not answer; what was deleted before stays so.
    pub async fn pass(&self, now: Timestamp) -> anyhow::Result<usize> {
        let grace = GRACE_MINUTES.minutes();
        let before = store::waits_since(now).saturating_sub(grace).unwrap_or(Timestamp::MIN);
        let (mut client, mut deleted) = (self.db.client().await?, 0);
        loop {
            let expired = store::expired(&client, before, BATCH).await?;
            for (photo, object) in &expired {
                let transaction = client.transaction().await?;
                // Whoever sends the same picture now waits, and puts it there again after us.
                store::lock(&transaction, object).await?;
                let forgotten = store::forget(&transaction, photo).await?;
                if forgotten && !store::has_object(&transaction, object).await? {
                    self.photos.shelf.delete(object).await?;
                }
                transaction.commit().await?;
                deleted += usize::from(forgotten);
            }
            if expired.is_empty() {
                return Ok(deleted);
            }
        }
    }
}
