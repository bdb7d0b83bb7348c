#!/usr/bin/env bash
# Measures everything against its rivals and rewrites BENCHES.md. Takes about half an hour.
#
# With DATABASE_URL set to a PostGIS database, PostGIS joins the look-up table.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

part() { # name, package, title, further words for the bench
    say "Measuring: $3"
    cargo bench --quiet -p "$2" --bench "$1" -- --write "$parts/$1.md" "${@:4}" >&2
    printf '\n## %s\n\n' "$3"
    cat "$parts/$1.md"
}

{
    cat <<'HEAD'
# Benches

Made by `make bench`. Ratios within one run are what counts, the machines are noisy; rivals and
ours take turns on the same cores.
HEAD
    printf '\nMachine: %s cores, %s, %s, %s.\n' "$(nproc)" \
        "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" \
        "$(rustc --version | cut -d' ' -f1,2)" "$(date -u +%F)"
    part locate spatial "Look-up" --rounds 5
    part wasm spatial "Look-up in the browser's machine"
    part hands spatial "What changes hands when a border moves"
    part build spatial "From polygons to a checked partition"
    part files backend "Import of whole files"
    part http backend "Service"
    part tickets backend "Tickets"
} >"$parts/BENCHES.md"
mv "$parts/BENCHES.md" BENCHES.md
say "BENCHES.md is written"
