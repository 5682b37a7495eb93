"""The data, to look at and to take away."""

import base64
import io
import json
import re
import zipfile
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
from IPython.display import Markdown

from guarantees import catalog
from guarantees.show.html import Html, Row, table
from guarantees.show.tables import cited, numbers
from guarantees.tableschema import Unknown, near

DESCRIPTION, README, WORKS = "datapackage.json", "README.md", "references.bib"
HERE = "../../data"
ARCHIVE = "security-guarantees-data.zip"
# The oldest date that an archive can hold: the same data give the same file.
UNDATED = (1980, 1, 1, 0, 0, 0)
TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "date": "date"}
GROUPS = {
    "israel_aid_cumulative": "US aid to Israel, running totals",
    "israel_memorandum": "The US-Israeli memoranda on aid",
    "israel_aid_periods": "US aid to Israel, averages of periods",
    "israel_military_grants": "US military grants to Israel by year",
    "article_statements": "Numbers as the five articles state them",
    "us_troops": "US troops by country and year",
    "us_troops_pew": "US troops, a second count",
    "us_opinion_troops": "US opinion on sending troops",
    "ukraine_commitments_cumulative": "US security assistance to Ukraine, running totals",
    "ukraine_appropriations": "US appropriations for Ukraine",
    "ukraine_drawdown_caps": "Limits on drawdowns for Ukraine",
    "ukraine_drawdowns": "The first drawdowns for Ukraine",
    "taiwan_fms_notified": "Arms sales to Taiwan notified to Congress, by presidency",
    "taiwan_fms_notified_year": "Arms sales to Taiwan notified to Congress, by year",
    "alliance_reliability": "How often alliance promises were kept in war",
    "senate_votes": "Votes of the US Senate on treaties",
    "us_ukraine_agreement": "Terms of the US-Ukrainian agreement of 2024",
}


class UnknownSection(Unknown):
    """The description of the data has no such section; the message lists near matches."""


def csv_link(rows: pd.DataFrame, name: str, words: str) -> str:
    """Link to some rows as CSV, written as in the file they come from.

    The link carries them, so that it works offline and in a live notebook.
    """
    truths = {str(column): rows[column].map({True: "true", False: "false"}) for column in rows.select_dtypes("bool")}
    data = quote(rows.assign(**truths).to_csv(index=False, float_format="%.10g"))
    return f'<a download="{escape(name)}.csv" href="data:text/csv;charset=utf-8,{data}">{escape(words)}</a>'


def files() -> list[Path]:
    """List the files that make up the published data."""
    names = [*(f"{name}.csv" for name in catalog.names()), DESCRIPTION, README, WORKS]
    return [catalog.folder() / name for name in names]


def archive() -> bytes:
    """Pack the published data into one zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for path in files():
            into.writestr(zipfile.ZipInfo(path.name, UNDATED), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def described() -> dict[str, dict[str, Any]]:
    """Read what the data package says of each table, by the table's name."""
    package = json.loads((catalog.folder() / DESCRIPTION).read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


def downloads() -> Html:
    """Offer every table as a file of its own, and all of them, with their codebook, as one."""
    rows = []
    for name, about in described().items():
        file = f'<a download href="{HERE}/{name}.csv">{name}.csv</a>'
        rows.append(Row((file, str(len(catalog.load(name))), escape(about["description"]))))
    packed = base64.b64encode(archive()).decode()
    others = " and ".join(
        f'<a download href="{HERE}/{name}">{name}</a> ({words})'
        for name, words in ((README, "how it was coded"), (DESCRIPTION, "every column, for programs"))
    )
    return Html(
        f'<div class="shown"><p><a download="{ARCHIVE}" href="data:application/zip;base64,{packed}">Download all of it '
        f"(zip, {len(packed) * 3 // 4 // 1024} kB)</a></p>{table('Tables', ('File', 'Rows', 'What it holds'), rows)}"
        f"<p>Beside them: {others}.</p></div>"
    )


def columns() -> Html:
    """Describe every column of every table."""
    sections = []
    for name, about in described().items():
        fields = about["schema"]["fields"]
        rows = [
            Row((f"<code>{field['name']}</code>", escape(field["description"]), ", ".join(allowed(field))))
            for field in fields
        ]
        listed = table(f"Columns of {name}.csv", ("Column", "What it holds", "Values"), rows)
        sections.append(f"<details><summary>{name}.csv: {len(fields)} columns</summary>{listed}</details>")
    return Html(f'<div class="shown">{"".join(sections)}</div>')


def allowed(field: dict[str, Any]) -> list[str]:
    """Say what a column may hold: the values if they are listed, else their type."""
    return [str(value) for value in field.get("constraints", {}).get("enum", [TYPES[field["type"]]])]


def all_numbers() -> Html:
    """Print every number, by group, each group with its sources and its own download."""
    figures = catalog.load("figures")
    sections = []
    for name, rows in figures.groupby("table", sort=False):
        title = GROUPS[str(name)]
        sections.append(
            f"<details><summary>{title}: {len(rows)}</summary>{numbers(title, rows)}<p>Sources: {cited(rows)}.</p>"
            f"<p>{csv_link(rows, str(name), 'Download these numbers (CSV)')}</p></details>"
        )
    return Html(f'<div class="shown">{"".join(sections)}</div>')


def readme(section: str) -> Markdown:
    """Print a section of the data's own description, ``data/README.md``.

    Parameters
    ----------
    section : str
        Its heading.

    Raises
    ------
    UnknownSection
        If there is no such section; the message lists near matches.
    """
    parts = re.split(r"^## (.+)\n", (catalog.folder() / README).read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    if section not in sections:
        raise UnknownSection(f"{README} has no section {section!r}{near(section, sections)}")
    return Markdown(sections[section].strip())  # type: ignore[no-untyped-call]
