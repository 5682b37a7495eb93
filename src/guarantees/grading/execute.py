"""nbgrader's ``Execute`` for notebooks that nobody trusts: what a kernel does is an outcome, never an engine error."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Enum, Integer, Unicode, default

from guarantees.grading.guard import Stopped
from guarantees.grading.provisioner import SandboxProvisioner

# The name of the error that the running cell gets, by the reason for the stop.
ERRORS = {
    "memory": "MemoryLimit",
    "cpu": "CpuLimit",
    "wall": "WallLimit",
    "output": "OutputLimit",
    "processes": "ProcessLimit",
    "scratch": "ScratchLimit",
    "interrupt": "InterruptIgnored",
    "died": "KernelDied",
    "protocol": "ProtocolError",
}
NOT_RUN = "NotRun"
# Messages that mean something to a notebook. Others could bring what they like into the log by their name.
_OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data", "error")
_OTHERS = ("status", "execute_input", "clear_output", "comm_open", "comm_msg", "comm_close")
STOPPED = frozenset([*ERRORS.values(), NOT_RUN])


class PromptClient(AsyncKernelClient):
    """A client that is ready when a request has been answered on both channels, without a pause to make sure."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel.

        Raises
        ------
        RuntimeError
            If it died, or did not answer in time.
        """
        end = time.monotonic() + (timeout or 60)
        while time.monotonic() < end and await self._async_is_alive():
            request = self.kernel_info()
            with contextlib.suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=1)
                while True:  # until the subscription has reached the kernel, its messages are lost: then ask again
                    message = await self.iopub_channel.get_msg(timeout=0.2)
                    if message["parent_header"].get("msg_id") == request and message["msg_type"] == "status":
                        self._handle_kernel_info_reply(reply)
                        return
        raise RuntimeError("The kernel died, or did not answer, before any cell was run")


class SandboxedExecute(Execute):
    """Runs a notebook in a box, whatever provisioner the kernelspec or the environment names.

    The record of the run is left in ``nb.metadata["grading"]``: ``sandbox``, ``stopped`` (with ``reason``, ``message``
    and the index of the ``cell`` that ran, or None), ``timeouts`` (indices of cells that were interrupted), ``files``,
    ``cpu_seconds``, ``wall_seconds``, ``memory_peak``.
    """

    max_output = Integer(2_000_000, help="Characters of output kept of a cell; at more it is interrupted.").tag(
        config=True
    )
    iopub_timeout = Integer(
        10, help="Seconds in which an interrupted cell has to stop before the kernel is killed."
    ).tag(config=True)
    patience = Integer(
        4,
        help="A cell is interrupted after `timeout` seconds of processor time, or this many times that on the clock.",
    ).tag(config=True)
    shutdown_kernel = Enum(["graceful", "immediate"], "immediate", help=Execute.shutdown_kernel.help).tag(config=True)
    skip_cells_with_tag = Unicode()
    stopped: Stopped | None = None

    @default("skip_cells_with_tag")
    def _no_tag_skips_a_cell(self) -> str:
        return secrets.token_hex()

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Make a kernel manager whose kernel runs in a box."""
        manager = super().create_kernel_manager()
        manager.kernel_id = str(uuid.uuid4())
        manager.provisioner = SandboxProvisioner(
            kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
        )
        manager.client_factory = PromptClient
        self._provisioner = manager.provisioner
        # No front end, so no Output widget that would take output away from the cell that made it.
        self.widget_registry: dict[str, dict[str, Any]] = {}
        return manager

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: AsyncKernelManager | None = None
    ) -> tuple[NotebookNode, Any]:
        """Run every cell that can be run; the others get an error that says why not."""
        nb.metadata.pop("grading", None)
        self.stopped = None
        self._at, self._timeouts = 0, list[int]()
        nb, resources = super().preprocess(nb, resources, km)
        _make_valid(nb)
        nb.metadata["grading"] = {
            **self._provisioner.record,
            "stopped": {**vars(self.stopped), "cell": self._at} if self.stopped else None,
            "timeouts": self._timeouts,
        }
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run one cell, if the kernel can still run any."""
        if cell.cell_type != "code":
            return cell, resources
        cell.outputs, cell.execution_count = [], None
        if self.stopped:
            cell.outputs.append(_error(NOT_RUN, f"Not run: {self.stopped.message}"))
            return cell, resources
        self._at, self._characters = index, 0
        if guard := self._provisioner.guard:
            self._cpu, self._wall = guard.cpu, guard.wall
        try:
            super().preprocess_cell(cell, resources, index)
        except Exception as error:
            self.stopped = self._explain(error)
            self.log.warning("Cell %d: %s", index, self.stopped.message)
            cell.outputs.append(_error(ERRORS[self.stopped.reason], self.stopped.message))
        else:
            if self._characters > self.max_output:
                why = f"The cell was interrupted: it wrote more than {self.max_output} characters."
                cell.outputs.append(_error("OutputLimit", why))
        return cell, resources

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep the first of a cell's output, and interrupt a cell that does not stop printing."""
        if msg["msg_type"] not in _OUTPUTS and msg["msg_type"] not in _OTHERS:
            return None
        if msg["msg_type"] in _OUTPUTS:
            allowed = self._characters <= self.max_output
            self._characters += len(json.dumps(msg["content"]))
            if self._characters > self.max_output:
                if allowed:
                    self._interruption = asyncio.ensure_future(self.km.interrupt_kernel())
                return None
        return super().process_message(msg, cell, cell_index)

    async def _async_poll_kernel_alive(self) -> None:
        while self.km and await self.km.is_alive():
            await asyncio.sleep(0.05)
        self.task_poll_for_reply.cancel()

    async def _async_poll_for_reply(self, msg_id: str, *arguments: Any) -> dict[str, Any]:
        self._request = msg_id
        return await super()._async_poll_for_reply(msg_id, *arguments)

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> dict[str, Any] | None:
        """Interrupt the cell, unless it is only slow because its neighbours keep the processor busy."""
        guard = self._provisioner.guard
        while guard and guard.cpu - self._cpu < timeout and guard.wall - self._wall < self.patience * timeout:
            with contextlib.suppress(Empty):
                reply = await self.kc.shell_channel.get_msg(timeout=0.2)
                if reply["parent_header"].get("msg_id") == self._request:
                    return reply
            if not await self.km.is_alive():
                raise DeadKernelError("Kernel died")
        self._timeouts.append(self._at)
        return await super()._async_handle_timeout(timeout, cell)

    def _explain(self, error: Exception) -> Stopped:
        """Say why the kernel is of no more use."""
        if self._provisioner.stopped:
            return self._provisioner.stopped
        if isinstance(error, DeadKernelError):
            return Stopped("died", "The kernel died: the code ended or crashed it.")
        if isinstance(error, CellTimeoutError):
            return Stopped("interrupt", "The kernel was killed: a cell ran too long and did not stop when interrupted.")
        return Stopped("protocol", f"The kernel sent something that is no Jupyter message ({type(error).__name__}).")


def _error(ename: str, evalue: str) -> NotebookNode:
    return new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])


def _make_valid(nb: NotebookNode) -> None:
    """Replace outputs that no notebook can hold, and characters that no file can."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [_valid(output) for output in cell.outputs]
            if not isinstance(cell.execution_count, int | None):
                cell.execution_count = None
    if "widgets" in nb.metadata:
        widgets = nb.metadata.pop("widgets")
        if _is_shallow(widgets):
            nb.metadata.widgets = _encodable(widgets)


def _valid(output: NotebookNode) -> NotebookNode:
    try:
        if not _is_shallow(output):
            raise nbformat.ValidationError("nested too deeply")
        output = _encodable(output)
        # The makers of nbformat.v4 would validate each piece, slowly, before the whole.
        cell: dict[str, Any] = {"id": "it", "cell_type": "code", "source": "", "metadata": {}, "execution_count": None}
        cell["outputs"] = [output]
        nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    except nbformat.ValidationError as error:
        return _error(
            "ProtocolError", f"The cell's output was nothing that a notebook can hold ({type(error).__name__})."
        )
    return output


def _is_shallow(value: Any, levels: int = 60) -> bool:
    """Say whether nothing is nested so deeply that writing it would exhaust the stack."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(item, levels - 1) for item in inner)


def _encodable(value: Any) -> Any:
    """Replace lone surrogates, which Python can hold and UTF-8 cannot."""
    return nbformat.from_dict(json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")))
