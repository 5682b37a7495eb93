"""The guarantee game with finitely many types, written from its rules alone, as a tree that Gambit reads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from guarantees.deterrence import Design, InvalidGame, World, solve

PLAYERS = ("Guarantor", "Protege", "Adversary")
GUARANTOR, PROTEGE, ADVERSARY = 1, 2, 3


class Types(NamedTuple):
    """The private numbers that a player may have, and how likely they are."""

    at: NDArray[np.float64]
    weights: NDArray[np.float64]


def cut_types(upper: float, cuts: Iterable[float]) -> Types:
    """Cut a uniform distribution into intervals, each standing at its middle with the weight of its width."""
    edges = np.array([0.0, *sorted({cut for cut in cuts if 0 < cut < upper}), upper])
    return Types((edges[1:] + edges[:-1]) / 2, np.diff(edges) / upper)


def even_types(upper: float, count: int) -> Types:
    return cut_types(upper, np.linspace(0, upper, count + 1)[1:-1])


def payoffs(
    design: Design,
    world: World,
    provoked: bool,
    attacked: bool,
    fights: bool,
    bound: bool,
    b: Any,
    a: Any,
    g: Any,
) -> tuple[Any, Any, Any]:
    """Payoffs of guarantor, protégé and adversary: the table of outcomes."""
    k, m, t, p0 = design.k, design.m, design.t, np.minimum(1.0, world.p + design.m)
    u = 1 - p0
    price, gain = world.phi * m + world.psi * t, b * provoked
    if not attacked:
        return world.v - price, 1 - world.h + gain, world.h - world.delta * provoked - world.eta * (m + t)
    if fights:
        lost = u * (1 - world.s)
        return world.v * (1 - lost) - g - price, 1 - lost - world.c + gain, lost - world.L - a
    return world.v * p0 - world.theta * t - k * bound - price, p0 - world.c + gain, u - a


def release(design: Design, provoked: bool) -> Any:
    return design.q if provoked else design.e * design.q


class Tree(NamedTuple):
    """A game in Gambit's .efg format, and for every player what is known at each information set, in order."""

    text: str
    knowledge: dict[int, list[tuple[float, ...]]]


def gambit_tree(design: Design, world: World, gains: Types, attack_costs: Types, fight_costs: Types) -> Tree:
    """Write the tree; information sets are numbered in the order in which they are met."""
    knowledge: dict[int, list[tuple[float, ...]]] = {player: [] for player in (GUARANTOR, PROTEGE, ADVERSARY)}
    return Tree("\n".join(_lines(design, world, gains, attack_costs, fight_costs, knowledge)), knowledge)


def _lines(
    design: Design,
    world: World,
    gains: Types,
    attack_costs: Types,
    fight_costs: Types,
    knowledge: dict[int, list[tuple[float, ...]]],
) -> Iterator[str]:
    events, leaves = iter(range(1, 10**6)), iter(range(1, 10**6))

    def move(player: int, known: tuple[float, ...], *actions: str) -> str:
        if known not in knowledge[player]:
            knowledge[player].append(known)
        number = 1 + knowledge[player].index(known)
        return f'p "" {player} {number} "" {{ "{actions[0]}" "{actions[1]}" }} 0'

    def event(weights: Sequence[float]) -> str:
        shares = [Fraction(float(weight)).limit_denominator(10**12) for weight in weights[:-1]]
        moves = " ".join(f'"{i}" {share}' for i, share in enumerate([*shares, 1 - sum(shares)]))
        return f'c "" {next(events)} "" {{ {moves} }} 0'

    def leaf(*state: Any) -> str:
        return f't "" {next(leaves)} "" {{ {", ".join(str(float(x)) for x in payoffs(design, world, *state))} }}'

    yield 'EFG 2 R "The guarantee game" { ' + " ".join(f'"{player}"' for player in PLAYERS) + " }"
    yield event(gains.weights.tolist())
    for b in gains.at:
        yield move(PROTEGE, (b,), "restrain", "provoke")
        for provoked in (False, True):
            yield event(attack_costs.weights.tolist())
            for a in attack_costs.at:
                yield move(ADVERSARY, (provoked, a), "hold", "attack")
                yield leaf(provoked, False, False, False, b, a, 0.0)
                lapses = release(design, provoked)
                yield event([1 - lapses, lapses])
                for bound in (True, False):
                    yield event(fight_costs.weights.tolist())
                    for g in fight_costs.at:
                        yield move(GUARANTOR, (provoked, bound, g), "abandon", "fight")
                        for fights in (False, True):
                            yield leaf(provoked, True, fights, bound, b, a, g)


class CutOffs(NamedTuple):
    """Where the closed form puts the strategies: provoke from, attack up to, fight up to."""

    gain: Any
    attack_cost: dict[bool, Any]
    fight_cost: dict[bool, Any]


def cut_offs(design: Design, world: World) -> CutOffs:
    """Read the cut-offs from what `solve` returns: the guarantor's from a promise that never lapses, and from none."""
    found = solve(design, world)
    never, always = solve(replace(design, q=0.0), world), solve(replace(design, k=0.0), world)
    return CutOffs(
        found.price_of_provoking,
        {False: found.attack * world.Abar, True: found.attack_provoked * world.Abar},
        {True: never.credibility * world.Gbar, False: always.credibility * world.Gbar},
    )


def random_games(count: int, seed: int) -> Iterator[tuple[Design, World]]:
    """Draw games with every extension on, corners included: sure wars, no wars, free provocation."""
    rng = np.random.default_rng(seed)

    def draw(low: float, high: float, at: Sequence[float] = ()) -> float:
        return float(rng.choice(at)) if len(at) and rng.random() < 0.2 else float(rng.uniform(low, high))

    made = 0
    while made < count:
        design = Design(draw(0, 1.2, [0]), draw(0, 0.6, [0]), draw(0, 0.4, [0]), draw(0, 1, [0, 1]), draw(0, 1, [0, 1]))
        try:
            world = World(
                p=draw(0, 1), s=draw(0, 1), v=draw(0, 1), L=draw(0, 1), delta=draw(0, 0.6, [0]), c=draw(0.05, 0.4),
                B=draw(0.1, 0.8), Abar=draw(0.3, 1.5), Gbar=draw(0.3, 1.5), phi=draw(0, 0.5), psi=draw(0, 0.5),
                theta=draw(0, 1, [1]), h=draw(0, 0.4, [0]), eta=draw(0, 1, [0]),
            )  # fmt: skip
            solve(design, world)
        except InvalidGame:
            continue
        made += 1
        yield design, world
