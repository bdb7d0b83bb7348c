//! Positions as fixed-point integers: the one coordinate type every decision is made on.

/// Units of a [`Position`] per degree: 1e7, about 1.1 cm on the ground.
pub const UNITS_PER_DEGREE: f64 = 1e7;

/// A place in CGCS2000 (EPSG:4490; WGS 84 is the same to the centimetre), in 1e-7 degree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(C)]
pub struct Position {
    /// Longitude in 1e-7 degree, east positive, within ±1_800_000_000.
    pub lng_e7: i32,
    /// Latitude in 1e-7 degree, north positive, within ±900_000_000.
    pub lat_e7: i32,
}

impl Position {
    /// The position from its integer coordinates in 1e-7 degree (not range checked).
    pub const fn new(lng_e7: i32, lat_e7: i32) -> Self {
        Self { lng_e7, lat_e7 }
    }

    /// Rounds degrees (CGCS2000) to the grid; `None` if not finite or outside ±180 / ±90.
    pub fn from_degrees(lng_deg: f64, lat_deg: f64) -> Option<Self> {
        let inside = lng_deg.abs() <= 180.0 && lat_deg.abs() <= 90.0; // false for NaN
        inside.then(|| Self {
            lng_e7: (lng_deg * UNITS_PER_DEGREE).round() as i32,
            lat_e7: (lat_deg * UNITS_PER_DEGREE).round() as i32,
        })
    }

    /// Longitude in degrees; `from_degrees` of both gives the same position back exactly.
    pub fn lng_deg(self) -> f64 {
        f64::from(self.lng_e7) / UNITS_PER_DEGREE
    }

    /// Latitude in degrees.
    pub fn lat_deg(self) -> f64 {
        f64::from(self.lat_e7) / UNITS_PER_DEGREE
    }
}

impl Position {
    /// The bits of longitude and latitude interleaved: places near each other mostly have numbers
    /// near each other.
    pub(crate) fn morton(self) -> u64 {
        let flipped = |v: i32| v as u32 ^ 0x8000_0000; // keeps the order of signed numbers
        spread(flipped(self.lng_e7)) | (spread(flipped(self.lat_e7)) << 1)
    }
}

/// Puts a zero between every two bits.
fn spread(v: u32) -> u64 {
    let mut x = u64::from(v);
    x = (x | (x << 16)) & 0x0000_FFFF_0000_FFFF;
    x = (x | (x << 8)) & 0x00FF_00FF_00FF_00FF;
    x = (x | (x << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    x = (x | (x << 2)) & 0x3333_3333_3333_3333;
    (x | (x << 1)) & 0x5555_5555_5555_5555
}

/// An axis-parallel closed box of positions; `low` is its south-west, `high` its north-east corner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// South-west corner.
    pub low: Position,
    /// North-east corner.
    pub high: Position,
}

impl Window {
    /// The smallest window around the points; `None` for no points.
    pub fn around(points: impl IntoIterator<Item = Position>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        let start = Self { low: first, high: first };
        Some(points.fold(start, |w, p| Self {
            low: Position::new(w.low.lng_e7.min(p.lng_e7), w.low.lat_e7.min(p.lat_e7)),
            high: Position::new(w.high.lng_e7.max(p.lng_e7), w.high.lat_e7.max(p.lat_e7)),
        }))
    }

    /// Whether the point lies in the window or on its edge.
    pub fn contains(&self, p: Position) -> bool {
        (self.low.lng_e7..=self.high.lng_e7).contains(&p.lng_e7)
            && (self.low.lat_e7..=self.high.lat_e7).contains(&p.lat_e7)
    }

    /// Whether the two windows share at least a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.low.lng_e7 <= other.high.lng_e7
            && other.low.lng_e7 <= self.high.lng_e7
            && self.low.lat_e7 <= other.high.lat_e7
            && other.low.lat_e7 <= self.high.lat_e7
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_survive_the_round_trip() {
        for lng_e7 in [-1_800_000_000, -1, 0, 1, 1_206_137_289, 1_799_999_999] {
            let p = Position::new(lng_e7, lng_e7 / 2);
            assert_eq!(Position::from_degrees(p.lng_deg(), p.lat_deg()), Some(p));
        }
    }

    #[test]
    fn a_place_off_the_globe_is_no_position() {
        for (lng, lat) in [(f64::NAN, 0.0), (0.0, 95.0), (181.0, 0.0), (f64::INFINITY, 0.0)] {
            assert_eq!(Position::from_degrees(lng, lat), None);
        }
    }
}
