"""What the figures share: a size that a phone can show, the page's colours, and rows of labelled dots."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guarantees import catalog
from guarantees.widgets import palette

# Drawn in these and then replaced, so that a figure takes the colours of the page, light or dark.
INK, ACCENT, MUTED, RULE = "#010101", "#010102", "#010103", "#010104"
PAGE_COLOURS = {
    INK: "currentColor",
    ACCENT: "var(--pst-color-primary, var(--jp-brand-color1, #0b6e8a))",
    MUTED: "var(--pst-color-text-muted, var(--jp-ui-font-color2, #545b64))",
    RULE: "var(--pst-color-border, var(--jp-border-color2, #c9ced6))",
}
# About as wide as the text of a phone, on which a figure is then shown at its own size.
WIDTH = 4.7
SMALL = 10.5
ABOVE = 0.1
STYLE = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11.5,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 1.6,
    "lines.markersize": 7,
}


@dataclass(frozen=True)
class Drawing:
    """A figure and what stands around it.

    Attributes
    ----------
    finding : str
        Its title.
    picture : Figure
    alternative : str
        The same in words.
    rows : DataFrame
        What it is drawn from, with a column ``source``; offered as a download.
    listed : str
        The same as an HTML table.
    note : str
        What a reader should know before relying on it.
    """

    finding: str
    picture: Figure
    alternative: str
    rows: pd.DataFrame
    listed: str
    note: str


def canvas(height: float, left: float = 0.1, right: float = 0.1, below: float = 0.35) -> tuple[Figure, Axes]:
    """Open a figure of the common width, with its height and margins in inches.

    Fixed margins, because a browser sets the words in a font of its own, which no layout can measure here.
    """
    picture = Figure(figsize=(WIDTH, height))
    width = WIDTH - left - right
    axes = picture.add_axes((left / WIDTH, below / height, width / WIDTH, 1 - (below + ABOVE) / height))
    return picture, axes


def model_colours() -> dict[str, str]:
    """Colours to draw the models in, by id."""
    return {model: f"#0102{place:02x}" for place, model in enumerate(palette.looks())}


def dot_rows(axes: Axes, labels: Sequence[str]) -> list[float]:
    """Prepare a row for each label, the first on top, with the label above it; return the rows' heights."""
    heights = [float(-place) for place in range(len(labels))]
    for height, label in zip(heights, labels, strict=True):
        axes.annotate(
            label, (0, height), (0, 9), xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=SMALL
        )
    axes.set(ylim=(heights[-1] - 0.5, 0.65))
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    return heights


def face(row: pd.Series, colour: str) -> str:
    """Fill of a marker: none for what was not checked against a copy."""
    return "none" if row["status"] == "unverified" else colour


def figure_rows(table: str) -> pd.DataFrame:
    """Rows of one group of ``figures.csv``."""
    rows = catalog.load("figures")
    return rows[rows["table"] == table]


def svg(name: str, picture: Figure, alternative: str) -> str:
    """Write a figure as inline SVG in the colours of the page, with its alternative text."""
    with style.context({**STYLE, "svg.hashsalt": name}):
        out = io.StringIO()
        undated = {"Date": None, "Creator": None, "Format": None, "Type": None}
        picture.savefig(out, format="svg", transparent=True, metadata=undated)
    markup = out.getvalue()
    markup = re.sub(r"<metadata>.*?</metadata>", "", markup[markup.index("<svg") :], flags=re.DOTALL)
    # Groups are numbered alike in every figure, and a page may have several.
    markup = re.sub(r'<g id="[^"]*"', "<g", markup)
    models = {drawn: f"var(--model-{model})" for model, drawn in model_colours().items()}
    for drawn, shown in {**PAGE_COLOURS, **models}.items():
        markup = markup.replace(drawn, shown)
    return markup.replace("<svg", f'<svg role="img" aria-label="{escape(alternative)}"', 1)
