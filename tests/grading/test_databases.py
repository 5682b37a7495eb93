"""A class on many cores: 32 writers at once, and the gradebook has every score once."""

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from nbformat.v4 import new_output
from nbgrader.api import Gradebook, Student
from nbgrader.apps import AutogradeApp
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SAWarning

from guarantees.grading.gradebook import opened_once, patient
from guarantees.grading.job import Job
from guarantees.grading.scores import SaveGrades
from tests.grading.course import FULL, by_id, source

pytestmark = pytest.mark.timeout(600)
PROCESSES, THREADS, EACH = 8, 4, 2
STUDENTS = [f"student-{number:03}" for number in range(PROCESSES * THREADS * EACH)]


def prepared(url: str) -> str:
    """A gradebook that knows the assignment, as ``nbgrader generate_assignment`` leaves it."""
    with Gradebook(url) as gradebook:
        gradebook.add_assignment("ps1")
        gradebook.add_notebook("ps1", "ps1")
        for cell in source().cells:
            marks = cell.metadata.nbgrader
            if marks.grade:
                kind = {"max_score": marks.points, "cell_type": cell.cell_type}
                gradebook.add_grade_cell(marks.grade_id, "ps1", "ps1", **kind)
            if marks.solution:
                gradebook.add_solution_cell(marks.grade_id, "ps1", "ps1")
            gradebook.add_source_cell(marks.grade_id, "ps1", "ps1", cell_type=cell.cell_type)
    return url


def expected(student: str) -> dict[str, float]:
    """Scores by which each student can be told from the next seven."""
    number = STUDENTS.index(student)
    return {name: 0.0 if number >> bit & 1 else points for bit, (name, points) in enumerate(FULL.items())}


def write(url: str, student: str) -> None:
    """What ``Autograde`` does to the gradebook for a submission."""
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_student(student)
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_submission("ps1", student)
    graded = source()
    graded.metadata["review"] = {"cells": FULL, "withheld": [], "flags": []}
    for name, score in expected(student).items():
        if not score:
            by_id(graded)[name].outputs = [new_output("error", ename="AssertionError", evalue="", traceback=[])]
    ids = {"student": student, "assignment": "ps1", "notebook": "ps1", "db_url": url}
    SaveGrades().preprocess(graded, {"nbgrader": ids})


def write_some(url: str, students: list[str], start: Barrier) -> None:
    def some(mine: list[str]) -> None:
        start.wait()
        for student in mine:
            write(url, student)

    warnings.simplefilter("ignore", SAWarning)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(some, [students[first::THREADS] for first in range(THREADS)]))


def write_all(url: str) -> list[int | None]:
    """Exit codes of the processes."""
    context = multiprocessing.get_context("fork")
    start = context.Barrier(PROCESSES * THREADS)
    writers = [
        context.Process(target=write_some, args=(url, STUDENTS[first::PROCESSES], start)) for first in range(PROCESSES)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return [writer.exitcode for writer in writers]


def scores(url: str) -> dict[str, list[tuple[str, float]]]:
    with Gradebook(url) as gradebook:
        return {
            submission.student_id: sorted(
                (grade.name, grade.auto_score)
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.name in FULL
            )
            for submission in gradebook.assignment_submissions("ps1")
        }


@pytest.fixture(autouse=True)
def _nbgrader_finds_alembic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


def check(url: str) -> None:
    assert write_all(prepared(url)) == [0] * PROCESSES
    assert scores(url) == {student: sorted(expected(student).items()) for student in STUDENTS}


def test_thirty_two_writers_lose_nothing_in_sqlite(tmp_path: Path) -> None:
    check(patient(f"sqlite:///{tmp_path / 'gradebook.db'}"))


def test_a_gradebook_that_is_opened_once_is_as_if_it_were_opened_each_time(tmp_path: Path) -> None:
    url = prepared(f"sqlite:///{tmp_path / 'gradebook.db'}")

    def known(gradebook: Gradebook) -> list[str]:
        return [student.id for student in gradebook.students]

    stock = Gradebook.__init__, Gradebook.close
    with opened_once():
        with Gradebook(url) as first:
            first.add_student("student-001")
            first.db.add(Student(id="student-002"))  # and never committed
            with Gradebook(url) as second:
                assert known(second) == ["student-001"]
                assert second.engine is first.engine
        with Gradebook(url) as third:
            assert known(third) == ["student-001"]
    (tmp_path / "gradebook.db").rename(tmp_path / "old.db")
    prepared(url)
    with opened_once(), Gradebook(url) as later:
        assert known(later) == []
    assert (Gradebook.__init__, Gradebook.close) == stock


def test_thirty_two_writers_lose_nothing_in_postgresql(database: Callable[[], str]) -> None:
    check(database())


@pytest.mark.parametrize(("asked", "milliseconds"), [("", 60_000), ("?timeout=0.5", 500)])
def test_waits_a_minute_for_other_writers_unless_the_course_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, milliseconds: int
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        app = Job(tmp_path, "ps1", f"sqlite:///gradebook.db{asked}").open()
    finally:
        AutogradeApp.clear_instance()
    with create_engine(app.coursedir.db_url).connect() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == milliseconds


@pytest.mark.parametrize("url", ["postgresql+psycopg://course@host/grades?connect_timeout=5", "sqlite://"])
def test_no_other_database_is_told_to_wait(url: str) -> None:
    assert patient(url) == url
