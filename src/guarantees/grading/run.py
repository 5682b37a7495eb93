"""One submission from intake to gradebook, and what came of it."""

import glob
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import temp_attrs

from guarantees.grading.exporter import Busy, submission_folders
from guarantees.grading.intake import Bounds, CannotBeGraded, take_in
from guarantees.grading.rebuild import empty_review
from guarantees.grading.release import Release
from guarantees.grading.report import Outcome, State


def open_course(assignment: str) -> AutogradeApp:
    """Set nbgrader up as ``nbgrader autograde`` does in this folder, with the course's own configuration."""
    AutogradeApp.clear_instance()
    app = AutogradeApp.instance()
    app.initialize(["--log-level=CRITICAL", f"--assignment={assignment}"])
    return app


def students(app: AutogradeApp) -> list[str]:
    """List who has handed the assignment in."""
    return [student for student, _ in submission_folders(app.coursedir)]


def check_submission(app: AutogradeApp, student: str, release: Release) -> Outcome:
    """Say what intake makes of a submission, without grading it."""
    with _only(app.coursedir, student):
        ((_, folder),) = submission_folders(app.coursedir)
    try:
        submission = take_in(folder, release, Bounds.of(app.coursedir))
    except CannotBeGraded as refusal:
        return Outcome(student, State.REFUSED, because=refusal.reason, ask=refusal.ask)
    except Exception as error:
        return Outcome(student, State.FAILED, because=describe(error))
    return Outcome(student, State.READY, repairs=tuple(submission.repairs), flags=tuple(submission.flags))


def grade_submission(app: AutogradeApp, student: str, release: Release, force: bool = False) -> Outcome:
    """Grade one submission with stock ``Autograde`` and read the outcome from the gradebook and the graded notebooks.

    Whatever goes wrong becomes an outcome, so that the next submission is not touched by it.

    Parameters
    ----------
    app : AutogradeApp
        From :func:`open_course`.
    student : str
    release : Release
    force : bool
        Grade even if the same work has been graded before. Scores given by hand stay.
    """
    before = check_submission(app, student, release)
    if before.state is not State.READY:
        return before
    with _only(app.coursedir, student), _errors(app.log) as errors:
        written = _written(app.coursedir, student, release)
        converter = Autograde(coursedir=app.coursedir, parent=app, force=force)
        try:
            converter.start()
        except Busy:
            return Outcome(student, State.BUSY)
        except Exception as failure:
            return Outcome(student, State.FAILED, because=describe(errors[0] if errors else failure))
        finally:
            if converter.trait_has_value("exporter"):
                converter.exporter.close()
        return _outcome(
            app.coursedir, student, release, earlier=written == _written(app.coursedir, student, release) != {}
        )


def describe(error: BaseException) -> str:
    """Say in a line what went wrong."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


@contextmanager
def _only(course: CourseDirectory, student: str) -> Iterator[None]:
    with temp_attrs(course, student_id=glob.escape(student)):
        yield


@contextmanager
def _errors(log: logging.Logger) -> Iterator[list[BaseException]]:
    """Collect what nbgrader catches and logs, in place of its printing."""
    errors: list[BaseException] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR and (error := sys.exception()):
                errors.append(error)

    handlers, level = log.handlers[:], log.level
    log.handlers[:] = [Collector()]
    log.setLevel(logging.ERROR)
    try:
        yield errors
    finally:
        log.handlers[:] = handlers
        log.setLevel(level)


def _graded_notebook(course: CourseDirectory, student: str, name: str) -> Path:
    folder = course.format_path(course.autograded_directory, student, course.assignment_id)
    return Path(folder) / f"{name}.ipynb"


def _written(course: CourseDirectory, student: str, release: Release) -> dict[str, int]:
    files = {name: _graded_notebook(course, student, name) for name in release.notebooks}
    return {name: file.stat().st_mtime_ns for name, file in files.items() if file.exists()}


def _outcome(course: CourseDirectory, student: str, release: Release, earlier: bool) -> Outcome:
    """Read what came of a submission: scores from the gradebook, the rest from the graded notebooks."""
    repairs: list[str] = []
    flags: list[str] = []
    withheld: list[str] = []
    by_hand: list[str] = []
    stopped: list[str] = []
    cells: dict[str, str] = {}
    sandboxes: set[str] = set()
    with Gradebook(course.db_url, course.course_id) as gradebook:
        submission = gradebook.find_submission(course.assignment_id, student)
        score = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
        for notebook in submission.notebooks:
            file = _graded_notebook(course, student, notebook.name)
            metadata = json.loads(file.read_text(encoding="utf-8"))["metadata"] if file.exists() else {}
            review, record = metadata.get("review", empty_review()), metadata.get("grading", {})
            repairs += review["repairs"]
            flags += review["flags"]
            cells |= {f"{notebook.name}/{name}": how for name, how in review["cells"].items()}
            sandboxes.add(record.get("sandbox", "none"))
            if record.get("stopped"):
                stopped.append(record["stopped"]["message"])
            waiting = [
                grade.name for grade in notebook.grades if grade.auto_score is None and grade.manual_score is None
            ]
            tests = {*review["withheld"], *release.notebooks[notebook.name].tests}
            withheld += [f"{notebook.name}/{name}" for name in waiting if name in tests]
            by_hand += [f"{notebook.name}/{name}" for name in waiting if name not in tests]
        return Outcome(
            student,
            State.WITHHELD if withheld else State.GRADED,
            score=score,
            max_score=submission.max_score,
            withheld=tuple(withheld),
            by_hand=tuple(by_hand),
            repairs=tuple(dict.fromkeys(repairs)),
            flags=tuple(dict.fromkeys(flags)),
            cells=cells,
            sandbox="none" if "none" in sandboxes else ", ".join(sorted(sandboxes)),
            stopped=tuple(stopped),
            earlier=earlier,
        )
