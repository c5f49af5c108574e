#!/usr/bin/env python3
"""Shows what more threads are worth: `xenspect verify --threads N` with 1, 2, 4, 8 and 16 of them, as far as there are processors.

The archives are those of ratios.py, made of real files: plain ones with XXH64 and SHA-1, and one packed by zstd and by gzip, which are
unpacked by one thread. They lie in the page cache. Runs take turns, and what counts is the median of the ratios to the run of one
thread in the same turn.

Needs the programs that ratios.py makes archives with, and a release build of xenspect.
"""

import argparse
import os
import pathlib
import statistics
import tempfile

from yardstick.archives import MIB, make_archives
from yardstick.running import program, seconds

THREADS = [1, 2, 4, 8, 16]
# How much faster two threads have to be, by archive.
GOALS = {"xxh64": 1.8, "sha1": 1.8}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--xenspect", default="target/release/xenspect", help="the program")
    parser.add_argument("--archives", type=pathlib.Path, help="a folder that has or gets the archives")
    parser.add_argument("--size", type=int, default=1024, help="MiB of the disk in them")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--mmap", action="store_true", help="hash plain archives out of a map")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is missed")
    given = parser.parse_args()
    xenspect = program(given.xenspect)
    with tempfile.TemporaryDirectory(prefix="xenspect-scaling-", dir=".") as folder:
        folder = given.archives or pathlib.Path(folder)
        archives = make_archives(folder, given.size * MIB, None)
        missed = measure(xenspect, archives, given)
    raise SystemExit(1 if given.check and missed else 0)


def measure(xenspect, archives, given):
    """Prints the table. True if a goal is missed."""
    processors = len(os.sched_getaffinity(0))
    threads = [n for n in THREADS if n <= processors] or [1]
    print(f"{given.size} MiB of disk, {given.rounds} rounds, {processors} processors\n")
    print("| archive | " + " | ".join(f"{n} s" for n in threads) + " | "
          + " | ".join(f"{n} : 1" for n in threads[1:]) + " |")  # fmt: skip
    print("| --- |" + " -: |" * (2 * len(threads) - 1))
    missed = False
    for name, archive in archives.items():
        options = ["--mmap"] if given.mmap else []
        command = [xenspect, "verify", "--quiet", "--alone", *options, str(archive), "--threads"]
        seconds([*command, "1"])
        turns = [[seconds([*command, str(n)]) for n in threads] for _ in range(given.rounds)]
        times = [statistics.median(times) for times in zip(*turns, strict=True)]
        gains = [statistics.median(turn[0] / turn[k] for turn in turns) for k in range(1, len(threads))]
        if gains and name in GOALS:
            missed |= gains[0] < GOALS[name]
        cells = [f"{time:.3f}" for time in times] + [f"**{gain:.2f}**" for gain in gains]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print(f"\ngoal for two threads: {GOALS}")
    return missed


if __name__ == "__main__":
    main()
