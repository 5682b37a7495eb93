"""The explorer carries every coding, says what is chosen, and reads without scripts."""

import pytest

from guarantees import catalog
from guarantees.widgets import ModelExplorer
from guarantees.widgets.model_explorer import explorer_data
from tests.widgets.text import Page

VIEW = "application/vnd.jupyter.widget-view+json"


def test_the_view_gets_every_coding_with_its_source() -> None:
    data = explorer_data()
    for row in catalog.load("codings").itertuples():
        value, alternative, rationale, reason, source, place, _, unverified = data["codings"][row.model][row.feature]
        assert (value, rationale, reason) == (row.value, row.rationale, row.alternative_reason)
        assert alternative == (row.alternative if row.contested else None)
        assert data["sources"][source][0] == catalog.row("sources", row.source)["title"]
        assert place == (f"paragraph {row.locator}" if row.locator.isdigit() else row.locator)
        assert unverified == (row.status == "unverified")


def test_the_view_gets_the_quotations_of_a_codings_paragraph() -> None:
    quotes = {
        quote for model in explorer_data()["codings"].values() for coding in model.values() for quote in coding[6]
    }
    codings, excerpts = catalog.load("codings"), catalog.load("excerpts")
    cited = set(zip(codings["source"], codings["locator"], strict=True))
    assert quotes == {row.quote for row in excerpts.itertuples() if (row.source, row.paragraph) in cited}
    assert quotes


def test_chosen_models_and_features_come_first() -> None:
    explorer = ModelExplorer(["israel_qme", "nato_article5"], ["obligation"])
    assert explorer.models == ["israel_qme", "nato_article5"]
    assert explorer.features == ["obligation"]
    assert explorer.selection["models"] == ["israel_qme", "nato_article5"]


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
    assert explorer.text_equivalent() in shown["text/html"]
