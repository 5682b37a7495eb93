"""What was promised when, in what legal form, and what it did not oblige."""

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets
import traitlets

from guarantees import catalog
from guarantees.widgets.front_end import View, WithControls, choice, script, style
from guarantees.widgets.model_explorer import Record, known, place, records

DATES = ("signed", "in_force", "ended")
PRECISION = {"year": 4, "month": 7, "day": 10}


def texts() -> list[Record]:
    """Read the instruments that belong to a model, in the order of the file."""
    return [row for row in records("instruments") if row["model"]]


def events() -> list[Record]:
    """Read the events with an id, such as ``israel_qme.1979-03-26``, and the date as precise as it is known."""
    return [
        {
            **row,
            "id": f"{row['model']}.{row['date']:%Y-%m-%d}",
            "on": f"{row['date']:%Y-%m-%d}"[: PRECISION[row["precision"]]],
        }
        for row in records("events")
    ]


def legal_types() -> list[str]:
    """List the legal types, the firmest first."""
    return [str(name) for name in catalog.load("instruments")["legal_type"].cat.categories]


def years(models: Sequence[str] | None = None) -> tuple[int, int]:
    """Find the first and last year that anything of some models touches, with one to spare on either side."""
    chosen = known("models") if models is None else models
    dates = [row[date] for row in texts() if row["model"] in chosen for date in DATES if row[date]]
    dates += [row["on"] for row in events() if row["model"] in chosen]
    touched = [int(date[:4]) for date in dates]
    return min(touched) - 1, max(touched) + 1


TOLD = {
    "texts": ("id", "model", "title", *DATES, "legal_type", "clause", "not_obliged", "exit", "note"),
    "events": ("model", "on", "title", "description"),
}


def timeline_data() -> Record:
    """Gather what the view shows: tables by column, which compress better than rows, with sources by position."""
    rows = {"texts": texts(), "events": events()}
    used = {row["source"] for table in rows.values() for row in table}
    sources = [row for row in records("sources") if row["id"] in used]
    position = {row["id"]: index for index, row in enumerate(sources)}

    def columns(table: str) -> Record:
        doubts = "unverified_fields" if table == "texts" else "status"
        return {
            **{name: [row[name] for row in rows[table]] for name in TOLD[table]},
            "source": [position[row["source"]] for row in rows[table]],
            "place": [place(row["locator"]) for row in rows[table]],
            "doubt": ["" if row[doubts] == "verified" else row[doubts] for row in rows[table]],
        }

    return {
        "events": columns("events"),
        "texts": columns("texts"),
        "sources": {
            "title": [row["title"] for row in sources],
            "by": [row["author"] or row["publisher"] for row in sources],
            "url": [row["url"] for row in sources],
        },
        "as_of": max(row["as_of"] for row in records("models")),
        "types": legal_types(),
    }


class TimelineView(View):
    """The picture, and the text that is read in it."""

    kind = "timeline"
    _esm = script("timeline")
    _css = style("timeline")
    data = traitlets.Dict().tag(sync=True)
    models = choice(traitlets.List(traitlets.Unicode()))
    types = choice(traitlets.List(traitlets.Unicode()))
    since = choice(traitlets.Int())
    until = choice(traitlets.Int())
    events = choice(traitlets.Bool(True))
    selected = choice(traitlets.Unicode())

    def __init__(self, **choices: Any) -> None:
        first, last = years()
        ids = [row["id"] for row in [*texts(), *events()]]
        accepts: dict[str, dict[str, Any]] = {
            "models": {"values": known("models")},
            "types": {"values": legal_types()},
            "since": {"min": first, "max": last},
            "until": {"min": first, "max": last},
            "selected": {"values": ["", *ids]},
        }
        super().__init__(accepts, data=timeline_data(), **choices)
        # The view knows from its data what can be selected.
        self.setup = {**self.setup, "accepts": {name: rule for name, rule in accepts.items() if name != "selected"}}

    @traitlets.default("types")
    def _every_type(self) -> list[str]:
        return legal_types()

    @traitlets.default("since")
    def _first_year(self) -> int:
        return years()[0]

    @traitlets.default("until")
    def _last_year(self) -> int:
        return years()[1]


class Timeline(WithControls):
    """See the commitments of some models on one time axis, and read what each says and does not oblige.

    Parameters
    ----------
    models : sequence of str
        Ids of the models shown at first; the reader can choose others.
    **choices
        Other choices to start from: ``types`` (legal types shown), ``since`` and ``until`` (years), ``events``
        (whether events are shown beside the texts), ``selected`` (an id of ``instruments.csv``, or an event by model
        and day, such as ``"israel_qme.1979-03-26"``).

    Raises
    ------
    guarantees.catalog.UnknownId
        If a model is not in ``models.csv``; the message lists near matches.
    traitlets.TraitError
        If another choice cannot hold its value.
    """

    room = (1300, 1860)

    def __init__(self, models: Sequence[str] = ("israel_qme",), **choices: Any) -> None:
        chosen = [str(catalog.row("models", id)["id"]) for id in models]
        first, last = years()
        view = TimelineView(**{"models": chosen, "since": years(chosen)[0], **choices})
        scale = {"min": first, "max": last, "continuous_update": True}
        super().__init__(
            view,
            [
                (ipywidgets.IntSlider(description="From", **scale), "since"),
                (ipywidgets.IntSlider(description="To", **scale), "until"),
                (ipywidgets.Checkbox(description="Events", indent=False), "events"),
            ],
        )

    def text_equivalent(self) -> str:
        """Write the texts and events of the chosen models as tables in order of time."""
        return "".join(in_words(model) for model in self.selection["models"])


def in_words(model: str) -> str:
    """Write the commitments of one model."""
    name = catalog.row("models", model)["name"]
    rows = sorted((row for row in texts() if row["model"] == model), key=lambda row: row["signed"] or row["in_force"])
    told = [(row["on"], row["title"], row["description"]) for row in events() if row["model"] == model]
    texts_told = [
        [dates_in_words(row), row["title"], row["legal_type"], row["clause"], row["not_obliged"]] for row in rows
    ]
    return table_in_words(
        f"{name}: texts", ("Dates", "Text", "Legal type", "What it says", "What it does not oblige"), texts_told
    ) + table_in_words(f"{name}: events", ("Date", "Event", "What happened"), sorted(told))


def dates_in_words(row: Record) -> str:
    """Write the dates of a text, as precise as they are known."""
    said = [
        f"{name} {row[date]}" for name, date in zip(("signed", "in force", "ended"), DATES, strict=True) if row[date]
    ]
    return "; ".join(said) or "undated"


def table_in_words(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return (
        f'<div role="group" tabindex="0" aria-label="{escape(caption)}" style="overflow-x:auto"><table class="table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
