//! The reference system written out in a `.prj` file (or a GeoPackage), in OGC or Esri spelling.

use super::crs::{self, unknown};
use domain::refusal::{Kind, Refusal};
use spatial::datum::Datum;
use spatial::projection::{Crs, GaussKruger};

/// `NAME["text", 1.5, CHILD[…]]`.
#[derive(Clone, PartialEq, Debug, Default)]
struct Node {
    name: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    children: Vec<Node>,
}

/// The deepest nesting looked at.
const DEEPEST: usize = 24;

/// The reference system a text names.
///
/// # Errors
/// A [`Refusal`] that says why it is not read and what to do.
pub(super) fn parse(text: &str) -> Result<Crs, Refusal> {
    let node = Reader { rest: text.trim_start_matches('\u{feff}').trim() }.node(0);
    let Some(node) = node.filter(|node| !node.texts.is_empty()) else {
        return crs::from_name(text);
    };
    if let Some(crs) = node.epsg().and_then(Crs::from_epsg) {
        return Ok(crs);
    }
    let title = node.texts[0].clone();
    let crs = match node.name.as_str() {
        "GEOGCS" | "GEOGCRS" | "GEODCRS" => geographic(&node)?.map(Crs::Geographic),
        "PROJCS" | "PROJCRS" => projected(&node)?,
        "COMPD_CS" | "COMPOUNDCRS" | "BOUNDCRS" => match node.children.first() {
            Some(first) if first.is_geographic() => geographic(first)?.map(Crs::Geographic),
            Some(first) => projected(first)?,
            None => None,
        },
        _ => None,
    };
    crs.ok_or_else(|| unknown(&title))
}

impl Node {
    fn child(&self, names: &[&str]) -> Option<&Node> {
        self.children.iter().find(|child| names.contains(&child.name.as_str()))
    }

    fn is_geographic(&self) -> bool {
        matches!(self.name.as_str(), "GEOGCS" | "GEOGCRS" | "GEODCRS" | "BASEGEOGCRS")
    }

    /// The EPSG code of the system itself, where it has one.
    fn epsg(&self) -> Option<u32> {
        let authority = self.child(&["AUTHORITY", "ID"])?;
        if !authority.texts.first()?.eq_ignore_ascii_case("EPSG") {
            return None;
        }
        let written = authority.texts.get(1).and_then(|code| code.parse().ok());
        written.or_else(|| authority.numbers.first().map(|&code| code as u32))
    }

    /// The value of a parameter, however its name is spelt.
    fn parameter(&self, names: &[&str]) -> Option<f64> {
        let plain = |text: &str| text.to_ascii_lowercase().replace([' ', '_'], "");
        let all = self.children.iter().filter(|child| child.name == "PARAMETER");
        let mut found = all.filter(|child| {
            child.texts.first().is_some_and(|text| names.contains(&plain(text).as_str()))
        });
        found.next()?.numbers.first().copied()
    }
}

/// The datum of a geographic system; `None` for one that is not read.
fn geographic(node: &Node) -> Result<Option<Datum>, Refusal> {
    let datum = node.child(&["DATUM", "TRF", "ENSEMBLE"]).and_then(|datum| datum.texts.first());
    let both = format!("{} {}", node.texts[0], datum.map_or("", String::as_str));
    let plain = both.to_ascii_lowercase().replace([' ', '_', '-'], "");
    if let Some(old) = ["beijing1954", "xian1980", "newbeijing", "beijing54", "xian80"]
        .into_iter()
        .find(|old| plain.contains(old))
    {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("坐标系 {old} 与 CGCS2000 之间的转换参数不公开；请由测绘部门转换后再导入。"),
            format!(
                "The parameters from {old} to CGCS2000 are not public: have a surveying office \
                 convert the file first."
            ),
        )
        .at("crs"));
    }
    Ok(match plain {
        p if p.contains("china2000") || p.contains("cgcs2000") || p.contains("system2000") => {
            Some(Datum::Cgcs2000)
        }
        p if p.contains("wgs1984") || p.contains("wgs84") => Some(Datum::Wgs84),
        _ => None,
    })
}

fn projected(node: &Node) -> Result<Option<Crs>, Refusal> {
    let Some(base) = node.children.iter().find(|child| child.is_geographic()) else {
        return Ok(None);
    };
    if geographic(base)?.is_none() {
        return Ok(None);
    }
    let conversion = node.child(&["CONVERSION"]).unwrap_or(node);
    let method = conversion.child(&["PROJECTION", "METHOD"]).and_then(|m| m.texts.first());
    let method = method.map(|m| m.to_ascii_lowercase().replace([' ', '_', '-'], ""));
    let title = node.texts[0].to_ascii_lowercase().replace([' ', '_', '-'], "");
    if title.contains("webmercator") || title.contains("pseudomercator") {
        return Ok(Some(Crs::WebMercator));
    }
    if !method.is_some_and(|m| m.starts_with("gausskruger") || m.starts_with("transversemercator"))
    {
        return Ok(None);
    }
    let or = |names: &[&str], otherwise| conversion.parameter(names).unwrap_or(otherwise);
    let metres = match node.child(&["UNIT", "LENGTHUNIT"]) {
        Some(unit) => unit.numbers.first() == Some(&1.0),
        None => true,
    };
    let plain = or(&["scalefactor", "scalefactoratnaturalorigin"], 1.0) == 1.0
        && or(&["latitudeoforigin", "latitudeofnaturalorigin"], 0.0) == 0.0
        && or(&["falsenorthing"], 0.0) == 0.0;
    let meridian = conversion.parameter(&["centralmeridian", "longitudeofnaturalorigin"]);
    Ok(meridian.filter(|_| plain && metres).map(|meridian_deg| {
        let false_easting_m = or(&["falseeasting"], 500_000.0);
        Crs::GaussKruger(GaussKruger { meridian_deg, false_easting_m })
    }))
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn passes(&mut self, any_of: &[char]) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(any_of) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        self.rest = self.rest.trim_start();
        let length = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        let mut node = Node { name: name.to_ascii_uppercase(), ..Node::default() };
        if name.is_empty() || depth > DEEPEST {
            return None;
        }
        if !self.passes(&['[', '(']) {
            return Some(node); // an enumeration word such as NORTH
        }
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.chars().next()? {
                '"' => node.texts.push(self.quoted()?),
                '0'..='9' | '-' | '+' | '.' => node.numbers.push(self.number()?),
                _ => node.children.push(self.node(depth + 1)?),
            }
            if self.passes(&[']', ')']) {
                return Some(node);
            }
            if !self.passes(&[',']) {
                return None;
            }
        }
    }

    fn quoted(&mut self) -> Option<String> {
        let inside = self.rest.strip_prefix('"')?;
        let (text, rest) = inside.split_once('"')?;
        self.rest = rest;
        Some(text.to_owned())
    }

    fn number(&mut self) -> Option<f64> {
        let part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
        let length = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        text.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHINA: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",
        SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],
        UNIT["Degree",0.0174532925199433]]"#;

    fn zone(title: &str, base: &str, meridian: &str, easting: &str, scale: &str) -> String {
        format!(
            r#"PROJCS["{title}",{base},PROJECTION["Gauss_Kruger"],
            PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],
            PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",{scale}],
            PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        )
    }

    #[test]
    fn esri_and_ogc_spellings_of_chinese_systems_are_read() {
        assert_eq!(parse(CHINA), Ok(Crs::Geographic(Datum::Cgcs2000)));
        let with = zone("CGCS2000_3_Degree_GK_Zone_40", CHINA, "120.0", "40500000.0", "1.0");
        assert_eq!(Some(parse(&with).expect("read")), Crs::from_epsg(4528));
        let without = zone("CGCS2000_3_Degree_GK_CM_120E", CHINA, "120.0", "500000.0", "1.0");
        assert_eq!(Some(parse(&without).expect("read")), Crs::from_epsg(4549));
        let local = zone("Suzhou_Local", CHINA, "120.583333", "50805.0", "1.0");
        let plane = GaussKruger { meridian_deg: 120.583333, false_easting_m: 50805.0 };
        assert_eq!(parse(&local), Ok(Crs::GaussKruger(plane)));
        let wgs = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],
            AUTHORITY["EPSG","4326"]]"#;
        assert_eq!(parse(wgs), Ok(Crs::Geographic(Datum::Wgs84)));
        let web = format!(
            r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{wgs},
            PROJECTION["Mercator_Auxiliary_Sphere"],UNIT["Meter",1.0]]"#
        );
        assert_eq!(parse(&web), Ok(Crs::WebMercator));
        let second = r#"PROJCRS["x",BASEGEOGCRS["y"],ID["EPSG",4528]]"#;
        assert_eq!(Some(parse(second).expect("read")), Crs::from_epsg(4528));
    }

    #[test]
    fn a_system_that_is_not_read_is_refused_by_name() {
        let utm = zone("WGS_1984_UTM_Zone_51N", CHINA, "123.0", "500000.0", "0.9996");
        let xian = CHINA.replace("China_Geodetic_Coordinate_System_2000", "Xian_1980");
        for (text, expected) in [
            (utm.as_str(), "WGS_1984_UTM_Zone_51N"),
            (xian.as_str(), "surveying office"),
            (r#"LOCAL_CS["Engineering"]"#, "Engineering"),
            ("hello", "hello"),
            ("", "none of those read here"),
        ] {
            let said = parse(text).expect_err("refused").message.en;
            assert!(said.contains(expected), "{text}: {said}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_without_panic(text in r#"(PROJCS|UNIT|[\[\]\(\)",.0-9\PC]){0,120}"#) {
            let _ = parse(&text);
        }
    }
}
