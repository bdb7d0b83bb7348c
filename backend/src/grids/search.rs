//! Search by coordinate, code, name or person, from memory, best first.

use super::answer;
use super::live::{Live, LiveCell};
use crate::call::Asked;
use crate::refuse::Refused;
use domain::grids::{Hit, HitKind, Search};
use domain::people::Contact;
use domain::word::Word;
use domain::{Datum, Kind, Place, Refusal};
use spatial::Position;

/// The most hits of an answer.
const HITS: usize = 20;
/// The longest text searched for, in characters.
const CHARS: usize = 200;

/// Answers a search.
pub async fn search(asked: Asked, question: Search) -> Result<Vec<Hit>, Refused> {
    let text = question.text.trim();
    if text.chars().count() > CHARS {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("搜索内容不要超过 {CHARS} 个字。"),
            format!("Search for at most {CHARS} characters."),
        )
        .at("text")
        .into());
    }
    Ok(find(&asked.app.live.now(), text))
}

/// What the text may mean: a coordinate first, then cells and people by how well they match.
fn find(live: &Live, text: &str) -> Vec<Hit> {
    if text.is_empty() {
        return Vec::new();
    }
    if let Some((place, at)) = coordinate(text) {
        return vec![place_hit(live, &place, at)];
    }
    let wanted = text.to_lowercase();
    let mut ranked: Vec<(u8, u8, usize, Hit)> = Vec::new();
    for (i, cell) in live.cells.iter().enumerate() {
        let row = &cell.row;
        let rank = match_rank(&row.code, &wanted).min(match_rank(&row.name, &wanted));
        if let (Some(rank), Some(at)) = (rank.0, row.label_at) {
            ranked.push((rank, row.level, i, cell_hit(cell, at)));
        }
    }
    let mut seen = std::collections::HashSet::new();
    for (i, cell) in live.cells.iter().enumerate() {
        let Some(at) = cell.row.label_at else { continue };
        for contact in cell.contacts.iter().filter(|c| c.level == Some(cell.row.level)) {
            let Some(rank) = match_rank(&contact.name, &wanted).0 else { continue };
            if seen.insert((contact.person, i)) {
                ranked.push((rank, cell.row.level, i, person_hit(contact, cell, at)));
            }
        }
    }
    ranked.sort_by_key(|&(rank, level, i, _)| (rank, level, i));
    ranked.into_iter().take(HITS).map(|(.., hit)| hit).collect()
}

/// How well a text matches; `None` sorts behind everything and means not at all.
#[derive(PartialEq, Eq, Clone, Copy)]
struct Rank(Option<u8>);

impl Rank {
    fn min(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(a), Some(b)) => Self(Some(a.min(b))),
            (a, b) => Self(a.or(b)),
        }
    }
}

fn match_rank(text: &str, wanted: &str) -> Rank {
    let text = text.to_lowercase();
    Rank(if text == wanted {
        Some(0)
    } else if text.starts_with(wanted) {
        Some(1)
    } else if text.contains(wanted) {
        Some(2)
    } else {
        None
    })
}

fn cell_hit(cell: &LiveCell, at: [f64; 2]) -> Hit {
    Hit {
        kind: HitKind::Cell,
        title: cell.row.name.clone(),
        detail: cell.row.code.clone(),
        cell: Some(cell.row.code.clone()),
        at,
    }
}

fn person_hit(contact: &Contact, cell: &LiveCell, at: [f64; 2]) -> Hit {
    Hit {
        kind: HitKind::Person,
        title: contact.name.clone(),
        detail: format!("{} · {} · {}", contact.role.zh(), contact.unit, cell.row.name),
        cell: Some(cell.row.code.clone()),
        at,
    }
}

fn place_hit(live: &Live, place: &Place, at: Position) -> Hit {
    let located = answer::located(live, at, None);
    let datum = place.datum.code();
    Hit {
        kind: HitKind::Place,
        title: format!("{}, {}", place.lng, place.lat),
        detail: format!("{datum} · {}", located.name),
        cell: located.cell,
        at: [at.lng_deg(), at.lat_deg()],
    }
}

/// Reads a coordinate: two figures parted by comma, space or both, and a datum before or behind.
///
/// The order is longitude, latitude. Where that is off the globe, or the numbers make sense in
/// China only the other way round, they are read as latitude, longitude.
pub fn coordinate(text: &str) -> Option<(Place, Position)> {
    let mut figures = Vec::new();
    let mut datum = Datum::default();
    let parts = text.split(|c: char| c.is_whitespace() || ",，;；:：".contains(c));
    for part in parts.filter(|part| !part.is_empty()) {
        let part = part.to_lowercase();
        match (part.trim_end_matches('°').parse::<f64>(), Datum::from_code(&part)) {
            (Ok(figure), _) if figure.is_finite() => figures.push(figure),
            (_, Some(stated)) => datum = stated,
            _ => return None,
        }
    }
    let [first, second] = figures[..] else { return None };
    let in_china = |lng: f64, lat: f64| (73.0..136.0).contains(&lng) && (3.0..54.0).contains(&lat);
    let swapped = second.abs() > 90.0 || (!in_china(first, second) && in_china(second, first));
    let (lng, lat) = if swapped { (second, first) } else { (first, second) };
    let place = Place { lng, lat, datum };
    Some((place, answer::position(&place).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_read_as_people_write_them() {
        let wgs84 = (120.61, 31.27, Datum::Wgs84);
        let gcj02 = (120.61, 31.27, Datum::Gcj02);
        for (text, expected) in [
            ("120.61, 31.27", Some(wgs84)),
            ("120.61 31.27", Some(wgs84)),
            ("120.61，31.27", Some(wgs84)),
            ("31.27 120.61 gcj02", Some(gcj02)),
            ("gcj02:120.61,31.27", Some(gcj02)),
            ("GCJ02: 120.61°, 31.27°", Some(gcj02)),
            ("-118.2, 34.05", Some((-118.2, 34.05, Datum::Wgs84))),
            ("34.05 -118.2", Some((-118.2, 34.05, Datum::Wgs84))),
            ("120.61", None),
            ("1 2 3", None),
            ("NaN, 31", None),
            ("320506001", None),
            ("吴中苑 3", None),
            ("500, 600", None),
        ] {
            let read = coordinate(text).map(|(p, _)| (p.lng, p.lat, p.datum));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn a_whole_match_is_better_than_a_beginning_and_that_than_a_part() {
        let ranks = ["吴中苑", "吴中苑北", "东吴中苑", "苑"].map(|t| match_rank(t, "吴中苑").0);
        assert_eq!(ranks, [Some(0), Some(1), Some(2), None]);
    }
}
