"""The guarantee game in the reader's hands: its dials, what follows from them, and why."""

from collections.abc import Mapping
from dataclasses import asdict
from html import escape
from typing import Any, NamedTuple

import ipywidgets
import traitlets

from guarantees import catalog
from guarantees.deterrence import EXPLAINABLE, Design, World, explain, solve
from guarantees.tableschema import near
from guarantees.widgets.front_end import View, WithControls, choice, script, style
from guarantees.widgets.guarantee_game import with_game

Numbers = dict[str, float]
Game = tuple[Design, World]


class Dial(NamedTuple):
    """One number of the game, as the reader meets it."""

    symbol: str
    name: str
    meaning: str
    low: float
    high: float


DIALS = {
    "k": Dial("k", "Hands tied", "What the guarantor loses if it deserts while its promise stands", 0, 1),
    "m": Dial("m", "Arms", "Arms given in advance, added to the protégé's odds alone", 0, 0.4),
    "t": Dial("t", "Tripwire", "What deserting costs because the guarantor's own troops are under fire", 0, 0.4),
    "q": Dial("q", "Conditionality", "Chance that a provocation releases the guarantor from its promise", 0, 1),
    "e": Dial("e", "Blur", "Chance that a restrained protégé is treated as if it had provoked", 0, 1),
}
WORLD = {
    "p": Dial("p", "Protégé's odds", "Its chance of holding out alone; low means a strong adversary", 0, 1),
    "s": Dial("s", "Guarantor's weight", "Share of the adversary's winning chances that its fighting removes", 0, 1),
    "v": Dial("v", "Guarantor's stake", "What the protégé's survival is worth to the guarantor", 0, 1),
    "L": Dial("L", "Cost of facing it", "What fighting the guarantor costs the adversary on top", 0, 1),
    "delta": Dial("δ", "Provocation's harm", "What a provocation does to the adversary", 0, 1),
    "c": Dial("c", "Protégé's war cost", "What war costs the protégé, won or lost", 0.05, 1),
    "B": Dial("B", "Lure of provoking", "The most that the protégé could gain by provoking", 0.05, 1),
    "Abar": Dial("Ā", "Adversary's costs", "The highest that war can cost it", 0.2, 2),
    "Gbar": Dial("Ḡ", "Guarantor's costs", "The highest that war can cost it", 0.2, 2),
    "phi": Dial("φ", "Price of arms", "What a unit of arms costs the guarantor", 0, 1),
    "psi": Dial("ψ", "Price of troops", "What a unit of tripwire costs the guarantor", 0, 1),
    "theta": Dial("θ", "Bite of the tripwire", "The share of it that really binds", 0, 1),
    "h": Dial("h", "Accommodation", "What the protégé cedes to the adversary in peace", 0, 0.4),
    "eta": Dial("η", "Alarm", "How much a unit of arms or troops frightens the adversary", 0, 1),
}
NUMBERS = {**DIALS, **WORLD}
NO_GUARANTEE: Numbers = {**asdict(Design()), **asdict(World())}
OUTCOMES = {
    "credibility": "Credibility",
    "credibility_provoked": "Credibility after provocation",
    "provocation": "Provocation",
    "attack": "Attack after restraint",
    "attack_provoked": "Attack after provocation",
    "war": "War",
    "guarantor_fights": "The guarantor fights",
    "entrapment": "Entrapment",
    "entanglement": "Entanglement without provocation",
    "abandonment": "Abandonment",
    "breach": "Breach of a standing promise",
    "protege_survives": "The protégé survives",
    "price_of_provoking": "Price of provoking",
    "leverage_protege": "The protégé's leverage",
    "payoff_guarantor": "Payoff of the guarantor",
    "payoff_protege": "Payoff of the protégé",
    "payoff_adversary": "Payoff of the adversary",
}
COMPARED = ("credibility", "provocation", "attack", "attack_provoked", "war", "entrapment", "abandonment")


def flat(game: Game) -> Numbers:
    """Write a game as one mapping of numbers."""
    return {**asdict(game[0]), **asdict(game[1])}


def played(numbers: Mapping[str, float]) -> Game:
    """Make a game of numbers by name; what is left out keeps the default of the game."""
    for name in numbers:
        if name not in NUMBERS:
            raise traitlets.TraitError(f"the game has no number {name!r}{near(name, NUMBERS)}")
    whole = {**NO_GUARANTEE, **numbers}
    return Design(**{name: whole[name] for name in DIALS}), World(**{name: whole[name] for name in WORLD})


def lab_data() -> dict[str, Any]:
    """Gather what the view needs besides its numbers: names, defaults, and the models with their reasons."""
    games = catalog.presets()
    reasons: dict[str, list[list[Any]]] = {model: [] for model in games}
    for row in catalog.load("presets").to_dict("records"):
        reasons[row["model"]].append([row["parameter"], row["level"], row["value"], row["rationale"]])
    named = {reason[0] for listed in reasons.values() for reason in listed}
    return {
        "numbers": {name: [dial.symbol, dial.name, dial.low, dial.high] for name, dial in NUMBERS.items()},
        "dials": list(DIALS),
        "defaults": NO_GUARANTEE,
        "outcomes": OUTCOMES,
        "explainable": EXPLAINABLE,
        "set_by_models": [name for name in NUMBERS if name in named],
        "models": {id: flat(game) for id, game in games.items()},
        "reasons": reasons,
    }


class Lab(View):
    """The pictures of one game and of the change from the game that is pinned.

    Attributes
    ----------
    before : dict
        Numbers of the pinned game that differ from the defaults; empty for no guarantee.
    dial : str
        Which dial the frontier moves.
    outcome : str
        Which outcome is explained.
    """

    kind = "lab"

    _esm = with_game(script("deterrence_lab"))
    _css = style("deterrence_lab")
    data = traitlets.Dict().tag(sync=True)
    k = choice(traitlets.Float(NO_GUARANTEE["k"]))
    m = choice(traitlets.Float(NO_GUARANTEE["m"]))
    t = choice(traitlets.Float(NO_GUARANTEE["t"]))
    q = choice(traitlets.Float(NO_GUARANTEE["q"]))
    e = choice(traitlets.Float(NO_GUARANTEE["e"]))
    p = choice(traitlets.Float(NO_GUARANTEE["p"]))
    s = choice(traitlets.Float(NO_GUARANTEE["s"]))
    v = choice(traitlets.Float(NO_GUARANTEE["v"]))
    L = choice(traitlets.Float(NO_GUARANTEE["L"]))
    delta = choice(traitlets.Float(NO_GUARANTEE["delta"]))
    c = choice(traitlets.Float(NO_GUARANTEE["c"]))
    B = choice(traitlets.Float(NO_GUARANTEE["B"]))
    Abar = choice(traitlets.Float(NO_GUARANTEE["Abar"]))
    Gbar = choice(traitlets.Float(NO_GUARANTEE["Gbar"]))
    phi = choice(traitlets.Float(NO_GUARANTEE["phi"]))
    psi = choice(traitlets.Float(NO_GUARANTEE["psi"]))
    theta = choice(traitlets.Float(NO_GUARANTEE["theta"]))
    h = choice(traitlets.Float(NO_GUARANTEE["h"]))
    eta = choice(traitlets.Float(NO_GUARANTEE["eta"]))
    before = choice(traitlets.Dict())
    dial = choice(traitlets.Unicode("k"))
    outcome = choice(traitlets.Unicode("entrapment"))


class DeterrenceLab(WithControls):
    """Set the dials of a guarantee, see what the three players do, and read what changed and why.

    Parameters
    ----------
    model : str, optional
        A model whose teaching values come first; no guarantee by default.
    before : str or mapping of str to float, optional
        The game to compare with: a model, or numbers that differ from the defaults. No guarantee by default.
    dial : str
        Which dial the frontier moves at first.
    outcome : str
        Which outcome is explained at first, a name from `guarantees.deterrence.EXPLAINABLE`.
    **numbers : float
        Dials and numbers of the world that replace those of the model.

    Attributes
    ----------
    selection : dict
        Everything that the reader can set, both ways.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such model; the message lists near matches.
    guarantees.deterrence.InvalidGame
        If the numbers break a rule of the game.
    traitlets.TraitError
        If a number has an unknown name or is out of the range of its slider.
    """

    room = (1290, 2320)

    def __init__(
        self,
        model: str | None = None,
        *,
        before: str | Mapping[str, float] | None = None,
        dial: str = "k",
        outcome: str = "entrapment",
        **numbers: float,
    ) -> None:
        shown = {**_numbers_of(model), **numbers}
        pinned = _numbers_of(before) if isinstance(before, str) else dict(before or {})
        for values in (shown, pinned):
            played(values)
        accepts: dict[str, dict[str, Any]] = {
            **{name: {"min": number.low, "max": number.high} for name, number in NUMBERS.items()},
            "before": {"names": list(NUMBERS), "min": 0, "max": max(number.high for number in NUMBERS.values())},
            "dial": {"values": list(DIALS)},
            "outcome": {"values": list(EXPLAINABLE)},
        }
        view = Lab(accepts, data=lab_data(), before=_changed(pinned), dial=dial, outcome=outcome, **shown)
        sliders = {name: _slider(number) for name, number in NUMBERS.items()}
        super().__init__(view, [(slider, name) for name, slider in sliders.items()])
        dials, world = (ipywidgets.VBox([sliders[name] for name in names]) for names in (DIALS, WORLD))
        switch = ipywidgets.Checkbox(description="Change the world as well", indent=False)
        dials.add_class("sliders")
        world.add_class("sliders").add_class("world")
        switch.add_class("switch")
        self.children = [dials, switch, world, view]

    @property
    def game(self) -> Game:
        """The game that is shown now, for `guarantees.deterrence`."""
        return played({name: self.view.selection[name] for name in NUMBERS})

    def text_equivalent(self) -> str:
        """Write the game that comes first, what explains it, and the eight models, as tables."""
        view: Lab = self.view
        game, before = self.game, played(view.before)
        outcome, earlier = solve(*game), solve(*before)
        listed = "".join(
            f'<tr><th scope="row">{escape(name)}</th>{_cells([getattr(earlier, id), getattr(outcome, id)])}</tr>'
            for id, name in OUTCOMES.items()
        )
        heads = "".join(f'<th scope="col">{escape(OUTCOMES[id])}</th>' for id in COMPARED)
        symbols = "".join(f'<th scope="col">{name}</th>' for name in DIALS)
        looks = view.looks
        models = "".join(
            f'<tr><th scope="row">{escape(looks[id]["name"])}</th>'
            + _cells([getattr(model[0], name) for name in DIALS])
            + _cells([getattr(solve(*model), name) for name in COMPARED])
            + "</tr>"
            for id, model in catalog.presets().items()
        )
        return (
            f"<p>{escape(explain(before, game, view.outcome).words)}</p>"
            f'<table class="table"><caption>The guarantee game with {escape(_in_words(flat(game)))}, '
            f"against the game with {escape(_in_words(flat(before)))}</caption>"
            '<thead><tr><th scope="col">Outcome</th><th scope="col">Before</th><th scope="col">Now</th></tr></thead>'
            f"<tbody>{listed}</tbody></table>"
            '<div role="group" tabindex="0" aria-label="The models in the game" style="overflow-x:auto">'
            '<table class="table"><caption>The models in the game. Their numbers are teaching judgements, '
            "not data.</caption>"
            f'<thead><tr><th scope="col">Model</th>{symbols}{heads}</tr></thead><tbody>{models}</tbody></table></div>'
        )


def _numbers_of(model: str | None) -> Numbers:
    if model is None:
        return {}
    catalog.row("models", model)
    return flat(catalog.presets()[model])


def _changed(numbers: Mapping[str, float]) -> Numbers:
    return {name: value for name, value in numbers.items() if value != NO_GUARANTEE[name]}


def _slider(number: Dial) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        description=f"{number.name} {number.symbol}", tooltip=number.meaning, min=number.low, max=number.high, step=0.01
    )


def _cells(values: list[float]) -> str:
    return "".join(f"<td>{value:.2f}</td>" for value in values)


def _in_words(numbers: Numbers) -> str:
    changed = _changed(numbers)
    listed = [f"{NUMBERS[name].symbol} = {value:g}" for name, value in numbers.items() if name in changed]
    return ", ".join(listed) or "no guarantee"
