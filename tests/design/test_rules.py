"""Rules that clash with the historical models would be wrong; rules that never speak would be useless."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees import catalog, design
from guarantees.design import TENSIONS, Tension, tensions

FEATURES = list(design.clauses())
DESIGNS = st.dictionaries(st.sampled_from(FEATURES), st.integers(0, 3))
EACH = pytest.mark.parametrize("rule", TENSIONS, ids=[rule.id for rule in TENSIONS])


def least(rule: Tension) -> dict[str, int]:
    """The smallest design that clashes with a rule."""
    some = [(feature, levels[0]) for feature, levels in rule.either.items()][:1]
    return {**{feature: levels[0] for feature, levels in rule.when.items()}, **dict(some)}


def test_ids_and_titles_are_unique() -> None:
    for names in zip(*((rule.id, rule.title) for rule in TENSIONS), strict=True):
        assert len(set(names)) == len(names)


@EACH
def test_a_rule_names_features_and_levels_of_the_codebook(rule: Tension) -> None:
    for feature, levels in (*rule.when.items(), *rule.either.items()):
        assert feature in FEATURES
        assert set(levels) < {0, 1, 2, 3}
    assert not set(rule.when) & set(rule.either)
    assert len(rule.when) + bool(rule.either) >= 2, "a rule about one clause is no tension"


@EACH
def test_a_rule_rests_on_a_term_and_a_work(rule: Tension) -> None:
    assert rule.concept in set(catalog.load("glossary")["id"])
    works = (catalog.folder() / "references.bib").read_text(encoding="utf-8")
    entry = re.search(rf"@\w+{{{rule.source},\n(?s:.*?)\n}}", works)
    if entry:
        surname, year = re.search(r"author = {(.*?),", entry[0]), re.search(r"year = {(\d+)}", entry[0])
        assert rule.ground.startswith(surname[1])
        assert rule.ground.endswith(f"({year[1]})")
    else:
        assert rule.source in set(catalog.load("sources")["id"]) or rule.ground == "The codebook"


@EACH
def test_a_rule_can_be_the_only_one_that_applies(rule: Tension) -> None:
    conditions = list(rule.when.items())
    several = [[*conditions, other] for other in rule.either.items()] or [conditions]
    designs = (
        dict(zip((feature for feature, _ in chosen), levels, strict=True))
        for chosen in several
        for levels in product(*(levels for _, levels in chosen))
    )
    assert any([found.id for found in tensions(each)] == [rule.id] for each in designs)


@EACH
def test_what_is_not_decided_clashes_with_nothing(rule: Tension) -> None:
    clashing = least(rule)
    assert rule.applies(clashing)
    for feature in clashing:
        assert not rule.applies({name: level for name, level in clashing.items() if name != feature})


def test_no_model_contradicts_itself() -> None:
    for model, levels in catalog.coding_matrix().iterrows():
        assert [rule.id for rule in tensions(levels) if rule.kind == "contradiction"] == [], model


def test_models_live_with_tensions() -> None:
    found = {model: {rule.id for rule in tensions(levels)} for model, levels in catalog.coding_matrix().iterrows()}
    assert found["israel_qme"] == {"bound_without_text", "arms_for_promise"}
    assert found["nato_article5"] == {"deters_and_alarms"}
    assert found["bilateral_agreements"] == {"arms_for_promise", "quick_to_leave", "waiting_for_others"}


def test_the_reasons_that_speak_of_all_models_are_true() -> None:
    codings = catalog.coding_matrix()
    assert codings["obligation"].max() == 2  # beyond_precedent
    calm = codings[codings["alarm"] <= 1]  # calm_by_wish
    assert (calm[["forces", "nuclear"]] == 0).all(axis=None)


@given(DESIGNS)
def test_contradictions_come_first_and_each_rule_once(levels: dict[str, int]) -> None:
    found = tensions(levels)
    assert sorted(found, key=lambda rule: rule.kind != "contradiction") == found
    assert len({rule.id for rule in found}) == len(found)
