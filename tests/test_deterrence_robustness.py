"""Rankings under other numbers with the same ordinal levels."""

from dataclasses import fields

import numpy as np
import pytest

from guarantees import catalog
from guarantees.deterrence import Design, Rankings, World, robust_rankings
from guarantees.deterrence import robustness as module


@pytest.fixture(scope="module")
def rankings() -> Rankings:
    return robust_rankings(catalog.presets(), draws=2000, seed=1)


def test_numberings_keep_order_ties_and_zero():
    coded = np.array([0.3, 0.0, 0.6, 0.3, 0.1])
    drawn = module._renumber(np.random.default_rng(0), coded, 500, (0.0, 0.8))
    assert drawn.shape == (500, 5)
    assert np.all(np.argsort(drawn[:, [1, 4, 0, 2]]) == [0, 1, 2, 3])
    assert np.all(drawn[:, 1] == 0)
    assert np.all(drawn[:, 0] == drawn[:, 3])
    assert len(np.unique(drawn[:, 2])) == 500
    assert drawn.max() < 0.8


def test_units_and_extensions_that_are_off_stay():
    kept = {field.name for part in (Design, World) for field in fields(part)} - set(module.RANGES)
    assert kept == {"Abar", "Gbar", "theta", "eta"}
    assert np.all(module._renumber(np.random.default_rng(0), np.ones(3), 4, None) == 1)


def test_peace_is_better_than_war_in_every_world_that_can_be_drawn():
    assert module.RANGES["h"][1] <= module.RANGES["c"][0]


def test_shares_are_those_of_the_solved_games(rankings):
    credibility = rankings.outcomes.credibility
    nato, israel = (rankings.models.index(model) for model in ("nato_article5", "israel_qme"))
    expected = np.mean(credibility[:, nato] > credibility[:, israel] + 1e-12)
    assert rankings.share("credibility", "nato_article5", "israel_qme") == expected


def test_a_tie_is_no_ranking():
    twins = {"one": (Design(k=0.3), World()), "other": (Design(k=0.3), World())}
    found = robust_rankings(twins, draws=50)
    assert found.share("credibility", "one", "other") == found.share("credibility", "other", "one") == 0


def test_a_chain_holds_no_more_often_than_its_links(rankings):
    chain = ("multilateral_assurances", "israel_qme", "nato_article5")
    links = [rankings.share("war", *pair) for pair in (chain[:2], chain[1:])]
    assert sum(links) - 1 <= rankings.share("war", *chain) <= min(links)


def test_what_words_alone_decide_holds_in_every_numbering(rankings):
    """South Korea differs from the mutual defence treaty by a larger tripwire only."""
    assert rankings.share("credibility", "south_korea", "mutual_defence_treaty") == 1
    assert rankings.share("leverage_protege", "south_korea", "mutual_defence_treaty") == 1


def test_safe_rankings_are_those_above_the_bar(rankings):
    safe = rankings.safe()
    assert all(share > 0.95 for share in safe.values())
    assert safe[("war", "multilateral_assurances", "nato_article5")] > 0.99
    assert ("leverage_protege", "nato_article5", "israel_qme") not in safe
    assert len(rankings.safe(0.5)) > len(safe)
    assert rankings.safe(1.0) == {}


def test_the_same_seed_gives_the_same_draws(rankings):
    again = robust_rankings(catalog.presets(), draws=2000, seed=1)
    assert np.array_equal(again.outcomes.war, rankings.outcomes.war)
    other = robust_rankings(catalog.presets(), draws=2000, seed=2)
    safest = [key for key, share in rankings.safe().items() if share > 0.97]
    assert all(other.share(*key) > 0.95 for key in safest)


def test_unknown_models_are_refused(rankings):
    with pytest.raises(ValueError, match="tuple"):
        rankings.share("war", "nato", "israel_qme")
