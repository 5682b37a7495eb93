"""A design as a small JSON file, written by the widget or by hand.

``{"format": "guarantee-design", "version": 1, "title": "…", "base": "south_korea", "design": {"legal_form": 3, …}}``

``format`` and ``version`` tell the file from others. ``title`` and ``base``, the model that the design started from,
may be left out. ``design`` holds levels from 0 to 3 by feature; a feature that is left out has not been decided, and
``record`` has no place in it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from guarantees import catalog
from guarantees.design.wording import LEVELS, clauses
from guarantees.tableschema import near

FORMAT = "guarantee-design"
VERSION = 1
KEYS = ("format", "version", "title", "base", "design")


class InvalidDesign(ValueError):
    """A file that holds no design, or a faulty one; the message has one line for each fault."""


def read_design(path: str | Path, complete: bool = False) -> dict[str, int]:
    """Read a design that was saved by the `GuaranteeDesigner` or written by hand.

    Parameters
    ----------
    path : str or Path
    complete : bool
        Whether every feature must have been decided.

    Returns
    -------
    dict of str to int
        Levels 0 to 3 by feature, in the order of ``features.csv``: what ``GuaranteeDesigner.design`` holds.

    Raises
    ------
    InvalidDesign
        If there is no such file, if it is not JSON, or if something in it is not as described in
        :mod:`guarantees.design.file`.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidDesign(f"{path} cannot be read: {error.strerror}; save a design there first") from None
    except ValueError as error:
        raise InvalidDesign(f"{path} is not JSON: {error}") from None
    faults = list(_faults(content, complete))
    if faults:
        raise InvalidDesign("\n".join(f"{path}: {fault}" for fault in faults))
    levels = content["design"]
    return {feature: levels[feature] for feature in clauses() if feature in levels}


def write_design(path: str | Path, design: Mapping[str, int], title: str = "", base: str = "") -> None:
    """Save a design, as the `GuaranteeDesigner` would.

    Parameters
    ----------
    path : str or Path
    design : mapping of feature to level (0-3)
    title : str
    base : str
        The model that the design started from.

    Raises
    ------
    InvalidDesign
        If the file would be faulty; nothing is written then.
    """
    levels = {feature: int(level) if level in LEVELS else level for feature, level in design.items()}
    content = {"format": FORMAT, "version": VERSION, "title": title, "base": base, "design": levels}
    if faults := list(_faults(content, complete=False)):
        raise InvalidDesign("\n".join(faults))
    Path(path).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _faults(content: Any, complete: bool) -> Iterator[str]:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        yield f'this is no design: "format" should be "{FORMAT}"'
        return
    if content.get("version") != VERSION or isinstance(content["version"], bool):
        yield f'"version" should be {VERSION}, not {json.dumps(content.get("version"))}'
    for key in content:
        if key not in KEYS:
            yield f"nothing in a design is called {key!r}{near(key, KEYS)}"
    if not isinstance(content.get("title", ""), str):
        yield f'"title" should be a text, not {json.dumps(content["title"])}'
    base, models = content.get("base", ""), ["", *catalog.load("models")["id"]]
    if base not in models:
        yield f'"base" should be the id of a model or empty, not {json.dumps(base)}{near(str(base), models)}'
    yield from _level_faults(content.get("design"), complete)


def _level_faults(levels: Any, complete: bool) -> Iterator[str]:
    if not isinstance(levels, dict):
        yield '"design" should hold a level for each feature'
        return
    known = clauses()
    for feature, level in levels.items():
        if feature == "record":
            yield "record is an outcome: it cannot be designed"
        elif feature not in known:
            yield f"there is no feature {feature!r}{near(feature, known)}"
        elif isinstance(level, bool) or not isinstance(level, int) or level not in LEVELS:
            yield f"{feature} should be 0, 1, 2 or 3, not {json.dumps(level)}"
    if complete and (missing := [feature for feature in known if feature not in levels]):
        yield f"not decided yet: {', '.join(missing)}"
