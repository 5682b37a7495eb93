import re

import pytest
from docutils import nodes
from docutils.utils import new_document

from guarantees import catalog
from guarantees.book.glossary import Term, link_first_uses, pattern, terms

KNOWN = {
    term: Term(term.replace(" ", "-"), f"What {term} means.")
    for term in ("guarantee", "treaty", "deterrence", "deterrence by denial", "price basis", "patron's dilemma")
}


def page(*parts):
    document = new_document("page")
    document += list(parts)
    return document


def paragraph(*parts):
    return nodes.paragraph("", "", *[nodes.Text(part) if isinstance(part, str) else part for part in parts])


def linked(document):
    link_first_uses(document, KNOWN, "glossary.html")
    return [(link.astext(), link["refuri"].partition("#term-")[2]) for link in document.findall(nodes.reference)]


def test_the_first_use_is_linked_and_no_other():
    document = page(paragraph("A guarantee is a guarantee."), paragraph("Guarantees differ."))
    assert linked(document) == [("guarantee", "guarantee")]
    assert document.astext() == "A guarantee is a guarantee.\n\nGuarantees differ."
    (link,) = document.findall(nodes.reference)
    assert link["refuri"] == "glossary.html#term-guarantee"
    assert link["reftitle"] == "What guarantee means."


@pytest.mark.parametrize("word", ["Guarantee", "guarantees", "GUARANTEES"])
def test_capitals_and_plurals_count(word):
    assert linked(page(paragraph(f"See {word}."))) == [(word, "guarantee")]


@pytest.mark.parametrize("text", ["guaranteed", "non-guarantee", "guarantee-like", "treatise", "entreaty"])
def test_only_whole_words_count(text):
    assert linked(page(paragraph(text))) == []


@pytest.mark.parametrize(
    ("text", "term"),
    [("treaties", "treaty"), ("price\nbases", "price-basis"), ("the patron’s dilemma", "patron's-dilemma")],
)
def test_plurals_line_breaks_and_apostrophes(text, term):
    assert [id for _, id in linked(page(paragraph(text)))] == [term]


def test_the_longest_term_counts_and_leaves_the_shorter_one_to_its_own_first_use():
    document = page(paragraph("Deterrence by denial is one kind of deterrence."))
    assert linked(document) == [("Deterrence by denial", "deterrence-by-denial"), ("deterrence", "deterrence")]


def test_a_list_item_counts_and_so_does_emphasis():
    item = nodes.list_item("", paragraph("a ", nodes.emphasis("", "treaty")))
    assert linked(page(nodes.bullet_list("", item))) == [("treaty", "treaty")]


@pytest.mark.parametrize(
    "place",
    [
        nodes.title("", "The treaty"),
        paragraph(nodes.reference("", "treaty", refuri="#")),
        paragraph(nodes.literal("", "treaty")),
        nodes.literal_block("", "treaty"),
        nodes.block_quote("", paragraph("treaty")),
        nodes.raw("", "<p>treaty</p>", format="html"),
        nodes.table("", nodes.entry("", paragraph("treaty"))),
    ],
    ids=["heading", "link", "code", "block of code", "quotation", "output", "table"],
)
def test_other_places_are_left_alone(place):
    document = page(place, paragraph("a treaty"))
    before = place.pformat()
    link_first_uses(document, KNOWN, "glossary.html")
    assert place.pformat() == before
    assert document.children[-1].pformat().count("<reference") == 1


def test_every_term_of_the_glossary_has_a_pattern_of_its_own():
    found = terms()
    assert len(found) == len(catalog.load("glossary"))
    for term in found:
        assert [other for other in found if re.fullmatch(pattern(other), term, re.IGNORECASE)] == [term]
