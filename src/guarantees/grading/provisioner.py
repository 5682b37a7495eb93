"""The kernel provisioner ``guarantees-sandbox``: any Jupyter application's Python kernels, each in a box."""

import asyncio
import functools
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Dict, List, TraitError, Unicode, validate

from guarantees.grading.box import Box, Limits, Python, SandboxUnavailable, python_of
from guarantees.grading.files import bring_out, hand_in
from guarantees.grading.guard import CHANNELS, Guard, Stopped
from guarantees.grading.inside import RUN
from guarantees.grading.nursery import Nursery, nursery_of


class SandboxProvisioner(LocalProvisioner):
    """Starts a kernel in a box and takes what it wrote out of it.

    Attributes
    ----------
    record : dict
        What became of the kernel, as :class:`guarantees.grading.execute.SandboxedExecute` stores it in the notebook.
    start_beside : callable
        Starts a program in a box of its own beside the kernel's, with the same view of the system.
    """

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
    preload = List(Unicode(), ["numpy", "pandas"], help="What a warm kernel has imported already.").tag(config=True)

    box: Box | None = None
    guard: Guard | None = None
    start_beside: Callable[..., Box]
    _beside = ""  # where the notebook lies

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.record: dict[str, Any] = {"sandbox": "none" if self.unsandboxed else "bubblewrap"}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._not_given: list[str] = []

    @validate("limits")
    def _known_limits(self, proposal: dict[str, Any]) -> dict[str, float]:
        known = [field.name for field in fields(Limits)]
        if unknown := [name for name in proposal["value"] if name not in known]:
            raise TraitError(f"SandboxProvisioner.limits has no {unknown[0]!r}; it may have {', '.join(known)}")
        return proposal["value"]

    @property
    def stopped(self) -> Stopped | None:
        """Why the guard ended the kernel, if it did."""
        return self.guard.stopped if self.guard else None

    def nursery(self, python: Python) -> Nursery | None:
        """Give the process that forks a Python's kernels, if they are to start warm."""
        warm = self.warm and not self.unsandboxed
        return nursery_of(python.executable, python.search_path, tuple(self.preload)) if warm else None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Have the kernel's client connect through a private folder."""
        if not self.unsandboxed:
            if self._folder is None:
                # The name of a socket may have 107 characters.
                short = "/tmp" if len(tempfile.gettempdir()) > 80 else None
                self._folder = tempfile.TemporaryDirectory(prefix="kernel-", dir=short)
            manager: Any = self.parent
            manager.transport, manager.ip, manager.cache_ports = "ipc", f"{self._folder.name}/k", False
            manager.connection_file = f"{self._folder.name}/connection.json"
            for port, channel in enumerate(CHANNELS, 1):
                setattr(manager, f"{channel}_port", port)
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel of `cmd` in a box.

        Raises
        ------
        SandboxUnavailable
            If there can be no box, or `cmd` does not start ipykernel.
        """
        if self.unsandboxed:
            return await super().launch_kernel(cmd, **kwargs)
        if "ipykernel_launcher" not in cmd or "-f" not in cmd:
            raise SandboxUnavailable(
                f"The kernelspec starts {cmd[:3]}, which is not ipykernel, and only Python kernels have a sandbox: "
                "name a Python kernel in the notebook of source/, or give --unsandboxed if you trust every submission."
            )
        launcher, connection_file = cmd.index("ipykernel_launcher"), cmd.index("-f")
        arguments = cmd[launcher + 1 : connection_file] + cmd[connection_file + 2 :]
        limits = Limits(**self.limits)
        self._beside = os.path.abspath(kwargs.get("cwd") or os.getcwd())
        manager: Any = self.parent
        inside = {**self.connection_info, "ip": f"{RUN}/k", "key": manager.session.key.decode()}
        variables = kwargs.get("env") or os.environ
        python = python_of(shutil.which(cmd[0]) or cmd[0])
        start = functools.partial(
            Box.start,
            python,
            limits,
            readable=self.readable,
            hidden=self._hidden(),
            environment={name: variables[name] for name in self.environment if name in variables}
            | self.kernel_spec.env,
        )
        nursery = self.nursery(python)
        self.start_beside = functools.partial(start, nursery=nursery)
        start = functools.partial(
            start,
            kernel={
                "connection": inside,
                "arguments": ["--InteractiveShell.xmode=Plain", "--HistoryManager.enabled=False", *arguments],
            },
            files=lambda stream: self._hand_in(stream, limits),
        )
        try:
            self.box = start(nursery=nursery)
        except SandboxUnavailable as error:
            if nursery is None:
                raise
            self.log.warning("A warm kernel did not start, so this one starts cold: %s", error)
            nursery.close()
            self.box = start()
        self.guard = Guard(self.box, limits, Path(manager.ip).parent)
        self.guard.start()
        self.guard.listening.wait()
        self.process, self.pid = self.box.process, self.box.process.pid
        return self.connection_info

    def _hand_in(self, stream: BinaryIO, limits: Limits) -> None:
        self._not_given = hand_in(self._beside, stream, limits.scratch // 2)

    def _hidden(self) -> list[str]:
        """List what no notebook may see even if a folder above it is mounted: this course, and nbgrader's exchange."""
        course = os.path.abspath(self.config.CourseDirectory.get("root") or os.getcwd())
        exchange = self.config.Exchange.get("root") or "/usr/local/share/nbgrader"
        return [self._beside, exchange, *([course] if Path(self._beside).is_relative_to(course) else [])]

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel; any other signal ends the box."""
        if self.unsandboxed:
            await super().send_signal(signum)
        elif self.box and self.process:
            if signum == signal.SIGINT:
                self.box.interrupt()
            elif signum:
                self.box.kill()

    async def poll(self) -> int | None:
        """Say whether the kernel has ended."""
        if self.box:
            return None if self.box.alive else 1
        return await super().poll()

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, without the tenth of a second that others take."""
        if self.unsandboxed:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        self.process = None
        return 0

    async def cleanup(self, restart: bool = False) -> None:
        """End the box, and bring out what the code wrote."""
        await super().cleanup(restart=restart)
        if self.box and self.guard:
            self.box.kill()
            self.guard.join()
            limits = self.guard.limits
            if not restart:
                kept = bring_out(self.box.work, self._beside, limits.kept_bytes, limits.kept_files)
                self.record |= {
                    "files": {**kept, "not_given": self._not_given},
                    "cpu_seconds": round(self.guard.cpu, 2),
                    "wall_seconds": round(self.guard.wall, 2),
                    "memory_peak": self.guard.memory_peak,
                }
            self.box.close()
            self.box = None
        if self._folder and not restart:
            self._folder.cleanup()
            self._folder = None
