//! Metres for decisions: local scale on the CGCS2000 ellipsoid from additions, multiplications
//! and square roots alone, so that a decision is the same on every machine and in the browser.
//!
//! A length is a segment's at the scale of its middle latitude: better than 1e-6 relative for
//! segments under 10 km. An area is the exact integer area at the scale of one latitude: better
//! than 1e-3 relative for regions less than 20 km from south to north at 40°.

use crate::position::{Position, UNITS_PER_DEGREE};

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;
const UNIT_RAD: f64 = std::f64::consts::PI / 180.0 / UNITS_PER_DEGREE;

/// Metres in a unit of length: sums of many lengths must not depend on their order, so lengths
/// are whole numbers.
const STEP_M: f64 = 1e-5;

/// Metres per 1e-7 degree eastwards and northwards at a latitude given in 1e-7 degree.
pub(crate) fn scale_m(lat_e7: f64) -> (f64, f64) {
    let lat = lat_e7 * UNIT_RAD;
    let (x, mut term, mut cos) = (lat * lat, 1.0, 1.0);
    for k in 1..=9 {
        term *= -x / f64::from(2 * k * (2 * k - 1)); // Taylor, below 1e-13 up to the poles
        cos += term;
    }
    let e2 = FLATTENING * (2.0 - FLATTENING);
    let w2 = 1.0 - e2 * (1.0 - cos * cos);
    let w = w2.sqrt();
    (SEMI_MAJOR_M * cos.max(0.0) / w * UNIT_RAD, SEMI_MAJOR_M * (1.0 - e2) / (w2 * w) * UNIT_RAD)
}

/// A length in steps of 1e-5 m.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub(crate) struct Length(pub(crate) u64);

impl Length {
    /// The length of a segment.
    pub(crate) fn of(a: Position, b: Position) -> Self {
        Self((metres(a, b) / STEP_M).round() as u64)
    }

    /// The length of a line.
    pub(crate) fn of_line(points: &[Position]) -> Self {
        points.windows(2).fold(Self(0), |sum, w| sum.plus(Self::of(w[0], w[1])))
    }

    /// The sum, at most 1.8e14 m.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// In metres.
    pub(crate) fn metres(self) -> f64 {
        self.0 as f64 * STEP_M
    }
}

/// Metres between two positions at the scale of their middle latitude.
pub(crate) fn metres(a: Position, b: Position) -> f64 {
    let (lat_a, lat_b) = (f64::from(a.lat_e7), f64::from(b.lat_e7));
    let (east, north) = scale_m((lat_a + lat_b) / 2.0);
    let dx = (f64::from(a.lng_e7) - f64::from(b.lng_e7)) * east;
    let dy = (lat_a - lat_b) * north;
    (dx * dx + dy * dy).sqrt()
}

/// Square metres of a doubled integer area that lies around a latitude (in 1e-7 degree).
pub(crate) fn area_m2(doubled: i128, lat_e7: f64) -> f64 {
    let (east, north) = scale_m(lat_e7);
    doubled as f64 / 2.0 * east * north
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_that_of_the_ellipsoid_from_pole_to_pole() {
        // Circumference of the equator 40 075 016.686 m (GRS 80 and WGS 84 alike).
        assert!((scale_m(0.0).0 * 3.6e9 - 40_075_016.686).abs() < 1e-3);
        let e2 = FLATTENING * (2.0 - FLATTENING);
        for lat_deg in -90..=90 {
            let (sin, cos) = f64::from(lat_deg).to_radians().sin_cos();
            let w = (1.0 - e2 * sin * sin).sqrt();
            let (east, north) = scale_m(f64::from(lat_deg) * 1e7);
            assert!((east / UNIT_RAD - SEMI_MAJOR_M * cos / w).abs() < 1e-5, "{lat_deg}");
            let meridian = SEMI_MAJOR_M * (1.0 - e2) / (w * w * w);
            assert!((north / UNIT_RAD - meridian).abs() < 1e-5, "{lat_deg}");
        }
    }
}
