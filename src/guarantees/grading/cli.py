"""``guarantees preflight`` and ``guarantees grade``: run them in the course's folder, as nbgrader's own commands."""

import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from nbgrader.apps import AutogradeApp

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


@main.command()
@assignment_argument
@students_option
@report_option
def preflight(assignment: str, only: tuple[str, ...], report: Path | None) -> None:
    """Check the course, the sandbox and every submission of ASSIGNMENT, without grading."""
    app, release = _prepared(assignment)
    outcomes = [check_submission(app, student, release) for student in _chosen(app, only)]
    _finish(Report(assignment, tuple(outcomes)), report)


@main.command()
@assignment_argument
@students_option
@report_option
@click.option("--force", is_flag=True, help="Grade again what has been graded. Scores given by hand stay.")
def grade(assignment: str, only: tuple[str, ...], report: Path | None, force: bool) -> None:
    """Grade every submission of ASSIGNMENT that is new or has changed."""
    app, release = _prepared(assignment)
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


def _prepared(assignment: str) -> tuple[AutogradeApp, Release]:
    app = open_course(assignment)
    try:
        release = Release.load(app.coursedir, assignment)
    except NotReady as reason:
        _refuse(str(reason))
    return app, release


def _chosen(app: AutogradeApp, only: Iterable[str]) -> list[str]:
    there = students(app)
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
