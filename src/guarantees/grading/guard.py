"""What watches a box from outside: the sums that no per-process limit holds, and every byte that comes out."""

import asyncio
import contextlib
import functools
import os
import re
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from guarantees.grading.box import MIB, Box, Limits

_EVERY = 0.05  # seconds between looks
_CHUNK = 1 << 16
_SOCKET = 1 << 19  # bytes that one may hold, about: Linux lets a pair of local ones hold 416 KiB
_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
CHANNELS = ("shell", "iopub", "stdin", "hb", "control")


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
        for folder in (box.work, box.run, box.shm):
            status = os.fstatvfs(folder)
            memory += (status.f_blocks - status.f_bfree) * status.f_frsize
            files += status.f_files - status.f_ffree
        return cls(cpu / _TICKS, memory, tasks, files)


class Guard(threading.Thread):
    """Keeps a box within its limits, and carries messages between it and the outside.

    A thread of its own, so that limits hold while the grader is busy. Messages pass through it so that they are counted
    before anything parses or stores them.

    Attributes
    ----------
    listening : Event
        Set when clients may connect.
    stopped : Stopped or None
        Set if the guard ended the box.
    cpu, wall : float
        Seconds, so far.
    memory_peak : int
        Bytes.
    """

    def __init__(self, box: Box, limits: Limits, folder: Path) -> None:
        super().__init__(name="guard", daemon=True)
        self.box, self.limits, self.folder = box, limits, folder
        self.listening = threading.Event()
        self.stopped: Stopped | None = None
        self.cpu = self.wall = 0.0
        self.memory_peak = self._received = 0
        self._relays: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        """Watch until the box is dead; without a guard it may not live."""
        try:
            asyncio.run(self._watch())
        finally:
            self.box.end()
            self.listening.set()

    async def _watch(self) -> None:
        start = time.monotonic()
        async with contextlib.AsyncExitStack() as stack:
            for port in range(1, len(CHANNELS) + 1):
                server = await asyncio.start_unix_server(
                    functools.partial(self._relay, port), self.folder / f"k-{port}"
                )
                stack.callback(server.close)
            self.listening.set()
            while self.box.alive:
                self.wall = time.monotonic() - start
                self._check()
                await asyncio.sleep(_EVERY)
            self.box.end()
            if self._relays:
                await asyncio.wait(self._relays, timeout=1)  # for what was said last

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

    async def _relay(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a client to a socket of the kernel's."""
        if task := asyncio.current_task():
            self._relays.add(task)
        name = f"k-{port}"
        with contextlib.suppress(OSError, asyncio.CancelledError):
            # Not through a link that may have taken its place.
            if stat.S_ISSOCK(os.stat(name, dir_fd=self.box.run, follow_symlinks=False).st_mode):
                inner = await asyncio.open_unix_connection(f"/proc/self/fd/{self.box.run}/{name}")
                await asyncio.gather(self._carry(reader, inner[1]), self._carry(inner[0], writer, count=True))
        writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, count: bool = False) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if count:
                    self._received += len(chunk)
                    if self._received > self.limits.output:
                        self._end("output", f"it sent more than {self.limits.output // MIB} MiB of output")
                        break
                writer.write(chunk)
                await writer.drain()
        writer.close()


def _read(folder: int, name: str) -> bytes:
    file = os.open(name, os.O_RDONLY, dir_fd=folder)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)
