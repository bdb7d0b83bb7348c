//! `wangge tickets export`: tickets in a file, read row by row, however many there are.

use super::Filters;
use super::store::{Exported, exported, to_export};
use super::table::{COLUMNS, MARK, row};
use crate::console::Console;
use crate::db::Client;
use anyhow::{Context, bail};
use domain::clocks::moment;
use domain::ids::TicketId;
use domain::tickets::{ListTickets, Ticket};
use futures::{StreamExt, pin_mut};
use indicatif::ProgressBar;
use jiff::{Timestamp, civil};
use serde_json::json;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Which tickets, into which file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  wangge tickets export march.csv --from 2026-03-01 --to 2026-04-01
  wangge tickets export overdue.ndjson --overdue --cell 320506001 --json
  wangge tickets export - --format ndjson | jq -r .state | sort | uniq -c")]
pub struct Export {
    /// The file, replaced if it is there; - for standard output.
    file: PathBuf,
    #[command(flatten)]
    filters: Filters,
    /// Only those opened at this time or later: 2026-03-01 (from its beginning in China), or
    /// 2026-03-01T08:30:00+08:00.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Timestamp>,
    /// Only those opened before this time. A whole March is --from 2026-03-01 --to 2026-04-01.
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Timestamp>,
    /// How it is written, whatever the name of the file says.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Format {
    /// A table, in UTF-8 with a mark that tells spreadsheets so.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

fn time(text: &str) -> Result<Timestamp, String> {
    let day = || moment(text.parse::<civil::Date>().ok()?.into());
    text.parse().ok().or_else(day).ok_or_else(|| {
        "请写作 2026-03-01 或 2026-03-01T08:30:00+08:00 / write it like these two".to_owned()
    })
}

impl Export {
    pub(super) async fn run(self, mut db: Client, console: Console) -> anyhow::Result<()> {
        let format = self.format()?;
        let to_output = self.file.as_os_str() == "-";
        if to_output && console.is_json() {
            bail!("--json needs a FILE for the tickets / 使用 --json 时请指定结果文件");
        }
        let with_sensitive = self.filters.with_sensitive;
        let level = self.filters.level(&db).await?;
        let all = ListTickets::default();
        let wanted = self.filters.clone().wanted(all, i64::MAX, level, Timestamp::now())?;
        let wanted = Exported { wanted, with_sensitive, from: self.from, to: self.to };
        // One look at the database: the count, and the tickets counted.
        let transaction = db.build_transaction().read_only(true);
        let level = tokio_postgres::IsolationLevel::RepeatableRead;
        let transaction = transaction.isolation_level(level).start().await?;
        let (count, left_out) = to_export(&*transaction, &wanted).await?;
        let bar = console.progress(Some(count), "导出 Exporting");
        let tickets = exported(&*transaction, &wanted).await?;
        if to_output {
            let out = Out::new(format, Box::new(std::io::stdout().lock()))?;
            drain(tickets, out, &bar).await?;
        } else {
            let file = beside(&self.file)?;
            let out = Out::new(format, Box::new(file.reopen()?))?;
            drain(tickets, out, &bar).await?;
            file.as_file().sync_all()?;
            file.persist(&self.file).with_context(|| unwritable(&self.file))?;
        }
        bar.finish_and_clear();
        self.answer(console, to_output, count, left_out)
    }

    fn format(&self) -> anyhow::Result<Format> {
        let ending = self.file.extension().and_then(|ending| ending.to_str());
        let by_name = match ending.map(str::to_lowercase).as_deref() {
            Some("csv") => Some(Format::Csv),
            Some("ndjson" | "jsonl") => Some(Format::Ndjson),
            _ => None,
        };
        self.format.or(by_name).context(
            "name the file .csv or .ndjson, or give --format / 请将文件命名为 .csv 或 .ndjson，\
             或用 --format 指定格式",
        )
    }

    fn answer(
        &self,
        console: Console,
        to_output: bool,
        exported: u64,
        left_out: u64,
    ) -> anyhow::Result<()> {
        if left_out > 0 {
            console.say(format_args!(
                "未导出敏感案件 {left_out} 件，如需导出请加 --with-sensitive / {left_out} \
                 sensitive tickets were left out; --with-sensitive brings them in"
            ));
        }
        if to_output {
            return Ok(());
        }
        let file = self.file.display().to_string();
        let object = json!({ "file": file, "exported": exported, "left_out": left_out });
        console.answer(&object, format_args!("已导出 exported {exported}: {file}"))
    }
}

/// A file beside the one meant, to be put in its place when it is whole.
fn beside(file: &Path) -> anyhow::Result<NamedTempFile> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    NamedTempFile::new_in(folder).with_context(|| unwritable(file))
}

fn unwritable(file: &Path) -> String {
    let name = file.display();
    format!("{name} cannot be written / 无法写入 {name}")
}

/// Where tickets go.
enum Out {
    Csv(Box<csv::Writer<BufWriter<Box<dyn Write>>>>),
    Ndjson(BufWriter<Box<dyn Write>>),
}

impl Out {
    fn new(format: Format, to: Box<dyn Write>) -> anyhow::Result<Self> {
        let mut to = BufWriter::with_capacity(1 << 16, to);
        Ok(match format {
            Format::Ndjson => Self::Ndjson(to),
            Format::Csv => {
                to.write_all(MARK)?;
                let mut table = csv::Writer::from_writer(to);
                table.write_record(COLUMNS)?;
                Self::Csv(Box::new(table))
            }
        })
    }

    fn write(&mut self, ticket: &Ticket) -> anyhow::Result<()> {
        match self {
            Self::Csv(table) => table.write_record(row(ticket))?,
            Self::Ndjson(lines) => {
                serde_json::to_writer(&mut *lines, ticket)?;
                lines.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(table) => table.into_inner().map_err(|error| error.into_error())?.flush()?,
            Self::Ndjson(mut lines) => lines.flush()?,
        }
        Ok(())
    }
}

/// Writes tickets as they come; the database sends no faster than they are written.
async fn drain(
    tickets: impl futures::Stream<Item = Result<Ticket, tokio_postgres::Error>>,
    mut out: Out,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    pin_mut!(tickets);
    let mut last = TicketId(0);
    while let Some(ticket) = tickets.next().await {
        let ticket = ticket.with_context(|| format!("reading stopped after ticket {last}"))?;
        last = ticket.id;
        out.write(&ticket)?;
        bar.inc(1);
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_day_begins_in_china() {
        let read = |text: &str| time(text).ok().map(|at| at.to_string());
        assert_eq!(read("2026-03-01").as_deref(), Some("2026-02-28T16:00:00Z"));
        assert_eq!(read("2026-03-01T08:30:00+08:00").as_deref(), Some("2026-03-01T00:30:00Z"));
        assert_eq!(read("March"), None);
    }
}
