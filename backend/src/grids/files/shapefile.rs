//! Zipped Shapefiles: `.shp` with `.dbf`, `.prj` and `.cpg`, streamed out of the archive.
//!
//! Nothing is unpacked to disk, so names with `..` and symbolic links lead nowhere; they are
//! passed over. The `.shp` is read here rather than by the `shapefile` crate, which trusts the
//! header's counts with memory and joins holes to whichever outer ring came before them.

use super::dbf::Table;
use super::rings::assemble;
use super::shape::{Draft, FoundRing, Shaper};
use super::unpack::{Limited, cannot_read};
use super::{Format, Options, Row, Summary, wkt};
use domain::refusal::{Both, Kind, Refusal};
use serde_json::Map;
use spatial::datum::Datum;
use spatial::projection::Crs;
use std::fs::File;
use std::io::{BufReader, Read};
use zip::ZipArchive;

/// The files of one layer: their places in the archive.
#[derive(Clone, Debug, Default)]
struct Layer {
    /// Its path without the ending, as written.
    name: String,
    shp: Option<usize>,
    dbf: Option<usize>,
    prj: Option<usize>,
    cpg: Option<usize>,
}

/// Reads the archive's one layer, or the one the options name.
pub(super) fn read(
    open: &dyn Fn() -> Result<File, Refusal>,
    options: &Options,
    sink: &mut dyn FnMut(Row),
) -> Result<Summary, Refusal> {
    let mut archive = ZipArchive::new(open()?).map_err(bad_zip)?;
    let layer = pick(layers(&mut archive)?, options)?;
    let max = options.unpacked_max_bytes;
    let prj = layer.prj.map(|at| text(&mut archive, at)).transpose()?;
    let cpg = layer.cpg.map(|at| text(&mut archive, at)).transpose()?;
    let crs = match (options.crs, prj) {
        (Some(stated), _) => stated,
        (None, Some(prj)) => wkt::parse(&prj)?,
        (None, None) => Crs::Geographic(Datum::Wgs84),
    };
    // two streams out of one archive need two handles on it
    let mut second = ZipArchive::new(open()?).map_err(bad_zip)?;
    let mut table = match layer.dbf {
        Some(at) => Some(Table::open(entry(&mut second, at, max)?, cpg.as_deref())?),
        None => None,
    };
    let Some(shp) = layer.shp else { return Err(no_shapefile()) };
    let mut shapes = Shapes::open(entry(&mut archive, shp, max)?, options.feature_max_bytes)?;
    let mut shaper = Shaper::new(crs, sink);
    while let Some(shape) = shapes.next(shaper.after_last().number + 1)? {
        let row = match &mut table {
            Some(table) => table.next()?,
            None => None,
        };
        let lost = table.is_some() && row.is_none();
        if row.as_ref().is_some_and(|row| row.deleted) {
            continue;
        }
        let mut draft = shaper.begin();
        if lost {
            let reason = Both::new(
                "在 .dbf 中没有对应的行，按没有属性处理",
                "it has no row in the .dbf and counts as without properties",
            );
            shaper.problem(&mut draft, None, reason);
            draft.named = false; // an empty shape is still to be named
        }
        draw(&mut shaper, &mut draft, shape);
        shaper.end(draft, row.map_or_else(Map::new, |row| row.properties));
    }
    shaper.finish(Format::Shapefile)
}

fn draw(shaper: &mut Shaper<'_>, draft: &mut Draft, shape: Shape) {
    match shape {
        Shape::Nothing => {}
        Shape::Rings(rings) => assemble(shaper, draft, rings),
        Shape::Thin(kind) => {
            let reason = Both::new(
                format!("图形类型 {kind} 没有面积，未导入"),
                format!("its shape type {kind} has no area; left out"),
            );
            shaper.problem(draft, None, reason);
        }
        Shape::Bad(what) => {
            let reason = Both::new(
                format!("图形记录有误，未导入（{what}）"),
                format!("its record is damaged and was left out ({what})"),
            );
            shaper.problem(draft, None, reason);
        }
    }
}

/// One record of a `.shp`.
enum Shape {
    /// The null shape.
    Nothing,
    /// Rings, closed, in file order.
    Rings(Vec<FoundRing>),
    /// A shape type that has no area.
    Thin(i32),
    /// What does not add up.
    Bad(&'static str),
}

/// A `.shp` that is being read.
struct Shapes<R> {
    input: R,
    record: Vec<u8>,
    max: usize,
}

impl<R: Read> Shapes<R> {
    fn open(mut input: R, max: usize) -> Result<Self, Refusal> {
        let mut head = [0; 100];
        input.read_exact(&mut head).map_err(|e| cannot_read(&e))?;
        if head[..4] != [0, 0, 0x27, 0x0a] {
            return Err(Refusal::new(
                Kind::Invalid,
                "zip 中的 .shp 不是 Shapefile，请重新导出。",
                "The .shp in the zip is no Shapefile: export it again.",
            ));
        }
        Ok(Self { input, record: Vec::new(), max })
    }

    fn next(&mut self, number: usize) -> Result<Option<Shape>, Refusal> {
        let mut head = [0; 8];
        let mut got = 0;
        while got < head.len() {
            match self.input.read(&mut head[got..]).map_err(|e| cannot_read(&e))? {
                0 if got == 0 => return Ok(None),
                0 => return Err(cut_short(number)),
                more => got += more,
            }
        }
        let words = i32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        let Ok(length) = u64::try_from(i64::from(words) * 2) else {
            return Err(cut_short(number));
        };
        self.record.clear();
        let mut body = self.input.by_ref().take(length);
        if length > self.max as u64 {
            let passed = std::io::copy(&mut body, &mut std::io::sink());
            return match passed.map_err(|e| cannot_read(&e))? == length {
                true => Ok(Some(Shape::Bad("too long / 过长"))),
                false => Err(cut_short(number)),
            };
        }
        body.read_to_end(&mut self.record).map_err(|e| cannot_read(&e))?;
        match self.record.len() as u64 == length {
            true => Ok(Some(shape(&self.record))),
            false => Err(cut_short(number)),
        }
    }
}

fn shape(record: &[u8]) -> Shape {
    match int(record, 0) {
        None => Shape::Bad("too short / 过短"),
        Some(0) => Shape::Nothing,
        // polygon, with heights, with measures: what comes behind the points is left out
        Some(5 | 15 | 25) => rings(record).map_or(Shape::Bad("counts / 数目不符"), Shape::Rings),
        Some(kind) => Shape::Thin(kind),
    }
}

/// The rings of a polygon record; `None` if its counts do not fit its length.
fn rings(record: &[u8]) -> Option<Vec<FoundRing>> {
    let parts = usize::try_from(int(record, 36)?).ok()?;
    let points = usize::try_from(int(record, 40)?).ok()?;
    let starts_end = 44_usize.checked_add(parts.checked_mul(4)?)?;
    let starts = record.get(44..starts_end)?;
    let points = record.get(starts_end..starts_end.checked_add(points.checked_mul(16)?)?)?;
    let mut bounds: Vec<usize> = Vec::with_capacity(parts + 1);
    for start in starts.chunks_exact(4) {
        bounds.push(usize::try_from(int(start, 0)?).ok()?);
    }
    bounds.push(points.len() / 16);
    bounds
        .windows(2)
        .map(|w| Some(ring(points.get(w[0].checked_mul(16)?..w[1].checked_mul(16)?)?)))
        .collect()
}

fn ring(points: &[u8]) -> FoundRing {
    points
        .chunks_exact(16)
        .enumerate()
        .map(|(i, point)| {
            let (x, y) = (double(point, 0), double(point, 8));
            match x.is_finite() && y.is_finite() {
                true => Ok([x, y]),
                false => Err((i + 1, format!("[{x}, {y}]"))),
            }
        })
        .collect()
}

fn int(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn double(bytes: &[u8], at: usize) -> f64 {
    let eight = bytes.get(at..at + 8).and_then(|b| b.try_into().ok());
    eight.map_or(f64::NAN, f64::from_le_bytes)
}

fn layers(archive: &mut ZipArchive<File>) -> Result<Vec<Layer>, Refusal> {
    let mut layers: Vec<Layer> = Vec::new();
    for at in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(at) else { continue };
        let name = entry.name().to_owned();
        let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let resource_fork = base.starts_with("._") || name.starts_with("__MACOSX");
        if entry.is_dir() || entry.is_symlink() || resource_fork || entry.enclosed_name().is_none()
        {
            continue;
        }
        let Some((stem, ending)) = name.rsplit_once('.') else { continue };
        let same = |layer: &&mut Layer| layer.name.eq_ignore_ascii_case(stem);
        let layer = match layers.iter_mut().find(same) {
            Some(layer) => layer,
            None => {
                layers.push(Layer { name: stem.to_owned(), ..Layer::default() });
                layers.last_mut().expect("just pushed")
            }
        };
        match ending.to_ascii_lowercase().as_str() {
            "shp" => layer.shp = Some(at),
            "dbf" => layer.dbf = Some(at),
            "prj" => layer.prj = Some(at),
            "cpg" | "cst" => layer.cpg = Some(at),
            _ => {}
        }
    }
    Ok(layers.into_iter().filter(|layer| layer.shp.is_some()).collect())
}

fn pick(layers: Vec<Layer>, options: &Options) -> Result<Layer, Refusal> {
    let base = |layer: &Layer| layer.name.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
    let names: Vec<String> = layers.iter().map(base).collect();
    let mut fitting: Vec<Layer> = match &options.layer {
        Some(wanted) => layers.into_iter().filter(|layer| base(layer) == *wanted).collect(),
        None => layers,
    };
    match (fitting.pop(), fitting.is_empty()) {
        (Some(layer), true) => Ok(layer),
        _ if names.is_empty() => Err(no_shapefile()),
        _ => Err(super::which_layer(&names)),
    }
}

/// One entry, which may not unpack to more than so many bytes.
fn entry(archive: &mut ZipArchive<File>, at: usize, max: u64) -> Result<impl Read, Refusal> {
    let inner = archive.by_index(at).map_err(bad_zip)?;
    Ok(BufReader::with_capacity(1 << 16, Limited { inner, left: max }))
}

/// A short entry as text.
fn text(archive: &mut ZipArchive<File>, at: usize) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    let reading = entry(archive, at, 1 << 16)?.take(1 << 16).read_to_end(&mut bytes);
    reading.map_err(|e| cannot_read(&e))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn no_shapefile() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "zip 中没有 .shp 文件；请将 .shp、.dbf、.prj、.cpg 一起压缩，其他格式请先解压。",
        "The zip holds no .shp: zip it with its .dbf, .prj and .cpg; unpack other formats first.",
    )
}

fn cut_short(number: usize) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!(".shp 在第 {number} 个要素处中断，请重新下载或导出。"),
        format!("The .shp ends inside feature {number}: download or export it again."),
    )
}

fn bad_zip(error: zip::result::ZipError) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("zip 压缩包无法读取（{error}）；请不加密、用普通方式重新压缩。"),
        format!("The zip cannot be read ({error}): pack it again, plainly and without a password."),
    )
}
