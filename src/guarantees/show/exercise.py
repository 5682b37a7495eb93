"""Links from a chapter to its problem set, and what the problem sets ask for."""

import json
import re
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from guarantees import catalog
from guarantees.show.html import Html, Row, table

TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
QUESTION = re.compile(r"^## (Question \d+\. .+)$", re.MULTILINE)
COURSE = re.compile(r"LO\d+")
OUTCOME = re.compile(r"^\*Outcomes?: (.+?)(?: Read: .*)?\*$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A question of a problem set, with the points that tests and a person can give for it.

    ``course`` is the id of the course's outcome that it serves, such as LO7; a question carries it as a tag.
    """

    name: str
    course: str
    outcome: str
    tests: float = 0
    hand: float = 0


class NoProblemSets(FileNotFoundError):
    """There are no notebooks of problem sets here; the message says where they were looked for."""


def exercise(name: str, title: str) -> Html:
    """Link a problem set's notebook: a download on the page, the notebook itself on Binder.

    Both keep it at ``exercises/<name>/<name>.ipynb``, two folders above a chapter.

    Parameters
    ----------
    name : str
        The assignment's name in nbgrader.
    title : str
        What the link says.
    """
    path = escape(f"../../exercises/{name}/{name}.ipynb")
    return Html(f'<p class="exercise"><a href="{path}" data-exercise="{escape(name)}">{escape(title)}</a></p>')


def problem_sets() -> Html:
    """Table the questions of every problem set, with the points that are given by tests and by hand.

    All of it is read from the notebooks: titles and outcomes from their text, points from nbgrader's metadata.

    Raises
    ------
    NoProblemSets
        If the project's folder of exercises is not there, as in an installed package.
    """
    tables = "".join(_problem_set(path) for path in notebooks())
    return Html(f'<div class="shown">{tables}</div>')


def notebooks() -> list[Path]:
    """Find the notebooks of the problem sets: the sources or, on Binder, the release versions."""
    exercises = catalog.folder().parent / "exercises"
    source = exercises / "source"
    found = sorted((source if source.is_dir() else exercises).glob("*/*.ipynb"))
    if not found:
        raise NoProblemSets(f"no problem set lies in {exercises}: a clone of the project's repository has them")
    return found


def questions(path: Path) -> list[Question]:
    """List the questions of a problem set, with their outcomes from its text and their points from nbgrader's metadata.

    Parameters
    ----------
    path : Path
        A notebook, as source or as released.
    """
    found: list[Question] = []
    for cell in _cells(path):
        text = _source(cell)
        if cell["cell_type"] == "markdown" and (match := QUESTION.search(text)):
            outcome = OUTCOME.search(text)
            course = ", ".join(tag for tag in cell["metadata"].get("tags", []) if COURSE.fullmatch(tag))
            found.append(Question(match[1], course, outcome[1] if outcome else ""))
        mark = cell["metadata"].get("nbgrader", {})
        # An answer that carries points itself is read by a person; points of tests stand on a cell of their own.
        if mark.get("grade") and (mark["solution"] or mark.get("task")):
            found[-1] = replace(found[-1], hand=found[-1].hand + mark["points"])
        elif mark.get("grade"):
            found[-1] = replace(found[-1], tests=found[-1].tests + mark["points"])
    return found


def _problem_set(path: Path) -> str:
    title = next(match[1] for cell in _cells(path) if (match := TITLE.search(_source(cell))))
    asked = questions(path)
    total = Question("All questions", "", "", sum(each.tests for each in asked), sum(each.hand for each in asked))
    rows = [
        Row((escape(each.name), escape(each.course), escape(each.outcome), _points(each.tests), _points(each.hand)))
        for each in [*asked, total]
    ]
    return table(
        title, ("Question", "Course outcome", "Outcome", "Points by tests", "Points by hand"), rows, stack=True
    )


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _points(number: float) -> str:
    return f"{number:g}" if number else "–"
