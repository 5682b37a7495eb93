"""What each article argues on each trade-off, and where it is silent."""

from html import escape

import pandas as pd

from guarantees import catalog
from guarantees.show.html import Html, Row, table
from guarantees.show.text import place
from guarantees.tableschema import Unknown, near

TRADEOFFS = {
    "entrapment_v_credibility": "Credibility against entrapment",
    "flexibility_v_commitment": "Flexibility against commitment",
    "deterrence_v_provocation": "Deterrence against provocation",
    "speed_v_durability": "Speed against durability",
    "autonomy_v_leverage": "Autonomy against leverage",
    "burden_sharing": "Who carries the burden",
}
SIDES = {
    "credibility": "Credibility",
    "entrapment": "Entrapment",
    "flexibility": "Flexibility",
    "commitment": "Commitment",
    "deterrence": "Deterrence",
    "provocation": "Provocation",
    "speed": "Speed",
    "durability": "Durability",
    "autonomy": "Autonomy",
    "leverage": "Leverage",
    "guarantor": "The guarantor",
    "europe": "Europe",
    "protege": "The protégé",
    "shared": "All together",
}
BOTH = "both"
NOTHING = "–"


class UnknownTradeoff(Unknown):
    """No trade-off has this name; the message lists near matches."""


def articles() -> pd.Series:
    """Name the articles by who published them, by id, in the order of ``sources.csv``."""
    rows = catalog.load("sources")
    return rows[rows["kind"] == "article"].set_index("id")["publisher"]


def claim_counts() -> Html:
    """Table how many claims each article makes on each trade-off, and on which side it is silent."""
    claims, names = catalog.load("claims"), articles()

    def cell(dimension: str, article: str) -> str:
        rows = claims[(claims["dimension"] == dimension) & (claims["source"] == article)]
        silent = [f"silent on {SIDES[side].lower()}" for side in rows["side"][rows["kind"] == "silent"]]
        return ", ".join([str((rows["kind"] == "argued").sum()), *silent])

    rows = [Row((name, *(cell(id, article) for article in names.index))) for id, name in TRADEOFFS.items()]
    return Html(f'<div class="shown">{table("Claims, by article", ("Trade-off", *names), rows, stack=True)}</div>')


def claims(dimension: str) -> Html:
    """Table what each article argues on one trade-off, by side and with its paragraphs.

    An article that was found to say nothing on a side is called silent; a dash means that no claim was recorded.

    Parameters
    ----------
    dimension : str
        A key of ``TRADEOFFS``.

    Raises
    ------
    UnknownTradeoff
        If there is no such trade-off; the message lists near matches.
    """
    if dimension not in TRADEOFFS:
        raise UnknownTradeoff(
            f"no trade-off is called {dimension!r}{near(dimension, TRADEOFFS)}; there are {', '.join(TRADEOFFS)}"
        )
    rows = catalog.load("claims")
    rows = rows[rows["dimension"] == dimension]
    sides = [side for side in SIDES if side in set(rows["side"])]

    def cell(article: str, side: str) -> str:
        mine = rows[(rows["source"] == article) & rows["side"].isin([side, BOTH])]
        said = [f"<li>{escape(row['claim'])} ({_where(row)})</li>" for _, row in mine.iterrows()]
        return f'<ul class="entries">{"".join(said)}</ul>' if said else NOTHING

    listed = [
        Row((escape(name), *(cell(str(article), side) for side in sides)), source=str(article))
        for article, name in articles().items()
    ]
    heads = ("Article", *(SIDES[side] for side in sides))
    return Html(f'<div class="shown">{table(f"Claims: {TRADEOFFS[dimension]}", heads, listed, stack=True)}</div>')


def _where(claim: pd.Series) -> str:
    return "silent" if claim["kind"] == "silent" else place(str(claim["paragraph"]))
