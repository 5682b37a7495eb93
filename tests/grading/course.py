"""A tiny nbgrader course, and what students hand in to it."""

import copy
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4
from nbgrader.api import Gradebook

STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "tiny"
"""
CONFIG = (
    STOCK_CONFIG
    + """\
from guarantees.grading import protect
protect(c)
"""
)
IN_KERNEL = CONFIG + "c.Watched.referee = False\n"
SQUARE = "def square(x):\n    return x * x"
MEAN = "def mean(numbers):\n    return sum(numbers) / len(numbers)"
STUB = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
HIDDEN = "\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
ESSAY = "Because a mean hides the spread."

# grade id, cell type, points (None: not graded), solution, source
CELLS = [
    ("intro", "markdown", None, False, "# Numbers"),
    (
        "setup",
        "code",
        None,
        False,
        "import math\nimport unittest\n\n\ndef check(got, wanted):\n"
        "    assert math.isclose(got, wanted), f'{got} is not {wanted}'",
    ),
    ("square", "code", None, True, STUB.format(SQUARE)),
    (
        "square_test",
        "code",
        2,
        False,
        "assert square(3) == 9" + HIDDEN.format("assert square(-4) == 16"),
    ),
    ("square_all", "code", 1, False, "assert all(abs(square(n)) == n * n for n in (2, -5))"),
    ("square_close", "code", 1, False, "check(square(2), 4)"),
    ("square_unit", "code", 1, False, "unittest.TestCase().assertEqual(square(5), 25)"),
    ("mean", "code", None, True, STUB.format(MEAN)),
    (
        "mean_test",
        "code",
        3,
        False,
        "assert mean([1, 2, 3]) == 2" + HIDDEN.format("assert mean([5, 7]) == 6"),
    ),
    ("mean_partial", "code", 4, False, "right = [mean([n, 1]) == (n + 1) / 2 for n in (1, 2, 3, 4)]\nsum(right)"),
    ("essay", "markdown", 5, True, STUB.format(ESSAY)),
]
FULL = {name: float(points) for name, _, points, solution, _ in CELLS if points is not None and not solution}
NOTHING = dict.fromkeys(FULL, 0.0)
UNKNOWN = dict.fromkeys(FULL)
HONEST = {"square": SQUARE, "mean": MEAN, "essay": ESSAY}
WRONG = {"square": "def square(x):\n    return 7", "mean": "def mean(numbers):\n    return 7", "essay": ESSAY}


def source(cells: list[tuple[str, str, int | None, bool, str]] = CELLS) -> NotebookNode:
    """The instructor's notebook."""
    notebook = v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for grade_id, kind, points, solution, text in cells:
        marks = {
            "grade": points is not None,
            "grade_id": grade_id,
            "locked": not solution,
            "schema_version": 3,
            "solution": solution,
            "task": False,
        }
        if points is not None:
            marks["points"] = points
        make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
        notebook.cells.append(make(text, metadata={"nbgrader": marks}, id=grade_id.replace("_", "-")))
    return notebook


def by_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def answered(release: NotebookNode, answers: Mapping[str, str] = HONEST) -> NotebookNode:
    """The release with answers filled in."""
    notebook = copy.deepcopy(release)
    for name, text in answers.items():
        by_id(notebook)[name].source = text
    return notebook


@dataclass(frozen=True)
class Course:
    folder: Path
    assignment: str = "ps1"

    @classmethod
    def create(cls, folder: Path, notebook: NotebookNode, config: str = CONFIG, assignment: str = "ps1") -> "Course":
        """Write the course and release its assignment."""
        (folder / "source" / assignment).mkdir(parents=True)
        nbformat.write(notebook, folder / "source" / assignment / f"{assignment}.ipynb")
        (folder / "nbgrader_config.py").write_text(config)
        course = cls(folder, assignment)
        course.nbgrader("generate_assignment", assignment)
        return course

    @property
    def release(self) -> NotebookNode:
        return nbformat.read(self.folder / "release" / self.assignment / f"{self.assignment}.ipynb", as_version=4)

    def submitted(self, student: str) -> Path:
        folder = self.folder / "submitted" / student / self.assignment
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def hand_in(self, student: str, content: NotebookNode | bytes) -> Path:
        """Place a notebook, or the bytes of something that should be one."""
        folder = self.submitted(student)
        data = content if isinstance(content, bytes) else nbformat.writes(content).encode()
        (folder / f"{self.assignment}.ipynb").write_bytes(data)
        return folder

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "nbgrader", *arguments)

    def guarantees(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "guarantees.grading", *arguments, check=False)

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command, cwd=self.folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", "tiny")

    def scores(self, student: str) -> dict[str, float | None]:
        """Automatic scores of the test cells; None if withheld."""
        with self.gradebook() as gradebook:
            (notebook,) = gradebook.find_submission(self.assignment, student).notebooks
            return {grade.name: grade.auto_score for grade in notebook.grades if grade.name != "essay"}

    def graded(self, student: str) -> NotebookNode:
        path = self.folder / "autograded" / student / self.assignment / f"{self.assignment}.ipynb"
        return nbformat.read(path, as_version=4)


TABLE = 'def table():\n    return pd.DataFrame({"a": [1, 2]})'
VECTOR = "def vector():\n    return np.array([1.0, 2.0])"
TABLE_CELLS: list[tuple[str, str, int | None, bool, str]] = [
    (
        "setup",
        "code",
        None,
        False,
        "import numpy as np\nimport pandas as pd\nfrom pandas.testing import assert_frame_equal",
    ),
    ("table", "code", None, True, STUB.format(TABLE)),
    ("table_test", "code", 1, False, 'assert_frame_equal(table(), pd.DataFrame({"a": [1, 2]}))'),
    ("vector", "code", None, True, STUB.format(VECTOR)),
    ("vector_test", "code", 1, False, "np.testing.assert_allclose(vector(), [1.0, 2.0])"),
    ("vector_equal", "code", 1, False, "assert np.array_equal(vector(), [1.0, 2.0])"),
]
