"""A class gone through by one of the commands: how it goes on, and the report after."""

import functools
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from guarantees.grading.cluster import NoScheduler, SchedulerGone, workers
from guarantees.grading.job import Job, Prepared, Refused
from guarantees.grading.report import Outcome, Report, printable


def preflight(job: Job, only: Sequence[str], destination: Path | None) -> NoReturn:
    """Check the course, the sandbox and every submission."""
    try:
        prepared = job.prepare("submitted", only)
    except Refused as reason:
        _refuse(reason)
    _finish(Report(job.assignment, tuple(map(job.check, prepared.students))), destination)


def grade(job: Job, only: Sequence[str], destination: Path | None, most: int, scheduler: str | None) -> NoReturn:
    """Grade every submission that is new or has changed, and write a report in any case."""
    prepare = functools.partial(job.prepare, "submitted", only, scheduler)
    _run(
        job,
        job.grade,
        prepare,
        most,
        scheduler,
        lambda root: destination or root / "reports" / f"{job.assignment}.json",
    )


def feedback(job: Job, only: Sequence[str], destination: Path | None, most: int, scheduler: str | None) -> NoReturn:
    """Write the feedback of every graded submission anew."""
    prepare = functools.partial(job.prepare, "autograded", only, scheduler)
    _run(job, job.feedback, prepare, most, scheduler, lambda _: destination)


def _run(
    job: Job,
    task: Callable[[str], Outcome],
    prepare: Callable[[], Prepared],
    most: int,
    scheduler: str | None,
    report_in: Callable[[Path], Path | None],
) -> NoReturn:
    """Do a task for each student, show how it goes on, and report also on what was done before a stop."""
    signal.signal(signal.SIGTERM, _stop)
    outcomes: list[Outcome] = []
    prepared = stopped = None
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    console = Console(stderr=True, soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=None, rate="")
        try:
            with workers(most, scheduler) as they:
                prepared = they.prepare(prepare)
                total = len(prepared.students)
                progress.update(bar, total=total)
                for outcome in they.go_through(task, prepared.students):
                    outcomes.append(outcome)
                    line = f"{len(outcomes)}/{total} {printable(outcome.student)}: {outcome.state}"
                    console.print(line, markup=False, highlight=False)
                    pace = progress.tasks[0].finished_speed or progress.tasks[0].speed
                    progress.update(bar, advance=1, rate=f"{60 * pace:.0f} a minute" if pace else "")
        except KeyboardInterrupt:
            stopped = "Stopped"
        except SchedulerGone as gone:
            stopped = str(gone)
        except (Refused, NoScheduler) as reason:
            _refuse(reason)
    if not prepared:
        sys.exit(f"{stopped} before anything was done.")
    destination = report_in(prepared.root)
    report = Report(job.assignment, tuple(outcomes))
    if not stopped:
        _finish(report, destination)
    if destination:
        report.save(destination)
    sys.exit(f"{stopped} after {len(outcomes)} of {total}. The same command goes on from here.")


def _finish(report: Report, destination: Path | None) -> NoReturn:
    for line in report.lines():
        click.echo(line)
    if destination:
        report.save(destination)
        click.echo(f"Report: {destination}")
    sys.exit(0 if report.complete else 1)


def _refuse(reason: Exception) -> NoReturn:
    click.echo(str(reason), err=True)
    sys.exit(2)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
