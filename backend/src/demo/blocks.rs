//! From big blocks to blocks: secondary streets, communities grown from their middles, lanes.

use super::chance::Chance;
use super::mesh::{FaceNo, Mesh, Node};
use super::plan::{Class, Line, Town, Zone, neighbours, setback_m};
use super::plane::{P, area, centroid, crossing, inside, long_axis};

/// Where a cut meets the ring of a face.
#[derive(Clone, Copy)]
pub enum End {
    /// At a node that is there.
    Node(Node),
    /// On an edge.
    Edge(Node, Node, P),
}

/// How a face may be cut in two.
pub struct Cut {
    /// How far the direction may stray from square to the long axis (tangent).
    pub stray: f64,
    /// Crossroads: ends move onto the T-junction of a street that comes from the other side.
    pub snap_m: f64,
    /// How close to a junction or corner an end may come.
    pub clear_m: f64,
    /// The smaller part's least share of the area.
    pub least: f64,
}

/// Two ends of a straight cut through a face, chosen by chance; `None` if twelve tries fail.
pub fn choose_cut(mesh: &Mesh, face: FaceNo, cut: &Cut, rng: &mut Chance) -> Option<(End, End)> {
    let ring = mesh.points(face);
    let (middle, axis) = (centroid(&ring), long_axis(&ring));
    let reach = ring.iter().map(|q| (*q - middle).dot(axis).abs()).fold(0.0, f64::max);
    (0..12).find_map(|_| {
        let o = middle + axis * (reach * rng.between(-0.24, 0.24));
        let d = (axis.left() + axis * rng.between(-cut.stray, cut.stray)).unit();
        if !inside(&ring, o) {
            return None;
        }
        let a = hit(mesh, face, o, d * -1.0)?;
        let b = hit(mesh, face, o, d)?;
        let (a, b) = (settle(mesh, face, a, cut)?, settle(mesh, face, b, cut)?);
        let share = smaller_share(mesh, &ring, face, a, b)?;
        (share >= cut.least).then_some((a, b))
    })
}

/// The place of an end.
pub fn place(mesh: &Mesh, end: End) -> P {
    match end {
        End::Node(n) => mesh.nodes[n as usize],
        End::Edge(_, _, at) => at,
    }
}

fn hit(mesh: &Mesh, face: FaceNo, from: P, direction: P) -> Option<End> {
    let far = from + direction * 9_000.0;
    (0..mesh.rings[face].len())
        .filter_map(|i| {
            let (a, b) = mesh.edge(face, i);
            let (pa, pb) = (mesh.nodes[a as usize], mesh.nodes[b as usize]);
            let (t, s) = crossing(from, far, pa, pb)?;
            Some((t, End::Edge(a, b, pa + (pb - pa) * s)))
        })
        .min_by(|x, y| x.0.total_cmp(&y.0))
        .map(|(_, end)| end)
}

/// How sharply the ring of a face turns at its i-th node: 0 straight on, 1 square, 2 back.
fn bend(mesh: &Mesh, face: FaceNo, i: usize) -> f64 {
    let ring = &mesh.rings[face];
    let at = |k: usize| mesh.nodes[ring[k % ring.len()] as usize];
    let (before, here, after) = (at(i + ring.len() - 1), at(i), at(i + 1));
    1.0 - (here - before).unit().dot((after - here).unit())
}

fn settle(mesh: &Mesh, face: FaceNo, end: End, cut: &Cut) -> Option<End> {
    let at = place(mesh, end);
    let ring = &mesh.rings[face];
    let mut near: Vec<(f64, usize)> = (0..ring.len())
        .map(|i| ((mesh.nodes[ring[i] as usize] - at).len(), i))
        .filter(|(d, _)| *d < cut.snap_m.max(cut.clear_m))
        .collect();
    near.sort_by(|x, y| x.0.total_cmp(&y.0));
    let mut settled = end;
    for (distance, i) in near {
        let (n, bent) = (ring[i], bend(mesh, face, i) > 0.25);
        let junction = mesh.degree(n) == 3 && !bent;
        if junction && distance < cut.snap_m {
            return Some(End::Node(n));
        }
        if (bent || mesh.degree(n) > 2) && distance < cut.clear_m {
            return None;
        }
        if distance < 9.0 {
            settled = if cut.snap_m > 0.0 { End::Node(n) } else { return None };
        }
    }
    Some(settled)
}

fn smaller_share(mesh: &Mesh, ring: &[P], face: FaceNo, a: End, b: End) -> Option<f64> {
    let spot = |end: End| {
        let n = match end {
            End::Node(n) | End::Edge(n, _, _) => n,
        };
        mesh.rings[face].iter().position(|m| *m == n)
    };
    let (i, j) = (spot(a)?, spot(b)?);
    if i == j {
        return None;
    }
    let (pa, pb) = (place(mesh, a), place(mesh, b));
    let mut part = vec![pa];
    let mut k = (i + 1) % ring.len();
    while k != (j + 1) % ring.len() {
        part.push(ring[k]);
        k = (k + 1) % ring.len();
    }
    part.push(pb);
    // The straight cut must not leave the face on its way.
    for step in 1..8 {
        if !inside(ring, pa + (pb - pa) * (f64::from(step) / 8.0)) {
            return None;
        }
    }
    let share = area(&part) / area(ring);
    Some(share.min(1.0 - share))
}

/// Makes an end a node of the mesh.
pub fn pin(mesh: &mut Mesh, end: End) -> Node {
    match end {
        End::Node(n) => n,
        End::Edge(a, b, at) => mesh.split_edge(a, b, at),
    }
}

/// The town while it is being divided.
pub struct Blocks {
    /// Rings and nodes.
    pub mesh: Mesh,
    /// Streets, waters, walls.
    pub lines: Vec<Line>,
    /// The community of every face.
    pub community: Vec<usize>,
    names: (Vec<String>, Vec<String>),
}

impl Blocks {
    /// Big blocks, not yet of any community.
    pub fn new(town: &Town, rng: &mut Chance) -> Self {
        let (mesh, lines) = town.lay_out();
        let community = vec![usize::MAX; mesh.rings.len()];
        let names = (shuffled(&town.street_names, rng), shuffled(&town.lane_names, rng));
        Self { mesh, lines, community, names }
    }

    /// Cuts faces with streets of a class until none the rule names is larger than it says.
    pub fn cut_streets(
        &mut self,
        class: Class,
        cut: &Cut,
        most_ha: impl Fn(&Self, FaceNo) -> f64,
        rng: &mut Chance,
    ) {
        let mut face = 0;
        while face < self.mesh.rings.len() {
            let most_m2 = most_ha(self, face) * 10_000.0 * rng.between(0.85, 1.15);
            if self.mesh.area(face) > most_m2
                && let Some((a, b)) = choose_cut(&self.mesh, face, cut, rng)
            {
                self.cut_street(face, class, a, b, rng);
            } else {
                face += 1;
            }
        }
    }

    /// Metres of a street's end that would stand in the water it runs up to.
    fn wet_m(&self, face: FaceNo, end: End) -> f64 {
        let ring = &self.mesh.rings[face];
        let edge = match end {
            End::Edge(a, b, _) => (a, b),
            End::Node(n) if self.mesh.degree(n) > 2 => return 0.0,
            End::Node(n) => {
                let i = ring.iter().position(|m| *m == n).expect("the end is on the ring");
                self.mesh.edge(face, i)
            }
        };
        let line = &self.lines[self.mesh.line(edge.0, edge.1)];
        if line.class.is_street() { 0.0 } else { setback_m(line) - 2.0 }
    }

    fn cut_street(&mut self, face: FaceNo, class: Class, a: End, b: End, rng: &mut Chance) {
        let wet = (self.wet_m(face, a), self.wet_m(face, b));
        let (a, b) = (pin(&mut self.mesh, a), pin(&mut self.mesh, b));
        let (pa, pb) = (self.mesh.nodes[a as usize], self.mesh.nodes[b as usize]);
        let (d, len) = ((pb - pa).unit(), (pb - pa).len());
        let bow = rng.bell() * len * 0.018;
        let path: Vec<P> = [0.0, 0.3, 0.7, 1.0]
            .iter()
            .map(|t| pa + (pb - pa) * *t + d.left() * (bow * 4.0 * t * (1.0 - t)))
            .collect();
        let width_m = match class {
            Class::Secondary => rng.between(16.0, 22.0),
            _ => rng.between(6.0, 9.0),
        };
        let name = self.street_name(class, &path);
        let mut drawn = path.clone();
        drawn[0] = pa + (path[1] - pa).unit() * wet.0;
        drawn[3] = pb + (path[2] - pb).unit() * wet.1;
        self.lines.push(Line { class, name, width_m, path: drawn });
        let mut chain = vec![a];
        chain.extend(path[1..3].iter().map(|q| self.mesh.add(*q)).collect::<Vec<_>>());
        chain.push(b);
        self.mesh.split_face(face, &chain, self.lines.len() - 1);
        self.community.push(self.community[face]);
    }

    /// A street that goes straight on from another keeps its name.
    fn street_name(&mut self, class: Class, path: &[P]) -> String {
        let (a, b) = (path[0], path[path.len() - 1]);
        let d = (b - a).unit();
        let goes_on = |line: &&Line| {
            let (first, last) = (line.path[0], line.path[line.path.len() - 1]);
            let along = (last - first).unit().dot(d).abs() > 0.9;
            let ends = [first, last];
            line.class == class && along && ends.iter().any(|e| *e == a || *e == b)
        };
        if let Some(line) = self.lines.iter().find(goes_on) {
            return line.name.clone();
        }
        let names = if class == Class::Lane { &mut self.names.1 } else { &mut self.names.0 };
        names.pop().unwrap_or_default()
    }

    /// Grows the communities from their middles over whole blocks; main streets and wide
    /// waters are crossed last.
    pub fn grow_communities(&mut self, town: &Town) {
        let faces = self.mesh.rings.len();
        let middles: Vec<P> = (0..faces).map(|f| centroid(&self.mesh.points(f))).collect();
        let mut cost = vec![f64::INFINITY; faces];
        let mut done = vec![false; faces];
        for (c, seed) in town.communities.iter().enumerate() {
            let home = (0..faces).find(|f| inside(&self.mesh.points(*f), seed.at()));
            let home = home.expect("every community's middle lies in the district");
            if self.community[home] == usize::MAX {
                (self.community[home], cost[home]) = (c, 0.0);
            }
        }
        while let Some(face) = (0..faces)
            .filter(|f| !done[*f] && cost[*f].is_finite())
            .min_by(|a, b| cost[*a].total_cmp(&cost[*b]))
        {
            done[face] = true;
            let c = self.community[face];
            for (to, line, _) in neighbours(&self.mesh, face) {
                let barrier = match self.lines[line].class {
                    Class::Expressway | Class::Canal | Class::Arterial => 260.0,
                    Class::Creek if self.lines[line].width_m > 15.0 => 200.0,
                    _ => 0.0,
                };
                let far = (middles[to] - town.communities[c].at()).len();
                let new = cost[face].max(far) + barrier;
                if !done[to] && new < cost[to] {
                    (self.community[to], cost[to]) = (c, new);
                }
            }
        }
    }

    /// Secondary streets inside the old town are as narrow as they always were.
    pub fn narrow_old_streets(&mut self, town: &Town) {
        let old = |f: FaceNo| town.communities[self.community[f]].zone == Zone::Old;
        let mut narrow = vec![true; self.lines.len()];
        for face in 0..self.mesh.rings.len() {
            for (other, line, _) in neighbours(&self.mesh, face) {
                narrow[line] &= old(face) && old(other);
            }
        }
        for (line, narrow) in self.lines.iter_mut().zip(narrow) {
            if narrow && line.class == Class::Secondary {
                line.width_m = line.width_m.min(10.0);
            }
        }
    }

    /// How the community of a face is built.
    pub fn zone(&self, town: &Town, face: FaceNo) -> Zone {
        town.communities[self.community[face]].zone
    }
}

fn shuffled(names: &[String], rng: &mut Chance) -> Vec<String> {
    let mut names = names.to_vec();
    for i in (1..names.len()).rev() {
        names.swap(i, rng.below(i + 1));
    }
    names
}
