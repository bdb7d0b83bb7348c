//! The drawing board of the demo district: metres east and north of its middle.
//!
//! Only additions, products, quotients and square roots are used, which IEEE 754 rounds alike
//! everywhere: the district has the same bytes on every machine.

use spatial::Position;
use std::ops::{Add, Mul, Sub};

/// The middle of the board in degrees, CGCS2000.
pub const ORIGIN_DEG: (f64, f64) = (120.62, 31.26);
/// Metres per degree of longitude and latitude there (GRS80, radii at latitude 31.26).
const METRES_PER_DEGREE: (f64, f64) = (95_244.158_9, 110_873.943_7);

/// A point or a vector on the board, metres.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct P {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
}

/// Short for a point.
pub const fn p(x: f64, y: f64) -> P {
    P { x, y }
}

impl Add for P {
    type Output = P;
    fn add(self, o: P) -> P {
        p(self.x + o.x, self.y + o.y)
    }
}

impl Sub for P {
    type Output = P;
    fn sub(self, o: P) -> P {
        p(self.x - o.x, self.y - o.y)
    }
}

impl Mul<f64> for P {
    type Output = P;
    fn mul(self, k: f64) -> P {
        p(self.x * k, self.y * k)
    }
}

impl P {
    /// Inner product.
    pub fn dot(self, o: P) -> f64 {
        self.x * o.x + self.y * o.y
    }
    /// Outer product: positive when `o` is to the left of `self`.
    pub fn cross(self, o: P) -> f64 {
        self.x * o.y - self.y * o.x
    }
    /// Length.
    pub fn len(self) -> f64 {
        self.dot(self).sqrt()
    }
    /// The same direction with length 1; east for the zero vector.
    pub fn unit(self) -> P {
        let len = self.len();
        if len > 0.0 { self * (1.0 / len) } else { p(1.0, 0.0) }
    }
    /// A quarter turn to the left.
    pub fn left(self) -> P {
        p(-self.y, self.x)
    }
    /// Degrees, CGCS2000.
    pub fn degrees(self) -> (f64, f64) {
        (ORIGIN_DEG.0 + self.x / METRES_PER_DEGREE.0, ORIGIN_DEG.1 + self.y / METRES_PER_DEGREE.1)
    }
    /// On the grid of positions.
    pub fn position(self) -> Position {
        let (lng, lat) = self.degrees();
        Position::new((lng * 1e7).round() as i32, (lat * 1e7).round() as i32)
    }
}

/// A smooth line through the points (Catmull-Rom), with a point about every `step` metres.
pub fn spline(points: &[P], step: f64) -> Vec<P> {
    let last = points.len() - 1;
    let mut out = vec![points[0]];
    for i in 0..last {
        let (b, c) = (points[i], points[i + 1]);
        let a = if i == 0 { b + b - c } else { points[i - 1] };
        let d = if i + 1 == last { c + c - b } else { points[i + 2] };
        let pieces = ((c - b).len() / step).ceil().max(1.0);
        for k in 1..=pieces as usize {
            let t = k as f64 / pieces;
            let (t2, t3) = (t * t, t * t * t);
            out.push(
                (b * 2.0
                    + (c - a) * t
                    + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2
                    + (b * 3.0 - a - c * 3.0 + d) * t3)
                    * 0.5,
            );
        }
    }
    out
}

/// Twice the signed area of a ring: positive when it runs anticlockwise.
pub fn doubled_area(ring: &[P]) -> f64 {
    (0..ring.len()).map(|i| ring[i].cross(ring[(i + 1) % ring.len()])).sum()
}

/// Area in square metres.
pub fn area(ring: &[P]) -> f64 {
    doubled_area(ring).abs() / 2.0
}

/// Centre of gravity of a ring.
pub fn centroid(ring: &[P]) -> P {
    let origin = ring[0];
    let (mut sum, mut weight) = (P::default(), 0.0);
    for i in 0..ring.len() {
        let (a, b) = (ring[i] - origin, ring[(i + 1) % ring.len()] - origin);
        let w = a.cross(b);
        sum = sum + (a + b) * w;
        weight += w;
    }
    if weight == 0.0 { origin } else { origin + sum * (1.0 / (3.0 * weight)) }
}

/// Whether a point lies in a ring (even-odd).
pub fn inside(ring: &[P], q: P) -> bool {
    let mut inside = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a.y > q.y) != (b.y > q.y) && q.x < a.x + (q.y - a.y) * (b.x - a.x) / (b.y - a.y) {
            inside = !inside;
        }
    }
    inside
}

/// Distance from a point to a segment.
pub fn distance(a: P, b: P, q: P) -> f64 {
    let d = b - a;
    let t = if d.dot(d) > 0.0 { ((q - a).dot(d) / d.dot(d)).clamp(0.0, 1.0) } else { 0.0 };
    (q - (a + d * t)).len()
}

/// Where segments a–b and c–d cross: the fractions along both.
pub fn crossing(a: P, b: P, c: P, d: P) -> Option<(f64, f64)> {
    let (u, v) = (b - a, d - c);
    let det = u.cross(v);
    if det == 0.0 {
        return None;
    }
    let (t, s) = ((c - a).cross(v) / det, (c - a).cross(u) / det);
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&s)).then_some((t, s))
}

/// The direction most of a ring's edges run along or square to, turned so that the ring is
/// longest in it. Edge directions are averaged as fourth powers, so that the four directions of
/// a rectangle count as one.
pub fn long_axis(ring: &[P]) -> P {
    let mut sum = P::default();
    for i in 0..ring.len() {
        let edge = ring[(i + 1) % ring.len()] - ring[i];
        let square = times(edge.unit(), edge.unit());
        sum = sum + times(square, square) * edge.len();
    }
    let axis = root(root(sum.unit()));
    let spread = |u: P| {
        let (low, high) = ring
            .iter()
            .fold((f64::MAX, f64::MIN), |(low, high), q| (low.min(q.dot(u)), high.max(q.dot(u))));
        high - low
    };
    if spread(axis) >= spread(axis.left()) { axis } else { axis.left() }
}

/// The product of two directions as complex numbers.
fn times(a: P, b: P) -> P {
    p(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
}

/// The direction half way between east and this one.
fn root(a: P) -> P {
    let x = ((1.0 + a.x) / 2.0).max(0.0).sqrt();
    let y = ((1.0 - a.x) / 2.0).max(0.0).sqrt();
    p(x, if a.y < 0.0 { -y } else { y })
}

/// The line moved to its left by `width(i)` metres at point i; sharp corners are cut short.
pub fn beside(line: &[P], width: impl Fn(usize) -> f64) -> Vec<P> {
    let n = line.len();
    (0..n)
        .map(|i| {
            let before = (line[i] - line[i.saturating_sub(1)]).unit();
            let after = (line[(i + 1).min(n - 1)] - line[i]).unit();
            let (before, after) = match i {
                0 => (after, after),
                _ if i + 1 == n => (before, before),
                _ => (before, after),
            };
            let middle = (before.left() + after.left()).unit();
            let stretch = middle.dot(after.left()).max(0.5);
            line[i] + middle * (width(i) / stretch)
        })
        .collect()
}

/// A ribbon along a line, `half` metres to each side, as a ring.
pub fn ribbon(line: &[P], half: impl Fn(usize) -> f64) -> Vec<P> {
    let mut ring = beside(line, |i| -half(i));
    let mut other = beside(line, &half);
    other.reverse();
    ring.extend(other);
    ring
}

/// The ring with points dropped that lie within `tolerance` of the line past them.
pub fn thinned(line: &[P], tolerance: f64) -> Vec<P> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let (first, last) = (line[0], line[line.len() - 1]);
    let (mut worst, mut at) = (0.0, 0);
    for (i, q) in line.iter().enumerate().take(line.len() - 1).skip(1) {
        let d = distance(first, last, *q);
        if d > worst {
            (worst, at) = (d, i);
        }
    }
    if worst <= tolerance {
        return vec![first, last];
    }
    let mut out = thinned(&line[..=at], tolerance);
    out.pop();
    out.extend(thinned(&line[at..], tolerance));
    out
}
