"""The build itself: what stops it, and what a page with mathematics gets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guarantees.book import __main__ as build
from tests.chromium import ROOT

PAGE = """---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{name: python3, display_name: Python 3}}
---
# A page

{text}
"""
CELL = "```{{code-cell}} ipython3\n{code}\n```"


@pytest.fixture
def build_page(tmp_path):
    """Build a book of one page with the project's own configuration, warnings as errors."""

    def build_page(text: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
        (tmp_path / "data").symlink_to(ROOT / "data")
        (tmp_path / "_build" / "site").mkdir(parents=True)
        (tmp_path / "_config.yml").symlink_to(ROOT / "_config.yml")
        (tmp_path / "chapters").mkdir()
        (tmp_path / "chapters" / "page.md").write_text(PAGE.format(text=text), encoding="utf-8")
        (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/page\n", encoding="utf-8")
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
        command = [sys.executable, "-m", "guarantees.book"]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    return build_page


def test_an_unknown_excerpt_stops_the_build_and_names_near_matches(build_page):
    run = build_page(CELL.format(code='from guarantees import show\nshow.excerpt("stimson-17-sum")'))
    assert run.returncode != 0
    assert "stimson-17-sums" in run.stdout + run.stderr
    assert "The book was not built" in run.stderr


def test_a_broken_link_stops_the_build(build_page):
    run = build_page("See [the next page](next.md).")
    assert run.returncode != 0
    assert "next.md" in run.stdout + run.stderr


def test_a_page_with_mathematics_typesets_it_from_this_site(build_page, tmp_path, browser):
    run = build_page("The cut-off is $\\sigma + \\theta t + k$.\n\n$$C_r = (1 - q_r)\\alpha_B + q_r \\alpha_R$$")
    assert run.returncode == 0, run.stdout + run.stderr
    page = browser.new_page()
    outside = []
    page.on("request", lambda request: outside.append(request.url) if request.url.startswith("http") else None)
    page.goto((tmp_path / "_build" / "html" / "chapters" / "page.html").as_uri())
    page.locator("mjx-container").nth(1).wait_for()
    page.close()
    assert outside == []


def test_a_page_that_did_not_come_out_is_named(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: lost\n", encoding="utf-8")
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").touch()
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "HTML", tmp_path / "html")
    assert build.missing_pages() == ["lost"]
