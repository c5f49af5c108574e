#!/usr/bin/env python3
"""Compares `xenspect verify`, `inspect` and `diff` with the public tools that do the inner part of their work.

The archives are made here from real files by GNU tar, split, xxhsum, sha1sum, zstd and gzip, so
that no code of this project has a hand in them. Each is first checked: the archive has to be called
sound, and a copy with one flipped byte damaged, as a file and through a pipe. The pool database is
written by xenspect-synth, because no public tool makes one; a copy cut in half has to be called
incomplete. So is the skeleton of a host; real files beside it make it large, and GNU tar packs it
as `xe host-backup` does. Then the program and a tool run in turns over the same file, which lies in the page cache. What counts is the median of
the ratios of two neighbouring runs. A pair is measured again if other programs were busy meanwhile:
two threads share the processors with them, while a tool with one thread is left alone.

Needs a release build of xenspect, for the pool database and the host backup one of xenspect-synth too,
and, per row, the tool it names. A tool that is missing costs its row and nothing else.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20
BLOCK = MIB
SUFFIX_DIGITS = 8
DISK = "Ref:1"
VM, SR, VBD = "Ref:0", "Ref:2", "Ref:3"
# Runs of zeros in the disk image, as a file system leaves them: one for each so much of it.
HOLE, HOLE_EVERY = 8 * MIB, 256 * MIB
# Where the contents come from unless a file is given.
REAL_FILES = ["usr/bin", "usr/sbin", "usr/lib", "usr/share", "usr/local"]
PEAK_GOAL = 64 * MIB
# A pool database is held in memory; this many times its size may be used in all.
DUMP_PEAK_GOAL = 3
DUMP = "pool.xml"
# The same with the memory of every so manieth VM changed, for comparing.
CHANGED_DUMP, CHANGED_EVERY = "pool-changed.xml", 1000
# A host backup, and the options with which the script of `xe host-backup` runs tar.
HOST = "host.xbk.gz"
HOST_TAR = ["--gzip", "--sparse", "--preserve-permissions", "--one-file-system",
            "--warning=no-file-ignored", "--exclude=tmp/*", "--exclude=tmp/.*",
            "--exclude=var/crash/*", "--exclude=var/crash/.*", "--exclude=var/log/audit*",
            "--exclude=var/xsconfig/*", "--exclude=var/xsconfig/.*"]  # fmt: skip
# A pair of runs is measured again if other programs took more of the processors meanwhile.
DISTURBED = 0.1


# --- ova.xml -------------------------------------------------------------------------------------


def value(of):
    """XML-RPC text in the form of xapi: integers and text untyped, booleans typed."""
    if isinstance(of, bool):
        return f"<value><boolean>{int(of)}</boolean></value>"
    if isinstance(of, dict):
        members = "".join(f"<member><name>{k}</name>{value(v)}</member>" for k, v in of.items())
        return f"<value><struct>{members}</struct></value>"
    if isinstance(of, list):
        return f"<value><array><data>{''.join(map(value, of))}</data></array></value>"
    return f"<value>{of}</value>"


def ova_xml(virtual_size, sha1):
    """A VM with one disk, with the fields that an importer has no default for."""
    null = "OpaqueRef:NULL"
    idle = {
        "status_code": 0,
        "status_detail": "",
        "runtime_properties": {},
        "qos_algorithm_type": "",
        "qos_algorithm_params": {},
        "qos_supported_algorithms": [],
        "other_config": {},
        "currently_attached": False,
    }
    memory = 1 << 30
    vm = {
        "uuid": "00000000-0000-4000-8000-000000000001",
        "name_label": "archive of real files",
        "power_state": "Halted",
        "user_version": 1,
        "is_a_template": False,
        "is_a_snapshot": False,
        "suspend_VDI": null,
        "resident_on": null,
        "affinity": null,
        "memory_static_max": memory,
        "memory_dynamic_max": memory,
        "memory_dynamic_min": memory,
        "memory_static_min": memory,
        "VCPUs_params": {},
        "VCPUs_max": 1,
        "VCPUs_at_startup": 1,
        "actions_after_shutdown": "destroy",
        "actions_after_reboot": "restart",
        "actions_after_crash": "restart",
        "VIFs": [],
        "VBDs": [VBD],
        "PV_bootloader": "",
        "PV_kernel": "",
        "PV_ramdisk": "",
        "PV_args": "",
        "PV_bootloader_args": "",
        "PV_legacy_args": "",
        "HVM_boot_policy": "BIOS order",
        "HVM_boot_params": {"order": "c"},
        "platform": {},
        "PCI_bus": "",
        "other_config": {},
        "domid": -1,
        "domarch": "",
        "is_control_domain": False,
        "metrics": null,
        "guest_metrics": null,
        "recommendations": "",
    }
    vbd = {
        "uuid": "00000000-0000-4000-8000-000000000003",
        "VM": VM,
        "VDI": DISK,
        "userdevice": 0,
        "bootable": True,
        "mode": "RW",
        "type": "Disk",
        "storage_lock": False,
        "empty": False,
        **idle,
    }
    vdi = {
        "uuid": "00000000-0000-4000-8000-000000000002",
        "name_label": "disk",
        "SR": SR,
        "VBDs": [VBD],
        "virtual_size": virtual_size,
        "physical_utilisation": virtual_size,
        "type": "user",
        "sharable": False,
        "read_only": False,
        "other_config": {},
        "storage_lock": False,
        "managed": True,
        "missing": False,
        "parent": null,
    }
    sr = {
        "uuid": "00000000-0000-4000-8000-000000000004",
        "name_label": "storage",
        "VDIs": [DISK],
        "virtual_allocation": virtual_size,
        "physical_utilisation": virtual_size,
        "physical_size": 2 * virtual_size,
        "type": "lvm",
        "content_type": "user",
        "shared": False,
        "other_config": {},
    }
    version = {
        "hostname": "localhost",
        "date": "2018-01-01" if sha1 else "2021-01-01",
        "product_version": "7.6.0" if sha1 else "8.2.1",
        "product_brand": "XenServer" if sha1 else "XCP-ng",
        "build_number": "1",
        "xapi_major": 1,
        "xapi_minor": 20,
        "export_vsn": 2,
    }
    objects = [("VM", VM, vm), ("VBD", VBD, vbd), ("VDI", DISK, vdi), ("SR", SR, sr)]
    objects = [{"class": c, "id": i, "snapshot": s} for c, i, s in objects]
    return value({"version": version, "objects": objects})


# --- Making the archives -------------------------------------------------------------------------


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
    for name, extension, sha1 in [("xxh64", ".xxhash", False), ("sha1", ".checksum", True)]:
        (work / "ova.xml").write_text(ova_xml(size, sha1))
        pack(work, blocks, extension, archives[name])
    shutil.rmtree(work)
    for name, command in [("zstd", ["zstd", "-3", "-q"]), ("gzip", ["gzip", "-6"])]:
        with open(archives["xxh64"], "rb") as plain, open(archives[name], "wb") as packed:
            run(*command, stdin=plain, stdout=packed)
    return archives


ARCHIVES = {
    "xxh64": "real-xxh64.xva",
    "sha1": "real-sha1.xva",
    "zstd": "real.xva.zst",
    "gzip": "real.xva.gz",
}


def make_dump(directory, synth, vms):
    """A pool database of so many VMs; `None` when there is no program to write it."""
    path = directory / DUMP
    program = shutil.which(synth)
    if program is None:
        print(f"no program {synth}: rows of the pool database are left out "
              "(cargo build --release -p xenspect-synth)")  # fmt: skip
        return None
    if not path.exists():
        run(program, "build", "pool-large", "--vms", str(vms), "-o", path)
    return path


def change_dump(path):
    """Writes a copy beside a pool database in which some VMs have more memory."""
    copy = path.with_name(CHANGED_DUMP)
    column = b'memory__static_max="'
    pieces = path.read_bytes().split(column)
    for at in range(CHANGED_EVERY, len(pieces), CHANGED_EVERY):
        pieces[at] = b"9" + pieces[at]
    copy.write_bytes(column.join(pieces))
    return copy


def beside(xenspect, path, what):
    """The same file in a folder of its own, with its digest or its seal beside it."""
    folder = path.parent / what
    folder.mkdir(exist_ok=True)
    link = folder / path.name
    link.unlink(missing_ok=True)
    os.link(path, link)
    if what == "sealed":
        run(xenspect, "seal", "--quiet", "--force", str(link))
    else:
        digest = run("sha256sum", link.name, cwd=folder, stdout=subprocess.PIPE).stdout
        (folder / f"{link.name}.sha256").write_bytes(digest)
    return link


def make_host_backup(directory, synth, size):
    """A host backup of at least `size` bytes; `None` when there is no program to write its skeleton."""
    path = directory / HOST
    program = shutil.which(synth)
    if program is None:
        print(f"no program {synth}: the row of the host backup is left out "
              "(cargo build --release -p xenspect-synth)")  # fmt: skip
        return None
    if path.exists():
        return path
    root = directory / "work-host"
    shutil.rmtree(root, ignore_errors=True)
    run(program, "host-backup", "coordinator", "--tree", root)
    had = 0
    for folder, _, files in (of for top in REAL_FILES for of in os.walk(f"/{top}")):
        into = root / folder.lstrip("/")
        for name in files:
            file = pathlib.Path(folder, name)
            if had >= size:
                break
            if file.is_file() and not file.is_symlink() and os.access(file, os.R_OK):
                into.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, into / name)
                had += file.stat().st_size
    with open(path, "wb") as packed:
        run("tar", *HOST_TAR, "-C", root, "-c", ".", "boot/efi", stdout=packed)
    shutil.rmtree(root)
    print(f"a host with {had} bytes of real files")
    return path


# --- Checking them -------------------------------------------------------------------------------


def verdict(xenspect, path, pipe):
    """Verdict and exit status for an archive as a file, or through a pipe."""
    command = [xenspect, "verify", "--quiet", "--format", "json", "-" if pipe else path]
    cat = subprocess.Popen(["cat", path], stdout=subprocess.PIPE) if pipe else None
    done = subprocess.run(command, stdin=cat and cat.stdout, stdout=subprocess.PIPE, check=False)
    if cat:
        cat.stdout.close()
        cat.wait()
    return json.loads(done.stdout)["inputs"][0]["verdict"], done.returncode


def flipped(path, copy):
    """A copy of an archive with one bit flipped in the middle."""
    shutil.copyfile(path, copy)
    with open(copy, "r+b") as file:
        at = path.stat().st_size // 2
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0x10]))
    return copy


def check_verdicts(xenspect, archives, directory):
    """Prints what is said of each archive and of its damaged copy. True if all of it is right."""
    right = True
    for path in archives.values():
        copy = directory / ("flipped-" + path.name)
        for file, expected in [(path, ("sound", 0)), (flipped(path, copy), ("damaged", 1))]:
            for pipe in [False, True]:
                said = verdict(xenspect, file, pipe)
                mark = "ok" if said == expected else f"WRONG, expected {expected}"
                right &= said == expected
                way = "pipe" if pipe else "file"
                print(f"{file.name:24} {way:5} {said[0]}, exit {said[1]:3}  {mark}")
        copy.unlink()
    return right


def check_half(xenspect, path, directory):
    """The same for a pool database or a host backup, and a copy of its first half."""
    copy = directory / ("half-" + path.name)
    with open(path, "rb") as whole, open(copy, "wb") as half:
        half.write(whole.read(path.stat().st_size // 2))
    right = True
    # Others may read the file here, which is remarked upon.
    for file, verdicts, status in [(path, ["sound", "suspect"], 0), (copy, ["incomplete"], 1)]:
        for pipe in [False, True]:
            said = verdict(xenspect, file, pipe)
            good = said[0] in verdicts and said[1] == status
            mark = "ok" if good else f"WRONG, expected {' or '.join(verdicts)}, exit {status}"
            right &= good
            way = "pipe" if pipe else "file"
            print(f"{file.name:24} {way:5} {said[0]}, exit {said[1]:3}  {mark}")
    copy.unlink()
    return right


# --- Measuring -----------------------------------------------------------------------------------


class Sample:
    """One run of a program: seconds of wall clock and of processor."""

    def __init__(self, command, status):
        start = time.perf_counter()
        pid = spawn(command)
        _, ended, usage = os.wait4(pid, 0)
        self.wall = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        expect(status, command, ended)


def spawn(command):
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    return os.posix_spawn(command[0], command, os.environ, file_actions=quiet)


def expect(status, command, ended):
    if os.waitstatus_to_exitcode(ended) != status:
        raise SystemExit(f"failed: {shlex.join(command)}")


def peak_of(command, status):
    """The most memory of a run in bytes, looked up again and again while it runs.

    The kernel's figure for a finished child begins with the memory of this script, which is more
    than some of the programs use.
    """
    pid, peak = spawn(command), 0
    while True:
        done, ended = os.waitpid(pid, os.WNOHANG)
        if done:
            expect(status, command, ended)
            return peak
        with open(f"/proc/{pid}/status") as lines:
            told = re.search(r"^VmHWM:\s*(\d+)", lines.read(), re.M)
        peak = max(peak, int(told[1]) * 1024 if told else 0)
        time.sleep(0.002)


class Neighbours:
    """How much of the processors other programs take from now on."""

    def __init__(self):
        self.start, self.busy, self.own = time.monotonic(), self.busy_now(), self.own_now()

    @staticmethod
    def busy_now():
        with open("/proc/stat") as stat:
            user, nice, system, _, _, irq, softirq, steal, *_ = map(int, stat.readline().split()[1:])
        return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def own_now():
        return sum(os.times()[:4])

    def share(self):
        others = (self.busy_now() - self.busy) - (self.own_now() - self.own)
        return max(0, others) / (time.monotonic() - self.start) / os.cpu_count()


class Row:
    """An input, the tool it is compared with, the goal for the ratio, if there is one, and what of
    xenspect is measured."""

    def __init__(self, archive, tool, goal=None, command="verify"):
        self.archive, self.tool, self.goal, self.command = archive, tool, goal, command
        self.peak_goal = PEAK_GOAL
        self.again = self.disturbed = 0

    def missing(self):
        return self.tool[0] != "xenspect" and shutil.which(self.tool[0]) is None

    def measure(self, xenspect, path, rounds, patience):
        ours, status = [xenspect, self.command, "--quiet", str(path)], 0
        if self.archive == "dump":
            self.peak_goal = DUMP_PEAK_GOAL * path.stat().st_size
        if self.command == "diff":
            ours, status = [*ours, str(change_dump(path))], 1
            self.peak_goal *= 2
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
            pair = Sample(ours, status), Sample(theirs, 0)
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

    def __str__(self):
        name = f"| {self.label():13} | {'`' + ' '.join(self.tool) + '`':14} "
        if self.missing():
            return name + "| the tool is not installed |"
        spread = f"{min(self.ratios):.2f}–{max(self.ratios):.2f}"
        goal = "–" if self.goal is None else f"≤ {self.goal:.2f}"
        return name + (
            f"| {self.wall[0]:7.3f} | {self.wall[1]:7.3f} | {self.cpu[0]:7.3f} | {self.cpu[1]:7.3f} "
            f"| {self.ratio:5.2f} | {spread:9} | {goal:6} "
            f"| {self.peak[0] / MIB:5.1f} | {self.peak[1] / MIB:5.1f} |"
        )


HEAD = """\
| sums or envelope | tool | xenspect s | tool s | xenspect CPU s | tool CPU s | ratio | spread | goal | xenspect MiB | tool MiB |
| - | - | -: | -: | -: | -: | -: | - | - | -: | -: |"""

ROWS = [
    Row("xxh64", ["cat"], goal=1.0),
    Row("xxh64", ["xxhsum", "-H1"]),
    Row("xxh64", ["sha256sum"], goal=0.5, command="listed"),
    Row("xxh64", ["sha256sum"], goal=0.5, command="sealed"),
    Row("sha1", ["openssl", "sha1"], goal=0.6),
    Row("zstd", ["zstd", "-t"], goal=1.05),
    Row("gzip", ["pigz", "-t"], goal=1.0),
    Row("gzip", ["igzip", "-t"]),
    Row("gzip", ["gzip", "-t"]),
    Row("gzip", ["pigz", "-t"], command="listed"),
    Row("gzip", ["pigz", "-t"], command="sealed"),
    Row("host", ["pigz", "-t"], goal=1.1),
    Row("host", ["igzip", "-t"]),
    Row("dump", ["xmllint", "--noout", "--huge"], goal=1.0),
    Row("dump", ["xmllint", "--noout", "--huge"], command="inspect"),
    Row("dump", ["xenspect", "inspect", "--quiet"], goal=2.5, command="diff"),
]


def describe_machine():
    """Processor, memory, kernel and versions; nothing that names the machine."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", info, re.M)
    memory = int(re.search(r"^MemTotal:\s*(\d+)", open("/proc/meminfo").read(), re.M)[1]) / MIB
    name = model[1] if model else platform.machine()
    print(f"{name}, {len(os.sched_getaffinity(0))} processors, {memory:.0f} GiB, "
          f"Linux {platform.release().split('-')[0]}, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    asked = {"cat": "--version", "tar": "--version", "xxhsum": "--version", "openssl": "version",
             "zstd": "--version", "pigz": "--version", "igzip": "--version", "gzip": "--version",
             "xmllint": "--version"}  # fmt: skip
    for tool, flag in asked.items():
        if shutil.which(tool):
            done = subprocess.run([tool, flag], capture_output=True, text=True, check=False)
            print("  " + (done.stdout + done.stderr).strip().splitlines()[0])


def size_of(text):
    number, unit = re.fullmatch(r"(\d+)([KMGT]?)(?:iB)?", text).groups()
    size = int(number) << {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[unit]
    if size == 0 or size % 512:
        raise ValueError("a disk is a multiple of 512 bytes")
    return size


def main():
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
    parser.add_argument("--vms", type=int, default=40_000, help="in the pool database (40000)")
    parser.add_argument("--only", choices=[*ARCHIVES, "dump", "host"], help="rows of this input only")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is missed")
    args = parser.parse_args()
    xenspect = shutil.which(args.xenspect) or parser.error(f"no program {args.xenspect}")
    if args.dir:
        args.dir.mkdir(parents=True, exist_ok=True)
    directory = args.dir or pathlib.Path(tempfile.mkdtemp(prefix="xenspect-ratios-"))
    failures = []
    try:
        describe_machine()
        inputs, right = {}, True
        if args.only not in ("dump", "host"):
            inputs = make_archives(directory, args.size, args.given)
            right = check_verdicts(xenspect, inputs, directory)
        if args.only in (None, "dump") and (dump := make_dump(directory, args.synth, args.vms)):
            inputs["dump"] = dump
            right &= check_half(xenspect, dump, directory)
        if args.only in (None, "host") and (
            host := make_host_backup(directory, args.synth, args.size)
        ):
            inputs["host"] = host
            right &= check_half(xenspect, host, directory)
        for name, path in inputs.items():
            print(f"  {name}: {path.stat().st_size} bytes")
        if not right:
            raise SystemExit("a verdict is wrong; nothing was measured")
        print(f"\n{HEAD}", flush=True)
        measured = [row for row in ROWS if args.only in (None, row.archive)]
        measured = [row for row in measured if row.archive in inputs]
        for row in measured:
            if not row.missing():
                row.measure(xenspect, inputs[row.archive], args.rounds, args.patience)
                failures += row.failures()
            print(row, flush=True)
        again, disturbed = (sum(getattr(r, n) for r in measured) for n in ("again", "disturbed"))
        print(f"\nWhile other programs were busy, {again} pairs were measured that do not count, "
              f"and {disturbed} that do for want of better ones.")  # fmt: skip
    finally:
        if not args.keep:
            if args.dir:
                for file in [*ARCHIVES.values(), DUMP, CHANGED_DUMP, HOST]:
                    (directory / file).unlink(missing_ok=True)
                for work in ["work", "work-host"]:
                    shutil.rmtree(directory / work, ignore_errors=True)
            else:
                shutil.rmtree(directory)
    for failure in failures:
        print(f"goal missed: {failure}")
    return int(args.check and bool(failures))


if __name__ == "__main__":
    sys.exit(main())
