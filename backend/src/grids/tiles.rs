//! Vector tiles of editions. An edition never changes, so neither do they: they are kept.

use super::features::no_edition;
use super::store::map;
use crate::app::App;
use crate::call::{Routes, Row, Shape};
use crate::refuse::Refused;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::grids::{CELL_TILES, PROBLEM_TILES};
use domain::ids::EditionId;
use domain::{Kind, Refusal, Verb, Who};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// The media type of a vector tile.
pub const MVT: &str = "application/vnd.mapbox-vector-tile";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Deeper than a map can show.
const ZOOM_MAX: i32 = 24;
/// What kept tiles may weigh together: a whole city of 20,000 cells is some 3 MB, and takes a
/// second to make.
const KEPT_BYTES: u64 = 64 << 20;
/// What keeping a tile costs besides its bytes.
const KEPT_BESIDE: u64 = 128;

/// A tile of an edition: the statement it is made by, the edition, zoom, column and row.
type Key = (&'static str, i64, [i32; 3]);

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Bytes> for ByBytes {
    fn weight(&self, _: &Key, tile: &Bytes) -> u64 {
        tile.len() as u64 + KEPT_BESIDE
    }
}

/// Tiles made before, the least used of them forgotten. Whoever asks for one that is being made
/// waits for it.
pub struct Kept(Cache<Key, Bytes, ByBytes>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::with_weighter(2_048, KEPT_BYTES, ByBytes))
    }
}

/// The tile routes.
pub fn routes() -> Routes {
    let row = |name, path, about| Row {
        name,
        verb: Verb::Get,
        path,
        who: Who::Anyone,
        about,
        shape: Shape::Plain { asks: &[], takes: "", gives: MVT },
    };
    Routes::new()
        .plain(
            row("cell_tile", CELL_TILES, "A vector tile of an edition's cells and blank zones."),
            get(|app, path| serve(map::CELL_TILE, app, path)),
        )
        .plain(
            row("problem_tile", PROBLEM_TILES, "A vector tile of an edition's problems."),
            get(|app, path| serve(map::PROBLEM_TILE, app, path)),
        )
}

/// A tile's zoom, column and row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TileAt(pub [i32; 3]);

impl TileAt {
    /// Reads the three numbers.
    ///
    /// # Errors
    /// Missing when there is no such tile.
    pub fn read(z: &str, x: &str, y: &str) -> Result<Self, Refusal> {
        let figures = [z, x, y].map(|text| text.parse::<i32>().ok());
        match figures {
            [Some(z @ 0..=ZOOM_MAX), Some(x), Some(y)]
                if (0..1 << z).contains(&x) && (0..1 << z).contains(&y) =>
            {
                Ok(Self([z, x, y]))
            }
            _ => Err(Refusal::new(
                Kind::Missing,
                format!("没有这个瓦片：层级 0 到 {ZOOM_MAX}，行列号应小于 2 的层级次方。"),
                format!(
                    "There is no such tile: zoom is 0 to {ZOOM_MAX}, column and row are less \
                     than 2 to the power of the zoom."
                ),
            )),
        }
    }
}

async fn serve(
    statement: &'static str,
    State(app): State<App>,
    Path([edition, z, x, y]): Path<[String; 4]>,
) -> Result<Response, Refused> {
    let TileAt([z, x, y]) = TileAt::read(&z, &x, &y)?;
    let id: i64 = edition.parse().map_err(|_| no_edition(EditionId(0)))?;
    let key = (statement, id, [z, x, y]);
    let tile = app.tiles.0.get_or_insert_async(&key, make(&app, key)).await?;
    Ok(([(header::CONTENT_TYPE, MVT), (header::CACHE_CONTROL, IMMUTABLE)], tile).into_response())
}

async fn make(app: &App, (statement, id, [z, x, y]): Key) -> Result<Bytes, Refused> {
    let db = app.db.client().await?;
    if id != app.live.now().edition.id.0 && !map::has_edition(&**db, EditionId(id)).await? {
        return Err(no_edition(EditionId(id)).into());
    }
    let statement = db.prepare_cached(statement).await?;
    let tile: Vec<u8> = db.query_one(&statement, &[&id, &z, &x, &y]).await?.get("tile");
    Ok(tile.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_lies_within_its_zoom() {
        assert_eq!(TileAt::read("0", "0", "0"), Ok(TileAt([0, 0, 0])));
        assert_eq!(TileAt::read("3", "7", "7"), Ok(TileAt([3, 7, 7])));
        for (z, x, y) in [("3", "8", "0"), ("3", "0", "-1"), ("25", "0", "0"), ("a", "0", "0")] {
            assert!(TileAt::read(z, x, y).is_err(), "{z} {x} {y}");
        }
    }
}
