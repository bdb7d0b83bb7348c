//! Projections: planar metres to geographic degrees and back, for the files China uses.
//!
//! **Gauss-Krüger on CGCS2000**, 3-degree zones (EPSG:4513–4554) and 6-degree zones
//! (EPSG:4491–4512), by Krüger's series in the third flattening n, up to n⁶, as extended by
//! C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85
//! (2011), equations 7–11, 35 and 36. Within 4,000 km of the central meridian the truncation is
//! below a micrometre; the tests hold it to 0.1 mm against PROJ.
//!
//! **Web Mercator** (EPSG:3857): the sphere of radius 6,378,137 m, by its definition.

use crate::datum::{Datum, to_cgcs2000};
use std::f64::consts::FRAC_PI_2;

/// Semi-major axis of CGCS2000 and of WGS 84, metres.
const A_M: f64 = 6_378_137.0;
/// Flattening of CGCS2000 (that of GRS 80 but for the eleventh digit).
const F: f64 = 1.0 / 298.257_222_101;
/// Third flattening.
const N: f64 = F / (2.0 - F);

/// A transverse Mercator plane with scale 1 on its meridian.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GaussKruger {
    /// The central meridian in degrees east.
    pub meridian_deg: f64,
    /// What the easting is on the central meridian, metres: 500 000, and with a zone prefix
    /// the zone's number times a million more.
    pub false_easting_m: f64,
}

/// The reference system a file's coordinates are in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Crs {
    /// Longitude and latitude in degrees.
    Geographic(Datum),
    /// EPSG:3857, metres.
    WebMercator,
    /// Gauss-Krüger on CGCS2000, metres: x is the easting, y the northing.
    GaussKruger(GaussKruger),
}

impl Crs {
    /// The system with this EPSG code, if it is one of those read here.
    pub fn from_epsg(code: u32) -> Option<Self> {
        let zone = |first: u32, number: u32, width_deg: u32, prefix: bool| {
            let meridian = match width_deg {
                3 => 3 * (number + code - first),
                _ => 6 * (number + code - first) - 3,
            };
            let million = if prefix { f64::from(number + code - first) * 1e6 } else { 0.0 };
            Some(Self::GaussKruger(GaussKruger {
                meridian_deg: f64::from(meridian),
                false_easting_m: 500_000.0 + million,
            }))
        };
        match code {
            4326 | 4979 => Some(Self::Geographic(Datum::Wgs84)),
            4490 | 4480 => Some(Self::Geographic(Datum::Cgcs2000)),
            3857 | 3785 | 900_913 | 102_100 | 102_113 => Some(Self::WebMercator),
            4491..=4501 => zone(4491, 13, 6, true),
            4502..=4512 => zone(4502, 13, 6, false),
            4513..=4533 => zone(4513, 25, 3, true),
            4534..=4554 => zone(4534, 25, 3, false),
            _ => None,
        }
    }

    /// Whether its coordinates are degrees (else metres).
    pub fn is_geographic(self) -> bool {
        matches!(self, Self::Geographic(_))
    }

    /// Longitude and latitude in degrees, CGCS2000, of a coordinate in this system.
    ///
    /// `None` when it is not finite or nowhere near the plane's range: it is in another system.
    pub fn to_cgcs2000(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let degrees = match self {
            Self::Geographic(datum) => to_cgcs2000(x, y, datum),
            Self::WebMercator => web_mercator_to_degrees(x, y)?,
            Self::GaussKruger(plane) => plane.to_degrees(x, y)?,
        };
        (degrees.0.abs() <= 180.0 && degrees.1.abs() <= 90.0).then_some(degrees)
    }
}

/// Longitude and latitude in degrees of a web Mercator coordinate in metres; `None` beyond its
/// square (20,037,509 m either way).
pub fn web_mercator_to_degrees(x_m: f64, y_m: f64) -> Option<(f64, f64)> {
    let edge_m = A_M * std::f64::consts::PI + 1.0;
    if !(x_m.abs() <= edge_m && y_m.abs() <= edge_m) {
        return None;
    }
    let lng_deg = (x_m / A_M).to_degrees().clamp(-180.0, 180.0);
    Some((lng_deg, (y_m / A_M).sinh().atan().to_degrees()))
}

/// Web Mercator metres of longitude and latitude in degrees; the poles lie at infinity.
pub fn degrees_to_web_mercator(lng_deg: f64, lat_deg: f64) -> (f64, f64) {
    (A_M * lng_deg.to_radians(), A_M * lat_deg.to_radians().tan().asinh())
}

impl GaussKruger {
    /// Easting and northing in metres of longitude and latitude in degrees (CGCS2000).
    ///
    /// Good to a micrometre within 35° of the central meridian; meaningless beyond 90°.
    pub fn from_degrees(self, lng_deg: f64, lat_deg: f64) -> (f64, f64) {
        let lambda = (lng_deg - self.meridian_deg).to_radians();
        let tau = conformal_tangent(lat_deg.to_radians().tan());
        let xi = tau.atan2(lambda.cos());
        let eta = (lambda.sin() / tau.hypot(lambda.cos())).asinh();
        let (dxi, deta) = series(&FORWARD, xi, eta);
        let radius_m = rectifying_radius_m();
        (self.false_easting_m + radius_m * (eta + deta), radius_m * (xi + dxi))
    }

    /// Longitude and latitude in degrees (CGCS2000) of an easting and northing in metres.
    ///
    /// `None` when not finite, more than 1,500 km from the central meridian or beyond a pole:
    /// then the coordinate is of another zone or system.
    pub fn to_degrees(self, easting_m: f64, northing_m: f64) -> Option<(f64, f64)> {
        let radius_m = rectifying_radius_m();
        let (xi, eta) = (northing_m / radius_m, (easting_m - self.false_easting_m) / radius_m);
        if !(eta.abs() * radius_m <= 1_500_000.0 && xi.abs() <= FRAC_PI_2) {
            return None;
        }
        let (dxi, deta) = series(&INVERSE, xi, eta);
        let (xi, eta) = (xi - dxi, eta - deta);
        let conformal = xi.sin() / eta.sinh().hypot(xi.cos());
        let lat_deg = tangent(conformal).atan().to_degrees();
        let lng_deg = self.meridian_deg + eta.sinh().atan2(xi.cos()).to_degrees();
        Some((lng_deg, lat_deg))
    }
}

/// Radius in metres of the circle as long as a meridian.
fn rectifying_radius_m() -> f64 {
    let n2 = N * N;
    A_M / (1.0 + N) * (1.0 + n2 * (1.0 / 4.0 + n2 * (1.0 / 64.0 + n2 / 256.0)))
}

fn eccentricity() -> f64 {
    (F * (2.0 - F)).sqrt()
}

/// Tangent of the conformal latitude from that of the geographic one (Karney's equations 7–9).
fn conformal_tangent(tau: f64) -> f64 {
    let e = eccentricity();
    let hyp = tau.hypot(1.0);
    let sigma = (e * (e * tau / hyp).atanh()).sinh();
    tau * sigma.hypot(1.0) - sigma * hyp
}

/// Tangent of the geographic latitude from that of the conformal one: Newton's steps, which
/// double the good digits each (Karney's equations 19–21); five are more than enough.
fn tangent(conformal: f64) -> f64 {
    let e2 = F * (2.0 - F);
    let mut tau = conformal / (1.0 - e2);
    for _ in 0..5 {
        let have = conformal_tangent(tau);
        let slope = (1.0 + (1.0 - e2) * tau * tau) / ((1.0 - e2) * tau.hypot(1.0));
        tau += (conformal - have) / have.hypot(1.0) * slope;
    }
    tau
}

/// Σ cⱼ sin 2jξ cosh 2jη and Σ cⱼ cos 2jξ sinh 2jη, the coefficients being polynomials in n.
fn series(coefficients: &[[f64; 6]; 6], xi: f64, eta: f64) -> (f64, f64) {
    let (mut dxi, mut deta) = (0.0, 0.0);
    for (j, polynomial) in (1_u32..).zip(coefficients) {
        let c = polynomial.iter().rev().fold(0.0, |sum, k| (sum + k) * N);
        let twice = 2.0 * f64::from(j);
        dxi += c * (twice * xi).sin() * (twice * eta).cosh();
        deta += c * (twice * xi).cos() * (twice * eta).sinh();
    }
    (dxi, deta)
}

/// α₁…α₆ of Karney's equation 35: row j holds the factors of n, n², … n⁶.
const FORWARD: [[f64; 6]; 6] = [
    [1. / 2., -2. / 3., 5. / 16., 41. / 180., -127. / 288., 7891. / 37800.],
    [0., 13. / 48., -3. / 5., 557. / 1440., 281. / 630., -1983433. / 1935360.],
    [0., 0., 61. / 240., -103. / 140., 15061. / 26880., 167603. / 181440.],
    [0., 0., 0., 49561. / 161280., -179. / 168., 6601661. / 7257600.],
    [0., 0., 0., 0., 34729. / 80640., -3418889. / 1995840.],
    [0., 0., 0., 0., 0., 212378941. / 319334400.],
];

/// β₁…β₆ of Karney's equation 36.
const INVERSE: [[f64; 6]; 6] = [
    [1. / 2., -2. / 3., 37. / 96., -1. / 360., -81. / 512., 96199. / 604800.],
    [0., 1. / 48., 1. / 15., -437. / 1440., 46. / 105., -1118711. / 3870720.],
    [0., 0., 17. / 480., -37. / 840., -209. / 4480., 5569. / 90720.],
    [0., 0., 0., 4397. / 161280., -11. / 504., -830251. / 7257600.],
    [0., 0., 0., 0., 4583. / 161280., -108847. / 3991680.],
    [0., 0., 0., 0., 0., 20648693. / 638668800.],
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// EPSG code, longitude, latitude, easting, northing as PROJ 9.5.1 gives them.
    const FROM_PROJ: &[(u32, f64, f64, f64, f64)] = &[
        (4549, 120.6137289, 31.3, 558429.94519, 3464398.51910),
        (4549, 121.9, 31.9, 679746.21190, 3532339.10411),
        (4549, 118.4, 24.0, 337182.90145, 2656213.47323),
        (4549, 123.5, 45.25, 774759.90046, 5018691.56803),
        (4528, 120.6137289, 31.3, 40558429.94519, 3464398.51910),
        (4513, 75.2, 39.5, 25517202.69056, 4374033.21135),
        (4513, 73.6, 39.9, 25380272.25264, 4419364.04615),
        (4533, 134.9, 48.2, 45492566.35432, 5340670.88481),
        (4534, 76.4, 36.0, 626233.08004, 3986449.27425),
        (4554, 133.1, 47.7, 357394.17990, 5286820.53459),
        (4502, 74.0, 35.0, 408710.23126, 3875049.87069),
        (4510, 120.6137289, 31.3, 272787.06484, 3466694.93341),
        (4499, 120.6137289, 31.3, 21272787.06484, 3466694.93341),
        (3857, 120.6137289, 31.3, 13426658.88383, 3671771.44880),
        (3857, -2.96, 53.4, -329505.69275, 7057332.57100),
        (3857, 179.5, -84.9, 19981848.59739, -19845401.33550),
    ];

    #[test]
    fn every_plane_agrees_with_proj_to_a_tenth_of_a_millimetre() {
        for &(code, lng, lat, x, y) in FROM_PROJ {
            let crs = Crs::from_epsg(code).expect("a code read here");
            let (got_x, got_y) = match crs {
                Crs::GaussKruger(plane) => plane.from_degrees(lng, lat),
                _ => degrees_to_web_mercator(lng, lat),
            };
            assert!((got_x - x).abs() < 1e-4 && (got_y - y).abs() < 1e-4, "{code} {got_x} {got_y}");
            let (got_lng, got_lat) = crs.to_cgcs2000(x, y).expect("in its range");
            assert!((got_lng - lng).abs() < 1e-9 && (got_lat - lat).abs() < 1e-9, "{code}");
        }
    }

    #[test]
    fn a_zone_prefix_is_a_million_metres_a_zone() {
        let with = Crs::from_epsg(4528);
        let without = Crs::from_epsg(4549);
        let plane = |false_easting_m| GaussKruger { meridian_deg: 120.0, false_easting_m };
        assert_eq!(with, Some(Crs::GaussKruger(plane(40_500_000.0))));
        assert_eq!(without, Some(Crs::GaussKruger(plane(500_000.0))));
        assert_eq!(Crs::from_epsg(4555), None);
    }

    #[test]
    fn a_coordinate_of_another_system_is_refused_not_guessed() {
        let zone_40 = Crs::from_epsg(4528).expect("a code read here");
        assert_eq!(zone_40.to_cgcs2000(558_429.9, 3_464_398.5), None, "no prefix");
        assert_eq!(zone_40.to_cgcs2000(120.6, 31.3), None, "degrees");
        assert_eq!(zone_40.to_cgcs2000(f64::NAN, 0.0), None);
        assert_eq!(Crs::WebMercator.to_cgcs2000(3e7, 0.0), None);
        let degrees = Crs::Geographic(Datum::Wgs84);
        assert_eq!(degrees.to_cgcs2000(558_429.9, 3_464_398.5), None, "metres");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn there_and_back_again_is_the_same_place_to_a_nanometre_or_so(
            off_deg in -9.0..9.0_f64, lat in -89.0..89.0_f64, zone in 4534_u32..=4554,
        ) {
            let Some(Crs::GaussKruger(plane)) = Crs::from_epsg(zone) else {
                return Err(TestCaseError::fail("no plane"));
            };
            let lng = plane.meridian_deg + off_deg;
            let (x, y) = plane.from_degrees(lng, lat);
            let (back_lng, back_lat) = plane.to_degrees(x, y).expect("near its meridian");
            prop_assert!((back_lat - lat).abs() < 1e-12, "{lat} {back_lat}");
            let east_off = (back_lng - lng).abs() * lat.to_radians().cos();
            prop_assert!(east_off < 1e-12, "{lng} {back_lng}");
        }
    }
}
