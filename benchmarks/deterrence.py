"""Games solved a second: all at once, one at a time, and as trees by Gambit, measured in one run on one core.

.venv/bin/python -m benchmarks.deterrence
"""

import io
import statistics
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter

import numpy as np

from guarantees.deterrence import Design, World, solve
from tests.deterrence_tree import cut_offs, cut_types, even_types, gambit_tree

GAMES, SINGLE_GAMES, TREES, ROUNDS = 1_000_000, 2_000, 5, 7


def median_seconds(work: Callable[[], object]) -> float:
    """Return the median time of several rounds, after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return statistics.median(times)


def random_dials(count: int) -> Design:
    rng = np.random.default_rng(0)
    return Design(*(rng.uniform(0, upper, count) for upper in (0.8, 0.3, 0.2, 1.0, 1.0)))


def all_at_once() -> float:
    dials, world = random_dials(GAMES), World()
    return GAMES / median_seconds(lambda: solve(dials, world))


def one_at_a_time() -> float:
    dials, world = random_dials(SINGLE_GAMES), World()
    columns = (dials.k, dials.m, dials.t, dials.q, dials.e)
    designs = [Design(*row) for row in np.stack([np.asarray(column) for column in columns], axis=1).tolist()]
    return SINGLE_GAMES / median_seconds(lambda: [solve(design, world) for design in designs])


def by_gambit(evenly: bool) -> tuple[float, int]:
    """Let Gambit trace the quantal response equilibrium of every tree; also return how many leaves a tree has."""
    pygambit = import_module("pygambit")
    design, world = Design(k=0.4, m=0.1, t=0.05, q=0.5, e=0.4), World()
    cuts = cut_offs(design, world)
    if evenly:
        types = [even_types(float(upper), 3) for upper in (world.B, world.Abar, world.Gbar)]
    else:
        types = [
            cut_types(float(world.B), [cuts.gain]),
            cut_types(float(world.Abar), cuts.attack_cost.values()),
            cut_types(float(world.Gbar), cuts.fight_cost.values()),
        ]
    text = gambit_tree(design, world, *types).text
    trees = [pygambit.read_efg(io.StringIO(text)) for _ in range(TREES)]
    seconds = median_seconds(lambda: [pygambit.qre.logit_solve_lambda(tree, [10_000.0]) for tree in trees])
    return TREES / seconds, text.count("\nt ")


def main() -> None:
    fast, slow = all_at_once(), one_at_a_time()
    print(f"all at once     {fast:12,.0f} games/s ({GAMES:,} games)")
    print(f"one at a time   {slow:12,.0f} games/s, {fast / slow:,.0f} times slower")
    if find_spec("pygambit") is None:
        print("Gambit          pygambit is not installed: pip install pygambit==17.0.0b2")
        return
    for evenly, name in ((False, "a type per choice"), (True, "three types each")):
        gambit, leaves = by_gambit(evenly)
        print(f"Gambit          {gambit:12,.1f} games/s, {fast / gambit:,.0f} times slower ({name}, {leaves} leaves)")


if __name__ == "__main__":
    main()
