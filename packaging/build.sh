#!/usr/bin/env bash
# Makes what is handed out: a .deb, a .rpm and a tar.gz around one static binary. See docs/manual/src/install.md.
#
#   packaging/build.sh [--fast] [--out DIR] [--target TRIPLE] [--binary FILE]
#
#   --fast           hardly compress; for tests
#   --out DIR        where they go (target/packages)
#   --target TRIPLE  what is built: x86_64-unknown-linux-musl where that is installed, otherwise x86_64-unknown-linux-gnu, whose
#                    binary is static too, but says so in its name, since it is not the one that users are told to take
#   --binary FILE    pack this program instead of building one; for tests
#
# The same sources and the same tools give the same bytes: times are those of the last commit, or SOURCE_DATE_EPOCH.
set -euo pipefail
cd "$(dirname "$0")/.."

out='' target='' binary=''
# Levels and forms of compression: those of what is handed out, unless told otherwise.
level=6 deb_form=(-Z xz) rpm_form=gzip
while [ $# -gt 0 ]; do
    case $1 in
        --fast)
            level=1 deb_form=(-Z xz --fast) rpm_form=none
            shift
            continue
            ;;
        --out) out=$2 ;;
        --target) target=$2 ;;
        --binary) binary=$(realpath "$2") ;;
        *)
            sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
            exit 2
            ;;
    esac
    shift 2
done

say() {
    printf 'packaging: %s\n' "$*" >&2
}

need() {
    command -v "$1" >/dev/null || {
        say "there is no $1; \`$2\` installs it"
        exit 2
    }
}

need cargo-deb 'cargo install --locked cargo-deb'
need cargo-generate-rpm 'cargo install --locked cargo-generate-rpm'
need strip 'apt install binutils'

folder=${CARGO_TARGET_DIR:-target}
mkdir -p "$folder"
folder=$(realpath "$folder")
out=${out:-$folder/packages}
mkdir -p "$out"
out=$(realpath "$out")
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
export SOURCE_DATE_EPOCH
export TZ=UTC LC_ALL=C
umask 022

has_std() {
    [ -n "$(find "$(rustc --print sysroot)/lib/rustlib/$1/lib" -name 'libstd-*' -print -quit 2>/dev/null)" ]
}

machine=$(uname -m)
if [ -z "$target" ]; then
    target=$machine-unknown-linux-musl
    if ! has_std "$target" || ! command -v musl-gcc >/dev/null; then
        say "no musl: \`rustup target add $target\` and the package musl-tools bring it; building a static binary of glibc instead"
        target=$machine-unknown-linux-gnu
    fi
fi
case $machine in
    x86_64) debian=amd64 ;;
    aarch64) debian=arm64 ;;
    *) debian=$machine ;;
esac
case $target in
    *-musl) kind=static-musl ;;
    *) kind=static-glibc ;;
esac

if [ -z "$binary" ]; then
    say "building $version for $target"
    # No path of the machine that builds gets into the program.
    remap="--remap-path-prefix=$PWD=xenspect --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src="
    remap="$remap --remap-path-prefix=$(rustc --print sysroot)=rust --remap-path-prefix=$folder=target"
    # C code is told the same, and musl-gcc is the compiler for musl whatever `cc` is.
    env "RUSTFLAGS=-C target-feature=+crt-static $remap" \
        "CFLAGS=-ffile-prefix-map=${CARGO_HOME:-$HOME/.cargo}/registry/src=. -ffile-prefix-map=$folder=target" \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_INCREMENTAL=0 \
        cargo build --locked --release --target "$target" -p xenspect
    binary=$folder/$target/release/xenspect
fi

# What all three hold.
stage=$folder/$target/release/dist
rm -rf "$stage"
mkdir -p "$stage/completions" "$stage/examples"
install -m 755 "$binary" "$stage/xenspect"
if [ -n "$(readelf --program-headers "$stage/xenspect" | grep INTERP || true)" ]; then
    say "$binary is dynamic: it runs with the C library of this machine or a later one only"
    kind=dynamic
fi
# Debug information is for those who build it.
strip --strip-all "$stage/xenspect"
program=$stage/xenspect
"$program" man --dir "$stage/man"
"$program" completions bash >"$stage/completions/xenspect.bash"
"$program" completions zsh >"$stage/completions/_xenspect"
"$program" completions fish >"$stage/completions/xenspect.fish"
"$program" completions powershell >"$stage/completions/xenspect.ps1"
cp testdata/good-8.2.xva.zst testdata/damaged-flipped-byte.xva.zst "$stage/examples/"
if [ -d docs/recipes ]; then
    find docs/recipes -type f \( -name '*.service' -o -name '*.timer' -o -name 'xenspect*.toml' \) -exec cp {} "$stage/examples/" \;
fi
chmod 644 "$stage"/examples/*
gzip -9nc CHANGELOG.md >"$stage/changelog.gz"
gzip -9n "$stage"/man/*.1
find "$stage" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

say 'the .deb'
cargo deb --quiet --no-build --no-strip --no-dbgsym --target "$target" -p xenspect "${deb_form[@]}" \
    --output "$out/xenspect_${version}_$debian.deb"

say 'the .rpm'
cargo generate-rpm --target "$target" --target-dir "$folder" -p crates/xenspect \
    --source-date "$SOURCE_DATE_EPOCH" --payload-compress "$rpm_form" --output "$out/xenspect-$version.$machine.rpm"

say 'the tar.gz'
name=xenspect-$version-$machine-linux-$kind
rm -rf "${stage:?}/$name"
mkdir "$stage/$name"
cp "$stage/xenspect" README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$stage/$name/"
cp -r "$stage/man" "$stage/completions" "$stage/examples" "$stage/$name/"
tar --create --directory "$stage" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
    --mode=go=rX,u+rw --mtime "@$SOURCE_DATE_EPOCH" "$name" | gzip "-${level}n" >"$out/$name.tar.gz"

(cd "$out" && sha256sum "xenspect_${version}_$debian.deb" "xenspect-$version.$machine.rpm" "$name.tar.gz")
