"""Many cores, many machines: what dies in the middle costs nothing, and the gradebook is that of a quiet serial run."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp

from guarantees.grading.batch import _run
from guarantees.grading.cli import main
from guarantees.grading.cluster import _Cluster
from guarantees.grading.job import Job, Prepared
from guarantees.grading.report import Outcome, State
from tests.grading.course import HONEST, IN_KERNEL, WRONG, Course, answered, source

pytestmark = pytest.mark.timeout(600)
# Runs for ever, until the student hands in a file with this name as well.
GO = "go.txt"
WAIT = f"import os\nimport time\n\nwhile not os.path.exists({GO!r}):\n    time.sleep(0.05)\n\n\n"
WAITING = HONEST | {"square": WAIT + HONEST["square"]}
WAITS, WAITS_TOO = "student-000", "student-006"
HANDED_IN = {WAITS: WAITING, "student-001": HONEST, "student-002": WRONG, "student-003": HONEST, "student-004": WRONG}
SPOILED = "student-005"
# No referee, so that a process has a box only while it grades.
QUICK = IN_KERNEL + "c.Sandbox.preload = []\n"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course.create(tmp_path_factory.mktemp("released"), source(), QUICK)


@pytest.fixture(scope="module")
def released_there(released: Course, database: Callable[..., str]) -> str:
    """A gradebook in PostgreSQL to which the assignment was released."""
    url = database()
    released.nbgrader("generate_assignment", "ps1", "--force", f"--db={url}")
    return url


def handed_in(released: Course, folder: Path) -> Course:
    """A course of its own, with the class's work and an empty gradebook in SQLite."""
    course = Course(folder)
    for name in ("nbgrader_config.py", "gradebook.db", "source", "release"):
        subprocess.run(["cp", "-r", released.folder / name, folder], check=True)
    for student, answers in HANDED_IN.items():
        course.hand_in(student, answered(released.release, answers))
    course.hand_in(SPOILED, b"{")
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(tmp_path)
    return handed_in(released, tmp_path)


def let_go(course: Course, student: str = WAITS) -> None:
    (course.submitted(student) / GO).touch()


def grade(*options: str) -> None:
    """What the command does to the course in this folder, without the time that it takes to start."""
    number = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit, match="1"):  # one submission is spoiled
        main(["grade", "ps1", "--workers", "1", *options])
    signal.signal(signal.SIGTERM, number)
    AutogradeApp.clear_instance()


def rows(url: str) -> list[str]:
    """All that the gradebook says of the class."""
    with Gradebook(url, "tiny") as gradebook:
        submissions = gradebook.assignment_submissions("ps1")
        grades = [
            (work.student_id, grade.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for work in submissions for notebook in work.notebooks for grade in notebook.grades
        ]  # fmt: skip
        comments = [
            (work.student_id, comment.name, comment.auto_comment)
            for work in submissions for notebook in work.notebooks for comment in notebook.comments
        ]  # fmt: skip
    return sorted(map(str, grades + comments))


def sqlite(course: Course) -> str:
    return f"sqlite:///{course.folder / 'gradebook.db'}"


@pytest.fixture(scope="module")
def undisturbed(released: Course, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The gradebook after a serial run that nothing befalls."""
    course = handed_in(released, tmp_path_factory.mktemp("undisturbed"))
    course.hand_in(WAITS_TOO, answered(released.release, WAITING))
    for student in (WAITS, WAITS_TOO):
        let_go(course, student)
    with contextlib.chdir(course.folder):
        grade()
    return rows(sqlite(course))


def without(student: str, known: list[str]) -> list[str]:
    return [row for row in known if student not in row]


@contextlib.contextmanager
def running(*command: object, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that is killed at the end, if it lives then."""
    with subprocess.Popen(
        list(map(str, command)), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def grading(course: Course, *options: str) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    return running(sys.executable, "-m", "guarantees.grading", "grade", "ps1", *options, folder=course.folder)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str], list[subprocess.Popen[str]]]]:
    """A scheduler on loopback and two workers, each a process as on a machine of its own."""
    dask = [sys.executable, "-m", "dask"]
    options = ["--no-dashboard", "--local-directory", folder]
    with contextlib.ExitStack() as stack:
        scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        process = stack.enter_context(running(*scheduler, folder=folder))
        assert process.stderr
        address = next(line.split()[-1] for line in process.stderr if "Scheduler at:" in line)
        worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", *options]
        yield address, process, [stack.enter_context(running(*worker, folder=folder)) for _ in range(2)]


def below(process: subprocess.Popen[str], sign: str) -> list[psutil.Process]:
    """Processes below a process whose command has a certain word, without those that one of them has forked."""
    found = {}
    for member in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if member.status() != psutil.STATUS_ZOMBIE and sign in [member.name(), *member.cmdline()]:
                found[member.pid] = member.ppid(), member
    return [member for parent, member in found.values() if parent not in found]


def until_one_waits(
    run: subprocess.Popen[str], others: int, *processes: subprocess.Popen[str]
) -> subprocess.Popen[str]:
    """Wait until all others are done, and give the process in whose box the one that waits is."""
    assert run.stderr
    said = [run.stderr.readline() for _ in range(others)]
    assert all(said), said
    while True:
        assert run.poll() is None
        for process in processes:
            if process.poll() is None and below(process, "bwrap"):
                return process
        time.sleep(0.02)


def end(*processes: subprocess.Popen[str], number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal, and hold that nothing which they started lives on."""
    families = [psutil.Process(process.pid).children(recursive=True) for process in processes]
    for process in processes:
        process.send_signal(number)
    for process in processes:
        process.wait(60)
    assert not psutil.wait_procs([member for family in families for member in family], timeout=60)[1]


def outcomes(course: Course) -> dict[str, dict[str, object]]:
    """The last report: one outcome for each student."""
    found = json.loads((course.folder / "reports" / "ps1.json").read_text())["outcomes"]
    assert len({outcome["student"] for outcome in found}) == len(found)
    return {outcome["student"]: outcome for outcome in found}


def graded_now(course: Course) -> set[str]:
    """Whom the last run has graded, and not an earlier one."""
    return {student for student, outcome in outcomes(course).items() if outcome["why"]}


def test_dead_worker_costs_nothing_and_a_scheduler_may_go_away(
    course: Course, released_there: str, database: Callable[..., str], undisturbed: list[str]
) -> None:
    url = database(released_there)
    with cluster(course.folder) as (address, scheduler, workers):
        with grading(course, "--scheduler", address, "--db", url) as run:
            unlucky = until_one_waits(run, 5, *workers)
            let_go(course)
            end(unlucky)
            assert run.wait() == 1, run.stderr.read()
        assert graded_now(course) == HANDED_IN.keys()
        assert rows(url) == without(WAITS_TOO, undisturbed)
        course.hand_in(WAITS_TOO, answered(course.release, WAITING))
        with grading(course, "--scheduler", address, "--db", url) as run:
            until_one_waits(run, 6, *workers)
            end(scheduler)
            assert run.wait() == 1
            assert "went away after 6 of 7. The same command goes on from here." in run.stderr.read()
        assert graded_now(course) == set()
        assert "student-" not in scheduler.stderr.read()
        end(*(worker for worker in workers if worker is not unlucky))
    let_go(course, WAITS_TOO)
    grade("--db", url)
    assert outcomes(course)[WAITS_TOO]["why"] == "an earlier run was cut short"
    assert graded_now(course) == {WAITS_TOO}
    assert rows(url) == undisturbed


def test_command_goes_on_where_it_was_interrupted_or_killed(course: Course, undisturbed: list[str]) -> None:
    with grading(course, "--workers", "2") as run:
        until_one_waits(run, 5, run)
        (nursery,) = below(run, "nursery")
        assert nursery.nice() >= 10
        end(run, number=signal.SIGINT)
        assert run.returncode == 1
        assert "Stopped after 5 of 6. The same command goes on from here." in run.stderr.read()
    assert graded_now(course) == HANDED_IN.keys() - {WAITS}
    with grading(course, "--workers", "2") as run:
        until_one_waits(run, 5, run)
        end(run)
    let_go(course)
    grade()
    assert outcomes(course).keys() == {*HANDED_IN, SPOILED}
    assert graded_now(course) == {WAITS}
    assert rows(sqlite(course)) == without(WAITS_TOO, undisturbed)


def test_stop_is_heeded_whatever_the_work_is_in_the_midst_of() -> None:
    """An exception within ``__del__`` or a weakref's callback goes nowhere."""
    number, over = signal.getsignal(signal.SIGTERM), threading.Event()

    class Vanishing:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

    def task(student: str) -> Outcome:
        Vanishing()
        over.wait(10)
        return Outcome(student, State.READY)

    with pytest.raises(SystemExit, match="Stopped after 0 of 1"):
        _run(Job(Path(), "ps1"), task, lambda: Prepared(["student-001"], Path()), 1, None, lambda _: None)
    over.set()
    signal.signal(signal.SIGTERM, number)


def test_no_future_ends_in_the_thread_that_heeds_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    released_in = []

    class Future:
        def cancelled(self) -> bool:
            return False

        def exception(self) -> None:
            return None

        def result(self) -> Outcome:
            return Outcome("student-001", State.READY)

        def release(self) -> None:
            released_in.append(threading.current_thread())

    class Client:
        def submit(self, *_: object, **__: object) -> Future:
            return Future()

    monkeypatch.setattr("guarantees.grading.cluster.as_completed", list)
    cluster = _Cluster(Client())  # type: ignore[arg-type]
    students = ["student-001", "student-002"]
    assert [outcome.state for outcome in cluster.go_through(lambda _: NotImplemented, students)] == [State.READY] * 2
    assert released_in
    assert threading.main_thread() not in released_in


def test_scheduler_that_does_not_answer_is_refused(
    course: Course, released_there: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("guarantees.grading.cluster._PATIENCE", 0.5)
    with pytest.raises(SystemExit, match="2"):
        main(["grade", "ps1", "--scheduler", "tcp://127.0.0.1:1", "--db", released_there])
    AutogradeApp.clear_instance()
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err
    assert not (course.folder / "reports").exists()


def test_setting_of_the_sandbox_that_means_nothing_is_refused(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    with (course.folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Sandbox.limits = {'cpus': 1}\n")
    with pytest.raises(SystemExit, match="2"):
        main(["grade", "ps1", "--workers", "1"])
    AutogradeApp.clear_instance()
    assert "Sandbox.limits has no 'cpus'; it may have cpu, wall," in capsys.readouterr().err
    assert not (course.folder / "autograded").exists()


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_memory_does_not_grow_with_the_class(tmp_path: Path) -> None:
    """Fifty times the class in at most a fifth more memory; every score is the expected one, or the benchmark fails."""
    results = tmp_path / "grading.json"
    command = [sys.executable, "-m", "benchmarks.grading", "--growth", "40", "--growth", "2000", "--results", results]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True)
    small, large = json.loads(results.read_text())["growth"]["classes"]
    assert (small["submissions"], large["submissions"]) == (40, 2000)
    assert large["memory"] < 1.2 * small["memory"]
