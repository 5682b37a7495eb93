"""The frontier against a comparison of every pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees.deterrence import Design, World, frontier, solve

LEVELS = st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.9]), min_size=1, max_size=12)


@given(LEVELS, LEVELS, st.sampled_from([0.0, 0.4, 1.0]))
def test_nobody_dominates_the_efficient_and_somebody_every_other(ks, qs, e):
    found = frontier(Design(k=np.array(ks)[:, None], q=np.array(qs), e=e))
    dominates = found.dominates()
    dominated = dominates.any(axis=0)
    assert not dominated[found.efficient].any()
    values = set(zip(found.credibility[found.efficient], found.entrapment[found.efficient], strict=True))
    assert len(values) == len(found.efficient)
    everyone = zip(found.credibility, found.entrapment, strict=True)
    assert values == {pair for pair, beaten in zip(everyone, dominated, strict=True) if not beaten}
    assert np.all(np.diff(found.credibility[found.efficient]) > 0)
    assert np.all(np.diff(found.entrapment[found.efficient]) > 0)


@given(LEVELS, LEVELS, st.floats(0, 1))
def test_best_is_the_least_entrapment_at_that_credibility(ks, qs, level):
    found = frontier(Design(k=np.array(ks)[:, None], q=np.array(qs)))
    enough = found.credibility >= level
    best = found.best(level)
    if best is None:
        assert not enough.any()
    else:
        assert found.credibility[best] >= level
        assert found.entrapment[best] == found.entrapment[enough].min()


def test_positions_lead_back_to_the_dials():
    k, q = np.linspace(0, 0.7, 8), np.linspace(0, 1, 5)
    found = frontier(Design(k=k[:, None], q=q, e=0.4))
    best = found.best(0.6)
    row, column = np.unravel_index(best, (8, 5))
    assert solve(Design(k=k[row], q=q[column], e=0.4)).entrapment == pytest.approx(found.entrapment[best])


def test_dominance_in_words():
    """With conduct observed, a condition costs no credibility and removes entrapment; hidden, it dominates nothing."""
    observed = frontier(Design(k=0.6, q=[0, 1], e=0))
    assert observed.dominates().tolist() == [[False, False], [True, False]]
    hidden = frontier(Design(k=0.6, q=[0, 1], e=1))
    assert not hidden.dominates().any()
    assert frontier(Design(k=[0.3, 0.3]), World()).efficient.tolist() == [0]
