#!/usr/bin/env bash
# Formats are checked, lints are errors, then every test: units, service, contract, real, browser.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

say "Format"
cargo fmt --all -- --check
say "Lints"
cargo clippy --quiet --workspace --exclude frontend --all-targets -- -D warnings
cargo clippy --quiet -p frontend --target wasm32-unknown-unknown -- -D warnings
say "Front end"
cargo run --quiet -p xtask -- build
say "Tests"
packages=(-p spatial -p domain -p backend -p frontend -p xtask)
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --no-fail-fast "${packages[@]}"
    cargo test --quiet --doc -p spatial -p domain
else
    cargo test --no-fail-fast "${packages[@]}"
fi
