"""Self-checks with an explanation per answer."""

import hashlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import anywidget
import traitlets

from guarantees.widgets.front_end import TextEquivalent, script, style

Question = Mapping[str, Any]
MARKED = re.compile(r"\*([^*\s][^*]*)\*|`([^`]+)`")


def shuffled(items: Sequence[str], seed: str) -> list[str]:
    """Put items in an order that depends on the seed alone and is not the given one."""
    order = list(items)
    random.Random(seed).shuffle(order)
    return order if order != list(items) else order[1:] + order[:1]


def inline(text: str) -> str:
    """Turn a text into HTML: asterisks mark emphasis, backticks code, and everything else is escaped."""
    return MARKED.sub(
        lambda match: f"<em>{match[1]}</em>" if match[1] else f"<code>{match[2]}</code>", escape(str(text))
    )


def arranged(question: Question, seed: str) -> dict[str, Any]:
    """Add to a question the order in which its parts are shown, so that none stands in the order of the answer."""
    if question["kind"] == "ordering":
        items = question["items"]
        return {**question, "shown": [items.index(item) for item in shuffled(items, seed)]}
    if question["kind"] == "matching":
        return {**question, "choices": shuffled(list({pair["right"]: None for pair in question["pairs"]}), seed)}
    return dict(question)


class Quiz(TextEquivalent, anywidget.AnyWidget):
    """Questions that answer back; progress stays on the reader's device.

    Parameters
    ----------
    id : str
        Name under which progress is remembered, together with a hash of the content.
    content : mapping
        Title and questions, as in ``data/quizzes.yml`` (described by ``data/quizzes.schema.json``).
    """

    _esm = script("quiz")
    _css = style("quiz")
    content = traitlets.Dict().tag(sync=True)

    def __init__(self, id: str, content: Mapping[str, Any]) -> None:
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
        questions = [arranged(question, f"{id}/{question['id']}") for question in content["questions"]]
        super().__init__(
            content={"title": content["title"], "key": f"guarantees-quiz:{id}:{digest}", "questions": questions}
        )

    def text_equivalent(self) -> str:
        """Write the questions as a list, each with its answer and explanations to unfold."""
        questions = "".join(f"<li>{in_words(question)}</li>" for question in self.content["questions"])
        return f"<p><strong>{escape(self.content['title'])}</strong></p><ol>{questions}</ol>"


def items_of(texts: Sequence[str], tag: str = "ul") -> str:
    """Write a list of texts that are HTML already."""
    return f"<{tag}>{''.join(f'<li>{text}</li>' for text in texts)}</{tag}>"


def in_words(question: Question) -> str:
    """Write one question of the text form."""
    asked, answer = PARTS[question["kind"]](question)
    return f"<p>{inline(question['prompt'])}</p>{asked}<details><summary>Answer</summary>{answer}</details>"


def choice_in_words(question: Question) -> tuple[str, str]:
    """Write the options, and each with its verdict and explanation."""
    options = question["options"]
    verdicts = [
        f"<strong>{'Right' if option.get('correct') else 'Wrong'}:</strong> {inline(option['text'])} "
        f"{inline(option['explanation'])}"
        for option in options
    ]
    return items_of([inline(option["text"]) for option in options]), items_of(verdicts)


def numeric_in_words(question: Question) -> tuple[str, str]:
    """Write the unit, and the number with its explanation."""
    unit = question.get("unit", "")
    asked = f"<p>Answer in {escape(unit)}.</p>" if unit else ""
    hints = [f"{hint['value']}: {inline(hint['explanation'])}" for hint in question.get("hints", [])]
    number = f"<p>{question['answer']} {escape(unit)}. {inline(question['explanation'])}</p>"
    return asked, number + (items_of(hints) if hints else "")


def ordering_in_words(question: Question) -> tuple[str, str]:
    """Write the items as they are shown, and in order."""
    items = [inline(item) for item in question["items"]]
    answer = items_of(items, "ol") + f"<p>{inline(question['explanation'])}</p>"
    return items_of([items[position] for position in question["shown"]]), answer


def matching_in_words(question: Question) -> tuple[str, str]:
    """Write both sides apart, and paired."""
    pairs = question["pairs"]
    left = items_of([inline(pair["left"]) for pair in pairs])
    right = items_of([inline(choice) for choice in question["choices"]])
    answer = items_of([f"{inline(pair['left'])}: {inline(pair['right'])}" for pair in pairs])
    return f"{left}<p>Choose from:</p>{right}", answer + f"<p>{inline(question['explanation'])}</p>"


PARTS = {
    "single": choice_in_words,
    "multiple": choice_in_words,
    "numeric": numeric_in_words,
    "ordering": ordering_in_words,
    "matching": matching_in_words,
}
