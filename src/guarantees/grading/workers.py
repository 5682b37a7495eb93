"""Where this machine's workers and kernels come from: processes that import all they need while the command starts."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing import forkserver

from traitlets.config.loader import PyFileConfigLoader

from guarantees.grading.box import python_of
from guarantees.grading.nursery import USUAL, Nursery, nurseries

NICE = 10  # the desktop, the browser and the formgrader come first
_beginning: list[threading.Thread] = []


def import_ahead() -> None:
    """Start the process that workers are forked from, if it does not run; Dask would import its own libraries alone."""
    forkserver.set_forkserver_preload(["guarantees.grading.ahead"])
    forkserver.ensure_running()


def begin_nursery() -> None:
    """Start the process that kernels are forked from, with what the settings of this folder's course name.

    That is a guess: nbgrader has more places for settings. If it is wrong, another one is started when it is needed.
    """

    def begin() -> None:
        with contextlib.suppress(Exception):  # what is wrong will be said then, too
            settings = PyFileConfigLoader("nbgrader_config.py", os.getcwd()).load_config()
            python = python_of(sys.executable)
            key = python.executable, python.search_path, tuple(settings.Sandbox.get("preload", USUAL))
            nurseries[key] = Nursery.begin(*key)

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
