"""What is graded when the same command is given again: what is missing or has changed, and nothing else."""

import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import AutogradeApp

from guarantees.grading import cli, job
from guarantees.grading.job import Job
from guarantees.grading.report import State
from tests.grading.course import FULL, WRONG, Course, answered, by_id, source

pytestmark = pytest.mark.timeout(600)
STUDENTS = ("student-001", "student-002")


@pytest.fixture(autouse=True)
def back_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(".")
    monkeypatch.setattr(sys, "path", sys.path[:])
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)
    AutogradeApp.clear_instance()


def two_notebooks(folder: Path) -> Course:
    """An assignment of two notebooks: the usual one, and the first cells of it under another name."""
    course = Course.create(folder, source())
    short = source()
    short.cells = short.cells[:4]
    nbformat.write(short, folder / "source" / "ps1" / "short.ipynb")
    course.nbgrader("generate_assignment", "ps1", "--force")
    for student in STUDENTS:
        course.hand_in(student, answered(course.release))
        shutil.copy(folder / "source" / "ps1" / "short.ipynb", course.submitted(student))
    return course


def change_test(course: Course, notebook: str) -> None:
    """Give the square's hidden test another number, as an instructor who mends it would."""
    file = course.folder / "source" / "ps1" / f"{notebook}.ipynb"
    content = nbformat.read(file, as_version=4)
    test = by_id(content)["square_test"]
    assert "square(-4) == 16" in test.source
    test.source = test.source.replace("square(-4) == 16", "square(-5) == 25")
    nbformat.write(content, file)
    course.nbgrader("generate_assignment", "ps1", "--force")


def graded(
    course: Course, students: Sequence[str] = STUDENTS, force: bool = False
) -> tuple[list[str | None], dict[tuple[str, str], int]]:
    """Grade, and say why each submission was graded and when each notebook was written."""
    job = Job(course.folder, "ps1", force=force)
    outcomes = [job.grade(student) for student in students]
    assert [outcome.state for outcome in outcomes] == [State.GRADED] * len(students)
    files = (course.folder / "autograded").glob("*/ps1/*.ipynb")
    written = {(file.parts[-3], file.stem): file.stat().st_mtime_ns for file in files}
    return [outcome.why for outcome in outcomes], written


def moved(before: dict[tuple[str, str], int], after: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
    assert before.keys() == after.keys()
    return {file for file in after if before[file] != after[file]}


def test_only_what_is_missing_or_changed_is_graded(tmp_path: Path) -> None:
    course = two_notebooks(tmp_path)
    why, first = graded(course)
    assert why == ["new", "new"]

    why, second = graded(course)
    assert why == [None, None]
    assert moved(first, second) == set()

    change_test(course, "short")
    why, third = graded(course)
    assert why == ["the release, its tests or its points have changed"] * 2
    assert moved(second, third) == {(student, "short") for student in STUDENTS}

    course.hand_in("student-002", answered(course.release, WRONG))
    why, fourth = graded(course)
    assert why == [None, "the work has changed"]
    assert moved(third, fourth) == {("student-002", "ps1")}
    with course.gradebook() as gradebook:
        scores = {
            (notebook.name, grade.name): grade.auto_score
            for notebook in gradebook.find_submission("ps1", "student-002").notebooks
            for grade in notebook.grades
        }
    assert {scores["ps1", name] for name in FULL} == {0.0}
    assert scores["short", "square_test"] == 2.0

    why, fifth = graded(course, ["student-001"], force=True)
    assert why == ["asked for"]
    assert moved(fourth, fifth) == {("student-001", "ps1"), ("student-001", "short")}


def test_an_older_copy_of_the_gradebook_is_filled_again(tmp_path: Path) -> None:
    course = Course.create(tmp_path, source())
    for student in STUDENTS:
        course.hand_in(student, answered(course.release))
    empty = (course.folder / "gradebook.db").read_bytes()
    graded(course, ["student-001"])
    (course.folder / "gradebook.db").write_bytes(empty)
    why, _ = graded(course)
    assert why == ["the gradebook did not hold its scores", "new"]
    assert course.scores("student-001") == course.scores("student-002") == FULL


def test_feedback_is_written_anew_and_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course.create(tmp_path, source())
    course.hand_in("student-001", answered(course.release, WRONG))
    graded(course, ["student-001"])
    monkeypatch.setattr(job, "require", pytest.fail)  # no sandbox is asked for
    page = course.folder / "feedback" / "student-001" / "ps1" / "ps1.html"
    for marks in (0.5, 1.5):
        with course.gradebook() as gradebook:
            gradebook.find_grade("essay", "ps1", "ps1", "student-001").manual_score = marks
            gradebook.db.commit()
        with pytest.raises(SystemExit, match="0"):
            cli.main(["feedback", "ps1", "--workers=1"])
        assert f"(Score: {marks} / 17.0)" in page.read_text(encoding="utf-8")
