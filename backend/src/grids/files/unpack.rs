//! Opening: what kind of file it is by its first bytes, and unpacking within a limit.

use domain::refusal::{Kind, Refusal};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

/// What the first bytes say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sniffed {
    /// A JSON text, or a sequence of them.
    Json,
    /// Something compressed with gzip.
    Gzip,
    /// A zip archive.
    Zip,
    /// A SQLite database.
    Sqlite,
}

/// Tells the kind of file by its first bytes.
pub(super) fn sniff(head: &[u8]) -> Result<Sniffed, Refusal> {
    let refuse = |zh: &str, en: &str| Err(Refusal::new(Kind::Invalid, zh, en));
    if head.starts_with(&[0x1f, 0x8b]) {
        return Ok(Sniffed::Gzip);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Sniffed::Zip);
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Sniffed::Sqlite);
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return refuse(
            "文件是 UTF-16 编码，请另存为 UTF-8 后再导入。",
            "The file is UTF-16: save it as UTF-8 and try again.",
        );
    }
    if head.starts_with(&[0, 0, 0x27, 0x0a]) {
        return refuse(
            "这是单独的 .shp 文件，请将 .shp、.dbf、.prj、.cpg 一起压缩成 zip 后导入。",
            "This is a bare .shp: zip it with its .dbf, .prj and .cpg and import the zip.",
        );
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    match text.iter().find(|b| !b.is_ascii_whitespace()) {
        None => refuse("文件是空的。", "The file is empty."),
        Some(b'{' | 0x1e) => Ok(Sniffed::Json),
        Some(b'[') => refuse(
            "文件是一个 JSON 数组，不是 GeoJSON；GeoJSON 以 {\"type\": …} 开头。",
            "The file is a JSON array, not GeoJSON, which begins with {\"type\": …}.",
        ),
        Some(b'<') => refuse(
            "文件是 XML 或网页（KML、GML、HTML），请用 ogr2ogr 转换为 GeoJSON 或 GeoPackage。",
            "The file is XML or a web page (KML, GML, HTML): convert it to GeoJSON or \
             GeoPackage with ogr2ogr.",
        ),
        Some(_) => refuse(
            "无法识别的文件格式；可读取 GeoJSON、按行 GeoJSON（均可 gzip 压缩）、zip 打包的 \
             Shapefile、GeoPackage。",
            "This is none of the formats read here: GeoJSON, newline-delimited GeoJSON (either \
             gzipped), zipped Shapefile, GeoPackage.",
        ),
    }
}

/// The file from its beginning once more.
pub(super) fn again(file: &File) -> Result<&File, Refusal> {
    let mut from_start = file;
    from_start.rewind().map_err(|e| cannot_read(&e))?;
    Ok(file)
}

/// Unpacks gzip, which must hold JSON, and fails once it has given more than `max_bytes`.
pub(super) fn gunzip<'a>(
    packed: impl Read + 'a,
    max_bytes: u64,
) -> Result<impl BufRead + 'a, Refusal> {
    let packed = BufReader::with_capacity(1 << 16, packed);
    let limited = Limited { inner: MultiGzDecoder::new(packed), left: max_bytes };
    let mut unpacked = BufReader::with_capacity(1 << 16, limited);
    let head = unpacked.fill_buf().map_err(|e| cannot_read(&e))?;
    match sniff(&head[..head.len().min(512)])? {
        Sniffed::Json => Ok(unpacked),
        _ => Err(Refusal::new(
            Kind::Invalid,
            "gzip 压缩包里不是 GeoJSON；Shapefile 请用 zip 打包，GeoPackage 请先解压。",
            "The gzip file does not hold GeoJSON: zip a Shapefile, unpack a GeoPackage.",
        )),
    }
}

/// A reader that fails rather than give more than so many bytes: against zip bombs.
pub(super) struct Limited<R> {
    pub(super) inner: R,
    pub(super) left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        match self.left.checked_sub(got as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::new(io::ErrorKind::FileTooLarge, "unpacks too large")),
        }
        Ok(got)
    }
}

pub(super) fn cannot_open(path: &Path, error: &io::Error) -> Refusal {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => Kind::Missing,
        _ => Kind::Invalid,
    };
    let path = path.display();
    Refusal::new(
        kind,
        format!("打不开文件 {path}：{error}。请检查路径和权限。"),
        format!("Cannot open {path}: {error}. Check the path and its permissions."),
    )
}

pub(super) fn cannot_read(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Refusal::new(
            Kind::TooLarge,
            "压缩文件解压后超过上限，未导入。请拆分后再导入。",
            "The compressed file unpacks to more than the limit: split it and try again.",
        ),
        io::ErrorKind::UnexpectedEof => Refusal::new(
            Kind::Invalid,
            "文件不完整（被截断），请重新下载或导出。",
            "The file is cut short: download or export it again.",
        ),
        _ => Refusal::new(
            Kind::Invalid,
            format!("读取文件出错：{error}。请重新下载或导出。"),
            format!("The file cannot be read: {error}. Download or export it again."),
        ),
    }
}
