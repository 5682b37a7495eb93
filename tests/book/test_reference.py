"""The reference part, as built: every row is printed, every link inside it leads somewhere, every download opens."""

import io
import json
import re
import zipfile
from collections import Counter
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from guarantees import catalog
from guarantees.book.glossary import pattern, terms
from guarantees.show.figures import FIGURES
from tests.chromium import ROOT
from tests.conftest import HTML

REFERENCE = "chapters/reference"
PAGES = sorted(path.relative_to(HTML).as_posix() for path in (HTML / "chapters").rglob("*.html"))
CHAPTERS = [path for path in PAGES if not path.startswith(REFERENCE)]
# What a term may not be linked in; a chapter's outputs are not its running text.
OUTSIDE_TEXT = ".cell, footer, h1, h2, h3, h4, code, pre, blockquote, a:not(.glossary-term), table"


def html(path: str) -> str:
    return (HTML / path).read_text(encoding="utf-8")


def saved(page: Page, link: str) -> bytes:
    """What a click on a download link saves."""
    with page.expect_download() as download:
        page.locator(link).first.click()
    return download.value.path().read_bytes()


@pytest.mark.parametrize(
    ("path", "mark", "table"),
    [
        ("codebook", r'<section id="feature-', "features"),
        ("matrix", r"<tr [^>]*data-source=", "codings"),
        ("instruments", r'<tr [^>]*id="instrument-', "instruments"),
        ("timeline", r"<li data-source=", "events"),
        ("sources", r'<li id="source-', "sources"),
        ("glossary", r'<div id="term-', "glossary"),
    ],
)
def test_every_row_is_printed(path, mark, table):
    assert len(re.findall(mark, html(f"{REFERENCE}/{path}.html"))) == len(catalog.load(table))


def test_every_number_is_printed_and_every_figure_drawn(open_page):
    page = open_page(f"{REFERENCE}/figures.html")
    expect(page.locator("figure.shown svg[role=img]")).to_have_count(len(FIGURES))
    expect(page.locator(".shown:not(figure) tbody tr")).to_have_count(len(catalog.load("figures")))


def test_every_work_of_the_bibliography_is_listed():
    works = (catalog.folder() / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),", works, re.MULTILINE)
    assert sorted(re.findall(r'id="cite-([^"]+)"', html(f"{REFERENCE}/bibliography.html"))) == sorted(keys)


@pytest.mark.parametrize("path", PAGES)
def test_links_inside_the_book_lead_to_a_place_that_exists(path):
    text = html(path).split('<article class="bd-article"')[1].split("</article>")[0]
    assert "data-page" not in text
    for link in re.findall(r'<a [^>]*href="([^"]+)"', text):
        target, _, fragment = urljoin(path, link).partition("#")
        if ":" in link or not target.endswith(".html"):
            continue
        assert (HTML / target).exists(), link
        assert not fragment or f'id="{fragment}"' in html(target), link


@pytest.mark.parametrize("path", CHAPTERS)
def test_each_term_of_a_chapter_is_linked_once_to_its_entry(path, open_page):
    page = open_page(path)
    links = page.locator("a.glossary-term").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    ids = Counter(PurePosixPath(link).name.partition("#term-")[2] for link in links)
    assert set(ids.values()) <= {1}
    prose = page.locator("article").evaluate(
        f"article => {{ const copy = article.cloneNode(true);"
        f" copy.querySelectorAll('{OUTSIDE_TEXT}').forEach(node => node.replaceWith(' | '));"
        " return [...copy.querySelectorAll('p')].map(node => node.textContent).join(' | '); }"
    )
    used, rest = set(), prose
    for term in sorted(terms(), key=len, reverse=True):
        rest, uses = re.subn(rf"(?<![\w-]){pattern(term)}(?![\w-])", " | ", rest, flags=re.IGNORECASE)
        used |= {terms()[term].id} if uses else set()
    assert set(ids) == used


def test_the_israel_chapter_links_the_terms_that_it_explains():
    linked = set(re.findall(r'href="\.\./reference/glossary\.html#term-([^"]+)"', html("chapters/models/israel.html")))
    assert {"entrapment", "abandonment", "moral-hazard", "tripwire", "casus-foederis", "guarantor"} <= linked


def test_a_term_is_quiet_but_not_marked_by_colour_alone(open_page):
    page = open_page("chapters/models/israel.html")
    style = page.locator("a.glossary-term").first.evaluate(
        "link => { const own = getComputedStyle(link), around = getComputedStyle(link.closest('p'));"
        " return [own.textDecorationLine, own.textDecorationStyle, own.color === around.color]; }"
    )
    assert style == ["underline", "dotted", True]


def test_chapters_stay_plain_for_a_live_notebook():
    for path in (ROOT / "chapters").rglob("*.md"):
        assert "glossary.html" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FIGURES)
def test_the_numbers_of_a_figure_can_be_downloaded(name, open_page):
    page = open_page(f"{REFERENCE}/figures.html")
    table = pd.read_csv(io.BytesIO(saved(page, f'a[download="{name}.csv"]')))
    assert len(table)
    assert set(table["source"]) <= set(catalog.load("sources")["id"])


def test_every_table_can_be_downloaded_and_parses_back(open_page):
    page = open_page(f"{REFERENCE}/data.html")
    for name in catalog.names():
        link = page.locator(f'a[download][href$="/{name}.csv"]').evaluate("link => link.href")
        table = pd.read_csv(io.BytesIO(page.request.get(link).body()))
        assert table.shape == catalog.load(name).shape, name
    assert saved(page, 'a[download][href$="/models.csv"]') == (catalog.folder() / "models.csv").read_bytes()


def test_the_archive_opens_from_disk_and_describes_itself(open_page):
    page = open_page(f"{REFERENCE}/data.html", origin="file")
    with zipfile.ZipFile(io.BytesIO(saved(page, 'a[download$=".zip"]'))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        assert {resource["path"] for resource in package["resources"]} <= set(archive.namelist())


def test_the_codebook_reaches_a_feature_by_its_address(open_page):
    page = open_page(f"{REFERENCE}/codebook.html#feature-lock_in")
    expect(page.locator(":target h3")).to_have_text(catalog.row("features", "lock_in")["name"])


def test_a_coding_leads_to_its_feature(open_page):
    page = open_page(f"{REFERENCE}/matrix.html")
    page.locator("th a", has_text="Legal form").first.click()
    page.wait_for_url("**/codebook.html#feature-legal_form")


def test_a_stacked_table_is_still_a_table(open_page):
    page = open_page(f"{REFERENCE}/instruments.html", viewport={"width": 360, "height": 740})
    table = page.get_by_role("table", name="Instruments: NATO Article 5")
    row = table.get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_have_count(1)
    expect(row.get_by_role("cell")).to_have_count(3)
    lefts = {round(cell.bounding_box()["x"]) for cell in row.get_by_role("cell").all()}
    assert len(lefts) == 1, "the cells do not stand below one another"
