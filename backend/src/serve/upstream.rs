//! Raster tiles fetched for browsers, so that the key of their source stays on the server.

use crate::app::App;
use crate::call::{Routes, Row, Shape};
use crate::refuse::{self, Refused};
use anyhow::{Context, bail};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{Kind, Refusal, Verb, Who};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Where browsers ask for the tiles.
pub const ADDRESS: &str = "/base-map/tiles/{z}/{x}/{y}";

/// How long the source may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many tiles are fetched at once: sources close the door to those who ask for more.
const AT_ONCE: usize = 12;
/// A tile is a picture of 256 or 512 pixels: what is larger is none.
const TILE_BYTES: u64 = 4 << 20;
/// Sources allow to keep tiles; the ground changes slowly.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=604800");

/// A source of raster tiles.
pub struct Upstream {
    /// With `{z}`, `{x}` and `{y}`. Never logged: it holds the key.
    template: String,
    http: reqwest::Client,
    turns: Semaphore,
}

impl Upstream {
    /// A source by its template.
    ///
    /// # Errors
    /// When the template is none.
    pub fn new(template: &str) -> anyhow::Result<Self> {
        let whole = ["{z}", "{x}", "{y}"].iter().all(|part| template.contains(part));
        if !whole || !template.starts_with("http") {
            bail!(
                "the base map's upstream is no address with {{z}}, {{x}} and {{y}} / \
                 底图瓦片来源应为含 {{z}}、{{x}}、{{y}} 的网址"
            );
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
        Ok(Self { template: template.to_owned(), http, turns: Semaphore::new(AT_ONCE) })
    }

    /// A tile and its media type.
    async fn tile(&self, [z, x, y]: [u32; 3]) -> anyhow::Result<(HeaderValue, Bytes)> {
        let _turn = self.turns.acquire().await?;
        let address = self.template.replace("{z}", &z.to_string());
        let address = address.replace("{x}", &x.to_string()).replace("{y}", &y.to_string());
        let answer = self.http.get(address).send().await.map_err(reqwest::Error::without_url)?;
        let answer = answer.error_for_status().map_err(reqwest::Error::without_url)?;
        let media_type = answer.headers().get(header::CONTENT_TYPE).cloned();
        let media_type = media_type
            .filter(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("image/")))
            .context("what came is no picture")?;
        if answer.content_length().is_some_and(|length| length > TILE_BYTES) {
            bail!("what came is too large for a tile");
        }
        let bytes = answer.bytes().await.map_err(reqwest::Error::without_url)?;
        Ok((media_type, bytes))
    }
}

/// The route.
pub fn routes() -> Routes {
    let row = Row {
        name: "base_map_tile",
        verb: Verb::Get,
        path: ADDRESS,
        who: Who::Anyone,
        about: "A raster tile of the base map, fetched from its source without showing the key.",
        shape: Shape::Plain { asks: &[], takes: "", gives: "image/*" },
    };
    Routes::new().plain(row, get(serve))
}

async fn serve(
    State(app): State<App>,
    Path(place): Path<[String; 3]>,
) -> Result<Response, Refused> {
    let place = place.map(|figure| figure.parse::<u32>().ok());
    let (Some(upstream), [Some(z), Some(x), Some(y)]) = (&app.upstream, place) else {
        return Err(refuse::missing().into());
    };
    let map = &app.base_map;
    let zooms = u32::from(map.min_zoom)..=u32::from(map.max_zoom.min(30));
    if !zooms.contains(&z) || x >> z > 0 || y >> z > 0 {
        return Err(refuse::missing().into());
    }
    let (media_type, bytes) = upstream.tile([z, x, y]).await.map_err(|error| {
        tracing::warn!(error = format!("{error:#}"), "a tile of the base map did not come");
        Refusal::new(
            Kind::Missing,
            "底图瓦片暂时取不到，网格照常可用。",
            "This tile of the base map did not come; the grids work without it.",
        )
    })?;
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, KEPT)], bytes).into_response())
}
