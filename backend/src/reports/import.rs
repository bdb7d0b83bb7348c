//! `wangge reports import`: rows of a CSV file become reports; a second run adds nothing twice.
//!
//! Every row has a key: the one in the file, or the hash of its content and how many rows alike
//! came before it. The unique key is what makes a run that was killed and started again end
//! where an undisturbed one ends.

use super::handlers::check_text;
use super::store::{self, NewReport, Stored};
use crate::config::Config;
use crate::console::Console;
use crate::db::{Client, Db};
use crate::grids::answer;
use crate::grids::live::Live;
use crate::grids::locate::datum;
use crate::rows::{Reading, Rows, degrees, no_placeholder};
use anyhow::Context;
use domain::grids::Basis;
use domain::reports::{Channel, NewReports, TEXT_MAX_CHARS};
use domain::word::Word;
use domain::{Datum, Place};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde_json::json;
use sha2::{Digest, Sha256};
use spatial::Tolerances;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Rows in one statement.
const BATCH: usize = 1_000;

/// What can be done with reports.
#[derive(Debug, clap::Subcommand)]
pub enum Reports {
    /// Takes the rows of a CSV file in as reports. Bad rows go to a rejects file with the reason.
    Import(Import),
}

impl Reports {
    /// Does it.
    ///
    /// # Errors
    /// With a sentence for the person at the terminal.
    pub async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        match self {
            Self::Import(import) => import.run(config, console).await,
        }
    }
}

/// The file and the meaning of its columns.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The file; - for standard input.
    file: PathBuf,
    /// The column with the longitude in degrees.
    #[arg(long, value_name = "FIELD")]
    lon: String,
    /// The column with the latitude in degrees.
    #[arg(long, value_name = "FIELD")]
    lat: String,
    /// The column with the time it happened: RFC 3339, 2026-03-01 08:30[:00], 2026/3/1 8:30 or
    /// 03/01/2026 08:30:00 AM. Left out: the time of import.
    #[arg(long, value_name = "FIELD")]
    time: Option<String>,
    /// The time zone of times that do not say theirs.
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai", value_parser = time_zone)]
    time_zone: TimeZone,
    /// The column with the category.
    #[arg(long, value_name = "FIELD")]
    category: Option<String>,
    /// The column with the text.
    #[arg(long, value_name = "FIELD")]
    text: Option<String>,
    /// The column with the GPS accuracy in metres.
    #[arg(long, value_name = "FIELD")]
    accuracy: Option<String>,
    /// The column with a key that is different for every report of the channel. Left out: a key
    /// is derived from the row's content.
    #[arg(long, value_name = "FIELD")]
    key: Option<String>,
    /// Put before every key, so that two sources may use the same keys.
    #[arg(long, value_name = "NAME", requires = "key")]
    source: Option<String>,
    /// The channel the reports came through.
    #[arg(long, default_value = "import", value_parser = channel)]
    channel: Channel,
    /// The datum of the coordinates: wgs84, cgcs2000, gcj02 or bd09.
    #[arg(long, default_value = "wgs84", value_parser = datum)]
    datum: Datum,
    /// Where bad rows go. Left out: rejects/NAME.csv in the data folder.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| format!("未知时区 no such time zone: {name}"))
}

fn channel(code: &str) -> Result<Channel, String> {
    let known = || Channel::ALL.iter().map(|channel| channel.code()).collect::<Vec<_>>().join(", ");
    Channel::from_code(code).ok_or_else(|| format!("未知来源，可用 use one of: {}", known()))
}

/// Where the columns are.
struct Columns {
    lng: usize,
    lat: usize,
    time: Option<usize>,
    category: Option<usize>,
    text: Option<usize>,
    accuracy: Option<usize>,
    key: Option<usize>,
}

/// What came of the rows so far.
#[derive(Default)]
struct Tally {
    stored: u64,
    /// Of those stored, how many are not sensitive: maps hear of these.
    told: u64,
    already: u64,
    rejected: u64,
    basis: BTreeMap<&'static str, u64>,
}

impl Import {
    async fn run(self, config: &Config, console: Console) -> anyhow::Result<()> {
        let mut rows = Rows::open(&self.file)?;
        let columns = self.columns(&rows)?;
        let db = Db::open(config).await?;
        let client = db.client().await?;
        let live = Live::load(&client).await?;
        let mut rejects = Rejects::new(self.rejects_path(config));
        let mut alike: HashMap<[u8; 16], u64> = HashMap::new();
        let mut tally = Tally::default();
        tally.basis.extend(Basis::ALL.iter().map(|basis| (basis.code(), 0)));
        let mut batch: Vec<NewReport> = Vec::with_capacity(BATCH);
        let bar = console.progress(rows.bytes, "导入 Importing");
        let now = Timestamp::now();
        while let Some(row) = rows.read()? {
            let (fields, report) = match row {
                Reading::Bad(fields, why) => (fields, Err(why)),
                Reading::Row(fields) => {
                    let report = self.report(&fields, &columns, &live, now, &mut alike);
                    (fields, report)
                }
            };
            match report {
                Ok(report) => {
                    *tally.basis.entry(report.basis.code()).or_default() += 1;
                    batch.push(report);
                }
                Err(why) => {
                    tally.rejected += 1;
                    rejects.add(&rows.header, rows.read, &why, &fields)?;
                }
            }
            if batch.len() == BATCH {
                write(&client, &mut batch, &mut tally).await?;
                bar.set_position(rows.position());
            }
        }
        write(&client, &mut batch, &mut tally).await?;
        bar.finish_and_clear();
        let rejects = rejects.finish()?;
        tell(&client, tally.told).await?;
        self.answer(console, rows.read, &tally, rejects.as_deref())
    }

    fn answer(
        &self,
        console: Console,
        read: u64,
        tally: &Tally,
        rejects: Option<&Path>,
    ) -> anyhow::Result<()> {
        let Tally { stored, already, rejected, basis, .. } = tally;
        let object = json!({
            "read": read,
            "stored": stored,
            "already": already,
            "rejected": rejected,
            "basis": basis,
            "rejects": rejects,
        });
        let mut text = format!(
            "读入 read {read}，新存 stored {stored}，已有 already {already}，退回 rejected {rejected}"
        );
        for (code, count) in basis {
            text.push_str(&format!("\n  {count:>9}  {code}"));
        }
        if let Some(path) = rejects {
            let path = path.display();
            text.push_str(&format!("\n退回的行及原因 rejected rows and why: {path}"));
        }
        console.answer(&object, text)
    }

    fn columns(&self, rows: &Rows) -> anyhow::Result<Columns> {
        Ok(Columns {
            lng: rows.column(&self.lon)?,
            lat: rows.column(&self.lat)?,
            time: rows.optional(self.time.as_deref())?,
            category: rows.optional(self.category.as_deref())?,
            text: rows.optional(self.text.as_deref())?,
            accuracy: rows.optional(self.accuracy.as_deref())?,
            key: rows.optional(self.key.as_deref())?,
        })
    }

    fn rejects_path(&self, config: &Config) -> PathBuf {
        let name = self.file.file_stem().unwrap_or(self.file.as_os_str());
        let name = format!("{}.csv", name.to_string_lossy());
        self.rejects.clone().unwrap_or_else(|| config.data_dir.join("rejects").join(name))
    }

    /// The report of a row.
    ///
    /// # Errors
    /// Why the row cannot be used.
    fn report(
        &self,
        fields: &[String],
        columns: &Columns,
        live: &Live,
        now: Timestamp,
        alike: &mut HashMap<[u8; 16], u64>,
    ) -> Result<NewReport, String> {
        // Counted first: rows alike must get the same keys whether they are good or bad.
        let derived = derived_key(fields, alike);
        let field = |at: Option<usize>| at.map(|at| fields[at].trim()).filter(|f| !f.is_empty());
        let lng = degrees(&fields[columns.lng], &self.lon)?;
        let lat = degrees(&fields[columns.lat], &self.lat)?;
        no_placeholder(lng, lat)?;
        let at = answer::position(&Place { lng, lat, datum: self.datum }).map_err(told)?;
        let accuracy_m = match field(columns.accuracy) {
            None => None,
            Some(text) => {
                let metres = text.parse().map_err(|_| format!("精度不是数字 no number: {text}"))?;
                answer::accuracy(Some(metres)).map_err(told)?
            }
        };
        let happened_at = match (columns.time, field(columns.time)) {
            (None, _) => now,
            (Some(_), None) => return Err("时间为空 / the time is empty".to_owned()),
            (Some(_), Some(text)) => time(text, &self.time_zone)
                .ok_or_else(|| format!("时间无法识别：“{text}” / no time that can be read"))?,
        };
        let key = match (columns.key, field(columns.key)) {
            (None, _) => derived,
            (Some(_), None) => return Err("键为空 / the key is empty".to_owned()),
            (Some(_), Some(key)) => match &self.source {
                Some(source) => format!("{source}:{key}"),
                None => key.to_owned(),
            },
        };
        let text = field(columns.text).unwrap_or_default().to_owned();
        let category = field(columns.category).map(str::to_owned);
        check_text("text", &text, TEXT_MAX_CHARS).map_err(told)?;
        check_text("key", &key, 300).map_err(told)?;
        check_text("category", category.as_deref().unwrap_or_default(), 200).map_err(told)?;
        let found = live.locator.locate(at, &Tolerances::default());
        let cell = found.cell.and_then(|face| live.cell_of(face));
        Ok(NewReport {
            channel: self.channel,
            key: Some(key),
            category,
            text,
            happened_at,
            received_at: None,
            datum: self.datum,
            at,
            accuracy_m,
            edition: live.edition.id,
            cell: cell.map(|cell| cell.row.code.clone()),
            basis: answer::basis(found.basis),
            distance_m: cell.and(found.distance_m).map(answer::centimetres),
            sensitive: false,
            photos: Vec::new(),
            personal: Vec::new(),
        })
    }
}

fn told(refusal: domain::Refusal) -> String {
    refusal.to_string()
}

/// The hash of a row's fields and how many rows alike came before it.
fn derived_key(fields: &[String], alike: &mut HashMap<[u8; 16], u64>) -> String {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update(field.len().to_le_bytes());
        hasher.update(field.as_bytes());
    }
    let digest = hasher.finalize();
    let mut hash = [0u8; 16];
    hash.copy_from_slice(&digest[..16]);
    let count = alike.entry(hash).or_default();
    *count += 1;
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("row:{hex}#{count}")
}

/// Reads a time as files write it; `zone` holds where the text names none.
fn time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil = text.parse::<civil::DateTime>().ok().or_else(|| {
        const FORMATS: [&str; 6] = [
            "%Y/%m/%d %H:%M:%S",
            "%Y/%m/%d %H:%M",
            "%m/%d/%Y %I:%M:%S %p",
            "%m/%d/%Y %H:%M:%S",
            "%m/%d/%Y %H:%M",
            "%Y-%m-%d %H:%M",
        ];
        FORMATS.iter().find_map(|format| civil::DateTime::strptime(format, text).ok())
    })?;
    zone.to_timestamp(civil).ok()
}

async fn write(
    client: &Client,
    batch: &mut Vec<NewReport>,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let reports: Vec<&NewReport> = batch.iter().collect();
    let stored = store::add_reports(client, &reports).await.context(
        "the rows could not be stored; run the same import again, it goes on where it stopped / \
         写入失败，请重新执行同一导入，将从中断处继续",
    )?;
    let new = stored.iter().filter(|stored| matches!(stored, Stored::New(..))).count() as u64;
    let plain = stored.iter().filter(|stored| matches!(stored, Stored::New(_, false)));
    tally.stored += new;
    tally.told += plain.count() as u64;
    tally.already += stored.len() as u64 - new;
    batch.clear();
    Ok(())
}

/// Maps that are open hear that there is something new.
async fn tell(client: &Client, count: u64) -> anyhow::Result<()> {
    if count > 0 {
        let news = NewReports { count, reports: Vec::new() };
        let payload = format!("reports {}", serde_json::to_string(&news)?);
        client.execute(store::TELL, &[&payload]).await?;
    }
    Ok(())
}

/// The file of rejected rows, begun with the first of them.
struct Rejects {
    path: PathBuf,
    writer: Option<csv::Writer<File>>,
}

impl Rejects {
    fn new(path: PathBuf) -> Self {
        Self { path, writer: None }
    }

    fn add(
        &mut self,
        header: &[String],
        row: u64,
        why: &str,
        fields: &[String],
    ) -> anyhow::Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let path = self.path.display().to_string();
                let failed =
                    || format!("the rejects file {path} cannot be written: --rejects FILE");
                if let Some(folder) = self.path.parent() {
                    std::fs::create_dir_all(folder).with_context(failed)?;
                }
                let file = File::create(&self.path).with_context(failed)?;
                let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(file);
                let names = ["row", "reason"].into_iter();
                writer.write_record(names.chain(header.iter().map(String::as_str)))?;
                self.writer.insert(writer)
            }
        };
        let row = row.to_string();
        let fields = fields.iter().map(String::as_str);
        writer.write_record([row.as_str(), why].into_iter().chain(fields))?;
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Option<PathBuf>> {
        let Self { path, writer } = self;
        let Some(mut writer) = writer else { return Ok(None) };
        writer.flush()?;
        Ok(Some(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_files_write_them() {
        let shanghai = TimeZone::get("Asia/Shanghai").expect("the zone is bundled");
        for (text, expected) in [
            ("2026-03-01T08:30:00+08:00", Some("2026-03-01T00:30:00Z")),
            ("2026-03-01T00:30:00Z", Some("2026-03-01T00:30:00Z")),
            ("2026-03-01 08:30:00", Some("2026-03-01T00:30:00Z")),
            ("2026-03-01 08:30", Some("2026-03-01T00:30:00Z")),
            ("2026/3/1 8:30", Some("2026-03-01T00:30:00Z")),
            ("03/01/2026 08:30:00 AM", Some("2026-03-01T00:30:00Z")),
            ("12/31/2018 11:55:30 PM", Some("2018-12-31T15:55:30Z")),
            ("yesterday", None),
            ("2026-13-01 00:00:00", None),
        ] {
            let read = time(text, &shanghai).map(|time| time.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn rows_alike_have_different_keys_and_the_same_in_the_next_run() {
        let rows = [["a", "b"], ["ab", ""], ["a", "b"]].map(|row| row.map(str::to_owned));
        let keys = |mut alike| rows.each_ref().map(|row| derived_key(row, &mut alike));
        let first = keys(HashMap::new());
        assert_eq!(first, keys(HashMap::new()));
        assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 3);
        assert!(first[0].ends_with("#1") && first[2].ends_with("#2"));
    }
}
