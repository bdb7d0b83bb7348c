//! What we draw ourselves: cells, names, blank zones, problems, reports, and what is selected.

use crate::address::{At, Layer};
use crate::figures;
use crate::map::base::{FONT, FONT_STRONG};
use crate::map::colours::Colours;
use crate::map::picture::Shape;
use crate::map::style::{Look, Selected};
use domain::grids::ProblemKind;
use domain::word::Word;
use serde_json::{Value, json};

/// Which mark a kind of problem is drawn with: shape tells the kind, not colour.
pub const fn mark_of(kind: ProblemKind) -> Shape {
    match kind {
        ProblemKind::Overlap | ProblemKind::SliverOverlap | ProblemKind::Duplicate => {
            Shape::Squares
        }
        ProblemKind::Gap | ProblemKind::SliverGap => Shape::Square,
        ProblemKind::Mismatch | ProblemKind::InvalidRing | ProblemKind::SelfCrossing => {
            Shape::Triangle
        }
        _ => Shape::Diamond,
    }
}

/// What a feature's colour class looks like; a blank zone has the class of its owner.
fn by_class(of: impl Fn(&str) -> Value, colours: &Colours) -> Value {
    let class = json!(["%", ["to-number", ["get", "colour"], 0], colours.hues.len()]);
    let mut choice = vec![json!("match"), class];
    for (number, colour) in colours.hues.iter().enumerate() {
        choice.extend([json!(number), of(colour)]);
    }
    choice.push(of(colours.hues[0]));
    Value::Array(choice)
}

fn by_zoom(stops: &[(f64, f64)]) -> Value {
    let mut curve = vec![json!("interpolate"), json!(["linear"]), json!(["zoom"])];
    curve.extend(stops.iter().flat_map(|(zoom, value)| [json!(zoom), json!(value)]));
    Value::Array(curve)
}

fn hidden(look: &Look<'_>, layer: Layer) -> Value {
    json!({"visibility": if look.address.shows(layer) { "visible" } else { "none" }})
}

fn with(mut layer: Value, look: &Look<'_>, of: Layer) -> Value {
    let shown = hidden(look, of);
    match layer.get_mut("layout") {
        Some(layout) => layout["visibility"] = shown["visibility"].clone(),
        None => layer["layout"] = shown,
    }
    layer
}

/// Tints of the cells and the hatch of the blank zones: under names and lines.
pub fn areas(look: &Look<'_>, colours: &Colours) -> Vec<Value> {
    vec![
        with(
            json!({"id": "cell-tint", "type": "fill", "source": "cells", "source-layer": "cells3",
                   "paint": {"fill-color": by_class(|c| json!(c), colours),
                             "fill-opacity": colours.tint, "fill-antialias": false}}),
            look,
            Layer::Cells,
        ),
        with(
            json!({"id": "zone-ground", "type": "fill", "source": "cells",
                   "source-layer": "blank_zones",
                   "paint": {"fill-color": colours.halo, "fill-opacity": 0.55}}),
            look,
            Layer::Zones,
        ),
        with(
            json!({"id": "zone-hatch", "type": "fill", "source": "cells",
                   "source-layer": "blank_zones",
                   "paint": {"fill-pattern":
                       by_class(|c| json!(Shape::Hatch.named(c)), colours)}}),
            look,
            Layer::Zones,
        ),
        with(
            json!({"id": "zone-edge", "type": "line", "source": "cells",
                   "source-layer": "blank_zones",
                   "paint": {"line-color": by_class(|c| json!(c), colours),
                             "line-width": by_zoom(&[(11.0, 0.8), (17.0, 1.6)])}}),
            look,
            Layer::Zones,
        ),
    ]
}

/// Borders of the three levels: the thicker, the higher.
pub fn borders(look: &Look<'_>, colours: &Colours) -> Vec<Value> {
    let line = |level: u8, width: Value, opacity: Value| {
        with(
            json!({"id": format!("border-{level}"), "type": "line", "source": "cells",
                   "source-layer": format!("cells{level}"), "layout": {"line-join": "round"},
                   "paint": {"line-color": colours.border, "line-width": width,
                             "line-opacity": opacity}}),
            look,
            Layer::Cells,
        )
    };
    vec![
        line(
            3,
            by_zoom(&[(11.0, 0.4), (14.0, 0.9), (18.0, 1.6)]),
            by_zoom(&[(11.0, 0.35), (15.0, 0.75)]),
        ),
        line(2, by_zoom(&[(9.0, 0.7), (14.0, 1.9), (18.0, 3.0)]), json!(0.85)),
        line(1, by_zoom(&[(8.0, 1.6), (14.0, 3.4), (18.0, 5.0)]), json!(0.9)),
    ]
}

/// The names of the cells, the higher levels first where there is no room for all.
pub fn names(look: &Look<'_>, colours: &Colours) -> Vec<Value> {
    let name = |level: u8, size: Value, font: &str, padding: Value, most_zoom: f64| {
        let (anchors, offset) = match level {
            3 => (json!(["center"]), 0.0),
            _ => (json!(["center", "top", "bottom", "left", "right"]), 0.9),
        };
        with(
            json!({"id": format!("name-{level}"), "type": "symbol", "source": "cells",
                   "source-layer": "labels", "filter": ["==", ["get", "level"], level],
                   "maxzoom": most_zoom,
                   "layout": {"text-field": ["get", "name"], "text-font": [font],
                              "text-size": size, "text-max-width": 8, "text-padding": padding,
                              "text-variable-anchor": anchors, "text-radial-offset": offset,
                              "text-line-height": 1.25,
                              "text-letter-spacing": if level == 3 { 0.0 } else { 0.08 }},
                   "paint": {"text-color": colours.name, "text-halo-color": colours.halo,
                             "text-halo-width": 1.6, "text-halo-blur": 0.3,
                             "text-opacity": if level == 3 { 0.92 } else { 1.0 }}}),
            look,
            Layer::Labels,
        )
    };
    // Until the cells are large their names stand far apart, and those above them say where we are.
    let whole = look.whole_zoom();
    let apart = by_zoom(&[(whole - 0.5, 70.0), (whole + 1.4, 5.0)]);
    vec![
        name(3, by_zoom(&[(13.0, 11.0), (17.0, 14.0)]), FONT, apart, 24.0),
        name(2, by_zoom(&[(10.0, 12.0), (15.0, 16.0)]), FONT_STRONG, json!(6), whole + 3.2),
        name(1, by_zoom(&[(7.0, 13.0), (12.0, 19.0)]), FONT_STRONG, json!(10), whole + 0.6),
    ]
}

/// Problems: a pattern where they have an area, a line where they have none, and a mark each.
pub fn problems(look: &Look<'_>, colours: &Colours) -> Vec<Value> {
    let by_kind = |of: &dyn Fn(Shape) -> String| {
        let mut choice = vec![json!("match"), json!(["get", "kind"])];
        for kind in ProblemKind::ALL {
            choice.extend([json!(kind.code()), json!(of(mark_of(*kind)))]);
        }
        choice.push(json!(of(Shape::Triangle)));
        Value::Array(choice)
    };
    let pattern = |mark: Shape| match mark {
        Shape::Square => Shape::Dots.named(colours.problem),
        _ => Shape::Cross.named(colours.problem),
    };
    let shown = |layer| with(layer, look, Layer::Problems);
    vec![
        shown(json!({"id": "problem-area", "type": "fill", "source": "problems",
                     "source-layer": "problems",
                     "filter": ["==", ["geometry-type"], "Polygon"],
                     "paint": {"fill-pattern": by_kind(&pattern)}})),
        shown(json!({"id": "problem-line", "type": "line", "source": "problems",
                     "source-layer": "problems",
                     "filter": ["!=", ["geometry-type"], "Point"],
                     "paint": {"line-color": colours.problem, "line-width": 1.6}})),
        shown(json!({"id": "problem-mark", "type": "symbol", "source": "problems",
                     "source-layer": "problem_points",
                     "layout": {"icon-image": by_kind(&|mark| mark.named(colours.problem)),
                                "icon-size": 0.85, "icon-padding": 1,
                                "icon-allow-overlap": ["step", ["zoom"], false, 15, true]}})),
    ]
}

/// Reports: a ring with a number where several are taken together, a dot for one.
pub fn reports(look: &Look<'_>, colours: &Colours) -> Vec<Value> {
    let count = json!(["get", "count"]);
    let shown = |layer| with(layer, look, Layer::Reports);
    vec![
        shown(json!({"id": "report-cluster", "type": "circle", "source": "reports",
                     "source-layer": "report_counts",
                     "paint": {"circle-color": colours.report, "circle-opacity": 0.78,
                               "circle-radius": ["interpolate", ["linear"], ["sqrt", count],
                                                 1, 7, 10, 12, 40, 21],
                               "circle-stroke-color": colours.on_report,
                               "circle-stroke-width": 1.2, "circle-stroke-opacity": 0.75}})),
        shown(json!({"id": "report-point", "type": "circle", "source": "reports",
                     "source-layer": "reports",
                     "paint": {"circle-color": colours.report,
                               "circle-radius": by_zoom(&[(14.0, 2.4), (16.0, 4.0), (18.0, 5.5)]),
                               "circle-stroke-color": colours.on_report,
                               "circle-stroke-width": by_zoom(&[(14.0, 0.5), (16.0, 1.2)])}})),
        shown(json!({"id": "report-fresh", "type": "circle", "source": "fresh",
                     "paint": {"circle-color": colours.accent, "circle-radius": 6,
                               "circle-stroke-color": colours.halo,
                               "circle-stroke-width": 2.5}})),
        shown(json!({"id": "report-count", "type": "symbol", "source": "reports",
                     "source-layer": "report_counts",
                     "layout": {"text-field": ["number-format", count, {"locale": "en"}],
                                "text-font": [FONT_STRONG], "text-size": 11.5,
                                "text-allow-overlap": true},
                     "paint": {"text-color": colours.on_report}})),
    ]
}

/// The selected cell and blank zone, and the neighbour.
pub fn selection(look: &Look<'_>, colours: &Colours) -> Vec<Value> {
    let mut drawn = Vec::new();
    let mut outline = |id: &str, layer: &str, filter: Value, paint: Value| {
        drawn.push(json!({"id": id, "type": "line", "source": "cells", "source-layer": layer,
                          "filter": filter, "layout": {"line-join": "round"}, "paint": paint}));
    };
    if let Some(code) = look.neighbour {
        outline(
            "neighbour",
            "cells3",
            json!(["==", ["get", "code"], code]),
            json!({"line-color": colours.halo, "line-width": 5.5, "line-opacity": 0.9}),
        );
        outline(
            "neighbour-edge",
            "cells3",
            json!(["==", ["get", "code"], code]),
            json!({"line-color": colours.neighbour, "line-width": 3,
                   "line-dasharray": [2.4, 1.5]}),
        );
    }
    if let Some(Selected { code, level }) = &look.selected {
        let layer = format!("cells{level}");
        let filter = json!(["==", ["get", "code"], code]);
        outline(
            "selected-halo",
            &layer,
            filter.clone(),
            json!({"line-color": colours.halo, "line-width": 7, "line-opacity": 0.85}),
        );
        outline(
            "selected-edge",
            &layer,
            filter.clone(),
            json!({"line-color": colours.accent, "line-width": 3.6}),
        );
        drawn.push(json!({"id": "selected-fill", "type": "fill", "source": "cells",
                          "source-layer": layer, "filter": filter,
                          "paint": {"fill-color": colours.accent, "fill-opacity": 0.12}}));
    }
    if let Some(zone) = look.zone {
        drawn.push(json!({"id": "selected-zone", "type": "line", "source": "cells",
                          "source-layer": "blank_zones",
                          "filter": ["==", ["get", "zone"], zone],
                          "paint": {"line-color": colours.accent, "line-width": 1.8}}));
    }
    drawn
}

/// The place asked about: its accuracy circle and a ring with a dot.
pub fn place(colours: &Colours) -> Vec<Value> {
    let polygon = json!(["==", ["geometry-type"], "Polygon"]);
    let point = json!(["==", ["geometry-type"], "Point"]);
    vec![
        json!({"id": "place-circle", "type": "fill", "source": "place", "filter": polygon,
               "paint": {"fill-color": colours.accent, "fill-opacity": 0.13}}),
        json!({"id": "place-circle-edge", "type": "line", "source": "place", "filter": polygon,
               "paint": {"line-color": colours.accent, "line-width": 1.5,
                         "line-dasharray": [3, 2]}}),
        json!({"id": "place-ring", "type": "circle", "source": "place", "filter": point,
               "paint": {"circle-radius": 11, "circle-color": colours.halo,
                         "circle-opacity": 0.35, "circle-stroke-color": colours.accent,
                         "circle-stroke-width": 3}}),
        json!({"id": "place-dot", "type": "circle", "source": "place", "filter": point,
               "paint": {"circle-radius": 4, "circle-color": colours.accent,
                         "circle-stroke-color": colours.halo, "circle-stroke-width": 1.5}}),
    ]
}

/// The place asked about as GeoJSON.
pub fn place_data(at: Option<At>) -> Value {
    let mut features = Vec::new();
    if let Some(At { lng, lat, accuracy_m }) = at {
        if let Some(radius_m) = accuracy_m {
            let ring = figures::circle(lng, lat, radius_m);
            features.push(json!({"type": "Feature", "properties": {},
                                 "geometry": {"type": "Polygon", "coordinates": [ring]}}));
        }
        features.push(point(lng, lat));
    }
    json!({"type": "FeatureCollection", "features": features})
}

/// Points as GeoJSON.
pub fn points(places: &[[f64; 2]]) -> Value {
    let features: Vec<Value> = places.iter().map(|[lng, lat]| point(*lng, *lat)).collect();
    json!({"type": "FeatureCollection", "features": features})
}

fn point(lng: f64, lat: f64) -> Value {
    json!({"type": "Feature", "properties": {},
           "geometry": {"type": "Point", "coordinates": [lng, lat]}})
}
