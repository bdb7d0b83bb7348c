//! `wangge demo`: the demo district, as files or in the database.

use super::district::{self, District, REPORTS, SEED, UNTIL};
use super::files;
use crate::config::Config;
use crate::console::Console;
use jiff::civil::Date;
use serde_json::json;
use std::path::PathBuf;

/// Makes the demo district: a synthetic town to look at and to try things on. Never run it where
/// real reports are kept.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Writes the district as files into this folder instead: cells.geojson, jurisdiction.geojson,
    /// basemap.geojson, staff.json, reports.csv, known.json.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,

    /// The last day of the year of reports.
    #[arg(long, value_name = "DATE", default_value_t = UNTIL)]
    until: Date,

    /// How many reports the year has.
    #[arg(long, value_name = "NUMBER", default_value_t = REPORTS)]
    reports: usize,
}

impl Demo {
    /// Makes the district.
    ///
    /// # Errors
    /// With a sentence, when the files cannot be written.
    pub async fn run(self, _config: &Config, console: Console) -> anyhow::Result<()> {
        let district = district::make(SEED, self.until, self.reports);
        let Some(folder) = self.write else {
            anyhow::bail!("请指定 --write DIR / say where to write the files: --write DIR");
        };
        let files = files::write(&district, &folder)?;
        let counts = counts(&district);
        let text = format!("已写入 {}：{}", folder.display(), files.join(", "));
        console.answer(&json!({ "folder": folder, "files": files, "counts": counts }), text)
    }
}

fn counts(district: &District) -> serde_json::Value {
    json!({
        "communities": district.communities.len(),
        "cells": district.cells.len(),
        "strips": district.blanks.len(),
        "people": district.staff.people.len(),
        "reports": district.reports.len(),
    })
}
