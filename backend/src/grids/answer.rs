//! The answer to "who is responsible here": the engine's finding in the words of the domain.

use super::live::{Live, LiveCell};
use domain::grids::{Basis, InBlankZone, Located, Neighbour, Share};
use domain::people::Contact;
use domain::{Datum, Kind, Place, Refusal};
use spatial::{FaceId, Position, Tolerances};
use std::sync::Arc;

/// Above this radius in metres a position says too little for its alternatives to be listed.
pub const ACCURACY_MAX_M: f64 = 20_000.0;

/// The position of a stated place on the integer grid.
///
/// # Errors
/// Invalid, naming the field, when a figure is no number or off the globe.
pub fn position(place: &Place) -> Result<Position, Refusal> {
    let figures = [
        ("lng", "经度", "longitude", place.lng, 180.0),
        ("lat", "纬度", "latitude", place.lat, 90.0),
    ];
    for (field, zh, en, value, limit) in figures {
        if !value.is_finite() || value.abs() > limit {
            let zh = format!(
                "{zh}应在 −{limit} 到 {limit} 度之间，收到 {value}。请检查经纬度是否写反。"
            );
            let en = format!(
                "The {en} must be between −{limit} and {limit} degrees, not {value}. \
                 Check that longitude and latitude are not swapped."
            );
            return Err(Refusal::new(Kind::Invalid, zh, en).at(field));
        }
    }
    let (lng, lat) = to_cgcs2000(place);
    // A shifted datum can step over the edge of the globe by metres; the edge answers then.
    Position::from_degrees(lng.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).ok_or_else(|| {
        Refusal::new(Kind::Invalid, "坐标无法换算。", "The coordinate cannot be converted.")
            .at("lng")
    })
}

fn to_cgcs2000(place: &Place) -> (f64, f64) {
    let datum = match place.datum {
        Datum::Wgs84 | Datum::Cgcs2000 => return (place.lng, place.lat),
        Datum::Gcj02 => spatial::datum::Datum::Gcj02,
        Datum::Bd09 => spatial::datum::Datum::Bd09,
    };
    spatial::datum::to_cgcs2000(place.lng, place.lat, datum)
}

/// A GPS accuracy radius in metres, if it is one.
///
/// # Errors
/// Invalid when it is negative or no number.
pub fn accuracy(accuracy_m: Option<f64>) -> Result<Option<f64>, Refusal> {
    match accuracy_m {
        Some(metres) if !(metres.is_finite() && metres >= 0.0) => Err(Refusal::new(
            Kind::Invalid,
            format!("定位精度应为不小于 0 的米数，收到 {metres}。"),
            format!("The accuracy must be metres, 0 or more, not {metres}."),
        )
        .at("accuracy_m")),
        fine => Ok(fine),
    }
}

/// Who answers for a position: cell, basis, neighbour, contacts. There is always somebody.
pub fn located(live: &Live, at: Position, accuracy_m: Option<f64>) -> Located {
    let found = live.locator.locate(at, &Tolerances::default());
    let cell = found.cell.and_then(|face| live.cell_of(face));
    let blank_zone = match found.basis {
        spatial::Basis::BlankZone => live.zone_of(found.face),
        _ => None,
    };
    let neighbour = found.neighbour.and_then(|(face, distance_m)| {
        let row = &live.cell_of(face)?.row;
        Some(Neighbour {
            cell: row.code.clone(),
            name: row.name.clone(),
            distance_m: centimetres(distance_m),
        })
    });
    Located {
        edition: live.edition.id,
        cell: cell.map(|cell| cell.row.code.clone()),
        name: cell.map_or_else(|| name_of_desk(live), |cell| cell.row.name.clone()),
        parents: cell.map(|cell| cell.parents.clone()).unwrap_or_default(),
        basis: basis(found.basis),
        distance_m: cell.and(found.distance_m).map(centimetres),
        neighbour,
        blank_zone: blank_zone.map(|zone| InBlankZone { zone: zone.zone, rule: zone.rule }),
        contacts: contacts(live, cell, found.basis),
        shares: accuracy_m.map(|radius| shares(live, at, radius)).unwrap_or_default(),
    }
}

/// Whom to call: the cell's people; outside the jurisdiction the duty desk before them.
fn contacts(live: &Live, cell: Option<&LiveCell>, basis: spatial::Basis) -> Arc<[Contact]> {
    let desk = &live.duty_desk;
    match (cell, basis) {
        (None, _) => desk.clone(),
        (Some(cell), spatial::Basis::Outside) => {
            // A cell without people of its own already answers with the desk.
            let others = cell.contacts.iter().filter(|contact| !desk.contains(contact));
            desk.iter().chain(others).cloned().collect()
        }
        (Some(cell), _) => cell.contacts.clone(),
    }
}

/// What the duty desk is called.
pub fn name_of_desk(live: &Live) -> String {
    live.duty_desk.first().map(|desk| desk.name.clone()).unwrap_or_default()
}

fn shares(live: &Live, at: Position, radius_m: f64) -> Vec<Share> {
    if radius_m > ACCURACY_MAX_M {
        return Vec::new();
    }
    let share = |(face, share): (FaceId, f64)| {
        let row = &live.cell_of(face)?.row;
        Some(Share { cell: row.code.clone(), name: row.name.clone(), share })
    };
    live.locator.shares(at, radius_m).into_iter().filter_map(share).collect()
}

/// The domain's word for the engine's basis.
pub fn basis(basis: spatial::Basis) -> Basis {
    match basis {
        spatial::Basis::Inside => Basis::Inside,
        spatial::Basis::Border => Basis::Border,
        spatial::Basis::BlankZone => Basis::BlankZone,
        spatial::Basis::OutsideNear => Basis::OutsideNear,
        spatial::Basis::Outside => Basis::Outside,
    }
}

/// Metres to the centimetre, as far as a position goes.
pub fn centimetres(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}
