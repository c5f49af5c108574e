#!/usr/bin/env python3
"""Measures the most memory that xenspect uses, for inputs that grow in all the ways that an input can.

Archives come from `xenspect-synth stream` through a pipe, so that they may be of any length; what is wrong with them is
repeated a million times. zstd and gzip pack streams where they are installed. A file is made where a file is needed.
Each run has a limit. The peak is the kernel's (`VmHWM`, program text included), polled while the process lives, and
beside it what the kernel tells at its end. A tool that is missing costs its rows and nothing else.

Needs release builds: `cargo build --release -p xenspect -p xenspect-synth`.
"""

import argparse
import gzip
import os
import pathlib
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20
BLOCK = 512
# The limit for whatever is no document.
GOAL = 64
# A pool database is held in memory; this many times its size may be used in all.
DUMP_GOAL = 3
UNITS = {"MiB": MIB, "GiB": MIB << 10, "TiB": MIB << 20}
FORMATS = ["human", "json", "jsonl", "junit", "sarif", "markdown", "html", "nagios", "prometheus"]
# A million blocks of one sector each.
MANY = ["--size", "512MiB", "--block-size", "512B"]
# A header with a name of 1 MiB before each of them would be a tebibyte.
FEWER = {"long-name": ["--every", "256"], "second-document": ["--every", "16"]}
FILES = 1_000_000


def size(text):
    for unit, bytes_ in UNITS.items():
        if text.endswith(unit):
            return int(text.removesuffix(unit)) * bytes_
    return int(text)


# --- Inputs --------------------------------------------------------------------------------------


def header(name, length=0, kind=b"0", mode=0o644):
    """A tar header as GNU tar writes it."""
    fields = b"".join([
        name.ljust(100, b"\0"), b"%07o\0" % mode, b"%07o\0" % 0, b"%07o\0" % 0, b"%011o\0" % length,
        b"%011o\0" % 1_700_000_000, b" " * 8, kind, bytes(100), b"ustar  \0", b"root".ljust(32, b"\0"),
        b"root".ljust(32, b"\0"),
    ]).ljust(BLOCK, b"\0")  # fmt: skip
    return fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]


def host_backup(path, synth, files):
    """The skeleton of a host with so many small files behind it, packed by gzip."""
    skeleton = subprocess.run([synth, "host-backup", "coordinator", "--envelope", "plain", "-"],
                              check=True, stdout=subprocess.PIPE).stdout  # fmt: skip
    end = len(skeleton.rstrip(b"\0"))
    end = (end + BLOCK - 1) // BLOCK * BLOCK
    with gzip.open(path, "wb", 1) as out:
        out.write(skeleton[:end])
        made = []
        for at in range(files):
            if at % 1000 == 0:
                made.append(header(b"./usr/share/many/%04d/" % (at // 1000), kind=b"5", mode=0o755))
            made.append(header(b"./usr/share/many/%04d/a-file-of-%d" % (at // 1000, at)))
            if len(made) > 2000:
                out.write(b"".join(made))
                made.clear()
        out.write(b"".join(made) + bytes(20 * BLOCK))


def sparse_file(path, command):
    """Writes what a command gives, with holes where it is zero."""
    source = subprocess.Popen(command, stdout=subprocess.PIPE)
    subprocess.run(["dd", "bs=4096", "iflag=fullblock", "conv=sparse", f"of={path}", "status=none"],
                   stdin=source.stdout, check=True)  # fmt: skip
    source.stdout.close()
    source.wait()


class Inputs:
    """Files that are made when they are first asked for."""

    def __init__(self, folder, xenspect, synth):
        self.folder, self.xenspect, self.synth = folder, xenspect, synth
        self.makers = {
            "many-broken.xva": lambda path: self.stream(path, MANY + mixed(synth)),
            "many.xva": lambda path: self.stream(path, MANY),
            "long.xva": lambda path: sparse_file(path, [synth, "stream", "--size", "16GiB", "--zeros"]),
            "pool.xml": lambda path: self.build(path, "pool-large", "--vms", "40000"),
            "host.xbk.gz": lambda path: host_backup(path, synth, FILES),
        }  # fmt: skip

    def stream(self, path, arguments):
        with open(path, "wb") as out:
            subprocess.run([self.synth, "stream", *arguments], stdout=out, check=True)

    def build(self, path, *recipe):
        subprocess.run([self.synth, "build", *recipe, "-o", path], check=True)

    def path(self, name):
        path = self.folder / name
        if not path.exists():
            self.makers[name](path)
        return path

    def forget(self, name):
        (self.folder / name).unlink(missing_ok=True)


# --- Rows ----------------------------------------------------------------------------------------


class Row:
    """One run: what goes in, what is run, how much it may take in MiB, and which exit statuses are right."""

    def __init__(self, name, command, source=None, file=None, goal=GOAL, status=(0, 1), times=None):
        self.name, self.command, self.source, self.file = name, command, source, file
        self.goal, self.status, self.times = goal, status, times


def fault_names(synth):
    text = subprocess.run([synth, "stream", "--list"], check=True, stdout=subprocess.PIPE, text=True)
    return [line.split()[0] for line in text.stdout.splitlines()]


def mixed(synth):
    """All faults in turns, but those that make the archive very much longer or end it."""
    left_out = {"long-name", "second-document", "end-marker"}
    names = [name for name in fault_names(synth) if name not in left_out]
    return [word for name in names for word in ("--fault", name)]


def rows(args):
    whole, part = args.size, max(args.size // 4, MIB << 10)
    synth = [args.synth, "stream"]
    verify = ["verify", "--quiet", "--alone", "-"]
    stream = lambda *more: [*synth, *map(str, more)]  # noqa: E731

    yield Row("plain, XXH64, pipe", verify, [stream("--size", whole)], status=(0,))
    yield Row("plain, SHA-1, pipe", verify, [stream("--size", part, "--sha1")], status=(0,))
    yield Row("plain, 2000 disks, pipe", verify, [stream("--size", part, "--disks", 2000)], status=(0,))
    for disks in (4096, 20000):
        yield Row(f"plain, {disks} disks, pipe", verify, [stream("--size", part // 4, "--disks", disks)])
    long = ["zstd", "-1", "-c", "-q", "--zstd=wlog=23"]
    yield Row("zstd, window 8 MiB, pipe", verify, [stream("--size", part), long], status=(0,))
    gz = ["gzip", "-1", "-c"]
    yield Row("gzip, pipe", verify, [stream("--size", part // 16), gz], status=(0,))
    yield Row("gzip bomb, 1:1000", verify, [stream("--size", part // 2, "--zeros"), ["gzip", "-9", "-c"]],
              status=(0,))  # fmt: skip
    yield Row("zstd bomb, 1:10000", verify, [stream("--size", part, "--zeros"), ["zstd", "-c", "-q"]],
              status=(0,))  # fmt: skip
    yield Row("file with holes, 16 GiB", ["verify", "--quiet", "--alone", "{}"], file="long.xva", status=(0,))
    yield Row("file with holes, 64 threads", ["verify", "-q", "--threads", "64", "{}"], file="long.xva", status=(0,))
    for command in ["inspect", "ls", "secrets"]:
        yield Row(f"file with holes, {command}", [command, "-q", "{}"], file="long.xva")
    yield Row("file with holes, diff", ["diff", "-q", "--blocks", "{}", "{}"], file="long.xva", status=(0,))
    yield Row("file with holes, seal", ["seal", "-q", "-o", "-", "{}"], file="long.xva", status=(0,))

    for name in fault_names(args.synth):
        more = FEWER.get(name, [])
        yield Row(f"a million times {name}", verify, [stream(*MANY, "--fault", name, *more)])
    every = mixed(args.synth)
    for form in FORMATS:
        command = [*verify, "--format", form]
        yield Row(f"a million of all kinds, {form}", command, [stream(*MANY, *every)], status=(0, 1, 2))
    command = [*verify, "--verbose"]
    yield Row("a million of all kinds, --verbose", command, [stream(*MANY, *every)])
    for command in [["ls"], ["ls", "--format", "json"], ["inspect"], ["secrets"], ["cat", "ova.xml"]]:
        words = [command[0], "-q", *command[1:]]
        words = [*words[:2], "{}", *words[2:]]
        yield Row(f"a million of all kinds, {' '.join(command)}", words, file="many-broken.xva")
    # Blocks are kept with their sums to be compared, and members to be sealed, up to limits of their own.
    yield Row("a million of all kinds, diff", ["diff", "-q", "{}", "{}"], file="many-broken.xva", goal=None)
    yield Row("a million of all kinds, seal --damaged", ["seal", "-q", "--damaged", "-o", "-", "{}"],
              file="many-broken.xva", goal=None)  # fmt: skip
    yield Row("a million small blocks, diff", ["diff", "-q", "--blocks", "{}", "{}"], file="many.xva", goal=None)
    yield Row("a million small blocks, seal", ["seal", "-q", "-o", "-", "{}"], file="many.xva", goal=None)

    dump = ["verify", "inspect", "ls", "secrets"]
    for command in dump:
        yield Row(f"pool database, {command}", [command, "-q", "{}"], file="pool.xml", times=DUMP_GOAL)
    for form in ["json", "html"]:
        yield Row(f"pool database, verify {form}", ["verify", "-q", "--format", form, "{}"], file="pool.xml",
                  times=DUMP_GOAL)  # fmt: skip
    yield Row("pool database, inspect json", ["inspect", "-q", "--format", "json", "{}"], file="pool.xml",
              times=DUMP_GOAL)  # fmt: skip
    yield Row("pool database, cat VM", ["cat", "-q", "{}", "VM"], file="pool.xml", times=DUMP_GOAL)
    yield Row("pool database, redact", ["redact", "-q", "-o", "-", "{}"], file="pool.xml", times=DUMP_GOAL)
    # These two hold two databases.
    yield Row("pool database, diff with itself", ["diff", "-q", "{}", "{}"], file="pool.xml", times=2 * DUMP_GOAL)
    yield Row("pool database, preflight", ["preflight", "-q", "{}", "--target", "{}"], file="pool.xml",
              times=2 * DUMP_GOAL)  # fmt: skip
    yield Row("pool database, pipe", verify, [["cat", "pool.xml"]], file="pool.xml", times=DUMP_GOAL)

    for command in [["verify"], ["verify", "--format", "json"], ["ls"], ["inspect"]]:
        yield Row(f"host backup of a million files, {' '.join(command)}", [command[0], "-q", *command[1:], "{}"],
                  file="host.xbk.gz", goal=None if command[0] == "inspect" else GOAL)  # fmt: skip
    yield Row("host backup of a million files, diff", ["diff", "-q", "{}", "{}"], file="host.xbk.gz", goal=None)


# --- Measuring -----------------------------------------------------------------------------------


def high_water(pid):
    """VmHWM in KiB; 0 when the process is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def measure(args, inputs, row):
    """Peak in MiB, exit status and seconds."""
    path = str(inputs.path(row.file)) if row.file else None
    command = [args.xenspect, *(path if word == "{}" else word for word in row.command)]
    feeders, stdin = [], subprocess.DEVNULL
    for source in row.source or []:
        source = [path if word == row.file else word for word in source]
        feeders.append(subprocess.Popen(source, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
        if stdin is not subprocess.DEVNULL:
            stdin.close()
        stdin = feeders[-1].stdout
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if stdin is not subprocess.DEVNULL:
        stdin.close()
    peak = 0
    while True:
        peak = max(peak, high_water(process.pid))
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    said = process.stderr.read().decode(errors="replace").strip()
    process.stderr.close()
    # What the kernel tells at the end begins with this program's own pages, which the process had before it became
    # another one; above them it is exact.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if usage.ru_maxrss > own:
        peak = max(peak, usage.ru_maxrss)
    for feeder in feeders:
        feeder.wait()
    return peak / 1024, process.returncode, seconds, said


def missing(args, row):
    """The first tool of a row that is not there."""
    tools = [source[0] for source in row.source or []]
    return next((tool for tool in tools if shutil.which(tool) is None), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xenspect", default="target/release/xenspect")
    parser.add_argument("--synth", default="target/release/xenspect-synth")
    parser.add_argument("--size", type=size, default=size("64GiB"), help="of the longest stream (64GiB)")
    parser.add_argument("--only", action="append", default=[], help="rows whose name holds this")
    parser.add_argument("--list", action="store_true", help="name the rows and end")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the files, which are then kept")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a limit is passed")
    args = parser.parse_args()
    for program in (args.xenspect, args.synth):
        if shutil.which(program) is None:
            raise SystemExit(f"no program {program}: cargo build --release -p xenspect -p xenspect-synth")
    chosen = [row for row in rows(args) if not args.only or any(word in row.name for word in args.only)]
    if args.list:
        print("\n".join(row.name for row in chosen))
        return 0
    temporary = None if args.keep else tempfile.TemporaryDirectory(prefix="xenspect-memory-")
    folder = args.keep or pathlib.Path(temporary.name)
    folder.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(folder, args.xenspect, args.synth)
    wrong = []
    print("| input | peak MiB | at most | seconds | exit |\n| --- | -: | -: | -: | -: |")
    for at, row in enumerate(chosen):
        tool = missing(args, row)
        if tool:
            print(f"| {row.name} | – | no {shlex.quote(tool)} | | |", flush=True)
            continue
        peak, status, seconds, said = measure(args, inputs, row)
        goal = row.goal
        if row.times:
            goal = row.times * inputs.path(row.file).stat().st_size / MIB
        bound = "–" if goal is None else f"{goal:.0f}"
        print(f"| {row.name} | {peak:.1f} | {bound} | {seconds:.1f} | {status} |", flush=True)
        if status not in row.status:
            wrong.append(f"{row.name}: exit {status}: {said[-300:]}")
        if goal is not None and peak > goal:
            wrong.append(f"{row.name}: {peak:.1f} MiB, at most {bound}")
        # A file goes when no further row wants it.
        if row.file and not args.keep and all(later.file != row.file for later in chosen[at + 1 :]):
            inputs.forget(row.file)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
