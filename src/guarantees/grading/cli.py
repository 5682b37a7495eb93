"""``guarantees preflight`` and ``guarantees grade``: run them in the course's folder, as nbgrader's own commands."""

import signal
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from nbgrader.apps import AutogradeApp
from sqlalchemy.exc import SAWarning

from guarantees.grading import EXPORTER
from guarantees.grading.box import SandboxUnavailable, require
from guarantees.grading.release import NotReady, Release
from guarantees.grading.report import Outcome, Report, printable
from guarantees.grading.run import check_submission, grade_submission, open_course, students


@click.group()
def main() -> None:
    """Grade nbgrader assignments safely, and say what happened to each submission."""


assignment_argument = click.argument("assignment")
students_option = click.option(
    "--student", "only", multiple=True, metavar="ID", help="Only this student; may be repeated."
)
report_option = click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Where the report goes, as JSON."
)

unsandboxed_option = click.option(
    "--unsandboxed", is_flag=True, help="Run students' code without any protection; the report says so."
)


@main.command()
@assignment_argument
@students_option
@report_option
@unsandboxed_option
def preflight(assignment: str, only: tuple[str, ...], report: Path | None, unsandboxed: bool) -> None:
    """Check the course, the sandbox and every submission of ASSIGNMENT, without grading."""
    app, release = _prepared(assignment, unsandboxed)
    outcomes = [check_submission(app, student, release) for student in _chosen(app, only)]
    _finish(Report(assignment, tuple(outcomes)), report)


@main.command()
@assignment_argument
@students_option
@report_option
@unsandboxed_option
@click.option("--force", is_flag=True, help="Grade again what has been graded. Scores given by hand stay.")
def grade(assignment: str, only: tuple[str, ...], report: Path | None, unsandboxed: bool, force: bool) -> None:
    """Grade every submission of ASSIGNMENT that is new or has changed."""
    app, release = _prepared(assignment, unsandboxed)
    signal.signal(signal.SIGTERM, _stop)
    outcomes: list[Outcome] = []
    chosen = _chosen(app, only)
    destination = report or Path(app.coursedir.root) / "reports" / f"{assignment}.json"
    try:
        for number, student in enumerate(chosen, start=1):
            outcomes.append(grade_submission(app, student, release, force))
            click.echo(f"{number}/{len(chosen)} {printable(student)}: {outcomes[-1].state}", err=True)
    except KeyboardInterrupt:
        Report(assignment, tuple(outcomes)).save(destination)
        sys.exit(f"Stopped after {len(outcomes)} of {len(chosen)}. The same command goes on from here.")
    _finish(Report(assignment, tuple(outcomes)), destination)


def _prepared(assignment: str, unsandboxed: bool) -> tuple[AutogradeApp, Release]:
    # nbgrader's own way with its database, which nobody who grades can change.
    warnings.simplefilter("ignore", SAWarning)
    app = open_course(assignment)
    if app.config.Autograde.get("exporter_class") != EXPORTER:
        _refuse(
            "The course is not protected. Add to nbgrader_config.py: from guarantees.grading import protect; protect(c)"
        )
    try:
        if unsandboxed:
            app.config.SandboxProvisioner.unsandboxed = True
        else:
            require()
        release = Release.load(app.coursedir, assignment)
    except (NotReady, SandboxUnavailable) as reason:
        _refuse(str(reason))
    return app, release


def _chosen(app: AutogradeApp, only: Iterable[str]) -> list[str]:
    there = students(app)
    if not there:
        _refuse(f"Nobody has handed {app.coursedir.assignment_id} in: {app.coursedir.submitted_directory}/ holds none")
    if unknown := sorted(set(only) - set(there)):
        _refuse(f"No submission of {', '.join(map(printable, unknown))} in {app.coursedir.submitted_directory}/")
    return [student for student in there if student in only] if only else there


def _finish(report: Report, destination: Path | None) -> None:
    for line in report.lines():
        click.echo(line)
    if destination:
        report.save(destination)
        click.echo(f"Report: {destination}")
    sys.exit(0 if report.complete else 1)


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
