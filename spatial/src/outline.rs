//! Outlines: the polygons of faces and of unions of faces, and where to put their label.
//!
//! A polygon is a list of rings, the outer one first and anticlockwise, holes clockwise, each
//! closed (the first point again at the end). Rings may touch at points but never cross, and the
//! inside of a polygon is connected: valid in the sense of the OGC simple features.

use crate::exact;
use crate::partition::{FaceId, Partition};
use crate::planar::{self, Half};
use crate::position::{Position, Window};
use std::cmp::Ordering;

/// The polygons of every group of faces, in the order of the groups; ungrouped faces have none.
///
/// `group` is asked once for every face. The outlines of a higher level are the groups of its
/// children's faces: what lies between two faces of one group disappears.
pub fn polygons(
    partition: &Partition,
    group: impl Fn(FaceId) -> Option<u32>,
) -> Vec<(u32, Vec<Vec<Vec<Position>>>)> {
    let groups: Vec<_> = (0..partition.faces().len() as u32).map(|f| group(FaceId(f))).collect();
    let arcs =
        partition.arcs().map(|a| (a.points, groups[a.left.index()], groups[a.right.index()]));
    let mut out: Vec<(u32, Vec<Vec<Vec<Position>>>)> = Vec::new();
    for (group, polygon) in grouped(arcs) {
        match out.last_mut() {
            Some((last, polygons)) if *last == group => polygons.push(polygon),
            _ => out.push((group, vec![polygon])),
        }
    }
    out
}

/// The polygons of groups of faces parted by arcs with the groups on their left and right, sorted
/// by group and, within it, by the westernmost point.
pub(crate) fn grouped<'a>(
    arcs: impl Iterator<Item = (&'a [Position], Option<u32>, Option<u32>)>,
) -> Vec<(u32, Vec<Vec<Position>>)> {
    let mut kept = Vec::new();
    let mut sides = Vec::new();
    for (points, left, right) in arcs.filter(|(_, left, right)| left != right) {
        kept.push(points);
        sides.push([left, right]);
    }
    let faces = planar::faces(&kept);
    let mut polygons: Vec<(u32, Vec<Vec<Position>>)> = Vec::new();
    let mut current = 0;
    for &(half, face) in &faces.cycles {
        let Some(group) = sides[half as usize / 2][half as usize & 1] else { continue };
        if face == 0 {
            continue;
        }
        if face != current {
            polygons.push((group, Vec::new()));
            current = face;
        }
        if let Some((_, rings)) = polygons.last_mut() {
            rings_of(&kept, &faces.next, half, rings);
        }
    }
    for (_, rings) in &mut polygons {
        rings.sort_by_cached_key(|ring| (exact::doubled_shoelace(ring) <= 0, ring[0]));
    }
    polygons.sort_by(|a, b| (a.0, a.1[0][0]).cmp(&(b.0, b.1[0][0])));
    polygons
}

/// Cuts a border cycle into rings that pass no point twice and turns each to its westernmost
/// point. Only arc ends can be passed twice.
fn rings_of(arcs: &[&[Position]], next: &[Half], start: Half, rings: &mut Vec<Vec<Position>>) {
    let mut line: Vec<Position> = Vec::new();
    let mut met: std::collections::HashMap<Position, usize> = std::collections::HashMap::new();
    let mut half = start;
    loop {
        let points = planar::walk(arcs, half);
        let last = points.len() - 1;
        for (i, p) in points.enumerate().skip(usize::from(!line.is_empty())) {
            if i != 0 && i != last {
                line.push(p);
                continue;
            }
            if let Some(&from) = met.get(&p) {
                let mut ring = line.split_off(from);
                for q in &ring {
                    met.remove(q);
                }
                let west = (0..ring.len()).min_by_key(|&i| ring[i]).unwrap_or(0);
                ring.rotate_left(west);
                ring.push(ring[0]);
                rings.push(ring);
            }
            met.insert(p, line.len());
            line.push(p);
        }
        half = next[half as usize];
        if half == start {
            return;
        }
    }
}

/// A point well inside a polygon (rings as in [`polygons`], though any orientation will do): the
/// middle of the longest stretch of the polygon on one of 15 horizontal lines, weighed by how far
/// the line keeps from top and bottom.
///
/// `None` if no grid point on those lines is strictly inside, that is for slivers.
pub fn label_point(rings: &[Vec<Position>]) -> Option<Position> {
    let window = Window::around(rings.first()?.iter().copied())?;
    let (south, north) = (i64::from(window.low.lat_e7), i64::from(window.high.lat_e7));
    let mut best: Option<(i64, Position)> = None;
    for i in 1..16 {
        let lat = south + (north - south) * i / 16;
        if lat == south {
            continue;
        }
        let mut cuts = cuts(rings, lat as i32);
        cuts.sort_unstable();
        for pair in cuts.chunks_exact(2) {
            let width = (pair[1] - pair[0]).min(4 * (lat - south).min(north - lat));
            let at = Position::new(((pair[0] + pair[1]) / 2) as i32, lat as i32);
            if best.is_none_or(|(w, _)| width > w) && strictly_inside(rings, at) {
                best = Some((width, at));
            }
        }
    }
    best.map(|(_, at)| at)
}

/// Longitudes (rounded down) where the rings pass a latitude.
fn cuts(rings: &[Vec<Position>], lat_e7: i32) -> Vec<i64> {
    let edges = rings.iter().flat_map(|ring| ring.windows(2));
    edges
        .filter(|e| (e[0].lat_e7 < lat_e7) != (e[1].lat_e7 < lat_e7))
        .map(|e| {
            let (x0, x1) = (i128::from(e[0].lng_e7), i128::from(e[1].lng_e7));
            let (y0, y1) = (i128::from(e[0].lat_e7), i128::from(e[1].lat_e7));
            let along = (i128::from(lat_e7) - y0) * (x1 - x0);
            (x0 + along.div_euclid(y1 - y0)) as i64
        })
        .collect()
}

/// Whether the point lies inside the even-odd region of closed rings and on none of them.
pub(crate) fn strictly_inside(rings: &[Vec<Position>], at: Position) -> bool {
    let mut inside = false;
    for edge in rings.iter().flat_map(|ring| ring.windows(2)) {
        if exact::on_segment(edge[0], edge[1], at) {
            return false;
        }
        let (low, high) =
            if edge[0].lat_e7 < edge[1].lat_e7 { (edge[0], edge[1]) } else { (edge[1], edge[0]) };
        let spans = low.lat_e7 <= at.lat_e7 && at.lat_e7 < high.lat_e7;
        inside ^= spans && exact::side(low, high, at) == Ordering::Greater;
    }
    inside
}
