"""Kernels in boxes: how a course configures them, and how the grader talks to one."""

import functools
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from jupyter_client.manager import KernelManager
from traitlets import Bool, Dict, List, TraitError, Unicode, validate
from traitlets.config import LoggingConfigurable

from guarantees.grading.box import Box, Limits, Python, SandboxUnavailable, python_of
from guarantees.grading.files import bring_out, hand_in
from guarantees.grading.guard import Guard
from guarantees.grading.nursery import USUAL, Nursery, nursery_of
from guarantees.grading.wire import Malformed, send, take

_CHUNK = 1 << 16


class Sandbox(LoggingConfigurable):
    """Starts kernels in boxes."""

    limits = Dict(help="What a notebook may use: fields of guarantees.grading.box.Limits to change.").tag(config=True)
    readable = List(
        Unicode(),
        help="Files and folders besides Python's that notebooks may read; if root grades, everyone must be able to.",
    ).tag(config=True)
    environment = List(
        Unicode(), ["NBGRADER_EXECUTION", "TZ"], help="Environment variables that notebooks may see."
    ).tag(config=True)
    unsandboxed = Bool(False, help="Run kernels without any protection, as nbgrader does.").tag(config=True)
    warm = Bool(True, help="Fork kernels from a process that has imported the usual libraries.").tag(config=True)
    preload = List(Unicode(), list(USUAL), help="What a warm kernel has imported already.").tag(config=True)

    @validate("limits")
    def _known_limits(self, proposal: dict[str, Any]) -> dict[str, float]:
        known = [field.name for field in fields(Limits)]
        if unknown := [name for name in proposal["value"] if name not in known]:
            raise TraitError(f"Sandbox.limits has no {unknown[0]!r}; it may have {', '.join(known)}")
        return proposal["value"]

    def nursery(self, python: Python) -> Nursery | None:
        """Give the process that forks a Python's kernels, if they are to start warm."""
        warm = self.warm and not self.unsandboxed
        return nursery_of(python.executable, python.search_path, tuple(self.preload)) if warm else None

    def start(self, name: str, folder: str) -> "Kernel":
        """Start a kernel in a box.

        Parameters
        ----------
        name : str
            Of the kernelspec.
        folder : str
            Where the notebook lies.

        Raises
        ------
        SandboxUnavailable
            If there can be no box, or the kernelspec does not start ipykernel.
        """
        manager = KernelManager(kernel_name=name, parent=self)
        command = manager.format_kernel_cmd()
        assert manager.kernel_spec is not None
        if "ipykernel_launcher" not in command:
            raise SandboxUnavailable(
                f"The kernelspec starts {command[:3]}, which is not ipykernel, and only Python kernels have a sandbox: "
                "name a Python kernel in the notebook of source/, or give --unsandboxed if you trust every submission."
            )
        python = python_of(shutil.which(command[0]) or command[0])
        limits = Limits(**self.limits)
        start = functools.partial(
            Box.start,
            python,
            limits,
            readable=self.readable,
            hidden=self._hidden(folder),
            environment={variable: os.environ[variable] for variable in self.environment if variable in os.environ}
            | manager.kernel_spec.env,
        )
        nursery = self.nursery(python)
        kernel = Kernel(folder, limits, functools.partial(start, nursery=nursery))
        try:
            kernel.move_into(start(files=kernel.hand_in, nursery=nursery))
        except SandboxUnavailable as error:
            if nursery is None:
                raise
            self.log.warning("A warm kernel did not start, so this one starts cold: %s", error)
            nursery.close()
            kernel.move_into(start(files=kernel.hand_in))
        return kernel

    def _hidden(self, folder: str) -> list[str]:
        """List what no notebook may see even if a folder above it is mounted: this course, and nbgrader's exchange."""
        course = os.path.abspath(self.config.CourseDirectory.get("root") or os.getcwd())
        exchange = self.config.Exchange.get("root") or "/usr/local/share/nbgrader"
        return [folder, exchange, *([course] if Path(folder).is_relative_to(course) else [])]


class Message(NamedTuple):
    """What a kernel says: as a message of Jupyter's, and how many bytes that took."""

    kind: str
    content: dict[str, Any]
    size: int

    def answers(self, number: str) -> bool:
        """Whether it is the answer to a request."""
        return self.kind == "reply" and self.content.get("id") == number


class Kernel:
    """A kernel in its box, as :mod:`guarantees.grading.kernel` describes it from inside.

    Attributes
    ----------
    guard : Guard
    start_beside : callable
        Starts a program in a box of its own, with the same view of the system.
    """

    guard: Guard

    def __init__(self, folder: str, limits: Limits, start_beside: Callable[..., Box]) -> None:
        self._folder, self._limits, self.start_beside = folder, limits, start_beside
        self._not_given: list[str] = []
        self._buffer = bytearray()

    def hand_in(self, stream: BinaryIO) -> None:
        """Give the kernel what lies beside the notebook."""
        self._not_given = hand_in(self._folder, stream, self._limits.scratch // 2)

    def move_into(self, box: Box) -> None:
        """Talk to the kernel of a box from now on, and guard it."""
        self._box = box
        self.guard = Guard(box, self._limits)
        self.guard.start()

    def ask(self, request: Mapping[str, Any], descriptors: Iterable[int], patience: float) -> None:
        """Send a request.

        Raises
        ------
        OSError
            If the kernel takes none.
        """
        self._box.control.settimeout(patience)
        send(self._box.control, request, descriptors)

    def hear(self, patience: float) -> Message | None:
        """Give the next message; None if it has not come whole in so many seconds.

        Raises
        ------
        EOFError
            If there will be none.
        Malformed
            If it is none.
        """
        if (message := self._next()) is None:
            self._box.control.settimeout(patience)
            try:
                chunk = self._box.control.recv(_CHUNK)
            except TimeoutError:
                return None
            except OSError:
                chunk = b""
            if not chunk:
                raise EOFError
            self.guard.count(len(chunk))
            self._buffer += chunk
            message = self._next()
        return message

    def _next(self) -> Message | None:
        if (taken := take(self._buffer)) is None:
            return None
        message, length = taken
        if type(message) is not list or [type(part) for part in message] != [str, dict]:
            raise Malformed("no message")
        kind, content = message
        size = content.get("size") if kind == "excess" else None
        return Message(kind, content, max(size, length) if type(size) is int else length)

    def interrupt(self) -> None:
        """Send what Ctrl-C would."""
        self._box.interrupt()

    def end(self) -> None:
        """Kill it."""
        self._box.end()

    def close(self) -> dict[str, Any]:
        """End the box, bring out what the code wrote, and give the record of it all."""
        self._box.kill()
        self.guard.join()
        kept = bring_out(self._box.work, self._folder, self._limits.kept_bytes, self._limits.kept_files)
        self._box.close()
        return {
            "files": {**kept, "not_given": self._not_given},
            "cpu_seconds": round(self.guard.cpu, 2),
            "wall_seconds": round(self.guard.wall, 2),
            "memory_peak": self.guard.memory_peak,
        }
