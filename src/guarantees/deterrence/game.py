"""The numbers of the guarantee game, and the rules that they must keep."""

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Real: TypeAlias = float | NDArray[np.float64]
Flag: TypeAlias = bool | NDArray[np.bool_]
Game: TypeAlias = tuple["Design", "World"]

_SHARES = {"q", "e", "p", "s", "theta", "h"}
_POSITIVE = {"B", "Abar", "Gbar"}


class InvalidGame(ValueError):
    """A number that the rules of the game exclude; the message names the rule."""


def _first(values: Real, broken: Flag) -> str:
    """Print the first value at which a rule is broken."""
    spread, where = np.broadcast_arrays(values, broken)
    return f"{spread[where].flat[0]:g}"


@dataclass(frozen=True)
class _Parameters:
    """Numbers in their range, stored as floats or as read-only arrays."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _in_range(field.name, getattr(self, field.name)))


def _in_range(name: str, value: Real) -> Real:
    try:
        number = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidGame(f"{name} = {value!r} is not a number or an array of numbers") from None
    if name in _SHARES:
        rule, kept = f"0 <= {name} <= 1", (number >= 0) & (number <= 1)
    elif name in _POSITIVE:
        rule, kept = f"{name} > 0 and finite", (number > 0) & np.isfinite(number)
    else:
        rule, kept = f"{name} >= 0 and finite", (number >= 0) & np.isfinite(number)
    if not np.all(kept):
        raise InvalidGame(f"{name} = {_first(number, ~kept)} breaks the rule {rule}")
    number.setflags(write=False)
    return float(number) if number.ndim == 0 else number


@dataclass(frozen=True)
class Design(_Parameters):
    """The five dials of a guarantee, public before play.

    Each is a number or an array; arrays broadcast against one another and against the `World`.

    Parameters
    ----------
    k : float or array, at least 0
        Hands tied: what the guarantor loses if it abandons the protégé while its promise stands [1]_.
    m : float or array, at least 0
        Arms given in advance, added to the protégé's odds of holding out alone. Sunk, so they bind nobody [1]_.
    t : float or array, at least 0
        Tripwire: the cost of abandoning the protégé when the guarantor's own troops are already under fire [2]_.
    q : float or array, 0 to 1
        Conditionality: the probability that a provocation releases the guarantor from its promise [3]_.
    e : float or array, 0 to 1
        Blur: the probability that a protégé that did not provoke is treated as if it had, so that restraint releases
        with probability ``e * q``. 0 is a clause on observable conduct, 1 a promise that may lapse whatever was done.

    Raises
    ------
    InvalidGame
        If a value is out of range; the message names the value and the rule.

    References
    ----------
    .. [1] Fearon (1997), *Journal of Conflict Resolution* 41(1), 68-90.
    .. [2] Reiter and Poast (2021), *Texas National Security Review* 4(3), 33-53.
    .. [3] Benson (2012), *Constructing International Security*, Cambridge University Press.
    """

    k: Real = 0.0
    m: Real = 0.0
    t: Real = 0.0
    q: Real = 0.0
    e: Real = 0.25


@dataclass(frozen=True)
class World(_Parameters):
    """Everything about the three players that the guarantee does not choose.

    Parameters
    ----------
    p : float or array, 0 to 1
        The protégé's odds of holding out alone; low means a strong adversary.
    s : float or array, 0 to 1
        The share of the adversary's winning chances that the guarantor removes by fighting.
    v : float or array, at least 0
        The guarantor's stake in the protégé.
    L : float or array, at least 0
        What fighting the guarantor costs the adversary on top.
    delta : float or array, at least 0
        The harm that a provocation does to the adversary.
    c : float or array, at least 0
        The protégé's cost of war.
    B, Abar, Gbar : float or array, above 0
        Upper ends of the uniform distributions of the protégé's gain from provoking and of the adversary's and the
        guarantor's cost of war. Each is known to its owner alone, and learned only before the owner moves.
    phi, psi : float or array, at least 0
        The guarantor's price of a unit of arms and of a unit of tripwire.
    theta : float or array, 0 to 1
        The share of the tripwire that really binds.
    h : float or array, 0 to 1
        What the protégé cedes to the adversary in peace (accommodation).
    eta : float or array, at least 0
        The alarm that a unit of arms or tripwire causes in the adversary.

    Raises
    ------
    InvalidGame
        If a value is out of range, or if even an unarmed protégé would prefer war to the peace it is offered: the
        game assumes ``u(1 - s) + c > h``, where ``u`` is the adversary's odds against the protégé alone.
    """

    p: Real = 0.30
    s: Real = 0.60
    v: Real = 0.50
    L: Real = 0.25
    delta: Real = 0.30
    c: Real = 0.20
    B: Real = 0.40
    Abar: Real = 1.0
    Gbar: Real = 1.0
    phi: Real = 0.30
    psi: Real = 0.20
    theta: Real = 1.0
    h: Real = 0.0
    eta: Real = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        common_shape(self)
        require_peace_preferred(self, 1 - self.p)


def require_peace_preferred(world: World, u: Real) -> None:
    """Reject games in which the protégé would welcome a war that the guarantor joins."""
    worst = u * (1 - world.s) + world.c
    if np.any(broken := worst <= world.h):
        raise InvalidGame(
            f"h = {_first(world.h, broken)} breaks the rule u(1 - s) + c > h: with u(1 - s) + c = "
            f"{_first(worst, broken)} the protégé would prefer war to peace"
        )


def common_shape(*parts: _Parameters) -> tuple[int, ...]:
    """Return the shape that all numbers of a game share."""
    shapes = {field.name: np.shape(getattr(part, field.name)) for part in parts for field in fields(part)}
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        arrays = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise InvalidGame(f"the shapes of these arrays do not broadcast: {arrays}") from None


def require_one_game(design: Design, world: World) -> None:
    """Reject arrays where one game is meant."""
    if shape := common_shape(design, world):
        raise InvalidGame(f"one game is needed, not an array of shape {shape}: give every parameter as a number")


DEFAULT_WORLD = World()
