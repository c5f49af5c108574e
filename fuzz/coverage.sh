#!/bin/sh
# Tells how much of the code that a target is for its corpus and seeds reach: fuzz/coverage.sh [TARGET...], all if none is given.
# Needs what run.sh needs, and llvm-tools of the same toolchain (rustup component add llvm-tools --toolchain nightly). Run it after
# run.sh, which leaves what it found in fuzz/corpus. Lines that no input reached are listed in fuzz/coverage/TARGET.missed.
set -eu

usage() {
    echo "usage: fuzz/coverage.sh [TARGET...]" >&2
    exit 2
}

fail() {
    echo "coverage: $1" >&2
    exit 1
}

cd "$(dirname "$0")/.."
wanted=$*
for name in $wanted; do
    [ -f "fuzz/fuzz_targets/$name.rs" ] || usage
done

cargo fuzz --version >/dev/null 2>&1 || fail "there is no cargo-fuzz (cargo install cargo-fuzz)"
host=$(rustc +nightly -vV | sed -n 's/^host: //p')
tools=$(rustc +nightly --print sysroot)/lib/rustlib/$host/bin
[ -x "$tools/llvm-cov" ] || fail "there are no llvm-tools (rustup component add llvm-tools --toolchain nightly)"

corpus=fuzz/corpus
out=fuzz/coverage
. fuzz/targets.sh
seeds "$corpus"
mkdir -p "$out"
RUSTFLAGS=-Cinstrument-coverage cargo +nightly fuzz build --sanitizer none --target-dir fuzz/target/coverage
built=fuzz/target/coverage/$host/release

# The files that a target is for, as the ends of regular expressions below crates/.
files() {
    case $1 in
    tar_walker) echo 'archive/src/tar/' ;;
    block_placement) echo 'archive/src/xva/(assembly|placement|replay|settled|disk)' ;;
    checksum_text) echo 'archive/src/xva/sum.rs' ;;
    sidecars) echo 'store/src/(sidecar|xo)/' ;;
    ova_xml) echo 'xapi/src/(export|xmlrpc|legacy)/' ;;
    xmlrpc) echo 'xapi/src/(xmlrpc|redact|secrets)' ;;
    sexpr_round_trip) echo 'xapi/src/value/' ;;
    pool_dump) echo 'xapi/src/db/(reader/)?[a-z_]*[.]rs' ;;
    redo_log) echo 'xapi/src/db/redo_log/' ;;
    preflight) echo 'preflight/src/' ;;
    target_files) echo 'target/src/' ;;
    host_files) echo 'host/src/' ;;
    host_backup) echo '(scan|rules)/src/host' ;;
    compared) echo 'diff/src/' ;;
    collected) echo 'scan/src/collect/' ;;
    policies) echo 'policy/src/' ;;
    merged) echo 'report/src/(merge|human|html|junit|markdown|nagios|prometheus|sarif|jsonl|text|wrap)' ;;
    seals) echo 'seal/src/(align|compare|evidence|leaf|proof|read|runs|seal|tree|write|hex)' ;;
    keys) echo 'seal/src/sshsig.rs' ;;
    words) echo '(remote/src/url|report/src/text|store/src/shard|xapi/src/integer|xapi/src/datamodel/date_time|policy/src/(amount|matching|pattern)|diff/src/settings).rs' ;;
    listings) echo 'remote/src/(list|url|setup|patience|error).rs' ;;
    state_file) echo 'state/src/(file|history|record|schema|standing|key|part).rs' ;;
    whole_scan) echo '(scan/src/|rules/src/|inventory/src/)' ;;
    esac
}

printf '%-18s %9s %9s %7s  %s\n' target inputs lines of % 
target() {
    name=$1
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
    LLVM_PROFILE_FILE=$out/$name.profraw "$built/$name" -runs=0 -timeout=60 "$@" 2>"$out/$name.log" ||
        fail "$name: see $out/$name.log"
    "$tools/llvm-profdata" merge -sparse "$out/$name.profraw" -o "$out/$name.profdata"
    rm "$out/$name.profraw"
    "$tools/llvm-cov" export --format=lcov --instr-profile "$out/$name.profdata" "$built/$name" >"$out/$name.lcov" \
        2>>"$out/$name.log" || fail "$name: see $out/$name.log"
    inputs=$(find "$@" -type f | wc -l)
    # That of an earlier run would stay where nothing is missed now.
    rm -f "$out/$name.missed"
    # Lines of the wanted files, without those of their tests, which are not built here anyway.
    awk -v files="/crates/$(files "$name")" -v missed="$out/$name.missed" '
        /^SF:/ { file = substr($0, 4); on = file ~ files; next }
        on && /^DA:/ {
            split(substr($0, 4), at, ",")
            place = file ":" at[1]
            if (at[2] + 0 > 0) hit[place] = 1
            all[place] = 1
        }
        END {
            for (place in all) { lines++; if (place in hit) reached++; else print place > missed }
            printf "%d %d\n", reached, lines
        }' "$out/$name.lcov" >"$out/$name.lines"
    [ ! -f "$out/$name.missed" ] || sort -t: -k1,1 -k2,2n -o "$out/$name.missed" "$out/$name.missed"
    read -r reached lines <"$out/$name.lines"
    rm "$out/$name.lcov"
    printf '%-18s %9d %9d %7d  %d\n' "$name" "$inputs" "$reached" "$lines" $((lines > 0 ? reached * 100 / lines : 0))
}
targets "$corpus"
