"""What goes wrong around a submission: the gradebook stays consistent, and the same command goes on from there."""

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.apps import AutogradeApp

from guarantees.grading import report, scores
from guarantees.grading.release import Release
from guarantees.grading.report import Outcome, State
from guarantees.grading.run import grade_submission, open_course
from tests.grading.course import CONFIG, FULL, NOTHING, WRONG, Course, answered, source

pytestmark = pytest.mark.timeout(600)
ENDLESS = {"square": "while True:\n    pass"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    # A locked gradebook is noticed at once.
    config = CONFIG + "c.CourseDirectory.db_url = 'sqlite:///gradebook.db?timeout=0.1'\n"
    return Course.create(tmp_path_factory.mktemp("course"), source(), config)


@pytest.fixture
def app(course: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[AutogradeApp]:
    monkeypatch.chdir(course.folder)
    monkeypatch.setattr(sys, "path", sys.path[:])
    yield open_course("ps1")
    AutogradeApp.clear_instance()


@pytest.fixture
def grade(app: AutogradeApp) -> Callable[..., Outcome]:
    def grade(student: str, force: bool = False) -> Outcome:
        return grade_submission(app, student, Release.load(app.coursedir, "ps1"), force)

    return grade


def result(course: Course, student: str) -> Path:
    return course.folder / "autograded" / student / "ps1"


def test_grade_given_by_hand_is_never_overwritten(course: Course, grade: Callable[..., Outcome]) -> None:
    course.hand_in("student-001", answered(course.release, WRONG))
    assert grade("student-001").score == 0
    with course.gradebook() as gradebook:
        gradebook.find_grade("square_test", "ps1", "ps1", "student-001").manual_score = 1.5
        gradebook.find_grade("square_test", "ps1", "ps1", "student-001").extra_credit = 0.5
        gradebook.db.commit()
    course.hand_in("student-001", answered(course.release))
    outcome = grade("student-001", force=True)
    assert course.scores("student-001") == FULL
    assert outcome.score == sum(FULL.values()) - FULL["square_test"] + 1.5 + 0.5


def test_work_that_was_graded_is_not_graded_again(course: Course, grade: Callable[..., Outcome]) -> None:
    course.hand_in("student-002", answered(course.release))
    first, second = grade("student-002"), grade("student-002")
    assert (first.why, second.why) == ("new", None)
    assert (second.state, second.score, second.cells) == (first.state, first.score, first.cells)


def test_resubmission_that_cannot_be_graded_leaves_the_earlier_result(
    course: Course, grade: Callable[..., Outcome]
) -> None:
    folder = course.hand_in("student-003", answered(course.release))
    (folder / "timestamp.txt").write_text("2026-01-15 12:00:00 UTC")
    grade("student-003")
    course.hand_in("student-003", b"")
    (folder / "timestamp.txt").write_text("2026-01-16 12:00:00 UTC")
    assert grade("student-003").state is State.REFUSED
    assert course.scores("student-003") == FULL
    assert (result(course, "student-003") / "ps1.ipynb").exists()


def test_p2_locked_gradebook(course: Course, grade: Callable[..., Outcome]) -> None:
    course.hand_in("student-004", answered(course.release))
    other = sqlite3.connect(course.folder / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Exception, match="database is locked"):
        grade("student-004")
    other.execute("ROLLBACK")
    other.execute("BEGIN IMMEDIATE")
    outcome = grade("student-004")
    assert (outcome.state, "database is locked" in (outcome.because or "")) == (State.FAILED, True)
    assert not result(course, "student-004").exists()
    other.execute("ROLLBACK")
    assert grade("student-004").score == sum(FULL.values())


def test_p2_scores_are_saved_together_or_not_at_all(
    course: Course, grade: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    course.hand_in("student-005", answered(course.release, WRONG))
    grade("student-005")
    course.hand_in("student-005", answered(course.release))

    def fails(*_: object) -> None:
        raise RuntimeError("the gradebook went away")

    with monkeypatch.context() as patch:
        patch.setattr(SubmittedNotebook, "comments", property(fails))
        assert grade("student-005", force=True).because == "RuntimeError: the gradebook went away"
    assert course.scores("student-005") == NOTHING
    assert grade("student-005").score == sum(FULL.values())


def test_p2_busy_gradebook_is_tried_again(
    course: Course, grade: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    course.hand_in("student-006", answered(course.release))
    save, times = scores._save, []

    def busy_at_first(*arguments: object) -> None:
        times.append(1)
        if len(times) == 1:
            raise scores.OperationalError("commit", {}, Exception("could not serialize access"))
        save(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(scores, "_save", busy_at_first)
    assert grade("student-006").score == sum(FULL.values())


def test_p2_vanished_gradebook_is_not_replaced_by_an_empty_one(course: Course, app: AutogradeApp) -> None:
    course.hand_in("student-007", answered(course.release))
    release = Release.load(app.coursedir, "ps1")
    gradebook, aside = course.folder / "gradebook.db", course.folder / "aside.db"
    gradebook.rename(aside)
    try:
        outcome = grade_submission(app, "student-007", release)
        assert outcome.state is State.FAILED
        assert "There is no gradebook at" in (outcome.because or "")
        assert not gradebook.exists()
    finally:
        aside.rename(gradebook)


def test_p3_same_submission_in_two_runs(course: Course, grade: Callable[..., Outcome]) -> None:
    course.hand_in("student-008", answered(course.release))
    hold = (
        "import sys; from pathlib import Path; from guarantees.grading.exporter import Locks\n"
        "locks = Locks(Path('.'), 'ps1'); print(locks.acquire('student-008'), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], cwd=course.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert grade("student-008").state is State.BUSY
        other.kill()
    assert grade("student-008").score == sum(FULL.values())


def test_q3_crash_of_one_submission_leaves_the_next_graded(
    course: Course, grade: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in ("student-009", "student-010"):
        course.hand_in(student, answered(course.release))

    def crashes(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(scores, "_save", crashes)
        assert grade("student-009").because == "MemoryError"
    assert grade("student-010").state is State.GRADED


def test_q4_full_disk(course: Course, grade: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    course.hand_in("student-011", answered(course.release))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(report.os, "fsync", full)
        assert "No space left on device" in (grade("student-011").because or "")
    assert not result(course, "student-011").exists()
    assert grade("student-011").score == sum(FULL.values())


@pytest.mark.parametrize("left_behind", [b"", b'{"cells": [', None])
def test_q4_part_of_a_notebook_is_not_taken_as_done(
    course: Course, grade: Callable[..., Outcome], left_behind: bytes | None
) -> None:
    course.hand_in("student-012", answered(course.release))
    folder = result(course, "student-012")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ps1.ipynb").unlink(missing_ok=True)
    if left_behind is not None:
        (folder / "ps1.ipynb").write_bytes(left_behind)
    outcome = grade("student-012")
    assert outcome.why is not None
    assert outcome.score == sum(FULL.values())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_q4_killed_in_the_middle(course: Course, grade: Callable[..., Outcome], number: signal.Signals) -> None:
    student = f"student-{100 + number}"
    course.hand_in(student, answered(course.release, ENDLESS))
    command = [sys.executable, "-m", "guarantees.grading", "grade", "ps1", "--student", student]
    with subprocess.Popen(command, cwd=course.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while not (result(course, student) / "ps1.ipynb").exists():
            assert run.poll() is None
        family = psutil.Process(run.pid).children(recursive=True)
        os.kill(run.pid, number)
    assert not psutil.wait_procs(family, timeout=60)[1]
    with course.gradebook() as gradebook:
        (notebook,) = gradebook.find_submission("ps1", student).notebooks
        assert all(grade.auto_score is None and grade.needs_manual_grade for grade in notebook.grades)
    course.hand_in(student, answered(course.release))
    assert grade(student).score == sum(FULL.values())


def test_stock_command_goes_through_a_batch_with_faults(tmp_path: Path) -> None:
    course = Course.create(tmp_path, source())
    honest = answered(course.release)
    twice = answered(course.release)
    twice.cells.append(nbformat.from_dict(json.loads(json.dumps(twice.cells[3]))))
    course.hand_in("student-001", twice)
    course.hand_in("student-002", b"{")
    course.hand_in("a\nb", honest)
    (course.hand_in("student-003", honest) / "timestamp.txt").write_text("soon")
    done = course.nbgrader("autograde", "ps1")
    assert course.scores("student-001") == course.scores("student-003") == FULL
    assert "Traceback" not in done.stderr
    assert "student-002 cannot be graded: ps1.ipynb cannot be read: it is cut off at line 1." in done.stderr
    again = course.run(sys.executable, "-m", "nbgrader", "autograde", "ps1", "--student=student-002", check=False)
    assert again.returncode == 1


def test_any_course_can_switch_it_on(tmp_path: Path) -> None:
    """nbgrader's own quickstart course, with its own solutions handed in."""
    start = Course(tmp_path)
    start.nbgrader("quickstart", "course101")
    course = Course(tmp_path / "course101")
    config = course.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nfrom guarantees.grading import protect\nprotect(c)\n")
    course.nbgrader("generate_assignment", "ps1")
    nobody = course.guarantees("grade", "ps1")
    assert (nobody.returncode, nobody.stderr) == (2, "Nobody has handed ps1 in: submitted/ holds none\n")
    whole = config.read_text()
    config.write_text(f"{whole}undefined\n")
    broken = course.guarantees("grade", "ps1")
    place = f"{config.resolve()}, line {len(whole.splitlines()) + 1}"
    assert (broken.returncode, broken.stderr) == (2, f"{place}: NameError: name 'undefined' is not defined\n")
    config.write_text(whole)
    folder = course.submitted("student-001")
    for notebook in (course.folder / "source" / "ps1").glob("*.ipynb"):
        (folder / notebook.name).write_bytes(notebook.read_bytes())
    done = course.guarantees("grade", "ps1")
    (outcome,) = json.loads((course.folder / "reports" / "ps1.json").read_text())["outcomes"]
    assert (done.returncode, done.stderr) == (0, "1/1 student-001: graded\n")
    assert (outcome["state"], outcome["withheld"]) == ("graded", [])
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}", "course101") as gradebook:
        notebooks = gradebook.find_submission("ps1", "student-001").notebooks
        tested = {
            f"{notebook.name}/{grade.name}": (grade.auto_score, grade.max_score)
            for notebook in notebooks
            for grade in notebook.grades
            if f"{notebook.name}/{grade.name}" in outcome["cells"]
        }
    assert len(tested) == 4
    assert all(score == full for score, full in tested.values())
