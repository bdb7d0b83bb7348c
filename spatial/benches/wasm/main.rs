//! Look-ups in the browser's machine against the native build, on one made city.
//!
//! `cargo bench -p spatial --bench wasm -- [--write FILE]` builds the module (`cargo build
//! --release --target wasm32-unknown-unknown -p spatial --example look_ups`) without and with the
//! 128-bit vectors every browser has had since 2023, runs it in `node`, and prints a table.
//! Figures are medians of processor time; both machines' answers must be the same.

mod work;

use std::{process::Command, time::Instant};
use work::{POINTS, Work};

const ROUNDS: usize = 9;
/// What can be timed.
const JOBS: [&str; 4] = [
    "uniform, one at a time",
    "uniform, batches",
    "on borders, one at a time",
    "on borders, batches",
];

fn main() {
    let mut text = format!(
        "### {} made cells in WebAssembly, {POINTS} points\n\n| look-ups | native, million a \
         second | WebAssembly | share of native | with vectors | share of native |\n\
         |---|---:|---:|---:|---:|---:|\n",
        work::CELLS
    );
    let plain = in_node("");
    let vectors = in_node("-C target-feature=+simd128");
    let mut native = Work::new();
    for (job, name) in JOBS.iter().enumerate() {
        let mut times_ms = Vec::new();
        let mut sum = 0;
        for _ in 0..ROUNDS {
            let (start, wall) = (on_cpu_ms(), Instant::now());
            sum = native.run(job);
            times_ms.push(match (start, on_cpu_ms()) {
                (Some(start), Some(end)) => end - start,
                _ => wall.elapsed().as_secs_f64() * 1e3,
            });
        }
        times_ms.sort_by(f64::total_cmp);
        let speed = |ms: f64| POINTS as f64 / ms / 1e3;
        let own = speed(times_ms[ROUNDS / 2]);
        text.push_str(&format!("| {name} | {own:.1} |"));
        for (other, ms) in [plain[job], vectors[job]] {
            assert_eq!(other, sum, "{name}: both machines give the same faces");
            text.push_str(&format!(" {:.1} | {:.2} |", speed(ms), speed(ms) / own));
        }
        text.push('\n');
    }
    println!("{text}");
    let mut words = std::env::args().skip_while(|word| word != "--write").skip(1);
    if let Some(file) = words.next() {
        std::fs::write(&file, text).unwrap_or_else(|why| panic!("cannot write {file}: {why}"));
    }
}

/// Milliseconds this thread has been on a processor, where Linux tells.
fn on_cpu_ms() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e6)
}

/// Builds the module with these flags and runs every job: (sum, milliseconds).
fn in_node(flags: &str) -> Vec<(u32, f64)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| format!("{root}/target"));
    let target = format!("{target}/look_ups{}", if flags.is_empty() { "" } else { "_vectors" });
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--target", "wasm32-unknown-unknown"])
        .args(["-p", "spatial", "--example", "look_ups", "--target-dir", &target])
        .env("RUSTFLAGS", flags)
        .current_dir(root)
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the module does not build; is the wasm32 target installed?");
    let module = format!("{target}/wasm32-unknown-unknown/release/examples/look_ups.wasm");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/wasm/run.mjs");
    let output = Command::new("node")
        .args([script, &module, &JOBS.len().to_string(), &ROUNDS.to_string()])
        .output()
        .expect("node runs the module");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = |line: &str| {
        let (sum, ms) = line.split_once(' ').expect("two numbers");
        (sum.parse().expect("a sum"), ms.parse().expect("milliseconds"))
    };
    String::from_utf8_lossy(&output.stdout).lines().map(line).collect()
}
