"""The rule from clauses to dials agrees with the presets, but for the departures that its module names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees import catalog, design
from guarantees.design.play import DIALS, NEEDED

FEATURES = list(design.clauses())
FULL = st.fixed_dictionaries({feature: st.integers(0, 3) for feature in FEATURES})
DEPARTURES = {("mutual_defence_treaty", "t"), ("israel_qme", "q"), ("finlandization", "B")}


def test_the_rule_gives_the_presets_but_for_named_departures() -> None:
    presets = catalog.load("presets")
    differ = set()
    for model, levels in catalog.coding_matrix().iterrows():
        words = design.dials(levels)
        for row in presets[presets["model"] == model].itertuples():
            said = words.get(row.parameter)
            if said != row.level or DIALS[row.parameter].values[said] != row.value:
                differ.add((model, row.parameter))
    assert differ == DEPARTURES


@given(FULL)
def test_every_design_is_a_game(levels: dict[str, int]) -> None:
    guarantee, world = design.game(levels)
    assert 0 <= guarantee.q <= 1
    assert world.h in (0, 0.2)


@given(FULL, st.sampled_from(["legal_form", "lock_in", "duration", "arms", "forces", "conditionality", "ambiguity"]))
def test_more_of_a_feature_never_turns_its_dial_down(levels: dict[str, int], feature: str) -> None:
    order = ["none", "low", "medium", "high"]
    lower, higher = ({**levels, feature: level} for level in (0, levels[feature]))
    for name, word in design.dials(higher).items():
        if feature in DIALS[name].features:
            assert order.index(word) >= order.index(design.dials(lower)[name])


def test_without_a_guarantor_there_is_no_promise() -> None:
    levels = dict.fromkeys(FEATURES, 3) | {"guarantors": 0}
    assert design.dials(levels) == {"k": "none", "m": "none", "t": "none", "q": "none", "e": "low", "h": "none"}


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_clause_is_named(missing: str) -> None:
    levels = {feature: 1 for feature in FEATURES if feature != missing}
    with pytest.raises(design.Incomplete, match=missing):
        design.game(levels)
