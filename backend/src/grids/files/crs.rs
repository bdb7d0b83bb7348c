//! Reference systems of files: what they are called, and whether coordinates can be in them.

use domain::refusal::{Both, Kind, Refusal};
use spatial::Position;
use spatial::datum::Datum;
use spatial::projection::{Crs, GaussKruger};

/// The reference system a user states: a datum word (`wgs84`, `cgcs2000`, `gcj02`, `bd09`),
/// `webmercator`, or an EPSG code with or without `EPSG:`.
///
/// # Errors
/// A [`Refusal`] that lists what can be stated.
pub fn parse_crs(stated: &str) -> Result<Crs, Refusal> {
    let word = stated.trim().to_ascii_lowercase().replace(['-', '_', ' '], "");
    let crs = match word.as_str() {
        "wgs84" | "crs84" => Some(Crs::Geographic(Datum::Wgs84)),
        "cgcs2000" => Some(Crs::Geographic(Datum::Cgcs2000)),
        "gcj02" => Some(Crs::Geographic(Datum::Gcj02)),
        "bd09" | "bd09ll" => Some(Crs::Geographic(Datum::Bd09)),
        "webmercator" => Some(Crs::WebMercator),
        _ => word.trim_start_matches("epsg:").parse().ok().and_then(Crs::from_epsg),
    };
    crs.ok_or_else(|| unknown(stated))
}

/// The reference system a file names: an OGC urn, an `EPSG:` code, or `CRS84`.
pub(super) fn from_name(name: &str) -> Result<Crs, Refusal> {
    let upper = name.trim().to_ascii_uppercase();
    let last = upper.rsplit([':', '/', '#']).next().unwrap_or_default();
    let crs = match last {
        "CRS84" | "CRS84H" | "84" => Some(Crs::Geographic(Datum::Wgs84)),
        _ => last.parse().ok().and_then(Crs::from_epsg),
    };
    match crs {
        Some(crs) => Ok(crs),
        None => parse_crs(name),
    }
}

pub(super) fn unknown(name: &str) -> Refusal {
    let name: String = name.chars().take(80).collect();
    Refusal::new(
        Kind::Invalid,
        format!(
            "坐标系“{name}”不在可读取之列：wgs84、cgcs2000、gcj02、bd09、webmercator、\
             EPSG:4326、4490、3857、4491–4554（CGCS2000 高斯-克吕格）。请用 \
             ogr2ogr -t_srs EPSG:4490 转换，或用 --crs 指明实际坐标系。"
        ),
        format!(
            "The reference system “{name}” is none of those read here: wgs84, cgcs2000, gcj02, \
             bd09, webmercator, EPSG:4326, 4490, 3857, 4491–4554 (CGCS2000 Gauss-Krüger). \
             Convert with ogr2ogr -t_srs EPSG:4490, or state the true one with --crs."
        ),
    )
    .at("crs")
}

/// The position of a coordinate in a reference system; `None` if it cannot be in it.
///
/// Stricter than the projection: a plane's zone reaches 6° either way and degrees do not pass
/// for metres, because files that lie about their system must not land in the Gulf of Guinea.
pub(super) fn to_position(crs: Crs, [x, y]: [f64; 2]) -> Option<Position> {
    let (lng_deg, lat_deg) = crs.to_cgcs2000(x, y)?;
    let plausible = match crs {
        Crs::Geographic(_) => true,
        Crs::WebMercator => !looks_like_degrees([x, y]) || (x == 0.0 && y == 0.0),
        Crs::GaussKruger(plane) => {
            !looks_like_degrees([x, y]) && (lng_deg - plane.meridian_deg).abs() <= 6.0
        }
    };
    plausible.then(|| Position::from_degrees(lng_deg, lat_deg)).flatten()
}

fn looks_like_degrees([x, y]: [f64; 2]) -> bool {
    x.abs() <= 180.0 && y.abs() <= 180.0
}

/// Coordinates that are out of range: the first one, to name it and to guess from.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Sample {
    first: Option<[f64; 2]>,
}

impl Sample {
    pub(super) fn add(&mut self, at: [f64; 2]) {
        self.first.get_or_insert(at);
    }
}

/// The refusal of a file whose coordinates are not in the system it claims.
pub(super) fn not_in_it(crs: Crs, stray: &Sample) -> Refusal {
    let [x, y] = stray.first.unwrap_or_default();
    let (claimed, advice) = (name(crs), advice(crs, [x, y]));
    Refusal::new(
        Kind::Invalid,
        format!("坐标（{x}, {y}）不可能属于{}。{}", claimed.zh, advice.zh),
        format!("The coordinate ({x}, {y}) cannot be in {}. {}", claimed.en, advice.en),
    )
    .at("crs")
}

/// What a reference system is called in a sentence.
pub(super) fn name(crs: Crs) -> Both {
    match crs {
        Crs::Geographic(Datum::Wgs84) => Both::new("WGS84 经纬度", "WGS 84 degrees"),
        Crs::Geographic(Datum::Cgcs2000) => Both::new("CGCS2000 经纬度", "CGCS2000 degrees"),
        Crs::Geographic(Datum::Gcj02) => Both::new("GCJ-02 经纬度", "GCJ-02 degrees"),
        Crs::Geographic(Datum::Bd09) => Both::new("BD-09 经纬度", "BD-09 degrees"),
        Crs::WebMercator => Both::new("Web 墨卡托（米）", "web Mercator metres"),
        Crs::GaussKruger(GaussKruger { meridian_deg, false_easting_m }) => {
            let zone = (false_easting_m / 1e6).floor();
            let (zh, en) = match zone > 0.0 {
                true => (format!("，带号 {zone}"), format!(", zone prefix {zone}")),
                false => ("，无带号".to_owned(), ", no zone prefix".to_owned()),
            };
            Both::new(
                format!("中央经线 {meridian_deg}° 的高斯-克吕格平面（米{zh}）"),
                format!("the Gauss-Krüger plane on meridian {meridian_deg}° (metres{en})"),
            )
        }
    }
}

/// What the coordinate may be in truth, and what to state then.
fn advice(crs: Crs, [x, y]: [f64; 2]) -> Both {
    let degrees = |lng: f64, lat: f64| lng.abs() <= 180.0 && lat.abs() <= 90.0;
    if degrees(x, y) && !crs.is_geographic() {
        return Both::new(
            "看起来是经纬度：请用 --crs 指明 wgs84、cgcs2000、gcj02 或 bd09。",
            "It looks like degrees: state --crs wgs84, cgcs2000, gcj02 or bd09.",
        );
    }
    if degrees(y, x) {
        return Both::new(
            "看起来纬度在前、经度在后：请交换坐标次序后再导入。",
            "It looks as if latitude came first: swap the axes and try again.",
        );
    }
    if let Some(plane) = plane_of([x, y]) {
        return plane;
    }
    if plane_of([y, x]).is_some() {
        return Both::new(
            "看起来北坐标在前、东坐标在后：请交换坐标次序后再导入。",
            "It looks as if the northing came first: swap the axes and try again.",
        );
    }
    Both::new(
        "请核对文件的坐标系，用 --crs 指明，或用 ogr2ogr -t_srs EPSG:4490 转换。",
        "Find out the file's reference system and state it with --crs, or convert with \
         ogr2ogr -t_srs EPSG:4490.",
    )
}

/// Which plane a coordinate of China may be in, as advice.
fn plane_of([x, y]: [f64; 2]) -> Option<Both> {
    let northing = (1.5e6..6.2e6).contains(&y);
    let code = match (x / 1e6).floor() as i64 {
        zone @ 13..=23 if northing && x > 0.0 => Some(4491 + zone - 13),
        zone @ 25..=45 if northing && x > 0.0 => Some(4513 + zone - 25),
        _ => None,
    };
    // eastings of Gauss-Krüger zone 13 to 15 overlap web Mercator's of China: 13 500 000 m is
    // Shanghai; there the plane's easting would be within 500 km of the zone's middle as well
    if (8.1e6..15.2e6).contains(&x) && (4e5..7.3e6).contains(&y) {
        return Some(Both::new(
            "看起来是 Web 墨卡托（米）：请用 --crs webmercator。",
            "It looks like web Mercator metres: state --crs webmercator.",
        ));
    }
    if let Some(code) = code {
        return Some(Both::new(
            format!("看起来是带带号的高斯-克吕格坐标：请用 --crs EPSG:{code}。"),
            format!("It looks like Gauss-Krüger with a zone prefix: state --crs EPSG:{code}."),
        ));
    }
    ((1.5e5..8.5e5).contains(&x) && northing).then(|| {
        Both::new(
            "看起来是不带带号的高斯-克吕格坐标：请按中央经线用 --crs 指明 EPSG:4534–4554\
             （3 度带，75°–135°）。",
            "It looks like Gauss-Krüger without a zone prefix: state --crs EPSG:4534–4554 \
             (3-degree zones, meridians 75°–135°).",
        )
    })
}
