"""The timeline carries every text and event, its years and switch are stock controls, and it reads without scripts."""

import pytest
import traitlets

from guarantees import catalog
from guarantees.widgets import Timeline
from guarantees.widgets.timeline import TOLD, events, texts, timeline_data, years
from tests.widgets.text import Page


def test_the_view_gets_every_text_and_event() -> None:
    data = timeline_data()
    for table, rows in (("texts", texts()), ("events", events())):
        for name in TOLD[table]:
            assert data[table][name] == [row[name] for row in rows]
        cited = [data["sources"]["title"][position] for position in data[table]["source"]]
        assert cited == [catalog.row("sources", row["source"])["title"] for row in rows]


def test_doubts_name_what_was_not_checked() -> None:
    data = timeline_data()
    assert data["texts"]["doubt"] == [row["unverified_fields"] for row in texts()]
    assert [doubt == "unverified" for doubt in data["events"]["doubt"]] == [
        row["status"] == "unverified" for row in events()
    ]


def test_every_event_has_an_id_of_its_own() -> None:
    ids = [row["id"] for row in events()]
    assert len(set(ids)) == len(ids) == len(catalog.load("events"))
    assert not set(ids) & {row["id"] for row in texts()}


@pytest.mark.parametrize("model", catalog.load("models")["id"].tolist())
def test_the_axis_begins_just_before_a_models_first_date(model: str) -> None:
    first = min(row["date"].year for row in events() if row["model"] == model)
    assert Timeline([model]).selection["since"] in (first - 1, years([model])[0])
    assert years([model])[0] < first
    assert years()[0] <= years([model])[0]


def test_choices_can_be_read_and_set() -> None:
    timeline = Timeline(["israel_qme"], since=1970)
    assert timeline.selection == {
        "models": ["israel_qme"],
        "types": catalog.load("instruments")["legal_type"].cat.categories.tolist(),
        "since": 1970,
        "until": years()[1],
        "events": True,
        "selected": "",
    }
    timeline.selection = {"models": ["south_korea"], "selected": "rok-1953"}
    assert timeline.view.models == ["south_korea"]
    assert timeline.selection["since"] == 1970
    timeline.view.events = False  # as when the reader clears the box
    assert timeline.selection["events"] is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"since": 1400}, "since should be from"),
        ({"types": ["treatise"]}, "treaty"),
        ({"selected": "isr-1978"}, "isr-1988"),
        ({"modles": []}, "models"),
    ],
)
def test_what_no_choice_can_hold_is_refused(change: dict, message: str) -> None:
    timeline = Timeline()
    before = timeline.selection
    with pytest.raises(traitlets.TraitError, match=message):
        timeline.selection = change
    assert timeline.selection == before


def test_an_unknown_model_names_near_matches() -> None:
    with pytest.raises(catalog.UnknownId, match="israel_qme"):
        Timeline(["isreal_qme"])


def test_the_text_form_has_each_text_with_what_it_does_not_oblige() -> None:
    page = Page(Timeline(["israel_qme", "south_korea"]).text_equivalent())
    rows = catalog.load("instruments")
    chosen = rows[rows["model"].isin(["israel_qme", "south_korea"])]
    told = {(row[1], row[4]) for row in page.rows if len(row) == 5}
    assert told >= set(zip(chosen["title"], chosen["not_obliged"], strict=True))
    happened = catalog.load("events")
    happened = happened[happened["model"].isin(["israel_qme", "south_korea"])]
    assert {row[1] for row in page.rows if len(row) == 3} >= set(happened["title"])


def test_the_text_form_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    load = catalog.load

    def hostile(name: str):
        table = load(name)
        return table.assign(title="<script>alert(1)</script>") if name in ("instruments", "events") else table

    monkeypatch.setattr(catalog, "load", hostile)
    assert "script" not in Page(Timeline().text_equivalent()).tags
