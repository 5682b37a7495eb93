import re

import pytest

from guarantees import catalog, show


def test_instruments_show_the_clause_and_what_it_does_not_oblige():
    html = show.instruments("israel_qme").body
    rows = catalog.load("instruments").query("model == 'israel_qme'")
    assert len(re.findall(r"<tr data-source", html)) == len(rows) == 8
    assert "What it does not oblige" in html


def test_an_instrument_that_was_never_signed_shows_no_date():
    rows = catalog.load("instruments").query("model == 'multilateral_assurances'")
    drafts = int((rows["signed"] == "").sum())
    assert drafts > 0
    assert show.instruments("multilateral_assurances").body.count("<small>draft</small>") == drafts


def test_unverified_fields_are_marked_where_they_stand():
    rows = catalog.load("instruments").query("model == 'israel_qme'")
    shown = {"title", "signed", "legal_type", "clause", "not_obliged", "exit"}
    doubtful = sum(len(shown & set(fields.split("; "))) for fields in rows["unverified_fields"])
    assert doubtful > 0
    assert show.instruments("israel_qme").body.count("unverified") == 2 * doubtful  # the class and the word


def test_events_come_in_order_of_time():
    dates = re.findall(r'datetime="([^"]+)"', show.events("israel_qme").body)
    assert len(dates) >= 8
    assert dates == sorted(dates)


@pytest.mark.parametrize("display", [show.instruments, show.events])
def test_an_unknown_model_names_near_matches(display):
    with pytest.raises(catalog.UnknownId, match="israel_qme"):
        display("israel_qm")
