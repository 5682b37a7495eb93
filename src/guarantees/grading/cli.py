"""``guarantees preflight`` and ``guarantees grade``: run them in the course's folder, as nbgrader's own commands."""

import functools
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from dask.system import CPU_COUNT
from nbgrader.apps import AutogradeApp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.engine import make_url

from guarantees.grading import EXPORTER
from guarantees.grading.box import SandboxUnavailable, python_of, require
from guarantees.grading.cluster import Job, NoScheduler, SchedulerGone, spread
from guarantees.grading.provisioner import SandboxProvisioner
from guarantees.grading.release import NotReady, Release
from guarantees.grading.report import Outcome, Report, printable
from guarantees.grading.run import check_submission, students


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
workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=CPU_COUNT,
    show_default="one per core",
    help="Processes on this machine.",
)
scheduler_option = click.option(
    "--scheduler", metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:PORT, whose workers grade instead."
)
db_option = click.option("--db", metavar="URL", help="The gradebook, if not the one that nbgrader_config.py names.")


def class_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for going through a class on many cores."""
    for option in (db_option, scheduler_option, workers_option, report_option, students_option, assignment_argument):
        command = option(command)
    return command


@main.command()
@assignment_argument
@students_option
@report_option
@db_option
@unsandboxed_option
def preflight(assignment: str, only: tuple[str, ...], report: Path | None, db: str | None, unsandboxed: bool) -> None:
    """Check the course, the sandbox and every submission of ASSIGNMENT, without grading."""
    app, release = _prepared(Job(Path.cwd(), assignment, db, unsandboxed))
    outcomes = [check_submission(app, student, release) for student in _chosen(app, only, "submitted")]
    _finish(Report(assignment, tuple(outcomes)), report)


@main.command()
@class_options
@unsandboxed_option
@click.option("--force", is_flag=True, help="Grade again what has been graded. Scores given by hand stay.")
def grade(
    assignment: str,
    only: tuple[str, ...],
    report: Path | None,
    workers: int,
    scheduler: str | None,
    db: str | None,
    unsandboxed: bool,
    force: bool,
) -> None:
    """Grade every submission of ASSIGNMENT that is new or has changed."""
    job = Job(Path.cwd(), assignment, db, unsandboxed, force)
    app, _ = _prepared(job, scheduler)
    destination = report or Path(app.coursedir.root) / "reports" / f"{assignment}.json"
    chosen = _chosen(app, only, "submitted")
    provisioner = SandboxProvisioner(config=app.config)
    nursery = functools.partial(provisioner.nursery, python_of(sys.executable))
    _run(job.grade, assignment, chosen, workers, scheduler, destination, nursery)


@main.command()
@class_options
def feedback(
    assignment: str,
    only: tuple[str, ...],
    report: Path | None,
    workers: int,
    scheduler: str | None,
    db: str | None,
) -> None:
    """Write the feedback of every graded submission of ASSIGNMENT anew."""
    job = Job(Path.cwd(), assignment, db)
    app, _ = _prepared(job, scheduler, runs_code=False)
    _run(job.feedback, assignment, _chosen(app, only, "autograded"), workers, scheduler, report)


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


def _chosen(app: AutogradeApp, only: Iterable[str], step: str) -> list[str]:
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
) -> None:
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
