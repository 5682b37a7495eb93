"""Distances, precedents, rank ranges and agreement between coders."""

from itertools import product

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees import catalog, compare

FEATURES = ["legal_form", "obligation", "arms", "forces"]
levels = st.integers(0, 3)
designs = st.fixed_dictionaries(dict.fromkeys(FEATURES, levels))


def matrices(models: int = 3) -> st.SearchStrategy[pd.DataFrame]:
    rows = st.lists(st.lists(levels, min_size=4, max_size=4), min_size=models, max_size=models)
    return rows.map(lambda rows: pd.DataFrame(rows, index=list("abc")[:models], columns=FEATURES))


@given(designs)
def test_a_guarantee_is_at_no_distance_from_itself(design):
    assert compare.distance(design, design) == 0


@given(designs, designs)
def test_distance_is_symmetric_and_between_0_and_1(one, other):
    assert compare.distance(one, other) == compare.distance(other, one)
    assert 0 <= compare.distance(one, other) <= 1


@given(designs, designs, designs)
def test_a_detour_is_never_shorter(one, other, third):
    direct = compare.distance(one, other)
    assert direct <= compare.distance(one, third) + compare.distance(third, other) + 1e-12


def test_distance_spans_the_scale():
    assert compare.distance(dict.fromkeys(FEATURES, 0), dict.fromkeys(FEATURES, 3)) == 1


def test_only_common_features_are_compared():
    assert compare.distance({"arms": 3, "speed": 0}, {"arms": 0, "nuclear": 3}) == 1
    assert np.isnan(compare.distance({"arms": 3}, {"nuclear": 3}))


def test_the_table_of_distances_agrees_with_single_distances():
    codings = catalog.coding_matrix()
    table = compare.distances(codings)
    assert table.loc["israel_qme", "finlandization"] == pytest.approx(
        compare.distance(codings.loc["israel_qme"], codings.loc["finlandization"])
    )
    assert (np.diag(table) == 0).all()
    assert np.array_equal(table, table.T)


@pytest.mark.parametrize("model", catalog.load("models")["id"])
def test_a_model_is_its_own_nearest_precedent(model):
    codings = catalog.coding_matrix()
    nearest = compare.nearest_precedents(codings.loc[model].to_dict(), codings, k=1)
    assert nearest.to_dict("list") == {"model": [model], "distance": [0.0], "compared": [17]}


def test_precedents_come_nearest_first_and_ties_in_the_order_of_the_codings():
    nearest = compare.nearest_precedents({"forces": 0}, catalog.coding_matrix(), k=8)
    assert nearest["distance"].is_monotonic_increasing
    assert nearest["model"].tolist()[:2] == ["taiwan_ambiguity", "israel_qme"]


def test_an_unknown_feature_names_near_matches():
    with pytest.raises(compare.UnknownFeature, match=r"no feature 'force' \(did you mean forces"):
        compare.nearest_precedents({"force": 1}, catalog.coding_matrix())


@pytest.mark.parametrize("level", [-1, 4, 1.5])
def test_a_level_off_the_scale_is_refused(level):
    with pytest.raises(ValueError, match=f"level {level} of arms is not one of 0, 1, 2, 3"):
        compare.nearest_precedents({"arms": level}, catalog.coding_matrix())


def test_at_least_one_precedent_and_one_feature_are_asked_for():
    with pytest.raises(ValueError, match="k must be at least 1, not 0"):
        compare.nearest_precedents({"arms": 1}, catalog.coding_matrix(), k=0)
    with pytest.raises(ValueError, match="names no feature"):
        compare.nearest_precedents({}, catalog.coding_matrix())


def test_differences_are_signed_and_the_largest_comes_first():
    table = compare.difference("israel_qme", "bilateral_agreements", catalog.coding_matrix())
    assert table.iloc[0].to_dict() == {
        "feature": "lock_in",
        "israel_qme": 3,
        "bilateral_agreements": 1,
        "difference": -2,
    }
    assert table["difference"].abs().is_monotonic_decreasing
    assert len(table) == 17


def test_an_unknown_model_names_near_matches():
    with pytest.raises(compare.UnknownModel, match=r"no model 'israel' \(did you mean israel_qme"):
        compare.difference("israel", "south_korea", catalog.coding_matrix())


def test_a_gap_above_zero_means_that_the_groups_do_not_overlap():
    codings = catalog.coding_matrix()
    one, other = ["nato_article5", "mutual_defence_treaty", "south_korea"], ["taiwan_ambiguity", "israel_qme"]
    table = compare.separating_features(one, other, codings).set_index("feature")
    for feature, gap in table["gap"].items():
        a, b = codings.loc[one, feature], codings.loc[other, feature]
        assert (gap > 0) == (a.min() > b.max() or b.min() > a.max())
    assert table.index[0] == "forces"
    assert table["gap"].is_monotonic_decreasing


@pytest.mark.parametrize(("one", "other"), [([], ["south_korea"]), (["south_korea"], ["south_korea"])])
def test_groups_are_not_empty_and_share_no_model(one, other):
    with pytest.raises(ValueError, match="each group needs a model"):
        compare.separating_features(one, other, catalog.coding_matrix())


def every_reading(values: pd.DataFrame, alternatives: pd.DataFrame):
    cells = [(values.iat[i, j], alternatives.iat[i, j]) for i in range(len(values)) for j in range(values.shape[1])]
    for chosen in product(*(sorted(set(cell)) for cell in cells)):
        yield pd.DataFrame(np.reshape(chosen, values.shape), index=values.index, columns=values.columns)


@given(designs, matrices(), st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), levels), max_size=5))
def test_rank_ranges_are_those_of_every_reading(design, values, contested):
    alternatives = values.copy()
    for row, column, level in contested:
        alternatives.iat[row, column] = level
    table = compare.rank_ranges(design, values, alternatives).set_index("model")
    ranks = pd.DataFrame(
        [
            compare.rank_ranges(design, reading, reading).set_index("model")["rank"]
            for reading in every_reading(values, alternatives)
        ]
    )
    assert table["best"].to_dict() == ranks.min().to_dict()
    assert table["worst"].to_dict() == ranks.max().to_dict()


weightings = st.dictionaries(st.sampled_from(FEATURES), st.integers(-3, 3), min_size=1)
changes = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), levels), max_size=5)


@given(weightings, matrices(), changes)
def test_ranks_in_a_composite_are_those_of_every_reading(weights, values, contested):
    alternatives = values.copy()
    for row, column, level in contested:
        alternatives.iat[row, column] = level
    scores = [
        sum(reading[feature] * weight for feature, weight in weights.items())
        for reading in every_reading(values, alternatives)
    ]
    ranks = pd.DataFrame([score.rank(ascending=False, method="min") for score in scores])
    table = compare.composite_ranks(weights, values, alternatives).set_index("model")
    assert table["best"].to_dict() == ranks.min().to_dict()
    assert table["worst"].to_dict() == ranks.max().to_dict()
    highest = [score.rank(ascending=False, method="max") for score in scores]
    expected = pd.DataFrame(0.0, index=values.index, columns=range(1, len(values) + 1))
    for low, high in zip(ranks.iloc, highest, strict=True):
        for model in values.index:
            expected.loc[model, low[model] : high[model]] += 1 / (high[model] - low[model] + 1) / len(scores)
    assert np.allclose(compare.rank_shares(weights, values, alternatives), expected)


def test_shares_of_ranks_sum_to_1_both_ways():
    values, alternatives = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    shares = compare.rank_shares({"obligation": 1, "ambiguity": -1, "lock_in": 0.5}, values, alternatives)
    assert np.allclose(shares.sum(axis=0), 1)
    assert np.allclose(shares.sum(axis=1), 1)


def test_an_unknown_feature_of_a_composite_names_near_matches():
    with pytest.raises(compare.UnknownFeature, match=r"no feature 'force' \(did you mean forces"):
        compare.composite_ranks({"force": 1}, catalog.coding_matrix(), catalog.coding_matrix("alternative"))


def test_contested_shares_count_every_contested_coding_once():
    values, alternatives = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    codings = catalog.load("codings")
    by_feature = compare.contested_shares(values, alternatives)
    by_model = compare.contested_shares(values.T, alternatives.T)
    assert by_feature["contested"].to_dict() == codings.groupby("feature", observed=True)["contested"].sum().to_dict()
    assert by_model["contested"].to_dict() == codings.groupby("model", observed=True)["contested"].sum().to_dict()
    assert by_feature.loc["lock_in"].to_dict() == {"contested": 7, "codings": 8, "share": 7 / 8}


def test_the_ranks_of_the_two_readings_lie_in_the_range():
    values, alternatives = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    design = values.loc["bilateral_agreements"].to_dict()
    table = compare.rank_ranges(design, values, alternatives)
    assert np.allclose(table["distance"], compare.nearest_precedents(design, values, k=8)["distance"])
    for rank in ("rank", "alternative_rank"):
        assert table[rank].between(table["best"], table["worst"]).all()


def test_shares_of_nearest_models_sum_to_1_and_come_from_the_seed():
    readings = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    shares = compare.neighbours(*readings, draws=200)
    assert np.allclose(shares.sum(axis=1), 1)
    assert (np.diag(shares) == 0).all()
    assert shares.equals(compare.neighbours(*readings, draws=200))
    assert not shares.equals(compare.neighbours(*readings, draws=200, seed=1))


def test_without_contested_codings_the_nearest_model_is_certain():
    codings = catalog.coding_matrix()
    gaps = compare.distances(codings).mask(np.eye(8, dtype=bool), 9)
    shares = compare.neighbours(codings, codings, draws=1)
    assert (shares.gt(0) == gaps.eq(gaps.min(axis=1), axis=0)).all(axis=None)


def test_alpha_of_a_published_example():
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example A."""
    one = pd.DataFrame([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0]])
    other = pd.DataFrame([[1, 1, 1, 0, 0, 1, 0, 0, 0, 0]])
    assert compare.agreement(one, other).alpha == pytest.approx(0.095, abs=5e-4)


@given(matrices(), matrices())
def test_alpha_is_that_of_the_krippendorff_package(one, other):
    pairs = np.stack([one.to_numpy(float).ravel(), other.to_numpy(float).ravel()])
    if len(np.unique(pairs)) < 2:
        return
    expected = krippendorff.alpha(pairs, level_of_measurement="ordinal", value_domain=[0, 1, 2, 3])
    assert compare.agreement(one, other, draws=1).alpha == pytest.approx(expected)


@given(matrices(), matrices())
def test_agreement_does_not_depend_on_who_comes_first(one, other):
    if len(np.unique([one, other])) < 2:
        return
    assert compare.agreement(one, other, draws=1).alpha == pytest.approx(compare.agreement(other, one, draws=1).alpha)


def test_a_slip_by_one_level_costs_less_than_a_slip_across_the_scale():
    codings = catalog.coding_matrix()
    near, far = codings.copy(), codings.copy()
    near.loc["south_korea", "forces"], far.loc["south_korea", "forces"] = 2, 0
    assert 1 > compare.agreement(codings, near).alpha > compare.agreement(codings, far).alpha


def test_the_interval_holds_alpha_and_widens_with_its_level():
    readings = catalog.coding_matrix(), catalog.coding_matrix("alternative")
    wide, narrow = compare.agreement(*readings), compare.agreement(*readings, level=0.5)
    assert wide.low < narrow.low < wide.alpha < narrow.high < wide.high
    assert (wide.units, wide.identical) == (136, 1 - 59 / 136)


def test_a_coding_that_one_coder_left_out_is_not_compared():
    codings = catalog.coding_matrix()
    partial = codings.astype(float)
    partial.iloc[0, 0] = np.nan
    assert compare.agreement(codings, partial).units == 135
    assert compare.agreement(codings, codings.drop(columns="record")).units == 128


@pytest.mark.parametrize("other", [[[2, 2]], [[np.nan, np.nan]]], ids=["one level", "nothing in common"])
def test_alpha_needs_two_levels(other):
    with pytest.raises(ValueError, match="alpha is not defined"):
        compare.agreement(pd.DataFrame([[2, 2]]), pd.DataFrame(other))


def test_a_level_off_the_scale_is_not_compared():
    with pytest.raises(ValueError, match="level 4 is not one of 0, 1, 2, 3"):
        compare.agreement(pd.DataFrame([[2, 4]]), pd.DataFrame([[2, 3]]))
