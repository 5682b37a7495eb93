import re

import pytest

from guarantees import catalog, show
from guarantees.show import references


def test_every_source_stands_under_its_kind_once():
    sources = catalog.load("sources")
    found = []
    for kind in sources["kind"].cat.categories:
        ids = re.findall(r'<li id="source-([^"]+)"', show.sources(kind).body)
        assert ids == sources["id"][sources["kind"] == kind].tolist()
        found += ids
    assert len(found) == len(sources)


def test_a_source_says_what_was_read_and_what_rests_on_it():
    entry = re.search(r'<li id="source-stimson-red-cell">.*?</li>', show.sources("article").body)[0]
    assert catalog.row("sources", "stimson-red-cell")["access_note"] in entry
    rests = catalog.load("codings")["source"].eq("stimson-red-cell").sum()
    assert f"{rests} in codings" in entry


def test_sources_without_an_address_are_marked():
    sources = catalog.load("sources")
    marks = sum(show.sources(kind).body.count("no address") for kind in sources["kind"].cat.categories)
    assert marks == sources["url"].eq("").sum()


def test_uses_count_a_row_once_however_often_it_names_a_source():
    issues = catalog.load("source_issues")
    twice = issues[issues["source"] == issues["evidence"]]
    assert len(twice)
    id = twice["source"].iloc[0]
    assert references.uses()[id]["source_issues"] == issues[["source", "evidence", "other"]].eq(id).any(axis=1).sum()


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(ValueError, match="article, official"):
        show.sources("articles")


def test_every_term_is_defined_and_every_link_inside_the_glossary_resolves():
    html = show.glossary().body
    ids = re.findall(r'<div id="term-([^"]+)"', html)
    assert sorted(ids) == sorted(catalog.load("glossary")["id"])
    assert set(re.findall(r'href="#term-([^"]+)"', html)) <= set(ids)


def test_terms_stand_in_alphabetical_order_blind_to_accents():
    terms = re.findall(r"<dt>([^<]+)</dt>", show.glossary().body)
    assert terms.index("price basis") < terms.index("protégé") < terms.index("provocation")
    assert terms.index("Article 5") < terms.index("assurance")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("snyder1984", "Snyder (1984)"),
        ("huthrussett1984", "Huth and Russett (1984)"),
        ("ylc2016", "Yarhi-Milo, Lanoszka and Cooper (2016)"),
    ],
)
def test_a_work_is_named_by_author_and_year(key, label):
    assert references.works()[key] == label


def test_every_work_of_the_bibliography_has_a_name():
    text = (catalog.folder() / "references.bib").read_text(encoding="utf-8")
    assert len(references.works()) == len(re.findall("^@", text, re.MULTILINE))
