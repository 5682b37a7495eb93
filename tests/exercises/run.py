"""Run a problem set in this process: milliseconds where nbgrader takes seconds, and no sandbox.

``python -m tests.exercises.run ps1_reading_guarantees`` names each answer of the bank whose score or message is not
as expected.
"""

import ast
import contextlib
import io
import re
import sys
from dataclasses import dataclass

from nbformat import NotebookNode

from tests.exercises.answers import Submission
from tests.exercises.submissions import answered, everyone, grade_id, is_solution, is_test, reference, source


def drawn_for(notebook: NotebookNode, variant: int, seed: int) -> NotebookNode:
    """Select a variant of the questions and a course seed, as a release for a graded course does."""
    for cell in notebook.cells:
        for name, number in {"VARIANT": variant, "COURSE_SEED": seed}.items():
            cell.source = re.sub(rf"^{name} = 0$", f"{name} = {number}", cell.source, flags=re.M)
    return notebook


@dataclass(frozen=True)
class Outcome:
    """What a test cell gave, and what it told the student."""

    points: float
    said: str


def outcomes(notebook: NotebookNode) -> dict[str, Outcome]:
    """Run all cells in order; a test cell earns nothing if it fails, else its last expression or everything."""
    names = {"__name__": "__main__"}
    found: dict[str, Outcome] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        printed, failure, value = io.StringIO(), None, None
        try:
            with contextlib.redirect_stdout(printed):
                value = _run(cell.source, names)
        except (Exception, SystemExit) as error:
            failure = error
        if is_test(cell):
            full = cell.metadata.nbgrader.points
            if value is not None and (type(value) not in (int, float) or not 0 <= value <= full):
                raise ValueError(f"{grade_id(cell)} ends with {value!r}, not with a number from 0 to {full}")
            points = 0 if failure is not None else full if value is None else value
            found[grade_id(cell)] = Outcome(points, printed.getvalue() + str(failure or ""))
    return found


def _run(text: str, names: dict[str, object]) -> object:
    """Run a cell and return the value of its last expression, as a notebook does."""
    body = ast.parse(text).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if isinstance(last, ast.Expr) else None


def handed_in(assignment: str, submission: Submission) -> NotebookNode:
    """The source with a student's answers in place of the solutions."""
    blank = source(assignment)
    for cell in filter(is_solution, blank.cells):
        cell.source = "raise NotImplementedError"
    return answered(blank, submission.answers)


def surprises(assignment: str, submission: Submission, variant: int = 0, seed: int = 0) -> list[str]:
    """Name each test cell whose score is not the one that the answer bank expects."""
    return [
        f"{submission.student}, {name}: {outcome.points:g} points where {submission.points(name):g} were expected"
        for name, outcome in outcomes(drawn_for(handed_in(assignment, submission), variant, seed)).items()
        if outcome.points != submission.points(name)
    ]


def unsaid(assignment: str, submission: Submission) -> list[str]:
    """Name each answer whose tests do not say what the bank wants the student to be told."""
    solutions = reference(assignment).answers
    found = outcomes(handed_in(assignment, submission))
    said = {cell: " | ".join(found[name].said for name in solutions[cell].points) for cell in submission.answers}
    return [
        f"{submission.student}, {cell}: not {answer.says!r} but {said[cell]!r}"
        for cell, answer in submission.answers.items()
        if answer.says not in said[cell]
    ]


def main() -> int:
    """Print the surprises; 1 if there are some."""
    (assignment,) = sys.argv[1:]
    submissions = everyone(assignment)
    found = [fault for work in submissions for fault in surprises(assignment, work) + unsaid(assignment, work)]
    print(*found, f"{len(submissions)} submissions, {len(found)} surprises", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
