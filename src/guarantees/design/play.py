"""Where a design stands in the guarantee game: an ordinal rule for teaching, not an estimate.

The historical models are not played by this rule but by ``presets.csv``, whose authors departed from it where a
coding misleads: the defence treaty has few forces, as most such treaties do; Israel's promise is conditional rather
than wholly discretionary, as support has followed initiatives of its own; and in Finland restraint is policy itself.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from guarantees.deterrence import Design, World


class Incomplete(ValueError):
    """The design lacks features on which its place in the game hangs; the message names them."""


class Dial(NamedTuple):
    """How one number of the game follows from codings.

    Attributes
    ----------
    name : str
        In plain words.
    features : tuple of str
        Whose levels count: their mean, rounded.
    words : tuple of str
        What a mean of 0, 1, 2 and 3 is called.
    values : Mapping of str to float
        The number that a word stands for.
    promised : bool
        Whether it needs somebody who promises: without one it stands at its first word.
    """

    name: str
    features: tuple[str, ...]
    words: tuple[str, str, str, str]
    values: Mapping[str, float]
    promised: bool = True


FOUR = ("none", "low", "medium", "high")
DIALS = {
    # Whatever was said in public costs something to disown, so with a guarantor hands are never wholly free.
    "k": Dial(
        "Hands tied",
        ("legal_form", "lock_in", "duration"),
        ("low", "low", "medium", "high"),
        {"none": 0, "low": 0.1, "medium": 0.3, "high": 0.6},
    ),
    "m": Dial("Arms", ("arms",), FOUR, {"none": 0, "low": 0.05, "medium": 0.12, "high": 0.25}),
    "t": Dial("Tripwire", ("forces",), FOUR, {"none": 0, "low": 0.03, "medium": 0.08, "high": 0.18}),
    "q": Dial("Conditions", ("conditionality",), FOUR, {"none": 0, "low": 0.1, "medium": 0.4, "high": 0.8}),
    "e": Dial("Blur", ("ambiguity",), ("low", "low", "medium", "high"), {"low": 0.1, "medium": 0.4, "high": 1}),
    "h": Dial(
        "Accommodation", ("autonomy",), ("high", "high", "none", "none"), {"none": 0, "high": 0.2}, promised=False
    ),
}
WORLD = ("h",)
NEEDED = tuple(dict.fromkeys(["guarantors", *(feature for dial in DIALS.values() for feature in dial.features)]))


def dials(design: Mapping[str, int]) -> dict[str, str]:
    """Set the dials of the guarantee game for a design, in words.

    Parameters
    ----------
    design : mapping of feature to level (0-3)

    Returns
    -------
    dict of str to str
        ``none``, ``low``, ``medium`` or ``high`` by dial.

    Raises
    ------
    Incomplete
        If a feature of `NEEDED` is left out.

    Examples
    --------
    >>> from guarantees import catalog
    >>> dials(catalog.coding_matrix().loc["south_korea"])["k"]
    'high'
    """
    if missing := [feature for feature in NEEDED if feature not in design]:
        raise Incomplete(f"the game needs a level for {', '.join(missing)}")
    words = {}
    for name, dial in DIALS.items():
        mean = round(sum(design[feature] for feature in dial.features) / len(dial.features))
        nobody = dial.promised and design["guarantors"] == 0
        words[name] = next(iter(dial.values)) if nobody else dial.words[mean]
    return words


def game(design: Mapping[str, int]) -> "tuple[Design, World]":
    """Build the guarantee game of a design; what its dials leave out keeps the default of the game.

    Parameters
    ----------
    design : mapping of feature to level (0-3)

    Returns
    -------
    Design, World
        As :func:`guarantees.deterrence.solve` takes them.

    Raises
    ------
    Incomplete
        As for :func:`dials`.
    """
    from guarantees.deterrence import Design, World

    values = {name: DIALS[name].values[word] for name, word in dials(design).items()}
    world = {name: values.pop(name) for name in WORLD}
    return Design(**values), World(**world)
