"""The codings of the models as a matrix that answers when asked why."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

import anywidget
import ipywidgets
import traitlets

from guarantees import catalog
from guarantees.widgets import palette
from guarantees.widgets.front_end import TextEquivalent, script, style

Record = dict[str, Any]


def records(table: str) -> list[Record]:
    """Read the rows of a table, empty text where a value is missing."""
    rows = catalog.load(table).astype(object)
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.where(rows.notna(), "").to_numpy()]


def codings() -> dict[tuple[str, str], Record]:
    """Read the codings by model and feature."""
    return {(row["model"], row["feature"]): row for row in records("codings")}


def place(locator: str) -> str:
    """Name the place that a locator points to: a bare number is a paragraph."""
    return f"paragraph {locator}" if locator.isdigit() else locator


def explorer_data() -> Record:
    """Gather what the view shows, compactly: codings are lists by model and feature, and name sources by position."""
    models, features, coded = records("models"), records("features"), codings()
    used = {row["source"] for row in coded.values()}
    sources = [row for row in records("sources") if row["id"] in used]
    position = {row["id"]: index for index, row in enumerate(sources)}
    quotes = defaultdict(list)
    for row in records("excerpts"):
        quotes[row["source"], row["paragraph"]].append(row["quote"])
    looks = palette.looks()

    def shown_model(row: Record) -> Record:
        look = looks[row["id"]]
        return {
            "name": row["name"],
            "short": row["short_name"],
            "light": look.light,
            "dark": look.dark,
            "path": look.path,
        }

    def shown_feature(row: Record) -> Record:
        levels = [row[f"level_{level}"] for level in range(4)]
        return {"name": row["name"], "definition": row["definition"], "levels": levels}

    def shown_coding(row: Record) -> list[Any]:
        return [
            row["value"],
            row["alternative"] if row["contested"] else None,
            row["rationale"],
            row["alternative_reason"],
            position[row["source"]],
            place(row["locator"]),
            quotes[row["source"], row["locator"]],
            row["status"] == "unverified",
        ]

    return {
        "models": [shown_model(row) for row in models],
        "features": [shown_feature(row) for row in features],
        "sources": [[row["title"], row["author"] or row["publisher"], row["url"]] for row in sources],
        "codings": [[shown_coding(coded[model["id"], feature["id"]]) for feature in features] for model in models],
    }


class Matrix(anywidget.AnyWidget):
    """The matrix and the panel below it; the traits are what the controls set.

    Attributes
    ----------
    data : dict
        See :func:`explorer_data`; ``initial`` holds what a reset goes back to.
    models, features : list of int
        Positions of what is shown.
    contested_only : bool
        Whether only features with a contested coding are shown.
    """

    _esm = script("model_explorer")
    _css = style("model_explorer")
    data = traitlets.Dict().tag(sync=True)
    models = traitlets.List(traitlets.Int()).tag(sync=True)
    features = traitlets.List(traitlets.Int()).tag(sync=True)
    contested_only = traitlets.Bool(False).tag(sync=True)


class ModelExplorer(TextEquivalent, ipywidgets.VBox):  # type: ignore[misc]
    """Choose models and features, see how each is coded, and select a coding to read why.

    Parameters
    ----------
    models, features : sequence of str, optional
        Ids of what is chosen at first; the reader can choose others. All by default.

    Raises
    ------
    guarantees.catalog.UnknownId
        If an id is not in ``models.csv`` or ``features.csv``; the message lists near matches.
    """

    def __init__(self, models: Sequence[str] | None = None, features: Sequence[str] | None = None) -> None:
        choice = {
            "models": ipywidgets.SelectMultiple(description="Models", **options("models", models)),
            "features": ipywidgets.SelectMultiple(description="Features", **options("features", features)),
        }
        contested = ipywidgets.Checkbox(description="Contested codings only", indent=False)
        initial = {trait: list(control.index) for trait, control in choice.items()}
        matrix = Matrix(data={**explorer_data(), "initial": {**initial, "contested_only": False}}, **initial)
        for trait, control in choice.items():
            ipywidgets.jslink((control, "index"), (matrix, trait))
        ipywidgets.jslink((contested, "value"), (matrix, "contested_only"))
        super().__init__([ipywidgets.HBox(list(choice.values())), contested, matrix])
        self.add_class("guarantee-widget")
        self.add_class("model-explorer")

    def text_equivalent(self) -> str:
        """Write the whole matrix as a table, contested and unverified codings marked."""
        models, features, coded = records("models"), records("features"), codings()
        head = "".join(f'<th scope="col">{escape(model["short_name"])}</th>' for model in models)
        body = "".join(
            f'<tr><th scope="row">{escape(feature["name"])}</th>'
            + "".join(f"<td>{in_words(coded[model['id'], feature['id']])}</td>" for model in models)
            + "</tr>"
            for feature in features
        )
        return (
            '<div role="group" tabindex="0" aria-label="Codings of the models" style="overflow-x:auto">'
            '<table class="table">'
            "<caption>Codings of the models, each feature from 0 to 3 (* contested: the other reading follows; "
            "? unverified)</caption>"
            f'<thead><tr><th scope="col">Feature</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )


def options(table: str, chosen: Sequence[str] | None) -> dict[str, Any]:
    """Prepare a list of choices: what it offers and what is chosen in it."""
    rows = records(table)
    known = [row["id"] for row in rows]
    for id in chosen or ():
        catalog.row(table, id)
    index = tuple(known.index(id) for id in chosen) if chosen else tuple(range(len(known)))
    return {"options": [(row["name"], row["id"]) for row in rows], "index": index, "rows": 8}


def in_words(coding: Record) -> str:
    """Write one cell of the text form: the level, and what makes it uncertain."""
    contested = f"*&nbsp;or&nbsp;{coding['alternative']}" if coding["contested"] else ""
    return f"{coding['value']}{contested}{'&nbsp;?' if coding['status'] == 'unverified' else ''}"
