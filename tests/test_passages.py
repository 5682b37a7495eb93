"""Sentences of the chapters that a change of the data could make false; a test names the passage it checks."""

import pytest

from guarantees import catalog, compare
from guarantees.deterrence import Design, World, solve

TREATIES = ["nato_article5", "mutual_defence_treaty", "south_korea"]


@pytest.fixture(scope="module")
def readings():
    return [catalog.coding_matrix(name).drop(columns="record") for name in ("value", "alternative")]


def test_comparing_features_on_a_contested_obligation():
    """*Contested does not mean unknown*, and the question on NATO and Japan."""
    codings = catalog.load("codings").set_index(["model", "feature"])
    assert codings.loc[("nato_article5", "obligation"), ["value", "alternative"]].tolist() == [2, 3]
    assert codings.loc[("mutual_defence_treaty", "obligation"), "value"] == 2


def test_comparing_features_on_small_differences_that_line_up(readings):
    """*Two models side by side*: never more than one level, and who has more of what."""
    sides = compare.difference("taiwan_ambiguity", "israel_qme", readings[0]).set_index("feature")["difference"]
    assert sides.abs().max() == 1
    assert (sides[["arms", "institutions", "lock_in"]] == 1).all()
    assert (sides[["obligation", "duration"]] == -1).all()


def test_comparing_features_on_what_survives_every_reading(readings):
    """*Nearest precedents*: the first three change places, and no reading brings a treaty of defence up to them."""
    values, alternatives = (reading.drop(index="bilateral_agreements") for reading in readings)
    design = readings[0].loc["bilateral_agreements"].to_dict()
    ranks = compare.rank_ranges(design, values, alternatives).set_index("model")
    first = ["taiwan_ambiguity", "israel_qme", "multilateral_assurances"]
    assert ranks.index[:3].tolist() == first
    assert (ranks.loc[first, ["best", "worst"]] == [1, 3]).all(axis=None)
    assert ranks.loc[TREATIES, "best"].min() > 3


def test_comparing_features_on_what_separates_families(readings):
    """*Features that separate families*: forces best, and not legal form, because of Finland."""
    rest = [model for model in readings[0].index if model not in TREATIES]
    gaps = compare.separating_features(TREATIES, rest, readings[0]).set_index("feature")["gap"]
    separating = {"forces", "obligation", "ambiguity", "conditionality", "nuclear", "speed", "self_burden"}
    assert set(gaps.index[gaps > 0]) == separating
    assert (gaps.drop("forces") < gaps["forces"]).all()
    assert gaps["legal_form"] == 0
    forms = readings[0].loc[rest, "legal_form"]
    assert forms.index[forms == compare.TOP].tolist() == ["finlandization"]


def test_entrapment_on_what_a_guard_costs():
    """*What a guard costs*: boldness with less war, a clause that spares the innocent, vagueness as half a promise."""
    none, firm, clause, vague, half = (
        solve(design, World())
        for design in (Design(), Design(k=0.6), Design(k=0.6, q=0.5, e=0), Design(k=0.6, q=0.5, e=1), Design(k=0.3))
    )
    assert none.provocation < firm.provocation
    assert none.war > firm.war
    assert clause.entrapment < firm.entrapment
    assert clause.abandonment == pytest.approx(firm.abandonment, abs=0.01)
    for outcome in ("provocation", "war", "entrapment", "abandonment"):
        assert getattr(vague, outcome) == pytest.approx(getattr(half, outcome))
