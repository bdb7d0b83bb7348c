//! One GeoJSON object as text, to a feature or a row problem: `Feature`, a bare geometry, a
//! `GeometryCollection`, or a `FeatureCollection` that stands on one line.

use super::coordinates::{self, Nest, Spot};
use super::shape::{Draft, FoundRing, Shaper};
use domain::refusal::Both;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How deep collections may be nested in each other.
const DEEPEST: usize = 8;

/// The members of any GeoJSON object, not yet looked into.
#[derive(Deserialize)]
struct Object<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    properties: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow, default)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometries: Option<&'a RawValue>,
    #[serde(borrow, default)]
    features: Option<&'a RawValue>,
}

/// Whether an object of this type is read here.
pub(super) fn is_geojson_type(kind: &str) -> bool {
    matches!(kind, "Feature" | "FeatureCollection" | "GeometryCollection")
        || is_areal(kind)
        || is_thin(kind)
}

fn is_areal(kind: &str) -> bool {
    matches!(kind, "Polygon" | "MultiPolygon")
}

fn is_thin(kind: &str) -> bool {
    matches!(kind, "Point" | "MultiPoint" | "LineString" | "MultiLineString")
}

/// Hands over the feature (or features) of one object.
pub(super) fn object(shaper: &mut Shaper<'_>, text: &str) {
    nested(shaper, text, 0);
}

fn nested(shaper: &mut Shaper<'_>, text: &str, depth: usize) {
    match serde_json::from_str::<Object<'_>>(text) {
        Ok(object) => of_object(shaper, text, &object, depth),
        Err(error) => match without_nan(text) {
            // Python writes NaN where JSON has null; everything else of the feature is sound
            Some(repaired) if depth == 0 => nested(shaper, &repaired, depth + 1),
            _ => {
                let mut draft = shaper.begin();
                let reason = Both::new(
                    format!("不是有效的 JSON 对象，未导入（{error}）"),
                    format!("it is no valid JSON object and was left out ({error})"),
                );
                shaper.problem(&mut draft, None, reason);
            }
        },
    }
}

fn of_object(shaper: &mut Shaper<'_>, text: &str, object: &Object<'_>, depth: usize) {
    let kind = object.kind.as_deref().unwrap_or_default();
    if kind == "FeatureCollection" && depth < DEEPEST {
        for item in list(object.features) {
            nested(shaper, item.get(), depth + 1);
        }
        return;
    }
    let mut draft = shaper.begin();
    if kind == "Feature" {
        let properties = properties(shaper, &mut draft, object);
        if let Some(raw) = object.geometry {
            geometry(shaper, &mut draft, raw.get(), 0);
        }
        shaper.end(draft, properties);
    } else if is_geojson_type(kind) {
        geometry(shaper, &mut draft, text, 0);
        shaper.end(draft, Map::new());
    } else {
        shaper.problem(&mut draft, None, not_read("Feature", kind));
    }
}

/// The properties, with the feature's `id` among them unless they have one of their own.
fn properties(
    shaper: &mut Shaper<'_>,
    draft: &mut Draft,
    object: &Object<'_>,
) -> Map<String, Value> {
    let mut properties = match object.properties.map(|raw| serde_json::from_str(raw.get())) {
        None => Map::new(),
        Some(Ok(properties)) => properties,
        Some(Err(error)) => {
            let named = draft.named;
            let reason = Both::new(
                format!("属性无法读取，按没有属性处理（{error}）"),
                format!("its properties cannot be read and count as none ({error})"),
            );
            shaper.problem(draft, None, reason);
            draft.named = named; // an empty geometry is still to be named
            Map::new()
        }
    };
    if let Some(Ok(id)) = object.id.map(|raw| serde_json::from_str(raw.get())) {
        properties.entry("id").or_insert(id);
    }
    properties
}

fn geometry(shaper: &mut Shaper<'_>, draft: &mut Draft, text: &str, depth: usize) {
    let object = match serde_json::from_str::<Object<'_>>(text) {
        Ok(object) if depth < DEEPEST => object,
        Ok(_) => {
            let reason = Both::new("图形嵌套过深，未导入", "its geometry is nested too deep");
            return shaper.problem(draft, None, reason);
        }
        Err(error) => {
            let reason = Both::new(
                format!("图形不是对象，未导入（{error}）"),
                format!("its geometry is no object and was left out ({error})"),
            );
            return shaper.problem(draft, None, reason);
        }
    };
    let kind = object.kind.as_deref().unwrap_or_default();
    if is_areal(kind) {
        let nest = object.coordinates.map_or(Nest::Empty, |raw| coordinates::parse(raw.get()));
        areal(shaper, draft, kind, nest);
    } else if kind == "GeometryCollection" {
        for item in list(object.geometries) {
            geometry(shaper, draft, item.get(), depth + 1);
        }
    } else if is_thin(kind) {
        let reason = Both::new(
            format!("图形是 {kind}，没有面积，未导入"),
            format!("its geometry is a {kind}, which has no area; left out"),
        );
        shaper.problem(draft, None, reason);
    } else {
        shaper.problem(draft, None, not_read("Polygon, MultiPolygon, GeometryCollection", kind));
    }
}

fn not_read(wanted: &str, kind: &str) -> Both {
    let kind: String = kind.chars().take(40).collect();
    Both::new(
        format!("type 应为 {wanted}，实为“{kind}”；未导入"),
        format!("its type should be {wanted} and is “{kind}”; left out"),
    )
}

/// The items of a list; none if it is no list.
fn list(raw: Option<&RawValue>) -> Vec<&RawValue> {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// Adds the polygons of coordinates nested as found, and says so if the type says otherwise.
fn areal(shaper: &mut Shaper<'_>, draft: &mut Draft, kind: &str, nest: Nest) {
    let named = draft.named;
    let levels = levels(&nest);
    let expected = if kind == "Polygon" { 3 } else { 4 };
    if !matches!(nest, Nest::Empty) && levels != expected {
        let reason = match levels {
            2..=4 => Both::new(
                format!("坐标嵌套 {levels} 层，与类型 {kind} 不符；按坐标读取"),
                format!("its coordinates nest {levels} deep, which is not a {kind}; read as found"),
            ),
            _ => Both::new(
                format!("坐标嵌套 {levels} 层，不成面，未导入"),
                format!("its coordinates nest {levels} deep, which is no polygon; left out"),
            ),
        };
        shaper.problem(draft, None, reason);
    }
    match levels {
        2 => shaper.part(draft, [ring(nest)]),
        3 => shaper.part(draft, items(nest).map(ring)),
        4 => items(nest).for_each(|polygon| shaper.part(draft, items(polygon).map(ring))),
        _ => return,
    }
    if draft.parts.is_empty() {
        draft.named = named || draft.rings > 0;
    }
}

/// How many brackets enclose a number: 1 for a coordinate, 3 for a polygon.
fn levels(nest: &Nest) -> usize {
    match nest {
        Nest::Other(_) => 0,
        Nest::Point(_) | Nest::Empty => 1,
        Nest::Ring(_) => 2,
        Nest::List(items) => 1 + items.iter().map(levels).max().unwrap_or_default(),
    }
}

fn items(nest: Nest) -> impl Iterator<Item = Nest> {
    match nest {
        Nest::List(items) => items.into_iter(),
        Nest::Empty => Vec::new().into_iter(),
        other => vec![other].into_iter(),
    }
}

fn ring(nest: Nest) -> FoundRing {
    match nest {
        Nest::Ring(spots) => spots
            .into_iter()
            .enumerate()
            .map(|(i, spot)| match spot {
                Spot::At(at) => Ok(at),
                Spot::Bad(text) => Err((i + 1, text)),
            })
            .collect(),
        Nest::Empty => Ok(Vec::new()),
        Nest::Point(Spot::At([x, y])) => Err((1, format!("[{x}, {y}]"))),
        Nest::Point(Spot::Bad(text)) | Nest::Other(text) => Err((1, text)),
        Nest::List(_) => Err((1, "[[…".to_owned())),
    }
}

/// The text with `NaN`, `Infinity` and `-Infinity` outside strings written as `null`; `None`
/// when there is none of them.
fn without_nan(text: &str) -> Option<String> {
    let (mut repaired, mut rest, mut found) = (String::with_capacity(text.len()), text, false);
    let (mut in_string, mut escaped) = (false, false);
    while let Some(next) = rest.chars().next() {
        let word = match in_string {
            false => ["NaN", "-Infinity", "Infinity"].into_iter().find(|w| rest.starts_with(w)),
            true => None,
        };
        if let Some(word) = word {
            found = true;
            repaired.push_str("null");
            rest = &rest[word.len()..];
            continue;
        }
        match next {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        repaired.push(next);
        rest = &rest[next.len_utf8()..];
    }
    found.then_some(repaired)
}
