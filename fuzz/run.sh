#!/bin/sh
# Runs fuzz targets for a while: fuzz/run.sh [SECONDS] [TARGET...], 30 for each of all if nothing is given.
# Stops with status 1 at the first crash. Needs cargo-fuzz and a nightly toolchain; without them it
# says so and counts as passed, because crates/harness/tests runs the same code over a fixed corpus.
set -eu

usage() {
    echo "usage: fuzz/run.sh [SECONDS] [TARGET...]" >&2
    exit 2
}

seconds=${1:-30}
case $seconds in
'' | *[!0-9]*) usage ;;
esac
[ $# -eq 0 ] || shift
wanted=$*

cd "$(dirname "$0")/.."

for name in $wanted; do
    [ -f "fuzz/fuzz_targets/$name.rs" ] || usage
done

skip() {
    echo "fuzzing skipped: $1"
    exit 0
}
command -v cargo >/dev/null 2>&1 || skip "there is no cargo"
cargo fuzz --version >/dev/null 2>&1 || skip "there is no cargo-fuzz (cargo install cargo-fuzz)"
cargo +nightly --version >/dev/null 2>&1 || skip "there is no nightly toolchain (rustup toolchain install nightly)"

corpus=fuzz/corpus
# The seeds and what each target is given are in a file that coverage.sh reads too.
. fuzz/targets.sh
seeds "$corpus"

# No sanitizer: the targets have no unsafe code of ours, and without one targets build and run twice as
# fast. The directory is given because the environment may name one for plain builds.
fuzz() {
    action=$1
    shift
    cargo +nightly fuzz "$action" --sanitizer none --target-dir fuzz/target "$@"
}

# Inputs are bounded because longer ones only cost time, and new ones are kept in the target's own folder.
target() {
    name=$1
    longest=$2
    dictionary=$3
    shift 3
    case " $wanted " in
    '  ' | *" $name "*) ;;
    *) return 0 ;;
    esac
    mkdir -p "$corpus/$name"
    set -- "$corpus/$name" "$@"
    if [ -d "crates/harness/regressions/$name" ]; then
        set -- "$@" "crates/harness/regressions/$name"
    fi
    if [ "$dictionary" = - ]; then
        dictionary=
    else
        dictionary=-dict=fuzz/dictionaries/$dictionary.dict
    fi
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
targets "$corpus"
echo "fuzzing passed"
