import re

import pytest

from guarantees import catalog, show


def test_instruments_show_the_clause_and_what_it_does_not_oblige():
    html = show.instruments("israel_qme").body
    rows = catalog.load("instruments").query("model == 'israel_qme'")
    assert len(re.findall(r"<tr [^>]*data-source", html)) == len(rows) == 8
    assert "What it does not oblige" in html


def test_unverified_fields_are_marked_where_they_stand():
    rows = catalog.load("instruments").query("model == 'israel_qme'")
    shown = set(rows.columns) - {"id", "model", "note", "source", "unverified_fields"}
    doubtful = sum(len(shown & set(fields.split("; "))) for fields in rows["unverified_fields"])
    assert doubtful > 0
    assert show.instruments("israel_qme").body.count("unverified") == 2 * doubtful  # the class and the word


def test_events_come_in_order_of_time():
    dates = re.findall(r'datetime="([^"]+)"', show.events("israel_qme").body)
    assert len(dates) >= 8
    assert dates == sorted(dates)


def test_an_instrument_that_was_never_signed_says_so():
    drafts = catalog.load("instruments").query("signed == ''")
    assert len(drafts)
    for model in drafts["model"].unique():
        assert "never signed" in show.instruments(str(model)).body


@pytest.mark.parametrize("model", catalog.load("models")["id"])
def test_every_row_of_a_model_is_shown_with_its_source(model):
    for name, display in (("instruments", show.instruments), ("events", show.events), ("codings", show.codings)):
        rows = catalog.load(name).query(f"model == '{model}'")
        shown = re.findall(r'data-source="([^"]+)"', display(model).body)
        assert sorted(shown) == sorted(rows["source"]), name


def test_instruments_of_no_model_are_not_lost():
    rows = catalog.load("instruments")
    shown = re.findall(r'id="instrument-([^"]+)"', show.comparators().body)
    assert shown == rows["id"][rows["model"].isna()].tolist() != []


def test_contested_codings_show_the_other_level_and_its_reason():
    html = show.codings("israel_qme").body
    rows = catalog.load("codings").query("model == 'israel_qme' and contested")
    others = [cell for cell in re.findall(r'data-head="Or, for a careful reader">(.*?)</td>', html) if cell]
    assert [int(cell[0]) for cell in others] == rows["alternative"].tolist()
    assert rows["alternative_reason"].iloc[0].replace("'", "&#x27;") in others[0]


@pytest.mark.parametrize("display", [show.instruments, show.events, show.codings])
def test_an_unknown_model_names_near_matches(display):
    with pytest.raises(catalog.UnknownId, match="israel_qme"):
        display("israel_qm")
