//! The town plan: what data/demo/town.json says, laid out as a mesh of big blocks.

use super::mesh::{FaceNo, LineNo, Mesh};
use super::plane::{P, distance, p, spline};
use serde::Deserialize;

/// The classes of line a block may border on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The ring expressway.
    Expressway,
    /// Main streets.
    Arterial,
    /// Secondary streets.
    Secondary,
    /// Lanes.
    Lane,
    /// The Grand Canal along the west.
    Canal,
    /// Creeks.
    Creek,
    /// The shore of the lake.
    Shore,
    /// Walls between estates.
    Wall,
}

impl Class {
    /// The word in the base map.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expressway => "expressway",
            Self::Arterial => "arterial",
            Self::Secondary => "secondary",
            Self::Lane => "lane",
            Self::Canal => "canal",
            Self::Creek => "creek",
            Self::Shore => "shore",
            Self::Wall => "wall",
        }
    }

    /// Whether people walk and drive along it.
    pub fn is_street(self) -> bool {
        self <= Self::Lane
    }

    /// Metres of pavement, verge or bank between the line's own edge and a parcel's wall.
    pub fn verge_m(self) -> f64 {
        match self {
            Self::Expressway => 18.0,
            Self::Arterial => 9.0,
            Self::Secondary => 5.0,
            Self::Lane => 1.5,
            Self::Canal => 16.0,
            Self::Creek => 9.0,
            Self::Shore => 14.0,
            Self::Wall => 0.0,
        }
    }
}

/// What a community is built like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Lanes and small houses by the canal.
    Old,
    /// Workers' new villages of the 1980s and 1990s.
    Estate,
    /// Walled gardens of the 2000s.
    Garden,
    /// Tall flats by the lake.
    Tower,
    /// Shopping centre and offices.
    Centre,
    /// Factories.
    Industrial,
    /// Schools and institutes.
    Campus,
    /// The lake park.
    Park,
}

/// A street, a water or a wall.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its class.
    pub class: Class,
    /// Its name; empty for walls.
    pub name: String,
    /// Full width in metres.
    pub width_m: f64,
    /// Its course.
    pub path: Vec<P>,
}

#[derive(Deserialize)]
struct Drawn {
    class: Class,
    name: String,
    width_m: f64,
    points: Vec<(f64, f64)>,
}

/// A community as planned.
#[derive(Deserialize)]
pub struct Seed {
    /// Its name without 社区.
    pub name: String,
    /// How it is built.
    pub zone: Zone,
    at: (f64, f64),
}

impl Seed {
    /// Its middle.
    pub fn at(&self) -> P {
        p(self.at.0, self.at.1)
    }
}

/// What the district is called and its codes.
#[derive(Deserialize)]
pub struct Title {
    /// Name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Six digits.
    pub county: String,
    /// Three digits.
    pub street: String,
}

#[derive(Deserialize)]
struct Beyond {
    canal_north: Vec<(f64, f64)>,
    canal_south: Vec<(f64, f64)>,
    lake: Vec<(f64, f64)>,
}

/// The file as read.
#[derive(Deserialize)]
pub struct Town {
    /// Name and codes.
    pub district: Title,
    outline: Vec<Drawn>,
    beyond: Beyond,
    waters: Vec<Drawn>,
    streets: Vec<Drawn>,
    /// The communities.
    pub communities: Vec<Seed>,
    /// Names for secondary streets.
    pub street_names: Vec<String>,
    /// Names for lanes.
    pub lane_names: Vec<String>,
}

fn points(list: &[(f64, f64)]) -> Vec<P> {
    list.iter().map(|(x, y)| p(*x, *y)).collect()
}

impl Town {
    /// The plan shipped with the program.
    pub fn shipped() -> Self {
        serde_json::from_str(include_str!("../../../data/demo/town.json"))
            .expect("data/demo/town.json is checked by a test")
    }

    /// The plan for the n-th copy of the district; copies after the first are for load tests and
    /// carry their number in the names of their communities.
    pub fn copy(number: usize) -> Self {
        let mut town = Self::shipped();
        town.district.street = format!("{:03}", number + 1);
        if number > 0 {
            town.district.name = format!("{}{}", town.district.name, number + 1);
            for seed in &mut town.communities {
                seed.name = format!("{}{}", seed.name, number + 1);
            }
        }
        town
    }

    /// The canal's course, longer than the district, and the lake as a ring.
    pub fn surroundings(&self) -> (Vec<P>, Vec<P>) {
        let mut canal = points(&self.beyond.canal_north);
        canal.extend(points(&self.outline[0].points));
        canal.extend(points(&self.beyond.canal_south));
        let mut lake = spline(&points(&self.outline[1].points), 45.0);
        lake.extend(spline(&points(&self.beyond.lake), 220.0));
        (spline(&canal, 60.0), lake)
    }

    /// The big blocks between outline, waters and streets, and all lines so far.
    pub fn lay_out(&self) -> (Mesh, Vec<Line>) {
        let mut lines = Vec::new();
        let mut sides: Vec<(Vec<P>, LineNo)> = Vec::new();
        for drawn in &self.outline {
            let mut path = spline(&points(&drawn.points), 45.0);
            lines.push(line(drawn, path.clone()));
            path.pop();
            sides.push((path, lines.len() - 1));
        }
        let outline: Vec<P> = sides.iter().flat_map(|(path, _)| path.iter().copied()).collect();
        // Only what runs along the border itself goes on from there: the canal has its own course.
        for line in lines.iter_mut().filter(|l| l.class != Class::Canal) {
            line.path = beyond(line.class, &line.path, &outline);
        }
        let mut mesh = Mesh::new(&sides);
        for drawn in self.waters.iter().chain(&self.streets) {
            let path = spline(&points(&drawn.points), 70.0);
            lines.push(line(drawn, path.clone()));
            let number = lines.len() - 1;
            let inner = mesh.lay(&path, number, 7.0);
            lines[number].path = match drawn.class {
                Class::Secondary => inner,
                class => beyond(class, &path, &outline),
            };
        }
        (mesh, lines)
    }
}

/// Streets and waters that leave the district go on for some kilometres, so that the map does
/// not end where the district does. An end leaves it if it is farther out than 150 m.
fn beyond(class: Class, path: &[P], outline: &[P]) -> Vec<P> {
    let mut path = path.to_vec();
    if !matches!(class, Class::Expressway | Class::Arterial | Class::Creek) {
        return path;
    }
    let leaves = |at: P| {
        let edges = outline.windows(2).map(|w| distance(w[0], w[1], at));
        class == Class::Expressway || edges.fold(f64::MAX, f64::min) > 150.0
    };
    for _ in 0..2 {
        let n = path.len();
        if leaves(path[n - 1]) {
            let turn = if path[n - 1].x > 0.0 { 0.16 } else { -0.16 };
            path.extend(wander(path[n - 1], (path[n - 1] - path[n - 2]).unit(), turn));
        }
        path.reverse();
    }
    path
}

/// Five kilometres of gentle bends.
fn wander(from: P, mut direction: P, turn: f64) -> Vec<P> {
    let mut knots = vec![from];
    for bend in [0.5, -1.0, -0.6, 1.2, 0.8, -0.9, -1.1] {
        direction = (direction + direction.left() * (turn * bend)).unit();
        knots.push(knots[knots.len() - 1] + direction * 750.0);
    }
    spline(&knots, 150.0).split_off(1)
}

fn line(drawn: &Drawn, path: Vec<P>) -> Line {
    Line { class: drawn.class, name: drawn.name.clone(), width_m: drawn.width_m, path }
}

/// Metres from an edge on this line to where a parcel's wall stands.
pub fn setback_m(line: &Line) -> f64 {
    match line.class {
        Class::Wall => 0.0,
        class => line.width_m / 2.0 + class.verge_m(),
    }
}

/// The faces that share an edge with a face, with the line between and the edge's length.
pub fn neighbours(mesh: &Mesh, face: FaceNo) -> Vec<(FaceNo, LineNo, f64)> {
    (0..mesh.rings[face].len())
        .filter_map(|i| {
            let (a, b) = mesh.edge(face, i);
            let len = (mesh.nodes[a as usize] - mesh.nodes[b as usize]).len();
            mesh.left_of(b, a).map(|f| (f, mesh.line(a, b), len))
        })
        .collect()
}
