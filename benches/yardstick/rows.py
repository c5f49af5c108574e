"""A row of the table: an input, a tool, and how the two compare."""

import shutil
import statistics
import time

from .others import beside, change_dump
from .running import Neighbours, Sample, peak_of, read_by

MIB = 1 << 20
PEAK_GOAL = 64 * MIB
# A pool database is held in memory; this many times its size may be used in all.
DUMP_PEAK_GOAL = 3
# A pair of runs is measured again if other programs took more of the processors meanwhile.
DISTURBED = 0.1
# How the bare loop is called.
BARE = {"bare": ["read", "2"], "bare mmap": ["map", "2"]}
# What a program does in a millisecond or two is measured so often for one sample.
SHORT_RUNS = 40


class Row:
    """An input, the tool it is compared with, the goal for the ratio, if there is one, and what of xenspect is measured.

    The command is one of xenspect's; `mmap` stands for `verify --mmap`, `listed` and `sealed` for `verify` with a digest or
    a seal beside the input. In place of xenspect, `bare` and `bare mmap` measure a loop that reads and hashes and does nothing
    else: no program that has to do both can be faster."""

    # Where that loop is.
    bare = None

    def __init__(self, archive, tool, goal=None, command="verify"):
        self.archive, self.tool, self.goal, self.command = archive, tool, goal, command
        self.peak_goal = PEAK_GOAL
        self.again = self.disturbed = 0

    def missing(self):
        if self.command in BARE and Row.bare is None:
            return True
        return self.tool[0] != "xenspect" and shutil.which(self.tool[0]) is None

    def measure(self, xenspect, path, rounds, patience):
        ours, status, runs = [xenspect, self.command, "--quiet", str(path)], 0, 1
        if self.archive == "small":
            runs = SHORT_RUNS
        if self.archive == "dump":
            self.peak_goal = DUMP_PEAK_GOAL * path.stat().st_size
        if self.command == "diff":
            ours, status = [*ours, str(change_dump(path))], 1
            self.peak_goal *= 2
        if self.command == "mmap":
            ours = [xenspect, "verify", "--mmap", "--quiet", str(path)]
            # What is mapped counts, and belongs to the page cache all the same.
            self.peak_goal += path.stat().st_size
        if self.command in BARE:
            ours = [Row.bare, *BARE[self.command], str(path)]
            self.peak_goal += path.stat().st_size
        if self.command in ("listed", "sealed"):
            path = beside(xenspect, path, self.command)
            ours = [xenspect, "verify", "--quiet", str(path)]
        program = xenspect if self.tool[0] == "xenspect" else shutil.which(self.tool[0])
        theirs = [program, *self.tool[1:], str(path)]
        # This also brings file and programs into the cache.
        self.peak = [peak_of(ours, status), peak_of(theirs, 0)]
        pairs, end = [], time.monotonic() + patience
        while len(pairs) < rounds:
            neighbours = Neighbours()
            pair = Sample(ours, status, runs), Sample(theirs, 0, runs)
            if neighbours.share() <= DISTURBED:
                pairs.append(pair)
            elif time.monotonic() < end:
                self.again += 1
                time.sleep(1)
            else:
                self.disturbed += 1
                pairs.append(pair)
        self.ratios = [a.wall / b.wall for a, b in pairs]
        self.ratio = statistics.median(self.ratios)
        self.wall = [statistics.median(pair[i].wall for pair in pairs) for i in (0, 1)]
        self.cpu = [statistics.median(pair[i].cpu for pair in pairs) for i in (0, 1)]

    def failures(self):
        if self.goal is not None and self.ratio > self.goal:
            yield f"{self.label()} against {' '.join(self.tool)}: {self.ratio:.2f} > {self.goal}"
        if self.peak[0] > self.peak_goal:
            yield f"{self.label()}: peak of {self.peak[0] / MIB:.1f} MiB > {self.peak_goal / MIB:.1f}"

    def label(self):
        return self.archive if self.command == "verify" else f"{self.archive}, {self.command}"

    HEAD = """\
| input | beside | xenspect s | tool s | xenspect CPU s | tool CPU s | ratio | spread | goal | xenspect MiB | tool MiB |
| - | - | -: | -: | -: | -: | -: | - | - | -: | -: |"""

    def __str__(self):
        name = f"| {self.label():13} | {'`' + ' '.join(self.tool) + '`':14} "
        if self.missing():
            return name + "| the tool is not there |"
        spread = f"{min(self.ratios):.2f}–{max(self.ratios):.2f}"
        goal = "–" if self.goal is None else f"≤ {self.goal:.2f}"
        digits = 5 if self.archive == "small" else 3
        wall = [f"{seconds:7.{digits}f}" for seconds in self.wall]
        cpu = [f"{seconds:7.{digits}f}" for seconds in self.cpu]
        return name + (
            f"| {wall[0]} | {wall[1]} | {cpu[0]} | {cpu[1]} "
            f"| **{self.ratio:.2f}** | {spread:9} | {goal:6} "
            f"| {self.peak[0] / MIB:5.1f} | {self.peak[1] / MIB:5.1f} |"
        )


class Look:
    """`inspect` of an input of which next to nothing may be read."""

    def __init__(self, archive, read_goal, seconds_goal):
        self.archive, self.read_goal, self.seconds_goal = archive, read_goal, seconds_goal
        self.again = self.disturbed = 0

    def missing(self):
        return False

    def measure(self, xenspect, path, rounds, _):
        command = [xenspect, "inspect", "--quiet", str(path)]
        self.size, self.stored = path.stat().st_size, path.stat().st_blocks * 512
        self.read, self.calls = read_by(command, 0)
        self.seconds = statistics.median(Sample(command, 0).wall for _ in range(5 * rounds))

    def failures(self):
        if self.read >= self.read_goal:
            yield f"inspect of {self.archive}: {self.read} bytes read, not under {self.read_goal}"
        if self.seconds >= self.seconds_goal:
            yield f"inspect of {self.archive}: {self.seconds * 1000:.1f} ms, not under {self.seconds_goal * 1000:.0f}"

    HEAD = """\
| input | GiB | of them stored | read, KiB | calls | ms | goal |
| - | -: | -: | -: | -: | -: | - |"""

    def __str__(self):
        gib = 1 << 30
        return (
            f"| {self.archive}, inspect | {self.size / gib:.1f} | {self.stored / gib:.2f} | {self.read / 1024:.0f} "
            f"| {self.calls} | {self.seconds * 1000:.1f} "
            f"| under {self.read_goal // MIB} MiB, under {self.seconds_goal * 1000:.0f} ms |"
        )


XMLLINT = ["xmllint", "--noout", "--huge"]

# The goals that are set, in their order.
GOALS = [
    Row("xxh64", ["cat"], goal=0.85),
    Row("xxh64", ["cat"], goal=0.55, command="mmap"),
    Row("sha1", ["openssl", "sha1"], goal=0.55),
    Row("zstd", ["zstd", "-t"], goal=1.0),
    Row("gzip", ["igzip", "-t"], goal=1.05),
    Row("host", ["igzip", "-t"], goal=1.05),
    Row("dump", [*XMLLINT, "--stream"], goal=1.0),
    Row("small", ["tar", "-tf"], goal=1.5),
    Look("sparse", read_goal=2 * MIB, seconds_goal=0.02),
]

# What else is worth to know.
OTHERS = [
    Row("xxh64", ["cat"], command="bare"),
    Row("xxh64", ["cat"], command="bare mmap"),
    Row("xxh64", ["xxhsum", "-H1"]),
    Row("xxh64", ["sha256sum"], goal=0.5, command="listed"),
    Row("xxh64", ["sha256sum"], goal=0.5, command="sealed"),
    Row("gzip", ["pigz", "-t"], goal=1.0),
    Row("gzip", ["gzip", "-t"]),
    Row("gzip", ["pigz", "-t"], command="listed"),
    Row("gzip", ["pigz", "-t"], command="sealed"),
    Row("host", ["pigz", "-t"], goal=1.1),
    Row("dump", XMLLINT),
    Row("dump", XMLLINT, command="inspect"),
    Row("dump", ["xenspect", "inspect", "--quiet"], goal=2.5, command="diff"),
]
