"""nbgrader's ``Execute`` for notebooks that nobody trusts: what a kernel does is an outcome, never an engine error."""

import ast
import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Enum, Integer, Unicode, default

from guarantees.grading.guard import Stopped
from guarantees.grading.sandbox import Kernel, Message, Sandbox
from guarantees.grading.wire import Malformed

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
STOPPED = frozenset([*ERRORS.values(), NOT_RUN])
# What a message of the kernel has to hold to be an output.
_OUTPUTS = {
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "update_display_data": ("data", "metadata"),
    "error": ("ename", "evalue", "traceback"),
}
_TICK = 0.2  # seconds between looks at the time limit


class SandboxedExecute(Execute):
    """Runs a notebook in a box.

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
    kernel: Kernel | None = None

    @default("skip_cells_with_tag")
    def _no_tag_skips_a_cell(self) -> str:
        return secrets.token_hex()

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: AsyncKernelManager | None = None
    ) -> tuple[NotebookNode, Any]:
        """Run every cell that can be run; the others get an error that says why not."""
        nb.metadata.pop("grading", None)
        self.stopped = None
        self._at, self._timeouts = 0, list[int]()
        sandbox = Sandbox(parent=self)
        if sandbox.unsandboxed:
            nb, resources = super().preprocess(nb, resources, km)
            _make_valid(nb)
            record: dict[str, Any] = {"sandbox": "none"}
        else:
            record = self._run_boxed(sandbox, nb, resources or {})
        nb.metadata["grading"] = {
            **record,
            "stopped": {**vars(self.stopped), "cell": self._at} if self.stopped else None,
            "timeouts": self._timeouts,
        }
        return nb, resources

    def _run_boxed(self, sandbox: Sandbox, nb: NotebookNode, resources: dict[str, Any]) -> dict[str, Any]:
        self.nb = nb
        self._displays: dict[str, list[NotebookNode]] = {}
        name = self.kernel_name or nb.metadata.get("kernelspec", {}).get("name", "python3")
        self.kernel = sandbox.start(name, os.path.abspath(resources.get("metadata", {}).get("path") or "."))
        try:
            nb.metadata["language_info"] = self.ask({"info": True}).get("language_info", {})
            for index, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, index)
        finally:
            record, self.kernel = self.kernel.close(), None
        return {"sandbox": "bubblewrap", **record}

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run one cell, if the kernel can still run any."""
        if cell.cell_type == "code":
            self.perform(cell, index, {"code": cell.source, "store": True}, resources=resources)
        return cell, resources

    def perform(
        self,
        cell: NotebookNode,
        index: int,
        request: Mapping[str, Any],
        descriptors: Iterable[int] = (),
        resources: Any = None,
    ) -> None:
        """Have the kernel do something that is shown in a cell.

        Parameters
        ----------
        cell : NotebookNode
            Its outputs become what is shown.
        index : int
            Its place in the notebook.
        request : mapping
            See :mod:`guarantees.grading.kernel`.
        descriptors : iterable of int
            Go with the request.
        resources : mapping
            nbconvert's.
        """
        cell.outputs, cell.execution_count = [], None
        if self.stopped:
            cell.outputs.append(_error(NOT_RUN, f"Not run: {self.stopped.message}"))
            return
        self._at = index
        if self.kernel is None:
            try:
                super().preprocess_cell(cell, resources, index)
            except Exception as error:
                self.stopped = _explain(error)
        elif request.get("code", "it").strip():
            self._converse(request, cell, descriptors)
        if self.stopped:
            self.log.warning("Cell %d: %s", index, self.stopped.message)
            cell.outputs.append(_error(ERRORS[self.stopped.reason], self.stopped.message))

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Have the kernel do something that is shown nowhere.

        Returns
        -------
        dict
            What it answers; empty if it does not.
        """
        if self.stopped:
            return {}
        return self._converse(request) if self.kernel else self._ask_unboxed(request)

    def _ask_unboxed(self, request: Mapping[str, Any]) -> dict[str, Any]:
        asked = {"it": request["expression"]} if "expression" in request else {}
        how = {"silent": bool(asked), "store_history": False, "stop_on_error": False, "user_expressions": asked}
        try:
            reply = self.wait_for_reply(self.kc.execute(request.get("code", ""), **how))
        except (DeadKernelError, RuntimeError):
            return {}
        content: dict[str, Any] = (reply or {}).get("content", {})
        shown = content.get("user_expressions", {}).get("it", {}).get("data", {}).get("text/plain")
        with contextlib.suppress(ValueError, SyntaxError, TypeError):
            content["value"] = ast.literal_eval(shown)
        return content

    def _converse(
        self, request: Mapping[str, Any], cell: NotebookNode | None = None, descriptors: Iterable[int] = ()
    ) -> dict[str, Any]:
        """Send a request and heed what comes, until it is answered or the kernel is of no more use."""
        kernel = self.kernel
        assert kernel is not None
        guard, number = kernel.guard, secrets.token_hex(8)
        cpu, wall, timeout = guard.cpu, guard.wall, self._get_timeout(cell)
        self._characters, self._clear = 0, False
        slow, deadline = False, float("inf")
        try:
            kernel.ask({"id": number, **request}, descriptors, self.iopub_timeout)
            while (message := kernel.hear(_TICK)) is None or not message.answers(number):
                if message and cell:
                    self._show(cell, message)
                if deadline < float("inf"):
                    if time.monotonic() > deadline:
                        raise _Deaf
                elif (timeout and (guard.cpu - cpu >= timeout or guard.wall - wall >= self.patience * timeout)) or (
                    self._characters > self.max_output
                ):
                    slow = self._characters <= self.max_output
                    self._timeouts += [self._at] if slow else []
                    deadline = time.monotonic() + self.iopub_timeout
                    kernel.interrupt()
        except (OSError, EOFError, Malformed, _Deaf) as error:
            self.stopped = guard.stopped or _explain(error)
            kernel.end()
            return {}
        if cell:
            self._conclude(cell, message.content, slow)
        return message.content

    def _show(self, cell: NotebookNode, message: Message) -> None:
        """Keep the first of what a cell shows, in the way that a notebook does."""
        kind, content = message.kind, message.content
        self._characters += message.size
        if self._characters > self.max_output:
            return
        if kind == "clear_output":
            self._clear = bool(content.get("wait"))
            if not self._clear:
                cell.outputs = []
        if kind not in _OUTPUTS:
            return
        output = _valid(
            {"output_type": kind.removeprefix("update_"), **{part: content.get(part) for part in _OUTPUTS[kind]}}
        )
        transient = content.get("transient")
        display = transient.get("display_id") if isinstance(transient, dict) else None
        if kind == "update_display_data":
            for shown in self._displays.get(str(display), ()) if output.output_type == "display_data" else ():
                shown.data, shown.metadata = output.data, output.metadata
            return
        if self._clear:
            cell.outputs, self._clear = [], False
        if display is not None and "data" in output:
            self._displays.setdefault(str(display), []).append(output)
        last = cell.outputs[-1] if cell.outputs else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            cell.outputs.append(output)

    def _conclude(self, cell: NotebookNode, answer: Mapping[str, Any], slow: bool) -> None:
        """Add what the answer says beyond what was shown, as nbgrader does: what hides an error hides no failure."""
        count = answer.get("execution_count")
        cell.execution_count = count if type(count) is int else None
        if slow:
            answer = {"status": "error", **self.error_on_timeout}
        if answer.get("status") != "ok" and not any(
            output.output_type == "error" and output.ename == answer.get("ename") for output in cell.outputs
        ):
            said = {part: answer.get(part) for part in _OUTPUTS["error"]}
            said["traceback"] = said["traceback"] or ["ERROR: An error occurred while showtraceback was disabled"]
            cell.outputs.append(_valid({"output_type": "error", **said}))
        if self._characters > self.max_output:
            why = f"The cell was interrupted: it wrote more than {self.max_output} characters."
            cell.outputs.append(_error("OutputLimit", why))


class _Deaf(Exception):
    """The kernel does not heed an interrupt."""


def _explain(error: Exception) -> Stopped:
    """Say why the kernel is of no more use."""
    if isinstance(error, DeadKernelError | EOFError | OSError):
        return Stopped("died", "The kernel died: the code ended or crashed it.")
    if isinstance(error, _Deaf):
        return Stopped("interrupt", "The kernel was killed: a cell ran too long and did not stop when interrupted.")
    return Stopped("protocol", f"The kernel sent something that is no message ({type(error).__name__}).")


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


def _valid(output: dict[str, Any]) -> NotebookNode:
    """Make an output that a notebook can hold of what may be none."""
    try:
        if not _is_shallow(output):
            raise nbformat.ValidationError("nested too deeply")
        node = _encodable(output)
        if node.output_type == "stream" and {type(node.name), type(node.text)} == {str}:
            return node
        # The makers of nbformat.v4 would validate each piece, slowly, before the whole.
        cell: dict[str, Any] = {"id": "it", "cell_type": "code", "source": "", "metadata": {}, "execution_count": None}
        cell["outputs"] = [node]
        nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    except nbformat.ValidationError as error:
        return _error(
            "ProtocolError", f"The cell's output was nothing that a notebook can hold ({type(error).__name__})."
        )
    return node


def _is_shallow(value: Any, levels: int = 60) -> bool:
    """Say whether nothing is nested so deeply that writing it would exhaust the stack."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(item, levels - 1) for item in inner)


def _encodable(value: Any) -> Any:
    """Replace lone surrogates, which Python can hold and UTF-8 cannot."""
    return nbformat.from_dict(json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")))
