"""Where the time of grading goes: one process, serial, every part of it with a stopwatch.

A part that runs within another is taken out of the other, so that the parts add up to the whole.
"""

import ctypes
import functools
import json
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

# Part, and the functions that do it, by their place.
PARTS = {
    "taking submissions in": ["guarantees.grading.run:take_in", "guarantees.grading.exporter:write_copy"],
    "kernel: start": [
        "nbclient.client:NotebookClient.start_new_kernel",
        "nbclient.client:NotebookClient.start_new_kernel_client",
        "guarantees.grading.sandbox:Sandbox.start",
    ],
    "kernel: cells": [
        "nbclient.client:NotebookClient.execute_cell",
        "guarantees.grading.execute:SandboxedExecute.perform",
    ],
    "kernel: watching the tests": [
        "guarantees.grading.watch:Watched._ask",
        "guarantees.grading.watch:Watched._canary",
        "guarantees.grading.watch:Watched._install",
    ],
    "referee": [
        "guarantees.grading.exporter:plans",
        "guarantees.grading.watch:Watched._judge",
    ],
    "kernel: end": ["nbclient.client:NotebookClient._cleanup_kernel", "guarantees.grading.sandbox:Kernel.close"],
    "gradebook": [
        "nbgrader.api:Gradebook.__init__",
        "nbgrader.api:Gradebook.close",
        "sqlalchemy.orm:Query.all",
        "sqlalchemy.orm:Query.one",
        "sqlalchemy.orm:Session._execute_internal",
        "sqlalchemy.orm:Session.commit",
        "sqlalchemy.orm:Session.flush",
    ],
    "reading and writing notebooks": ["nbformat:read", "nbformat:reads", "nbformat:write", "nbformat:writes"],
    "checking notebooks": ["nbformat:validate"],
    "outcome for the report": ["guarantees.grading.run:_outcome"],
}
START, REST, KERNELS = "start", "nbgrader and nbconvert", "the kernels' own processes"


class Stopwatch:
    """Seconds and seconds of processor time of each part; one part at a time runs."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._running = [REST]
        self._since = time.perf_counter(), time.process_time()

    def switch(self) -> None:
        """Book the time since the last switch on the part that runs."""
        now = time.perf_counter(), time.process_time()
        spent = self.spent[self._running[-1]]
        spent[0] += now[0] - self._since[0]
        spent[1] += now[1] - self._since[1]
        self._since = now

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Book what a function takes on a part."""

        @functools.wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            self.switch()
            self._running.append(part)
            try:
                return function(*arguments, **options)
            finally:
                self.switch()
                self._running.pop()

        return timed

    def install(self) -> None:
        """Put a stopwatch on every part."""
        for part, places in PARTS.items():
            for place in places:
                module, _, name = place.partition(":")
                owner: Any = import_module(module)
                *classes, attribute = name.split(".")
                for each in classes:
                    owner = getattr(owner, each)
                setattr(owner, attribute, self.around(part, getattr(owner, attribute)))


def measure(course: Path, assignment: str) -> dict[str, Any]:
    """Grade all submissions in a process of its own; milliseconds per submission and part."""
    command = [sys.executable, "-m", __name__, assignment]
    root = Path(__file__).parents[1]
    done = subprocess.run(
        command, cwd=course, env={**os.environ, "PYTHONPATH": f"{root}:{root / 'src'}"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(assignment: str) -> None:
    """Grade the course in this folder, and print where the time went."""
    from guarantees.grading import EXPORTER
    from guarantees.grading.job import Job
    from guarantees.grading.run import students

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    job = Job(Path.cwd(), assignment)
    app = job.open()
    everyone = students(app.coursedir, "submitted")
    began = psutil.Process().create_time()
    stopwatch = Stopwatch()
    stopwatch.install()
    start = [time.time() - began, time.process_time()]
    if app.config.Autograde.get("exporter_class") == EXPORTER:
        for student in everyone:
            job.grade(student)
    else:
        app.start()
    stopwatch.switch()
    # What is kept for the next submission: it would wait for ever, and its time counts only once it has ended.
    while children := psutil.Process().children():
        for child in children:
            child.kill()
        os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = {START: start, **stopwatch.spent, KERNELS: [0.0, used.ru_utime + used.ru_stime]}
    parts = [part for part in (START, *PARTS, REST, KERNELS) if part in spent]
    each = {part: dict(zip(("ms", "cpu_ms"), spent[part], strict=True)) for part in parts}
    print(
        json.dumps(
            {
                part: {unit: round(1000 * value / len(everyone), 1) for unit, value in both.items()}
                for part, both in each.items()
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
