"""Notebooks as students would hand them in."""

import copy
import importlib
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.exercises.answers import Answer, Submission

HANDED_IN = "2026-01-15 12:00:00 UTC"
EXERCISES = Path(__file__).parents[2] / "exercises"
ASSIGNMENTS = sorted(notebook.stem for notebook in EXERCISES.glob("source/*/*.ipynb"))


def read(notebook: Path) -> NotebookNode:
    return nbformat.read(notebook, as_version=4)


def source(assignment: str) -> NotebookNode:
    return read(EXERCISES / "source" / assignment / f"{assignment}.ipynb")


def grade_id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def is_solution(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader.solution


def is_test(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader.grade and not is_solution(cell)


def max_points(assignment: str) -> dict[str, float]:
    """Points of every graded cell, from the metadata."""
    graded = [cell for cell in source(assignment).cells if cell.metadata.nbgrader.grade]
    return {grade_id(cell): cell.metadata.nbgrader.points for cell in graded}


def by_hand(assignment: str) -> set[str]:
    """Cells that a person marks."""
    return {grade_id(cell) for cell in source(assignment).cells if cell.metadata.nbgrader.grade and is_solution(cell)}


def reference(assignment: str) -> Submission:
    """The instructor's own solutions: each earns whatever the tests between it and the next solution can give."""
    answers: dict[str, Answer] = {}
    for cell in source(assignment).cells:
        if is_solution(cell):
            current = grade_id(cell)
            answers[current] = Answer("reference solution", cell.source)
        elif is_test(cell):
            points = {**answers[current].points, grade_id(cell): cell.metadata.nbgrader.points}
            answers[current] = Answer("reference solution", answers[current].source, points)
    return Submission("student-001", answers)


def bank(assignment: str) -> tuple[Submission, ...]:
    """The submissions of the assignment's answer bank."""
    return importlib.import_module(f"tests.exercises.answers.{assignment}").SUBMISSIONS


def everyone(assignment: str) -> list[Submission]:
    """The reference solution, the bank, and a student who answers nothing."""
    handed_in = [reference(assignment), *bank(assignment)]
    return [*handed_in, Submission(f"student-{len(handed_in) + 1:03}")]


def answered(release: NotebookNode, answers: Mapping[str, Answer]) -> NotebookNode:
    """Put answers into their cells of a released notebook."""
    notebook = copy.deepcopy(release)
    cells = {grade_id(cell): cell for cell in notebook.cells if is_solution(cell)}
    for name, answer in answers.items():
        cells[name].source = answer.source.strip()
    return notebook


def hand_in(course: Path, assignment: str, submission: Submission) -> None:
    """Place a submission where ``nbgrader collect`` would, made from the release version, with what submitting adds."""
    folder = course / "submitted" / submission.student / assignment
    folder.mkdir(parents=True)
    release = read(course / "release" / assignment / f"{assignment}.ipynb")
    nbformat.write(answered(release, submission.answers), folder / f"{assignment}.ipynb")
    (folder / "timestamp.txt").write_text(HANDED_IN, encoding="utf-8")
    (folder / "submission_secret.txt").write_text(submission.student, encoding="utf-8")
