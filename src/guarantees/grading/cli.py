"""``guarantees preflight``, ``grade`` and ``feedback``: run them in the course's folder, as nbgrader's own commands.

Here are their options alone. What takes time to import begins in other processes before the rest of the command does.
"""

from collections.abc import Callable
from pathlib import Path

import click
from dask.system import CPU_COUNT


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
    from guarantees.grading import batch
    from guarantees.grading.job import Job

    batch.preflight(Job(Path.cwd(), assignment, db, unsandboxed), only, report)


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
    most = _begin(workers, scheduler, only, kernels=not unsandboxed)
    from guarantees.grading import batch
    from guarantees.grading.job import Job

    batch.grade(Job(Path.cwd(), assignment, db, unsandboxed, force), only, report, most, scheduler)


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
    most = _begin(workers, scheduler, only, kernels=False)
    from guarantees.grading import batch
    from guarantees.grading.job import Job

    batch.feedback(Job(Path.cwd(), assignment, db), only, report, most, scheduler)


def _begin(workers: int, scheduler: str | None, only: tuple[str, ...], kernels: bool) -> int:
    """Begin what will be needed on this machine, and say how many workers may be: one is enough for one student."""
    from guarantees.grading.workers import begin_nursery, import_ahead

    most = 1 if len(only) == 1 else workers
    if not scheduler:
        if most > 1:
            import_ahead()
        if kernels:
            begin_nursery()
    return most
