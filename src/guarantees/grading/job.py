"""What a process has to know to grade any submission of an assignment.

nbgrader is imported where there is work alone: the command that hands the work out is ready in a third of the time.
"""

import functools
import os
import sys
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from guarantees.grading import EXPORTER
from guarantees.grading.box import SandboxUnavailable, python_of, require
from guarantees.grading.report import Outcome, printable

if TYPE_CHECKING:
    from nbgrader.apps import AutogradeApp

    from guarantees.grading.release import Release


class Refused(Exception):
    """The course is not ready for a command, or the command makes no sense for it."""


class Prepared(NamedTuple):
    """Who is to be gone through, and the course's folder as nbgrader sees it."""

    students: list[str]
    root: Path


@dataclass(frozen=True)
class Job:
    """An assignment to be graded.

    Attributes
    ----------
    course : Path
        The course's folder, the same on every machine.
    assignment : str
    db : str, optional
        URL of the gradebook, if it is not the one that the course's configuration names.
    unsandboxed, force : bool
        As the commands' options.
    id : str
        Of this run of the command: a process reads configuration and release once for each.
    """

    course: Path
    assignment: str
    db: str | None = None
    unsandboxed: bool = False
    force: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def open(self) -> "AutogradeApp":
        """Set nbgrader up for the job in this process."""
        from sqlalchemy.exc import SAWarning

        from guarantees.grading.gradebook import patient
        from guarantees.grading.run import open_course

        os.chdir(self.course)
        # nbgrader's own way with its database, which nobody who grades can change.
        warnings.simplefilter("ignore", SAWarning)
        app = open_course(self.assignment)
        app.coursedir.db_url = app.config.CourseDirectory.db_url = patient(self.db or app.coursedir.db_url)
        if self.unsandboxed:
            app.config.Sandbox.unsandboxed = True
        return app

    def prepare(self, step: str, only: Sequence[str] = (), scheduler: str | None = None) -> Prepared:
        """Check the course, and the sandbox if code is to be run; have this process ready for the work.

        Parameters
        ----------
        step : str
            ``submitted`` to run what was handed in, ``autograded`` to go through what was graded.
        only : sequence of str
            Students, if not all.
        scheduler : str, optional
            As the commands' option.

        Raises
        ------
        Refused
            If it cannot be done; the message gives the reason and the remedy.
        """
        from traitlets import TraitError

        from guarantees.grading.release import NotReady

        try:
            return self._prepare(step, only, scheduler)
        except SystemExit:
            raise Refused("nbgrader cannot be set up with the course's nbgrader_config.py: see above") from None
        except TraitError as error:
            raise Refused(f"nbgrader_config.py: {error}") from None
        except (NotReady, SandboxUnavailable) as reason:
            raise Refused(str(reason)) from None

    def _prepare(self, step: str, only: Sequence[str], scheduler: str | None) -> Prepared:
        from sqlalchemy.engine import make_url

        from guarantees.grading.run import students
        from guarantees.grading.sandbox import Sandbox

        app = self.open()
        if app.config.Autograde.get("exporter_class") != EXPORTER:
            raise Refused(
                "The course is not protected. Add to nbgrader_config.py: from guarantees.grading import protect; "
                "protect(c)"
            )
        if scheduler and make_url(app.coursedir.db_url).get_backend_name() == "sqlite":
            raise Refused(
                "Several machines cannot write to a gradebook in SQLite: with --scheduler give "
                "--db postgresql+psycopg://HOST/DATABASE, or name it in nbgrader_config.py"
            )
        sandbox = Sandbox(config=app.config)
        if step == "submitted" and not sandbox.unsandboxed:
            require()
            if not scheduler:
                sandbox.nursery(python_of(sys.executable))
        _opened(self)
        folder = getattr(app.coursedir, f"{step}_directory")
        there = students(app.coursedir, folder)
        if not there:
            missing = "handed {} in" if step == "submitted" else "been graded for {}"
            raise Refused(f"Nobody has {missing.format(self.assignment)}: {folder}/ holds none")
        if unknown := sorted(set(only) - set(there)):
            raise Refused(f"Nothing of {', '.join(map(printable, unknown))} in {folder}/")
        return Prepared([student for student in there if not only or student in only], Path(app.coursedir.root))

    def check(self, student: str) -> Outcome:
        """Say what intake makes of a submission."""
        from guarantees.grading.run import check_submission

        app, release = _opened(self)
        return check_submission(app, student, release)

    def grade(self, student: str) -> Outcome:
        """Grade one submission in this process."""
        from guarantees.grading.run import grade_submission

        app, release = _opened(self)
        return grade_submission(app, student, release, self.force)

    def feedback(self, student: str) -> Outcome:
        """Write the feedback of one submission in this process."""
        from guarantees.grading.run import give_feedback

        return give_feedback(_opened(self)[0], student)


@functools.lru_cache(maxsize=1)
def _opened(job: Job) -> tuple["AutogradeApp", "Release"]:
    from guarantees.grading.release import Release

    app = job.open()
    return app, Release.load(app.coursedir, job.assignment)
