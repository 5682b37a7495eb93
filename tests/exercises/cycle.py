"""A grading cycle with stock nbgrader, in a scratch copy of the course."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from tests.exercises.answers import Submission
from tests.exercises.submissions import EXERCISES, hand_in


class NbgraderFailed(RuntimeError):
    """An nbgrader command ended with an error; the message has its last lines."""


@dataclass(frozen=True)
class Mark:
    """What the gradebook holds for one graded cell of one student."""

    points: float
    by_hand: bool


@dataclass(frozen=True)
class Course:
    """A copy of ``exercises/`` to grade in.

    Attributes
    ----------
    folder : Path
        Where the copy is. Nothing is written outside it.
    """

    folder: Path

    @classmethod
    def copy(cls, folder: Path) -> "Course":
        """Copy what is kept under version control: the settings and the sources."""
        folder.mkdir(parents=True, exist_ok=True)
        for settings in EXERCISES.glob("*.py"):
            shutil.copy(settings, folder)
        shutil.copytree(EXERCISES / "source", folder / "source", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        return cls(folder)

    def nbgrader(self, *arguments: str, on_line: Callable[[str], None] = lambda _: None) -> str:
        """Run an nbgrader command in the course and return what it printed, calling back for each line."""
        command = [sys.executable, "-m", "nbgrader", *arguments]
        lines = []
        with subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                on_line(line.rstrip())
        if process.returncode:
            raise NbgraderFailed(f"nbgrader {' '.join(arguments)} failed:\n{''.join(lines[-15:])}")
        return "".join(lines)

    def grade(
        self, assignment: str, submissions: Iterable[Submission], on_step: Callable[[str], None] = lambda _: None
    ) -> None:
        """Release an assignment, hand work in and mark it automatically."""
        submissions = list(submissions)
        students = [submission.student for submission in submissions]

        def show_student(line: str) -> None:
            for student in students:
                if "Autograding " in line and f"/{student}/" in line:
                    on_step(f"  {student}")

        on_step("generate_assignment")
        self.nbgrader("generate_assignment", assignment)
        on_step(f"handing in {len(submissions)} submissions")
        for submission in submissions:
            hand_in(self.folder, assignment, submission)
        on_step("autograde")
        self.nbgrader("autograde", assignment, on_line=show_student)

    def give_back(self, assignment: str, student: str = "*", on_step: Callable[[str], None] = lambda _: None) -> None:
        """Write feedback, to everyone or to one student, and export all scores to ``grades.csv``."""
        on_step("generate_feedback")
        self.nbgrader("generate_feedback", assignment, f"--student={student}")
        on_step("export")
        self.nbgrader("export", "--to", "grades.csv")

    def marks(self, assignment: str) -> dict[str, dict[str, Mark]]:
        """Read the gradebook: for each student, one mark per graded cell."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            return {
                submission.student.id: {
                    grade.name: Mark(grade.score, grade.needs_manual_grade)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions(assignment)
            }
