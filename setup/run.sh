#!/usr/bin/env bash
# Builds the program and the front end, makes the demo district, serves it.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

say "Building the front end"
cargo run --quiet -p xtask -- build --release
say "Building the program"
cargo build --release -p backend
wangge="${CARGO_TARGET_DIR:-target}/release/wangge"
say "Making the demo district (synthetic)"
"$wangge" demo
say "Serving; Ctrl-C ends it"
exec "$wangge" serve
