"""Where intake meets nbgrader: the exporter, the one part that nbgrader lets a course choose and makes in time.

``Autograde`` finds the submissions, makes its exporter, then goes through them. So the exporter, when it is made, takes
the submissions in and lets the converter see clean copies only, through a course directory of its own; it replaces the
writer by one that never leaves half a notebook behind; and it clears away what a killed run left half done.
"""

import fcntl
import fnmatch
import glob
import hashlib
import json
import re
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.writers.files import FilesWriter
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc, rmtree, setenv
from traitlets.config import Config

from guarantees.grading.box import SandboxUnavailable, require
from guarantees.grading.intake import Bounds, Submission, take_in, write_copy
from guarantees.grading.plan import Plan
from guarantees.grading.release import NotReady, Release
from guarantees.grading.report import printable, write_whole
from guarantees.grading.trial import plans


class CleanCourse(CourseDirectory):
    """A course directory in which the submissions are the clean copies."""

    copies: Path

    @classmethod
    def around(cls, course: CourseDirectory, copies: Path) -> "CleanCourse":
        """Take over all settings of a course directory."""
        clean = cls(parent=course.parent, **{name: getattr(course, name) for name in course.trait_names(config=True)})
        clean.copies = copies
        return clean

    def format_path(self, nbgrader_step: str, student_id: str, assignment_id: str, escape: bool = False) -> str:
        """As nbgrader's, but ``submitted`` is the folder of clean copies."""
        if nbgrader_step == self.submitted_directory:
            nbgrader_step = str(self.copies)
        path: str = super().format_path(nbgrader_step, student_id, assignment_id, escape=escape)
        return path

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """Read a timestamp; none if there is no readable one."""
        try:
            stamp: datetime = parse_utc((Path(dest_path) / "timestamp.txt").read_text(encoding="utf-8").strip())
        except (OSError, ValueError, OverflowError):
            return None
        return stamp


class Locks:
    """One run at a time for each submission: a byte of a file per student, freed when the process ends in any way."""

    def __init__(self, root: Path, assignment: str) -> None:
        folder = root / ".grading"
        folder.mkdir(exist_ok=True)
        self._file = (folder / f"{assignment}.lock").open("ab")

    def acquire(self, student: str) -> bool:
        """Reserve a submission for this process; false if another has it."""
        byte = int.from_bytes(hashlib.sha256(student.encode("utf-8", "surrogateescape")).digest()[:7])
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Give up every reservation."""
        self._file.close()


class WholeWriter(FilesWriter):
    """Writes a notebook so that at any moment there is the old file or the new one, never a part."""

    def write(self, output: str, resources: dict[str, Any], notebook_name: str = "notebook", **_: object) -> None:
        """Write the notebook."""
        target = Path(self.build_directory) / (notebook_name + resources.get("output_extension", ".ipynb"))
        write_whole(target, output)


class Busy(NbGraderException):
    """All that was to be graded is being graded by another run."""


class PreparedAutograde(Autograde):
    """Stock ``Autograde``, told what it would otherwise read again.

    Attributes
    ----------
    release : Release
    submissions : dict of student id to Submission
    """

    release: Release
    submissions: dict[str, Submission]

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade a clean copy, of which stock ``Autograde`` would make a sanitized one first."""
        if self.sanitize_preprocessors:
            super().convert_single_notebook(notebook_filename)
            return
        copy = Path(notebook_filename)
        ids = self.init_single_notebook_resources(notebook_filename)["nbgrader"]
        target = Path(self._format_dest(ids["assignment"], ids["student"]), copy.name)
        write_whole(target, copy.read_text(encoding="utf-8"))
        self._sanitizing = False
        self._init_preprocessors()
        self.exporter.optimistic_validation = True  # not after each step: what comes of all is held against the format
        try:
            with setenv(NBGRADER_EXECUTION="autograde"):
                BaseConverter.convert_single_notebook(self, str(target))
        finally:
            self._sanitizing = True


class SafeExporter(NotebookExporter):
    """The exporter of ``nbgrader autograde``: set ``c.Autograde.exporter_class`` to it.

    Attributes
    ----------
    accepted : dict of student id to Submission
    refused : dict of student id to exception
        :class:`~guarantees.grading.intake.CannotBeGraded`, or what went wrong while reading.
    busy : list of str
        Students whose submission another run is grading.
    plans : dict of notebook name to Plan
        What a referee judges.
    """

    def __init__(self, config: Config | None = None, **settings: Any) -> None:
        super().__init__(config=config, **settings)
        self.accepted: dict[str, Submission] = {}
        self.refused: dict[str, Exception] = {}
        self.busy: list[str] = []
        self.plans: dict[str, Plan] = {}
        if isinstance(self.parent, Autograde):
            self._take_over(self.parent)

    def _take_over(self, converter: Autograde) -> None:
        course = converter.coursedir
        prepared = isinstance(converter, PreparedAutograde)
        try:
            if not self.config.Sandbox.get("unsandboxed", False):
                require()
            release = converter.release if prepared else Release.load(course, course.assignment_id)
        except (NotReady, SandboxUnavailable) as reason:
            self.log.error("%s", reason)
            raise NbGraderException(str(reason)) from None
        self._copies = tempfile.TemporaryDirectory(prefix="submissions-", ignore_cleanup_errors=True)
        self._locks = Locks(Path(course.root), release.assignment)
        clean = CleanCourse.around(course, Path(self._copies.name))
        assignments = {}
        for student, folder in submission_folders(course, course.submitted_directory):
            if not self._locks.acquire(student):
                self.busy.append(student)
                self.log.warning("%s is being graded by another run: left to it", printable(student))
                continue
            copy = Path(clean.format_path(clean.submitted_directory, student, release.assignment))
            try:
                submission = converter.submissions[student] if prepared else take_in(folder, release, Bounds.of(course))
                self.accepted[student] = submission
                write_copy(submission, copy)
            except Exception as refusal:
                self.refused[student] = refusal
                self.log.error("%s cannot be graded: %s", printable(student), printable(str(refusal)))
                continue
            for line in submission.repairs + submission.flags:
                self.log.warning("%s: %s", printable(student), printable(line))
            names = [name for name in submission.notebooks if fnmatch.fnmatchcase(name, course.notebook_id)]
            result = Path(course.format_path(course.autograded_directory, student, release.assignment))
            if half_done(result, names):
                self.log.warning("Removing %s, which was not finished: it is graded anew", result)
                rmtree(str(result))
            assignments[str(copy)] = [str(copy / f"{name}.ipynb") for name in names]
        if not assignments:
            self.close()
            raise (Busy if self.busy else NbGraderException)("There is nothing that can be graded")
        self.plans = plans(release, course, self.config, self.log)
        converter.coursedir = clean
        converter.assignments = assignments
        converter.writer = WholeWriter(parent=converter, config=converter.config)

    def close(self) -> None:
        """Remove the clean copies and let other runs at the submissions."""
        self._copies.cleanup()
        self._locks.close()


def submission_folders(course: CourseDirectory, step: str) -> list[tuple[str, Path]]:
    """List the folders of the assignment and students that a course directory is set to, with the student's id."""
    found = glob.glob(course.format_path(step, course.student_id, course.assignment_id))
    pattern = course.format_path(step, "(?P<student>.*)", course.assignment_id, escape=True)
    matches = [(re.fullmatch(pattern, folder, re.DOTALL), Path(folder)) for folder in sorted(found)]
    return [(match["student"], folder) for match, folder in matches if match]


def half_done(result: Path, names: Iterable[str]) -> bool:
    """Say whether a killed run left a result behind that nbgrader would take for a finished one."""
    if not result.is_dir():
        return False
    for name in names:
        try:
            notebook = json.loads((result / f"{name}.ipynb").read_text(encoding="utf-8"))
            if notebook["metadata"].get("review", {}).get("complete") is False:
                return True
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return True
    return False
