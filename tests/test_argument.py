"""A judgement is asked whether it holds together, never which side it takes."""

import doctest
import json
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarantees import argument, catalog, tradeoffs
from guarantees.argument import findings

CRITERIA = list(catalog.criteria())
MODELS = catalog.load("models")["id"].tolist()
CONTESTED = catalog.load("codings").query("contested")[["model", "feature"]].astype(str).values.tolist()
EVEN = dict.fromkeys(CRITERIA, 1 / 8)
# Models are put first by weights alone, or by weights and their own contested codings.
READINGS = {"as coded": [], "otherwise": [pair for pair in CONTESTED if pair[1] != "record"]}
SIDES = {criterion: side for side, criterion in argument.measured().items()}
TEXT = "A reason that a person would read."


def table_of(readings, design=None):
    codings = catalog.coding_matrix()
    for model, feature in readings:
        codings.loc[model, feature] = catalog.coding_matrix("alternative").loc[model, feature]
    if design:
        codings.loc["design"] = pd.Series(design)
    return tradeoffs.performances(codings.drop(columns="record"), catalog.criteria())


def cite(side, skip=()):
    return next(id for id, sides in argument.evidence().items() if side in sides and id not in skip)


def reason(side, skip=()):
    return {"text": TEXT, "dimension": side[0], "side": side[1], "evidence": cite(side, skip)}


def weights_for(choice, table):
    """Find weights with which an alternative leads, from the centre; None if there are none."""
    changes = tradeoffs.smallest_changes(table, EVEN, lead=0.01)
    if choice == tradeoffs.scores(table, EVEN).idxmax():
        return EVEN
    return changes.loc[choice, CRITERIA].clip(lower=0).to_dict() if choice in changes.index else None


def tipping_point(choice, table, scores):
    """Give nearly all weight to a criterion on which something else does best."""
    for criterion in CRITERIA:
        weights = dict.fromkeys(CRITERIA, 0.01) | {criterion: 0.93}
        to = tradeoffs.scores(table, weights).idxmax()
        if to != choice and not scores[to] == scores.max() > scores[choice]:
            return {"text": TEXT, "to": to, "weights": weights}
    raise AssertionError(f"nothing tips {choice}")


def coherent(choice, weights, readings=(), design=None):
    """Write a judgement that should pass, from the codings alone."""
    table = table_of(readings, design).round(9)
    scores = tradeoffs.scores(table, weights)
    gaps = table.drop(index=choice) - table.loc[choice]
    # A rival that is ahead on everything leaves no reason to give for the choice.
    gaps = gaps[gaps.min(axis=1) < 0]
    criterion = (gaps.max() * pd.Series(weights)[CRITERIA] + 1e-6 * gaps.max()).idxmax()
    rival = gaps[criterion].idxmax()
    first = reason(SIDES[gaps.loc[rival].idxmin()])
    judgement = {
        "weights": weights,
        "choice": choice,
        "claims": [first, reason(("speed_v_durability", "durability"), skip=[first["evidence"]])],
        "counter": {"text": TEXT, "criterion": criterion, "rival": rival, "evidence": cite(SIDES[criterion])},
        "tipping": tipping_point(choice, table, scores),
    }
    if readings:
        judgement["readings"] = [list(pair) for pair in readings]
    if design:
        judgement["design"] = design
    if scores[choice] < scores.max():
        judgement["deviation"] = reason(("flexibility_v_commitment", "flexibility"))
    return judgement


def feasible():
    for name, readings in READINGS.items():
        table = table_of(readings)
        for model in MODELS:
            if weights := weights_for(model, table):
                yield pytest.param(model, weights, readings, id=f"{model}, {name}")


def messages(judgement, part=None):
    found = findings(judgement)
    if part:
        assert {finding.part for finding in found} == {part}, found
    return "\n".join(map(str, found))


@pytest.fixture
def nato():
    return coherent("nato_article5", EVEN)


class TestStance:
    @pytest.mark.parametrize(("choice", "weights", "readings"), list(feasible()))
    def test_every_model_that_weights_can_put_first_can_be_chosen_coherently(self, choice, weights, readings):
        judgement = coherent(choice, weights, readings)
        assert "deviation" not in judgement
        assert findings(judgement) == []

    def test_every_model_can_be_put_first(self):
        assert {parameters.values[0] for parameters in feasible()} == set(MODELS)

    @pytest.mark.parametrize("choice", MODELS)
    def test_every_model_can_be_chosen_against_the_weights_for_a_reason_that_they_do_not_measure(self, choice):
        weights = EVEN if choice != "nato_article5" else dict.fromkeys(CRITERIA, 0.01) | {"autonomy": 0.93}
        other = coherent(choice, weights)
        assert "deviation" in other
        assert findings(other) == []

    def test_opposite_choices_hold_by_the_same_weights_if_contested_codings_are_read_differently(self):
        otherwise = [["nato_article5", "lock_in"]]
        both = [coherent("nato_article5", EVEN), coherent("south_korea", EVEN, otherwise)]
        assert [findings(judgement) for judgement in both] == [[], []]
        assert "deviation" not in both[0] | both[1]

    @settings(max_examples=10)
    @given(st.lists(st.integers(1, 100), min_size=8, max_size=8), st.booleans())
    def test_whatever_the_weights_their_winner_is_coherent_and_its_rivals_are_not(self, points, otherwise):
        readings = READINGS["otherwise" if otherwise else "as coded"]
        weights = tradeoffs.swing_weights(dict(zip(CRITERIA, points, strict=True))).to_dict()
        scores = tradeoffs.scores(table_of(readings), weights)
        winner = scores.idxmax()
        judgement = coherent(winner, weights, readings)
        assert findings(judgement) == []
        for other in scores.index[scores < scores.max()]:
            assert "choice" in {finding.part for finding in findings({**judgement, "choice": other})}

    def test_a_design_of_ones_own_can_be_chosen(self):
        design = catalog.coding_matrix().loc["bilateral_agreements"].drop("record").to_dict()
        design |= {"legal_form": 3, "institutions": 2, "forces": 1, "duration": 2, "obligation": 2, "speed": 1}
        weights = weights_for("design", table_of([], design))
        assert findings(coherent("design", weights, design=design)) == []
        without = coherent("design", weights, design=design)
        del without["design"]
        assert "no alternative 'design'" in messages(without)

    @pytest.mark.parametrize(("one", "other"), list(permutations(["weights", "claims", "counter"], 2)))
    def test_the_order_of_the_parts_does_not_matter(self, nato, one, other):
        assert findings({one: nato[one], other: nato[other], **nato}) == []


class TestBasis:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"choice": "nato"}, "there is no alternative 'nato'"),
            ({"choice": 5}, "['choice'] should be a text, not 5"),
            ({"weights": [0.5, 0.5]}, "['weights'] should be a dict of numbers, not [0.5, 0.5]"),
            ({"weights": {**EVEN, "speed": "much"}}, "['weights']['speed'] should be a number, not 'much'"),
            ({"weights": {**EVEN, "speed": 1}}, "the weights sum to 1.875, not to 1"),
            ({"weights": {**EVEN, "sped": 0.0}}, "no criterion 'sped' (did you mean speed"),
            ({"weights": {"credibility": 1}}, "give 0 to what does not matter"),
            ({"weights": EVEN | {"speed": 10**400}}, "too large"),
            ({"readings": [["nato_article5", "speed"]]}, "speed for nato_article5 is not contested"),
            ({"readings": [["nato_article5", "record"]]}, "no feature that counts for a criterion 'record'"),
            ({"readings": [["nato", "arms"]]}, "there is no model 'nato'"),
            ({"readings": ["nato_article5"]}, "'nato_article5' is none"),
            ({"design": {"arms": 3}}, "['design'] has no level for legal_form, "),
            ({"design": {"arms": None}}, "['design']['arms'] should be a number, not None"),
            ({"desing": {}}, "nothing in a judgement is called 'desing' (did you mean design"),
        ],
    )
    def test_what_keeps_the_basis_from_being_worked_out_is_named(self, nato, change, message):
        found = findings({**nato, **change})
        assert message in "\n".join(finding.message for finding in found if finding.part == "basis")
        assert {finding.part for finding in found} == set(argument.PARTS)
        assert all("before the basis" in finding.message for finding in found if finding.part != "basis")

    def test_levels_of_a_design_are_those_of_the_scale(self, nato):
        design = catalog.coding_matrix().loc["nato_article5"].drop("record").to_dict()
        assert "arms should be 0, 1, 2 or 3, not 4" in messages({**nato, "design": {**design, "arms": 4}})

    @pytest.mark.parametrize("judgement", [None, [], "nato_article5", 3])
    def test_what_is_no_judgement_at_all_is_told_what_one_is(self, judgement):
        assert "a judgement is a dict with weights, choice, claims, counter, tipping" in messages(judgement)
        assert {finding.part for finding in findings(judgement)} == set(argument.PARTS)

    @pytest.mark.parametrize("value", [{1, 2}, float("nan"), object()])
    def test_what_json_cannot_hold_is_named(self, nato, value):
        assert "basis: a judgement is plain data" in messages({**nato, "weights": value})

    def test_what_python_and_pandas_hold_is_as_good_as_json(self, nato):
        loose = {
            **nato,
            "weights": pd.Series(EVEN),
            "claims": tuple(nato["claims"]),
            "readings": np.empty((0, 2), dtype=str),
            "tipping": {**nato["tipping"], "weights": pd.Series(nato["tipping"]["weights"])},
        }
        assert findings(loose) == findings(json.loads(json.dumps(nato))) == []

    def test_nothing_is_changed(self, nato):
        before = json.dumps(nato)
        findings(nato)
        assert json.dumps(nato) == before


class TestChoice:
    def test_a_choice_that_does_not_follow_is_told_what_comes_first(self, nato):
        for model in set(MODELS) - {"nato_article5"}:
            found = [finding for finding in findings({**nato, "choice": model}) if finding.part == "choice"]
            assert "something else first (nato_article5 0.558, " in found[0].message

    def test_level_alternatives_may_both_be_chosen(self):
        weights = dict.fromkeys(CRITERIA, 0) | {"speed": 1}
        for choice in ("multilateral_assurances", "bilateral_agreements"):
            assert "choice" not in {finding.part for finding in findings({**coherent(choice, weights)})}

    def test_there_is_nothing_to_explain_if_the_choice_follows(self, nato):
        judgement = {**nato, "deviation": reason(("flexibility_v_commitment", "flexibility"))}
        assert "nothing to explain" in messages(judgement, "choice")

    def test_what_a_criterion_measures_belongs_in_the_weights(self):
        judgement = {**coherent("south_korea", EVEN), "deviation": reason(SIDES["deterrence"])}
        assert "deterrence measures this side, so give it more weight" in messages(judgement, "choice")

    def test_the_explanation_needs_evidence_too(self):
        judgement = coherent("south_korea", EVEN)
        judgement["deviation"] |= {"evidence": "stimson-06-bailed-out"}
        assert "'stimson-06-bailed-out' speaks to entrapment" in messages(judgement, "choice")


class TestClaims:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"evidence": "stimson-13-deed"}, "no excerpt or claim 'stimson-13-deed' (did you mean stimson-13-deeds"),
            ({"evidence": "nato-article-5"}, "ties the excerpt 'nato-article-5' to no side"),
            ({"evidence": "stimson-06-bailed-out"}, "speaks to entrapment (entrapment_v_credibility), not to"),
            ({"evidence": "durability-99"}, "no excerpt or claim 'durability-99'"),
            ({"side": "peace"}, "there is no side 'peace' of 'speed_v_durability'"),
            ({"dimension": "burden_sharing"}, "there is no side 'durability' of 'burden_sharing'"),
            ({"text": "Because."}, "should say something in 5 words or more, not 'Because.'"),
            ({"excerpt": "stimson-13-deeds"}, "['claims'][1] has no place for 'excerpt'"),
            ({"text": 3}, "['claims'][1]['text'] should be a text, not 3"),
        ],
    )
    def test_a_reason_needs_evidence_that_speaks_to_its_side(self, nato, change, message):
        claims = [nato["claims"][0], {**nato["claims"][1], **change}]
        assert message in messages({**nato, "claims": claims}, "claims")

    def test_silence_is_no_evidence(self, nato):
        silent = catalog.load("claims").query("kind == 'silent'").iloc[0]
        claim = {"text": TEXT, "dimension": silent["dimension"], "side": silent["side"], "evidence": silent["id"]}
        assert "silence proves nothing" in messages({**nato, "claims": [nato["claims"][0], claim]}, "claims")

    def test_one_reason_is_not_enough(self, nato):
        assert "2 reasons or more" in messages({**nato, "claims": nato["claims"][:1]}, "claims")
        assert "2 pieces of evidence" in messages({**nato, "claims": nato["claims"][:1] * 2}, "claims")

    def test_some_reason_counts_for_the_choice_against_its_rival(self, nato):
        one, other = (id for id in argument.evidence() if id in ("durability-03", "durability-02"))
        claims = [{**reason(SIDES["durability"]), "evidence": id} for id in (one, other)]
        against = {**nato["counter"], "criterion": "low_burden", "evidence": "stimson-17-sums", "rival": "south_korea"}
        table = table_of([]).round(9)
        for rival in set(MODELS) - {"nato_article5"}:
            found = findings({**nato, "claims": claims, "counter": {**against, "rival": rival}})
            ahead = table.at["nato_article5", "durability"] > table.at[rival, "durability"]
            assert ("claims" in {finding.part for finding in found}) is not bool(ahead)

    def test_evidence_for_both_sides_may_be_given_for_either(self):
        both = {("entrapment_v_credibility", side) for side in ("credibility", "entrapment")}
        assert argument.evidence()["credibility-18"] == both

    def test_evidence_is_what_an_article_argues(self):
        claims = catalog.load("claims").query("kind == 'argued'")
        assert set(argument.evidence()) == {*claims["id"], *claims["excerpt"]} - {""}
        for claim in claims.query("side != 'both'").itertuples():
            assert (claim.dimension, claim.side) in argument.evidence()[claim.id]


class TestCounter:
    def test_it_holds_exactly_if_the_codings_put_the_rival_ahead(self, nato):
        table = table_of([]).round(9)
        for criterion in CRITERIA:
            for rival in set(MODELS) - {"nato_article5"}:
                counter = {"text": TEXT, "criterion": criterion, "rival": rival, "evidence": cite(SIDES[criterion])}
                found = [finding for finding in findings({**nato, "counter": counter}) if finding.part == "counter"]
                assert bool(found) is not bool(table.at[rival, criterion] > table.at["nato_article5", criterion])

    def test_the_message_says_what_would_count(self, nato):
        counter = {"text": TEXT, "criterion": "credibility", "rival": "israel_qme", "evidence": "stimson-13-deeds"}
        told = messages({**nato, "counter": counter})
        assert "on credibility, israel_qme (0.40) is not ahead of nato_article5 (0.80): there nothing would be" in told
        assert "and israel_qme is ahead on low_entrapment" in told

    def test_contested_codings_count_as_they_are_read(self, nato):
        counter = {
            "text": TEXT,
            "criterion": "autonomy",
            "rival": "israel_qme",
            "evidence": cite(SIDES["autonomy"]),
        }
        assert "counter" in {finding.part for finding in findings({**nato, "counter": counter})}
        read = {**nato, "counter": counter, "readings": [["nato_article5", "control"], ["nato_article5", "autonomy"]]}
        assert "counter" not in {finding.part for finding in findings(read)}

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"criterion": "sped"}, "no criterion 'sped' (did you mean speed"),
            ({"rival": "nato_article5"}, "there is no rival 'nato_article5'"),
            ({"evidence": "stimson-13-deeds"}, "'stimson-13-deeds' speaks to credibility"),
            ({"rival": None}, "['counter']['rival'] should be a text, not None"),
        ],
    )
    def test_names_and_evidence_are_checked(self, nato, change, message):
        assert message in messages({**nato, "counter": {**nato["counter"], **change}}, "counter")

    def test_it_has_to_weigh_something_if_anything_does(self):
        weights = dict.fromkeys(CRITERIA, 0) | {"credibility": 0.7, "durability": 0.2, "speed": 0.1}
        judgement = coherent("nato_article5", weights)
        assert judgement["counter"]["criterion"] == "speed"
        other = {**judgement["counter"], "criterion": "low_provocation", "evidence": "objectivo-16-threat"}
        assert "low_provocation tells nothing against your choice; speed would" in messages(
            {**judgement, "counter": other | {"rival": "taiwan_ambiguity"}}, "counter"
        )


class TestTipping:
    @settings(max_examples=10)
    @given(st.lists(st.integers(0, 20), min_size=8, max_size=8).filter(any), st.sampled_from(MODELS[1:]))
    def test_it_holds_exactly_if_the_named_model_comes_first(self, points, to):
        weights = tradeoffs.swing_weights(dict(zip(CRITERIA, points, strict=True))).to_dict()
        scores = tradeoffs.scores(table_of([]), weights)
        judgement = coherent("nato_article5", EVEN) | {"tipping": {"text": TEXT, "to": to, "weights": weights}}
        assert (findings(judgement) == []) is bool(scores[to] == scores.max() > scores["nato_article5"])

    def test_the_nearest_weights_that_the_message_names_do_flip_it(self, nato):
        tipping = {"text": TEXT, "to": "bilateral_agreements", "weights": EVEN}
        told = messages({**nato, "tipping": tipping}, "tipping")
        assert "does not put bilateral_agreements first (nato_article5 0.558, bilateral_agreements 0.519)" in told
        named = told.partition("weights that do have ")[2].split(", ")
        weights = EVEN | {name: float(weight) for name, weight in (item.split() for item in named)}
        weights = tradeoffs.swing_weights(weights).to_dict()
        assert findings({**nato, "tipping": {**tipping, "weights": weights}}) == []

    def test_a_contested_coding_can_be_what_tips_it(self, nato):
        tipping = {"text": TEXT, "to": "south_korea", "readings": [["nato_article5", "lock_in"]]}
        assert findings({**nato, "tipping": tipping}) == []
        still = messages({**nato, "tipping": {**tipping, "readings": [["nato_article5", "guarantors"]]}})
        assert "tipping" in still

    def test_what_no_weights_put_first_is_said(self, nato):
        worse = catalog.coding_matrix().loc["israel_qme"].drop("record").to_dict()
        worse |= {"legal_form": 1, "forces": 1, "arms": 0, "alarm": 3, "speed": 1, "duration": 0, "autonomy": 1}
        judgement = {**nato, "design": worse | {"self_burden": 3}}
        judgement["tipping"] = {"text": TEXT, "to": "design", "weights": EVEN}
        assert "no weights do: change 'readings'" in messages(judgement, "tipping")

    def test_what_is_ahead_already_would_change_nothing(self):
        judgement = coherent("south_korea", EVEN)
        tipping = {**judgement["tipping"], "to": "nato_article5", "weights": EVEN}
        assert "nato_article5 ahead of south_korea already" in messages({**judgement, "tipping": tipping}, "tipping")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"to": "nato_article5"}, "no other alternative 'nato_article5'"),
            ({"to": "korea"}, "no other alternative 'korea' "),
            ({"weights": {"speed": 1}}, "give 0 to what does not matter"),
            ({"readings": [["korea", "arms"]]}, "there is no model 'korea'"),
            ({"weights": 3}, "['tipping']['weights'] should be a dict of numbers, not 3"),
            ({"weight": {}}, "no place for 'weight' (did you mean weights"),
        ],
    )
    def test_names_and_numbers_are_checked(self, nato, change, message):
        assert message in messages({**nato, "tipping": {**nato["tipping"], **change}}, "tipping")

    def test_it_has_to_change_something(self, nato):
        tipping = {"text": TEXT, "to": "south_korea"}
        assert "should have 'weights' or 'readings'" in messages({**nato, "tipping": tipping}, "tipping")


@settings(max_examples=60)
@given(
    st.sampled_from(["weights", "readings", "design", "choice", "deviation", "claims", "counter", "tipping"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_anything_that_json_can_hold_gets_findings_rather_than_an_error(key, value):
    judgement = coherent("nato_article5", EVEN)
    if value not in ([], judgement.get(key)):
        assert findings({**judgement, key: value})


def test_examples_in_docstrings():
    assert doctest.testmod(argument).attempted > 0
    assert doctest.testmod(argument).failed == 0
