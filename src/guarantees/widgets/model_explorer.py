"""The codings of the models as a matrix that answers when asked why."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

import traitlets

from guarantees import catalog
from guarantees.widgets.front_end import TextEquivalent, View, choice, script, style

Record = dict[str, Any]


def records(table: str) -> list[Record]:
    """Read the rows of a table, empty text where a value is missing."""
    rows = catalog.load(table).astype(object)
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.where(rows.notna(), "").to_numpy()]


def known(table: str) -> list[str]:
    """List the ids of a table."""
    return [row["id"] for row in records(table)]


def codings() -> dict[tuple[str, str], Record]:
    """Read the codings by model and feature."""
    return {(row["model"], row["feature"]): row for row in records("codings")}


def place(locator: str) -> str:
    """Name the place that a locator points to: a bare number is a paragraph."""
    return f"paragraph {locator}" if locator.isdigit() else locator


def explorer_data() -> Record:
    """Gather what the view shows, by id; codings are lists, and name their sources by position."""
    models, features, coded = records("models"), records("features"), codings()
    used = {row["source"] for row in coded.values()}
    sources = [row for row in records("sources") if row["id"] in used]
    position = {row["id"]: index for index, row in enumerate(sources)}
    quotes = defaultdict(list)
    for row in records("excerpts"):
        quotes[row["source"], row["paragraph"]].append(row["quote"])

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
        "features": {row["id"]: shown_feature(row) for row in features},
        "sources": [[row["title"], row["author"] or row["publisher"], row["url"]] for row in sources],
        "codings": {
            model["id"]: {row["id"]: shown_coding(coded[model["id"], row["id"]]) for row in features}
            for model in models
        },
    }


class ModelExplorer(TextEquivalent, View):
    """Choose models and features, see how each is coded, and select a coding to read why.

    Parameters
    ----------
    models, features : sequence of str, optional
        Ids of what is chosen at first, in that order; the reader can choose others. All by default.
    **choices
        Other choices to start from: see the attributes.

    Attributes
    ----------
    contested_only : bool
        Whether only features with a contested coding are shown.
    search : str
        Words that a feature or one of its codings must contain.
    near : str
        The model by whose similarity the others are sorted; empty for the order in which they were chosen.
    first, second : str
        Two models to set side by side instead; both or they have no effect.
    coding : list of str
        Model and feature of the coding whose reasons are shown; empty for the first contested one.

    Raises
    ------
    guarantees.catalog.UnknownId
        If an id is not in ``models.csv`` or ``features.csv``; the message lists near matches.
    """

    kind = "explorer"
    _esm = script("model_explorer")
    _css = style("model_explorer")
    data = traitlets.Dict().tag(sync=True)
    models = choice(traitlets.List(traitlets.Unicode()))
    features = choice(traitlets.List(traitlets.Unicode()))
    contested_only = choice(traitlets.Bool(False))
    search = choice(traitlets.Unicode())
    near = choice(traitlets.Unicode())
    first = choice(traitlets.Unicode())
    second = choice(traitlets.Unicode())
    coding = choice(traitlets.List(traitlets.Unicode()))

    def __init__(
        self, models: Sequence[str] | None = None, features: Sequence[str] | None = None, **choices: Any
    ) -> None:
        for table, ids in (("models", models), ("features", features)):
            if ids:
                choices[table] = [str(catalog.row(table, id)["id"]) for id in ids]
        models, features = known("models"), known("features")
        accepts = {"models": models, "features": features, "coding": [*models, *features]}
        accepts |= {name: ["", *models] for name in ("near", "first", "second")}
        super().__init__({name: {"values": ids} for name, ids in accepts.items()}, data=explorer_data(), **choices)
        wide, narrow = (min(480, 54 + row * len(self.features)) for row in (45, 56))
        self.room = (694 + wide, 1246 + narrow)

    @traitlets.default("models")
    def _every_model(self) -> list[str]:
        return known("models")

    @traitlets.default("features")
    def _every_feature(self) -> list[str]:
        return known("features")

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


def in_words(coding: Record) -> str:
    """Write one cell of the text form: the level, and what makes it uncertain."""
    contested = f"*&nbsp;or&nbsp;{coding['alternative']}" if coding["contested"] else ""
    return f"{coding['value']}{contested}{'&nbsp;?' if coding['status'] == 'unverified' else ''}"
