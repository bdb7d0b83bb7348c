//! The base map: which one is drawn under the grids, as configured.

use super::upstream;
use crate::call::{Asked, Routes};
use crate::config::ServeConfig;
use crate::refuse::Refused;
use anyhow::{Context, bail};
use domain::Datum;
use domain::grids::{BaseMap, BaseMapKind, ShowBaseMap};
use std::path::{Path, PathBuf};

/// The file that describes the base map when none is named: the demo writes it.
const FILE: &str = "base-map/base-map.json";

/// The call for it.
pub fn routes() -> Routes {
    Routes::new().call(show)
}

async fn show(asked: Asked, _: ShowBaseMap) -> Result<BaseMap, Refused> {
    Ok((*asked.app.base_map).clone())
}

/// The address and the path of the base map's own file, where it has one: the file beside the
/// description, and no other of that folder.
pub fn file(map: &BaseMap, config: &ServeConfig, data_dir: &Path) -> Option<(String, PathBuf)> {
    let name = map.url.strip_prefix("/base-map/")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if map.kind == BaseMapKind::Raster || name.starts_with('.') || !name.chars().all(plain) {
        return None;
    }
    let description = config.base_map.clone().unwrap_or_else(|| data_dir.join(FILE));
    Some((map.url.clone(), description.with_file_name(name)))
}

/// Reads the description of the base map; none when none is configured.
///
/// # Errors
/// When a file is named that is not there or is no description.
pub fn read(config: &ServeConfig, data_dir: &Path) -> anyhow::Result<BaseMap> {
    let file = config.base_map.clone().unwrap_or_else(|| data_dir.join(FILE));
    if config.base_map.is_none() && !file.exists() {
        return Ok(BaseMap {
            kind: BaseMapKind::Empty,
            url: String::new(),
            datum: Datum::Cgcs2000,
            attribution: String::new(),
            min_zoom: 0,
            max_zoom: 22,
        });
    }
    let name = file.display();
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("the base map {name} cannot be read / 无法读取底图说明 {name}"))?;
    let mut map: BaseMap = serde_json::from_str(&text)
        .with_context(|| format!("{name} does not describe a base map / {name} 不是底图说明"))?;
    let tiles = map.kind == BaseMapKind::Raster;
    if tiles && matches!(map.datum, Datum::Gcj02 | Datum::Bd09) {
        bail!(
            "{name}: raster tiles in {} lie hundreds of metres off and cannot be shifted; use \
             tiles in WGS 84 or CGCS2000. / {name}：该瓦片坐标系有数百米偏移，请改用 WGS84 或 \
             CGCS2000 的瓦片。",
            map.datum
        );
    }
    if tiles && config.base_map_upstream.is_some() {
        upstream::ADDRESS.clone_into(&mut map.url);
    }
    Ok(map)
}
