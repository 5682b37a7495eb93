"""Every page, in light and dark, on a phone and on a desktop. Console and outside requests: see ``open_page``."""

import re

import pytest
from playwright.sync_api import expect
from sphinx_external_toc.parsing import parse_toc_yaml

from guarantees import catalog
from tests.chromium import ROOT
from tests.conftest import DESKTOP, HTML, PHONE

CHAPTERS = sorted(parse_toc_yaml(ROOT / "_toc.yml").as_json()["documents"])
PAGES = [*(f"{name}.html" for name in CHAPTERS), "search.html"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_page(path, scheme, size, open_page, axe):
    page = open_page(path, color_scheme=scheme, viewport=size)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page scrolls sideways by {overflow} px"
    assert axe(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_page_from_disk(path, open_page):
    page = open_page(path, origin="file")
    expect(page.locator("h1").first).not_to_be_empty()


def test_root_leads_to_the_landing_page(open_page):
    page = open_page("index.html")
    page.wait_for_url("**/chapters/index.html")


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_reads_without_javascript(name, open_page):
    page = open_page(f"{name}.html", java_script_enabled=False)
    views = page.locator('script[type="application/vnd.jupyter.widget-view+json"]').count()
    expect(page.locator(".text-equivalent:visible")).to_have_count(views)


def test_no_page_names_another_site_as_the_place_of_a_script_or_style():
    for path in HTML.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        outside = re.findall(r'<(?:script|link|img|iframe)[^>]*?(?:src|href)="(https?:)?//[^"]*"[^>]*>', html)
        canonical = re.findall(r'<link rel="canonical"[^>]*>', html)
        assert len(outside) == len(canonical), path


def test_every_icon_in_use_is_drawn():
    css = (HTML / "_static" / "guarantees" / "icons.css").read_text(encoding="utf-8")
    for path in HTML.rglob("*.html"):
        for classes in re.findall(r'<i class="([^"]*\bfa-[^"]*)"', path.read_text(encoding="utf-8")):
            assert any(f".{name}{{" in css for name in classes.split()), f"{path.name}: {classes}"


def test_israel_chapter_lists_its_sources_and_its_date(open_page):
    page = open_page("chapters/models/israel.html")
    footer = page.locator("footer.page-sources")
    expect(footer).to_contain_text("January 2026")
    expect(footer).to_contain_text(catalog.row("sources", "stimson-red-cell")["title"])
    assert page.locator("figure.excerpt").count() >= 6
    assert page.locator("figure.shown svg[role=img][aria-label]").count() >= 1


def test_search_finds_a_word_of_the_israel_chapter(open_page):
    page = open_page("search.html?q=memorandum")
    expect(page.locator("ul.search")).to_contain_text("The Israel model")
