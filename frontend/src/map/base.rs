//! What lies under the grids: the sources and layers of a base map of each kind.

use crate::map::colours::Colours;
use domain::grids::{BaseMap, BaseMapKind};
use domain::place::Datum;
use serde_json::{Value, json};

/// The font of all text on the map; `style/fonts.css` says where it comes from.
pub const FONT: &str = "Wangge";
/// The same, for names that matter most.
pub const FONT_STRONG: &str = "Wangge Semibold";

/// Whether tiles in this datum lie where the grids lie.
pub fn fits(base: &BaseMap) -> bool {
    base.kind != BaseMapKind::Raster || matches!(base.datum, Datum::Wgs84 | Datum::Cgcs2000)
}

/// The source, if there is one to be drawn.
pub fn source(base: &BaseMap, origin: &str) -> Option<Value> {
    if !fits(base) {
        return None;
    }
    let url =
        if base.url.starts_with('/') { format!("{origin}{}", base.url) } else { base.url.clone() };
    match base.kind {
        BaseMapKind::Empty => None,
        BaseMapKind::Geojson => Some(json!({
            "type": "geojson", "data": url, "attribution": base.attribution,
            "maxzoom": 16, "tolerance": 0.3, "buffer": 64,
        })),
        BaseMapKind::Pmtiles => Some(json!({
            "type": "vector", "url": format!("pmtiles://{url}"), "attribution": base.attribution,
        })),
        BaseMapKind::Raster => Some(json!({
            "type": "raster", "tiles": [url], "tileSize": 256, "attribution": base.attribution,
            "minzoom": base.min_zoom, "maxzoom": base.max_zoom,
        })),
    }
}

/// The layers, lowest first.
pub fn layers(base: &BaseMap, colours: &Colours, dark: bool) -> Vec<Value> {
    match base.kind {
        _ if !fits(base) => Vec::new(),
        BaseMapKind::Empty => Vec::new(),
        BaseMapKind::Geojson => geojson(colours),
        BaseMapKind::Pmtiles => pmtiles(colours),
        BaseMapKind::Raster => vec![json!({
            "id": "base-raster", "type": "raster", "source": "base",
            "paint": {"raster-saturation": -0.6, "raster-opacity": if dark { 0.45 } else { 0.8 }},
        })],
    }
}

fn kind(is: &str) -> Value {
    json!(["==", ["get", "kind"], is])
}

/// Metres on the ground as pixels: exponential interpolation is exact between two zooms.
///
/// At latitude 31.3 a pixel of a 512-pixel tile is 78,271.5 · cos(lat) / 2^zoom metres.
fn metres(width_m: Value, least: f64, more: f64) -> Value {
    let stop = |zoom: i32| {
        let pixels_per_metre = f64::from(2_i32.pow(zoom.unsigned_abs())) / (78_271.5 * 0.8545);
        json!(["+", more, ["max", least, ["*", width_m, pixels_per_metre]]])
    };
    json!(["interpolate", ["exponential", 2], ["zoom"], 10, stop(10), 13, stop(13), 22, stop(22)])
}

fn geojson(colours: &Colours) -> Vec<Value> {
    let street_width = json!(["coalesce", ["get", "width_m"], 6]);
    let fill = |id: &str, of: &str, colour: &str, min_zoom: f64| {
        json!({"id": id, "type": "fill", "source": "base", "filter": kind(of), "minzoom": min_zoom,
               "paint": {"fill-color": colour}})
    };
    // The pile between the walls is what reports are about, not a place on a map.
    let name = |id: &str, of: &str, placement: &str, colour: &str, min_zoom: f64| {
        json!({"id": id, "type": "symbol", "source": "base", "minzoom": min_zoom,
               "filter": ["all", kind(of), ["has", "name"], ["!=", ["get", "class"], "pile"]],
               "layout": {"text-field": ["get", "name"], "text-font": [FONT], "text-size": 11.5,
                          "symbol-placement": placement, "text-padding": 12,
                          "symbol-spacing": 380, "text-letter-spacing": 0.06},
               "paint": {"text-color": colour, "text-halo-color": colours.halo,
                         "text-halo-width": 1.2}})
    };
    let mut river = name("base-water-name", "water", "line", colours.water_name, 13.0);
    river["filter"] = json!([
        "all",
        kind("water"),
        ["in", ["get", "class"], ["literal", ["canal", "creek", "river", "stream"]]]
    ]);
    vec![
        json!({"id": "base-plot", "type": "fill", "source": "base", "filter": kind("landuse"),
               "minzoom": 11, "paint": {"fill-color": ["match", ["get", "class"],
                   ["industrial"], colours.works, ["commercial"], colours.shops,
                   ["education", "hospital"], colours.public, ["park"], colours.green,
                   colours.plot]}}),
        fill("base-green", "green", colours.green, 0.0),
        json!({"id": "base-water", "type": "fill", "source": "base",
               "filter": ["all", kind("water"), ["==", ["geometry-type"], "Polygon"]],
               "paint": {"fill-color": colours.water}}),
        json!({"id": "base-stream", "type": "line", "source": "base",
               "filter": ["all", kind("water"), ["==", ["geometry-type"], "LineString"]],
               "layout": {"line-cap": "round", "line-join": "round"},
               "paint": {"line-color": colours.water,
                         "line-width": metres(street_width.clone(), 0.8, 0.0)}}),
        json!({"id": "base-street-edge", "type": "line", "source": "base", "minzoom": 13,
               "filter": kind("street"),
               "layout": {"line-cap": "round", "line-join": "round"},
               "paint": {"line-color": colours.street_edge,
                         "line-width": metres(street_width.clone(), 0.6, 1.6)}}),
        json!({"id": "base-street", "type": "line", "source": "base",
               "filter": kind("street"),
               "layout": {"line-cap": "round", "line-join": "round"},
               "paint": {"line-color": colours.street,
                         "line-width": metres(street_width, 0.7, 0.0)}}),
        json!({"id": "base-building", "type": "fill", "source": "base", "minzoom": 14.2,
               "filter": kind("building"),
               "paint": {"fill-color": colours.building,
                         "fill-outline-color": colours.building_edge,
                         "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14.2, 0, 15, 1]}}),
        json!({"id": "base-wall", "type": "line", "source": "base", "minzoom": 15,
               "filter": kind("wall"),
               "paint": {"line-color": colours.wall,
                         "line-width": ["interpolate", ["linear"], ["zoom"], 15, 0.7, 19, 2.6]}}),
        river,
        name("base-street-name", "street", "line", colours.street_name, 14.0),
        name("base-place-name", "place", "point", colours.street_name, 15.2),
    ]
}

/// For archives in the widespread basic layout: water, landuse, roads, buildings.
fn pmtiles(colours: &Colours) -> Vec<Value> {
    let fill = |layer: &str, colour: &str| {
        json!({"id": format!("base-{layer}"), "type": "fill", "source": "base",
               "source-layer": layer, "filter": ["==", ["geometry-type"], "Polygon"],
               "paint": {"fill-color": colour}})
    };
    let roads = |id: &str, colour: &str, more: f64| {
        json!({"id": id, "type": "line", "source": "base", "source-layer": "roads",
               "layout": {"line-cap": "round", "line-join": "round"},
               "paint": {"line-color": colour,
                         "line-width": ["interpolate", ["exponential", 1.6], ["zoom"],
                                        8, 0.4 + more, 14, 2.0 + more, 19, 14.0 + more]}})
    };
    vec![
        fill("landuse", colours.plot),
        fill("landcover", colours.green),
        fill("water", colours.water),
        roads("base-road-edge", colours.street_edge, 1.4),
        roads("base-road", colours.street, 0.0),
        fill("buildings", colours.building),
        json!({"id": "base-road-name", "type": "symbol", "source": "base", "minzoom": 13,
               "source-layer": "roads",
               "layout": {"text-field": ["get", "name"], "text-font": [FONT], "text-size": 11.5,
                          "symbol-placement": "line"},
               "paint": {"text-color": colours.street_name, "text-halo-color": colours.halo,
                         "text-halo-width": 1.2}}),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::colours::DAY;

    fn raster(datum: Datum) -> BaseMap {
        BaseMap {
            kind: BaseMapKind::Raster,
            url: "/base/{z}/{x}/{y}.png".to_owned(),
            datum,
            attribution: String::new(),
            min_zoom: 0,
            max_zoom: 18,
        }
    }

    #[test]
    fn shifted_tiles_are_never_laid_under_the_grids() {
        for datum in [Datum::Gcj02, Datum::Bd09] {
            assert_eq!(source(&raster(datum), "http://here"), None);
            assert!(layers(&raster(datum), &DAY, false).is_empty());
        }
        for datum in [Datum::Wgs84, Datum::Cgcs2000] {
            let tiles = source(&raster(datum), "http://here").expect("a source");
            assert_eq!(tiles["tiles"][0], "http://here/base/{z}/{x}/{y}.png");
        }
    }
}
