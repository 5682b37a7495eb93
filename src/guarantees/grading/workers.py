"""Where this machine's workers come from: forked from a process that has imported all they need, they start at once."""

from multiprocessing import forkserver

# Besides what leads to the others: what nbgrader knows by name, and what kernelspecs and the gradebook need.
_IMPORTED = [
    "guarantees.grading.cluster", "guarantees.grading.watch", "guarantees.grading.scores",
    "ipykernel.kernelspec", "sqlalchemy.dialects.sqlite",
]  # fmt: skip


def import_ahead() -> None:
    """Start that process, if it does not run; Dask would have it import its own libraries alone."""
    forkserver.set_forkserver_preload(_IMPORTED)
    forkserver.ensure_running()
