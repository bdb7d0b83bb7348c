//! dBASE tables beside Shapefiles: a row of attributes for each shape.
//!
//! Written here rather than taken from the `dbase` crate because counts in a damaged header
//! must never be believed: that crate reserves memory for as many rows as the header claims.

use super::unpack::cannot_read;
use domain::refusal::{Kind, Refusal};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use serde_json::{Map, Number, Value};
use std::io::Read;

/// A column.
struct Column {
    name: String,
    kind: u8,
    length: usize,
}

/// A table that is being read.
pub(super) struct Table<R> {
    input: R,
    columns: Vec<Column>,
    row: Vec<u8>,
    encoding: Option<&'static Encoding>,
}

impl<R: Read> Table<R> {
    /// Reads the header. `stated` is what a `.cpg` file says of the encoding.
    pub(super) fn open(mut input: R, stated: Option<&str>) -> Result<Self, Refusal> {
        let mut head = [0; 32];
        input.read_exact(&mut head).map_err(|e| cannot_read(&e))?;
        let length = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let row = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let mut fields = vec![0; length.saturating_sub(32)];
        input.read_exact(&mut fields).map_err(|e| cannot_read(&e))?;
        let encoding = stated.and_then(named).or_else(|| by_language(head[29]));
        let mut columns = Vec::new();
        let mut used = 1;
        for field in fields.chunks_exact(32).take_while(|field| field[0] != 0x0d) {
            let end = field[..11].iter().position(|&b| b == 0).unwrap_or(11);
            let name = decode(&field[..end], encoding);
            let length = usize::from(field[16]);
            used += length;
            columns.push(Column { name: name.trim().to_owned(), kind: field[11], length });
        }
        if row == 0 || used > row {
            return Err(Refusal::new(
                Kind::Invalid,
                "zip 中的 .dbf 表头有误，请重新导出 Shapefile。",
                "The .dbf in the zip has a damaged header: export the Shapefile again.",
            ));
        }
        Ok(Self { input, columns, row: vec![0; row], encoding })
    }

    /// The next row; `None` when there are no more.
    pub(super) fn next(&mut self) -> Result<Option<Row>, Refusal> {
        let mut got = 0;
        while got < self.row.len() {
            let more = self.input.read(&mut self.row[got..]).map_err(|e| cannot_read(&e))?;
            if more == 0 {
                return Ok(None);
            }
            got += more;
        }
        let mut properties = Map::new();
        let mut at = 1;
        for column in &self.columns {
            let bytes = &self.row[at..at + column.length];
            at += column.length;
            let value = value(column.kind, bytes, self.encoding);
            properties.entry(column.name.clone()).or_insert(value);
        }
        Ok(Some(Row { deleted: self.row[0] == b'*', properties }))
    }
}

/// A row of attributes.
pub(super) struct Row {
    /// Whether it was marked as deleted; its shape then is as well.
    pub(super) deleted: bool,
    pub(super) properties: Map<String, Value>,
}

/// A field's value: numbers, dates as `YYYY-MM-DD`, truth, text without its padding.
fn value(kind: u8, bytes: &[u8], encoding: Option<&'static Encoding>) -> Value {
    let ascii = || std::str::from_utf8(bytes).unwrap_or_default().trim_matches([' ', '\0']);
    match kind {
        b'N' | b'F' => number(ascii()).map_or(Value::Null, Value::Number),
        b'L' => match bytes.first() {
            Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
            Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
            _ => Value::Null,
        },
        b'D' => match ascii() {
            date if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) => {
                Value::String(format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]))
            }
            _ => Value::Null,
        },
        b'I' | b'+' => match <[u8; 4]>::try_from(bytes) {
            Ok(bytes) => Value::from(i32::from_le_bytes(bytes)),
            Err(_) => Value::Null,
        },
        b'O' => match <[u8; 8]>::try_from(bytes) {
            Ok(bytes) => {
                Number::from_f64(f64::from_le_bytes(bytes)).map_or(Value::Null, Value::Number)
            }
            Err(_) => Value::Null,
        },
        b'M' | b'B' | b'G' | b'P' => Value::Null, // kept in a file of its own, not read
        _ => Value::String(decode(bytes, encoding).trim_matches([' ', '\0']).to_owned()),
    }
}

fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    text.parse().ok().and_then(Number::from_f64)
}

/// Text in the encoding stated; where none is, or it does not fit, UTF-8 if it is that and
/// GB 18030 (which holds GBK and GB 2312) otherwise.
fn decode(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
    let padded = bytes.iter().rposition(|b| !matches!(b, b' ' | 0)).map_or(0, |last| last + 1);
    let bytes = &bytes[..padded];
    if let Some(encoding) = encoding.filter(|e| *e != UTF_8)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return text.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // cut off in the middle of a character, because the field was full
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()
        }
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The encoding a `.cpg` file names: a label, or a Windows code page with or without a prefix.
fn named(stated: &str) -> Option<&'static Encoding> {
    let stated = stated.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    let number = stated.trim_start_matches(|c: char| !c.is_ascii_digit());
    match number {
        "936" | "54936" => Some(GB18030),
        "950" => Some(BIG5),
        "65001" => Some(UTF_8),
        "88591" | "88591 latin1" => Encoding::for_label(b"iso-8859-1"),
        page if stated.starts_with("ansi") || stated.starts_with("cp") || page == stated => {
            Encoding::for_label(format!("windows-{page}").as_bytes())
        }
        _ => Encoding::for_label(stated.as_bytes()),
    }
}

/// The encoding the header's language byte names (the table of dBASE for Windows).
fn by_language(byte: u8) -> Option<&'static Encoding> {
    match byte {
        0x4d | 0x7a => Some(GB18030),
        0x4f | 0x78 => Some(BIG5),
        0x03 | 0x58 | 0x59 => Encoding::for_label(b"windows-1252"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encodings_are_known_by_the_names_in_use() {
        for (name, expected) in [
            ("UTF-8", UTF_8),
            ("\u{feff}utf-8\r\n", UTF_8),
            ("GBK", encoding_rs::GBK),
            ("CP936", GB18030),
            ("ANSI 936", GB18030),
            ("936", GB18030),
            ("GB2312", encoding_rs::GBK),
            ("Big5", BIG5),
            ("ANSI 1252", encoding_rs::WINDOWS_1252),
            ("ISO-8859-1", encoding_rs::WINDOWS_1252),
        ] {
            assert_eq!(named(name).map(Encoding::name), Some(expected.name()), "{name}");
        }
        assert_eq!(named("nonsense"), None);
    }

    #[test]
    fn text_is_decoded_as_stated_or_as_it_is() {
        let gbk = GB18030.encode("苏州市").0;
        assert_eq!(decode(&gbk, Some(GB18030)), "苏州市");
        assert_eq!(decode(&gbk, Some(UTF_8)), "苏州市");
        assert_eq!(decode(&gbk, None), "苏州市");
        assert_eq!(decode("苏州市  ".as_bytes(), None), "苏州市");
        assert_eq!(decode(&"苏州市".as_bytes()[..8], Some(UTF_8)), "苏州");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_refused(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            if let Ok(mut table) = Table::open(bytes.as_slice(), None) {
                while let Ok(Some(_)) = table.next() {}
            }
        }
    }
}
