//! Where SQL may stand.

use super::hold;
use super::tree::{files, rust, strings};

#[test]
fn every_statement_lies_with_its_noun_and_is_loaded() {
    let sources = files(&[".rs"]);
    let mut wrong = Vec::new();
    for (path, text) in files(&[".sql"]) {
        if path.starts_with("migrations/") {
            continue;
        }
        let (folder, name) = path.rsplit_once('/').expect("SQL lies in a folder");
        if !folder.starts_with("backend/src/") {
            wrong.push(format!("{path}: SQL lies under backend/src"));
        }
        let load = format!("include_str!(\"{name}\")");
        let loaded = sources.iter().any(|(p, text)| {
            p.rsplit_once('/').is_some_and(|(f, _)| f == folder) && text.contains(&load)
        });
        if !loaded {
            wrong.push(format!("{path}: no {load} beside it"));
        }
        if !text.starts_with("-- ") {
            wrong.push(format!("{path}: opens without saying what it asks"));
        }
    }
    hold("SQL files are loaded beside where they lie and explain themselves", wrong);
}

#[test]
fn no_statement_hides_in_a_string() {
    let openings = ["select ", "insert into ", "update ", "delete from ", "with ", "copy "];
    let mut hidden = Vec::new();
    for (path, _, tree) in rust() {
        // db runs the database itself: creating it, listening, locking.
        // A GeoPackage is a database somebody brings: it is asked in its own SQLite.
        let elsewhere = ["backend/src/db/", "backend/src/grids/files/geopackage.rs"];
        if !path.starts_with("backend/src/") || elsewhere.iter().any(|e| path.starts_with(e)) {
            continue;
        }
        for (line, text) in strings(&tree) {
            let low = text.trim_start().to_lowercase();
            let sql = openings.iter().any(|o| low.starts_with(o)) && low.split(' ').count() > 3;
            // English sentences for people may begin with the same words.
            if sql && [" from ", " values", " set ", " into "].iter().any(|w| low.contains(w)) {
                hidden.push(format!("{path}:{line}"));
            }
        }
    }
    hold("SQL stands in .sql files", hidden);
}
