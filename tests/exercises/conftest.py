"""One nbgrader run for all tests of an assignment."""

import pytest

from tests.exercises.answers.ps1_reading_guarantees import SUBMISSIONS
from tests.exercises.cycle import Course
from tests.exercises.submissions import reference


@pytest.fixture(scope="session")
def ps1(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Problem set 1, released, handed in by everyone in the answer bank, graded, returned and exported."""
    course = Course.copy(tmp_path_factory.mktemp("course"))
    course.run("ps1_reading_guarantees", [reference("ps1_reading_guarantees"), *SUBMISSIONS])
    return course
