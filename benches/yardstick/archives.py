"""Exports of real files, made by GNU tar, split, xxhsum, sha1sum, zstd and gzip, so that no code of this project has a hand
in them; and a small one, and a large one that is nearly all holes."""

import os
import shutil
import subprocess
import tarfile

from .ova import DISK, ova_xml

MIB = 1 << 20
BLOCK = MIB
SUFFIX_DIGITS = 8
# Runs of zeros in the disk image, as a file system leaves them: one for each so much of it.
HOLE, HOLE_EVERY = 8 * MIB, 256 * MIB
# Where the contents come from unless a file is given.
REAL_FILES = ["usr/bin", "usr/sbin", "usr/lib", "usr/share", "usr/local"]
# An archive of which a look at all blocks takes no time.
SMALL, SMALL_SIZE = "small.xva", 5 * MIB
# One that is much larger than what it takes of the storage: headers, sums and holes.
SPARSE, SPARSE_GIB = "sparse.xva", 100


def run(*command, **options):
    """Runs a command that has to succeed."""
    return subprocess.run(command, check=True, **options)


def image_of(source, path, size):
    """A disk image of `size` bytes with the contents of `source` over and over, and holes."""
    with open(path, "wb") as image:
        image.truncate(size)
        at, dry = 0, 0
        while at < size:
            stream = source()
            got = 0
            while at < size and (piece := stream.read(min(MIB, size - at))):
                image.seek(at)
                image.write(piece)
                at, got = at + len(piece), got + len(piece)
                if at % HOLE_EVERY < MIB and at + HOLE < size:
                    at = (at + HOLE) // MIB * MIB
            stream.close()
            dry = 0 if got else dry + 1
            if dry > 1:
                raise SystemExit("there is nothing to make an archive of")


class Files:
    """The real files of this machine as one stream, packed by GNU tar."""

    def __init__(self):
        there = [path for path in REAL_FILES if os.path.isdir(f"/{path}")]
        self.tar = subprocess.Popen(
            ["tar", "-C", "/", "-cf", "-", *there],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.read = self.tar.stdout.read

    def close(self):
        self.tar.stdout.close()
        self.tar.kill()
        self.tar.wait()


def sums_of(directory, blocks, command, extension, upper):
    """Writes the checksum member of each block, with the words of a public tool."""
    for start in range(0, len(blocks), 256):
        some = blocks[start : start + 256]
        text = run(*command, *some, cwd=directory, stdout=subprocess.PIPE, text=True).stdout
        for line in text.splitlines():
            digest, name = line.split(maxsplit=1)
            digest = digest.upper() if upper else digest
            (directory / (name + extension)).write_text(digest)


def pack(directory, blocks, extension, archive):
    """Packs ova.xml, blocks and sums in the order of an export."""
    names = ["ova.xml"]
    for block in blocks:
        names += [block, block + extension]
    (directory / "names").write_text("\n".join(names) + "\n")
    run(
        "tar", "-C", directory, "-cf", archive, "--format=v7", "--blocking-factor=1",
        "--no-recursion", "--owner=0", "--group=0", "--mode=0400", "--mtime=@0",
        "-T", directory / "names",
    )  # fmt: skip


def make_archives(directory, size, given):
    """The four archives by name. A file that is left from an earlier run is taken as it is."""
    archives = {name: directory / file for name, file in ARCHIVES.items()}
    if all(path.exists() for path in archives.values()):
        return archives
    make_plain(directory, size, given, {"xxh64": archives["xxh64"], "sha1": archives["sha1"]})
    for name, command in [("zstd", ["zstd", "-3", "-q"]), ("gzip", ["gzip", "-6"])]:
        with open(archives["xxh64"], "rb") as plain, open(archives[name], "wb") as packed:
            run(*command, stdin=plain, stdout=packed)
    return archives


def make_small(directory):
    """The same with a disk of a few blocks."""
    path = directory / SMALL
    if not path.exists():
        make_plain(directory, SMALL_SIZE, None, {"xxh64": path})
    return path


def make_plain(directory, size, given, archives):
    """The plain archives by their sums, all of one disk of `size` bytes."""
    work = directory / "work"
    shutil.rmtree(work, ignore_errors=True)
    (work / DISK).mkdir(parents=True)
    image = work / "image"
    source = (lambda: open(given, "rb")) if given else Files
    image_of(source, image, size)
    run("split", f"--bytes={BLOCK}", "--numeric-suffixes", f"--suffix-length={SUFFIX_DIGITS}",
        image, f"{work / DISK}/")  # fmt: skip
    image.unlink()
    every = sorted(path.name for path in (work / DISK).iterdir())
    inner_zero = {n for n in every[1:-1] if not (work / DISK / n).read_bytes().strip(b"\0")}
    blocks = [f"{DISK}/{name}" for name in every if name not in inner_zero]
    print(f"{len(every)} blocks of {size} bytes, {len(inner_zero)} of them left out as zero")
    sums_of(work, blocks, ["xxhsum", "-H1", "-q"], ".xxhash", upper=True)
    sums_of(work, blocks, ["sha1sum"], ".checksum", upper=False)
    for name, extension in [("xxh64", ".xxhash"), ("sha1", ".checksum")]:
        if name in archives:
            (work / "ova.xml").write_text(ova_xml(size, name == "sha1"))
            pack(work, blocks, extension, archives[name])
    shutil.rmtree(work)


ARCHIVES = {
    "xxh64": "real-xxh64.xva",
    "sha1": "real-sha1.xva",
    "zstd": "real.xva.zst",
    "gzip": "real.xva.gz",
}


def header(name, size):
    """The tar header of a member."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o400
    return info.tobuf(tarfile.USTAR_FORMAT)


def make_sparse(directory):
    """An export with all blocks of a large disk, whose data are holes of the file and whose sums are made up."""
    path = directory / SPARSE
    if path.exists():
        return path
    document = ova_xml(SPARSE_GIB << 30, False).encode()
    digest = b"00112233445566FF"
    with open(path, "wb", buffering=2048) as file:
        members = [("ova.xml", len(document), document)]
        for number in range(SPARSE_GIB << 10):
            block = f"{DISK}/{number:08}"
            members += [(block, BLOCK, b""), (f"{block}.xxhash", len(digest), digest)]
        at = 0
        for name, size, payload in members:
            file.seek(at)
            file.write(header(name, size) + payload)
            at += 512 + (size + 511) // 512 * 512
        file.truncate(at + 1024)
    return path
