"""Inputs that are no exports, a pool database and a host backup, and what can lie beside an input."""

import os
import pathlib
import shutil
import subprocess

from .archives import REAL_FILES, run

DUMP = "pool.xml"
# The same with the memory of every so manieth VM changed, for comparing.
CHANGED_DUMP, CHANGED_EVERY = "pool-changed.xml", 1000
# A host backup, and the options with which the script of `xe host-backup` runs tar.
HOST = "host.xbk.gz"
HOST_TAR = ["--gzip", "--sparse", "--preserve-permissions", "--one-file-system",
            "--warning=no-file-ignored", "--exclude=tmp/*", "--exclude=tmp/.*",
            "--exclude=var/crash/*", "--exclude=var/crash/.*", "--exclude=var/log/audit*",
            "--exclude=var/xsconfig/*", "--exclude=var/xsconfig/.*"]  # fmt: skip


def writer(synth, what):
    """The program that writes an input; `None` when there is none, which is said."""
    program = shutil.which(synth)
    if program is None:
        print(f"no program {synth}: rows of {what} are left out (cargo build --release -p xenspect-synth)")
    return program


def make_dump(directory, synth, vms):
    """A pool database of so many VMs; `None` when there is no program to write it."""
    path = directory / DUMP
    program = writer(synth, "the pool database")
    if program is None:
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


def make_host_backup(directory, synth, size):
    """A host backup of at least `size` bytes; `None` when there is no program to write its skeleton."""
    path = directory / HOST
    program = writer(synth, "the host backup")
    if program is None:
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
