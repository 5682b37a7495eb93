"""Quizzes: what the file may hold, what order things are shown in, and how they read without scripts."""

import copy
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees import catalog, show
from guarantees.widgets import Quiz
from guarantees.widgets.quiz import inline, shuffled
from tests.widgets.example import EXAMPLE
from tests.widgets.text import Page

SCHEMA = json.loads((catalog.folder() / "quizzes.schema.json").read_text(encoding="utf-8"))


def faults(quiz: dict[str, Any]) -> list[str]:
    return [fault.message for fault in jsonschema_rs.validator_for(SCHEMA).iter_errors({"example": quiz})]


def test_the_schema_accepts_every_kind() -> None:
    assert faults(EXAMPLE) == []


@pytest.mark.parametrize(
    ("question", "change"),
    [
        pytest.param(0, {"kind": "essay"}, id="unknown-kind"),
        pytest.param(0, {"answer": 3}, id="key-of-another-kind"),
        pytest.param(0, {"option": []}, id="misspelt-key"),
        pytest.param(0, {"prompt": "  "}, id="blank-prompt"),
        pytest.param(0, {"options": [{"text": "A", "correct": True, "explanation": "a"}]}, id="one-option"),
        pytest.param(
            0,
            {
                "options": [
                    {"text": "A", "correct": True, "explanation": "a"},
                    {"text": "B", "correct": True, "explanation": "b"},
                ]
            },
            id="two-right-in-single",
        ),
        pytest.param(
            1,
            {"options": [{"text": "A", "explanation": "a"}, {"text": "B", "explanation": "b"}]},
            id="none-right-in-multiple",
        ),
        pytest.param(
            0, {"options": [{"text": "A", "correct": True}, {"text": "B", "explanation": "b"}]}, id="no-explanation"
        ),
        pytest.param(2, {"answer": "38"}, id="number-as-text"),
        pytest.param(2, {"tolerance": -1}, id="negative-tolerance"),
        pytest.param(3, {"items": ["same", "same", "other"]}, id="repeated-item"),
        pytest.param(4, {"pairs": [{"left": "a"}, {"left": "b", "right": "B"}]}, id="half-a-pair"),
    ],
)
def test_the_schema_rejects(question: int, change: dict[str, Any]) -> None:
    quiz = copy.deepcopy(EXAMPLE)
    quiz["questions"][question].update(change)
    assert faults(quiz)


@given(st.lists(st.text(), min_size=2, unique=True), st.text())
def test_shuffled_items_are_never_in_order(items: list[str], seed: str) -> None:
    shown = shuffled(items, seed)
    assert sorted(shown) == sorted(items)
    assert shown != items
    assert shown == shuffled(items, seed)


def test_the_page_and_the_text_show_parts_in_the_same_order() -> None:
    quiz = Quiz("example", EXAMPLE)
    text = quiz.text_equivalent()
    ordering, matching = quiz.content["questions"][3:]
    shown = [ordering["items"][position] for position in ordering["shown"]]
    for parts in (shown, matching["choices"]):
        assert "".join(f"<li>{part}</li>" for part in parts) in text


def test_answers_stay_folded_in_the_text_form() -> None:
    quiz = Quiz("example", EXAMPLE)
    asked = "".join(part.split("</details>")[-1] for part in quiz.text_equivalent().split("<details>"))
    for explanation in ("Ratified.", "Yes, one.", "It includes the five.", "By date.", "By size."):
        assert explanation in quiz.text_equivalent()
        assert explanation not in asked


def test_texts_are_escaped_but_for_emphasis_and_code() -> None:
    page = Page(Quiz("example", EXAMPLE).text_equivalent())
    assert "b" not in page.tags
    assert {"em", "code"} <= page.tags
    assert "Check <yourself>" in page.text
    assert "A <b>speech</b>" in page.text
    assert inline("2 * 3 * 4 <i> *a*") == "2 * 3 * 4 &lt;i&gt; <em>a</em>"


def test_progress_is_kept_per_quiz_and_content() -> None:
    changed = copy.deepcopy(EXAMPLE)
    changed["questions"][2]["answer"] = 39
    key = Quiz("example", EXAMPLE).content["key"]
    assert key == Quiz("example", copy.deepcopy(EXAMPLE)).content["key"]
    assert len({key, Quiz("other", EXAMPLE).content["key"], Quiz("example", changed).content["key"]}) == 3


@pytest.mark.parametrize("id", catalog.quizzes())
def test_every_quiz_of_the_course_can_be_shown(id: str) -> None:
    questions = catalog.quizzes()[id]["questions"]
    assert len({question["id"] for question in questions}) == len(questions)
    shown, _ = show.quiz(id)._repr_mimebundle_()
    assert shown["text/html"].count("<details>") == len(questions)


def test_an_unknown_quiz_names_near_matches() -> None:
    with pytest.raises(catalog.UnknownId, match=r"'isreal'.*israel"):
        show.quiz("isreal")
