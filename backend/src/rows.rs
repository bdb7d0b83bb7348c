//! Rows of a CSV file as text: header, columns by name, bad rows told apart from good ones.
//!
//! Text is UTF-8, or GBK as spreadsheets in China save it: the first field that is not ASCII
//! decides for the whole file. Commas and quotes never are part of a GBK character.

use anyhow::{Context, bail};
use csv::ByteRecord;
use encoding_rs::GB18030;
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
    /// How it writes what is not ASCII, once that is known.
    encoding: Option<Encoding>,
}

/// How a file writes what is not ASCII.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Gbk,
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
        let mut encoding = None;
        let header = reader.byte_headers().with_context(|| format!("{name} cannot be read"))?;
        let header = header.iter().map(|field| text(field, &mut encoding));
        let header = header.collect::<Option<Vec<String>>>().with_context(|| {
            format!("{name} has no header in UTF-8 or GBK / {name} 的表头不是 UTF-8 或 GBK")
        })?;
        if header.iter().all(String::is_empty) {
            bail!("{name} has no header line / {name} 没有表头");
        }
        Ok(Self { reader, header, read: 0, bytes, encoding })
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
    pub fn read(&mut self) -> anyhow::Result<Option<Reading>> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).context("the rows cannot be read on")? {
            return Ok(None);
        }
        self.read += 1;
        let lossy = || record.iter().map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        let encoding = &mut self.encoding;
        let fields: Option<Vec<String>> =
            record.iter().map(|field| text(field, encoding)).collect();
        let columns = self.header.len();
        Ok(Some(match fields {
            Some(fields) if fields.len() == columns => Reading::Row(fields),
            Some(fields) => {
                let found = fields.len();
                let why = format!(
                    "应有 {columns} 列，实有 {found} 列 / {columns} fields expected, {found} found"
                );
                Reading::Bad(fields, why)
            }
            None => {
                let encoding = if self.encoding == Some(Encoding::Gbk) { "GBK" } else { "UTF-8" };
                Reading::Bad(lossy(), format!("不是 {encoding} 文字 / not text in {encoding}"))
            }
        }))
    }

    /// How far into the file the reading has come, in bytes.
    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }
}

/// A field as text; the first that is not ASCII decides the encoding.
fn text(field: &[u8], encoding: &mut Option<Encoding>) -> Option<String> {
    let utf8 = || std::str::from_utf8(field).ok().map(str::to_owned);
    if field.is_ascii() {
        return utf8();
    }
    let gbk = || {
        let text = GB18030.decode_without_bom_handling_and_without_replacement(field);
        text.map(|text| text.into_owned())
    };
    let is_gbk = || utf8().is_none() && gbk().is_some();
    match encoding.get_or_insert_with(|| if is_gbk() { Encoding::Gbk } else { Encoding::Utf8 }) {
        Encoding::Utf8 => utf8(),
        Encoding::Gbk => gbk(),
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

/// Refuses the coordinates that programs write when they have none.
///
/// # Errors
/// A sentence that says so.
pub fn no_placeholder(lng: f64, lat: f64) -> Result<(), String> {
    match lng == 0.0 && lat == 0.0 {
        true => Err("坐标是占位的 0, 0 / the coordinates are a placeholder: 0, 0".to_owned()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// The header and what becomes of each row.
    fn read(bytes: &[u8]) -> (Vec<String>, Vec<Result<Vec<String>, String>>) {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(bytes).expect("written");
        let mut rows = Rows::open(file.path()).expect("a header");
        let mut read = Vec::new();
        while let Some(row) = rows.read().expect("a file can be read") {
            read.push(match row {
                Reading::Row(fields) => Ok(fields),
                Reading::Bad(_, why) => Err(why),
            });
        }
        (rows.header, read)
    }

    #[test]
    fn a_file_in_gbk_reads_as_the_same_in_utf_8() {
        let text = "编号,地点\r\n1,\"山塘街,北\"\r\n2,乔玉里丂\r\n";
        let expected = read(text.as_bytes());
        assert_eq!(expected.1[0], Ok(vec!["1".to_owned(), "山塘街,北".to_owned()]));
        assert_eq!(read(&GB18030.encode(text).0), expected);
        let with_mark = format!("\u{feff}{text}");
        assert_eq!(read(with_mark.as_bytes()), expected);
    }

    #[test]
    fn a_row_in_another_encoding_than_the_file_is_bad_and_the_rest_is_kept() {
        let mut bytes = "编号,地点\n1,街\n2,".as_bytes().to_vec();
        bytes.extend(GB18030.encode("街").0.iter());
        bytes.extend("\n3,巷\n4\n".as_bytes());
        let (_, rows) = read(&bytes);
        assert_eq!(rows.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true, false]);
        assert!(rows[1].as_ref().is_err_and(|why| why.contains("not text in UTF-8")));
        assert!(rows[3].as_ref().is_err_and(|why| why.contains("2 fields expected, 1 found")));
    }

    #[test]
    fn nothing_and_words_are_no_coordinates_and_neither_is_nought_nought() {
        assert_eq!(degrees(" 120.5 ", "lon"), Ok(120.5));
        assert!(degrees("", "lon").is_err_and(|why| why.contains("lon is empty")));
        assert!(degrees("east", "lon").is_err_and(|why| why.contains("is no number")));
        assert!(no_placeholder(0.0, -0.0).is_err());
        assert_eq!(no_placeholder(0.0, 51.5), Ok(()));
    }
}
