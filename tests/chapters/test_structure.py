"""What every chapter has, so that a reader knows where to look."""

import re

import pytest

from guarantees import catalog
from tests.chapters.reading import MODELS, TAUGHT, headings, paragraphs, prose, section, source, words

OUTCOMES, QUIZ = "What you will be able to do", "Check yourself"
SKELETON = (
    OUTCOMES,
    "The promise in one sentence",
    "What the texts say, and what they do not oblige",
    "Instruments and timeline",
    "How credibility is made",
    "Where entrapment and abandonment show",
    "The record",
    "What would transfer to Ukraine, and what would not",
    "Where the sources disagree",
    QUIZ,
    "Practise and go deeper",
)
SHORTEST, LONGEST = 1_200, 2_500


@pytest.mark.parametrize("name", MODELS)
def test_a_model_chapter_has_the_skeleton(name):
    assert headings(name) == SKELETON


@pytest.mark.parametrize("name", MODELS)
def test_a_model_chapter_puts_its_promise_in_one_sentence(name):
    (promise,) = section(name, "The promise in one sentence").select(":scope > p:has(> strong:only-child)")
    assert words(promise).endswith(".")
    assert not re.search(r"[.!?] [A-Z]", words(promise))


def test_every_model_has_a_chapter():
    shown = {model for name in MODELS for model in re.findall(r'show\.instruments\("(\w+)"', source(name))}
    assert shown == set(catalog.load("models")["id"])


@pytest.mark.parametrize("name", TAUGHT)
def test_a_chapter_opens_with_outcomes_and_ends_with_a_check_and_further_reading(name):
    found = headings(name)
    assert found[0] == OUTCOMES
    assert len(section(name, OUTCOMES).select("li")) >= 3
    assert QUIZ in found
    assert found[-1].lower().endswith("go deeper")
    assert section(name, found[-1]).select('a[href*="#cite-"]'), "nothing of the bibliography is recommended"


@pytest.mark.parametrize("name", TAUGHT)
def test_a_chapter_is_as_long_as_a_sitting(name):
    assert SHORTEST <= len(prose(name).split()) <= LONGEST


@pytest.mark.parametrize("name", TAUGHT)
def test_a_chapter_says_of_when_it_is(name):
    assert re.search(r'^as_of: "\d{4}-\d{2}"$', source(name), re.MULTILINE)


@pytest.mark.parametrize("name", TAUGHT)
def test_no_paragraph_is_a_wall(name):
    assert max(len(words(block).split()) for block in paragraphs(name)) <= 170
