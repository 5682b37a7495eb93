"""Submissions spread over processes: a Dask cluster of this machine's own, or one that is already there."""

import contextlib
import functools
import gc
import logging
import os
import queue
import signal
import tempfile
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import dask
from distributed import Client, LocalCluster, Security, Worker, WorkerPlugin, as_completed
from nbgrader.apps import AutogradeApp
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning

from guarantees.grading.nursery import Nurseries, nurseries
from guarantees.grading.release import Release
from guarantees.grading.report import Outcome, State
from guarantees.grading.run import describe, give_feedback, grade_submission, open_course
from guarantees.grading.workers import import_ahead

_PATIENCE = 10  # seconds for a scheduler to answer
_NICE = 10  # the desktop, the browser and the formgrader come first
_one_at_a_time = threading.Lock()  # nbgrader changes the folder and the environment of its process


class NoScheduler(ConnectionError):
    """The cluster cannot be reached."""


class SchedulerGone(ConnectionError):
    """The cluster can no longer be reached."""


@dataclass(frozen=True)
class Job:
    """What a process has to know to grade any submission of an assignment.

    Attributes
    ----------
    course : Path
        The course's folder, the same on every machine.
    assignment : str
    db : str, optional
        URL of the gradebook, if it is not the one that the course's configuration names.
    unsandboxed, force : bool
        As the commands' options.
    id : str
        Of this run of the command: a process reads configuration and release once for each.
    """

    course: Path
    assignment: str
    db: str | None = None
    unsandboxed: bool = False
    force: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def open(self) -> AutogradeApp:
        """Set nbgrader up for the job in this process."""
        os.chdir(self.course)
        # nbgrader's own way with its database, which nobody who grades can change.
        warnings.simplefilter("ignore", SAWarning)
        app = open_course(self.assignment)
        app.coursedir.db_url = app.config.CourseDirectory.db_url = patient(self.db or app.coursedir.db_url)
        if self.unsandboxed:
            app.config.Sandbox.unsandboxed = True
        return app

    def grade(self, student: str) -> Outcome:
        """Grade one submission in this process."""
        app, release = _opened(self)
        return grade_submission(app, student, release, self.force)

    def feedback(self, student: str) -> Outcome:
        """Write the feedback of one submission in this process."""
        return give_feedback(_opened(self)[0], student)


def patient(db_url: str) -> str:
    """Have a writer to SQLite wait a minute for the others, not five seconds, if the course does not say how long."""
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database or "timeout" in url.query:
        return db_url
    return url.update_query_dict({"timeout": "60"}).render_as_string(hide_password=False)


@functools.lru_cache(maxsize=1)
def _opened(job: Job) -> tuple[AutogradeApp, Release]:
    app = job.open()
    return app, Release.load(app.coursedir, job.assignment)


def _alone(task: Callable[[str], Outcome], student: str) -> Outcome:
    with _one_at_a_time:
        return task(student)


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
        os.nice(_NICE)
        tempfile.tempdir = self.scratch
        nurseries.update(self.nurseries)
        gc.freeze()  # what it has imported stays in memory that it shares, and is not gone through again and again


def _gently(work: Callable[[], object]) -> threading.Thread:
    """Start some work apart from the main thread, which stays free to heed a signal, and let others go first."""

    def run() -> None:
        os.nice(_NICE)  # of this thread, and of the processes that it starts
        work()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@contextlib.contextmanager
def _own_cluster(workers: int, ahead: Callable[[], object]) -> Iterator[Client]:
    """Start a process per worker on this machine; only we can talk to them."""
    preparing = _gently(ahead)
    import_ahead()
    security = Security.temporary()
    preparing.join()
    with (
        tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as scratch,
        dask.config.set(
            {
                "distributed.worker.multiprocessing-method": "forkserver",
                "distributed.worker.profile.enabled": False,
                "distributed.scheduler.http.routes": [],
                "distributed.worker.http.routes": [],
            }
        ),
        LocalCluster(
            n_workers=workers,
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
        yield client


@contextlib.contextmanager
def _their_cluster(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise NoScheduler(f"No Dask scheduler answers at {address}: {describe(error)}") from None
    with client:
        yield client


def _in_a_thread(task: Callable[[str], Outcome], students: Sequence[str]) -> Iterator[Outcome]:
    """Do a task in this process.

    What a signal raises is lost if it comes in the midst of a library's ``__del__`` or weakref callback, so the main
    thread only waits. It does not wait for a submission that never ends.
    """
    outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    def work() -> None:
        for student in students:
            try:
                outcomes.put(task(student))
            except BaseException as error:
                outcomes.put(Outcome(student, State.FAILED, because=describe(error)))

    _gently(work)
    for _ in students:
        yield outcomes.get()


def spread(
    task: Callable[[str], Outcome],
    students: Sequence[str],
    workers: int,
    scheduler: str | None = None,
    ahead: Callable[[], object] = lambda: None,
) -> Iterator[Outcome]:
    """Do a task for each student and give the outcomes as they come.

    A worker that dies costs nothing: what it had begun is done again by another, and its half is cleared away. What
    kills three workers is a failed outcome.

    Parameters
    ----------
    task : callable
        A method of a :class:`Job`.
    students : sequence of str
    workers : int
        Processes on this machine; at 1 it is a thread of this one.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do it instead.
    ahead : callable
        Prepares this process for what it hands on to others on this machine.

    Raises
    ------
    NoScheduler
        If the scheduler does not answer.
    SchedulerGone
        If it stops to.
    """
    if workers == 1 and not scheduler:
        yield from _in_a_thread(task, students)
        return
    with _their_cluster(scheduler) if scheduler else _own_cluster(workers, ahead) as client:
        # The number and not the student's id goes into the keys, which Dask logs.
        run = uuid.uuid4().hex
        futures = {
            client.submit(_alone, task, student, key=f"{run}-{number}", pure=False): student
            for number, student in enumerate(students)
        }
        for future in as_completed(futures):
            student = futures.pop(future)
            if future.cancelled():
                raise SchedulerGone("The Dask scheduler went away")
            error = future.exception()
            yield Outcome(student, State.FAILED, because=describe(error)) if error else future.result()
            future.release()
