"""One submission from intake to gradebook, and what came of it."""

import glob
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import temp_attrs

from guarantees.grading.exporter import Busy, PreparedAutograde, submission_folders
from guarantees.grading.gradebook import keep_engines, opened_once
from guarantees.grading.intake import Bounds, CannotBeGraded, Submission, take_in
from guarantees.grading.rebuild import empty_review
from guarantees.grading.release import NotReady, Release, require_gradebook
from guarantees.grading.report import Outcome, State, describe
from guarantees.grading.scores import cell_names


class Unrecorded(Exception):
    """The gradebook does not hold what the graded notebooks say was saved: it is another one, or an older copy."""


def open_course(assignment: str) -> AutogradeApp:
    """Set nbgrader up as ``nbgrader autograde`` does in this folder, with the course's own configuration.

    Raises
    ------
    NotReady
        If the configuration cannot be run, over which nbgrader itself would go on without it.
    """
    keep_engines()
    AutogradeApp.clear_instance()
    app = AutogradeApp.instance(raise_config_file_errors=True)
    try:
        app.initialize(["--log-level=CRITICAL", f"--assignment={assignment}"])
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("_config.py")]
        place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "The settings of nbgrader"
        raise NotReady(f"{place}: {describe(error)}") from None
    return app


def students(course: CourseDirectory, step: str) -> list[str]:
    """List who has a folder of the assignment in one of nbgrader's directories, such as ``submitted``."""
    return [student for student, _ in submission_folders(course, step)]


def check_submission(app: AutogradeApp, student: str, release: Release) -> Outcome:
    """Say what intake makes of a submission, without grading it."""
    taken = _take_in(app, student, release)
    if isinstance(taken, Outcome):
        return taken
    return Outcome(student, State.READY, repairs=tuple(taken.repairs), flags=tuple(taken.flags))


def grade_submission(app: AutogradeApp, student: str, release: Release, force: bool = False) -> Outcome:
    """Grade one submission with stock ``Autograde`` and read the outcome from the gradebook and the graded notebooks.

    Only those of its notebooks are run that were never graded, or whose content or tests are not what they were.
    Whatever goes wrong becomes an outcome, so that the next submission is not touched by it.

    Parameters
    ----------
    app : AutogradeApp
        From :func:`open_course`.
    student : str
    release : Release
    force : bool
        Grade even what has been graded before. Scores given by hand stay.
    """
    submission = _take_in(app, student, release)
    if isinstance(submission, Outcome):
        return submission
    course = app.coursedir
    reasons = {name: _why(_graded_notebook(course, student, name), work) for name, work in submission.work.items()}
    try:
        require_gradebook(course)
        with opened_once():
            if force:
                reasons = {name: why or "asked for" for name, why in reasons.items()}
            elif not any(reasons.values()):
                try:
                    return _outcome(course, student, release)
                except Unrecorded:
                    reasons = dict.fromkeys(reasons, "the gradebook did not hold its scores")
            to_do = [name for name, why in reasons.items() if why]
            # A run of all starts with an empty folder.
            for name in ["*"] if len(to_do) == len(reasons) else map(glob.escape, to_do):
                with temp_attrs(course, student_id=glob.escape(student), notebook_id=name):
                    _autograde(app, release, {student: submission})
            return _outcome(course, student, release, reasons[to_do[0]])
    except Busy:
        return Outcome(student, State.BUSY)
    except Exception as failure:
        return Outcome(student, State.FAILED, because=describe(failure))


def give_feedback(app: AutogradeApp, student: str) -> Outcome:
    """Write the feedback of a graded submission anew with stock ``GenerateFeedback``.

    Parameters
    ----------
    app : AutogradeApp
        From :func:`open_course`.
    student : str
    """
    try:
        with opened_once(), temp_attrs(app.coursedir, student_id=glob.escape(student)), _first_error(app.log):
            GenerateFeedback(coursedir=app.coursedir, parent=app, force=True).start()
    except Exception as failure:
        return Outcome(student, State.FAILED, because=describe(failure))
    return Outcome(student, State.WRITTEN)


def _take_in(app: AutogradeApp, student: str, release: Release) -> Submission | Outcome:
    """Read a submission, or say why that cannot be."""
    course = app.coursedir
    folder = Path(course.format_path(course.submitted_directory, student, course.assignment_id))
    try:
        return take_in(folder, release, Bounds.of(course))
    except CannotBeGraded as refusal:
        return Outcome(student, State.REFUSED, because=refusal.reason, ask=refusal.ask)
    except Exception as error:
        return Outcome(student, State.FAILED, because=describe(error))


def _why(graded: Path, work: dict[str, str]) -> str | None:
    """Say why a notebook has to be graded, if it has."""
    try:
        review = json.loads(graded.read_text(encoding="utf-8"))["metadata"]["review"]
        before, complete = review["work"], review["complete"]
    except (OSError, ValueError, LookupError, TypeError):
        return "new"
    if not complete:
        return "an earlier run was cut short"
    if before["answers"] != work["answers"]:
        return "the work has changed"
    return "the release, its tests or its points have changed" if before != work else None


def _autograde(app: AutogradeApp, release: Release, submissions: dict[str, Submission]) -> None:
    with _first_error(app.log):
        converter = PreparedAutograde(coursedir=app.coursedir, parent=app, force=True)
        converter.release, converter.submissions = release, submissions
        try:
            converter.start()
        finally:
            if converter.trait_has_value("exporter"):
                converter.exporter.close()


@contextmanager
def _first_error(log: logging.Logger) -> Iterator[None]:
    """Raise the error that nbgrader caught and logged, in place of the one that it raises in the end."""
    errors: list[BaseException] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR and (error := sys.exception()):
                errors.append(error)

    handlers, level = log.handlers[:], log.level
    log.handlers[:] = [Collector()]
    log.setLevel(logging.ERROR)
    try:
        yield
    except NbGraderException as general:
        raise (errors or [general])[0] from None
    finally:
        log.handlers[:] = handlers
        log.setLevel(level)


def _graded_notebook(course: CourseDirectory, student: str, name: str) -> Path:
    folder = course.format_path(course.autograded_directory, student, course.assignment_id)
    return Path(folder) / f"{name}.ipynb"


def _outcome(course: CourseDirectory, student: str, release: Release, why: str | None = None) -> Outcome:
    """Read what came of a submission: scores from the gradebook, the rest from the graded notebooks.

    Raises
    ------
    Unrecorded
        If the gradebook has not the scores that the notebooks were given.
    """
    repairs: list[str] = []
    flags: list[str] = []
    withheld: list[str] = []
    by_hand: list[str] = []
    stopped: list[str] = []
    cells: dict[str, str] = {}
    sandboxes: set[str] = set()
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(course.assignment_id, student)
        except MissingEntry:
            raise Unrecorded from None
        score = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
        for notebook in submission.notebooks:
            file = _graded_notebook(course, student, notebook.name)
            metadata = json.loads(file.read_text(encoding="utf-8"))["metadata"] if file.exists() else {}
            review, record = metadata.get("review", empty_review()), metadata.get("grading", {})
            repairs += review["repairs"]
            flags += review["flags"]
            cells |= {f"{notebook.name}/{name}": how for name, how in review["cells"].items()}
            scores, names = review.get("scores", {}), cell_names(gradebook, notebook)
            grades = {names[grade.cell_id]: grade for grade in notebook.grades}
            if any(grade.auto_score != scores.get(name, grade.auto_score) for name, grade in grades.items()):
                raise Unrecorded
            sandboxes.add(record.get("sandbox", "none"))
            if record.get("stopped"):
                stopped.append(record["stopped"]["message"])
            waiting = [
                name for name, grade in grades.items() if grade.auto_score is None and grade.manual_score is None
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
            why=why,
        )
