//! GeoPackages (OGC 12-128): a SQLite database with a table of features.

use super::shape::Shaper;
use super::{Format, Options, Row, Summary, crs, wkb, wkt};
use domain::refusal::{Both, Kind, Refusal};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement};
use serde_json::{Map, Number, Value};
use spatial::projection::Crs;
use std::path::Path;

/// A table of features.
#[derive(Clone, Debug)]
struct Layer {
    table: String,
    geometry: String,
    srs_id: i64,
}

/// Reads the database's one layer, or the one the options name.
pub(super) fn read(
    path: &Path,
    options: &Options,
    sink: &mut dyn FnMut(Row),
) -> Result<Summary, Refusal> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(bad)?;
    // nothing the file brings along (views, triggers, functions) is trusted
    database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;").map_err(bad)?;
    let layer = pick(layers(&database)?, options)?;
    let crs = match options.crs {
        Some(stated) => stated,
        None => reference_system(&database, layer.srs_id)?,
    };
    let columns = columns(&database, &layer)?;
    let list: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    let text = format!("SELECT {} FROM {}", list.join(", "), quoted(&layer.table));
    let mut statement = database.prepare(&text).map_err(bad)?;
    let mut shaper = Shaper::new(crs, sink);
    features(&mut statement, &columns, &mut shaper, options.feature_max_bytes)?;
    shaper.finish(Format::GeoPackage)
}

/// Hands over every row; the first column is the geometry.
fn features(
    statement: &mut Statement<'_>,
    columns: &[String],
    shaper: &mut Shaper<'_>,
    max: usize,
) -> Result<(), Refusal> {
    let mut rows = statement.query([]).map_err(bad)?;
    loop {
        let number = shaper.after_last().number + 1;
        let Some(row) = rows.next().map_err(|e| broken_at(number, &e))? else { return Ok(()) };
        let mut draft = shaper.begin();
        match row.get_ref(0).map_err(bad)? {
            ValueRef::Null => {}
            ValueRef::Blob(blob) if blob.len() > max => {
                let reason = Both::new("图形过大，未读取", "its geometry is too long; left out");
                shaper.problem(&mut draft, None, reason);
            }
            ValueRef::Blob(blob) => wkb::geopackage(shaper, &mut draft, blob),
            _ => {
                let reason =
                    Both::new("图形不是二进制，未导入", "its geometry is no blob; left out");
                shaper.problem(&mut draft, None, reason);
            }
        }
        let mut properties = Map::new();
        for (i, name) in columns.iter().enumerate().skip(1) {
            properties.insert(name.clone(), value(row.get_ref(i).map_err(bad)?));
        }
        shaper.end(draft, properties);
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        ValueRef::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
    }
}

fn layers(database: &Connection) -> Result<Vec<Layer>, Refusal> {
    let text = "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns";
    let mut statement = database.prepare(text).map_err(|_| {
        Refusal::new(
            Kind::Invalid,
            "这是 SQLite 数据库，但不是 GeoPackage（没有 gpkg_geometry_columns 表）。",
            "This is a SQLite database but no GeoPackage (no table gpkg_geometry_columns).",
        )
    })?;
    let found = statement.query_map([], |row| {
        Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, srs_id: row.get(2)? })
    });
    found.map_err(bad)?.collect::<Result<_, _>>().map_err(bad)
}

fn pick(layers: Vec<Layer>, options: &Options) -> Result<Layer, Refusal> {
    let names: Vec<String> = layers.iter().map(|layer| layer.table.clone()).collect();
    let mut fitting: Vec<Layer> = match &options.layer {
        Some(wanted) => layers.into_iter().filter(|layer| layer.table == *wanted).collect(),
        None => layers,
    };
    match (fitting.pop(), fitting.is_empty()) {
        (Some(layer), true) => Ok(layer),
        _ if names.is_empty() => Err(Refusal::new(
            Kind::Invalid,
            "GeoPackage 中没有要素图层。",
            "The GeoPackage holds no layer of features.",
        )),
        _ => Err(super::which_layer(&names)),
    }
}

/// The columns of a layer, the geometry first.
fn columns(database: &Connection, layer: &Layer) -> Result<Vec<String>, Refusal> {
    let mut names = vec![layer.geometry.clone()];
    database
        .pragma(None, "table_info", &layer.table, |row| {
            let name: String = row.get("name")?;
            if !name.eq_ignore_ascii_case(&layer.geometry) {
                names.push(name);
            }
            Ok(())
        })
        .map_err(bad)?;
    Ok(names)
}

/// The reference system with this number in the file's own list.
fn reference_system(database: &Connection, srs_id: i64) -> Result<Crs, Refusal> {
    let text = "SELECT organization, organization_coordsys_id, definition \
                FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let row = database.query_row(text, [srs_id], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    });
    let Ok((organization, code, definition)) = row else {
        return crs::from_name(&format!("srs_id {srs_id}"));
    };
    if organization.eq_ignore_ascii_case("EPSG")
        && let Some(crs) = u32::try_from(code).ok().and_then(Crs::from_epsg)
    {
        return Ok(crs);
    }
    match definition.as_str() {
        "" | "undefined" => crs::from_name(&format!("srs_id {srs_id}")),
        definition => wkt::parse(definition),
    }
}

/// A name as SQL takes it, whatever stands in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn bad(error: rusqlite::Error) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("GeoPackage 无法读取（{error}），请重新导出。"),
        format!("The GeoPackage cannot be read ({error}): export it again."),
    )
}

fn broken_at(number: usize, error: &rusqlite::Error) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("GeoPackage 在第 {number} 个要素处损坏（{error}），请重新导出。"),
        format!("The GeoPackage is damaged at feature {number} ({error}): export it again."),
    )
}
