#!/usr/bin/env python3
"""Compares `xenspect verify` with `dd bs=4M` on a file that is not in the page cache.

Before each run the file is dropped from the cache (`posix_fadvise`), and the runs of a round come in an order by chance, after a
pause: storage of virtual machines and disks with a cache of their own give more to who comes at the right moment. What counts is
the median of the ratios of the rounds. The plain archive is the one of ratios.py, made of real files; on a machine with an
archive of its own, `--archive FILE` takes that.

Needs Linux, coreutils and a release build of xenspect.
"""

import argparse
import os
import pathlib
import random
import statistics
import tempfile
import time

from yardstick.archives import MIB, make_archives
from yardstick.running import program, seconds

GOAL = 1.05
WAYS = {
    "dd bs=4M": ["dd", "if=FILE", "of=/dev/null", "bs=4M", "status=none"],
    "verify": ["XENSPECT", "verify", "--quiet", "--alone", "FILE"],
    "verify --mmap": ["XENSPECT", "verify", "--quiet", "--alone", "--mmap", "FILE"],
    "verify --no-cache-pollution": ["XENSPECT", "verify", "--quiet", "--alone", "--no-cache-pollution", "FILE"],
}  # fmt: skip
# The way that the goal is set for.
MEASURED = "verify"


def evict(path):
    """Drops a file from the page cache."""
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--xenspect", default="target/release/xenspect", help="the program")
    parser.add_argument("--archive", type=pathlib.Path, help="a plain archive, instead of one made here")
    parser.add_argument("--size", type=int, default=1024, help="MiB of the disk of the one made here")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--pause", type=float, default=0.4, help="seconds before each run")
    parser.add_argument("--check", action="store_true", help="exit 1 when the goal is missed")
    given = parser.parse_args()
    xenspect = program(given.xenspect)
    with tempfile.TemporaryDirectory(prefix="xenspect-cold-", dir=".") as folder:
        archive = given.archive
        if archive is None:
            made = make_archives(pathlib.Path(folder), given.size * MIB, None)
            archive = made["xxh64"]
        missed = measure(xenspect, archive, given)
    raise SystemExit(1 if given.check and missed else 0)


def measure(xenspect, archive, given):
    """Prints the table. True if the goal is missed."""
    names = {"FILE": str(archive), "if=FILE": f"if={archive}", "XENSPECT": xenspect}
    commands = {way: [names.get(word, word) for word in words] for way, words in WAYS.items()}
    took = {way: [] for way in WAYS}
    for _ in range(given.rounds):
        for way in random.sample(list(WAYS), len(WAYS)):
            evict(archive)
            time.sleep(given.pause)
            took[way].append(seconds(commands[way]))
    first, *_ = WAYS
    mib = archive.stat().st_size / MIB
    print(f"{mib:.0f} MiB, {given.rounds} rounds, {os.cpu_count()} processors\n")
    print("| way | s | least s | MiB/s | ratio | spread |")
    print("| --- | -: | -: | -: | -: | --- |")
    result = None
    for way, times in took.items():
        of = [mine / tool for mine, tool in zip(times, took[first], strict=True)]
        ratio, median = statistics.median(of), statistics.median(times)
        if way == MEASURED:
            result = ratio
        print(f"| `{way}` | {median:.2f} | {min(times):.2f} | {mib / median:.0f} | {ratio:.2f} "
              f"| {min(of):.2f}–{max(of):.2f} |")  # fmt: skip
    print(f"\n`{MEASURED}`: {result:.2f}, goal ≤ {GOAL}")
    return result > GOAL


if __name__ == "__main__":
    main()
