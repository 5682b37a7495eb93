"""Instruments and events of a model."""

from html import escape

import pandas as pd

from guarantees import catalog
from guarantees.show.html import Html, table
from guarantees.show.text import month, source

PRECISION = {"year": 4, "month": 7, "day": 10}
UNVERIFIED = ' <span class="unverified">unverified</span>'


def rows_of(name: str, model: str) -> pd.DataFrame:
    """Rows of a table that belong to a model, after checking that there is such a model."""
    catalog.row("models", model)
    rows = catalog.load(name)
    return rows[rows["model"] == model]


def instruments(model: str) -> Html:
    """Table the instruments of a model: what each says, what it does not oblige, and how it ends.

    Parameters
    ----------
    model : str
        An id of ``models.csv``.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such model; the message lists near matches.
    """

    def cell(row: pd.Series, field: str, text: str = "") -> str:
        doubt = UNVERIFIED if field in row["unverified_fields"].split("; ") else ""
        return f"{escape(text or row[field])}{doubt}"

    body = []
    for _, row in rows_of("instruments", model).iterrows():
        kind = cell(row, "legal_type")
        dated = f"{cell(row, 'signed', month(row['signed']))}; {kind}" if row["signed"] else kind
        body.append(
            f'<tr data-source="{escape(row["source"])}"><th scope="row">{cell(row, "title")}'
            f"<small>{dated}</small></th><td>{cell(row, 'clause')}</td>"
            f"<td>{cell(row, 'not_obliged')}</td><td>{cell(row, 'exit')}</td></tr>"
        )
    heads = ("Instrument", "What it says", "What it does not oblige", "Term and exit")
    caption = f"Instruments: {catalog.row('models', model)['name']}"
    return Html(f'<div class="shown">{table(caption, heads, body)}</div>')


def events(model: str) -> Html:
    """List the events of a model in order of time.

    Parameters
    ----------
    model : str
        An id of ``models.csv``.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such model; the message lists near matches.
    """
    items = []
    for _, row in rows_of("events", model).sort_values("date").iterrows():
        when = f"{row['date']:%Y-%m-%d}"[: PRECISION[row["precision"]]]
        doubt = UNVERIFIED if row["status"] == "unverified" else ""
        items.append(
            f'<li data-source="{escape(row["source"])}"><time datetime="{when}">{month(when)}</time> '
            f"<strong>{escape(row['title'])}.</strong> {escape(row['description'])}{doubt}</li>"
        )
    return Html(f'<div class="shown"><ol>{"".join(items)}</ol></div>')


def cited(rows: pd.DataFrame) -> str:
    """Describe the sources of some rows, each once, in order of appearance."""
    return "; ".join(source(catalog.row("sources", name)) for name in rows["source"].dropna().unique())
