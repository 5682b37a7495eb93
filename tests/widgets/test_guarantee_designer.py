"""The designer carries every clause and rule, its design can be read and set, and it reads without scripts."""

import gzip
import json
from html import escape

import ipywidgets
import pytest
import traitlets

from guarantees import catalog, design
from guarantees.deterrence import solve
from guarantees.widgets import GuaranteeDesigner
from guarantees.widgets.guarantee_designer import OUTCOMES, designer_data, levels_of
from tests.widgets.text import Page

VIEW = "application/vnd.jupyter.widget-view+json"


def test_it_starts_from_a_model() -> None:
    codings = catalog.coding_matrix().drop(columns="record")
    designer = GuaranteeDesigner("south_korea")
    assert designer.design == codings.loc["south_korea"].to_dict() == designer.selection["design"]
    assert GuaranteeDesigner("").design == {}


def test_it_starts_from_a_design(tmp_path) -> None:
    path = tmp_path / "design.json"
    design.write_design(path, {"forces": 2, "arms": 1})
    designer = GuaranteeDesigner("", design.read_design(path), "Pact")
    assert designer.design == {"arms": 1, "forces": 2}
    assert list(designer.design) == ["arms", "forces"]
    assert designer.selection == {"base": "", "design": {"arms": 1, "forces": 2}, "title": "Pact", "step": "promise"}


def test_setting_the_design_or_the_selection_is_the_same() -> None:
    designer = GuaranteeDesigner()
    designer.selection = {"design": {"nuclear": 3}, "title": "One"}
    assert (designer.design, designer.title) == ({"nuclear": 3}, "One")
    designer.design = {"nuclear": 2}
    assert designer.selection["design"] == {"nuclear": 2}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"arms": 4}, "design cannot be 4"),
        ({"armz": 1}, "did you mean arms"),
        ({"record": 1}, "design cannot be 'record'"),
    ],
)
def test_a_faulty_design_is_refused_and_changes_nothing(wrong: dict[str, int], message: str) -> None:
    designer = GuaranteeDesigner()
    with pytest.raises(traitlets.TraitError, match=message):
        designer.design = wrong
    assert designer.design == levels_of("bilateral_agreements")
    with pytest.raises(traitlets.TraitError, match=message):
        GuaranteeDesigner(design=wrong)


def test_an_unknown_model_names_near_matches() -> None:
    with pytest.raises(traitlets.TraitError, match="did you mean israel_qme"):
        GuaranteeDesigner("isreal_qme")


def test_the_grid_holds_the_game_of_every_model() -> None:
    data = designer_data()
    for model, levels in catalog.coding_matrix().iterrows():
        cell = 0
        for dial, word in zip(data["dials"], design.dials(levels).values(), strict=True):
            cell = cell * len(dial["values"]) + dial["values"].index(word)
        solved = solve(*design.game(levels))
        for name in OUTCOMES:
            assert data["grid"][name][cell] / 1000 == pytest.approx(getattr(solved, name), abs=0.0051), model


def test_the_state_stays_small() -> None:
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    GuaranteeDesigner()
    state = {id: part for id, part in ipywidgets.Widget.get_manager_state()["state"].items() if id not in before}
    assert len(gzip.compress(json.dumps(state).encode())) < 30_000


def test_the_text_form_has_every_clause_and_rule() -> None:
    html = GuaranteeDesigner("israel_qme").text_equivalent()
    page = Page(html)
    for text in [clause for levels in design.clauses().values() for clause in levels]:
        assert text in page.text
    for rule in design.TENSIONS:
        assert rule.title in page.text
    for feature, level in levels_of("israel_qme").items():
        assert f"<strong>{level}: {escape(design.clauses()[feature][level])}</strong>" in html
    assert "Israel and qualitative military edge (0.00)" in page.text
    assert f"its credibility is {solve(*design.game(levels_of('israel_qme'))).credibility:.2f}" in page.text


def test_the_text_form_of_an_unfinished_design() -> None:
    assert "Nearest" not in GuaranteeDesigner("").text_equivalent()
    text = GuaranteeDesigner("", {"forces": 3}).text_equivalent()
    assert "South Korea (0.00)" in text
    assert "credibility is" not in text


def test_the_text_form_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    designer = GuaranteeDesigner()
    designer.looks = {id: {**look, "name": "<script>alert(1)</script>"} for id, look in designer.looks.items()}
    assert "script" not in Page(designer.text_equivalent()).tags


def test_it_shows_the_view_and_the_text_form() -> None:
    designer = GuaranteeDesigner()
    shown, _ = designer._repr_mimebundle_()
    assert shown[VIEW]["model_id"] == designer.model_id
    assert designer.text_equivalent() in shown["text/html"]
