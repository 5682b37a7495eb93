"""The guarantee game: what a promise does to the three who live with it.

A guarantor designs a guarantee, a protégé decides whether to provoke, an adversary decides whether to attack, and the
guarantor decides whether to fight. Nothing here is estimated from data: every number is a teaching judgement.

``game``
    The dials of a guarantee (`Design`) and the rest of the world (`World`).
``equilibrium``
    What the players do, in closed form (`solve`).
``simulation``
    The same game played many times from its rules alone (`simulate`).
``explanation``
    Why an outcome differs between two games (`explain`).
``dominance``
    Credibility against entrapment (`frontier`).
``robustness``
    Which rankings of models survive other numbers (`robust_rankings`).
"""

from guarantees.deterrence.dominance import Frontier, frontier
from guarantees.deterrence.equilibrium import Outcome, q_neutral, solve
from guarantees.deterrence.explanation import EXPLAINABLE, Explanation, explain
from guarantees.deterrence.game import Design, InvalidGame, World
from guarantees.deterrence.robustness import Rankings, robust_rankings
from guarantees.deterrence.simulation import Simulation, simulate

__all__ = [
    "EXPLAINABLE",
    "Design",
    "Explanation",
    "Frontier",
    "InvalidGame",
    "Outcome",
    "Rankings",
    "Simulation",
    "World",
    "explain",
    "frontier",
    "q_neutral",
    "robust_rankings",
    "simulate",
    "solve",
]
