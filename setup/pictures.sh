#!/usr/bin/env bash
# Takes the pictures of the README: a demo district of its own, served, looked at with Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

say "Building"
cargo run --quiet -p xtask -- build
cargo build --quiet -p backend
wangge="${CARGO_TARGET_DIR:-target}/debug/wangge"
export WANGGE_DATA_DIR="${CARGO_TARGET_DIR:-target}/pictures"
say "Making the demo district (synthetic)"
"$wangge" demo
told="$WANGGE_DATA_DIR/served.json"
"$wangge" serve --json --listen 127.0.0.1:0 >"$told" &
served=$!
trap 'kill $served' EXIT
until url=$(grep -o 'http://[0-9.:]*' "$told"); do
    kill -0 $served
    read -rt 0.2 <> <(:) || true
done
say "Looking at $url"
node frontend/pictures/pictures.mjs "$url" data/pictures
