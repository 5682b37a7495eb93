import re

import pytest

from guarantees import catalog, show
from guarantees.show.claims import SIDES, TRADEOFFS, UnknownTradeoff


def cells(html):
    """Cells by article and head."""
    found = {}
    for article, row in re.findall(r'<tr role="row" data-source="([^"]+)">(.*?)</tr>', html):
        for head, cell in re.findall(r'data-head="([^"]+)">(.*?)</td>', row):
            found[article, head] = cell
    return found


def test_every_trade_off_and_side_of_the_claims_has_a_name():
    claims = catalog.load("claims")
    assert list(TRADEOFFS) == list(claims["dimension"].unique())
    assert set(SIDES) | {"both"} == set(claims["side"])


@pytest.mark.parametrize("dimension", TRADEOFFS)
def test_every_claim_stands_with_its_article_side_and_paragraph(dimension):
    shown = cells(show.claims(dimension).body)
    rows = catalog.load("claims").query("dimension == @dimension and side != 'both'")
    for _, row in rows.iterrows():
        cell = shown[row["source"], SIDES[row["side"]]]
        if row["kind"] == "silent":
            assert f"{row['claim']} (silent)" in cell
        else:
            assert f"(paragraph {row['paragraph']})" in cell
    counted = sum(cell.count("<li>") for cell in shown.values())
    assert counted == len(rows) + 2 * len(catalog.load("claims").query("dimension == @dimension and side == 'both'"))


def test_an_article_without_a_claim_is_not_called_silent():
    shown = cells(show.claims("autonomy_v_leverage").body)
    assert shown["newsweek-bush", "Autonomy"] == "–"
    assert "(silent)" in shown["kyslytsya-breakthrough", "Autonomy"]


def test_the_overview_counts_the_claims_that_are_argued():
    html = show.claim_counts().body
    counts = [int(cell.split(",")[0]) for cell in re.findall(r"data-head=\"[^\"]+\">(.*?)</td>", html)]
    claims = catalog.load("claims")
    assert sum(counts) == (claims["kind"] == "argued").sum()
    assert html.count("silent on") == (claims["kind"] == "silent").sum()


def test_an_unknown_trade_off_names_near_matches():
    with pytest.raises(UnknownTradeoff, match="speed_v_durability"):
        show.claims("speed_v_durable")
