//! Numbers as people read them: metres, areas, shares, coordinates, times.

use crate::words::{Language, Phrase};
use domain::clocks::local;

/// A length: centimetre steps below 10 m, metres below 1 km, then kilometres.
pub fn length(metres: f64, language: Language) -> String {
    let metre = language.say(Phrase::UnitMetre);
    let kilometre = language.say(Phrase::UnitKilometre);
    if metres < 9.95 {
        format!("{metres:.1} {metre}")
    } else if metres < 999.5 {
        format!("{metres:.0} {metre}")
    } else if metres < 99_950.0 {
        format!("{:.1} {kilometre}", metres / 1000.0)
    } else {
        format!("{} {kilometre}", grouped((metres / 1000.0).round() as i64))
    }
}

/// An area: square metres below a hectare, hectares below 1 km², then square kilometres.
pub fn area(square_metres: f64, language: Language) -> String {
    if square_metres < 9_999.5 {
        format!(
            "{} {}",
            grouped(square_metres.round() as i64),
            language.say(Phrase::UnitSquareMetre)
        )
    } else if square_metres < 999_950.0 {
        format!("{:.1} {}", square_metres / 1e4, language.say(Phrase::UnitHectare))
    } else {
        format!("{:.2} {}", square_metres / 1e6, language.say(Phrase::UnitSquareKilometre))
    }
}

/// A share as a percentage; what is there is never shown as nothing.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 1.0 { "<1%".to_owned() } else { format!("{percent:.0}%") }
}

/// A whole number in groups of three.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut said = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    if number < 0 { format!("-{said}") } else { said }
}

/// A coordinate with the decimetre, as it can be typed into the search again.
pub fn coordinate(lng: f64, lat: f64) -> String {
    format!("{lng:.6}, {lat:.6}")
}

/// Day and minute of an RFC 3339 time, as calendar and clock in the district show it.
pub fn minute(rfc3339: &str) -> String {
    match rfc3339.parse().map(local) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => rfc3339.to_owned(),
    }
}

/// The circle around a position as a ring of degrees, for drawing.
///
/// Local equirectangular scale: better than 0.1 % up to a few kilometres.
pub fn circle(lng: f64, lat: f64, radius_m: f64) -> Vec<[f64; 2]> {
    const METRES_PER_DEGREE: f64 = 111_320.0;
    let (high, wide) = (METRES_PER_DEGREE, METRES_PER_DEGREE * lat.to_radians().cos().max(0.01));
    (0..=64)
        .map(|step| {
            let angle = f64::from(step % 64) / 64.0 * std::f64::consts::TAU;
            [lng + radius_m * angle.cos() / wide, lat + radius_m * angle.sin() / high]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_change_unit_where_a_person_would() {
        let said: Vec<String> =
            [0.0, 0.44, 9.94, 9.96, 312.4, 999.6, 12_345.0, 1_234_567.0, 4_000_000.0]
                .into_iter()
                .map(|metres| length(metres, Language::En))
                .collect();
        assert_eq!(
            said,
            [
                "0.0 m", "0.4 m", "9.9 m", "10 m", "312 m", "1.0 km", "12.3 km", "1,235 km",
                "4,000 km"
            ]
        );
    }

    #[test]
    fn areas_and_numbers_are_grouped() {
        assert_eq!(area(850.0, Language::En), "850 m²");
        assert_eq!(area(52_340.0, Language::En), "5.2 ha");
        assert_eq!(area(4_234_000.0, Language::En), "4.23 km²");
        assert_eq!(grouped(12_500), "12,500");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(grouped(100), "100");
    }

    #[test]
    fn a_small_share_is_never_shown_as_nothing() {
        assert_eq!(share(0.004), "<1%");
        assert_eq!(share(0.0), "0%");
        assert_eq!(share(0.966), "97%");
    }

    #[test]
    fn a_circle_is_closed() {
        let ring = circle(120.6, 31.3, 30.0);
        assert_eq!(ring.len(), 65);
        assert_eq!(ring.first(), ring.last());
    }

    #[test]
    fn a_time_is_told_in_the_district_to_the_minute() {
        assert_eq!(minute("2026-03-04T09:05:11+08:00"), "2026-03-04 09:05");
        assert_eq!(minute("2026-03-04T20:05:11.5Z"), "2026-03-05 04:05");
        assert_eq!(minute("?"), "?");
    }
}
