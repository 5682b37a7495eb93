"""The book's figures: few lines, direct labels, a title that states the finding, the numbers below."""

from collections.abc import Callable
from html import escape

from matplotlib import style

from guarantees.show.download import csv_link
from guarantees.show.figures.aid import israel_aid_bases
from guarantees.show.figures.canvas import STYLE, Drawing, svg
from guarantees.show.figures.opinion import us_opinion_troops
from guarantees.show.figures.promises import legal_form_by_obligation
from guarantees.show.figures.reliability import alliance_reliability
from guarantees.show.figures.troops import us_troops
from guarantees.show.figures.votes import senate_votes
from guarantees.show.html import Html
from guarantees.show.tables import cited
from guarantees.tableschema import Unknown, near

FIGURES: dict[str, Callable[[], Drawing]] = {
    drawing.__name__: drawing
    for drawing in (
        legal_form_by_obligation,
        us_troops,
        israel_aid_bases,
        senate_votes,
        alliance_reliability,
        us_opinion_troops,
    )
}


class UnknownFigure(Unknown):
    """No figure has this name; the message lists near matches."""


def figure(name: str) -> Html:
    """Show a figure with its finding, its alternative text, its numbers and its sources.

    Parameters
    ----------
    name : str
        A key of ``FIGURES``.

    Raises
    ------
    UnknownFigure
        If there is no such figure; the message lists near matches.
    """
    if name not in FIGURES:
        raise UnknownFigure(f"no figure is called {name!r}{near(name, FIGURES)}; there are {', '.join(FIGURES)}")
    with style.context(STYLE):
        drawing = FIGURES[name]()
        drawn = svg(name, drawing.picture, drawing.alternative)
    return Html(
        f'<figure class="shown"><p class="shown-title">{escape(drawing.finding)}</p>{drawn}'
        f"<figcaption>{escape(drawing.note)}</figcaption>"
        f"<details><summary>The numbers and their sources</summary>{drawing.listed}"
        f"<p>Sources: {cited(drawing.rows)}.</p></details>"
        f'<p class="download">{csv_link(drawing.rows, name, "Download these numbers (CSV)")}</p></figure>'
    )
