"""What watches a box from outside: the sums that no per-process limit holds, and how much comes out."""

import contextlib
import os
import re
import threading
import time
from dataclasses import dataclass

from guarantees.grading.box import MIB, Box, Limits

_EVERY = 0.05  # seconds between looks
_SOCKET = 1 << 19  # bytes that one may hold, about: Linux lets a pair of local ones hold 416 KiB
_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Stopped:
    """Why a kernel was stopped: a word for programs, a sentence for people."""

    reason: str
    message: str


@dataclass(frozen=True)
class Usage:
    """What everything in a box uses at one moment."""

    cpu: float
    memory: int
    tasks: int
    files: int

    @classmethod
    def of(cls, box: Box, *, shared_once: bool = False) -> "Usage":
        """Read it from the box's own ``/proc`` and folders in memory.

        Parameters
        ----------
        box : Box
            To look into.
        shared_once : bool
            Count memory that processes share once (slow) instead of for each.
        """
        cpu = memory = tasks = files = 0
        for pid in os.listdir(box.proc):
            if pid.isdigit():
                with contextlib.suppress(OSError):  # it ended meanwhile
                    # After the name in brackets: 11-14 are times of it and of its dead children, 17 threads, 21 pages.
                    fields = _read(box.proc, f"{pid}/stat").rpartition(b")")[2].split()
                    cpu += sum(map(int, fields[11:15]))
                    tasks += int(fields[17])
                    if shared_once and (
                        share := re.search(rb"^Pss: +(\d+)", _read(box.proc, f"{pid}/smaps_rollup"), re.M)
                    ):
                        memory += int(share[1]) * 1024
                    else:
                        memory += int(fields[21]) * _PAGE
        with contextlib.suppress(OSError):  # what waits in sockets belongs to no process
            memory += _SOCKET * int(_read(box.proc, "1/net/sockstat").split()[2])
        for folder in (box.work, box.shm):
            status = os.fstatvfs(folder)
            memory += (status.f_blocks - status.f_bfree) * status.f_frsize
            files += status.f_files - status.f_ffree
        return cls(cpu / _TICKS, memory, tasks, files)


class Guard(threading.Thread):
    """Keeps a box within its limits.

    A thread of its own, so that limits hold while the grader is busy.

    Attributes
    ----------
    stopped : Stopped or None
        Set if the guard ended the box.
    cpu, wall : float
        Seconds, so far.
    memory_peak : int
        Bytes.
    """

    def __init__(self, box: Box, limits: Limits) -> None:
        super().__init__(name="guard", daemon=True)
        self.box, self.limits = box, limits
        self.stopped: Stopped | None = None
        self.cpu = self.wall = 0.0
        self.memory_peak = self._received = 0

    def run(self) -> None:
        """Watch until the box is dead; without a guard it may not live."""
        start = time.monotonic()
        try:
            while self.box.lives_for(_EVERY):
                self.wall = time.monotonic() - start
                self._check()
        finally:
            self.box.end()

    def count(self, size: int) -> None:
        """Count bytes that the kernel sent, before anything parses or stores them."""
        self._received += size
        if self._received > self.limits.output:
            self._end("output", f"it sent more than {self.limits.output // MIB} MiB of output")

    def _check(self) -> None:
        usage, limits = Usage.of(self.box), self.limits
        if usage.memory > limits.memory:
            usage = Usage.of(self.box, shared_once=True)
        # The time of a child that nobody waits for vanishes with it.
        self.cpu = max(self.cpu, usage.cpu)
        self.memory_peak = max(self.memory_peak, usage.memory)
        if usage.memory > limits.memory:
            self._end("memory", f"it used more than {limits.memory // MIB} MiB of memory")
        elif self.cpu > limits.cpu:
            self._end("cpu", f"it used more than {limits.cpu:g} s of processor time")
        elif self.wall > limits.wall:
            self._end("wall", f"it ran longer than {limits.wall:g} s")
        elif usage.tasks > limits.processes + 2:  # bubblewrap's own
            self._end("processes", f"it started more than {limits.processes} processes and threads")
        elif usage.files > limits.files:
            self._end("scratch", f"it made more than {limits.files} files")

    def _end(self, reason: str, why: str) -> None:
        if self.stopped is None:
            self.stopped = Stopped(reason, f"The kernel was stopped: {why}.")
        self.box.end()


def _read(folder: int, name: str) -> bytes:
    file = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)
