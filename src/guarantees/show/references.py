"""The lists at the back of the book: sources and glossary."""

import re
import unicodedata
from collections import Counter
from functools import cache
from html import escape

import pandas as pd

from guarantees import catalog
from guarantees.show.html import Html
from guarantees.show.tables import REFERENCE
from guarantees.show.text import source

NAMING_SOURCES = ("source", "evidence", "other")
ENTRY = re.compile(r"@\w+\{(?P<key>[^,]+),(?P<fields>.*?)\n\}", re.DOTALL)
BIB_FIELD = re.compile(r"(author|year) = \{([^}]*)\}")


@cache
def uses() -> dict[str, Counter[str]]:
    """Count the rows of each table that rest on a source, by the source's id."""
    found: dict[str, Counter[str]] = {id: Counter() for id in catalog.load("sources")["id"]}
    for name in catalog.names():
        rows = catalog.load(name)
        columns = [column for column in NAMING_SOURCES if column in rows]
        for _, row in rows[columns].iterrows():
            for id in {row[column] for column in columns} - {""}:
                found[id][name] += 1
    return found


def sources(kind: str) -> Html:
    """List the sources of one kind, with what was read of each and which rows rest on it.

    Parameters
    ----------
    kind : str
        A value of the column ``kind`` of ``sources.csv``.

    Raises
    ------
    ValueError
        If there is no such kind; the message lists those there are.
    """
    rows = catalog.load("sources")
    kinds = list(rows["kind"].cat.categories)
    if kind not in kinds:
        raise ValueError(f"no source is of the kind {kind!r}; there are {', '.join(kinds)}")
    items = "".join(_source(row) for _, row in rows[rows["kind"] == kind].iterrows())
    return Html(f'<div class="shown"><ul class="entries">{items}</ul></div>')


def _source(row: pd.Series) -> str:
    mark = "" if row["url"] else ' <span class="unverified">no address</span>'
    resting = ", ".join(f"{count} in {name.replace('_', ' ')}" for name, count in uses()[row["id"]].items())
    note = f"{escape(row['access_note'])} " if row["access_note"] else ""
    return (
        f'<li id="source-{escape(row["id"])}">{source(row)}.{mark}'
        f"<small>{note}Rows that rest on it: {resting}. <code>{escape(row['id'])}</code></small></li>"
    )


@cache
def works() -> dict[str, str]:
    """Name the works of ``references.bib`` by author and year, by their keys."""
    text = (catalog.folder() / "references.bib").read_text(encoding="utf-8")
    return {entry["key"]: _author_and_year(dict(BIB_FIELD.findall(entry["fields"]))) for entry in ENTRY.finditer(text)}


def _author_and_year(fields: dict[str, str]) -> str:
    names = [name.split(",")[0] for name in fields["author"].split(" and ")]
    authors = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{authors} ({fields['year']})"


def alphabetical(term: str) -> str:
    """Key to sort terms by, blind to capitals and accents."""
    return unicodedata.normalize("NFKD", term).encode("ascii", "ignore").decode().casefold()


def glossary() -> Html:
    """Define the terms of the field in alphabetical order, each with related terms and a work to read on it."""
    rows = catalog.load("glossary").sort_values("term", key=lambda terms: terms.map(alphabetical))
    terms = rows.set_index("id")["term"]

    def entry(row: pd.Series) -> str:
        more = []
        if row["see_also"]:
            related = (f'<a href="#term-{id}">{escape(terms[id])}</a>' for id in row["see_also"].split("; "))
            more.append(f"See also: {', '.join(related)}.")
        if row["literature"]:
            work = row["literature"]
            more.append(
                f'Read: <a data-page href="{REFERENCE}/bibliography.md#cite-{work}">{escape(works()[work])}</a>.'
            )
        small = f"<small>{' '.join(more)}</small>" if more else ""
        return (
            f'<div id="term-{escape(row["id"])}"><dt>{escape(row["term"])}</dt>'
            f"<dd>{escape(row['definition'])}{small}</dd></div>"
        )

    return Html(
        f'<div class="shown"><dl class="entries">{"".join(entry(row) for _, row in rows.iterrows())}</dl></div>'
    )
