"""The machine and the tools, as far as they belong to a measurement."""

import os
import pathlib
import platform
import re
import shutil
import subprocess

MIB = 1 << 20


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
