//! Locating many points in one exchange: read as they come, answered line by line.

use super::answer;
use super::live::Live;
use super::values::Values;
use crate::app::App;
use crate::call::{Asks, Routes, Row, Shape};
use crate::refuse::Refused;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::grids::{LOCATE_MANY, LOCATE_MANY_MAX, LocatedRow};
use domain::word::Word;
use domain::{Datum, Kind, Place, Refusal, Verb, Who};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use spatial::{Position, Tolerances};
use std::sync::Arc;

/// The longest a point may be written, in bytes.
const VALUE_BYTES: usize = 1_024;
/// Points answered between two looks at what else there is to do.
const AT_ONCE: usize = 512;

/// The route.
pub fn routes() -> Routes {
    let row = Row {
        name: "locate_many",
        verb: Verb::Post,
        path: LOCATE_MANY,
        who: Who::Anyone,
        about: "Locates up to 100,000 points: NDJSON or a JSON array of [lng, lat] or of objects \
                with lng, lat and datum; answers NDJSON, a line for each point in its order.",
        shape: Shape::Plain {
            asks: &[("datum", "The datum of points that name none; wgs84 if left out.")],
            takes: "application/x-ndjson",
            gives: "application/x-ndjson",
        },
    };
    // No limit in bytes: points are counted as they come, and the reading stops at the limit.
    Routes::new().plain(row, post(serve).layer(DefaultBodyLimit::disable()))
}

/// What the query may say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    datum: Option<String>,
}

/// A point as sent.
#[derive(Deserialize)]
#[serde(untagged)]
enum Point {
    Pair([f64; 2]),
    Object { lng: f64, lat: f64, datum: Option<Datum> },
}

/// A line of the answer.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Located(LocatedRow),
    Refused { refusal: &'a Refusal },
}

type Points = Vec<Result<Position, Box<Refusal>>>;

async fn serve(
    State(app): State<App>,
    Asks(stated): Asks<Stated>,
    request: Request,
) -> Result<Response, Refused> {
    let datum = match stated.datum.as_deref() {
        None => Datum::default(),
        Some(code) => Datum::from_code(code).ok_or_else(|| unknown_datum(code))?,
    };
    let media_type = request.headers().get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let values = match media_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => Values::of_array(VALUE_BYTES),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
            Values::of_lines(VALUE_BYTES)
        }
        _ => return Err(media_type_wanted().into()),
    };
    let points = read(request.into_body(), values, datum).await?;
    let live = app.live.now_kept();
    let lines = futures::stream::iter(0..points.len().div_ceil(AT_ONCE)).then(move |part| {
        let text = answer_part(&live, &points[part * AT_ONCE..], AT_ONCE);
        async move {
            tokio::task::yield_now().await;
            Ok::<_, std::convert::Infallible>(Bytes::from(text))
        }
    });
    let headers =
        [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// Reads the points as the body arrives; no more of it is kept than a point.
async fn read(body: Body, mut values: Values, datum: Datum) -> Result<Points, Refusal> {
    let mut points = Points::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Refusal::new(
                Kind::Malformed,
                "内容未能完整收到，请重试。",
                "The body did not arrive whole: send it again.",
            )
        })?;
        values.feed(&chunk, |value| take(value, datum, &mut points))?;
    }
    values.end(|value| take(value, datum, &mut points))?;
    Ok(points)
}

fn take(value: &[u8], datum: Datum, points: &mut Points) -> Result<(), Refusal> {
    if points.len() == LOCATE_MANY_MAX {
        return Err(Refusal::new(
            Kind::TooLarge,
            format!("一次最多定位 {LOCATE_MANY_MAX} 个点，请分批发送。"),
            format!("At most {LOCATE_MANY_MAX} points at once: send them in parts."),
        ));
    }
    points.push(point(value, datum).map_err(Box::new));
    Ok(())
}

fn point(value: &[u8], stated: Datum) -> Result<Position, Refusal> {
    let point: Point = serde_json::from_slice(value).map_err(|_| {
        Refusal::new(
            Kind::Invalid,
            "应为 [经度, 纬度] 或含 lng、lat、datum 的对象，且为数字。",
            "A point is [lng, lat] or an object with lng, lat and datum, in numbers.",
        )
    })?;
    let place = match point {
        Point::Pair([lng, lat]) => Place { lng, lat, datum: stated },
        Point::Object { lng, lat, datum } => Place { lng, lat, datum: datum.unwrap_or(stated) },
    };
    answer::position(&place)
}

fn answer_part(
    live: &Arc<Live>,
    points: &[Result<Position, Box<Refusal>>],
    count: usize,
) -> Vec<u8> {
    let mut text = Vec::with_capacity(count * 64);
    for point in points.iter().take(count) {
        let line = match point {
            Ok(at) => Line::Located(row(live, *at)),
            Err(refusal) => Line::Refused { refusal },
        };
        // Writing to memory does not fail.
        let _written = serde_json::to_writer(&mut text, &line);
        text.push(b'\n');
    }
    text
}

/// The short answer for a position.
pub fn row(live: &Live, at: Position) -> LocatedRow {
    let found = live.locator.locate(at, &Tolerances::default());
    let cell = found.cell.and_then(|face| live.cell_of(face));
    LocatedRow {
        cell: cell.map(|cell| cell.row.code.clone()),
        basis: answer::basis(found.basis),
        distance_m: cell.and(found.distance_m).map(answer::centimetres),
    }
}

/// The refusal of a datum nobody knows.
pub fn unknown_datum(code: &str) -> Refusal {
    let known: Vec<&str> = Datum::ALL.iter().map(|datum| datum.code()).collect();
    let known = known.join(", ");
    Refusal::new(
        Kind::Invalid,
        format!("未知的坐标系“{code}”，可用：{known}。"),
        format!("The datum “{code}” is not known; use one of {known}."),
    )
    .at("datum")
}

fn media_type_wanted() -> Refusal {
    Refusal::new(
        Kind::Malformed,
        "请注明 Content-Type：application/x-ndjson（每行一个点）或 application/json（数组）。",
        "Say what is sent: Content-Type application/x-ndjson (a point a line) or \
         application/json (an array).",
    )
}
