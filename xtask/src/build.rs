//! From sources to `frontend/dist`: npm packages, wasm, bindings, bundle, copies, compression.
//!
//! The new folder is made beside the old one and takes its place at the end, so that a server
//! that is running never serves half a build.

use crate::step::{Outcome, at, copy, files, run, step};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// What Chrome and Firefox accept: `--all-features` writes what they refuse.
const WASM_OPT_FLAGS: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-simd",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// The fonts shipped so that a machine without Chinese fonts shows no empty boxes.
const FONTS: [&str; 4] = [
    "noto-sans-sc-chinese-simplified-400-normal.woff2",
    "noto-sans-sc-chinese-simplified-600-normal.woff2",
    "noto-sans-sc-latin-400-normal.woff2",
    "noto-sans-sc-latin-600-normal.woff2",
];

struct Paths {
    root: PathBuf,
    frontend: PathBuf,
    packages: PathBuf,
    making: PathBuf,
    target: PathBuf,
}

impl Paths {
    fn find() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or("the workspace folder is not above xtask.")?
            .to_path_buf();
        let frontend = root.join("frontend");
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Ok(Self {
            packages: frontend.join("node_modules"),
            making: frontend.join("dist.making"),
            target: if target.is_absolute() { target } else { root.join(target) },
            frontend,
            root,
        })
    }

    fn assets(&self) -> PathBuf {
        self.making.join("assets")
    }
}

/// Makes `frontend/dist`.
pub fn build(release: bool) -> Outcome<()> {
    let paths = Paths::find()?;
    println!("Building the front end ({})", if release { "release" } else { "development" });
    packages(&paths)?;
    let wasm = step("Rust to wasm", || wasm(&paths, release))?;
    if paths.making.exists() {
        at(&paths.making, fs::remove_dir_all(&paths.making))?;
    }
    at(&paths.making, fs::create_dir_all(paths.assets()))?;
    step("Bindings for the browser", || bindings(&paths, &wasm))?;
    step("Map libraries and style sheets", || bundle(&paths, release))?;
    copies(&paths)?;
    if release {
        step("wasm-opt", || optimise(&paths))?;
        step("Compression", || compress(&paths.making))?;
    }
    let dist = paths.frontend.join("dist");
    if dist.exists() {
        at(&dist, fs::remove_dir_all(&dist))?;
    }
    at(&dist, fs::rename(&paths.making, &dist))?;
    say_sizes(&dist)
}

/// `npm ci`, unless the lock is the one installed from: then nothing touches the network.
fn packages(paths: &Paths) -> Outcome<()> {
    let lock = paths.frontend.join("package-lock.json");
    let stamp = paths.packages.join(".installed-from-lock");
    let wanted = at(&lock, fs::read(&lock))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("  npm packages: as locked");
        return Ok(());
    }
    step("npm ci", || {
        run(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&paths.frontend),
            "Install Node.js 20 or newer with npm (Debian, Ubuntu: apt-get install nodejs npm).",
        )
    })?;
    at(&stamp, fs::write(&stamp, wanted))
}

fn wasm(paths: &Paths, release: bool) -> Outcome<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile = if release { "wasm-release" } else { "dev" };
    run(
        Command::new(cargo)
            .args(["build", "--quiet", "-p", "frontend", "--lib", "--target", TARGET])
            .args(["--profile", profile])
            .env("CARGO_TARGET_DIR", &paths.target)
            // Every browser in use has vector instructions; batches of look-ups gain a fifth.
            .env("RUSTFLAGS", "-C target-feature=+simd128")
            .current_dir(&paths.root),
        "Install Rust with rustup.",
    )
    .map_err(|why| format!("{why} If the target is missing: rustup target add {TARGET}"))?;
    let folder = if release { "wasm-release" } else { "debug" };
    Ok(paths.target.join(TARGET).join(folder).join("frontend.wasm"))
}

fn bindings(paths: &Paths, wasm: &Path) -> Outcome<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("wangge").typescript(false).keep_debug(false);
    bindgen.remove_producers_section(true);
    bindgen.web(true).map_err(|error| format!("wasm-bindgen: {error:#}."))?;
    bindgen.generate(paths.assets()).map_err(|error| format!("wasm-bindgen: {error:#}."))
}

/// The map libraries become one module, their worker a file beside it: without that file the map
/// never loads and says nothing.
fn bundle(paths: &Paths, release: bool) -> Outcome<()> {
    let mut command = Command::new(paths.packages.join(".bin/esbuild"));
    command
        .args([
            "map-kit=src/map/map-kit.js",
            "map-worker=node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs",
        ])
        .args(["wangge=style/wangge.css", "boot=src/map/boot.js", "--bundle", "--format=esm"])
        .args(["--target=es2022", "--log-level=warning", "--entry-names=[name]"])
        .args(["--external:/assets/*", "--external:./wangge.js"])
        .arg(format!("--outdir={}", paths.assets().display()))
        .current_dir(&paths.frontend);
    if release {
        command.arg("--minify");
    }
    run(&mut command, "Delete frontend/node_modules and build again.")
}

fn copies(paths: &Paths) -> Outcome<()> {
    copy(&paths.frontend.join("index.html"), &paths.making.join("index.html"))?;
    copy(&paths.frontend.join("style/icon.svg"), &paths.assets().join("icon.svg"))?;
    for font in FONTS {
        let from = paths.packages.join("@fontsource/noto-sans-sc/files").join(font);
        copy(&from, &paths.assets().join(font))?;
    }
    Ok(())
}

fn optimise(paths: &Paths) -> Outcome<()> {
    let file = paths.assets().join("wangge_bg.wasm");
    run(
        Command::new(paths.packages.join(".bin/wasm-opt"))
            .args(WASM_OPT_FLAGS)
            .arg(&file)
            .arg("-o")
            .arg(&file),
        "Delete frontend/node_modules and build again.",
    )
}

/// Writes `.br` and `.gz` beside everything that shrinks; fonts are compressed already.
fn compress(folder: &Path) -> Outcome<()> {
    for path in files(folder)? {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if !["html", "js", "css", "svg", "wasm"].contains(&kind) {
            continue;
        }
        let bytes = at(&path, fs::read(&path))?;
        let brotli = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
        let mut packed = Vec::new();
        at(&path, brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &brotli))?;
        at(&path, fs::write(path.with_extension(format!("{kind}.br")), &packed))?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        at(&path, gzip.write_all(&bytes))?;
        let packed = at(&path, gzip.finish())?;
        at(&path, fs::write(path.with_extension(format!("{kind}.gz")), packed))?;
    }
    Ok(())
}

fn say_sizes(dist: &Path) -> Outcome<()> {
    println!("\nfrontend/dist");
    let (mut plain, mut packed) = (0, 0);
    for path in files(dist)? {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if ["br", "gz"].contains(&kind) {
            continue;
        }
        let size = at(&path, fs::metadata(&path))?.len();
        let brotli = fs::metadata(path.with_extension(format!("{kind}.br"))).map(|m| m.len());
        let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
        let shown = brotli.as_ref().map_or_else(|_| String::new(), |size| kilobytes(*size));
        println!("  {name:55} {:>12} {shown:>12}", kilobytes(size));
        if kind != "woff2" {
            plain += size;
            packed += brotli.unwrap_or(size);
        }
    }
    println!("  {:55} {:>12} {:>12}", "without fonts", kilobytes(plain), kilobytes(packed));
    Ok(())
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1000.0)
}
