//! Independent answers to "which drawn polygons hold this point, and how near is a border":
//! floating point, by the `geo` crate, on the coordinates as they stand in the file.

use crate::shared::text;
use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon, Rect};
use serde_json::Value;
use std::path::Path;

/// A polygon of a file with its code.
pub struct Drawn {
    pub code: String,
    shape: MultiPolygon<f64>,
    window: Rect<f64>,
}

/// What is known of a point.
#[derive(Debug, PartialEq)]
pub struct Truth {
    /// The codes of the polygons that hold it, ascending.
    pub codes: Vec<String>,
    /// Whether some drawn border is at most a metre away.
    pub near_a_border: bool,
}

/// The polygons of a GeoJSON file by the property that is their code.
pub fn read(path: &Path, code: &str) -> Vec<Drawn> {
    let whole: Value = serde_json::from_str(&text(path)).expect("JSON");
    let features = whole["features"].as_array().expect("a list of features");
    let drawn = |feature: &Value| {
        let shape = shape(&feature["geometry"]);
        let window = shape.bounding_rect().expect("not empty");
        let code = feature["properties"][code].as_str().expect("a code").to_owned();
        Drawn { code, shape, window }
    };
    features.iter().map(drawn).collect()
}

fn shape(geometry: &Value) -> MultiPolygon<f64> {
    let polygons = match geometry["type"].as_str() {
        Some("Polygon") => vec![polygon(&geometry["coordinates"])],
        _ => geometry["coordinates"].as_array().expect("parts").iter().map(polygon).collect(),
    };
    MultiPolygon(polygons)
}

fn polygon(rings: &Value) -> Polygon<f64> {
    let number = |value: &Value| value.as_f64().expect("a number");
    let at = |at: &Value| Coord { x: number(&at[0]), y: number(&at[1]) };
    let line = |ring: &Value| ring.as_array().expect("points").iter().map(at).collect();
    let mut rings = rings.as_array().expect("rings").iter().map(line);
    let outer: LineString<f64> = rings.next().expect("an outer ring");
    Polygon::new(outer, rings.collect())
}

/// What holds a point, of all that was drawn.
pub fn truth(drawn: &[Drawn], lng: f64, lat: f64) -> Truth {
    let margin_deg = 5e-5;
    let near = |window: &Rect<f64>| {
        (window.min().x - margin_deg..=window.max().x + margin_deg).contains(&lng)
            && (window.min().y - margin_deg..=window.max().y + margin_deg).contains(&lat)
    };
    let candidates: Vec<&Drawn> = drawn.iter().filter(|one| near(&one.window)).collect();
    let holding = candidates.iter().filter(|one| one.shape.contains(&Point::new(lng, lat)));
    let mut codes: Vec<String> = holding.map(|one| one.code.clone()).collect();
    codes.sort_unstable();
    let near_a_border = candidates.iter().any(|one| border_within_a_metre(&one.shape, lng, lat));
    Truth { codes, near_a_border }
}

/// Distance on the local plane; a thousandth is added so that doubt counts as near.
fn border_within_a_metre(shape: &MultiPolygon<f64>, lng: f64, lat: f64) -> bool {
    let (east_m, north_m) = (111_320.0 * lat.to_radians().cos(), 110_574.0);
    let metres = |at: Coord<f64>| ((at.x - lng) * east_m, (at.y - lat) * north_m);
    let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings.flat_map(LineString::lines).any(|line| {
        let ((ax, ay), (bx, by)) = (metres(line.start), metres(line.end));
        let (dx, dy) = (bx - ax, by - ay);
        let length2 = dx * dx + dy * dy;
        let along =
            if length2 > 0.0 { (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
        (ax + along * dx).hypot(ay + along * dy) <= 1.001 * 1.01
    })
}
