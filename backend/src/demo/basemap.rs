//! The base map of the demo district as GeoJSON features in drawing order.

use super::fill::Use;
use super::ground::Ground;
use super::plan::{Class, Town};
use super::plane::{P, doubled_area, ribbon, thinned};
use std::fmt::Write as _;

/// Writes the base map. Coordinates have six decimals, about 0.1 m.
pub fn write(town: &Town, ground: &Ground, places: &[(P, &'static str, String)]) -> String {
    let mut map = Map { text: String::with_capacity(2 << 20), first: true };
    map.text.push_str("{\"type\":\"FeatureCollection\",\"synthetic\":true,\"features\":[");
    let (canal, lake) = town.surroundings();
    landuse(&mut map, ground);
    greens(&mut map, ground);
    waters(&mut map, ground, &canal, &lake);
    buildings(&mut map, ground);
    streets(&mut map, ground);
    walls(&mut map, ground);
    for (at, class, name) in places {
        map.feature("place", class, name, None, "Point", |t| point(t, *at));
    }
    map.text.push_str("\n]}\n");
    map.text
}

struct Map {
    text: String,
    first: bool,
}

impl Map {
    fn feature(
        &mut self,
        kind: &str,
        class: &str,
        name: &str,
        width_m: Option<f64>,
        geometry: &str,
        coordinates: impl FnOnce(&mut String),
    ) {
        let t = &mut self.text;
        t.push_str(if std::mem::take(&mut self.first) { "\n" } else { ",\n" });
        let _ = write!(t, r#"{{"type":"Feature","properties":{{"kind":"{kind}","class":"{class}""#);
        if !name.is_empty() {
            let _ = write!(t, r#","name":"{name}""#);
        }
        if let Some(width_m) = width_m {
            let _ = write!(t, r#","width_m":{width_m:.1}"#);
        }
        let _ = write!(t, r#","synthetic":true}},"geometry":{{"type":"{geometry}","coordinates":"#);
        coordinates(t);
        t.push_str("}}");
    }

    fn polygons<'a>(
        &mut self,
        (kind, class, name): (&str, &str, &str),
        rings: impl Iterator<Item = &'a Vec<P>>,
    ) {
        let rings: Vec<&Vec<P>> = rings.filter(|ring| ring.len() > 2).collect();
        if rings.is_empty() {
            return;
        }
        self.feature(kind, class, name, None, "MultiPolygon", |t| {
            t.push('[');
            for (i, ring) in rings.iter().enumerate() {
                t.push_str(if i == 0 { "[[" } else { ",[[" });
                closed(t, ring);
                t.push_str("]]");
            }
            t.push(']');
        });
    }

    fn line(&mut self, (kind, class, name): (&str, &str, &str), width: Option<f64>, path: &[P]) {
        if path.len() > 1 {
            self.feature(kind, class, name, width, "LineString", |t| {
                t.push('[');
                list(t, path);
                t.push(']');
            });
        }
    }
}

fn point(t: &mut String, at: P) {
    let (lng, lat) = at.degrees();
    let _ = write!(t, "[{lng:.6},{lat:.6}]");
}

fn list(t: &mut String, path: &[P]) {
    for (i, at) in path.iter().enumerate() {
        if i > 0 {
            t.push(',');
        }
        point(t, *at);
    }
}

fn closed(t: &mut String, ring: &[P]) {
    if doubled_area(ring) >= 0.0 {
        list(t, ring);
    } else {
        let turned: Vec<P> = ring.iter().rev().copied().collect();
        list(t, &turned);
        t.push(',');
        return point(t, ring[ring.len() - 1]);
    }
    t.push(',');
    point(t, ring[0]);
}

fn use_class(usage: Use) -> &'static str {
    match usage {
        Use::Old => "old",
        Use::Slabs | Use::Gardens | Use::Towers => "residential",
        Use::Shops | Use::Market => "commercial",
        Use::Sheds => "industrial",
        Use::School => "education",
        Use::Hospital => "hospital",
        Use::Park => "park",
    }
}

fn landuse(map: &mut Map, ground: &Ground) {
    for parcel in &ground.parcels {
        let ring = ground.blocks.mesh.points(parcel.face);
        map.polygons(("landuse", use_class(parcel.usage), ""), std::iter::once(&ring));
    }
}

fn greens(map: &mut Map, ground: &Ground) {
    for line in &ground.blocks.lines {
        let extra = match line.class {
            Class::Creek => 7.0,
            Class::Canal | Class::Shore => 13.0,
            _ => continue,
        };
        let bank = ribbon(&thinned(&line.path, 0.5), |_| line.width_m / 2.0 + extra);
        map.polygons(("green", "bank", ""), std::iter::once(&bank));
    }
    for class in ["park", "garden", "wood", "track", "pitch"] {
        let rings: Vec<&Vec<P>> = ground
            .parcels
            .iter()
            .flat_map(|parcel| &parcel.filled.greens)
            .filter(|(c, _)| *c == class)
            .map(|(_, ring)| ring)
            .collect();
        map.polygons(("green", class, ""), rings.into_iter());
    }
}

fn waters(map: &mut Map, ground: &Ground, canal: &[P], lake: &Vec<P>) {
    map.polygons(("water", "lake", "鹭湖"), std::iter::once(lake));
    for line in &ground.blocks.lines {
        let width = line.width_m;
        // Widths swell and shrink a little along the way, as old waters do.
        let uneven = |i: usize| width / 2.0 * (1.0 + 0.16 * [0.0, 1.0, 0.4, -0.7, -0.2][i % 5]);
        let course = match line.class {
            Class::Canal => canal,
            Class::Creek => &line.path,
            _ => continue,
        };
        let ring = ribbon(course, uneven);
        map.polygons(("water", line.class.word(), ""), std::iter::once(&ring));
        // The name runs along the middle, not along the bank.
        let middle = thinned(course, 1.0);
        map.line(("water", line.class.word(), &line.name), Some(width * 0.4), &middle);
    }
    let ponds = ground.parcels.iter().flat_map(|parcel| &parcel.filled.ponds);
    map.polygons(("water", "pond", ""), ponds);
}

fn buildings(map: &mut Map, ground: &Ground) {
    for parcel in &ground.parcels {
        let mut classes: Vec<&str> = parcel.filled.buildings.iter().map(|(c, _)| *c).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let own = parcel.filled.buildings.iter().filter(|(c, _)| *c == class);
            map.polygons(("building", class, ""), own.map(|(_, ring)| ring));
        }
    }
}

fn streets(map: &mut Map, ground: &Ground) {
    for path in ground.parcels.iter().flat_map(|parcel| &parcel.filled.paths) {
        map.line(("street", "path", ""), Some(4.5), path);
    }
    let mut lines: Vec<_> = ground.blocks.lines.iter().filter(|l| l.class.is_street()).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.class));
    for line in lines {
        let path = thinned(&line.path, 0.3);
        map.line(("street", line.class.word(), &line.name), Some(line.width_m), &path);
    }
}

fn walls(map: &mut Map, ground: &Ground) {
    for run in ground.parcels.iter().flat_map(|parcel| &parcel.walls) {
        map.line(("wall", "estate", ""), None, run);
    }
    for wall in ground.strips.iter().flat_map(|s| &s.walls).chain(&ground.walls) {
        map.line(("wall", "between", ""), None, wall);
    }
}
