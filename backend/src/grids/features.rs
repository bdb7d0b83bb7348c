//! Cells, blank zones and problems as GeoJSON, streamed row by row from the database.

use super::store::map::{self, Features};
use crate::app::App;
use crate::call::{Asks, Routes, Row, Shape};
use crate::refuse::Refused;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::grids::{BLANK_ZONE_FEATURES, CELL_FEATURES, PROBLEM_FEATURES};
use domain::ids::EditionId;
use domain::{Kind, Refusal, Verb, Who};
use futures::TryStreamExt;
use serde::Deserialize;
use tokio::sync::Semaphore;

/// How many streams may hold a connection at once: slow readers must not take all of them.
static STREAMS: Semaphore = Semaphore::const_new(4);

/// What the query string may say.
const ASKS: [(&str, &str); 4] = [
    ("edition", "The edition's number; the one in force if left out."),
    ("level", "Of cells: 3, 2 or 1; 3 if left out."),
    ("bbox", "west,south,east,north in degrees, CGCS2000; everywhere if left out."),
    ("limit", "How many features at most; all if left out."),
];

/// Which features of which edition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    edition: Option<String>,
    level: Option<String>,
    bbox: Option<String>,
    limit: Option<String>,
}

/// The same, read.
struct Asked {
    layer: Features,
    edition: EditionId,
    bbox: [f64; 4],
    limit: i64,
    /// Whether the edition was named, so that the answer can never change.
    named: bool,
}

/// The feature routes.
pub fn routes() -> Routes {
    let row = |name, path, about| Row {
        name,
        verb: Verb::Get,
        path,
        who: Who::Anyone,
        about,
        shape: Shape::Plain { asks: &ASKS, takes: "", gives: "application/geo+json" },
    };
    Routes::new()
        .plain(
            row("cell_features", CELL_FEATURES, "Cells of a level of an edition as GeoJSON."),
            get(|app, query, headers| serve(Features::Cells(3), app, query, headers)),
        )
        .plain(
            row("blank_zone_features", BLANK_ZONE_FEATURES, "Blank zones as GeoJSON."),
            get(|app, query, headers| serve(Features::BlankZones, app, query, headers)),
        )
        .plain(
            row("problem_features", PROBLEM_FEATURES, "Problems of an import as GeoJSON."),
            get(|app, query, headers| serve(Features::Problems, app, query, headers)),
        )
}

async fn serve(
    layer: Features,
    State(app): State<App>,
    Asks(wanted): Asks<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let asked = read(layer, &wanted, app.live.now().edition.id)?;
    let etag = etag(&asked);
    let unchanged = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag));
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        stream(&app, &asked).await?
    };
    let headers = response.headers_mut();
    let lasts = if asked.named { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasts));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

async fn stream(app: &App, asked: &Asked) -> Result<Response, Refused> {
    let turn = STREAMS.acquire().await.map_err(anyhow::Error::from)?;
    let db = app.db.client().await?;
    if !map::has_edition(&**db, asked.edition).await? {
        return Err(no_edition(asked.edition).into());
    }
    let rows = map::features(&**db, asked.layer, asked.edition, asked.bbox, asked.limit).await?;
    let body = async_stream::try_stream! {
        // The connection is lent until the last row is sent.
        let _lent = (db, turn);
        let mut rows = std::pin::pin!(rows);
        let mut chunk = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
        let mut first = true;
        while let Some(row) = rows.try_next().await? {
            if !std::mem::take(&mut first) {
                chunk.push(',');
            }
            chunk.push('\n');
            chunk.push_str(row.get("feature"));
            if chunk.len() > 32_768 {
                yield std::mem::take(&mut chunk);
            }
        }
        chunk.push_str("\n]}\n");
        yield chunk;
    };
    let body: std::pin::Pin<
        Box<dyn futures::Stream<Item = Result<String, tokio_postgres::Error>> + Send>,
    > = Box::pin(body);
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], Body::from_stream(body)).into_response())
}

fn etag(asked: &Asked) -> String {
    let Asked { layer, edition, bbox: [w, s, e, n], limit, .. } = asked;
    format!("\"{layer:?}-{edition}-{w}-{s}-{e}-{n}-{limit}\"")
}

fn read(layer: Features, wanted: &Wanted, current: EditionId) -> Result<Asked, Refusal> {
    let edition = match &wanted.edition {
        None => current,
        Some(text) => {
            text.parse().map_err(|_| invalid("edition", "版本号", "an edition's number"))?
        }
    };
    let level = match wanted.level.as_deref() {
        None | Some("3") => 3,
        Some("2") => 2,
        Some("1") => 1,
        Some(_) => return Err(invalid("level", "层级 3、2 或 1", "level 3, 2 or 1")),
    };
    let bbox = match &wanted.bbox {
        None => [-180.0, -90.0, 180.0, 90.0],
        Some(text) => bbox(text).ok_or_else(|| {
            invalid(
                "bbox",
                "范围 西,南,东,北（度，CGCS2000）",
                "a box west,south,east,north in degrees",
            )
        })?,
    };
    let limit = match &wanted.limit {
        None => i64::MAX,
        Some(text) => text.parse().ok().filter(|limit| *limit >= 1).ok_or_else(|| {
            invalid("limit", "不小于 1 的条数", "a number of features, 1 or more")
        })?,
    };
    let layer = if layer == Features::Cells(3) { Features::Cells(level) } else { layer };
    Ok(Asked { layer, edition, bbox, limit, named: wanted.edition.is_some() })
}

fn bbox(text: &str) -> Option<[f64; 4]> {
    let figures: Vec<f64> =
        text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().ok()?;
    let [west, south, east, north] = figures[..] else { return None };
    let lawful = figures.iter().all(|figure| figure.is_finite())
        && (-180.0..=180.0).contains(&west)
        && (-180.0..=180.0).contains(&east)
        && (-90.0..=90.0).contains(&south)
        && (-90.0..=90.0).contains(&north)
        && west <= east
        && south <= north;
    lawful.then_some([west, south, east, north])
}

fn invalid(field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("参数 {field} 应为{zh}。"),
        format!("The parameter {field} must be {en}."),
    )
    .at(field)
}

/// The refusal for an edition that was never published.
pub fn no_edition(edition: EditionId) -> Refusal {
    Refusal::new(
        Kind::Missing,
        format!("没有第 {edition} 版网格，版本列表见 /api/editions。"),
        format!("There is no edition {edition}; /api/editions lists them."),
    )
    .at("edition")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_four_figures_in_order() {
        assert_eq!(bbox("120,31,121,32"), Some([120.0, 31.0, 121.0, 32.0]));
        for text in ["", "1,2,3", "121,31,120,32", "NaN,31,121,32", "120,31,121,95", "a,b,c,d"] {
            assert_eq!(bbox(text), None, "{text}");
        }
    }
}
