"""The explorer carries every coding, its controls are linked without a kernel, and it reads without scripts."""

import json

import ipywidgets
import pytest

from guarantees import catalog
from guarantees.widgets import ModelExplorer
from guarantees.widgets.model_explorer import Matrix, explorer_data
from tests.widgets.text import Page

VIEW = "application/vnd.jupyter.widget-view+json"


def parts(explorer: ModelExplorer) -> tuple[ipywidgets.SelectMultiple, ipywidgets.SelectMultiple, Matrix]:
    choices, _, matrix = explorer.children
    return *choices.children, matrix


def test_the_view_gets_every_coding_with_its_source() -> None:
    data = explorer_data()
    for row in catalog.load("codings").itertuples():
        model = catalog.load("models")["id"].tolist().index(row.model)
        feature = catalog.load("features")["id"].tolist().index(row.feature)
        value, alternative, rationale, reason, source, place, _, unverified = data["codings"][model][feature]
        assert (value, rationale, reason) == (row.value, row.rationale, row.alternative_reason)
        assert alternative == (row.alternative if row.contested else None)
        assert data["sources"][source][0] == catalog.row("sources", row.source)["title"]
        assert place == (f"paragraph {row.locator}" if row.locator.isdigit() else row.locator)
        assert unverified == (row.status == "unverified")


def test_the_view_gets_the_quotations_of_a_codings_paragraph() -> None:
    quotes = {quote for model in explorer_data()["codings"] for coding in model for quote in coding[6]}
    codings, excerpts = catalog.load("codings"), catalog.load("excerpts")
    cited = set(zip(codings["source"], codings["locator"], strict=True))
    assert quotes == {row.quote for row in excerpts.itertuples() if (row.source, row.paragraph) in cited}
    assert quotes


def test_the_state_stays_small() -> None:
    assert len(json.dumps(explorer_data(), separators=(",", ":"))) < 40_000


def test_controls_are_linked_in_the_browser() -> None:
    choices, contested, matrix = ModelExplorer().children
    links = [
        (tuple(model["state"]["source"]), tuple(model["state"]["target"]))
        for model in ipywidgets.Widget.get_manager_state()["state"].values()
        if model["model_name"] == "LinkModel"
    ]
    controls = {"models": choices.children[0], "features": choices.children[1], "contested_only": contested}
    for trait, control in controls.items():
        source = (f"IPY_MODEL_{control.model_id}", "value" if trait == "contested_only" else "index")
        assert (source, (f"IPY_MODEL_{matrix.model_id}", trait)) in links


def test_chosen_models_and_features_come_first() -> None:
    models, features, matrix = parts(ModelExplorer(["israel_qme", "nato_article5"], ["obligation"]))
    assert models.value == ("israel_qme", "nato_article5")
    assert features.value == ("obligation",)
    assert (matrix.models, matrix.features) == ([4, 0], [1])
    assert matrix.data["initial"] == {"models": [4, 0], "features": [1], "contested_only": False}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"models": ["isreal_qme"]}, "israel_qme"), ({"features": ["obligatoin"]}, "obligation")],
)
def test_an_unknown_id_names_near_matches(arguments: dict[str, list[str]], message: str) -> None:
    with pytest.raises(catalog.UnknownId, match=message):
        ModelExplorer(**arguments)


def test_the_text_form_has_every_level_and_marks() -> None:
    head, *rows = Page(ModelExplorer(["israel_qme"]).text_equivalent()).rows
    codings = catalog.load("codings")
    assert head == ["Feature", *catalog.load("models")["short_name"]]
    assert [row[0] for row in rows] == catalog.load("features")["name"].tolist()
    cells = [cell for row in rows for cell in row[1:]]
    assert sum("*\xa0or" in cell for cell in cells) == codings["contested"].sum()
    assert sum("?" in cell for cell in cells) == (codings["status"] == "unverified").sum()
    matrix = catalog.coding_matrix()
    assert [[int(cell[0]) for cell in row[1:]] for row in rows] == matrix.T.to_numpy().tolist()


def test_the_text_form_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    load = catalog.load

    def hostile(name: str):
        table = load(name)
        return table.assign(name="<script>alert(1)</script>") if "name" in table else table

    monkeypatch.setattr(catalog, "load", hostile)
    page = Page(ModelExplorer().text_equivalent())
    assert "script" not in page.tags
    assert page.rows[1][0] == "<script>alert(1)</script>"


def test_it_shows_the_view_and_the_text_form() -> None:
    explorer = ModelExplorer()
    shown, _ = explorer._repr_mimebundle_()
    assert shown[VIEW]["model_id"] == explorer.model_id
    assert shown["text/html"] == explorer.text_equivalent()
