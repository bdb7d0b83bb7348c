//! A lot to build on: a parcel with its setbacks, and the shapes that are put on it.

use super::plane::{P, area, centroid, crossing, distance, inside, p, thinned};

/// A parcel as the builder sees it.
pub struct Lot {
    /// The ring, anticlockwise.
    pub ring: Vec<P>,
    /// Metres to keep from each edge of the ring.
    pub setbacks: Vec<f64>,
    /// Whether a street lies along each edge: only there is there a way out.
    pub on_street: Vec<bool>,
    /// Along the rows of houses.
    pub u: P,
    /// Across them.
    pub v: P,
    /// Its middle.
    pub middle: P,
}

/// Sixteen points of the unit circle, so that no sine is needed.
pub const ROUND: [(f64, f64); 16] = {
    const C: f64 = 0.923_879_532_511_286_7;
    const S: f64 = 0.382_683_432_365_089_8;
    const R: f64 = std::f64::consts::FRAC_1_SQRT_2;
    [
        (1.0, 0.0),
        (C, S),
        (R, R),
        (S, C),
        (0.0, 1.0),
        (-S, C),
        (-R, R),
        (-C, S),
        (-1.0, 0.0),
        (-C, -S),
        (-R, -R),
        (-S, -C),
        (0.0, -1.0),
        (S, -C),
        (R, -R),
        (C, -S),
    ]
};

impl Lot {
    /// A lot whose rows run along `u`.
    pub fn new(ring: Vec<P>, setbacks: Vec<f64>, on_street: Vec<bool>, u: P) -> Self {
        let middle = centroid(&ring);
        Self { ring, setbacks, on_street, u, v: u.left(), middle }
    }

    /// Area in hectares.
    pub fn hectares(&self) -> f64 {
        area(&self.ring) / 10_000.0
    }

    /// The place `along` metres along the rows and `across` metres across from the middle.
    pub fn at(&self, along: f64, across: f64) -> P {
        self.middle + self.u * along + self.v * across
    }

    /// How far the lot reaches from its middle along and across: (low, high) of both.
    pub fn reach(&self) -> [(f64, f64); 2] {
        [self.u, self.v].map(|axis| {
            self.ring.iter().fold((f64::MAX, f64::MIN), |(low, high), q| {
                let d = (*q - self.middle).dot(axis);
                (low.min(d), high.max(d))
            })
        })
    }

    /// Whether a point keeps `spare` metres more than the setbacks from every edge.
    pub fn clear(&self, q: P, spare: f64) -> bool {
        let n = self.ring.len();
        (0..n)
            .all(|i| distance(self.ring[i], self.ring[(i + 1) % n], q) >= self.setbacks[i] + spare)
            && inside(&self.ring, q)
    }

    /// A rectangle about a middle, if it fits.
    pub fn rectangle(
        &self,
        middle: P,
        u: P,
        length: f64,
        depth: f64,
        spare: f64,
    ) -> Option<Vec<P>> {
        let (a, b) = (u * (length / 2.0), u.left() * (depth / 2.0));
        let corners = vec![middle - a - b, middle + a - b, middle + a + b, middle - a + b];
        let n = self.ring.len();
        let fits = corners.iter().all(|q| self.clear(*q, spare))
            && (0..n).all(|i| {
                let (c, d) = (self.ring[i], self.ring[(i + 1) % n]);
                crossing(corners[0], corners[2], c, d).is_none()
                    && crossing(corners[1], corners[3], c, d).is_none()
            });
        fits.then_some(corners)
    }

    /// Where the line `along` = const enters and leaves the lot about `across`, as distances.
    pub fn chord(&self, from: P, direction: P) -> Option<(f64, f64)> {
        let (mut low, mut high) = (f64::MIN, f64::MAX);
        let n = self.ring.len();
        for i in 0..n {
            let (c, d) = (self.ring[i], self.ring[(i + 1) % n]);
            let (start, span) = (from - direction * 3_000.0, 6_000.0);
            if let Some((t, _)) = crossing(start, from + direction * 3_000.0, c, d) {
                // Stop short of a wall or a bank, go on to a street.
                let stop = if self.on_street[i] { 0.0 } else { self.setbacks[i] + 4.0 };
                let at = t * span - 3_000.0;
                if at <= 0.0 {
                    low = low.max(at + stop);
                } else {
                    high = high.min(at - stop);
                }
            }
        }
        (low > f64::MIN && high < f64::MAX && high - low > 30.0).then_some((low, high))
    }

    /// The runs of wall along streets and waters, behind the verge, open at the gates. Walls
    /// towards neighbours are not among them: those edges have no setback.
    pub fn walls(&self, gates: &[P]) -> Vec<Vec<P>> {
        let n = self.ring.len();
        let mut runs: Vec<Vec<P>> = Vec::new();
        for i in 0..n {
            let (a, b, s) = (self.ring[i], self.ring[(i + 1) % n], self.setbacks[i]);
            if s <= 0.0 {
                continue;
            }
            let (d, len) = ((b - a).unit(), (b - a).len());
            let pieces = (len / 3.0).ceil() as usize;
            for k in 0..=pieces {
                let q = a + d * (len * k as f64 / pieces as f64) + d.left() * s;
                let behind_street = |g: &P| (q - *g).len() > s + 6.0;
                if !self.clear(q, -0.4) || !gates.iter().all(behind_street) {
                    continue;
                }
                match runs.last_mut() {
                    Some(run) if (run[run.len() - 1] - q).len() < 8.0 => run.push(q),
                    _ => runs.push(vec![q]),
                }
            }
        }
        runs.retain(|run| run.len() > 2);
        runs.iter().map(|run| thinned(run, 0.3)).collect()
    }
}

/// An uneven round shape: a pond, a lawn.
pub fn blob(middle: P, u: P, radii: (f64, f64), uneven: &mut dyn FnMut() -> f64) -> Vec<P> {
    ROUND
        .iter()
        .map(|(c, s)| {
            let k = uneven();
            middle + u * (c * radii.0 * k) + u.left() * (s * radii.1 * k)
        })
        .collect()
}

/// A running track: a rectangle with round ends.
pub fn stadium(middle: P, u: P, straight: f64, radius: f64) -> Vec<P> {
    let ends = |from: usize| (0..=8).map(move |k| ROUND[(from + k) % 16]);
    let side = |shift: f64, from: usize| {
        ends(from).map(move |(c, s)| middle + u * (shift + c * radius) + u.left() * (s * radius))
    };
    side(straight / 2.0, 12).chain(side(-straight / 2.0, 4)).collect()
}

/// East with a little slope: the way rows of houses run that look south.
pub fn nearly_east(slope: f64) -> P {
    p(1.0, slope).unit()
}
