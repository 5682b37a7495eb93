"""The chapters as a reader gets them: their own words, without excerpts, figures, tables and quizzes."""

import re
from functools import cache

from bs4 import BeautifulSoup, Tag
from sphinx_external_toc.parsing import parse_toc_yaml

from tests.chromium import ROOT
from tests.conftest import HTML

DOCUMENTS = sorted(parse_toc_yaml(ROOT / "_toc.yml").as_json()["documents"])
# The reference pages are printed from the data, which has tests of its own.
WRITTEN = [name for name in DOCUMENTS if not name.startswith("chapters/reference/")]
TAUGHT = [name for name in WRITTEN if name.split("/")[1] in ("foundations", "models", "judgement")]
MODELS = [name for name in TAUGHT if name.startswith("chapters/models/")]

NOT_PROSE = ".cell_input, .cell_output, figure, table, blockquote, .toctree-wrapper"
NOT_READ = ".math, .headerlink"


def source(name: str) -> str:
    """Markdown of a chapter."""
    return (ROOT / f"{name}.md").read_text(encoding="utf-8")


@cache
def article(name: str) -> Tag:
    """Body of a page of the built book."""
    path = HTML / f"{name}.html"
    assert path.exists(), "Build the book first: make book"
    html = path.read_text(encoding="utf-8")
    found = BeautifulSoup(html[html.index("<article") : html.index("</article>")], "html.parser").article
    assert found
    return found


@cache
def headings(name: str) -> tuple[str, ...]:
    """Titles of the sections of a page, in order."""
    return tuple(words(heading) for heading in article(name).select("h2"))


def section(name: str, title: str) -> Tag:
    """Section of a page with a given title."""
    (found,) = (heading.parent for heading in article(name).select("h2") if words(heading) == title)
    assert found
    return found


@cache
def paragraphs(name: str) -> tuple[Tag, ...]:
    """Paragraphs of a page's running text, those of lists included."""
    return tuple(block for block in article(name).select("p") if not block.css.closest(NOT_PROSE))


def words(block: Tag, without: str = NOT_READ) -> str:
    """Text of a part of a page, less the parts that a CSS selector names."""
    dropped = set(map(id, block.select(without)))
    parts = [str(text) for text in block.find_all(string=True) if not dropped & set(map(id, text.parents))]
    return " ".join("".join(parts).split())


def prose(name: str) -> str:
    """Running text of a page, each paragraph ending like a sentence; points and commas in numbers left out."""
    ended = (re.sub(r"[;,:]?$", ".", text) if text[-1:] not in ".!?" else text for text in map(words, paragraphs(name)))
    return re.sub(r"(?<=\d)[.,](?=\d)", "", " ".join(ended))
