//! `wangge locate`: who answers for a place, or for every row of a CSV file.

use super::live::Live;
use super::{answer, many};
use crate::config::Config;
use crate::console::Console;
use crate::db::Db;
use crate::rows::{Reading, Rows, degrees};
use anyhow::{Context, bail};
use domain::grids::{Basis, Located, LocatedRow};
use domain::word::Word;
use domain::{Datum, Place};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Says who answers for a place and why; with --csv for every row of a file.
#[derive(Debug, clap::Args)]
#[command(allow_negative_numbers = true)]
pub struct Locate {
    /// Longitude in degrees.
    #[arg(value_name = "LON", required_unless_present = "csv", requires = "latitude")]
    #[arg(conflicts_with = "csv")]
    longitude: Option<f64>,
    /// Latitude in degrees.
    #[arg(value_name = "LAT")]
    latitude: Option<f64>,
    /// The datum of the coordinates: wgs84, cgcs2000, gcj02 or bd09.
    #[arg(long, default_value = "wgs84", value_parser = datum)]
    datum: Datum,
    /// GPS accuracy radius in metres: lists the cells the place may be in.
    #[arg(long, value_name = "METRES", conflicts_with = "csv")]
    accuracy: Option<f64>,
    /// A CSV file (- for standard input) whose rows come back with cell, basis and distance_m
    /// appended; rows without a usable place come back with these empty.
    #[arg(long, value_name = "FILE", requires = "lon", requires = "lat")]
    csv: Option<PathBuf>,
    /// The column with the longitude.
    #[arg(long, value_name = "FIELD")]
    lon: Option<String>,
    /// The column with the latitude.
    #[arg(long, value_name = "FIELD")]
    lat: Option<String>,
    /// Where the rows go; standard output if left out.
    #[arg(long, value_name = "FILE", requires = "csv")]
    output: Option<PathBuf>,
}

/// Reads a datum from the command line.
///
/// # Errors
/// With the words there are.
pub fn datum(code: &str) -> Result<Datum, String> {
    Datum::from_code(&code.to_lowercase()).ok_or_else(|| many::unknown_datum(code).to_string())
}

impl Locate {
    /// Does it.
    ///
    /// # Errors
    /// With a sentence for the person at the terminal.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let db = Db::open(config).await?;
        let live = Live::load(&*db.client().await?).await?;
        if let Some(csv) = self.csv.clone() {
            return tokio::task::spawn_blocking(move || self.rows(&csv, &live, console)).await?;
        }
        let (Some(lng), Some(lat)) = (self.longitude, self.latitude) else {
            bail!("give longitude and latitude / 请给出经度和纬度");
        };
        let at = answer::position(&Place { lng, lat, datum: self.datum })?;
        let accuracy_m = answer::accuracy(self.accuracy)?;
        let located = answer::located(&live, at, accuracy_m);
        console.answer(&located, sentence(&located))
    }

    fn rows(self, csv: &std::path::Path, live: &Live, console: Console) -> anyhow::Result<()> {
        if console.is_json() && self.output.is_none() {
            bail!(
                "--json needs --output FILE for the rows / 使用 --json 时请用 --output 指定结果文件"
            );
        }
        let mut rows = Rows::open(csv)?;
        let (lon, lat) =
            (self.lon.as_deref().unwrap_or_default(), self.lat.as_deref().unwrap_or_default());
        let (lng_at, lat_at) = (rows.column(lon)?, rows.column(lat)?);
        let out: Box<dyn Write> = match &self.output {
            None => Box::new(std::io::stdout().lock()),
            Some(path) => Box::new(
                std::fs::File::create(path)
                    .with_context(|| format!("{} cannot be written", path.display()))?,
            ),
        };
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let appended = ["cell", "basis", "distance_m"];
        out.write_record(rows.header.iter().map(String::as_str).chain(appended))?;
        let bar = console.progress(rows.bytes, "定位 Locating");
        let mut counts: BTreeMap<&str, u64> = Basis::ALL.iter().map(|b| (b.code(), 0)).collect();
        let mut rejected = 0u64;
        while let Some(row) = rows.read()? {
            let (mut fields, located) = match row {
                Reading::Bad(fields, why) => (fields, Err(why)),
                Reading::Row(fields) => {
                    let place = degrees(&fields[lng_at], lon)
                        .and_then(|lng| Ok((lng, degrees(&fields[lat_at], lat)?)));
                    let located = place.and_then(|(lng, lat)| {
                        let place = Place { lng, lat, datum: self.datum };
                        let at = answer::position(&place).map_err(|r| r.to_string())?;
                        Ok(many::row(live, at))
                    });
                    (fields, located)
                }
            };
            fields.resize(rows.header.len(), String::new());
            match located {
                Ok(LocatedRow { cell, basis, distance_m }) => {
                    *counts.entry(basis.code()).or_default() += 1;
                    fields.push(cell.unwrap_or_default());
                    fields.push(basis.code().to_owned());
                    fields.push(distance_m.map(|m| m.to_string()).unwrap_or_default());
                }
                Err(why) => {
                    rejected += 1;
                    console.say(format_args!("row {}: {why}", rows.read));
                    fields.extend([const { String::new() }; 3]);
                }
            }
            out.write_record(&fields)?;
            if rows.read.is_multiple_of(4_096) {
                bar.set_position(rows.position());
            }
        }
        out.flush()?;
        drop(out);
        bar.finish_and_clear();
        let summary = json!({ "read": rows.read, "rejected": rejected, "basis": counts });
        match console.is_json() {
            true => console.answer(&summary, ""),
            false => {
                console.say(format_args!("{} rows, {rejected} without a usable place", rows.read));
                Ok(())
            }
        }
    }
}

fn sentence(located: &Located) -> String {
    let cell = located.cell.as_deref().unwrap_or("-");
    let mut lines = vec![format!("{} {cell}", located.name)];
    lines.push(format!("{} / {}", located.basis.zh(), located.basis.en()));
    if let Some(metres) = located.distance_m {
        lines.push(format!("距边界 to the border: {metres} m"));
    }
    if let Some(other) = &located.neighbour {
        lines.push(format!(
            "邻近 next door: {} {} ({} m)",
            other.name, other.cell, other.distance_m
        ));
    }
    for share in &located.shares {
        lines.push(format!("  {:>5.1} % {} {}", share.share * 100.0, share.name, share.cell));
    }
    for contact in located.contacts.iter() {
        lines.push(format!("联系 call: {} {} {}", contact.role.zh(), contact.name, contact.unit));
    }
    lines.join("\n")
}
