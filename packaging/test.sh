#!/usr/bin/env bash
# Makes the packages, installs them below scratch roots and runs the program there. Nothing of this machine is changed.
#
#   packaging/test.sh [--binary FILE]
#
# With --binary that program is packed instead of one that is built first, which takes seconds instead of minutes; a dynamic one
# is tried where it is, not in a root of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

skips=0
skipped() {
    skips=$((skips + 1))
    printf 'SKIPPED: %s\n' "$*"
}

for tool in cargo-deb cargo-generate-rpm; do
    command -v "$tool" >/dev/null || {
        skipped "packages: there is no $tool; \`cargo install --locked $tool\` installs it"
        exit 0
    }
done

export SOURCE_DATE_EPOCH=1700000000
packaging/build.sh --fast --out "$scratch/one" "$@"
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
tarball=$(echo "$scratch"/one/*.tar.gz)

# Packing again gives the same bytes.
packed=("$@")
if [ "${1:-}" != --binary ]; then
    tar -xzf "$tarball" -C "$scratch" --strip-components=1 --wildcards '*/xenspect'
    packed=(--binary "$scratch/xenspect")
fi
packaging/build.sh --fast --out "$scratch/two" "${packed[@]}" >/dev/null 2>&1
for file in "$scratch"/one/*; do
    cmp "$file" "$scratch/two/$(basename "$file")" || fail "$(basename "$file") is not the same when it is packed again"
done

# What has to be below a root. The arguments are the root and the folder of completions for zsh.
complete() {
    local file
    for file in usr/bin/xenspect usr/share/man/man1/xenspect.1.gz usr/share/man/man1/xenspect-verify.1.gz \
        usr/share/man/man1/xenspect-report-merge.1.gz usr/share/bash-completion/completions/xenspect "$2/_xenspect" \
        usr/share/fish/vendor_completions.d/xenspect.fish usr/share/doc/xenspect/README.md \
        usr/share/doc/xenspect/examples/good-8.2.xva.zst; do
        [ -s "$1/$file" ] || fail "$file is not in it"
    done
    [ -x "$1/usr/bin/xenspect" ] || fail 'the program cannot be run'
    find "$1" -name 'LICENSE-MIT' | grep -q . || fail 'the licence is not in it'
    [ -z "$(find "$1" -type f -perm /022)" ] || fail 'others may write files of it'
}

# Runs the program of a root with nothing else there, if it is one that can.
within() {
    local root=$1
    shift
    if [ "$is_static" -eq 1 ] && [ "$(id -u)" -eq 0 ]; then
        chroot "$root" /usr/bin/xenspect "$@"
    else
        (cd "$root" && usr/bin/xenspect "${@/#\/usr/usr}")
    fi
}

runs() {
    local root=$1 status=0
    [ "$(within "$root" --version)" = "xenspect $version" ] || fail 'it tells another version'
    within "$root" verify /usr/share/doc/xenspect/examples/good-8.2.xva.zst >"$scratch/report" || fail 'a good archive is not good'
    grep -q SOUND "$scratch/report" || fail 'the report of a good archive does not say so'
    within "$root" verify /usr/share/doc/xenspect/examples/damaged-flipped-byte.xva.zst >"$scratch/report" || status=$?
    [ "$status" -eq 1 ] || fail "a damaged archive gives status $status"
    grep -q DAMAGED "$scratch/report" || fail 'the report of a damaged archive does not say so'
}

program=$scratch/program
tar -xzOf "$tarball" --wildcards '*/xenspect' >"$program"
is_static=1
if readelf --program-headers "$program" | grep -q INTERP; then
    is_static=0
    skipped 'the program is dynamic: not run in a root of its own'
else
    # A position-independent static program has a dynamic section, but needs nothing.
    ! readelf --dynamic "$program" | grep -q NEEDED || fail 'the static program needs libraries'
fi
if [ "${1:-}" != --binary ]; then
    # Whose machine it was built on is nobody's business.
    for path in "$PWD" "${CARGO_HOME:-$HOME/.cargo}" "${CARGO_TARGET_DIR:-$PWD/target}"; do
        ! grep -qaF "$path" "$program" || fail "the program holds the path $path"
    done
fi

echo 'the .deb'
if command -v dpkg >/dev/null; then
    deb=$(echo "$scratch"/one/*.deb)
    root=$scratch/deb
    mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/triggers"
    touch "$root/var/lib/dpkg/status" "$root/var/lib/dpkg/available"
    if [ "$(id -u)" -eq 0 ]; then
        dpkg --root="$root" --force-not-root --log=/dev/null --install "$deb" >/dev/null || fail 'dpkg does not install it'
        dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' xenspect | grep -q 'ok installed' || fail 'dpkg does not know it'
    else
        dpkg-deb --extract "$deb" "$root"
    fi
    complete "$root" usr/share/zsh/vendor-completions
    [ "$(dpkg-deb --field "$deb" Version)" = "$version-1" ] || fail 'the .deb has another version'
    [ -s "$root/usr/share/doc/xenspect/copyright" ] || fail 'there is no copyright file'
    runs "$root"
    if [ "$(id -u)" -eq 0 ]; then
        dpkg --root="$root" --log=/dev/null --purge xenspect >/dev/null 2>&1 || fail 'dpkg does not remove it'
        [ ! -e "$root/usr/bin/xenspect" ] || fail 'dpkg leaves the program behind'
    fi
else
    skipped 'the .deb: there is no dpkg'
fi

echo 'the .rpm'
if command -v rpm >/dev/null; then
    rpm=$(echo "$scratch"/one/*.rpm)
    root=$scratch/rpm
    mkdir -p "$root"
    if [ "$(id -u)" -eq 0 ]; then
        rpm --root "$root" --install --nosignature "$rpm" || fail 'rpm does not install it'
        rpm --root "$root" --verify xenspect || fail 'rpm does not find what it installed'
    else
        (cd "$root" && rpm2cpio "$rpm" | cpio --quiet -id)
    fi
    complete "$root" usr/share/zsh/site-functions
    rpm --query --package --nosignature --requires "$rpm" | grep -v '^rpmlib(' | grep . && fail 'the .rpm needs packages'
    [ "$(rpm --query --package --nosignature --queryformat '%{VERSION} %{LICENSE}' "$rpm")" = "$version MIT OR Apache-2.0" ] ||
        fail 'the .rpm has another version or licence'
    runs "$root"
else
    skipped 'the .rpm: there is no rpm'
fi

echo 'the tar.gz'
root=$scratch/tar
mkdir -p "$root"
tar -xzf "$tarball" -C "$root" --strip-components=1
for file in xenspect man/xenspect.1.gz completions/_xenspect LICENSE-MIT LICENSE-APACHE README.md; do
    [ -s "$root/$file" ] || fail "$file is not in it"
done
[ "$("$root/xenspect" --version)" = "xenspect $version" ] || fail 'it tells another version'

# What an old dom0 offers: the system calls of Linux 3.10.
old_kernel() {
    local expected=$1 status=0
    shift
    (cd "$scratch/old" && "$tool" old-kernel "$program" "$@" >"$scratch/out" 2>"$scratch/err") || status=$?
    [ "$status" -eq "$expected" ] || fail "with the calls of Linux 3.10, \`xenspect $*\` gives $status: $(cat "$scratch/err")"
}

if [ "$is_static" -eq 1 ] && [ "$(uname -sm)" = 'Linux x86_64' ]; then
    echo 'an old kernel'
    cargo build --locked --quiet -p xtask
    tool=$(realpath "${CARGO_TARGET_DIR:-target}/debug/xtask")
    chmod +x "$program"
    mkdir "$scratch/old"
    cp testdata/*.xva* testdata/*.xml* "$scratch/old"
    old_kernel 0 verify good-small.xva
    old_kernel 0 verify good-8.2.xva.zst
    old_kernel 0 verify good-6.2-sha1.xva.gz
    old_kernel 1 verify damaged-flipped-byte.xva.zst
    old_kernel 0 verify - <testdata/good-8.2.xva.zst
    old_kernel 1 verify -r --jobs 2 --threads 2 --state backups.state --settle 0s .
    old_kernel 1 verify -r --state backups.state --settle 0s --skip-verified-within 30d .
    old_kernel 0 history --state backups.state
    old_kernel 0 verify --tee copy.xva good-small.xva
    cmp "$scratch/old/copy.xva" testdata/good-small.xva || fail 'the copy is not the same'
    old_kernel 0 seal good-small.xva
    old_kernel 0 verify good-small.xva
    old_kernel 0 inspect pool-8.2.xml.zst
    old_kernel 0 preflight pool-8.2.xml.zst --target pool-8.2.xml.zst
    old_kernel 1 diff pool-8.2.xml.zst pool-5.6.xml.gz
    old_kernel 0 redact pool-8.2.xml.zst -o redacted.xml
    old_kernel 0 ls good-small.xva
else
    skipped 'an old kernel: the program is dynamic, or this is no x86-64'
fi

if command -v mandoc >/dev/null; then
    for page in "$root"/man/*.gz; do
        mandoc -T lint -W warning "$page" | grep -vE 'missing date|unusual' | grep . && fail "$(basename "$page") is no good manual page"
    done
else
    skipped 'manual pages: there is no mandoc'
fi
if [ "$skips" -eq 0 ]; then
    echo 'packages: all good'
else
    echo "packages: good as far as they were tried; skipped: $skips"
fi
