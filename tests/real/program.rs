//! The program as a person runs it, over a database of the test's own.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use support::Database;

/// Runs the program with `--json` and gives its answer.
pub fn wangge(database: &Database, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(arguments)
        .arg("--json")
        .env("DATABASE_URL", database.url())
        .env("WANGGE_DATA_DIR", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
