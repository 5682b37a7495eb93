"""A class gone through by one of the commands: what is checked before, how it goes on, and the report after."""

import functools
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from nbgrader.apps import AutogradeApp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.engine import make_url
from traitlets import TraitError

from guarantees.grading import EXPORTER
from guarantees.grading.box import SandboxUnavailable, python_of, require
from guarantees.grading.cluster import Job, NoScheduler, SchedulerGone, spread
from guarantees.grading.release import NotReady, Release
from guarantees.grading.report import Outcome, Report, printable
from guarantees.grading.run import check_submission, students
from guarantees.grading.sandbox import Sandbox


def preflight(job: Job, only: Sequence[str], destination: Path | None) -> NoReturn:
    """Check the course, the sandbox and every submission."""
    app, release = _prepared(job)
    outcomes = [check_submission(app, student, release) for student in _chosen(app, only, "submitted")]
    _finish(Report(job.assignment, tuple(outcomes)), destination)


def grade(job: Job, only: Sequence[str], destination: Path | None, workers: int, scheduler: str | None) -> NoReturn:
    """Grade every submission that is new or has changed."""
    app, _ = _prepared(job, scheduler)
    destination = destination or Path(app.coursedir.root) / "reports" / f"{job.assignment}.json"
    try:
        sandbox = Sandbox(config=app.config)
    except TraitError as error:
        _refuse(f"nbgrader_config.py: {error}")
    nursery = functools.partial(sandbox.nursery, python_of(sys.executable))
    _run(job.grade, job.assignment, _chosen(app, only, "submitted"), workers, scheduler, destination, nursery)


def feedback(job: Job, only: Sequence[str], destination: Path | None, workers: int, scheduler: str | None) -> NoReturn:
    """Write the feedback of every graded submission anew."""
    app, _ = _prepared(job, scheduler, runs_code=False)
    _run(job.feedback, job.assignment, _chosen(app, only, "autograded"), workers, scheduler, destination)


def _prepared(job: Job, scheduler: str | None = None, runs_code: bool = True) -> tuple[AutogradeApp, Release]:
    app = job.open()
    if app.config.Autograde.get("exporter_class") != EXPORTER:
        _refuse(
            "The course is not protected. Add to nbgrader_config.py: from guarantees.grading import protect; protect(c)"
        )
    if scheduler and make_url(app.coursedir.db_url).get_backend_name() == "sqlite":
        _refuse(
            "Several machines cannot write to a gradebook in SQLite: with --scheduler give "
            "--db postgresql+psycopg://HOST/DATABASE, or name it in nbgrader_config.py"
        )
    try:
        if runs_code and not job.unsandboxed:
            require()
        return app, Release.load(app.coursedir, job.assignment)
    except (NotReady, SandboxUnavailable) as reason:
        _refuse(str(reason))


def _chosen(app: AutogradeApp, only: Sequence[str], step: str) -> list[str]:
    folder = getattr(app.coursedir, f"{step}_directory")
    there = students(app.coursedir, folder)
    if not there:
        missing = "handed {} in" if step == "submitted" else "been graded for {}"
        _refuse(f"Nobody has {missing.format(app.coursedir.assignment_id)}: {folder}/ holds none")
    if unknown := sorted(set(only) - set(there)):
        _refuse(f"Nothing of {', '.join(map(printable, unknown))} in {folder}/")
    return [student for student in there if student in only] if only else there


def _run(
    task: Callable[[str], Outcome],
    assignment: str,
    chosen: list[str],
    workers: int,
    scheduler: str | None,
    destination: Path | None,
    ahead: Callable[[], object] = lambda: None,
) -> NoReturn:
    """Do a task for each student, show how it goes on, and report also on what was done before a stop."""
    signal.signal(signal.SIGTERM, _stop)
    outcomes: list[Outcome] = []
    stopped = None
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    console = Console(stderr=True, soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=len(chosen), rate="")
        try:
            for outcome in spread(task, chosen, min(workers, len(chosen)), scheduler, ahead):
                outcomes.append(outcome)
                line = f"{len(outcomes)}/{len(chosen)} {printable(outcome.student)}: {outcome.state}"
                console.print(line, markup=False, highlight=False)
                pace = progress.tasks[0].finished_speed or progress.tasks[0].speed
                progress.update(bar, advance=1, rate=f"{60 * pace:.0f} a minute" if pace else "")
        except KeyboardInterrupt:
            stopped = "Stopped"
        except SchedulerGone as gone:
            stopped = str(gone)
        except NoScheduler as reason:
            _refuse(str(reason))
    if stopped:
        if destination:
            Report(assignment, tuple(outcomes)).save(destination)
        sys.exit(f"{stopped} after {len(outcomes)} of {len(chosen)}. The same command goes on from here.")
    _finish(Report(assignment, tuple(outcomes)), destination)


def _finish(report: Report, destination: Path | None) -> NoReturn:
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
