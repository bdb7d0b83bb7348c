//! Metres on the ground: distances, a flat map around a point, areas on the ellipsoid.
//!
//! Nothing topological is decided here; figures are `f64` on the CGCS2000 ellipsoid
//! (GB 22021-2008: a = 6 378 137 m, f = 1/298.257 222 101).

use crate::{
    partition::Partition,
    position::{Position, UNITS_PER_DEGREE, Window},
};

/// Semi-major axis of CGCS2000, metres.
pub const SEMI_MAJOR_M: f64 = 6_378_137.0;
/// Flattening of CGCS2000.
pub const FLATTENING: f64 = 1.0 / 298.257_222_101;

const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);
const RADIANS_PER_UNIT: f64 = std::f64::consts::PI / 180.0 / UNITS_PER_DEGREE;

/// A flat map around one position: metres east and north of it.
///
/// East and north are scaled by the ellipsoid's radii of curvature at the origin (Torge,
/// *Geodesy*, 4.1.3: M = a(1-e²)/W³, N = a/W, W² = 1 - e²sin²φ). Distances *from the origin* are
/// corrected for the shrinking of parallels (mid-latitude): within 1e-5 of the geodesic up to
/// 10 km and within 1e-4 up to 100 km anywhere in China. Flat figures away from the origin
/// ([`Local::xy_m`]) lack the correction: relative error tan φ · d / 6 400 km at distance d.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Local {
    origin: Position,
    east_m: f64,
    north_m: f64,
    shrink_per_m: f64,
}

impl Local {
    /// The map around `origin`.
    pub fn at(origin: Position) -> Self {
        let lat = f64::from(origin.lat_e7) * RADIANS_PER_UNIT;
        let w2 = 1.0 - ECCENTRICITY_2 * lat.sin().powi(2);
        let meridian_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (w2 * w2.sqrt());
        // At a pole the parallel has no length; a metre keeps every figure finite.
        let parallel_m = (SEMI_MAJOR_M / w2.sqrt() * lat.cos()).max(1.0);
        Self {
            origin,
            east_m: parallel_m * RADIANS_PER_UNIT,
            north_m: meridian_m * RADIANS_PER_UNIT,
            shrink_per_m: lat.sin() / parallel_m / 2.0,
        }
    }

    /// The position the map is around.
    pub fn origin(&self) -> Position {
        self.origin
    }

    /// Flat metres east and north of the origin.
    pub fn xy_m(&self, p: Position) -> (f64, f64) {
        (
            (f64::from(p.lng_e7) - f64::from(self.origin.lng_e7)) * self.east_m,
            (f64::from(p.lat_e7) - f64::from(self.origin.lat_e7)) * self.north_m,
        )
    }

    /// The position at flat metres east and north of the origin, rounded to the grid and kept
    /// within the range of a [`Position`].
    pub fn position(&self, east_m: f64, north_m: f64) -> Position {
        let lng = f64::from(self.origin.lng_e7) + east_m / self.east_m;
        let lat = f64::from(self.origin.lat_e7) + north_m / self.north_m;
        Position::new(lng.round().clamp(-1.8e9, 1.8e9) as i32, lat.round().clamp(-9e8, 9e8) as i32)
    }

    /// Metres from the origin to `p`.
    pub fn distance_m(&self, p: Position) -> f64 {
        self.corrected_m(self.xy_m(p))
    }

    /// Metres from the origin to the nearest point of the closed segment a–b (straight in
    /// longitude and latitude).
    pub fn to_segment_m(&self, a: Position, b: Position) -> f64 {
        self.corrected_m(self.foot_m(a, b))
    }

    /// Metres from the origin to the nearest point of a line: the least [`Local::to_segment_m`] of
    /// its segments, to the last bit. Infinite for a line without one.
    pub fn to_line_m(&self, line: &[Position]) -> f64 {
        let squares = line.windows(2).map(|w| self.corrected_2(self.foot_m(w[0], w[1])));
        squares.fold(f64::INFINITY, f64::min).sqrt()
    }

    /// The point of the closed segment a–b nearest to the origin, as [`Local::to_segment_m`] has
    /// it, rounded to the grid.
    pub fn foot(&self, a: Position, b: Position) -> Position {
        let (east_m, north_m) = self.foot_m(a, b);
        self.position(east_m, north_m)
    }

    fn foot_m(&self, a: Position, b: Position) -> (f64, f64) {
        // In one order, so that an edge is as far away walked either way.
        let (a, b) = (self.xy_m(a.min(b)), self.xy_m(a.max(b)));
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length_2 = dx * dx + dy * dy;
        let along = if length_2 > 0.0 { -(a.0 * dx + a.1 * dy) / length_2 } else { 0.0 };
        let along = along.clamp(0.0, 1.0);
        (a.0 + along * dx, a.1 + along * dy)
    }

    /// Never more than the metres from the origin to any point of the window; 0 inside it.
    pub fn at_least_m(&self, window: &Window) -> f64 {
        let (low, high) = (self.xy_m(window.low), self.xy_m(window.high));
        let x = low.0.max(-high.0).max(0.0);
        let y = low.1.max(-high.1).max(0.0);
        let farthest_y = low.1.abs().max(high.1.abs());
        let x = x * (1.0 - (self.shrink_per_m * farthest_y).abs()).max(0.0);
        let away_m = (x * x + y * y).sqrt();
        // Less what rounding may have added, here or to the distance it is held against: a tie
        // lost to the sixteenth digit would name the wrong neighbour.
        (away_m * (1.0 - 1e-12) - 1e-9).max(0.0)
    }

    /// The window that holds every position within `radius_m` of the origin.
    pub fn window(&self, radius_m: f64) -> Window {
        let reach = radius_m.max(0.0);
        let wider = 1.0 - (self.shrink_per_m * reach).abs();
        let east_m = if wider > 0.01 { reach / wider } else { 4e7 };
        let (low, high) = (self.position(-east_m, -reach), self.position(east_m, reach));
        Window {
            low: Position::new(low.lng_e7.saturating_sub(1), low.lat_e7.saturating_sub(1)),
            high: Position::new(high.lng_e7.saturating_add(1), high.lat_e7.saturating_add(1)),
        }
    }

    fn corrected_m(&self, flat: (f64, f64)) -> f64 {
        self.corrected_2(flat).sqrt()
    }

    /// Squared: metres on the globe neither overflow nor vanish then, so the library's `hypot`,
    /// which guards against both, would only cost.
    fn corrected_2(&self, (x, y): (f64, f64)) -> f64 {
        let x = x * (1.0 - self.shrink_per_m * y);
        x * x + y * y
    }
}

/// Metres between two positions: within 1e-6 of the geodesic up to 10 km, 5e-5 up to 100 km.
pub fn distance_m(a: Position, b: Position) -> f64 {
    // Both origins are taken, so that the distance is the same there and back.
    (Local::at(a).distance_m(b) + Local::at(b).distance_m(a)) / 2.0
}

/// Metres along the great circle on a sphere of the mean radius (haversine): within 0.6 % of the
/// geodesic anywhere on the globe.
pub fn great_circle_m(a: Position, b: Position) -> f64 {
    const MEAN_RADIUS_M: f64 = SEMI_MAJOR_M * (1.0 - FLATTENING / 3.0);
    let radians = |units: i32| f64::from(units) * RADIANS_PER_UNIT;
    let (lat_a, lat_b) = (radians(a.lat_e7), radians(b.lat_e7));
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lng = ((radians(b.lng_e7) - radians(a.lng_e7)) / 2.0).sin();
    let square = half_lat.powi(2) + lat_a.cos() * lat_b.cos() * half_lng.powi(2);
    2.0 * MEAN_RADIUS_M * square.clamp(0.0, 1.0).sqrt().asin()
}

/// Metres from `p` to the closed segment a–b; error as for [`Local`].
pub fn point_segment_m(p: Position, a: Position, b: Position) -> f64 {
    Local::at(p).to_segment_m(a, b)
}

/// Metres along a line.
pub fn length_m(line: &[Position]) -> f64 {
    line.windows(2).map(|w| distance_m(w[0], w[1])).sum()
}

/// Area between the equator and latitude φ per radian of longitude, m² (Snyder 1987, *Map
/// Projections: A Working Manual*, eq. 3-12, times a²/2).
fn authalic_m2(lat_e7: f64) -> f64 {
    let e = ECCENTRICITY_2.sqrt();
    let s = (lat_e7 * RADIANS_PER_UNIT).sin();
    let scale = SEMI_MAJOR_M * SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / 2.0;
    scale * (s / (1.0 - ECCENTRICITY_2 * s * s) + (e * s).atanh() / e)
}

/// The area on the left of an open line or closed ring as its share of a shoelace, m².
fn under_m2(points: &[Position]) -> f64 {
    let Some(&first) = points.first() else { return 0.0 };
    let floor_m2 = authalic_m2(f64::from(first.lat_e7));
    let mut from_m2 = 0.0;
    let mut sum_m2 = 0.0;
    for w in points.windows(2) {
        let (lat_a, lat_b) = (f64::from(w[0].lat_e7), f64::from(w[1].lat_e7));
        let to_m2 = authalic_m2(lat_b) - floor_m2;
        let middle_m2 = authalic_m2((lat_a + lat_b) / 2.0) - floor_m2;
        let width = (f64::from(w[1].lng_e7) - f64::from(w[0].lng_e7)) * RADIANS_PER_UNIT;
        sum_m2 -= width * (from_m2 + 4.0 * middle_m2 + to_m2) / 6.0; // Simpson
        from_m2 = to_m2;
    }
    sum_m2
}

/// Area of a ring in m², positive when it runs counter-clockwise; it may repeat its first point.
///
/// Edges are straight in longitude and latitude; the ellipsoid's equal-area function is
/// integrated along each by Simpson's rule. Relative error below 1e-9 for a cell.
pub fn ring_area_m2(ring: &[Position]) -> f64 {
    let (Some(&first), Some(&last)) = (ring.first(), ring.last()) else { return 0.0 };
    let closing = [first, last, first];
    let open_m2 = under_m2(ring);
    // Both pieces are measured above the first point's parallel, so they add up.
    if first == last { open_m2 } else { open_m2 + under_m2(&closing) - under_m2(&closing[..2]) }
}

/// Area of polygons (polygon → rings → points, the first ring outer) in m²; ring directions do
/// not matter.
pub fn polygons_area_m2(polygons: &[Vec<Vec<Position>>]) -> f64 {
    polygons
        .iter()
        .flat_map(|rings| rings.iter().enumerate())
        .map(|(i, ring)| ring_area_m2(ring).abs() * if i == 0 { 1.0 } else { -1.0 })
        .sum()
}

/// Area of every face of a partition in m², by face; the outside's is minus the jurisdiction's.
pub fn areas_m2(partition: &Partition) -> Vec<f64> {
    let mut areas_m2 = vec![0.0; partition.faces().len()];
    let Some(first) = partition.rows().0.first() else { return areas_m2 };
    // All arcs are measured from one parallel and one meridian: what they share cancels.
    let floor_m2 = authalic_m2(f64::from(first.lat_e7));
    for arc in partition.arcs() {
        let (a, b) = (arc.points[0], arc.points[arc.points.len() - 1]);
        let step_m2 = authalic_m2(f64::from(a.lat_e7)) - floor_m2;
        let width = (f64::from(b.lng_e7) - f64::from(a.lng_e7)) * RADIANS_PER_UNIT;
        let under = under_m2(arc.points) - width * step_m2;
        areas_m2[arc.left.index()] += under;
        areas_m2[arc.right.index()] -= under;
    }
    areas_m2
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Distance, Geodesic, GeodesicArea, Point, polygon};

    #[test]
    fn distances_agree_with_the_geodesic() {
        for lat_e7 in [-350_000_000, 0, 200_000_000, 313_000_000, 535_000_000] {
            let a = Position::new(1_206_137_289, lat_e7);
            for (reach, tolerance, local_tolerance) in
                [(2_000, 1e-6, 1e-6), (900_000, 1e-6, 1e-5), (9_000_000, 5e-5, 1e-4)]
            {
                for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1), (2, -1)] {
                    let b = Position::new(a.lng_e7 + dx * reach, a.lat_e7 + dy * reach / 2);
                    let exact_m = Geodesic.distance(
                        Point::new(a.lng_deg(), a.lat_deg()),
                        Point::new(b.lng_deg(), b.lat_deg()),
                    );
                    let off = (distance_m(a, b) / exact_m - 1.0).abs();
                    assert!(off < tolerance, "{reach} {lat_e7} {dx} {dy}: {off}");
                    let off = (Local::at(a).distance_m(b) / exact_m - 1.0).abs();
                    assert!(off < local_tolerance, "from a {reach} {lat_e7} {dx} {dy}: {off}");
                }
            }
        }
    }

    #[test]
    fn great_circles_agree_with_the_geodesic_to_the_antipodes() {
        let home = Position::new(1_206_137_289, 313_000_000);
        for (lng, lat) in [(0.0, 0.0), (-118.3, 34.0), (-59.4, -31.3), (121.0, 89.9)] {
            let away = Position::from_degrees(lng, lat).expect("on the globe");
            let points = [home, away].map(|p| Point::new(p.lng_deg(), p.lat_deg()));
            let exact_m = Geodesic.distance(points[0], points[1]);
            let off = (great_circle_m(home, away) / exact_m - 1.0).abs();
            assert!(off < 6e-3, "{lng} {lat}: {off}");
        }
    }

    #[test]
    fn areas_agree_with_the_geodesic() {
        let ring = [(0, 0), (90_000, 1_000), (80_000, 70_000), (-500, 60_000)]
            .map(|(x, y)| Position::new(1_206_137_289 + x, 313_000_000 + y));
        let at = |i: usize| (ring[i].lng_deg(), ring[i].lat_deg());
        let exact_m2 =
            polygon![at(0).into(), at(1).into(), at(2).into(), at(3).into()].geodesic_area_signed();
        let area_m2 = ring_area_m2(&ring);
        assert!((area_m2 / exact_m2 - 1.0).abs() < 1e-6, "{area_m2} {exact_m2}");
        let closed: Vec<_> = ring.iter().chain(&ring[..1]).copied().collect();
        assert!((ring_area_m2(&closed) / area_m2 - 1.0).abs() < 1e-12);
        let reversed: Vec<_> = ring.iter().rev().copied().collect();
        assert!((ring_area_m2(&reversed) / -area_m2 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_window_around_a_disc_holds_it() {
        let map = Local::at(Position::new(1_206_137_289, 313_000_000));
        let window = map.window(1_000.0);
        for i in 0..360 {
            let (s, c) = (f64::from(i)).to_radians().sin_cos();
            let p = map.position(1_000.0 * c, 1_000.0 * s);
            assert!(window.contains(p) || map.distance_m(p) > 1_000.0);
            assert!(map.at_least_m(&Window { low: p, high: p }) <= map.distance_m(p));
        }
    }
}
