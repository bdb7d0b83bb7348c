//! `wangge migrate`: brings the database up to date and says what that took.

use crate::config::Config;
use crate::console::Console;
use crate::db::{Db, migrate};
use serde_json::json;

/// Brings the database up to date; every other verb does so too before it works.
#[derive(Debug, clap::Args)]
pub struct Migrate {}

impl Migrate {
    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// With a sentence, as [`migrate::migrate`].
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let db = Db::connect(config).await?;
        let applied = migrate::migrate(&mut *db.client().await?, migrate::MIGRATIONS).await?;
        let names: Vec<String> =
            applied.iter().map(|m| format!("{:04}_{}", m.number, m.name)).collect();
        let newest = migrate::MIGRATIONS.last().map_or(0, |m| m.number);
        let text = match names.as_slice() {
            [] => "数据库已是最新。The database is up to date.".to_owned(),
            names => format!("已应用 Applied: {}", names.join(", ")),
        };
        console.answer(&json!({ "applied": names, "newest": newest }), text)
    }
}
