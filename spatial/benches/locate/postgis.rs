//! PostGIS: a join of points and cells, both sides indexed, through `psql` and `DATABASE_URL`.

use crate::{
    inputs::Points,
    rivals::Rings,
    table::{self, Row},
};
use spatial::FaceId;
use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
};

/// Points it is asked, evenly spread over all.
const ASKED: usize = 100_000;

/// Why it is missing, if it is.
pub fn note() -> Option<String> {
    let missing = std::env::var_os("DATABASE_URL").is_none();
    missing.then(|| "PostGIS is left out: DATABASE_URL is not set.".to_owned())
}

/// The join's row; the database times itself, and its answers come back as text.
pub fn row(rings: &Rings, points: &Points, truth: (&[usize], &[FaceId])) -> Option<Row> {
    let url = std::env::var("DATABASE_URL").ok()?;
    let (asked, truth) = truth;
    let step = (asked.len() / ASKED).max(1);
    let places: Vec<usize> = (0..asked.len()).step_by(step).collect();
    let mut script = String::from(
        "set client_min_messages to warning;\n\
         create temp table cells (face int, shape geometry(Polygon, 4490));\n\
         copy cells from stdin;\n",
    );
    for (face, ring) in rings {
        write!(script, "{}\tSRID=4490;POLYGON((", face.0).expect("a string grows");
        for (i, p) in ring.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(script, "{comma}{:.7} {:.7}", p.lng_deg(), p.lat_deg()).expect("it grows");
        }
        script.push_str("))\n");
    }
    script.push_str("\\.\ncreate temp table points (id int, place geometry(Point, 4490));\n");
    script.push_str("copy points from stdin;\n");
    for (id, &at) in places.iter().enumerate() {
        let p = points.positions[asked[at]];
        let (lng, lat) = (p.lng_deg(), p.lat_deg());
        writeln!(script, "{id}\tSRID=4490;POINT({lng:.7} {lat:.7})").expect("a string grows");
    }
    script.push_str(
        "\\.\n\
         create index on cells using gist (shape); create index on points using gist (place);\n\
         analyze cells; analyze points;\n\
         set max_parallel_workers_per_gather to 0;\n\
         create temp table started as select clock_timestamp() as at;\n\
         create temp table answers as select p.id, c.face from points p\n\
           join cells c on st_contains(c.shape, p.place);\n\
         select extract(epoch from clock_timestamp() - at) from started;\n\
         select id || ' ' || min(face) from answers group by id;\n",
    );
    let text = ask(&url, &script);
    let mut lines = text.lines();
    let seconds: f64 = lines.next()?.parse().ok()?;
    let mut answers = vec![FaceId::OUTSIDE; places.len()];
    for line in lines {
        let (id, face) = line.split_once(' ')?;
        answers[id.parse::<usize>().ok()?] = FaceId(face.parse().ok()?);
    }
    let truth: Vec<FaceId> = places.iter().map(|&at| truth[at]).collect();
    Some(Row {
        points: points.name,
        engine: format!("PostGIS join ({} points)", places.len()),
        million: places.len() as f64 / seconds / 1e6,
        ratio: None,
        wrong: table::wrong(&answers, &truth),
        asked: places.len(),
    })
}

/// Runs a script through `psql` and gives what it prints.
fn ask(url: &str, script: &str) -> String {
    let mut psql = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("DATABASE_URL is set, so psql must be there");
    let mut stdin = psql.stdin.take().expect("it was asked for");
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(script.as_bytes()).expect("psql listens"));
    });
    let output = psql.wait_with_output().expect("psql ends");
    assert!(output.status.success(), "psql failed; see above");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
