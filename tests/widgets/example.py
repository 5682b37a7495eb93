"""A quiz with one question of each kind."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "title": "Check <yourself>",
    "questions": [
        {
            "id": "binding",
            "kind": "single",
            "prompt": "Which is *binding* in `law`?",
            "options": [
                {"text": "A treaty", "correct": True, "explanation": "Ratified."},
                {"text": "A <b>speech</b>", "explanation": "Words & no more."},
            ],
        },
        {
            "id": "several",
            "kind": "multiple",
            "prompt": "Which two?",
            "options": [
                {"text": "One", "correct": True, "explanation": "Yes, one."},
                {"text": "Two", "correct": True, "explanation": "Yes, two."},
                {"text": "Three", "correct": False, "explanation": "Not three."},
            ],
        },
        {
            "id": "total",
            "kind": "numeric",
            "prompt": "How much?",
            "answer": 38,
            "tolerance": 0.5,
            "unit": "billion US dollars",
            "explanation": "It includes the five.",
            "hints": [{"value": 43, "explanation": "That adds the five twice."}],
        },
        {
            "id": "sequence",
            "kind": "ordering",
            "prompt": "In which order?",
            "items": ["first", "second", "third", "fourth"],
            "explanation": "By date.",
        },
        {
            "id": "pairs",
            "kind": "matching",
            "prompt": "Which belongs to which?",
            "pairs": [{"left": "a", "right": "A"}, {"left": "b", "right": "B"}, {"left": "c", "right": "C"}],
            "explanation": "By size.",
        },
    ],
}
