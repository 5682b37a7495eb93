"""The explorer carries every coding, its choices can be read and set in Python, and it reads without scripts."""

import pytest
import traitlets

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


def test_models_and_features_stand_in_the_order_they_are_given() -> None:
    explorer = ModelExplorer(["israel_qme", "nato_article5"], ["obligation"], near="israel_qme")
    assert explorer.selection == {
        "models": ["israel_qme", "nato_article5"],
        "features": ["obligation"],
        "contested_only": False,
        "search": "",
        "near": "israel_qme",
        "first": "",
        "second": "",
        "coding": [],
    }
    assert explorer.setup["initial"] == explorer.selection


def test_without_arguments_everything_is_chosen() -> None:
    explorer = ModelExplorer()
    for table in ("models", "features"):
        assert explorer.selection[table] == explorer.setup["defaults"][table] == catalog.load(table)["id"].tolist()


def test_choices_can_be_read_and_set() -> None:
    explorer = ModelExplorer()
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "selection")
    explorer.near = "israel_qme"  # as when the reader chooses it
    assert explorer.selection["near"] == seen[-1]["near"] == "israel_qme"
    explorer.selection = {"models": ["south_korea"], "coding": ["south_korea", "arms"]}
    assert (explorer.models, explorer.coding, explorer.near) == (["south_korea"], ["south_korea", "arms"], "israel_qme")
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"near": "isreal_qme"}, "israel_qme"),
        ({"models": ["israel_qme", "israel_qme"]}, "models names something twice"),
        ({"models": "israel_qme"}, "models"),
        ({"contested": True}, "contested_only"),
    ],
)
def test_what_no_choice_can_hold_is_refused(change: dict[str, object], message: str) -> None:
    explorer = ModelExplorer()
    before = explorer.selection
    with pytest.raises(traitlets.TraitError, match=message):
        explorer.selection = change
    assert explorer.selection == before
    if "contested" not in change:
        with pytest.raises((traitlets.TraitError, catalog.UnknownId)):
            ModelExplorer(**change)


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
    wide, narrow = explorer.room
    room = f'<div class="room" style="--wide: {wide}px; --narrow: {narrow}px">'
    assert shown["text/html"] == f"{room}{explorer.text_equivalent()}</div>"
