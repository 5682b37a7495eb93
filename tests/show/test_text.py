import pytest

from guarantees import catalog, show


def test_an_excerpt_says_what_it_quotes_and_from_where():
    row = catalog.row("excerpts", "stimson-17-sums")
    source = catalog.row("sources", row["source"])
    text = repr(show.excerpt("stimson-17-sums"))
    assert row["quote"].split()[0] in text
    assert source["title"] in text
    assert source["publisher"] in text
    assert f"paragraph {row['paragraph']}" in text


def test_a_source_without_a_known_address_has_no_link_and_one_with_it_has():
    sources = catalog.load("sources")
    without = sources[sources["url"] == ""].iloc[0]
    with_address = sources[sources["url"] != ""].iloc[0]
    assert "href" not in show.source(without)
    assert f'href="{with_address["url"]}"' in show.source(with_address).replace("&amp;", "&")


def test_an_unknown_excerpt_names_near_matches():
    with pytest.raises(catalog.UnknownId, match=r"stimson-17-sum'.*stimson-17-sums"):
        show.excerpt("stimson-17-sum")


def test_every_excerpt_can_be_shown_and_escapes_its_text(monkeypatch):
    for name in catalog.load("excerpts")["id"]:
        assert 'class="excerpt"' in show.excerpt(name)._repr_html_()
    hostile = catalog.row("excerpts", "stimson-17-sums")
    hostile["quote"] = "<script>alert(1)</script>"
    genuine = catalog.row
    monkeypatch.setattr(catalog, "row", lambda table, id: hostile if table == "excerpts" else genuine(table, id))
    assert "<script>" not in show.excerpt("stimson-17-sums")._repr_html_()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("israel_memorandum", "Israel", "2016 memorandum, total", "FY2019-FY2028"), "$38 billion"),
        (("us_troops", "Israel", "US active-duty troops", "2024"), "115 persons"),
        (("us_troops", "South Korea", "US active-duty troops", "2024"), "24,515 persons"),
        (("israel_aid_cumulative", "Israel", "US assistance since 1946", "2024"), "$298 billion (unverified)"),
    ],
)
def test_a_value_carries_its_unit_and_its_doubt(key, text):
    assert show.value(*key) == text


@pytest.mark.parametrize(
    ("date", "text"), [("2023", "2023"), ("2023-08", "August 2023"), ("1979-03-26", "26 March 1979")]
)
def test_a_date_is_written_as_exactly_as_it_is_known(date, text):
    assert show.month(date) == text
