"""The closed form against brute force, against Gambit, and against every player's wish to deviate."""

import io
from dataclasses import astuple
from types import SimpleNamespace

import numpy as np
import pytest

from guarantees import catalog
from guarantees.deterrence import Design, Outcome, World, solve
from tests.deterrence_tree import (
    ADVERSARY,
    GUARANTOR,
    PLAYERS,
    PROTEGE,
    Types,
    cut_offs,
    cut_types,
    even_types,
    gambit_tree,
    payoffs,
    random_games,
    release,
)

EXTENDED = (Design(k=0.2, m=0.05, t=0.1, q=0.3, e=0.5), World(L=0.5, h=0.1, eta=0.2, theta=0.5, B=0.5, Gbar=0.9))


def backward_induction(design: Design, world: World, gains: Types, attack_costs: Types, fight_costs: Types) -> Outcome:
    """Let every type of every player compare its two actions, last mover first, and add up what happens."""
    b, a, g = gains.at, attack_costs.at, fight_costs.at
    odds_alone = min(1, world.p + design.m)
    interest = g <= world.v * world.s * (1 - odds_alone)

    def after(provoked: bool) -> SimpleNamespace:
        def table(attacked=True, fights=False, bound=False):
            return payoffs(design, world, provoked, attacked, fights, bound, b, a, g)

        def at_last_move(pick):
            """Average over the fate of the promise and the guarantor's types."""
            lapses = release(design, provoked)
            fate = ((1 - lapses, True), (lapses, False))
            return sum(chance * fight_costs.weights @ pick(fights[bound], bound) for chance, bound in fate)

        fights = {bound: table(True, True, bound)[0] >= table(True, False, bound)[0] for bound in (True, False)}
        credibility = at_last_move(lambda f, bound: f)
        _, protege, adversary = (
            credibility * fought + (1 - credibility) * alone
            for fought, alone in zip(table(fights=True), table(), strict=True)
        )
        peace = table(attacked=False)
        attacks = adversary >= peace[2]
        attack = attack_costs.weights @ attacks
        guarantor = at_last_move(
            lambda f, bound: np.where(f, table(True, True, bound)[0], table(True, False, bound)[0])
        )
        return SimpleNamespace(
            credibility=credibility,
            attack=attack,
            pressed=attack * at_last_move(lambda f, bound: f & ~interest),
            breach=attack * at_last_move(lambda f, bound: ~f & bound & (design.k > 0)),
            conquered=attack * (1 - odds_alone) * (1 - world.s * credibility),
            protege_at_war=protege[0],
            guarantor=attack * guarantor + (1 - attack) * peace[0],
            protege=attack * protege + (1 - attack) * peace[1],
            adversary=attack_costs.weights @ np.where(attacks, adversary, peace[2]),
        )

    calm, tense = after(provoked=False), after(provoked=True)
    provokes = tense.protege >= calm.protege
    rho = gains.weights @ provokes

    def overall(pick):
        return (1 - rho) * pick(calm) + rho * pick(tense)

    return Outcome(
        credibility=calm.credibility,
        credibility_provoked=tense.credibility,
        attack=calm.attack,
        attack_provoked=tense.attack,
        price_of_provoking=(calm.protege - tense.protege + b)[0],
        provocation=rho,
        war=overall(lambda branch: branch.attack),
        guarantor_fights=overall(lambda branch: branch.attack * branch.credibility),
        entrapment=rho * tense.pressed,
        entanglement=(1 - rho) * calm.pressed,
        abandonment=overall(lambda branch: branch.attack * (1 - branch.credibility)),
        breach=overall(lambda branch: branch.breach),
        protege_survives=1 - overall(lambda branch: branch.conquered),
        leverage_protege=calm.protege_at_war,
        payoff_guarantor=overall(lambda branch: branch.guarantor),
        payoff_protege=gains.weights @ np.where(provokes, tense.protege, calm.protege),
        payoff_adversary=overall(lambda branch: branch.adversary),
    )


def grid(world: World, types: int):
    return [even_types(upper, types) for upper in (world.B, world.Abar, world.Gbar)]


def largest_gap(types: int, games: int) -> float:
    return max(
        np.max(np.abs(np.subtract(astuple(solve(*game)), astuple(backward_induction(*game, *grid(game[1], types))))))
        for game in random_games(games, seed=4)
    )


def test_brute_force_agrees_on_random_games():
    assert largest_gap(types=1000, games=300) < 0.01


def test_brute_force_closes_in_as_the_grid_is_refined():
    coarse, middle, fine = (largest_gap(types, games=60) for types in (50, 400, 3200))
    assert fine < middle / 3 < coarse / 9
    assert fine < 0.002


def test_no_type_of_any_player_gains_by_deviating():
    """Each of 500 types of each player, at every information set, weighs both actions against what the others do."""
    for design, world in random_games(300, seed=5):
        found, cuts = solve(design, world), cut_offs(design, world)
        b, a, g = (types.at for types in grid(world, 500))
        safety = []
        for provoked, credibility, attack in (
            (False, found.credibility, found.attack),
            (True, found.credibility_provoked, found.attack_provoked),
        ):
            for bound in (True, False):
                fight, desert = (payoffs(design, world, provoked, True, f, bound, b, a, g)[0] for f in (True, False))
                gain = np.where(g <= cuts.fight_cost[bound], desert - fight, fight - desert)
                assert np.max(gain) < 1e-12
            joined, alone = (payoffs(design, world, provoked, True, f, False, b, a, g) for f in (True, False))
            peace = payoffs(design, world, provoked, False, False, False, b, a, g)
            war = [credibility * joined[i] + (1 - credibility) * alone[i] for i in (1, 2)]
            gain = np.where(a <= cuts.attack_cost[provoked], peace[2] - war[1], war[1] - peace[2])
            assert np.max(gain) < 1e-12
            safety.append(attack * war[0] + (1 - attack) * peace[1])
        gain = np.where(b >= cuts.gain, safety[0] - safety[1], safety[1] - safety[0])
        assert np.max(gain) < 1e-12


@pytest.fixture(scope="module")
def gambit():
    return pytest.importorskip("pygambit", reason="pygambit 17 is not installed (it has wheels for x86-64 only)")


GAMES = {**catalog.presets(), "extended": EXTENDED, "all dials": (Design(k=0.4, m=0.1, t=0.05, q=0.5, e=0.4), World())}


def beside(cuts):
    return [cut + step for cut in cuts for step in (-1e-3, 0, 1e-3)]


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_gambit_finds_no_regret_in_the_cut_offs(gambit, game):
    """Types are bunched within a thousandth of every cut-off, where a wrong one would be regretted first."""
    design, world = game
    cuts = cut_offs(design, world)
    types = (
        cut_types(world.B, beside([cuts.gain])),
        cut_types(world.Abar, beside(cuts.attack_cost.values())),
        cut_types(world.Gbar, beside(cuts.fight_cost.values())),
    )
    tree = gambit_tree(design, world, *types)
    second_action = {
        GUARANTOR: lambda provoked, bound, g: g < cuts.fight_cost[bound],
        PROTEGE: lambda b: b > cuts.gain,
        ADVERSARY: lambda provoked, a: a < cuts.attack_cost[provoked],
    }
    profile = gambit.read_efg(io.StringIO(tree.text)).mixed_behavior_profile(
        [
            [[1 - second, second] for second in (float(second_action[player](*known)) for known in knowledge)]
            for player, knowledge in tree.knowledge.items()
        ]
    )
    found = solve(design, world)
    assert profile.agent_max_regret() == pytest.approx(0, abs=1e-12)
    assert [profile.payoffs[player] for player in PLAYERS] == pytest.approx(
        [found.payoff_guarantor, found.payoff_protege, found.payoff_adversary], abs=1e-9
    )


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_gambit_solves_the_tree_to_the_same_payoffs(gambit, game):
    """One type for each stretch between cut-offs loses nothing, because payoffs are linear in private numbers."""
    design, world = game
    cuts = cut_offs(design, world)
    tree = gambit_tree(
        design,
        world,
        cut_types(world.B, [cuts.gain]),
        cut_types(world.Abar, cuts.attack_cost.values()),
        cut_types(world.Gbar, cuts.fight_cost.values()),
    )
    found = solve(design, world)
    assert gambit_payoffs(gambit, tree) == pytest.approx(
        [found.payoff_guarantor, found.payoff_protege, found.payoff_adversary], abs=1e-9
    )


@pytest.mark.parametrize("types", [2, 3, 4])
def test_gambit_agrees_with_brute_force_on_evenly_spread_types(gambit, types):
    for game in (EXTENDED, GAMES["all dials"]):
        found = backward_induction(*game, *grid(game[1], types))
        assert gambit_payoffs(gambit, gambit_tree(*game, *grid(game[1], types))) == pytest.approx(
            [found.payoff_guarantor, found.payoff_protege, found.payoff_adversary], abs=1e-9
        )


def gambit_payoffs(gambit, tree) -> list[float]:
    """Payoffs in the quantal response equilibrium of the tree, at a precision that leaves no room for error."""
    (response,) = gambit.qre.logit_solve_lambda(gambit.read_efg(io.StringIO(tree.text)), [10_000.0])
    return [response.profile.payoffs[player] for player in PLAYERS]
