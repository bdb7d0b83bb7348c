//! How long files, functions and lines may be, how a module opens, and what is not left lying.

use super::hold;
use super::tree::{files, rust};
use syn::spanned::Spanned;
use syn::visit::Visit;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 100;

#[test]
fn no_file_hides_two_ideas() {
    let long = files(&[".rs", ".sql", ".js", ".mjs", ".css", ".sh"])
        .into_iter()
        .filter(|(_, text)| text.lines().count() > FILE_LINES)
        .map(|(path, text)| format!("{path}: {} lines", text.lines().count()))
        .collect();
    hold("a file has at most 500 lines", long);
}

#[test]
fn no_line_is_wider_than_a_page() {
    let mut wide = Vec::new();
    for (path, text) in files(&[".rs", ".sql", ".js", ".mjs", ".sh"]) {
        for (i, line) in text.lines().enumerate() {
            if line.chars().count() > COLUMNS {
                wide.push(format!("{path}:{}", i + 1));
            }
        }
    }
    hold("a line has at most 100 columns", wide);
}

/// Counts the lines of functions; a `view!` body is a page, not a procedure, and is not counted.
#[derive(Default)]
struct Functions {
    long: Vec<(String, usize)>,
}

#[derive(Default)]
struct Views(usize);

impl<'a> Visit<'a> for Views {
    fn visit_macro(&mut self, mac: &'a syn::Macro) {
        if mac.path.is_ident("view") {
            self.0 += lines(mac.span()).saturating_sub(1);
        }
    }
}

fn lines(span: proc_macro2::Span) -> usize {
    span.end().line - span.start().line + 1
}

impl Functions {
    fn count(&mut self, name: &syn::Ident, block: &syn::Block) {
        let mut views = Views::default();
        views.visit_block(block);
        let count = lines(block.span()) - views.0;
        if count > FUNCTION_LINES {
            self.long.push((name.to_string(), count));
        }
    }
}

impl<'a> Visit<'a> for Functions {
    fn visit_item_fn(&mut self, f: &'a syn::ItemFn) {
        self.count(&f.sig.ident, &f.block);
        syn::visit::visit_item_fn(self, f);
    }
    fn visit_impl_item_fn(&mut self, f: &'a syn::ImplItemFn) {
        self.count(&f.sig.ident, &f.block);
        syn::visit::visit_impl_item_fn(self, f);
    }
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut long = Vec::new();
    for (path, _, tree) in rust() {
        let mut functions = Functions::default();
        functions.visit_file(&tree);
        long.extend(functions.long.iter().map(|(name, n)| format!("{path}: {name} has {n} lines")));
    }
    hold("a function has at most 70 lines", long);
}

#[test]
fn every_module_says_what_it_is_for() {
    let mute = rust()
        .into_iter()
        .filter(|(_, text, _)| !text.starts_with("//! "))
        .map(|(path, _, _)| path)
        .collect();
    hold("every module opens with a //! line", mute);
}

#[test]
fn nothing_is_left_lying() {
    // Put together here, so that this list is not itself a leftover.
    let marks: Vec<String> = [
        ("dbg", "!("),
        ("todo", "!("),
        ("unimplemented", "!("),
        ("#[ign", "ore"),
        ("TO", "DO"),
        ("FIX", "ME"),
        ("XX", "X"),
        ("allow(dead", "_code)"),
        ("thread::", "sleep("),
    ]
    .iter()
    .map(|(a, b)| format!("{a}{b}"))
    .collect();
    let mut left = Vec::new();
    for (path, text) in files(&[".rs", ".sql", ".js", ".mjs", ".css", ".sh"]) {
        for (i, line) in text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|m| line.contains(m.as_str())) {
                left.push(format!("{path}:{}: {mark}", i + 1));
            }
        }
    }
    hold("no leftovers", left);
}

#[test]
fn javascript_stays_with_the_map() {
    let mut stray = Vec::new();
    for (path, _) in files(&[".js", ".mjs", ".ts"]) {
        let at_home =
            ["frontend/src/map/", "frontend/bundle/", "frontend/pictures/", "spatial/benches/"];
        if !at_home.iter().any(|home| path.starts_with(home)) {
            stray.push(path);
        }
    }
    let inline = [("raw_", "module ="), ("inline", "_js"), ("js_sys::", "eval")];
    for (path, text) in files(&[".rs"]) {
        let calls = inline.iter().any(|(a, b)| text.contains(&format!("{a}{b}")));
        if calls && !path.starts_with("frontend/src/map/") {
            stray.push(path);
        }
    }
    hold("JavaScript is called in frontend/src/map only", stray);
}
