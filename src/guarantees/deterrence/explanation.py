"""Why an outcome differs between two guarantees."""

from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

from guarantees.deterrence.equilibrium import endings, equilibrium
from guarantees.deterrence.game import Game, Real, require_one_game

Pair: TypeAlias = tuple[Real, Real]

EXPLAINABLE = {
    "war": "War",
    "guarantor_fights": "A war that the guarantor fights",
    "entrapment": "Entrapment",
    "entanglement": "Entanglement",
    "abandonment": "Abandonment",
    "breach": "Breach",
    "protege_survives": "The protégé's survival",
}
"""What `explain` can take apart, and how it is called in a sentence."""


@dataclass(frozen=True)
class Explanation:
    """A change of one outcome, split without remainder.

    Attributes
    ----------
    outcome : str
        A name from `EXPLAINABLE`.
    before, after : float
        Its probability in the two games.
    direct : float
        What comes from the way a war would end: who holds out alone, and whether the guarantor fights.
    through_attack : float
        What comes from the adversary attacking more or less often.
    through_provocation : float
        What comes from the protégé provoking more or less often.
    """

    outcome: str
    before: float
    after: float
    direct: float
    through_attack: float
    through_provocation: float

    @property
    def words(self) -> str:
        """The same in plain sentences."""
        name = EXPLAINABLE[self.outcome]
        if _rounded(self.before) == _rounded(self.after):
            opening = f"{name} stays at {_rounded(self.after)}."
        else:
            verb = "rises" if self.after > self.before else "falls"
            opening = f"{name} {verb} from {_rounded(self.before)} to {_rounded(self.after)}."
        return " ".join(
            [
                opening,
                _sentence("The way a war would end", self.direct),
                _sentence("A change in how often the adversary attacks", self.through_attack),
                _sentence("A change in how often the protégé provokes", self.through_provocation),
            ]
        )


def _rounded(number: float) -> str:
    return f"{abs(number):.3f}"


def _sentence(cause: str, effect: float) -> str:
    if _rounded(effect) == _rounded(0):
        return f"{cause} makes no difference."
    return f"{cause} {'adds' if effect > 0 else 'takes away'} {_rounded(effect)}."


def explain(before: Game, after: Game, outcome: str = "entrapment") -> Explanation:
    """Split the change of an outcome into a direct effect and the effects of the other two players' answers.

    Every probability of `EXPLAINABLE` is made of how often the protégé provokes, how often the adversary then
    attacks, and how such a war ends. Changing the three one after another takes the old value to the new one, but
    what each contributes depends on the order. Each therefore gets its average over the six orders, its Shapley value
    [1]_, [2]_: nothing is left over and no order is favoured.

    Parameters
    ----------
    before, after : (Design, World)
        Two games; their worlds may differ.
    outcome : str
        A name from `EXPLAINABLE`.

    Returns
    -------
    Explanation
        Three effects that add up to the change, and the same in words.

    Raises
    ------
    KeyError
        If the outcome cannot be split; the message lists those that can.
    InvalidGame
        If a parameter is an array.

    References
    ----------
    .. [1] Shapley (1953), in *Contributions to the Theory of Games II*, 307-317.
    .. [2] Shorrocks (2013), *Journal of Economic Inequality* 11(1), 99-126.
    """
    if outcome not in EXPLAINABLE:
        raise KeyError(f"{outcome!r} cannot be split; accepted: {', '.join(EXPLAINABLE)}")
    games = [_parts(game, outcome) for game in (before, after)]
    effects = [0.0, 0.0, 0.0]
    for order in permutations(range(3)):
        state = list(games[0])
        for part in order:
            value = _value(*state)
            state[part] = games[1][part]
            effects[part] += (_value(*state) - value) / 6
    base = 1.0 if outcome == "protege_survives" else 0.0
    direct, attack, provocation = effects
    return Explanation(outcome, base + _value(*games[0]), base + _value(*games[1]), direct, attack, provocation)


def _parts(game: Game, outcome: str) -> tuple[Pair, Pair, Pair]:
    """Return how a war ends, how often it comes, and how likely each branch is: without provocation, and with it."""
    require_one_game(*game)
    play = equilibrium(*game)
    return (
        endings(game[0], play)[outcome],
        (play.restrained.attack, play.provoked.attack),
        (1 - play.provocation, play.provocation),
    )


def _value(ending: Pair, attack: Pair, branch: Pair) -> float:
    return float(sum(f * x * share for f, x, share in zip(ending, attack, branch, strict=True)))
