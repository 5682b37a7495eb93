"""The role-play on paper: what each delegation aims at, what it can live with, and where they meet."""

from collections.abc import Iterable
from html import escape

import pandas as pd

from guarantees import catalog
from guarantees.show.html import Html, Row, table
from guarantees.show.text import origin
from guarantees.tableschema import Unknown, near

DELEGATIONS = {
    "ukraine": "Ukraine",
    "united_states": "United States",
    "france_britain": "France and Britain",
    "poland": "Poland",
    "european_union": "European Union",
    "russia": "Russia",
}
ADVERSARY = "russia"


class UnknownDelegation(Unknown):
    """There is no such delegation; the message lists near matches."""


def issues() -> list[str]:
    """List the features that are negotiated, in the order of the table."""
    return list(catalog.load("positions")["feature"].unique())


def positions(delegation: str) -> Html:
    """Table what one delegation aims at and can live with, and why.

    Parameters
    ----------
    delegation : str
        A key of ``DELEGATIONS``.

    Raises
    ------
    UnknownDelegation
        If there is no such delegation; the message lists near matches.
    """
    if delegation not in DELEGATIONS:
        raise UnknownDelegation(
            f"no delegation is called {delegation!r}{near(delegation, DELEGATIONS)}; there are {', '.join(DELEGATIONS)}"
        )
    names = catalog.load("features").set_index("id")["name"]
    rows = catalog.load("positions")
    listed = [
        Row((escape(names[row["feature"]]), str(row["aim"]), _span(row), _why(row)), source=row["source"])
        for _, row in rows[rows["delegation"] == delegation].iterrows()
    ]
    heads = ("Issue", "Aims at clause", "Can live with", "Why")
    return Html(f'<div class="shown">{table(f"Positions: {DELEGATIONS[delegation]}", heads, listed, stack=True)}</div>')


def position_matrix() -> Html:
    """Table the positions of all delegations, and the clauses that all but the adversary can live with."""
    names = catalog.load("features").set_index("id")["name"]
    rows = {(row["feature"], row["delegation"]): row for _, row in catalog.load("positions").iterrows()}
    common = common_ground(delegation for delegation in DELEGATIONS if delegation != ADVERSARY)

    def cell(issue: str, delegation: str) -> str:
        row = rows[issue, delegation]
        return f"{row['aim']}<small>{_span(row)}</small>"

    listed = [
        Row((escape(names[issue]), *(cell(issue, delegation) for delegation in DELEGATIONS), _levels(common[issue])))
        for issue in issues()
    ]
    heads = ("Issue", *DELEGATIONS.values(), f"All but {DELEGATIONS[ADVERSARY]}")
    caption = "Aims, and below them what each can live with"
    return Html(f'<div class="shown ranks">{table(caption, heads, listed)}</div>')


def common_ground(delegations: Iterable[str]) -> dict[str, list[int]]:
    """Find the levels of each issue that all of some delegations can live with.

    Parameters
    ----------
    delegations : iterable of str
        Keys of ``DELEGATIONS``.

    Returns
    -------
    dict of str to list of int
        Levels by feature; empty where they do not meet.
    """
    rows = catalog.load("positions")
    rows = rows[rows["delegation"].isin(list(delegations))]
    spans = rows.groupby("feature", observed=True, sort=False).agg({"least": "max", "most": "min"})
    return {str(feature): list(range(row["least"], row["most"] + 1)) for feature, row in spans.iterrows()}


def _span(row: pd.Series) -> str:
    return _levels(range(row["least"], row["most"] + 1))


def _levels(levels: Iterable[int]) -> str:
    return ", ".join(map(str, levels)) or "none"


def _why(row: pd.Series) -> str:
    ground = origin(row) if row["source"] else "teaching assumption"
    return f"{escape(row['rationale'])} <small>{ground}</small>"
