//! README and ARCHITECTURE: short, and true in every name they give.

use super::hold;
use super::tree::{files, root};

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn the_first_two_reads_are_short() {
    assert!(read("README.md").lines().count() <= 150, "README.md has at most 150 lines");
    assert!(read("ARCHITECTURE.md").lines().count() <= 200, "ARCHITECTURE.md: at most 200 lines");
}

/// What stands between backticks outside fenced blocks.
fn names(text: &str) -> Vec<String> {
    let plain: String = text.split("```").step_by(2).collect();
    plain.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether a module path such as `spatial::Locator` names something that stands in that crate.
fn is_item(name: &str) -> bool {
    let mut parts = name.split("::");
    let (Some(member), Some(last)) = (parts.next(), name.rsplit("::").next()) else { return false };
    let word =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == last);
    files(&[".rs"])
        .iter()
        .any(|(path, text)| path.starts_with(&format!("{member}/src/")) && word(text))
}

#[test]
fn every_name_in_the_documents_exists() {
    let mut wrong = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md"] {
        for name in names(&read(document)) {
            let is_path =
                name.contains('/') && !name.starts_with(['/', '.', '~']) && !name.contains(' ');
            if is_path && !root().join(&name).exists() {
                wrong.push(format!("{document}: {name} is not there"));
            }
            let member = name.split("::").next().unwrap_or_default();
            let ours = ["spatial", "domain", "backend", "frontend"].contains(&member);
            if ours && name.contains("::") && !is_item(&name) {
                wrong.push(format!("{document}: {name} is not there"));
            }
        }
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !link.starts_with("http") && !root().join(link).exists() {
                wrong.push(format!("{document}: link to {link} leads nowhere"));
            }
        }
    }
    hold("names in the documents exist", wrong);
}

#[test]
fn the_npm_lock_names_no_host() {
    for (path, text) in files(&["package-lock.json"]) {
        assert!(!text.contains("\"resolved\""), "{path} carries download addresses");
    }
}
