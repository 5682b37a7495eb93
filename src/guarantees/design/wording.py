"""Every level of every feature that can be designed, as a clause in plain words."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("clauses.csv")
LEVELS = (0, 1, 2, 3)


class Step(NamedTuple):
    """Features that are chosen together.

    Attributes
    ----------
    name : str
    note : str
        What is to be decided in it, and what of that no text can fix.
    """

    name: str
    note: str


STEPS = {
    "promise": Step("The promise", "What is owed, in which form, and when. The last choice is about what leaders say."),
    "means": Step("The means", "What stands behind the words in peacetime."),
    "bond": Step("The bond", "Who promises, from when and for how long. The last choice is about politics at home."),
    "life": Step("Life under it", "What it does to those who live with it: expectations rather than clauses."),
}


@cache
def _rows() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["feature"]: row for row in csv.DictReader(file)}


def clauses() -> dict[str, tuple[str, ...]]:
    """Write the levels of the features that can be designed as clauses.

    Returns
    -------
    dict of str to tuple of str
        Four clauses by feature, from level 0 to level 3, in the order of ``features.csv``.

    Examples
    --------
    >>> clauses()["legal_form"][3]
    'The parties conclude a treaty and ratify it.'
    """
    return {feature: tuple(row[f"level_{level}"] for level in LEVELS) for feature, row in _rows().items()}


def step(feature: str) -> str:
    """Name the step in which a feature is chosen."""
    return _rows()[feature]["step"]
