#!/bin/sh
# Runs every fuzz target for a while: fuzz/run.sh [SECONDS], 30 if not given.
# Stops with status 1 at the first crash. Needs cargo-fuzz and a nightly toolchain; without them it
# says so and counts as passed, because crates/harness/tests runs the same code over a fixed corpus.
set -eu

seconds=${1:-30}
case $seconds in
'' | *[!0-9]*)
    echo "usage: fuzz/run.sh [SECONDS]" >&2
    exit 2
    ;;
esac

cd "$(dirname "$0")/.."

skip() {
    echo "fuzzing skipped: $1"
    exit 0
}
command -v cargo >/dev/null 2>&1 || skip "there is no cargo"
cargo fuzz --version >/dev/null 2>&1 || skip "there is no cargo-fuzz (cargo install cargo-fuzz)"
cargo +nightly --version >/dev/null 2>&1 || skip "there is no nightly toolchain (rustup toolchain install nightly)"

corpus=fuzz/corpus
cargo run --quiet --package xenspect-synth -- seeds "$corpus"
cargo run --quiet --package xenspect-harness --example small_archives "$corpus/small" "$corpus/host-backup"

# No sanitizer: the workspace forbids unsafe code, and without one targets build and run twice as
# fast. The directory is given because the environment may name one for plain builds.
fuzz() {
    action=$1
    shift
    cargo +nightly fuzz "$action" --sanitizer none --target-dir fuzz/target "$@"
}

# target TARGET LONGEST [FOLDER...]: seeds come from the folders and from past crashes, inputs are
# bounded because longer ones only cost time, and new ones are kept in the target's own folder.
target() {
    name=$1
    longest=$2
    shift 2
    mkdir -p "$corpus/$name"
    set -- "$corpus/$name" "$@"
    if [ -d "crates/harness/regressions/$name" ]; then
        set -- "$@" "crates/harness/regressions/$name"
    fi
    case $name in
    tar_walker | whole_scan | host_backup) dictionary=-dict=fuzz/dictionaries/archives.dict ;;
    ova_xml | xmlrpc) dictionary=-dict=fuzz/dictionaries/documents.dict ;;
    sexpr_round_trip | pool_dump | redo_log | preflight | compared) dictionary=-dict=fuzz/dictionaries/dumps.dict ;;
    *) dictionary= ;;
    esac
    echo "fuzzing $name for $seconds s"
    # $dictionary is unquoted so that an empty one is no argument.
    # shellcheck disable=SC2086
    if ! fuzz run "$name" "$@" -- -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=30 \
        -max_len="$longest" -print_final_stats=1 $dictionary; then
        echo "fuzzing failed: $name; its input is under fuzz/artifacts/$name" >&2
        exit 1
    fi
}

fuzz build
target tar_walker 65536 "$corpus/archive" "$corpus/header"
target block_placement 4096
target checksum_text 256 "$corpus/sum"
target sidecars 4096 "$corpus/sidecar"
target ova_xml 65536 "$corpus/ova" "$corpus/table"
target xmlrpc 65536 "$corpus/ova"
target sexpr_round_trip 4096 "$corpus/value"
target pool_dump 8192 "$corpus/dump"
target redo_log 8192 "$corpus/redo" "$corpus/value"
target preflight 8192 "$corpus/dump" "$corpus/ova"
target target_files 8192 "$corpus/host"
target host_backup 32768 "$corpus/host-backup"
target compared 16384 "$corpus/dump" "$corpus/ova" "$corpus/small"
target policies 4096 crates/harness/seeds/policies
target seals 8192 crates/harness/seeds/seals
target whole_scan 65536 "$corpus/small" "$corpus/archive" "$corpus/dump" "$corpus/redo" "$corpus/ova"
echo "fuzzing passed"
