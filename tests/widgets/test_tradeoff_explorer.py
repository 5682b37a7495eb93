"""The explorer carries every criterion and both readings, its points can be set, and it reads without scripts."""

import gzip
import json

import ipywidgets
import pytest
import traitlets

from guarantees import catalog, tradeoffs
from guarantees.widgets import TradeoffExplorer
from guarantees.widgets.tradeoff_explorer import explorer_data
from tests.widgets.text import Page

VIEW = "application/vnd.jupyter.widget-view+json"
CRITERIA = list(catalog.criteria())


def test_the_view_gets_the_criteria_as_they_are_made() -> None:
    made = {each["id"]: {feature: sign for feature, sign, _ in each["parts"]} for each in explorer_data()["criteria"]}
    assert made == catalog.criteria()
    assert list(made) == CRITERIA


def test_the_view_gets_both_readings_and_why_they_differ() -> None:
    data = explorer_data()
    features = list(data["features"])
    for reading, column in zip(data["readings"], ("value", "alternative"), strict=True):
        matrix = catalog.coding_matrix(column)[features]
        assert {model: [int(level) for level in levels] for model, levels in reading.items()} == {
            model: levels.tolist() for model, levels in matrix.iterrows()
        }
    contested = catalog.load("codings").query("contested")
    expected = {(row.model, row.feature) for row in contested.itertuples() if row.feature in features}
    assert {(model, feature) for model, told in data["reasons"].items() for feature in told} == expected
    assert "record" not in features


def test_the_shares_of_all_weightings_sum_to_one() -> None:
    assert sum(explorer_data()["anybody"].values()) == pytest.approx(1, abs=0.001)


def test_points_left_out_are_none() -> None:
    explorer = TradeoffExplorer({"speed": 100, "credibility": 60})
    assert explorer.points == dict.fromkeys(CRITERIA, 0) | {"credibility": 60, "speed": 100}
    assert explorer.selection == {"points": explorer.points}
    assert tradeoffs.swing_weights(explorer.points)["speed"] == 0.625
    explorer.selection = {"points": {"autonomy": 5}}
    assert explorer.points == dict.fromkeys(CRITERIA, 0) | {"autonomy": 5}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"sped": 5}, "did you mean speed"), ({"speed": 101}, "from 0 to 100, not 101"), ({"speed": -1}, "not -1")],
)
def test_faulty_points_are_refused_and_change_nothing(wrong: dict[str, float], message: str) -> None:
    explorer = TradeoffExplorer()
    with pytest.raises(traitlets.TraitError, match=message):
        explorer.points = wrong
    assert explorer.points == dict.fromkeys(CRITERIA, 50)
    with pytest.raises(traitlets.TraitError, match=message):
        TradeoffExplorer(wrong)


def test_the_state_stays_small() -> None:
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    TradeoffExplorer()
    state = {id: part for id, part in ipywidgets.Widget.get_manager_state()["state"].items() if id not in before}
    assert len(gzip.compress(json.dumps(state).encode())) < 30_000


@pytest.mark.parametrize("points", [None, {"speed": 100}, dict.fromkeys(CRITERIA, 0)])
def test_the_text_form_ranks_the_models(points: dict[str, float] | None) -> None:
    explorer = TradeoffExplorer(points)
    head, *rows = Page(explorer.text_equivalent()).rows
    table = tradeoffs.performances(catalog.coding_matrix(), catalog.criteria())
    used = explorer.points if any(explorer.points.values()) else dict.fromkeys(CRITERIA, 50)
    scores = tradeoffs.scores(table, tradeoffs.swing_weights(used)).sort_values(ascending=False, kind="stable")
    assert len(head) == len(CRITERIA) + 3
    assert [row[0] for row in rows] == [explorer.looks[model]["name"] for model in scores.index]
    assert [row[-2] for row in rows] == [f"{score:.3f}" for score in scores]


def test_the_text_form_is_escaped() -> None:
    explorer = TradeoffExplorer()
    explorer.looks = {id: {**look, "name": "<script>alert(1)</script>"} for id, look in explorer.looks.items()}
    assert "script" not in Page(explorer.text_equivalent()).tags


def test_it_shows_the_view_and_the_text_form() -> None:
    explorer = TradeoffExplorer()
    shown, _ = explorer._repr_mimebundle_()
    assert shown[VIEW]["model_id"] == explorer.model_id
    assert explorer.text_equivalent() in shown["text/html"]
