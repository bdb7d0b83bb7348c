//! Rows of a CSV file as text: header, columns by name, bad rows told apart from good ones.

use anyhow::{Context, bail};
use csv::ByteRecord;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

/// A CSV file that is being read.
pub struct Rows {
    reader: csv::Reader<Box<dyn Read + Send>>,
    /// The names of the columns.
    pub header: Vec<String>,
    /// Rows read so far; the header is none.
    pub read: u64,
    /// Bytes of the file; `None` for standard input.
    pub bytes: Option<u64>,
}

/// A row as read.
pub enum Reading {
    /// Its fields, as many as the header has.
    Row(Vec<String>),
    /// It cannot be used: what there is of it, and why.
    Bad(Vec<String>, String),
}

impl Rows {
    /// Opens a file, or standard input for `-`. A byte order mark is skipped.
    ///
    /// # Errors
    /// With a sentence, when it cannot be opened or has no header.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let mut bytes = None;
        let mut input: Box<dyn BufRead + Send> = if path.as_os_str() == "-" {
            Box::new(BufReader::new(std::io::stdin()))
        } else {
            let mut file = File::open(path)
                .with_context(|| format!("{name} cannot be opened / 无法打开 {name}"))?;
            bytes = file.metadata().ok().map(|about| about.len());
            file.rewind().ok();
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        let start = input.fill_buf().with_context(|| format!("{name} cannot be read"))?;
        if start.starts_with(b"\xef\xbb\xbf") {
            input.consume(3);
        }
        let input: Box<dyn Read + Send> = Box::new(input);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let header = reader
            .headers()
            .with_context(|| format!("{name} has no header in UTF-8 / {name} 的表头不是 UTF-8"))?
            .iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        if header.iter().all(String::is_empty) {
            bail!("{name} has no header line / {name} 没有表头");
        }
        Ok(Self { reader, header, read: 0, bytes })
    }

    /// Where the column of this name is.
    ///
    /// # Errors
    /// With the names there are.
    pub fn column(&self, name: &str) -> anyhow::Result<usize> {
        self.header.iter().position(|column| column == name).with_context(|| {
            let there = self.header.join(", ");
            format!(
                "there is no column “{name}”; the file has: {there} / 没有“{name}”这一列，\
                 现有：{there}"
            )
        })
    }

    /// The same for a column that may be left out.
    ///
    /// # Errors
    /// With the names there are.
    pub fn optional(&self, name: Option<&str>) -> anyhow::Result<Option<usize>> {
        name.map(|name| self.column(name)).transpose()
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn next(&mut self) -> anyhow::Result<Option<Reading>> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).context("the rows cannot be read on")? {
            return Ok(None);
        }
        self.read += 1;
        let lossy = || record.iter().map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        let text: Result<Vec<String>, _> =
            record.iter().map(|field| std::str::from_utf8(field).map(str::to_owned)).collect();
        let columns = self.header.len();
        Ok(Some(match text {
            Ok(fields) if fields.len() == columns => Reading::Row(fields),
            Ok(fields) => {
                let found = fields.len();
                let why = format!(
                    "应有 {columns} 列，实有 {found} 列 / {columns} fields expected, {found} found"
                );
                Reading::Bad(fields, why)
            }
            Err(_) => Reading::Bad(lossy(), "不是 UTF-8 文字 / not text in UTF-8".to_owned()),
        }))
    }

    /// How far into the file the reading has come, in bytes.
    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }
}

/// Reads a coordinate figure in degrees.
///
/// # Errors
/// A sentence that names the column.
pub fn degrees(text: &str, column: &str) -> Result<f64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{column} 为空 / {column} is empty"));
    }
    text.parse().map_err(|_| format!("{column} 不是数字：“{text}” / {column} is no number"))
}
