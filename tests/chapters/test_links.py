"""Every way out of a page leads somewhere."""

import re
from functools import cache
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest

from guarantees import catalog
from tests.chapters.reading import DOCUMENTS, WRITTEN, source
from tests.conftest import HTML
from tests.test_catalog import UNWANTED

# A widget reads its state from such an address: the page is the place, what follows is not an id.
STATE = re.compile(r"\w+:|\w+=")


@cache
def ids(path):
    return set(re.findall(r'\b(?:id|name)="([^"]+)"', path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_internal_link_is_dead(name):
    page = HTML / f"{name}.html"
    assert page.exists(), "Build the book first: make book"
    dead = []
    for href in set(re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', page.read_text(encoding="utf-8"))):
        link = urlsplit(unescape(href))
        if link.scheme or link.netloc:
            continue
        target = (page.parent / unquote(link.path)).resolve() if link.path else page
        anchor = "" if STATE.match(link.fragment) else unquote(link.fragment)
        if not target.is_file() or (anchor and anchor not in ids(target)):
            dead.append(href)
    assert dead == []


@pytest.mark.parametrize("name", WRITTEN)
def test_a_chapter_sends_nobody_to_a_state_outlet_or_a_scraper(name):
    assert [url for url in re.findall(r"https?://[^\s)>\"]+", source(name)) if re.search(UNWANTED, url)] == []


def test_citations_and_bibliography_are_the_same_works():
    keys = re.findall(r"^@\w+\{([^,]+),", (catalog.folder() / "references.bib").read_text(encoding="utf-8"), re.M)
    assert len(keys) == len(set(keys))
    cited = {
        key.strip()
        for name in DOCUMENTS
        for group in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", source(name))
        for key in group.split(",")
    }
    assert cited - set(keys) == set(), "cited and not in the bibliography"
    read_on = set(catalog.load("glossary")["literature"])
    assert set(keys) - cited - read_on == set(), "in the bibliography and used nowhere"
