"""Every change is split without remainder, and each part means what it says."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees.deterrence import EXPLAINABLE, Design, InvalidGame, World, explain, solve
from tests.deterrence_tree import random_games

GAMES = list(random_games(200, seed=8))


@given(st.sampled_from(GAMES), st.sampled_from(GAMES), st.sampled_from(sorted(EXPLAINABLE)))
def test_effects_add_up_to_the_change(before, after, outcome):
    found = explain(before, after, outcome)
    assert found.before == pytest.approx(getattr(solve(*before), outcome), abs=1e-12)
    assert found.after == pytest.approx(getattr(solve(*after), outcome), abs=1e-12)
    effects = found.direct + found.through_attack + found.through_provocation
    assert effects == pytest.approx(found.after - found.before, abs=1e-12)
    back = explain(after, before, outcome)
    assert (back.direct, back.through_attack) == pytest.approx((-found.direct, -found.through_attack), abs=1e-12)


def test_a_war_is_a_war_however_it_ends():
    for before, after in pairwise(GAMES):
        assert explain(before, after, "war").direct == 0


def test_a_bolder_protege_is_the_only_cause_where_only_its_gains_change():
    design = Design(k=0.5, q=0.3)
    found = explain((design, World(B=0.3)), (design, World(B=0.6)), "entrapment")
    assert found.direct == found.through_attack == 0
    assert found.through_provocation == pytest.approx(found.after - found.before)


def test_a_bolder_adversary_works_through_attack_and_the_protege_s_answer():
    design = Design(k=0.5)
    found = explain((design, World()), (design, World(Abar=0.8)), "abandonment")
    assert found.direct == 0
    assert found.through_attack > 0 > found.through_provocation


def test_a_promise_pulls_three_ways():
    """By hand: the averages over the six orders of changing ending, attack and provocation."""
    before, after = solve(Design(k=0.1)), solve(Design(k=0.6))
    c_0, c_1 = before.credibility - 0.21, after.credibility - 0.21
    r_0, r_1 = before.provocation, after.provocation
    x_0, x_1 = before.attack_provoked, after.attack_provoked
    attack = (x_1 - x_0) * (2 * c_0 * r_0 + c_0 * r_1 + c_1 * r_0 + 2 * c_1 * r_1) / 6
    found = explain((Design(k=0.1), World()), (Design(k=0.6), World()))
    assert found.through_attack == pytest.approx(attack)
    assert found.direct > 0 > found.through_attack
    assert found.words == (
        f"Entrapment rises from {found.before:.3f} to {found.after:.3f}. The way a war would end adds "
        f"{found.direct:.3f}. A change in how often the adversary attacks takes away {-found.through_attack:.3f}. "
        f"A change in how often the protégé provokes adds {found.through_provocation:.3f}."
    )


def test_nothing_changes_nothing():
    game = Design(k=0.5), World()
    found = explain(game, game, "war")
    assert found.words.startswith(f"War stays at {found.after:.3f}. The way a war would end makes no difference.")
    falling = explain(game, (replace(game[0], k=0.7), World()), "war")
    assert falling.words.startswith("War falls from")


def test_refusals():
    game = Design(k=0.5), World()
    with pytest.raises(KeyError, match="'peace' cannot be split; accepted: war, guarantor_fights"):
        explain(game, game, "peace")
    with pytest.raises(InvalidGame, match="one game is needed"):
        explain(game, (Design(k=[0.1, 0.2]), World()))
