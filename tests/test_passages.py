"""Sentences of the chapters that a change of the data could make false; a test names the passage it checks."""

import numpy as np
import pytest

from guarantees import catalog, compare, design, tradeoffs
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


def test_tradeoffs_on_models_above_the_middle(readings):
    """*Do the models bear the trade-offs out?*: none as coded; Israel on two pairs if each doubt is settled for it."""
    criteria = catalog.criteria()
    pairs = [("credibility", "low_entrapment"), ("deterrence", "low_provocation"), ("speed", "durability")]

    def above(table):
        return [set(table.index[(table[list(pair)] > 0.5).all(axis=1)]) for pair in pairs]

    values, alternatives = (tradeoffs.performances(reading, criteria) for reading in readings)
    assert above(values) == [set(), set(), set()]
    best = values.copy()
    for criterion, parts in criteria.items():
        levels = {
            feature: np.maximum(sign * readings[0][feature], sign * readings[1][feature]) * sign
            for feature, sign in parts.items()
        }
        best[criterion] = tradeoffs.performances(readings[0].assign(**levels), {criterion: parts})[criterion]
    assert (best >= np.maximum(values, alternatives) - 1e-9).all(axis=None)
    assert above(best) == [{"israel_qme"}, set(), {"israel_qme"}]


def test_tradeoffs_on_the_two_models_that_most_often_come_first(readings):
    """*What the number is not*: the first two stand at opposite ends of most criteria."""
    first = tradeoffs.acceptability(catalog.criteria(), *readings)[1].nlargest(2).index
    assert set(first) == {"nato_article5", "multilateral_assurances"}
    table = tradeoffs.performances(readings[0], catalog.criteria())
    assert (abs(table.loc[first[0]] - table.loc[first[1]]) > 0.5).sum() > len(table.columns) / 2


def test_designing_on_the_agreements_as_a_treaty(readings):
    """*Save it, and read it elsewhere*: hardened into a treaty, the agreements meet a new clash."""
    agreements = readings[0].loc["bilateral_agreements"].to_dict()
    treaty = {**agreements, "legal_form": 3, "duration": 3}
    before, after = ({rule.id for rule in design.tensions(levels)} for levels in (agreements, treaty))
    assert after - before
    assert compare.nearest_precedents(agreements, readings[0])["model"].iloc[0] == "bilateral_agreements"


def test_designing_on_what_no_model_promises(readings):
    """*One clause at four strengths*: no model is coded at the fourth."""
    assert readings[0]["obligation"].max() == 2
