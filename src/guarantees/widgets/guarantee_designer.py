"""A workbench for a guarantee of one's own: clauses, precedents, tensions, and its place in the guarantee game."""

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

import numpy as np
import traitlets

from guarantees import catalog, compare, design
from guarantees.design.play import DIALS, NEEDED, WORLD
from guarantees.design.wording import LEVELS, step
from guarantees.deterrence import Design, World, solve
from guarantees.tableschema import near
from guarantees.widgets.front_end import TextEquivalent, View, choice, script, style

Record = dict[str, Any]

OUTCOMES = {
    "credibility": "The guarantor fights after an unprovoked attack",
    "entrapment": "The guarantor is drawn into a war that the protégé provoked",
    "attack": "The adversary attacks a protégé that keeps quiet",
    "abandonment": "The protégé is attacked and left alone",
}
DRAWN = ("credibility", "entrapment")
START = "bilateral_agreements"
TITLE_LENGTH = 80


def per_mille(outcome: str, values: Any) -> list[int]:
    """Round probabilities for the view: finely where they are drawn, to the two decimals that are shown elsewhere."""
    unit = 1 if outcome in DRAWN else 10
    rounded: list[int] = (np.round(1000 / unit * np.ravel(values)).astype(int) * unit).tolist()
    return rounded


@cache
def game_grid() -> dict[str, list[int]]:
    """Solve the guarantee game for every setting of the dials in words, the last dial changing fastest."""
    values = np.meshgrid(*(list(dial.values.values()) for dial in DIALS.values()), indexing="ij")
    numbers = dict(zip(DIALS, values, strict=True))
    world = {name: numbers.pop(name) for name in WORLD}
    solved = solve(Design(**numbers), World(**world))
    return {name: per_mille(name, getattr(solved, name)) for name in OUTCOMES}


@cache
def designer_data() -> Record:
    """Gather what the view shows: clauses, codings as one digit per feature, rules, and the solved games."""
    texts, features = design.clauses(), catalog.load("features").set_index("id")
    terms = catalog.load("glossary").set_index("id")["term"]
    readings = {name: catalog.coding_matrix(name)[list(texts)] for name in ("value", "alternative")}
    return {
        "format": design.file.FORMAT,
        "version": design.file.VERSION,
        "keys": design.file.KEYS,
        "titleLength": TITLE_LENGTH,
        "steps": [
            {"id": id, "name": named.name, "note": named.note, "features": [key for key in texts if step(key) == id]}
            for id, named in design.STEPS.items()
        ],
        "features": {
            id: {"name": features.loc[id, "name"], "definition": features.loc[id, "definition"], "clauses": texts[id]}
            for id in texts
        },
        "readings": [
            {model: "".join(map(str, levels)) for model, levels in zip(matrix.index, matrix.to_numpy(), strict=True)}
            for matrix in readings.values()
        ],
        "tensions": [{**rule._asdict(), "concept": terms[rule.concept], "source": ""} for rule in design.TENSIONS],
        "needed": NEEDED,
        "dials": [
            {
                "name": dial.name,
                "features": dial.features,
                "words": dial.words,
                "values": list(dial.values),
                "promised": dial.promised,
            }
            for dial in DIALS.values()
        ],
        "outcomes": OUTCOMES,
        "grid": game_grid(),
        "models": {
            model: {name: per_mille(name, getattr(solve(*game), name))[0] for name in OUTCOMES}
            for model, game in catalog.presets().items()
        },
    }


def levels_of(model: str) -> dict[str, int]:
    """Code a model as a design; empty for no model."""
    if not model:
        return {}
    levels = catalog.coding_matrix().loc[model].to_dict()
    return {feature: levels[feature] for feature in design.clauses()}


class GuaranteeDesigner(TextEquivalent, View):
    """Assemble a guarantee clause by clause, and see at once what it resembles, what in it clashes, and how it plays.

    Parameters
    ----------
    base : str, optional
        Id of the model to start from; empty for a blank page.
    design : mapping of feature to level (0-3), optional
        What to start from instead, in whole or part, such as :func:`guarantees.design.read_design` returns.
    title : str, optional

    Attributes
    ----------
    design : dict of str to int
        What the reader has chosen so far, as :func:`guarantees.compare.nearest_precedents` takes it. Setting it
        changes the view.
    base : str
        The model that it started from.
    title : str
    step : str
        The step that is open.

    Raises
    ------
    traitlets.TraitError
        If a model, a feature or a level does not exist; the message lists near matches.
    """

    kind = "designer"
    room = (2170, 3360)
    _esm = script("guarantee_designer")
    _css = style("guarantee_designer")
    data = traitlets.Dict().tag(sync=True)
    base = choice(traitlets.Unicode(START))
    design = choice(traitlets.Dict())
    title = choice(traitlets.Unicode())
    step = choice(traitlets.Unicode("promise"))

    def __init__(self, base: str = START, design: Mapping[str, int] | None = None, title: str = "") -> None:
        data = designer_data()
        bases = ["", *data["models"]]
        if base not in bases:
            raise traitlets.TraitError(f"base cannot be {base!r}{near(base, bases)}")
        accepts = {
            "base": {"values": bases},
            "design": {"names": list(data["features"]), "values": list(LEVELS)},
            "step": {"values": [step["id"] for step in data["steps"]]},
        }
        levels = levels_of(base) if design is None else dict(design)
        super().__init__(accepts, data=data, base=base, design=levels, title=title)

    @traitlets.default("design")
    def _start(self) -> dict[str, int]:
        return levels_of(START)

    @traitlets.validate("design")
    def _check_design(self, proposal: Mapping[str, Any]) -> dict[str, int]:
        self._refuse("design", proposal["value"])
        return {name: int(proposal["value"][name]) for name in designer_data()["features"] if name in proposal["value"]}

    def text_equivalent(self) -> str:
        """Write all clauses with those that it starts from in bold, what comes nearest to them, and the rules."""
        data = designer_data()

        def clause(id: str, level: int, text: str) -> str:
            written = f"{level}: {escape(text)}"
            return f"<dd><strong>{written}</strong></dd>" if self.design.get(id) == level else f"<dd>{written}</dd>"

        steps = "".join(
            f"<p><strong>{escape(step['name'])}.</strong> {escape(step['note'])}</p><dl>"
            + "".join(
                f"<dt>{escape(data['features'][id]['name'])}</dt>"
                + "".join(clause(id, level, text) for level, text in enumerate(data["features"][id]["clauses"]))
                for id in step["features"]
            )
            + "</dl>"
            for step in data["steps"]
        )
        rules = "".join(
            f"<li><strong>{escape(rule['title'])}.</strong> {escape(rule['reason'])} ({escape(rule['ground'])})</li>"
            for rule in data["tensions"]
        )
        origin = escape(self.looks[self.base]["name"]) if self.base else "a blank page"
        return (
            "<p>Design a guarantee: choose one clause for each feature. "
            f"It starts from {origin}, with the clauses in bold. {self._place()}</p>{steps}"
            f"<p><strong>What does not go together</strong></p><ul>{rules}</ul>"
        )

    def _place(self) -> str:
        """Say what comes nearest to the design and how it plays."""
        if not self.design:
            return ""
        near = compare.nearest_precedents(self.design, catalog.coding_matrix())
        ranked = zip(near["model"], near["distance"], strict=True)
        models = ", ".join(f"{escape(self.looks[model]['name'])} ({distance:.2f})" for model, distance in ranked)
        told = f"Nearest, by distance from 0 to 1: {models}."
        try:
            solved = solve(*design.game(self.design))
        except design.Incomplete:
            return told
        return (
            f"{told} In the guarantee game, by teaching values, its credibility is {solved.credibility:.2f} "
            f"and its risk of entrapment {solved.entrapment:.2f}."
        )
