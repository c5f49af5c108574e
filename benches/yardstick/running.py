"""One run of a program: how long it took, how much memory, what it read, and who else was busy meanwhile."""

import os
import re
import shlex
import shutil
import subprocess
import time


def program(name):
    """Where the program is; without it nothing can be measured."""
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"there is no {name}: cargo build --release -p xenspect")
    return found


def seconds(command):
    """How long a command takes that has to succeed."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


class Sample:
    """Some runs of a program in a row: seconds of wall clock and of processor for one of them."""

    def __init__(self, command, status, runs=1):
        self.wall = self.cpu = 0
        for _ in range(runs):
            start = time.perf_counter()
            pid = spawn(command)
            _, ended, usage = os.wait4(pid, 0)
            self.wall += (time.perf_counter() - start) / runs
            self.cpu += (usage.ru_utime + usage.ru_stime) / runs
            expect(status, command, ended)


def read_by(command, status):
    """The bytes that a run reads, from whatever file, and in how many calls."""
    pid = spawn(command)
    # Its counters can be read as long as nobody has waited for it.
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    with open(f"/proc/{pid}/io") as lines:
        told = dict(re.findall(r"^(\w+): (\d+)$", lines.read(), re.M))
    expect(status, command, os.waitpid(pid, 0)[1])
    return int(told["rchar"]), int(told["syscr"])


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
