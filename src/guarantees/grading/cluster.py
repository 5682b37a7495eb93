"""Submissions spread over processes: a Dask cluster of this machine's own, or one that is already there."""

import contextlib
import gc
import logging
import os
import queue
import signal
import tempfile
import threading
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dask
from distributed import Client, LocalCluster, Security, Worker, WorkerPlugin, as_completed

from guarantees.grading.job import Prepared
from guarantees.grading.nursery import Nurseries, nurseries
from guarantees.grading.report import Outcome, State, describe
from guarantees.grading.workers import NICE, gently, import_ahead, settle

_PATIENCE = 10  # seconds for a scheduler to answer
_AT_FIRST = 2  # workers before it is known how many are of use
_one_at_a_time = threading.Lock()  # nbgrader changes the folder and the environment of its process


class NoScheduler(ConnectionError):
    """The cluster cannot be reached."""


class SchedulerGone(ConnectionError):
    """The cluster can no longer be reached."""


def _alone(task: Callable[..., Any], *arguments: object) -> Any:
    with _one_at_a_time:
        return task(*arguments)


class _Neighbourly(WorkerPlugin):
    """Makes a worker of our own leave Ctrl-C to the command, let others go first, and keep what it writes in one place.

    Parameters
    ----------
    scratch : str
        A folder that the command removes, also after a worker that was killed.
    nurseries : dict
        Those of the command.
    """

    def __init__(self, scratch: str, nurseries: Nurseries) -> None:
        self.scratch, self.nurseries = scratch, nurseries

    def setup(self, worker: Worker) -> None:
        """Take its effect in a worker, also in one that takes the place of another."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.nice(NICE)
        tempfile.tempdir = self.scratch
        nurseries.update(self.nurseries)
        gc.freeze()  # what it has imported stays in memory that it shares, and is not gone through again and again
        gc.enable()


class Workers(ABC):
    """Those who do a command's work."""

    @abstractmethod
    def prepare(self, task: Callable[[], Prepared]) -> Prepared:
        """Do what has to be done first."""

    @abstractmethod
    def go_through(self, task: Callable[[str], Outcome], students: Sequence[str]) -> Iterator[Outcome]:
        """Do a task for each student and give the outcomes as they come."""


def _from_a_thread(outcomes: Iterator[Outcome], number: int) -> Iterator[Outcome]:
    """Give outcomes as they come, while another thread goes through them.

    What a signal raises is lost if it comes in the midst of a library's ``__del__`` or weakref callback, so the main
    thread only waits. It does not wait for a submission that never ends.
    """
    come: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            for outcome in outcomes:
                come.put(outcome)
        except BaseException as error:
            come.put(error)

    gently(work)
    for _ in range(number):
        outcome = come.get()
        if isinstance(outcome, BaseException):
            raise outcome
        yield outcome


class _Thread(Workers):
    """A thread of this process."""

    def prepare(self, task: Callable[[], Prepared]) -> Prepared:
        settle()
        return task()

    def go_through(self, task: Callable[[str], Outcome], students: Sequence[str]) -> Iterator[Outcome]:
        def outcomes() -> Iterator[Outcome]:
            for student in students:
                try:
                    outcome = task(student)
                except BaseException as error:
                    outcome = Outcome(student, State.FAILED, because=describe(error))
                yield outcome

        return _from_a_thread(outcomes(), len(students))


class _Cluster(Workers):
    """Those of a Dask cluster.

    A worker that dies costs nothing: what it had begun is done again by another, and its half is cleared away. What
    kills three workers is a failed outcome.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def prepare(self, task: Callable[[], Prepared]) -> Prepared:
        return task()

    def go_through(self, task: Callable[[str], Outcome], students: Sequence[str]) -> Iterator[Outcome]:
        return _from_a_thread(self._outcomes(task, students), len(students))

    def _outcomes(self, task: Callable[[str], Outcome], students: Sequence[str]) -> Iterator[Outcome]:
        # The number and not the student's id goes into the keys, which Dask logs.
        run = uuid.uuid4().hex
        futures = {
            self._client.submit(_alone, task, student, key=f"{run}-{number}", pure=False): student
            for number, student in enumerate(students)
        }
        for future in as_completed(futures):
            student = futures.pop(future)
            if future.cancelled():
                raise SchedulerGone("The Dask scheduler went away")
            error = future.exception()
            yield Outcome(student, State.FAILED, because=describe(error)) if error else future.result()
            future.release()


class _OwnCluster(_Cluster):
    """Processes of this machine: two at first, of which one prepares the work, and as many as are of use for it."""

    def __init__(self, client: Client, cluster: LocalCluster, most: int) -> None:
        super().__init__(client)
        self._cluster, self._most = cluster, most

    def prepare(self, task: Callable[[], Prepared]) -> Prepared:
        prepared: Prepared = self._client.submit(_alone, task, key=uuid.uuid4().hex, pure=False).result()
        if (useful := min(self._most, len(prepared.students))) > _AT_FIRST:
            self._cluster.scale(useful)
            self._client.wait_for_workers(useful)
        return prepared


@contextlib.contextmanager
def _own_cluster(most: int) -> Iterator[Workers]:
    """Start processes on this machine; only we can talk to them."""
    import_ahead()
    security = Security.temporary()
    settle()
    with (
        tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as scratch,
        dask.config.set(
            {  # what only Dask's dashboard would show is not measured, or seldom
                "distributed.worker.multiprocessing-method": "forkserver",
                "distributed.worker.profile.enabled": False,
                "distributed.admin.tick.interval": "1s",
                "distributed.admin.system-monitor.interval": "5s",
                "distributed.scheduler.http.routes": [],
                "distributed.worker.http.routes": [],
            }
        ),
        LocalCluster(
            n_workers=min(most, _AT_FIRST),
            threads_per_worker=1,
            host="127.0.0.1",
            memory_limit=0,
            dashboard_address=":0",
            local_directory=scratch,
            security=security,
            silence_logs=logging.CRITICAL,
            plugins=(_Neighbourly(scratch, nurseries),),
        ) as cluster,
        Client(cluster) as client,
    ):
        yield _OwnCluster(client, cluster, most)


@contextlib.contextmanager
def _their_cluster(address: str) -> Iterator[Workers]:
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise NoScheduler(f"No Dask scheduler answers at {address}: {describe(error)}") from None
    with client:
        yield _Cluster(client)


def workers(most: int, scheduler: str | None = None) -> contextlib.AbstractContextManager[Workers]:
    """Get those who do a command's work.

    Parameters
    ----------
    most : int
        Processes on this machine; at 1 it is a thread of this one.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do it instead.

    Raises
    ------
    NoScheduler
        If the scheduler does not answer, when the work begins.
    """
    if scheduler:
        return _their_cluster(scheduler)
    return _own_cluster(most) if most > 1 else contextlib.nullcontext(_Thread())
