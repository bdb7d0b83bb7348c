//! Datums: the four ways Chinese maps state one place, and the way from each to each.
//!
//! | datum | who uses it | what it is here |
//! |---|---|---|
//! | WGS 84 | GPS, the world | the same numbers as CGCS2000 (centimetres apart) |
//! | CGCS2000 | surveying and government | the datum of every position here |
//! | GCJ-02 | Amap, Tencent | WGS 84 displaced by a fixed, smooth field of up to 1 km |
//! | BD-09 | Baidu | GCJ-02 moved by about 0.0065°/0.006° and a ripple |
//!
//! **Source of the formulas.** Neither displacement is published by its owner; both have been
//! public knowledge since 2010 and are written out, for example, in the Wikipedia article
//! "Restrictions on geographic data in China" and in the open projects eviltransform and
//! transbigdata, whose test pairs our tests check against. The field is a polynomial plus sines
//! in degrees east of 105° E and north of 35° N, in metres on the Krasovsky 1940 ellipsoid.
//!
//! **The inverse is exact.** No inverse is published; most systems subtract the displacement
//! taken at the wrong end, up to 2.3 m off in Suzhou and more elsewhere. Here it is iterated to
//! rest: the field changes by under 1 % of a step, so eight steps reach the last bits of `f64`
//! (well under 5 mm over all China, held by a property test).
//!
//! **Outside China nothing is displaced.** Both map companies state WGS 84 abroad, and the usual
//! rule of thumb for "abroad" is a box: 72.004°–137.8347° E, 0.8293°–55.8271° N (it holds Hong
//! Kong, Macao, Taiwan and much of China's neighbourhood). Outside it all four datums are the
//! same numbers. On the box's edge the field stops short, so a displaced coordinate within about
//! 2 km of the edge may stand for two places or none: then the place inside the box is meant,
//! and where there is none the undisturbed field is followed across the edge.

/// The datum a coordinate is stated in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Datum {
    /// WGS 84 (EPSG:4326).
    #[default]
    Wgs84,
    /// China Geodetic Coordinate System 2000 (EPSG:4490).
    Cgcs2000,
    /// The displaced coordinates of Amap and Tencent.
    Gcj02,
    /// The twice displaced coordinates of Baidu.
    Bd09,
}

const WEST_DEG: f64 = 72.004;
const EAST_DEG: f64 = 137.8347;
const SOUTH_DEG: f64 = 0.8293;
const NORTH_DEG: f64 = 55.8271;

/// No displacement of either kind reaches this far, in degrees.
const REACH_DEG: f64 = 0.05;

/// Semi-major axis of Krasovsky 1940 in metres, on which GCJ-02's metres become degrees.
const KRASOVSKY_A_M: f64 = 6_378_245.0;
/// Its first eccentricity squared, to the digits everybody uses.
const KRASOVSKY_E2: f64 = 0.006_693_421_622_965_943;

/// Steps of the inverse; each gains at least a factor of thirty, mostly of some hundreds.
const STEPS: usize = 12;

/// Longitude and latitude in degrees, CGCS2000, of a coordinate stated in `datum`.
///
/// Inverse of [`from_cgcs2000`] to better than 5 mm everywhere in China. What is not finite
/// comes back as it is.
pub fn to_cgcs2000(lng_deg: f64, lat_deg: f64, datum: Datum) -> (f64, f64) {
    let stated = (lng_deg, lat_deg);
    let displace: fn((f64, f64)) -> (f64, f64) = match datum {
        Datum::Wgs84 | Datum::Cgcs2000 => return stated,
        Datum::Gcj02 => gcj02_from_wgs84,
        Datum::Bd09 => |place| bd09_from_gcj02(gcj02_from_wgs84(place)),
    };
    if !in_box(stated, REACH_DEG) {
        return stated;
    }
    let place = solve(displace, stated);
    if in_box(place, 0.0) || in_box(stated, 0.0) { place } else { stated }
}

/// Longitude and latitude in degrees, stated in `datum`, of a place given in CGCS2000.
///
/// Outside the China box (see the module) every datum states the same numbers.
pub fn from_cgcs2000(lng_deg: f64, lat_deg: f64, datum: Datum) -> (f64, f64) {
    let place = (lng_deg, lat_deg);
    if !in_box(place, 0.0) {
        return place;
    }
    match datum {
        Datum::Wgs84 | Datum::Cgcs2000 => place,
        Datum::Gcj02 => gcj02_from_wgs84(place),
        Datum::Bd09 => bd09_from_gcj02(gcj02_from_wgs84(place)),
    }
}

/// Whether the coordinate is in the China box, widened by a margin in degrees; false for NaN.
fn in_box((lng, lat): (f64, f64), margin_deg: f64) -> bool {
    (WEST_DEG - margin_deg..=EAST_DEG + margin_deg).contains(&lng)
        && (SOUTH_DEG - margin_deg..=NORTH_DEG + margin_deg).contains(&lat)
}

/// Finds the place that `displace` moves to `stated`: the fixed point of p + (stated − f(p)).
fn solve(displace: impl Fn((f64, f64)) -> (f64, f64), stated: (f64, f64)) -> (f64, f64) {
    let mut place = stated;
    for _ in 0..STEPS {
        let moved = displace(place);
        let (lng_off, lat_off) = (stated.0 - moved.0, stated.1 - moved.1);
        place = (place.0 + lng_off, place.1 + lat_off);
        if lng_off.abs().max(lat_off.abs()) < 1e-13 {
            break;
        }
    }
    place
}

/// GCJ-02 of a WGS 84 place: the displacement in metres, turned into degrees at its latitude.
fn gcj02_from_wgs84((lng, lat): (f64, f64)) -> (f64, f64) {
    let (east_m, north_m) = gcj02_shift_m(lng - 105.0, lat - 35.0);
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let w2 = 1.0 - KRASOVSKY_E2 * sin_lat * sin_lat;
    let prime_vertical_m = KRASOVSKY_A_M / w2.sqrt();
    let meridian_m = prime_vertical_m * (1.0 - KRASOVSKY_E2) / w2;
    let lng_off = (east_m / (prime_vertical_m * cos_lat)).to_degrees();
    let lat_off = (north_m / meridian_m).to_degrees();
    (lng + lng_off, lat + lat_off)
}

/// The displacement east and north in metres, x degrees east of 105° E and y north of 35° N.
fn gcj02_shift_m(x: f64, y: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    let wave = |amplitude: f64, cycles_per_degree: f64, at: f64| {
        amplitude * (2.0 / 3.0) * (2.0 * PI * cycles_per_degree * at).sin()
    };
    let root = 0.1 * x.abs().sqrt();
    let ripple = wave(20.0, 3.0, x) + wave(20.0, 1.0, x);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + root
        + ripple
        + wave(20.0, 1.0 / 2.0, x)
        + wave(40.0, 1.0 / 6.0, x)
        + wave(150.0, 1.0 / 24.0, x)
        + wave(300.0, 1.0 / 60.0, x);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 2.0 * root
        + ripple
        + wave(20.0, 1.0 / 2.0, y)
        + wave(40.0, 1.0 / 6.0, y)
        + wave(160.0, 1.0 / 24.0, y)
        + wave(320.0, 1.0 / 60.0, y);
    (east, north)
}

/// BD-09 of a GCJ-02 coordinate: a ripple in polar form about (0, 0), then a fixed offset.
fn bd09_from_gcj02((lng, lat): (f64, f64)) -> (f64, f64) {
    let per_degree = 3000.0_f64.to_radians();
    let radius = lng.hypot(lat) + 2e-5 * (lat * per_degree).sin();
    let angle = lat.atan2(lng) + 3e-6 * (lng * per_degree).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DISPLACED: [Datum; 2] = [Datum::Gcj02, Datum::Bd09];

    fn near((lng, lat): (f64, f64), (to_lng, to_lat): (f64, f64), tolerance_deg: f64) -> bool {
        (lng - to_lng).abs() <= tolerance_deg && (lat - to_lat).abs() <= tolerance_deg
    }

    /// Metres between two places close together, on a sphere: good to 1 % of what it says.
    fn apart_m(a: (f64, f64), b: (f64, f64)) -> f64 {
        let east = (a.0 - b.0) * a.1.to_radians().cos();
        (east.hypot(a.1 - b.1)) * 111_320.0
    }

    #[test]
    fn published_gcj02_pairs_come_out() {
        // wgs84 -> gcj02 as stated by eviltransform's tests, good to 1e-6 degree there
        for (wgs, gcj) in [
            ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
            ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
            ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ] {
            let got = from_cgcs2000(wgs.0, wgs.1, Datum::Gcj02);
            assert!(near(got, gcj, 1e-6), "{wgs:?} gave {got:?}, not {gcj:?}");
            let back = to_cgcs2000(gcj.0, gcj.1, Datum::Gcj02);
            assert!(near(back, wgs, 1e-6), "{gcj:?} gave {back:?}, not {wgs:?}");
        }
    }

    #[test]
    fn a_published_bd09_pair_comes_out() {
        // gcj02 -> bd09 as stated by transbigdata's tests
        let got = bd09_from_gcj02((120.0, 30.0));
        assert!(near(got, (120.00640999946, 30.006359999864998), 1e-9), "{got:?}");
    }

    #[test]
    fn outside_china_every_datum_states_the_same_numbers() {
        for place in [(-118.2437, 34.0522), (-2.9916, 53.4084), (72.0, 31.0), (0.0, 0.0)] {
            for datum in DISPLACED {
                assert_eq!(from_cgcs2000(place.0, place.1, datum), place);
            }
        }
        for far in [(-118.2437, 34.0522), (71.9, 31.0), (120.0, 0.7), (137.9, 31.0)] {
            for datum in DISPLACED {
                assert_eq!(to_cgcs2000(far.0, far.1, datum), far);
            }
        }
    }

    #[test]
    fn what_is_not_finite_comes_back_as_it_is() {
        for datum in DISPLACED {
            let (lng, lat) = to_cgcs2000(f64::NAN, f64::INFINITY, datum);
            assert!(lng.is_nan() && lat == f64::INFINITY);
            let (lng, lat) = from_cgcs2000(f64::NEG_INFINITY, f64::NAN, datum);
            assert!(lng == f64::NEG_INFINITY && lat.is_nan());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_inverse_is_better_than_5_mm_over_all_china(
            lng in WEST_DEG..=EAST_DEG, lat in SOUTH_DEG..=NORTH_DEG,
        ) {
            for datum in DISPLACED {
                let stated = from_cgcs2000(lng, lat, datum);
                let back = to_cgcs2000(stated.0, stated.1, datum);
                let off = apart_m(back, (lng, lat));
                prop_assert!(off < 0.005, "{datum:?} {off} m off at {lng} {lat}");
            }
        }

        #[test]
        fn no_displacement_is_longer_than_the_reach(
            lng in WEST_DEG..=EAST_DEG, lat in SOUTH_DEG..=NORTH_DEG,
        ) {
            for datum in DISPLACED {
                let stated = from_cgcs2000(lng, lat, datum);
                prop_assert!(near(stated, (lng, lat), REACH_DEG));
            }
        }
    }
}
