"""Which rankings of guarantees survive other numbers with the same ordinal levels."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from guarantees.deterrence.equilibrium import Outcome, solve
from guarantees.deterrence.game import Design, Game, World

RANGES = {
    "k": (0.0, 0.8),
    "m": (0.0, 0.4),
    "t": (0.0, 0.3),
    "q": (0.0, 1.0),
    "e": (0.0, 1.0),
    "p": (0.1, 0.5),
    "s": (0.3, 0.9),
    "v": (0.2, 0.8),
    "L": (0.0, 0.5),
    "delta": (0.1, 0.5),
    "c": (0.2, 0.4),
    "B": (0.1, 0.7),
    "phi": (0.1, 0.5),
    "psi": (0.1, 0.3),
    "h": (0.0, 0.2),
}
"""Between which ends other numbers are drawn; `h` stays below `c`, so that peace is always better than war.

Units (`Abar`, `Gbar`) and extensions that are off (`theta`, `eta`) stay as they are."""


@dataclass(frozen=True)
class Rankings:
    """The same models under many numberings.

    Attributes
    ----------
    models : tuple of str
        The models, in the order of the columns of `outcomes`.
    outcomes : Outcome
        Every field an array of shape (draws, models).
    """

    models: tuple[str, ...]
    outcomes: Outcome

    def share(self, outcome: str, *models: str) -> float:
        """Return the share of numberings in which an outcome falls strictly from each model to the next.

        Differences within rounding error count as ties, and a tie is no ranking.
        """
        columns = [self.models.index(model) for model in models]
        values = np.asarray(getattr(self.outcomes, outcome))[:, columns]
        return float(np.mean(np.all(values[:, :-1] > values[:, 1:] + 1e-12, axis=1)))

    def safe(self, least: float = 0.95) -> dict[tuple[str, str, str], float]:
        """Return the rankings that an exercise may ask for: (outcome, higher, lower) and the share in which they hold.

        A ranking is safe if it holds in more than `least` of the numberings.
        """
        shares = {
            (field.name, higher, lower): self.share(field.name, higher, lower)
            for field in fields(self.outcomes)
            for higher in self.models
            for lower in self.models
        }
        return {ranking: share for ranking, share in shares.items() if share > least}


def robust_rankings(presets: Mapping[str, Game], draws: int = 2000, seed: int = 0) -> Rankings:
    """Solve the models again under other numbers that say the same in words.

    The models are coded in words (none, low, medium, high) and only then in numbers, so only what does not hang on
    the numbers is worth teaching. For every parameter in turn, the levels that the models use get new values, uniform
    over all that keep their order; zero stays zero, and what the models share they go on sharing.

    Parameters
    ----------
    presets : mapping of model to (Design, World)
        As returned by ``guarantees.catalog.presets()``; one game each.
    draws : int
        How many numberings to draw.
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    Rankings
        Ask it for the `share` of numberings in which a ranking holds, or for all that are `safe`.

    Examples
    --------
    >>> presets = {"promise": (Design(k=0.6), World()), "nothing": (Design(), World())}
    >>> robust_rankings(presets).share("credibility", "promise", "nothing")
    1.0
    """
    rng = np.random.default_rng(seed)

    def renumbered(part: int, kind: type[Design | World]) -> dict[str, NDArray[np.float64]]:
        names = [field.name for field in fields(kind)]
        coded = {name: np.array([getattr(game[part], name) for game in presets.values()]) for name in names}
        return {name: _renumber(rng, numbers, draws, RANGES.get(name)) for name, numbers in coded.items()}

    outcomes = solve(Design(**renumbered(0, Design)), World(**renumbered(1, World)))
    return Rankings(tuple(presets), outcomes)


def _renumber(
    rng: np.random.Generator, numbers: NDArray[np.float64], draws: int, ends: tuple[float, float] | None
) -> NDArray[np.float64]:
    """Draw other numbers, shape (draws, models), with the order and the ties of these; zero stays zero."""
    levels, level_of = np.unique(numbers, return_inverse=True)
    values = np.tile(levels, (draws, 1))
    if ends:
        moved = levels > 0
        values[:, moved] = np.sort(rng.uniform(*ends, (draws, np.count_nonzero(moved))), axis=1)
    return values[:, level_of]
