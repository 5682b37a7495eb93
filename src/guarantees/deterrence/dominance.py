"""Credibility against entrapment: what a set of guarantees can attain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guarantees.deterrence.equilibrium import solve
from guarantees.deterrence.game import DEFAULT_WORLD, Design, World


@dataclass(frozen=True)
class Frontier:
    """A set of guarantees compared on credibility (more is better) and entrapment (less is better).

    Attributes
    ----------
    credibility, entrapment : array, shape (n,)
        Of every guarantee, in the order of the flattened inputs.
    efficient : array of int
        Positions of the guarantees that no other dominates, by rising credibility. Of several with the same two
        values, the first stands for all.
    """

    credibility: NDArray[np.float64]
    entrapment: NDArray[np.float64]
    efficient: NDArray[np.intp]

    def best(self, credibility: float) -> int | None:
        """Return the position of the guarantee with least entrapment among those at least so credible, if any."""
        at = int(np.searchsorted(self.credibility[self.efficient], credibility))
        return int(self.efficient[at]) if at < len(self.efficient) else None

    def dominates(self) -> NDArray[np.bool_]:
        """Return who dominates whom: row dominates column, no worse in both respects and better in one."""
        more, less = self.credibility[:, None], self.entrapment[:, None]
        no_worse = (more >= self.credibility) & (less <= self.entrapment)
        return no_worse & ~no_worse.T


def frontier(designs: Design, world: World = DEFAULT_WORLD) -> Frontier:
    """Find the least entrapment that each level of credibility costs.

    Snyder's dilemma [1]_: what reassures the protégé and deters the adversary also draws the guarantor in. Entrapment
    bought together with more credibility is a price; entrapment that another guarantee avoids at the same credibility
    is a waste.

    Parameters
    ----------
    designs : Design
        Arrays that broadcast span the set: ``Design(k=ks[:, None], q=qs[None, :], e=0.4)`` is a grid of two dials.
    world : World
        One world, or one for each design.

    Returns
    -------
    Frontier
        Positions count through the flattened arrays; `numpy.unravel_index` finds the dials.

    References
    ----------
    .. [1] Snyder (1984), *World Politics* 36(4), 461-495.
    """
    outcome = solve(designs, world)
    credibility, entrapment = np.ravel(outcome.credibility), np.ravel(outcome.entrapment)
    order = np.lexsort((entrapment, -credibility))
    cheapest_so_far = np.minimum.accumulate(entrapment[order])
    first = np.append(True, entrapment[order][1:] < cheapest_so_far[:-1])
    return Frontier(credibility, entrapment, order[first][::-1])
