//! The order of the nouns, and who may depend on whom.

use super::hold;
use super::tree::{files, paths, root, rust};
use std::collections::BTreeSet;

/// Reading order and migration order: a noun leans on those before it, never on those after it.
const NOUNS: [&str; 8] =
    ["people", "grids", "reports", "tickets", "patrols", "hotspots", "plans", "assessment"];

fn rank(name: &str) -> Option<usize> {
    NOUNS.iter().position(|noun| *noun == name)
}

/// The noun whose room a file lies in: `backend/src/grids/store.rs` and `domain/src/grids.rs`.
fn noun_of(path: &str) -> Option<usize> {
    let (room, rest) = path.split_once("/src/")?;
    let name = rest.split(['/', '.']).next()?;
    ["domain", "backend", "frontend"].contains(&room).then(|| rank(name)).flatten()
}

#[test]
fn a_noun_never_leans_to_its_right() {
    let mut wrong = Vec::new();
    for (path, _, tree) in rust() {
        let Some(own) = noun_of(&path) else { continue };
        for used in paths(&tree) {
            let mut names = used.split("::");
            let ours = matches!(names.next(), Some("crate" | "domain" | "backend" | "frontend"));
            let other = names.next().and_then(rank);
            if ours && other.is_some_and(|other| other > own) {
                wrong.push(format!("{path} uses {used}"));
            }
        }
    }
    hold("nouns lean to the left only", wrong);
}

#[test]
fn every_noun_has_its_room_in_the_domain() {
    let rooms: BTreeSet<_> = files(&[".rs"]).into_iter().map(|(path, _)| path).collect();
    let missing = NOUNS
        .iter()
        .map(|noun| format!("domain/src/{noun}.rs"))
        .filter(|path| !rooms.contains(path))
        .collect();
    hold("every noun has its file in domain", missing);
}

/// What a crate's manifest lists under `[dependencies]`.
fn dependencies(member: &str) -> BTreeSet<String> {
    let manifest =
        std::fs::read_to_string(root().join(member).join("Cargo.toml")).expect("manifest");
    let listed = manifest.split("\n[dependencies]").nth(1).unwrap_or_default();
    listed
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty())
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_pure_rooms_stay_pure() {
    // spatial: no IO, no clock, no serde. domain: words on a wire, and nothing that moves.
    for (member, allowed) in
        [("spatial", &["rstar"][..]), ("domain", &["serde", "serde_json", "schemars", "jiff"][..])]
    {
        let extra: Vec<_> =
            dependencies(member).into_iter().filter(|d| !allowed.contains(&d.as_str())).collect();
        hold(&format!("{member} depends on {allowed:?} only"), extra);
    }
}

#[test]
fn the_engine_does_no_input_or_output() {
    let mut wrong = Vec::new();
    for (path, _, tree) in rust() {
        if !path.starts_with("spatial/src/") {
            continue;
        }
        for used in paths(&tree) {
            let moving =
                ["std::fs", "std::io", "std::net", "std::time", "std::env", "std::process"];
            if moving.iter().any(|m| used.starts_with(m)) {
                wrong.push(format!("{path} uses {used}"));
            }
        }
    }
    hold("spatial reads no file, clock or environment", wrong);
}
