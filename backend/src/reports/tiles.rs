//! Vector tiles of reports: counts on a grid when far, single points when near.

use super::store;
use crate::app::App;
use crate::call::{Routes, Row, Shape};
use crate::grids::tiles::{MVT, TileAt};
use crate::refuse::Refused;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::reports::{REPORT_POINTS_FROM_ZOOM, REPORT_TILES};
use domain::{Verb, Who};

/// Reports come in all the time; a map that is looked at may lag a little.
const SHORT: &str = "public, max-age=5";

/// The tile route. Anyone may see where reports are; their texts are for those who may read them.
pub fn routes() -> Routes {
    let row = Row {
        name: "report_tile",
        verb: Verb::Get,
        path: REPORT_TILES,
        who: Who::Anyone,
        about: "A vector tile of reports: counts when far, points without texts when near.",
        shape: Shape::Plain { asks: &[], takes: "", gives: MVT },
    };
    Routes::new().plain(row, get(serve))
}

async fn serve(
    State(app): State<App>,
    Path([z, x, y]): Path<[String; 3]>,
) -> Result<Response, Refused> {
    let TileAt([z, x, y]) = TileAt::read(&z, &x, &y)?;
    let statement = match z < i32::from(REPORT_POINTS_FROM_ZOOM) {
        true => store::COUNT_TILE,
        false => store::POINT_TILE,
    };
    let db = app.db.client().await?;
    let statement = db.prepare_cached(statement).await?;
    let tile: Vec<u8> = db.query_one(&statement, &[&z, &x, &y]).await?.get("tile");
    Ok(([(header::CONTENT_TYPE, MVT), (header::CACHE_CONTROL, SHORT)], tile).into_response())
}
