"""The book's figures: few lines, direct labels, a title that states the finding, the numbers below."""

import difflib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import pandas as pd
from matplotlib import style
from matplotlib.figure import Figure

from guarantees import catalog
from guarantees.show.html import Html, table
from guarantees.show.tables import cited

# Drawn in these and then replaced, so that a figure takes the colours of the page, light or dark.
INK, ACCENT = "#010101", "#020202"
COLOURS = {INK: "currentColor", ACCENT: "var(--pst-color-primary, var(--jp-brand-color1, #0b6e8a))"}
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "guarantees",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


class UnknownFigure(KeyError):
    """No figure has this name."""


@dataclass(frozen=True)
class Drawing:
    """What a figure shows: the finding, the picture, the same in words, and the rows it is drawn from."""

    finding: str
    picture: Figure
    alternative: str
    rows: pd.DataFrame


def israel_aid_bases() -> Drawing:
    """Total US aid to Israel in two price bases."""
    totals = catalog.load("figures").query("table == 'israel_aid_cumulative' and item == 'US assistance since 1946'")
    constant = totals["price_basis"] != "current dollars"
    current = totals[~constant].assign(year=lambda rows: rows["period"].str[:4].astype(int)).sort_values("year")
    real = totals[constant].iloc[0]
    year = int(real["period"])
    picture = Figure(figsize=(7.2, 3.6), layout="constrained")
    axes = picture.subplots()
    axes.plot(current["year"], current["value"], color=INK, marker="o")
    for _, row in current.iloc[[0, -1]].iterrows():
        axes.annotate(
            f"{row['value']:.0f}", (row["year"], row["value"]), (0, 8), textcoords="offset points", ha="center"
        )
    last = current.iloc[-1]
    axes.annotate(
        "dollars of each year", (last["year"], last["value"]), (-8, -16), textcoords="offset points", ha="right"
    )
    axes.plot([year], [real["value"]], color=ACCENT, marker="D", markersize=9)
    axes.annotate(
        f"about {real['value']:.0f} in {real['price_basis']} ({real['status']})",
        (year, real["value"]),
        (-10, -4),
        textcoords="offset points",
        ha="right",
    )
    axes.set(ylim=(0, 330), xlim=(current["year"].min() - 1, year + 0.6), ylabel="billion US dollars")
    axes.set_xticks([*current["year"], year], [str(tick) for tick in [*current["year"], year]])
    return Drawing(
        finding="The same aid counts for almost twice as much in constant dollars",
        picture=picture,
        alternative=(
            f"Line of total US aid to Israel in dollars of each year, from {current['value'].iloc[0]:.0f} billion in "
            f"{current['year'].iloc[0]} to {last['value']:.0f} billion in {last['year']}; one point far above, about "
            f"{real['value']:.0f} billion, is the total to {year} in constant dollars. Both include economic aid."
        ),
        rows=pd.concat([current, totals[constant]]),
    )


FIGURES: dict[str, Callable[[], Drawing]] = {"israel_aid_bases": israel_aid_bases}


def svg(picture: Figure, alternative: str) -> str:
    """Write a figure as inline SVG in the colours of the page, with its alternative text."""
    with style.context(STYLE):
        out = io.StringIO()
        picture.savefig(
            out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    markup = out.getvalue()
    markup = re.sub(r"<metadata>.*?</metadata>", "", markup[markup.index("<svg") :], flags=re.DOTALL)
    for drawn, shown in COLOURS.items():
        markup = markup.replace(drawn, shown)
    return markup.replace("<svg", f'<svg role="img" aria-label="{escape(alternative)}"', 1)


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
        near = difflib.get_close_matches(name, FIGURES) or sorted(FIGURES)
        raise UnknownFigure(f"no figure {name!r}; near matches: {', '.join(near)}")
    with style.context(STYLE):
        drawing = FIGURES[name]()
    numbers = [
        f'<tr data-source="{escape(row["source"])}"><td>{escape(row["item"])}</td><td>{escape(row["period"])}</td>'
        f"<td>{row['value']:,.10g} {escape(row['unit'])}</td><td>{escape(row['price_basis'])}</td>"
        f"<td>{escape(row['status'])}</td></tr>"
        for _, row in drawing.rows.iterrows()
    ]
    listed = table("The numbers in this figure", ("Item", "Period", "Value", "Prices", "Status"), numbers)
    return Html(
        f'<figure class="shown"><p class="shown-title">{escape(drawing.finding)}</p>'
        f"{svg(drawing.picture, drawing.alternative)}"
        f"<figcaption>Sources: {cited(drawing.rows)}.</figcaption>"
        f"<details><summary>The numbers</summary>{listed}</details></figure>"
    )
