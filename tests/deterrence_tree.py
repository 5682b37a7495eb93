"""The guarantee game as a finite tree in Gambit's .efg format, written from the rules alone."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from guarantees.deterrence import Design, World


class Types(NamedTuple):
    """Finitely many types of a player and their probabilities."""

    costs: Sequence[float]
    weights: Sequence[float]


def even_types(upper: float, count: int) -> Types:
    """Cut a uniform distribution into equal intervals, each standing at its middle."""
    return cut_types(upper, [upper * i / count for i in range(1, count)])


def cut_types(upper: float, cuts: Sequence[float]) -> Types:
    """Cut a uniform distribution into intervals, each standing at its middle with the weight of its width."""
    edges = [0.0, *sorted(cut for cut in set(cuts) if 0 < cut < upper), upper]
    pairs = list(zip(edges, edges[1:], strict=False))
    return Types([(low + high) / 2 for low, high in pairs], [(high - low) / upper for low, high in pairs])


def payoffs(
    design: Design,
    world: World,
    provoked: bool,
    attacked: bool,
    fights: bool,
    bound: bool,
    b: float,
    a: float,
    g: float,
) -> tuple[float, float, float]:
    """Payoffs of guarantor, protégé and adversary: the table of outcomes."""
    k, m, t, p0 = design.k, design.m, design.t, min(1.0, world.p + design.m)
    u = 1 - p0
    price, gain = world.phi * m + world.psi * t, b * provoked
    if not attacked:
        alarm = world.delta * provoked + world.eta * (m + t)
        return world.v - price, 1 - world.h + gain, world.h - alarm
    if fights:
        lost = u * (1 - world.s)
        return world.v * (1 - lost) - g - price, 1 - lost - world.c + gain, lost - world.L - a
    return world.v * p0 - world.theta * t - k * bound - price, p0 - world.c + gain, u - a


def efg(design: Design, world: World, gains: Types, attack_costs: Types, fight_costs: Types) -> str:
    """Write the tree; information sets are numbered in the order in which they are met."""
    return "\n".join(_lines(design, world, gains, attack_costs, fight_costs))


def _chance(event: int, weights: Sequence[float]) -> str:
    shares = [Fraction(weight) for weight in weights[:-1]]
    shares.append(1 - sum(shares))
    moves = " ".join(f'"{i}" {share}' for i, share in enumerate(shares))
    return f'c "" {event} "" {{ {moves} }} 0'


def _lines(design: Design, world: World, gains: Types, attack_costs: Types, fight_costs: Types) -> Iterator[str]:
    sets: dict[tuple[object, ...], int] = {}
    counts = {"events": 0, "leaves": 0}

    def numbered(key: tuple[object, ...]) -> int:
        return sets.setdefault(key, 1 + sum(other[0] == key[0] for other in sets))

    def event(weights: Sequence[float]) -> str:
        counts["events"] += 1
        return _chance(counts["events"], weights)

    def leaf(*state: object) -> str:
        counts["leaves"] += 1
        numbers = ", ".join(repr(x) for x in payoffs(design, world, *state))  # type: ignore[arg-type]
        return f't "" {counts["leaves"]} "" {{ {numbers} }}'

    yield 'EFG 2 R "The guarantee game" { "Guarantor" "Protege" "Adversary" }'
    yield event(gains.weights)
    for i, b in enumerate(gains.costs):
        yield f'p "" 2 {numbered((2, i))} "" {{ "restrain" "provoke" }} 0'
        for provoked in (False, True):
            yield event(attack_costs.weights)
            for j, a in enumerate(attack_costs.costs):
                yield f'p "" 3 {numbered((3, provoked, j))} "" {{ "hold" "attack" }} 0'
                yield leaf(provoked, False, False, False, b, a, 0.0)
                release = design.q if provoked else design.e * design.q
                yield event([1 - release, release])
                for bound in (True, False):
                    yield event(fight_costs.weights)
                    for n, g in enumerate(fight_costs.costs):
                        yield f'p "" 1 {numbered((1, provoked, bound, n))} "" {{ "abandon" "fight" }} 0'
                        for fights in (False, True):
                            yield leaf(provoked, True, fights, bound, b, a, g)
