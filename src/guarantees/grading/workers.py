"""Where this machine's workers and kernels come from: processes that import all they need while the command starts."""

import os
import sys
import threading
from collections.abc import Callable
from multiprocessing import forkserver

from guarantees.grading.box import SandboxUnavailable, python_of
from guarantees.grading.nursery import Nursery, nurseries

NICE = 10  # the desktop, the browser and the formgrader come first
# Besides what leads to the others: what nbgrader knows by name, and what kernelspecs and the gradebook need.
_IMPORTED = [
    "guarantees.grading.cluster", "guarantees.grading.run", "guarantees.grading.watch", "guarantees.grading.scores",
    "ipykernel.kernelspec", "sqlalchemy.dialects.sqlite",
]  # fmt: skip
_beginning: list[threading.Thread] = []


def import_ahead() -> None:
    """Start the process that workers are forked from, if it does not run; Dask would import its own libraries alone."""
    forkserver.set_forkserver_preload(_IMPORTED)
    forkserver.ensure_running()


def begin_nursery() -> None:
    """Start the process that kernels are forked from, before it is known what a course wants it to import."""

    def begin() -> None:
        try:
            python = python_of(sys.executable)
        except SandboxUnavailable:  # it will be said when a kernel is needed
            return
        nurseries[python.executable, python.search_path, None] = Nursery.begin(python.executable, python.search_path)

    _beginning.append(gently(begin))


def settle() -> None:
    """Wait until what was begun can be handed on."""
    while _beginning:
        _beginning.pop().join()


def gently(work: Callable[[], object]) -> threading.Thread:
    """Start some work apart from the main thread, which stays free to heed a signal, and let others go first."""

    def run() -> None:
        os.nice(NICE)  # of this thread, and of the processes that it starts
        work()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
