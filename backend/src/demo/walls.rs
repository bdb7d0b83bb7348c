//! Walls: blocks divided into estates, with the strips between two walls that nobody drew.

use super::blocks::{Blocks, Cut, End, choose_cut, pin};
use super::chance::Chance;
use super::mesh::{FaceNo, Node};
use super::plan::{Class, Line, setback_m};
use super::plane::P;

/// A strip between two walls.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Its face in the mesh.
    pub face: FaceNo,
    /// The community around it.
    pub community: usize,
    /// Whether one end opens to a street.
    pub open: bool,
    /// Mean width in metres.
    pub width_m: f64,
    /// The wall on either side.
    pub walls: [Vec<P>; 2],
}

/// Cuts the faces the rule names with walls, some double with a strip between, some single.
pub fn build_walls(
    blocks: &mut Blocks,
    most_ha: impl Fn(&Blocks, FaceNo) -> f64,
    double: impl Fn(&Blocks, FaceNo) -> f64,
    rng: &mut Chance,
) -> (Vec<Strip>, Vec<Vec<P>>) {
    let cut = Cut { stray: 0.08, snap_m: 0.0, clear_m: 34.0, least: 0.3 };
    let (mut strips, mut single): (Vec<Strip>, Vec<Vec<P>>) = (Vec::new(), Vec::new());
    blocks.lines.push(Line {
        class: Class::Wall,
        name: String::new(),
        width_m: 0.0,
        path: Vec::new(),
    });
    let mut face = 0;
    while face < blocks.mesh.rings.len() {
        let is_strip = strips.iter().any(|s| s.face == face);
        let most_m2 = most_ha(blocks, face) * 10_000.0 * rng.between(0.85, 1.15);
        let found = if is_strip || blocks.mesh.area(face) <= most_m2 {
            None
        } else {
            choose_cut(&blocks.mesh, face, &cut, rng)
        };
        let Some((a, b)) = found else {
            face += 1;
            continue;
        };
        if rng.happens(double(blocks, face)) {
            if let Some(strip) = cut_strip(blocks, face, a, b, rng) {
                strips.push(strip);
            } else {
                face += 1;
            }
        } else {
            single.push(cut_wall(blocks, face, a, b, rng));
        }
    }
    (strips, single)
}

fn wall_line(blocks: &Blocks) -> usize {
    blocks.lines.len() - 1
}

fn cut_wall(blocks: &mut Blocks, face: FaceNo, a: End, b: End, rng: &mut Chance) -> Vec<P> {
    let line = wall_line(blocks);
    let (a, b) = (pin(&mut blocks.mesh, a), pin(&mut blocks.mesh, b));
    let (pa, pb) = (blocks.mesh.nodes[a as usize], blocks.mesh.nodes[b as usize]);
    let side = (pb - pa).unit().left();
    let bend = pa + (pb - pa) * rng.between(0.35, 0.65) + side * rng.between(-5.0, 5.0);
    let chain = [a, blocks.mesh.add(bend), b];
    blocks.mesh.split_face(face, &chain, line);
    blocks.community.push(blocks.community[face]);
    vec![pa, bend, pb]
}

/// Where the strip's two walls begin at one end of the cut.
struct Mouth {
    /// Nodes from the ring to the left wall and to the right wall as seen going in, ring first.
    left: Vec<Node>,
    right: Vec<Node>,
}

fn cut_strip(blocks: &mut Blocks, face: FaceNo, a: End, b: End, rng: &mut Chance) -> Option<Strip> {
    let (End::Edge(a0, a1, pa), End::Edge(b0, b1, pb)) = (a, b) else { return None };
    let (d, len) = ((pb - pa).unit(), (pb - pa).len());
    let setback = |x: Node, y: Node| {
        let line = &blocks.lines[blocks.mesh.line(x, y)];
        (if line.class == Class::Wall { 7.0 } else { setback_m(line) }, line.class)
    };
    let ((in_a, class_a), (in_b, _)) = (setback(a0, a1), setback(b0, b1));
    let across = blocks.mesh.left_of(a1, a0).is_some();
    let open = class_a.is_street() && class_a != Class::Arterial && across && rng.happens(0.75);
    if len < in_a + in_b + 40.0 {
        return None;
    }
    let mean = rng.between(2.6, 7.0);
    let (w0, w1, w2) = (width(mean, rng), width(mean, rng), width(mean, rng));
    let line = wall_line(blocks);
    let head = if open {
        open_mouth(blocks, (a0, a1), pa, d, w0)?
    } else {
        closed_mouth(blocks, End::Edge(a0, a1, pa), d * in_a, w0)
    };
    let tail = closed_mouth(blocks, End::Edge(b0, b1, pb), d * -in_b, w2);
    let (q, drift) = (rng.between(0.35, 0.65), rng.between(-4.0, 4.0));
    let mid = pa + d * (len * q) + d.left() * drift;
    let bends =
        [mid + d.left() * (w1 / 2.0), mid - d.left() * (w1 / 2.0)].map(|at| blocks.mesh.add(at));
    let mut left = head.left.clone();
    left.push(bends[0]);
    left.extend(tail.right.iter().rev());
    // The right wall runs from the last node both walls share to the next they share.
    let mut right = if open { head.right.clone() } else { head.right[1..].to_vec() };
    right.push(bends[1]);
    right.extend(tail.left[1..].iter().rev());
    let strip = blocks.mesh.split_face(face, &left, line);
    let beyond = blocks.mesh.split_face(strip, &right, line);
    let community = blocks.community[face];
    blocks.community.extend([community, community]);
    debug_assert_eq!(beyond, blocks.community.len() - 1);
    let at = |n: &Node| blocks.mesh.nodes[*n as usize];
    let mut walls: [Vec<P>; 2] = [
        left[if open { 0 } else { 2 }..left.len() - 2].iter().map(at).collect(),
        right[usize::from(!open)..right.len() - 1].iter().map(at).collect(),
    ];
    if open {
        // The cells part on the street's middle; the walls themselves begin behind the verge.
        walls.iter_mut().for_each(|wall| wall[0] = wall[0] + d * in_a);
    }
    Some(Strip { face: strip, community, open, width_m: (w0 + 2.0 * w1 + w2) / 4.0, walls })
}

fn width(mean: f64, rng: &mut Chance) -> f64 {
    (mean * rng.between(0.75, 1.25)).clamp(2.0, 8.0)
}

/// Both walls start on the street itself: the strip reaches the cell across.
fn open_mouth(
    blocks: &mut Blocks,
    (a0, a1): (Node, Node),
    at: P,
    d: P,
    width_m: f64,
) -> Option<Mouth> {
    let mesh = &mut blocks.mesh;
    let (p0, p1) = (mesh.nodes[a0 as usize], mesh.nodes[a1 as usize]);
    let along = (p1 - p0).unit();
    let half = along * (width_m / 2.0 / along.cross(d).abs().max(0.5));
    if (at - p0).len() < half.len() + 3.0 || (p1 - at).len() < half.len() + 3.0 {
        return None;
    }
    // Seen along d (into the face, which lies left of a0 -> a1) the left wall is nearer a0.
    let left = mesh.split_edge(a0, a1, at - half);
    let right = mesh.split_edge(left, a1, at + half);
    Some(Mouth { left: vec![left], right: vec![right] })
}

/// A cross wall behind the verge; the two cells meet in one line from there to the street.
fn closed_mouth(blocks: &mut Blocks, end: End, inward: P, width_m: f64) -> Mouth {
    let ring = pin(&mut blocks.mesh, end);
    let corner = blocks.mesh.nodes[ring as usize] + inward;
    let side = inward.unit().left() * (width_m / 2.0);
    let gate = blocks.mesh.add(corner);
    let left = blocks.mesh.add(corner + side);
    let right = blocks.mesh.add(corner - side);
    Mouth { left: vec![ring, gate, left], right: vec![ring, gate, right] }
}
