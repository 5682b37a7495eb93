"""Run a problem set in this process: milliseconds where nbgrader takes seconds, and no sandbox.

``python -m tests.exercises.run ps1_reading_guarantees`` names each answer of the bank whose score is not as expected.
"""

import ast
import contextlib
import io
import re
import sys

from nbformat import NotebookNode

from tests.exercises.answers import Submission
from tests.exercises.submissions import answered, everyone, grade_id, is_solution, is_test, source


def drawn_for(notebook: NotebookNode, variant: int, seed: int) -> NotebookNode:
    """Select a variant of the questions and a course seed, as a release for a graded course does."""
    for cell in notebook.cells:
        for name, number in {"VARIANT": variant, "COURSE_SEED": seed}.items():
            cell.source = re.sub(rf"^{name} = 0$", f"{name} = {number}", cell.source, flags=re.M)
    return notebook


def scores(notebook: NotebookNode) -> dict[str, float]:
    """Run all cells in order; a test cell earns nothing if it fails, else its last expression or everything."""
    names = {"__name__": "__main__"}
    points: dict[str, float] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                value = _run(cell.source, names)
        except (Exception, SystemExit):
            if is_test(cell):
                points[grade_id(cell)] = 0
            continue
        if is_test(cell):
            full = cell.metadata.nbgrader.points
            if value is not None and (type(value) not in (int, float) or not 0 <= value <= full):
                raise ValueError(f"{grade_id(cell)} ends with {value!r}, not with a number from 0 to {full}")
            points[grade_id(cell)] = full if value is None else value
    return points


def _run(text: str, names: dict[str, object]) -> object:
    """Run a cell and return the value of its last expression, as a notebook does."""
    body = ast.parse(text).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if isinstance(last, ast.Expr) else None


def surprises(assignment: str, submission: Submission, variant: int = 0, seed: int = 0) -> list[str]:
    """Name each test cell whose score is not the one that the answer bank expects."""
    blank = source(assignment)
    for cell in filter(is_solution, blank.cells):
        cell.source = "raise NotImplementedError"
    notebook = drawn_for(answered(blank, submission.answers), variant, seed)
    return [
        f"{submission.student}, {name}: {points:g} points where {submission.points(name):g} were expected"
        for name, points in scores(notebook).items()
        if points != submission.points(name)
    ]


def main() -> int:
    """Print the surprises; 1 if there are some."""
    (assignment,) = sys.argv[1:]
    handed_in = everyone(assignment)
    found = [fault for submission in handed_in for fault in surprises(assignment, submission)]
    print(*found, f"{len(handed_in)} submissions, {len(found)} surprises", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
