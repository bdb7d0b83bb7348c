//! The tracked sources, and small ways to walk what they parse to.

use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("backend lies in the root").to_owned()
}

/// Every source file of our own with one of these endings: path from the root, and text.
pub fn files(endings: &[&str]) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let skipped = ["target", "node_modules", "dist"].contains(&name.as_str())
                || (name.starts_with('.') && name != ".ci");
            if skipped || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|e| name.ends_with(e)) {
                let short = path.strip_prefix(root()).expect("below the root");
                let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
                found.push((short.to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file with its syntax tree.
pub fn rust() -> Vec<(String, String, syn::File)> {
    let parse = |(path, text): (String, String)| {
        let tree = syn::parse_file(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        (path, text, tree)
    };
    files(&[".rs"]).into_iter().map(parse).collect()
}

/// Every path named in a file, imports included, as `crate::grids::store`.
pub fn paths(tree: &syn::File) -> Vec<String> {
    struct Paths(Vec<String>);
    impl<'a> Visit<'a> for Paths {
        fn visit_path(&mut self, path: &'a syn::Path) {
            let names: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
            self.0.push(names.join("::"));
            syn::visit::visit_path(self, path);
        }
        fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
            flatten(&item.tree, String::new(), &mut self.0);
        }
    }
    let mut paths = Paths(Vec::new());
    paths.visit_file(tree);
    paths.0
}

fn flatten(tree: &syn::UseTree, before: String, out: &mut Vec<String>) {
    let join = |name: &syn::Ident| match before.as_str() {
        "" => name.to_string(),
        b => format!("{b}::{name}"),
    };
    match tree {
        syn::UseTree::Path(p) => flatten(&p.tree, join(&p.ident), out),
        syn::UseTree::Name(n) => out.push(join(&n.ident)),
        syn::UseTree::Rename(r) => out.push(join(&r.ident)),
        syn::UseTree::Glob(_) => out.push(before),
        syn::UseTree::Group(g) => {
            for item in &g.items {
                flatten(item, before.clone(), out);
            }
        }
    }
}

/// Every string literal of a file with its line, those inside macro calls included.
pub fn strings(tree: &syn::File) -> Vec<(usize, String)> {
    struct Strings(Vec<(usize, String)>);
    impl<'a> Visit<'a> for Strings {
        fn visit_lit_str(&mut self, lit: &'a syn::LitStr) {
            self.0.push((lit.span().start().line, lit.value()));
        }
        fn visit_macro(&mut self, mac: &'a syn::Macro) {
            tokens(mac.tokens.clone(), &mut self.0);
        }
    }
    fn tokens(stream: proc_macro2::TokenStream, out: &mut Vec<(usize, String)>) {
        for token in stream {
            match token {
                proc_macro2::TokenTree::Group(group) => tokens(group.stream(), out),
                proc_macro2::TokenTree::Literal(lit) => {
                    if let syn::Lit::Str(s) = syn::Lit::new(lit.clone()) {
                        out.push((lit.span().start().line, s.value()));
                    }
                }
                _ => {}
            }
        }
    }
    let mut strings = Strings(Vec::new());
    strings.visit_file(tree);
    strings.0
}
