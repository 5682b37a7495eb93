"""The game played out against its closed form."""

from dataclasses import fields

import numpy as np
import pytest

from guarantees import catalog
from guarantees.deterrence import Design, InvalidGame, Outcome, World, simulate, solve
from tests.deterrence_tree import random_games

GAMES = {
    **catalog.presets(),
    "blurred": (Design(k=0.6, m=0.05, t=0.1, q=0.5, e=0.4), World()),
    "extended": (
        Design(k=0.3, m=0.1, t=0.1, q=0.5, e=0.4),
        World(theta=0.5, h=0.1, eta=0.3, B=0.6, Abar=0.9, Gbar=0.8),
    ),
}


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_plays_agree_with_the_closed_form(game):
    played, exact = simulate(*game, plays=400_000, seed=20), solve(*game)
    for field in fields(Outcome):
        error = getattr(played.standard_error, field.name)
        assert abs(getattr(played.mean, field.name) - getattr(exact, field.name)) <= 4 * error + 1e-12, field.name
        assert error < 0.006, field.name


SEEN_IN_EVERY_PLAY = (
    "provocation", "war", "guarantor_fights", "entrapment", "entanglement", "abandonment", "breach",
    "protege_survives", "payoff_guarantor", "payoff_protege", "payoff_adversary",
)  # fmt: skip


def test_plays_agree_in_random_corners():
    """Of a thousand standard scores few are above 3 and none above 5, and they spread as they should."""
    scores = []
    for game in random_games(100, seed=11):
        played, exact = simulate(*game, plays=50_000, seed=7), solve(*game)
        for name in SEEN_IN_EVERY_PLAY:
            gap, error = (getattr(played.mean, name) - getattr(exact, name)), getattr(played.standard_error, name)
            if error > 1e-12:
                scores.append(gap / error)
            else:
                assert abs(gap) < 1e-4
    assert len(scores) > 500
    assert np.max(np.abs(scores)) < 5
    assert np.mean(np.abs(scores) > 3) < 0.01
    assert 0.85 < np.std(scores) < 1.15


def test_the_same_seed_gives_the_same_plays():
    assert simulate(Design(k=0.6), plays=1000, seed=3) == simulate(Design(k=0.6), plays=1000, seed=3)
    assert simulate(Design(k=0.6), plays=1000, seed=3) != simulate(Design(k=0.6), plays=1000, seed=4)


def test_what_never_happened_is_not_a_number():
    nobody_attacks = simulate(Design(k=0.8), World(L=1.0, delta=0.0), plays=1000)
    assert nobody_attacks.mean.war == 0
    assert np.isnan(nobody_attacks.mean.credibility)
    assert np.isnan(nobody_attacks.standard_error.leverage_protege)


def test_refusals():
    with pytest.raises(InvalidGame, match=r"one game is needed, not an array of shape \(2,\)"):
        simulate(Design(k=[0, 1]))
    with pytest.raises(ValueError, match="plays = 1: at least 2"):
        simulate(Design(), plays=1)
