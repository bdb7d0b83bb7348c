//! GeoJSON (RFC 7946): one document, one a line, or behind record separators (RFC 8142).
//!
//! The text is walked twice: once to learn its layout and the reference system it names, which
//! may stand behind the features, and once to hand the features over. The first walk only
//! counts brackets. A document cut short is refused, since half a city is worse than none;
//! a line or a feature that cannot be read is a row problem.

use super::crs;
use super::geometry;
use super::scan::{End, Scanner};
use super::shape::Shaper;
use super::{Format, Options, Row, Summary};
use domain::refusal::{Both, Kind, Refusal};
use serde_json::Value;
use spatial::datum::Datum;
use spatial::projection::Crs;
use std::io::BufRead;

/// A text from its beginning.
pub(super) type Text<'a> = Box<dyn BufRead + 'a>;

/// Reads the text that `open` gives from its beginning each time it is called.
pub(super) fn read<'a>(
    open: &mut dyn FnMut() -> Result<Text<'a>, Refusal>,
    options: &Options,
    sink: &mut dyn FnMut(Row),
) -> Result<Summary, Refusal> {
    let survey = match survey(Scanner::new(open()?))? {
        Surveyed::Found(survey) => survey,
        Surveyed::Broken(refusal) => match second_line_is_a_document(open()?, options)? {
            true => Survey { layout: Layout::Records(b'\n'), crs: None, trailing: false },
            false => return Err(refusal),
        },
    };
    let crs = match (options.crs, &survey.crs) {
        (Some(stated), _) => stated,
        (None, Some(member)) => named_crs(member)?,
        (None, None) => Crs::Geographic(Datum::Wgs84),
    };
    let mut shaper = Shaper::new(crs, sink);
    let mut reader =
        Reader { scanner: Scanner::new(open()?), keep: Vec::new(), max: options.feature_max_bytes };
    match survey.layout {
        Layout::Collection => reader.collection(&mut shaper)?,
        Layout::Single => reader.single(&mut shaper)?,
        Layout::Records(separator) => reader.records(separator, &mut shaper)?,
        Layout::Values => reader.values(&mut shaper)?,
    }
    if survey.trailing {
        let mut last = shaper.after_last();
        shaper.problem(&mut last, None, trailing());
    }
    shaper.finish(match survey.layout {
        Layout::Collection | Layout::Single => Format::GeoJson,
        Layout::Records(_) | Layout::Values => Format::GeoJsonLines,
    })
}

/// How a text is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Layout {
    /// One object with a list of features.
    Collection,
    /// One object without.
    Single,
    /// Records parted by this byte.
    Records(u8),
    /// Several objects that run over lines.
    Values,
}

/// What the first walk learned.
struct Survey {
    layout: Layout,
    /// The text of the first object's `crs` member.
    crs: Option<Vec<u8>>,
    /// Whether something that is no object follows the first one.
    trailing: bool,
}

enum Surveyed {
    Found(Survey),
    Broken(Refusal),
}

/// Longest text of a member other than the features that is looked at.
const MEMBER_MAX_BYTES: usize = 1 << 16;

fn survey<R: BufRead>(mut scanner: Scanner<R>) -> Result<Surveyed, Refusal> {
    if scanner.peek()? == Some(0x1e) {
        let layout = Layout::Records(0x1e);
        return Ok(Surveyed::Found(Survey { layout, crs: None, trailing: false }));
    }
    let (mut crs, mut kind, mut keep) = (None, None, Vec::new());
    let (mut collection, mut features) = (false, 0_usize);
    let before = scanner.lines();
    let end = scanner.members(&mut |scanner, key, first| {
        if key == b"\"features\"" && first == b'[' {
            collection = true;
            return scanner.items(&mut |scanner| {
                features += 1;
                scanner.value(&mut keep, 0)
            });
        }
        let end = scanner.value(&mut keep, MEMBER_MAX_BYTES)?;
        match key {
            b"\"crs\"" if keep != b"null" => crs = Some(std::mem::take(&mut keep)),
            b"\"type\"" => kind = serde_json::from_slice::<String>(&keep).ok(),
            _ => {}
        }
        Ok(end)
    })?;
    if !end.is_found() {
        return Ok(Surveyed::Broken(broken(end, features)));
    }
    let last_line = scanner.lines();
    let next = scanner.peek()?;
    // a document a line: the first one holds no line end and the next stands on another line
    let one_line = last_line == before && scanner.lines() > last_line;
    let layout = match next {
        Some(b'{') if one_line => Layout::Records(b'\n'),
        Some(b'{') => Layout::Values,
        Some(_) if one_line && !collection => Layout::Records(b'\n'),
        _ if collection => Layout::Collection,
        _ => Layout::Single,
    };
    if layout == Layout::Single && !kind.as_deref().is_some_and(geometry::is_geojson_type) {
        return Ok(Surveyed::Broken(not_geojson(kind.as_deref())));
    }
    let trailing = next.is_some() && matches!(layout, Layout::Collection | Layout::Single);
    Ok(Surveyed::Found(Survey { layout, crs, trailing }))
}

/// Whether a text whose first object is broken has a whole object as its second line: then it
/// is one document a line and only the first one is lost.
fn second_line_is_a_document(text: Text<'_>, options: &Options) -> Result<bool, Refusal> {
    let (mut scanner, mut line) = (Scanner::new(text), Vec::new());
    for _ in 0..2 {
        if scanner.record(b'\n', &mut line, options.feature_max_bytes)? != Some(End::Whole) {
            return Ok(false);
        }
    }
    Ok(serde_json::from_slice::<serde::de::IgnoredAny>(&line).is_ok()
        && line.trim_ascii().starts_with(b"{"))
}

/// The second walk.
struct Reader<R> {
    scanner: Scanner<R>,
    keep: Vec<u8>,
    max: usize,
}

impl<R: BufRead> Reader<R> {
    fn collection(&mut self, shaper: &mut Shaper<'_>) -> Result<(), Refusal> {
        let (keep, max) = (&mut self.keep, self.max);
        self.scanner.members(&mut |scanner, key, first| {
            if key != b"\"features\"" || first != b'[' {
                return scanner.value(keep, 0);
            }
            scanner.items(&mut |scanner| {
                let end = scanner.value(keep, max)?;
                take(shaper, keep, end);
                Ok(end)
            })
        })?;
        Ok(())
    }

    fn single(&mut self, shaper: &mut Shaper<'_>) -> Result<(), Refusal> {
        let end = self.scanner.value(&mut self.keep, self.max)?;
        take(shaper, &self.keep, end);
        Ok(())
    }

    fn records(&mut self, separator: u8, shaper: &mut Shaper<'_>) -> Result<(), Refusal> {
        while let Some(end) = self.scanner.record(separator, &mut self.keep, self.max)? {
            let blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0x1e | 0xef | 0xbb | 0xbf);
            let start = self.keep.iter().take_while(|b| blank(b)).count();
            if start < self.keep.len() || end != End::Whole {
                take(shaper, &self.keep[start..], end);
            }
        }
        Ok(())
    }

    fn values(&mut self, shaper: &mut Shaper<'_>) -> Result<(), Refusal> {
        while let Some(next) = self.scanner.peek()? {
            match next {
                b'{' => {
                    let end = self.scanner.value(&mut self.keep, self.max)?;
                    take(shaper, &self.keep, end);
                }
                b',' | 0x1e => self.scanner.take(),
                _ => {
                    let mut last = shaper.after_last();
                    shaper.problem(&mut last, None, trailing());
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Hands over one feature's text, or says why it cannot be looked at.
fn take(shaper: &mut Shaper<'_>, text: &[u8], end: End) {
    let reason = match (end, std::str::from_utf8(text)) {
        (End::Whole, Ok(text)) => return geometry::object(shaper, text),
        (End::TooLong, _) => Both::new(
            "该要素的文本过长，未读取；请拆分后再导入",
            "its text is too long and was not read: split it and try again",
        ),
        (End::Whole, Err(_)) => Both::new(
            "文本不是 UTF-8 编码，未导入；请将文件另存为 UTF-8",
            "its text is not UTF-8 and was left out: save the file as UTF-8",
        ),
        (End::CutShort | End::Broken, _) => {
            Both::new("文本不完整，未导入", "its text is cut short and was left out")
        }
    };
    let mut draft = shaper.begin();
    shaper.problem(&mut draft, None, reason);
}

fn trailing() -> Both {
    Both::new(
        "文件在此要素之后还有无法识别的内容，未读取",
        "something that is no GeoJSON follows it in the file and was not read",
    )
}

fn broken(end: End, feature: usize) -> Refusal {
    let (zh, en) = match feature {
        0 => ("开头的对象".to_owned(), "its first object".to_owned()),
        n => (format!("第 {n} 个要素"), format!("feature {n}")),
    };
    match end {
        End::CutShort => Refusal::new(
            Kind::Invalid,
            format!("文件不完整：读到{zh}处就结束了，括号没有闭合。请重新下载或导出。"),
            format!(
                "The file is cut short: it ends inside {en} with brackets left open. Download \
                 or export it again."
            ),
        ),
        _ => Refusal::new(
            Kind::Invalid,
            format!("文件不是有效的 JSON：{zh}附近括号或逗号有误。请重新导出。"),
            format!(
                "The file is not valid JSON: brackets or commas go wrong at {en}. Export it again."
            ),
        ),
    }
}

fn not_geojson(kind: Option<&str>) -> Refusal {
    let kind: String = kind.unwrap_or("?").chars().take(40).collect();
    match kind.as_str() {
        "Topology" => Refusal::new(
            Kind::Invalid,
            "这是 TopoJSON，不是 GeoJSON；请先转换：mapshaper 文件 -o format=geojson。",
            "This is TopoJSON, not GeoJSON: convert it with mapshaper FILE -o format=geojson.",
        ),
        _ => Refusal::new(
            Kind::Invalid,
            format!("这是 JSON 但不是 GeoJSON（type 为“{kind}”）。"),
            format!("This is JSON but not GeoJSON (its type is “{kind}”)."),
        ),
    }
}

/// The system a `crs` member names: `{"type":"name","properties":{"name":…}}`, the older
/// `{"type":"EPSG","properties":{"code":…}}`, or a bare name.
fn named_crs(member: &[u8]) -> Result<Crs, Refusal> {
    let member: Value = serde_json::from_slice(member).unwrap_or(Value::Null);
    let properties = &member["properties"];
    match (&member, &properties["name"], &properties["code"]) {
        (Value::String(name), _, _) | (_, Value::String(name), _) => crs::from_name(name),
        (_, _, Value::Number(code)) => crs::from_name(&code.to_string()),
        _ => crs::from_name(&member.to_string()),
    }
}
