//! The demo district as files, so that people can try the importers on them.

use super::district::District;
use super::plane::{P, doubled_area};
use super::times::rfc3339;
use domain::word::Word;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// A file: its name and what is in it.
pub type File = (&'static str, String);

/// The files of a district and its copies: drawn cells, jurisdiction, base map (of the first
/// only), staff, reports, what is known.
///
/// # Errors
/// Never in practice: CSV and JSON are written to memory.
pub fn all(districts: &[District]) -> anyhow::Result<Vec<File>> {
    let staff: Vec<Value> = districts.iter().map(staff).collect();
    let known: Vec<Value> = districts.iter().map(known).collect();
    let base_map = districts.first().map_or_else(String::new, |d| d.base_map.clone());
    Ok(vec![
        ("cells.geojson", collection(districts.iter().flat_map(cells))),
        ("jurisdiction.geojson", collection(districts.iter().map(jurisdiction))),
        ("basemap.geojson", base_map),
        ("staff.json", serde_json::to_string_pretty(&staff)?),
        ("reports.csv", reports(districts)?),
        ("known.json", serde_json::to_string_pretty(&known)?),
    ])
}

/// Writes the files into a folder, which is made if it is not there.
///
/// # Errors
/// When the folder or a file cannot be written.
pub fn write(districts: &[District], folder: &Path) -> anyhow::Result<Vec<&'static str>> {
    std::fs::create_dir_all(folder)?;
    let files = all(districts)?;
    for (name, text) in &files {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// A ring with seven decimals, which is the grid of positions exactly; closed, and turned as
/// GeoJSON wants it (outer rings anticlockwise).
fn ring(out: &mut String, points: &[P], outer: bool) {
    let mut order: Vec<P> = points.to_vec();
    if (doubled_area(points) > 0.0) != outer {
        order.reverse();
    }
    order.push(order[0]);
    out.push('[');
    for (i, point) in order.iter().enumerate() {
        let at = point.position();
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(out, "{comma}[{:.7},{:.7}]", at.lng_deg(), at.lat_deg());
    }
    out.push(']');
}

fn collection(features: impl Iterator<Item = String>) -> String {
    let features: Vec<String> = features.collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"synthetic\":true,\"features\":[\n{}\n]}}\n",
        features.join(",\n")
    )
}

fn feature(properties: &Value, rings: &[Vec<P>]) -> String {
    let mut out = format!(r#"{{"type":"Feature","properties":{properties},"geometry":"#);
    out.push_str(r#"{"type":"Polygon","coordinates":["#);
    for (i, points) in rings.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        ring(&mut out, points, i == 0);
    }
    out.push_str("]}}");
    out
}

fn cells(district: &District) -> impl Iterator<Item = String> {
    district.cells.iter().map(|cell| {
        let parent = super::staff::community_code(&cell.code);
        let community = district.communities.iter().find(|c| c.code == parent);
        let properties = json!({
            "code": cell.code,
            "name": cell.name,
            "parent": parent,
            "parent_name": community.map(|c| &c.name),
            "street": district.code,
            "street_name": district.name,
            "synthetic": true,
        });
        feature(&properties, &cell.rings)
    })
}

fn jurisdiction(district: &District) -> String {
    let properties = json!({ "code": district.code, "name": district.name, "synthetic": true });
    feature(&properties, std::slice::from_ref(&district.jurisdiction))
}

fn staff(district: &District) -> Value {
    let units: Vec<Value> = district
        .staff
        .units
        .iter()
        .map(|unit| json!({ "name": unit.name, "kind": unit.kind.code() }))
        .collect();
    let people: Vec<Value> = district
        .staff
        .people
        .iter()
        .map(|person| {
            let posts: Vec<Value> = person
                .posts
                .iter()
                .map(|p| json!({ "level": p.level, "cell": p.cell, "role": p.role.code() }))
                .collect();
            json!({
                "name": person.name,
                "role": person.role.code(),
                "unit": district.staff.units[person.unit].name,
                "posts": posts,
            })
        })
        .collect();
    json!({ "synthetic": true, "units": units, "people": people })
}

fn reports(districts: &[District]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "key",
        "lon",
        "lat",
        "accuracy_m",
        "channel",
        "category",
        "text",
        "happened_at",
        "received_at",
        "synthetic",
    ])?;
    for report in districts.iter().flat_map(|d| &d.reports) {
        writer.write_record([
            report.key.as_str(),
            &format!("{:.7}", report.at.lng_deg()),
            &format!("{:.7}", report.at.lat_deg()),
            &report.accuracy_m.map(|m| m.to_string()).unwrap_or_default(),
            report.channel.code(),
            &report.category,
            &report.text,
            &rfc3339(report.happened_at_s),
            &rfc3339(report.received_at_s),
            "true",
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// What an importer should find: strips left blank on purpose, mistakes made on purpose.
fn known(district: &District) -> Value {
    let mistakes: Vec<Value> =
        district.known.iter().map(|k| json!({ "kind": k.kind, "cells": k.cells })).collect();
    let strips: Vec<Value> = district
        .blanks
        .iter()
        .map(|b| {
            let (lng, lat) = super::plane::centroid(&b.ring).degrees();
            json!({
                "at": [(lng * 1e6).round() / 1e6, (lat * 1e6).round() / 1e6],
                "width_m": (b.width_m * 10.0).round() / 10.0,
                "open_to_street": b.open,
                "pile": b.pile,
            })
        })
        .collect();
    json!({
        "synthetic": true,
        "cells": district.cells.len(),
        "communities": district.communities.len(),
        "strips": strips,
        "mistakes": mistakes,
    })
}
