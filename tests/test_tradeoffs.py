"""Criteria, weights, dominance, acceptability, and the changes that put another model first."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarantees import catalog, compare, tradeoffs

FEATURES = ["legal_form", "obligation", "arms", "forces"]
CRITERIA = {
    "credibility": {"legal_form": 1, "obligation": 1},
    "restraint": {"obligation": -1, "forces": -1},
    "means": {"arms": 1, "forces": 1},
}
MODELS = list("abcd")
levels = st.integers(0, 3)
points = st.fixed_dictionaries({name: st.integers(0, 10) for name in CRITERIA}).filter(
    lambda given: any(given.values())
)
weightings = points.map(lambda given: tradeoffs.swing_weights(given)[list(CRITERIA)])


def matrices() -> st.SearchStrategy[pd.DataFrame]:
    rows = st.lists(st.lists(levels, min_size=4, max_size=4), min_size=4, max_size=4)
    return rows.map(lambda rows: pd.DataFrame(rows, index=MODELS, columns=FEATURES))


@pytest.fixture(scope="module")
def criteria() -> dict[str, dict[str, int]]:
    return catalog.criteria()


@pytest.fixture(scope="module")
def readings() -> tuple[pd.DataFrame, pd.DataFrame]:
    return catalog.coding_matrix(), catalog.coding_matrix("alternative")


def random_weights(count: int, size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(size), size=count)


def test_directions_are_those_of_the_codebook():
    features = catalog.load("features")
    signs = tradeoffs.directions(features)
    given = features.set_index("id")["direction"].astype(str)
    for feature, sign in signs.items():
        assert given[feature] in (("strengthens", "gain") if sign == 1 else ("weakens", "cost"))
    assert set(given.index) - set(signs) == {"control", "record"}


@pytest.mark.parametrize("stated", [{"record": 1}, {"arms": -1}, {"control": 0}, {"contol": 1}])
def test_a_direction_may_be_stated_where_it_depends_only(stated):
    with pytest.raises(ValueError, match="1 or -1 may be stated for control, not"):
        tradeoffs.directions(catalog.load("features"), stated)


@given(matrices())
def test_performances_stay_between_0_and_1(codings):
    table = tradeoffs.performances(codings, CRITERIA)
    assert table.index.tolist() == MODELS
    assert table.columns.tolist() == list(CRITERIA)
    assert ((table >= 0) & (table <= 1)).all(axis=None)


@given(matrices())
def test_a_reversed_criterion_counts_from_the_other_end(codings):
    reversed_ = {name: {feature: -sign for feature, sign in parts.items()} for name, parts in CRITERIA.items()}
    assert np.allclose(tradeoffs.performances(codings, reversed_), 1 - tradeoffs.performances(codings, CRITERIA))


def test_performances_are_means_of_shares_of_the_scale():
    codings = pd.DataFrame([[3, 1, 0, 2]], index=["a"], columns=FEATURES)
    table = tradeoffs.performances(codings, CRITERIA)
    assert table.loc["a"].tolist() == pytest.approx([(1 + 1 / 3) / 2, (2 / 3 + 1 / 3) / 2, (0 + 2 / 3) / 2])


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({"clean": {"record": 1}}, "record is an outcome"),
        ({"nothing": {}}, "the criterion 'nothing' has no features"),
        ({"double": {"arms": 2}}, "arms counts 1 or -1 for double, not 2"),
    ],
)
def test_criteria_that_make_no_sense_are_refused(criteria, message):
    with pytest.raises(ValueError, match=message):
        tradeoffs.performances(catalog.coding_matrix(), criteria)


def test_an_unknown_feature_names_near_matches():
    with pytest.raises(tradeoffs.UnknownName, match=r"no feature 'force' \(did you mean forces"):
        tradeoffs.performances(catalog.coding_matrix(), {"means": {"force": 1}})


def test_swing_points_are_relative():
    weights = tradeoffs.swing_weights({"credibility": 100, "speed": 50, "autonomy": 0})
    assert weights.to_dict() == pytest.approx({"credibility": 2 / 3, "speed": 1 / 3, "autonomy": 0})
    assert weights.equals(tradeoffs.swing_weights({"credibility": 2, "speed": 1, "autonomy": 0}))


@pytest.mark.parametrize("points", [{"speed": -1, "autonomy": 2}, {"speed": 0}, {}, {"speed": float("nan")}])
def test_swing_points_that_give_no_weights_are_refused(points):
    with pytest.raises(ValueError, match="points must not be negative"):
        tradeoffs.swing_weights(points)


@given(matrices(), weightings)
def test_scores_lie_between_the_worst_and_the_best_performance(codings, weights):
    table = tradeoffs.performances(codings, CRITERIA)
    scores = tradeoffs.scores(table, weights)
    assert scores.between(0, 1).all()
    assert (scores >= table.min(axis=1) - 1e-9).all()
    assert (scores <= table.max(axis=1) + 1e-9).all()


@pytest.mark.parametrize("criterion", CRITERIA)
def test_all_weight_on_one_criterion_gives_its_performance(readings, criterion):
    table = tradeoffs.performances(readings[0], CRITERIA)
    weights = {name: float(name == criterion) for name in reversed(CRITERIA)}
    assert np.allclose(tradeoffs.scores(table, weights), table[criterion])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"credibility": 0.5, "restraint": 0.5}, "there is nothing for means"),
        ({"credibility": 0.5, "restraint": 1, "means": -0.5}, "must not be negative"),
        ({"credibility": 50, "restraint": 30, "means": 20}, "sum to 100, not to 1: see swing_weights"),
    ],
)
def test_weights_that_are_none_are_refused(readings, weights, message):
    with pytest.raises(ValueError, match=message):
        tradeoffs.scores(tradeoffs.performances(readings[0], CRITERIA), weights)


def test_a_weight_of_no_criterion_names_near_matches(readings):
    with pytest.raises(tradeoffs.UnknownName, match=r"no criterion 'credibilty' \(did you mean credibility"):
        tradeoffs.scores(tradeoffs.performances(readings[0], CRITERIA), {"credibilty": 1})


@given(matrices(), weightings)
def test_weights_of_features_give_the_same_differences_as_weights_of_criteria(codings, weights):
    scores = tradeoffs.scores(tradeoffs.performances(codings, CRITERIA), weights)
    pull = tradeoffs.feature_weights(CRITERIA, weights)
    composite = compare.composite_ranks(pull, codings, codings).set_index("model")["score"][MODELS]
    assert np.ptp(scores - composite) < 1e-8


def test_a_feature_that_serves_one_criterion_at_the_cost_of_another_loses_its_weight():
    pull = tradeoffs.feature_weights(CRITERIA, {"credibility": 0.5, "restraint": 0.5, "means": 0})
    assert pull.to_dict() == {"legal_form": 0.25, "obligation": 0, "forces": -0.25, "arms": 0}


@given(matrices())
def test_no_member_of_the_pareto_set_is_dominated_and_every_other_model_is_by_a_member(codings):
    table = tradeoffs.performances(codings, CRITERIA)
    members, dominates = tradeoffs.pareto(table), tradeoffs.dominance(table)
    assert members
    assert not dominates[members].any(axis=None)
    assert all(dominates.loc[members, model].any() for model in set(MODELS) - set(members))


@given(matrices(), weightings)
def test_a_dominated_model_never_scores_higher(codings, weights):
    table = tradeoffs.performances(codings, CRITERIA)
    dominates, scores = tradeoffs.dominance(table), tradeoffs.scores(table, weights)
    for one, other in product(MODELS, MODELS):
        if dominates.loc[one, other]:
            assert not dominates.loc[other, one]
            assert scores[one] >= scores[other]


@given(matrices(), matrices())
def test_acceptability_sums_to_1_both_ways(values, alternatives):
    shares = tradeoffs.acceptability(CRITERIA, values, alternatives, draws=50)
    assert np.allclose(shares.sum(axis=0), 1)
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares >= 0).all(axis=None)


def test_acceptability_comes_from_the_seed(criteria, readings):
    shares = tradeoffs.acceptability(criteria, *readings, draws=200)
    assert shares.equals(tradeoffs.acceptability(criteria, *readings, draws=200))
    assert not shares.equals(tradeoffs.acceptability(criteria, *readings, draws=200, seed=1))


def test_it_does_not_matter_in_which_order_numbers_are_given(criteria, readings):
    codings = readings[0]
    alpha = dict(zip(criteria, range(1, 9), strict=True))
    turned = dict(reversed(alpha.items()))
    assert tradeoffs.central_weights(criteria, *readings, alpha, draws=100).equals(
        tradeoffs.central_weights(criteria, *readings, turned, draws=100)
    )
    table = tradeoffs.performances(codings, criteria)
    weights, turned = tradeoffs.swing_weights(alpha), tradeoffs.swing_weights(turned)
    assert np.allclose(tradeoffs.smallest_changes(table, weights), tradeoffs.smallest_changes(table, turned))


def test_the_share_of_weightings_is_that_of_the_line_between_two_criteria():
    """Of all mixtures of legal form and speed, the one model wins below the crossing and the other above."""
    codings = pd.DataFrame([[3, 0], [1, 1], [0, 1]], index=list("abc"), columns=["legal_form", "speed"])
    criteria = {"form": {"legal_form": 1}, "speed": {"speed": 1}}
    shares = tradeoffs.acceptability(criteria, codings, codings, draws=20_000)
    # a scores 3w, b scores 1, c scores 1 - w: a beats b above 1/3 and c above 1/4, c never beats b.
    assert shares[1].tolist() == pytest.approx([2 / 3, 1 / 3, 0], abs=0.015)
    assert shares.loc["c", 2] == pytest.approx(1 / 4, abs=0.015)


def test_models_that_are_alike_share_their_ranks():
    codings = pd.DataFrame([[3, 1], [3, 1], [0, 0]], index=list("abc"), columns=["arms", "speed"])
    shares = tradeoffs.acceptability({"arms": {"arms": 1}, "speed": {"speed": 1}}, codings, codings, draws=10)
    assert shares.to_numpy().tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]


def test_a_dominated_model_is_never_acceptable(criteria, readings):
    table = tradeoffs.performances(readings[0], criteria)
    shares = tradeoffs.acceptability(criteria, readings[0], readings[0], draws=2000)[1]
    dominated = set(table.index) - set(tradeoffs.pareto(table))
    assert dominated == {"taiwan_ambiguity"}
    assert shares["taiwan_ambiguity"] == 0


def test_acceptability_near_given_weights_is_the_exact_share_of_readings(criteria, readings):
    weights = tradeoffs.swing_weights(dict(zip(criteria, (100, 80, 60, 50, 45, 35, 25, 10), strict=True)))
    sampled = tradeoffs.acceptability(criteria, *readings, alpha=weights * 1e9, draws=20_000)
    exact = compare.rank_shares(tradeoffs.feature_weights(criteria, weights), *readings)
    assert np.allclose(sampled, exact, atol=0.02)


@pytest.mark.parametrize(
    ("alpha", "message"), [({"form": 1}, "nothing for speed"), ({"form": 1, "speed": -1}, "must not be negative")]
)
def test_parameters_that_are_none_are_refused(readings, alpha, message):
    criteria = {"form": {"legal_form": 1}, "speed": {"speed": 1}}
    with pytest.raises(ValueError, match=message):
        tradeoffs.acceptability(criteria, *readings, alpha=alpha)


def test_a_model_wins_at_its_central_weights(criteria, readings):
    """The weightings with which a model wins are convex, so that their mean is one of them."""
    codings = readings[0]
    table = tradeoffs.performances(codings, criteria)
    central = tradeoffs.central_weights(criteria, codings, codings)
    shares = tradeoffs.acceptability(criteria, codings, codings)[1]
    for model, weights in central.iterrows():
        if shares[model] == 0:
            assert weights.isna().all()
        else:
            assert weights.sum() == pytest.approx(1)
            assert tradeoffs.scores(table, weights / weights.sum()).idxmax() == model


@given(matrices(), weightings, st.integers(0, 1000))
def test_the_smallest_change_makes_another_model_win_and_no_smaller_one_does(codings, weights, seed):
    lead = 0.001
    table = tradeoffs.performances(codings, CRITERIA)
    winner = tradeoffs.scores(table, weights).idxmax()
    changes = tradeoffs.smallest_changes(table, weights, lead)
    assert winner not in changes.index
    assert changes["change"].is_monotonic_increasing
    for challenger, row in changes.iterrows():
        after = row[list(CRITERIA)]
        assert (after >= 0).all()
        assert after.sum() == pytest.approx(1)
        assert (after - weights).abs().sum() == pytest.approx(row["change"], abs=1e-6)
        scores = table @ after
        assert scores[challenger] >= scores.max() - 1e-6
        assert scores[challenger] >= scores[winner] + lead - 1e-6
    tried = random_weights(300, len(CRITERIA), seed)
    near = weights.to_numpy() + (tried - weights.to_numpy()) * np.linspace(0, 1, len(tried))[:, None]
    scores = near @ table.to_numpy().T
    ahead = scores.max(axis=1) >= scores[:, MODELS.index(winner)] + lead
    smallest = changes["change"].iloc[0] if len(changes) else np.inf
    assert (np.abs(near - weights.to_numpy()).sum(axis=1)[ahead] >= smallest - 1e-6).all()


def test_the_smallest_change_between_two_criteria_is_the_way_to_the_crossing():
    table = pd.DataFrame([[0.8, 0.2], [0.4, 0.6]], index=["a", "b"], columns=["form", "speed"])
    # The scores cross where both criteria weigh a half: 0.2 of the weight has to move.
    changes = tradeoffs.smallest_changes(table, {"form": 0.7, "speed": 0.3}, lead=1e-6)
    assert changes.loc["b"].tolist() == pytest.approx([0.4, 0.5, 0.5], abs=1e-5)


def test_no_change_of_weights_puts_a_strictly_worse_model_first():
    table = pd.DataFrame([[0.8, 0.6], [0.4, 0.5]], index=["a", "b"], columns=["form", "speed"])
    assert tradeoffs.smallest_changes(table, {"form": 0.5, "speed": 0.5}).empty


@settings(max_examples=25)
@given(matrices(), matrices(), weightings)
def test_overturning_codings_are_those_that_change_the_winner_alone(values, alternatives, weights):
    def score(codings: pd.DataFrame) -> pd.Series:
        return tradeoffs.scores(tradeoffs.performances(codings, CRITERIA), weights)

    winner = score(values).idxmax()
    expected = []
    for model, feature in product(MODELS, FEATURES):
        reading = values.copy()
        reading.loc[model, feature] = alternatives.loc[model, feature]
        scores = score(reading)
        if scores.max() > scores[winner]:
            expected.append((model, feature))
    found = tradeoffs.overturning_codings(CRITERIA, weights, values, alternatives)
    assert list(zip(found["model"], found["feature"], strict=True)) == expected
    assert winner not in set(found["winner"])


def test_overturning_codings_are_contested_codings_of_the_table(criteria, readings):
    even = tradeoffs.swing_weights(dict.fromkeys(criteria, 1))
    found = tradeoffs.overturning_codings(criteria, even, *readings)
    codings = catalog.load("codings").astype({"model": str, "feature": str}).set_index(["model", "feature"])
    for row in found.itertuples():
        coding = codings.loc[(row.model, row.feature)]
        assert (coding["value"], coding["alternative"]) == (row.value, row.alternative)
    assert set(found["winner"]) == {"south_korea"}
