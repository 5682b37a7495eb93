"""What the students were given: the one thing a submission is measured against."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url

from guarantees.grading.names import Source


class NotReady(Exception):
    """The course itself cannot be graded yet; the message says what to run first."""


@dataclass(frozen=True)
class ReleasedNotebook:
    """One notebook as ``nbgrader generate_assignment`` wrote it for the students.

    Attributes
    ----------
    name : str
        File name without ``.ipynb``.
    notebook : NotebookNode
        Its content, the test cells without their hidden part.
    whole : mapping
        Text of its cells by grade id as the gradebook has them, with the hidden part.
    digest : str
        Of all that is the instructor's: the content, the hidden tests, the points.
    """

    name: str
    notebook: NotebookNode
    whole: Mapping[str, str]
    digest: str

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """The cells that nbgrader knows, in order, by grade id."""
        return {
            cell.metadata.nbgrader.grade_id: cell
            for cell in self.notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id")
        }

    @cached_property
    def tests(self) -> frozenset[str]:
        """Grade ids of the cells that are graded by running them."""
        return frozenset(
            name
            for name, cell in self.cells.items()
            if cell.cell_type == "code" and cell.metadata.nbgrader.grade and not cell.metadata.nbgrader.solution
        )

    @cached_property
    def students_names(self) -> list[str]:
        """Names that the release leaves to the student to define."""
        answers = (
            Source.of(cell.source)
            for cell in self.notebook.cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution", True)
        )
        return sorted({name for answer in answers for name in answer.defined | answer.assigned})


@dataclass(frozen=True)
class Release:
    """An assignment as released, checked against the gradebook.

    Attributes
    ----------
    assignment : str
    notebooks : mapping of name to ReleasedNotebook
    """

    assignment: str
    notebooks: Mapping[str, ReleasedNotebook]

    @classmethod
    def load(cls, course: CourseDirectory, assignment: str) -> "Release":
        """Read the release version of an assignment.

        Raises
        ------
        NotReady
            If the gradebook is gone, does not know the assignment, or knows other cells than the release has.
        """
        require_gradebook(course)
        generate = _generate(assignment)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            try:
                notebooks = gradebook.find_assignment(assignment).notebooks
            except MissingEntry:
                raise NotReady(f"The gradebook has no assignment {assignment!r}: {generate}") from None
            known = {
                notebook.name: {cell.name: cell.source or "" for cell in notebook.source_cells}
                for notebook in notebooks
            }
            points = {
                notebook.name: {cell.name: cell.max_score for cell in notebook.grade_cells} for notebook in notebooks
            }
        if not known:
            raise NotReady(f"The gradebook has no notebook of assignment {assignment!r}: {generate}")
        folder = Path(course.format_path(course.release_directory, ".", assignment))
        released = {}
        for name, cells in known.items():
            file = folder / f"{name}.ipynb"
            if not file.is_file():
                raise NotReady(f"{file} is missing: {generate}")
            text = file.read_text(encoding="utf-8")
            digest = hashlib.sha256(json.dumps([text, cells, points[name]], sort_keys=True).encode()).hexdigest()
            released[name] = ReleasedNotebook(name, nbformat.reads(text, as_version=4), cells, digest)
            if released[name].cells.keys() != cells.keys():
                differing = ", ".join(sorted(released[name].cells.keys() ^ cells.keys()))
                raise NotReady(f"{file} and the gradebook differ in the cells {differing}: {generate} --force")
            for cell, most in points[name].items():
                released[name].cells[cell].metadata.nbgrader.points = most
        return cls(assignment, released)


def require_gradebook(course: CourseDirectory) -> None:
    """Make sure that the gradebook is there, for nbgrader would put an empty one in its place.

    Raises
    ------
    NotReady
        If it is not.
    """
    url = make_url(course.db_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise NotReady(
            f"There is no gradebook at {url.database}: restore it from a copy, or for a new course "
            f"{_generate(course.assignment_id)}"
        )


def _generate(assignment: str) -> str:
    return f"run: nbgrader generate_assignment {assignment}"
