"""Quotations, sources and numbers."""

import datetime as dt
from html import escape

import pandas as pd

from guarantees import catalog
from guarantees.show.html import Html

CURRENCY = "USD"


def month(date: str) -> str:
    """Write an ISO date out, as exactly as it is given.

    Examples
    --------
    >>> month("2026"), month("2026-01"), month("1979-03-26")
    ('2026', 'January 2026', '26 March 1979')
    """
    parts = [int(part) for part in str(date).split("-")]
    if len(parts) == 1:
        return str(parts[0])
    day = dt.date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
    return f"{day.day} {day:%B %Y}" if len(parts) == 3 else f"{day:%B %Y}"


def source(row: pd.Series) -> str:
    """Describe a source in HTML: author, title, publisher, date and, where one is known, a link.

    Parameters
    ----------
    row : Series
        A row of ``sources.csv``.
    """
    date = month(row["published"]) if row["published"] else "undated"
    return ", ".join(part for part in (escape(row["author"]), linked(row), escape(row["publisher"]), date) if part)


def linked(row: pd.Series) -> str:
    """Write the title of a source, with a link where an address is known."""
    title = f"<cite>{escape(row['title'])}</cite>"
    return f'<a href="{escape(row["url"])}">{title}</a>' if row["url"] else title


def origin(row: pd.Series) -> str:
    """Say in small print where a row comes from: the title of its source and the place in it."""
    return f"{linked(catalog.row('sources', row['source']))}, {escape(place(row['locator']))}"


def level(feature: pd.Series, value: int) -> str:
    """Write a level of a feature with what it stands for.

    Parameters
    ----------
    feature : Series
        A row of ``features.csv``.
    """
    return f"{value}: {escape(feature[f'level_{value}'])}"


def place(paragraph: str) -> str:
    """Name the place a quotation comes from: a bare number is a paragraph."""
    return f"paragraph {paragraph}" if paragraph.isdigit() else paragraph


def excerpt(id: str) -> Html:
    """Quote a source verbatim, with who said it, when, and where it stands.

    Parameters
    ----------
    id : str
        An id of ``excerpts.csv``.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such excerpt; the message lists near matches.
    """
    row = catalog.row("excerpts", id)
    origin = catalog.row("sources", row["source"])
    note = f'<span class="excerpt-note">{escape(row["note"])}</span>' if row["note"] else ""
    where = escape(place(row["paragraph"]))
    return Html(
        f'<figure class="excerpt" data-source="{escape(row["source"])}">'
        f"<blockquote><p>{escape(row['quote'])}</p></blockquote>"
        f"<figcaption>{source(origin)}, {where}.{note}</figcaption></figure>"
    )


def value(table: str, entity: str, item: str, period: str) -> str:
    """Write a figure with its unit, for use in a sentence.

    Parameters
    ----------
    table, entity, item, period : str
        The columns of ``figures.csv`` that identify one figure.

    Returns
    -------
    str
        Such as ``$158 billion`` or ``24,515 persons``; an unverified figure says so.
    """
    row = catalog.figure(table, entity, item, period)
    return f"{amount(row)} (unverified)" if row["status"] == "unverified" else amount(row)


def amount(row: pd.Series) -> str:
    """Write the number of a row of ``figures.csv`` with its unit."""
    number, unit = f"{row['value']:,.10g}", row["unit"]
    return f"${number} {unit.replace(f' {CURRENCY}', '')}" if CURRENCY in unit else f"{number} {unit}"
