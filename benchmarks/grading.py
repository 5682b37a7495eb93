"""Grading a class: stock ``nbgrader autograde`` and ``guarantees grade`` on the same submissions, measured in one run.

Each round grades 40 submissions of a problem set with every way of grading in turn, each in a fresh copy of the course
and on two cores, and holds the scores against what the answers should earn. Time is that of the whole command from a
cold start. Processor time is what the system counted for the command and for every process that came of it; memory is
the most that they held together, shared pages counted once.

    .venv/bin/python -m benchmarks.grading
    .venv/bin/python -m benchmarks.grading --growth 40 --growth 200 --growth 2000
"""

import ctypes
import datetime
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import psutil

from benchmarks import grading_split
from tests.exercises.answers import Submission
from tests.exercises.cycle import Course
from tests.exercises.run import handed_in, outcomes
from tests.exercises.submissions import everyone, hand_in, max_points, reference

ASSIGNMENT = "ps2_comparing_features"
RESULTS = Path(__file__).parent / "results" / "grading.json"
CORES, SUBMISSIONS, ROUNDS = 2, 40, 3
NBGRADER = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--log-level=CRITICAL"]
GUARANTEES = [sys.executable, "-m", "guarantees.grading", "grade", ASSIGNMENT]
# Name, whether the course is protected, command.
WAYS = {
    "nbgrader": (False, NBGRADER),
    "nbgrader, protected": (True, NBGRADER),
    "guarantees grade": (True, GUARANTEES),
    "guarantees grade, no sandbox": (True, [*GUARANTEES, "--unsandboxed"]),
}
STOCK, OURS = "nbgrader", "guarantees grade"


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, seconds of processor time, MiB at most."""

    seconds: float
    cpu: float
    memory: float


def class_of(size: int) -> list[Submission]:
    """Mix a class from the answer bank: right, wrong, raising and missing answers, combined anew for each student."""
    bank = everyone(ASSIGNMENT)
    questions = list(reference(ASSIGNMENT).answers)
    return [
        Submission(
            f"student-{number:04}",
            {
                question: given[question]
                for place, question in enumerate(questions, start=1)
                if question in (given := bank[number * place % len(bank)].answers)
            },
        )
        for number in range(size)
    ]


def prepare(folder: Path, submissions: Sequence[Submission]) -> Course:
    """Release the problem set and hand the submissions in."""
    course = Course.copy(folder)
    course.nbgrader("generate_assignment", ASSIGNMENT)
    for submission in submissions:
        hand_in(course.folder, ASSIGNMENT, submission)
    return course


@contextmanager
def copy_of(course: Course, protected: bool) -> Iterator[Course]:
    """Copy a course, without what makes nbgrader safe if that is asked for."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        copy = Course(Path(shutil.copytree(course.folder, folder, dirs_exist_ok=True)))
        if not protected:
            settings = copy.folder / "nbgrader_config.py"
            text, found = re.subn(r"^protect\(c\)$", "", settings.read_text(encoding="utf-8"), flags=re.M)
            assert found == 1
            settings.write_text(text, encoding="utf-8")
        yield copy


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end, and every process that came of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, over = [0], threading.Event()
    watcher = threading.Thread(target=watch_memory, args=(peak, over))
    watcher.start()
    said = process.communicate()[1]
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    assert process.returncode == 0, said.decode()[-2000:]
    while psutil.Process().children():
        os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(round(seconds, 2), round(cpu, 2), round(peak[0] / 2**20))


def watch_memory(peak: list[int], over: threading.Event) -> None:
    """Look at the memory of all descendants now and then: looking takes time from what is measured."""
    while not over.wait(2):
        together = 0
        for process in psutil.Process().children(recursive=True):
            try:
                together += process.memory_full_info().pss
            except psutil.Error:  # it ended meanwhile
                continue
        peak[0] = max(peak[0], together)


def grade(course: Course, way: str, submissions: Sequence[Submission]) -> Cost:
    """Grade the class in a copy of the course, and hold the scores against what the answers should earn."""
    protected, command = WAYS[way]
    with copy_of(course, protected) as copy:
        cost = measure(command, copy.folder)
        marks = copy.marks(ASSIGNMENT)
    for submission in submissions:
        got = {name: mark.points for name, mark in marks[submission.student].items()}
        expected = {name: submission.points(name) for name in max_points(ASSIGNMENT)}
        assert got == expected, f"{way}, {submission.student}: {got} and not {expected}"
    return cost


def floor(submissions: Sequence[Submission]) -> float:
    """Seconds of processor time to run a submission's cells in a process that has imported everything."""
    notebooks = [handed_in(ASSIGNMENT, submission) for submission in submissions]
    outcomes(notebooks[0])
    start = time.process_time()
    for notebook in notebooks:
        outcomes(notebook)
    return (time.process_time() - start) / len(notebooks)


def machine() -> dict[str, Any]:
    """Size of this machine, and the versions in use."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"^model name\s*: (.*)$", info, re.M)
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": {
            "processor": name[1] if name else platform.machine(),
            "cores used": len(os.sched_getaffinity(0)),
            "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        },
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in ("nbgrader", "jupyter_client", "ipykernel", "pandas")},
    }


def compare(folder: Path, size: int, rounds: int) -> dict[str, Any]:
    """Measure every way, alternating, and set it against stock nbgrader in the same round."""
    submissions = class_of(size)
    course = prepare(folder, submissions)
    measured: list[dict[str, Cost]] = []
    for number in range(1, rounds + 1):
        measured.append({})
        for way in WAYS:
            measured[-1][way] = cost = grade(course, way, submissions)
            click.echo(f"round {number}  {way:<30} {cost}")
    ratios = {
        way: {
            "throughput": round(statistics.median(costs[STOCK].seconds / costs[way].seconds for costs in measured), 2),
            "cpu": round(statistics.median(costs[way].cpu / costs[STOCK].cpu for costs in measured), 3),
        }
        for way in WAYS
    }
    split = {}
    for way in (STOCK, OURS):
        with copy_of(course, WAYS[way][0]) as copy:
            split[way] = grading_split.measure(copy.folder, ASSIGNMENT)
    return {
        "assignment": ASSIGNMENT,
        "submissions": size,
        "ratios": ratios,
        "rounds": [{way: asdict(cost) for way, cost in costs.items()} for costs in measured],
        "split": split,
        "floor": round(floor(submissions), 4),
    }


def growth(folder: Path, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Measure classes of several sizes."""
    grown = []
    for size in sizes:
        submissions = class_of(size)
        course = prepare(folder / str(size), submissions)
        cost = grade(course, OURS, submissions)
        shutil.rmtree(course.folder)
        click.echo(f"{size} submissions: {cost}")
        grown.append({"submissions": size, **asdict(cost)})
    return grown


@click.command()
@click.option("--submissions", "size", default=SUBMISSIONS, show_default=True)
@click.option("--rounds", default=ROUNDS, show_default=True)
@click.option("--growth", "sizes", multiple=True, type=int, help="Class size to measure; may be repeated.")
@click.option("--results", default=RESULTS, type=click.Path(path_type=Path), show_default=True)
def main(size: int, rounds: int, sizes: tuple[int, ...], results: Path) -> None:
    """Measure, and write the result down: the comparison, or the growth with class size if sizes are given."""
    # Processes whose parent ends become children of this one, and their time is counted.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    known = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        if sizes:
            found = {"growth": {**machine(), "classes": growth(Path(folder), sizes)}}
        else:
            found = {"comparison": {**machine(), **compare(Path(folder), size, rounds)}}
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(known | found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
