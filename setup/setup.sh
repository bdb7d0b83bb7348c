#!/usr/bin/env bash
# Brings a Debian or Ubuntu machine to where Wangge can be built, run and tested.
#
#   setup/setup.sh run     what `make run` needs
#   setup/setup.sh test    that, and what the browser tests need
#
# Installs only what is missing, as root or through sudo; a second time it needs no network.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf '\nSet-up stopped: %s\n' "$*" >&2; exit 1; }

# The newest PostgreSQL server of this machine, or nothing.
postgres_version() {
    local found=(/usr/lib/postgresql/*/bin/postgres)
    [ ! -x "${found[0]}" ] || printf '%s\n' "${found[@]}" | cut -d/ -f5 | sort -n | tail -n 1
}

# Whether PostGIS's control file lies beside that server.
has_postgis() {
    [ -e "/usr/share/postgresql/$1/extension/postgis.control" ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# The packages still missing, one a line. Its last word says that it came to its end: what fails
# in a process substitution would otherwise look like nothing missing.
missing_packages() {
    local version
    command -v cc >/dev/null || echo build-essential
    version=$(postgres_version)
    if [ -z "$version" ]; then
        echo postgresql
        echo postgis-of-the-newest
    elif ! has_postgis "$version"; then
        echo "postgresql-$version-postgis-3"
    fi
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
    if [ "$purpose" = test ]; then
        command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo chromium
        command -v chromedriver >/dev/null || echo chromium-driver
    fi
    echo end
}

# The package that apt offers for PostGIS with the PostgreSQL it would install.
newest_postgis() {
    apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 |
        sort -t- -k2 -n | tail -n 1
}

# The first of these names that apt can install: Debian and Ubuntu name the browser differently.
first_offered() {
    local name
    for name in "$@"; do
        [ -z "$(apt-cache policy "$name" | grep 'Candidate: [^(]')" ] || { echo "$name" && return; }
    done
    echo "$1"
}

install_packages() {
    local wanted=("$@") names=() name
    command -v apt-get >/dev/null ||
        fail "this machine has no apt-get. Install by hand: ${wanted[*]}"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "not root and no sudo. As root: apt-get install ${wanted[*]}"
    say "Installing ${wanted[*]} (apt-get)"
    as_root apt-get update -q >&2 || fail "apt-get update failed; is there a network?"
    for name in "${wanted[@]}"; do
        case $name in
            postgis-of-the-newest) name=$(newest_postgis) ;;
            chromium) name=$(first_offered chromium chromium-browser) ;;
            chromium-driver) name=$(first_offered chromium-driver chromium-chromedriver) ;;
        esac
        names+=("$name")
    done
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        "${names[@]}" >&2 || fail "apt-get could not install: ${names[*]}"
}

# Fills `wanted` with what is missing.
look() {
    mapfile -t wanted < <(missing_packages)
    [ "${wanted[-1]:-}" = end ] || fail "could not tell what this machine has"
    unset 'wanted[-1]'
}

system_packages() {
    local wanted=()
    look
    if [ ${#wanted[@]} -gt 0 ]; then
        install_packages "${wanted[@]}"
    fi
    look
    [ ${#wanted[@]} = 0 ] || fail "still missing after installing: ${wanted[*]}"
}

toolchain() {
    command -v cargo >/dev/null ||
        fail "no Rust here. Install the stable toolchain with rustup, then try again"
    local needed found
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version | cut -d' ' -f2)
    [ "$(printf '%s\n%s\n' "$needed" "$found" | sort -V | head -n 1)" = "$needed" ] ||
        fail "Rust $found is too old, $needed is needed: rustup update stable"
    if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
        command -v rustup >/dev/null ||
            fail "the target wasm32-unknown-unknown is missing and there is no rustup to add it"
        say "Adding the wasm32-unknown-unknown target (rustup)"
        rustup target add wasm32-unknown-unknown >&2 || fail "rustup could not add the target"
    fi
}

node_is_new_enough() {
    local major
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$major" -ge 18 ] || fail "node $(node --version) is too old, 18 or newer is needed"
}

[ "$purpose" = run ] || [ "$purpose" = test ] || fail "say 'run' or 'test', not '$purpose'"
say "Checking what this machine has"
system_packages
toolchain
node_is_new_enough
say "Everything needed is here"
