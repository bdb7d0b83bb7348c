//! Build steps that cargo alone cannot do: `cargo run -p xtask -- build [--release]` makes
//! `frontend/dist` from the Rust front end and the libraries of `frontend/package.json`.

mod build;
mod step;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo run -p xtask -- build [--release]

  build            makes frontend/dist, quickly, for development
  build --release  the same, optimised, minified and compressed (.br and .gz)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let release = match words.as_slice() {
        ["build"] => false,
        ["build", "--release"] => true,
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match build::build(release) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nThe front end was not built: {why}");
            ExitCode::FAILURE
        }
    }
}
