"""Which tests a referee can judge: those that it judges rightly where the verdict is known.

The instructor's own notebook is run as a submission, and the release as it was given out as another. A test is left to
the referee if it earns its points with the first, in time, and with the second nothing, or what it earns in place.
No student's work has a part in it. What came out is kept in the course's folder ``.grading``, for as long as the tests
and the solutions are the same.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import determine_grade, is_grade, setenv
from traitlets.config import Config

from guarantees.grading.box import SandboxUnavailable
from guarantees.grading.plan import Plan, texts_of
from guarantees.grading.rebuild import Damaged, Findings, parse, rebuild
from guarantees.grading.release import Release, ReleasedNotebook
from guarantees.grading.report import write_whole
from guarantees.grading.watch import Watched

_known: dict[str, frozenset[str]] = {}
_SHARE = 5  # times the processor time of a test with the instructor's solution must be within the limit for a cell


def plans(release: Release, course: CourseDirectory, config: Config, log: logging.Logger) -> dict[str, Plan]:
    """Give the plan of each notebook in which a referee can judge a test, trying them out if that is not known.

    Parameters
    ----------
    release : Release
    course : CourseDirectory
        With the instructor's notebooks; one that is not there is graded in the student's kernel.
    config : Config
        The course's.
    log : Logger
    """
    if config.Sandbox.get("unsandboxed", False) or not Watched(config=config).referee:
        return {}
    found = {}
    for name, released in release.notebooks.items():
        source = Path(course.format_path(course.source_directory, ".", release.assignment)) / f"{name}.ipynb"
        text = source.read_text(encoding="utf-8") if source.is_file() else ""
        plan = Plan.of(released, _solutions(text, released))
        if plan.refereed and text:
            settings = [config.get(section, {}) for section in ("Sandbox", "Execute", "Watched")]
            told = json.dumps(
                [plan.order, texts_of("wire", "envoy", "kernel"), text, settings], sort_keys=True, default=str
            )
            key = hashlib.sha256(told.encode()).hexdigest()
            if key not in _known:
                memory = Path(course.root) / ".grading" / f"{release.assignment}.referee.json"
                with _locked(memory):
                    remembered = _remembered(memory)
                    if key not in remembered:
                        log.info("Trying out which tests of %s a referee can judge", name)
                        try:
                            remembered[key] = sorted(_try_out(plan, released, text, source.parent, config))
                        except (SandboxUnavailable, RuntimeError, OSError) as error:
                            log.warning("All tests of %s run in the students' kernels, because: %s", name, error)
                            continue
                        write_whole(memory, json.dumps(remembered))
                _known[key] = frozenset(remembered[key])
            plan = plan.narrowed(_known[key])
            if plan.refereed:
                found[name] = plan
    return found


def _solutions(text: str, released: ReleasedNotebook) -> list[str]:
    """Give the instructor's answers."""
    with contextlib.suppress(Damaged):
        cells, _ = parse(text)
        marks = {name: cell.metadata.nbgrader for name, cell in released.cells.items()}
        return [cell.text for cell in cells if cell.grade_id in marks and marks[cell.grade_id].solution]
    return []


@contextlib.contextmanager
def _locked(memory: Path) -> Iterator[None]:
    """Let one process at a time try things out; the others wait and read what came of it."""
    memory.parent.mkdir(exist_ok=True)
    with memory.with_suffix(".lock").open("ab") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def _remembered(memory: Path) -> dict[str, list[str]]:
    try:
        return dict(json.loads(memory.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _try_out(plan: Plan, released: ReleasedNotebook, source: str, folder: Path, config: Config) -> frozenset[str]:
    try:
        solved, solved_run = _run(source, released, folder, config, plan)
    except Damaged:
        return frozenset()
    limit = Watched(config=config).timeout or 0
    full = {
        cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
        for cell in released.cells.values()
        if is_grade(cell)
    }
    plan = plan.narrowed(
        name
        for name in plan.refereed
        if solved.get(name) == full[name] and (not limit or solved_run.seconds.get(name, limit) * _SHARE < limit)
    )
    if plan.refereed:
        unsolved = nbformat.writes(released.notebook)
        outside, _ = _run(unsolved, released, folder, config, plan)
        inside = _run(unsolved, released, folder, config, None)[0] if any(outside.values()) else {}
        plan = plan.narrowed(name for name in plan.refereed if outside.get(name, -1) == inside.get(name, 0))
    return plan.refereed


def _run(
    text: str, released: ReleasedNotebook, folder: Path, config: Config, plan: Plan | None
) -> tuple[dict[str, float | None], Watched]:
    """Run a notebook as a submission, and give the scores of its tests; none for one that is withheld."""
    notebook = rebuild(text, released, Findings())
    with tempfile.TemporaryDirectory(prefix="trial-") as place, setenv(NBGRADER_EXECUTION="autograde"):
        shutil.copytree(folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.ipynb", ".*"))
        watched = Watched(config=config, plan=plan)
        watched.preprocess(notebook, {"metadata": {"path": place}})
    withheld = notebook.metadata.review["withheld"]
    return {name: score for name, score in _scores(notebook).items() if name not in withheld}, watched


def _scores(notebook: NotebookNode) -> dict[str, float | None]:
    scores: dict[str, float | None] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell):
            try:
                scores[cell.metadata.nbgrader.grade_id] = determine_grade(cell)[0]
            except ValueError:
                scores[cell.metadata.nbgrader.grade_id] = None
    return scores
