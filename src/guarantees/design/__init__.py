"""A proposed guarantee, assembled clause by clause: a mapping of features to levels, 0 to 3.

``wording``
    What each level says as a clause, in steps (`clauses`, `STEPS`); the outcome ``record`` cannot be designed.
``rules``
    Which levels do not go together, and why (`tensions`).
``play``
    Where a design stands in the guarantee game, by a teaching rule (`dials`, `game`).
``file``
    A design as a small JSON file (`read_design`, `write_design`).
"""

from guarantees.design.file import InvalidDesign, read_design, write_design
from guarantees.design.play import Incomplete, dials, game
from guarantees.design.rules import TENSIONS, Tension, tensions
from guarantees.design.wording import STEPS, Step, clauses

__all__ = [
    "STEPS",
    "TENSIONS",
    "Incomplete",
    "InvalidDesign",
    "Step",
    "Tension",
    "clauses",
    "dials",
    "game",
    "read_design",
    "tensions",
    "write_design",
]
