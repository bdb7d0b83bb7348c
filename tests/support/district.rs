//! A district small enough to know by heart: three cells in a row and a strip between two walls.
//!
//! ```text
//!           a          b       strip      c          all within the jurisdiction
//!       0──────100k──────200k──────203k──────300k    units of 1e-7 degree east of the corner
//! ```
//! `a` and `b` belong to community `P`, `c` to community `Q`, both to street `S`.

use crate::Service;
use backend::grids::drawing::{Drawing, Given};
use backend::grids::publish::{self, Published};
use reqwest::Response;
use spatial::Position;
use spatial::build::Drawn;

/// The south-west corner: longitude and latitude in units of 1e-7 degree.
pub const CORNER: (i32, i32) = (1_206_000_000, 312_500_000);

/// The position so many units east and north of the corner.
pub fn at(east: i32, north: i32) -> Position {
    Position::new(CORNER.0 + east, CORNER.1 + north)
}

/// Longitude and latitude in degrees of [`at`].
pub fn degrees(east: i32, north: i32) -> (f64, f64) {
    let at = at(east, north);
    (at.lng_deg(), at.lat_deg())
}

/// A rectangle from west to east, 100,000 units high.
pub fn rectangle(west: i32, east: i32) -> Drawn {
    let ring = vec![at(west, 0), at(east, 0), at(east, 100_000), at(west, 100_000)];
    Drawn { parts: vec![vec![ring]] }
}

/// A polygon with its code and the codes of its community and street.
pub fn given(number: u64, code: &str, parents: [&str; 2], drawn: Drawn) -> Given {
    let parent = |code: &str| Some((code.to_owned(), Some(format!("name of {code}"))));
    Given {
        number,
        code: Some(code.to_owned()),
        name: Some(format!("cell {code}")),
        parents: parents.map(parent).to_vec(),
        drawn,
    }
}

/// The district.
pub fn district() -> Drawing {
    let cells = vec![
        given(1, "a", ["P", "S"], rectangle(0, 100_000)),
        given(2, "b", ["P", "S"], rectangle(100_000, 200_000)),
        given(3, "c", ["Q", "S"], rectangle(203_000, 300_000)),
    ];
    Drawing::of("district".to_owned(), cells, Some(rectangle(0, 300_000)))
}

/// `columns` × `rows` square cells of `size` units, coded by row and column.
pub fn chessboard(columns: i32, rows: i32, size: i32) -> Drawing {
    let mut cells = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (w, s) = (column * size, row * size);
            let ring = vec![at(w, s), at(w + size, s), at(w + size, s + size), at(w, s + size)];
            let code = format!("{row:03}{column:03}");
            let drawn = Drawn { parts: vec![vec![ring]] };
            cells.push(given(cells.len() as u64 + 1, &code, ["P", "S"], drawn));
        }
    }
    Drawing::of("chessboard".to_owned(), cells, None)
}

impl Service {
    /// Publishes a drawing from outside the server and waits until the server has heard of it.
    pub async fn publish(&self, drawing: Drawing) -> Published {
        let mut events = Events::of(&self.url).await;
        let mut client = self.db.client().await.expect("the database answers");
        let published = publish::publish(&mut client, &publish::cut(drawing)).await;
        let published = published.expect("the edition is written");
        events.until("edition", &published.edition.to_string()).await;
        published
    }
}

/// The stream of events of a server.
pub struct Events {
    response: Response,
    text: String,
}

impl Events {
    /// Listens. The first event has been heard when this returns: nothing later is missed.
    pub async fn of(url: &str) -> Self {
        let response = reqwest::get(format!("{url}/api/events")).await.expect("it answers");
        let mut events = Self { response, text: String::new() };
        events.next().await;
        events
    }

    /// The next event: its name and its data.
    pub async fn next(&mut self) -> (String, String) {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let line = |name| event.lines().find_map(|line| line.strip_prefix(name));
                if let (Some(event), Some(data)) = (line("event: "), line("data: ")) {
                    return (event.to_owned(), data.to_owned());
                }
                continue; // A comment that keeps the connection open.
            }
            let chunk = self.response.chunk().await.expect("the stream goes on");
            let chunk = chunk.expect("the stream does not end");
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// Reads until an event with this name and data comes.
    pub async fn until(&mut self, name: &str, data: &str) {
        while self.next().await != (name.to_owned(), data.to_owned()) {}
    }
}
