#!/usr/bin/env python3
"""Compares `xenspect verify`, `inspect` and `diff` with the public tools that do the inner part of their work.

The archives are made here from real files by GNU tar, split, xxhsum, sha1sum, zstd and gzip, so
that no code of this project has a hand in them. Each is first checked: the archive has to be called
sound, and a copy with one flipped byte damaged, as a file and through a pipe. The pool database is
written by xenspect-synth, because no public tool makes one; a copy cut in half has to be called
incomplete. So is the skeleton of a host; real files beside it make it large, and GNU tar packs it
as `xe host-backup` does. Then the program and a tool run in turns over the same file, which lies in
the page cache. What counts is the median of the ratios of two neighbouring runs. A pair is measured
again if other programs were busy meanwhile: two threads share the processors with them, while a
tool with one thread is left alone.

Needs a release build of xenspect, for the pool database and the host backup one of xenspect-synth too,
and, per row, the tool it names. A tool that is missing costs its row and nothing else. What it prints
are tables for docs/manual/src/performance.md.
"""

import argparse
import pathlib
import re
import shutil
import sys
import tempfile

from yardstick.archives import ARCHIVES, SMALL, SPARSE, make_archives, make_small, make_sparse
from yardstick.machine import describe_machine
from yardstick.others import CHANGED_DUMP, DUMP, HOST, make_dump, make_host_backup
from yardstick.rows import GOALS, OTHERS, Row
from yardstick.verdicts import check_half, check_verdicts

# Inputs that are one file each, beside the archives of real files.
SINGLE = ["dump", "host", "small", "sparse"]


def size_of(text):
    number, unit = re.fullmatch(r"(\d+)([KMGT]?)(?:iB)?", text).groups()
    size = int(number) << {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[unit]
    if size == 0 or size % 512:
        raise ValueError("a disk is a multiple of 512 bytes")
    return size


def make_inputs(directory, args):
    """The inputs that are asked for, by name."""
    wanted = lambda name: args.only in (None, name)
    inputs = {}
    if args.only not in SINGLE:
        inputs |= make_archives(directory, args.size, args.given)
    if wanted("dump"):
        inputs["dump"] = make_dump(directory, args.synth, args.vms)
    if wanted("host"):
        inputs["host"] = make_host_backup(directory, args.synth, args.size)
    if wanted("small"):
        inputs["small"] = make_small(directory)
    if wanted("sparse"):
        inputs["sparse"] = make_sparse(directory)
    return {name: path for name, path in inputs.items() if path}


def check_inputs(xenspect, inputs, directory):
    """True if all that is said of them is right. Nobody can read all of the sparse one, whose sums are made up."""
    right = check_verdicts(xenspect, [inputs[n] for n in inputs if n not in SINGLE], directory)
    if "small" in inputs:
        right &= check_verdicts(xenspect, [inputs["small"]], directory)
    for name in ("dump", "host"):
        if name in inputs:
            right &= check_half(xenspect, inputs[name], directory)
    return right


def measure(rows, xenspect, inputs, args):
    """Prints the rows as they come, each kind below its own head, and gives them."""
    rows = [row for row in rows if args.only in (None, row.archive) and row.archive in inputs]
    head = None
    for row in rows:
        if row.HEAD != head:
            head = row.HEAD
            print(f"\n{head}", flush=True)
        if not row.missing():
            row.measure(xenspect, inputs[row.archive], args.rounds, args.patience)
        print(row, flush=True)
    return rows


def clear(directory, given):
    """Takes the inputs away, and the folder too unless it was given."""
    if not given:
        return shutil.rmtree(directory)
    for file in [*ARCHIVES.values(), DUMP, CHANGED_DUMP, HOST, SMALL, SPARSE]:
        (directory / file).unlink(missing_ok=True)
    for folder in ["work", "work-host", "listed", "sealed"]:
        shutil.rmtree(directory / folder, ignore_errors=True)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--xenspect", default="target/release/xenspect", help="the program")
    parser.add_argument("--size", type=size_of, default="1GiB", help="of the disk (1GiB)")
    parser.add_argument("--from", dest="given", metavar="FILE", help="contents of the disk")
    parser.add_argument("--dir", type=pathlib.Path, help="where the archives are put")
    parser.add_argument("--keep", action="store_true", help="leave them there for the next run")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of runs per row (7)")
    parser.add_argument("--patience", type=float, default=300, metavar="SECONDS",
                        help="for a row, until disturbed pairs count as well (300)")  # fmt: skip
    parser.add_argument("--synth", default="target/release/xenspect-synth",
                        help="the program that writes the pool database")  # fmt: skip
    parser.add_argument("--bare", default="target/release/examples/bare_loop",
                        help="the loop that reads and hashes and does nothing else (an example of xenspect-bench)")  # fmt: skip
    parser.add_argument("--vms", type=int, default=30_000,
                        help="in the pool database (30000, which are 104 MB)")  # fmt: skip
    parser.add_argument("--only", choices=[*ARCHIVES, *SINGLE], help="rows of this input only")
    parser.add_argument("--goals", action="store_true", help="no other rows than those of the goals")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is missed")
    args = parser.parse_args()
    args.xenspect = shutil.which(args.xenspect) or parser.error(f"no program {args.xenspect}")
    Row.bare = shutil.which(args.bare)
    return args


def main():
    args = arguments()
    if args.dir:
        args.dir.mkdir(parents=True, exist_ok=True)
    directory = args.dir or pathlib.Path(tempfile.mkdtemp(prefix="xenspect-ratios-"))
    try:
        describe_machine()
        inputs = make_inputs(directory, args)
        for name, path in inputs.items():
            print(f"  {name}: {path.stat().st_size} bytes")
        if not check_inputs(args.xenspect, inputs, directory):
            raise SystemExit("a verdict is wrong; nothing was measured")
        measured = []
        for rows in [GOALS] if args.goals else [GOALS, OTHERS]:
            measured += measure(rows, args.xenspect, inputs, args)
        again, disturbed = (sum(getattr(r, n) for r in measured) for n in ("again", "disturbed"))
        print(f"\nWhile other programs were busy, {again} pairs were measured that do not count, "
              f"and {disturbed} that do for want of better ones.")  # fmt: skip
    finally:
        if not args.keep:
            clear(directory, args.dir)
    failures = [failure for row in measured if not row.missing() for failure in row.failures()]
    for failure in failures:
        print(f"goal missed: {failure}")
    return int(args.check and bool(failures))


if __name__ == "__main__":
    sys.exit(main())
