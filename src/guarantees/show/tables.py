"""What the tables hold on one model: its instruments, its events and its codings."""

from html import escape

import pandas as pd

from guarantees import catalog
from guarantees.show.html import Html, Row, table
from guarantees.show.text import amount, level, month, origin, source

# From any chapter: these stand in folders beside the reference part.
REFERENCE = "../reference"
PRECISION = {"year": 4, "month": 7, "day": 10}
UNVERIFIED = ' <span class="unverified">unverified</span>'


def rows_of(name: str, model: str) -> pd.DataFrame:
    """Rows of a table that belong to a model, after checking that there is such a model."""
    catalog.row("models", model)
    rows = catalog.load(name)
    return rows[rows["model"] == model]


def doubt(row: pd.Series) -> str:
    """Mark a row that was not checked against a copy of its source."""
    return UNVERIFIED if row["status"] == "unverified" else ""


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
    return _instruments(f"Instruments: {catalog.row('models', model)['name']}", rows_of("instruments", model))


def comparators() -> Html:
    """Table the instruments that belong to no model and are here to compare with."""
    rows = catalog.load("instruments")
    return _instruments("Instruments outside the models", rows[rows["model"].isna()])


def _instruments(caption: str, rows: pd.DataFrame) -> Html:
    heads = ("Instrument", "What it says", "What it does not oblige", "Term and exit")
    listed = [_instrument(row) for _, row in rows.iterrows()]
    return Html(f'<div class="shown">{table(caption, heads, listed, stack=True)}</div>')


def _instrument(row: pd.Series) -> Row:
    doubtful = row["unverified_fields"].split("; ")

    def cell(field: str, text: str = "") -> str:
        return f"{escape(text or row[field])}{UNVERIFIED if field in doubtful else ''}"

    def dated(field: str, word: str) -> str:
        return f" {word} {cell(field, month(row[field]))}" if row[field] else ""

    signed = cell("signed", month(row["signed"]) if row["signed"] else "never signed")
    title = f"{cell('title')}<small>{signed}; {cell('legal_type')}</small>"
    term = f"{dated('in_force', 'from')}{dated('ended', 'to')}"
    small = [f"Parties: {cell('parties')}", f"In force{term}" if term else "", escape(row["note"]).rstrip(".")]
    where = f"Source: {origin(row)}{UNVERIFIED if 'locator' in doubtful else ''}"
    return Row(
        cells=(title, cell("clause"), cell("not_obliged"), cell("exit")),
        source=row["source"],
        anchor=f"instrument-{row['id']}",
        small=". ".join([part for part in small if part] + [where]),
    )


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
    for _, row in rows_of("events", model).sort_values("date", kind="stable").iterrows():
        when = f"{row['date']:%Y-%m-%d}"[: PRECISION[row["precision"]]]
        items.append(
            f'<li data-source="{escape(row["source"])}"><time datetime="{when}">{month(when)}</time> '
            f"<strong>{escape(row['title'])}.</strong> {escape(row['description'])}{doubt(row)} "
            f"<small>{origin(row)}</small></li>"
        )
    return Html(f'<div class="shown"><ol>{"".join(items)}</ol></div>')


def codings(model: str) -> Html:
    """Table the codings of a model: the level of each feature, why, and the other reading where one is possible.

    Parameters
    ----------
    model : str
        An id of ``models.csv``.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such model; the message lists near matches.
    """
    features = catalog.load("features").set_index("id")

    rows = []
    for _, row in rows_of("codings", model).iterrows():
        feature = features.loc[row["feature"]]
        entry = f"{REFERENCE}/codebook.md#feature-{escape(row['feature'])}"
        name = f'<a data-page href="{entry}">{escape(feature["name"])}</a>'
        other = f"{level(feature, row['alternative'])}. {escape(row['alternative_reason'])}" if row["contested"] else ""
        why = f"{escape(row['rationale'])}{doubt(row)} <small>{origin(row)}</small>"
        rows.append(Row((name, level(feature, row["value"]), why, other), source=row["source"]))
    caption = f"Codings: {catalog.row('models', model)['name']}"
    heads = ("Feature", "Level", "Why", "Or, for a careful reader")
    return Html(f'<div class="shown">{table(caption, heads, rows, stack=True)}</div>')


def numbers(caption: str, rows: pd.DataFrame) -> str:
    """Table some rows of ``figures.csv``, without the columns that are empty in all of them."""
    heads = {"item": "Item", "period": "Period", "value": "Value", "price_basis": "Prices", "note": "Note"}
    kept = [column for column in heads if rows[column].ne("").any()]

    def cell(row: pd.Series, column: str) -> str:
        return f"{escape(amount(row))}{doubt(row)}" if column == "value" else escape(row[column])

    listed = (
        Row((escape(row["entity"]), *(cell(row, column) for column in kept)), row["source"])
        for _, row in rows.iterrows()
    )
    return table(caption, ("About", *(heads[column] for column in kept)), listed)


def cited(rows: pd.DataFrame) -> str:
    """Describe the sources of some rows, each once, in order of appearance."""
    return "; ".join(source(catalog.row("sources", name)) for name in rows["source"].dropna().unique())
