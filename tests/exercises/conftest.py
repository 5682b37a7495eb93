"""One stock nbgrader run per problem set, for all of its tests."""

from dataclasses import dataclass

import pytest
from nbformat import NotebookNode

from tests.exercises.answers import Submission
from tests.exercises.cycle import Course, Mark
from tests.exercises.submissions import ASSIGNMENTS, everyone, grade_id, read


@dataclass(frozen=True)
class Graded:
    """A problem set, released, handed in by everyone in its answer bank, and marked automatically."""

    course: Course
    assignment: str
    submissions: list[Submission]
    marks: dict[str, dict[str, Mark]]

    def notebook(self, step: str, student: str = "") -> NotebookNode:
        return read(self.course.folder / step / student / self.assignment / f"{self.assignment}.ipynb")

    def said(self, student: str) -> dict[str, str]:
        """What each cell wrote when the work was marked: what it printed, and its errors."""
        return {
            grade_id(cell): "\n".join(output.get("text") or output.get("evalue") or "" for output in cell.outputs)
            for cell in self.notebook("autograded", student).cells
            if cell.cell_type == "code"
        }


@pytest.fixture(scope="session", params=ASSIGNMENTS)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    course = Course.copy(tmp_path_factory.mktemp("course"))
    submissions = everyone(request.param)
    course.grade(request.param, submissions)
    return Graded(course, request.param, submissions, course.marks(request.param))
