"""Clauses to choose from, on paper."""

from collections.abc import Sequence
from html import escape

from guarantees import catalog, compare, design
from guarantees.show.html import Html, Row, table
from guarantees.tableschema import Unknown, near


class UnknownFeature(Unknown):
    """No feature that can be designed has this name; the message lists near matches."""


def clauses(features: Sequence[str]) -> Html:
    """Table the four clauses of each feature, for a negotiation without a computer.

    Parameters
    ----------
    features : sequence of str
        Ids of ``features.csv`` that can be designed; rows follow their order.

    Raises
    ------
    UnknownFeature
        If there is no such feature, or it is an outcome; the message lists near matches.
    """
    texts, names = design.clauses(), catalog.load("features").set_index("id")["name"]
    if unknown := next((feature for feature in features if feature not in texts), None):
        raise UnknownFeature(f"no clause is about {unknown!r}{near(unknown, texts)}; there are {', '.join(texts)}")
    rows = [Row((escape(names[feature]), *map(escape, texts[feature]))) for feature in features]
    heads = ("Issue", *(f"Clause {level}" for level in range(compare.LEVELS)))
    return Html(f'<div class="shown">{table("The clauses", heads, rows, stack=True)}</div>')
