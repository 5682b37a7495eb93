import re

import pytest

from guarantees import catalog, design, show
from guarantees.show.positions import ADVERSARY, DELEGATIONS, UnknownDelegation, common_ground, issues


def test_every_delegation_has_one_position_on_every_issue():
    rows = catalog.load("positions")
    assert list(rows["delegation"].unique()) == list(DELEGATIONS)
    assert rows.groupby("delegation", observed=True)["feature"].apply(list).map(lambda found: found == issues()).all()
    assert set(issues()) <= set(design.clauses())
    assert (rows["least"] <= rows["aim"]).all()
    assert (rows["aim"] <= rows["most"]).all()


def test_the_game_is_hard_but_not_hopeless():
    friends = [delegation for delegation in DELEGATIONS if delegation != ADVERSARY]
    agreed = common_ground(friends)
    assert all(agreed.values()), "the five have nothing to sign"
    aims = catalog.load("positions").query("delegation in @friends").groupby("feature", observed=True)["aim"]
    assert (aims.nunique() > 1).all(), "an issue on which all five want the same is no issue"
    blocked = [feature for feature, levels in common_ground(DELEGATIONS).items() if not levels]
    assert 0 < len(blocked) < len(issues())


def test_what_nobody_shares_is_empty():
    assert common_ground(["ukraine", "russia"])["forces"] == []
    assert common_ground(["ukraine"])["forces"] == [1, 2, 3]


@pytest.mark.parametrize("delegation", DELEGATIONS)
def test_a_position_without_a_source_is_called_an_assumption(delegation):
    html = show.positions(delegation).body
    rows = catalog.load("positions").query("delegation == @delegation")
    assert html.count("teaching assumption") == rows["source"].eq("").sum()
    assert re.findall(r'data-source="([^"]+)"', html) == rows["source"][rows["source"].ne("")].tolist()


def test_the_matrix_says_where_all_but_the_adversary_meet():
    html = show.position_matrix().body
    last = re.findall(r'data-head="All but Russia">(.*?)</td>', html)
    friends = [delegation for delegation in DELEGATIONS if delegation != ADVERSARY]
    assert last == [", ".join(map(str, levels)) for levels in common_ground(friends).values()]


def test_an_unknown_delegation_names_near_matches():
    with pytest.raises(UnknownDelegation, match="poland"):
        show.positions("polands")
