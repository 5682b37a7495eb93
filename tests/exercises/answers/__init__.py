"""Answers that students might give, with the points that each should earn.

One module per assignment, named after it, with a tuple ``SUBMISSIONS``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What stands in one solution cell, and the points that it should earn.

    Attributes
    ----------
    source : str
        The cell's text.
    points : mapping of grade id to number
        What the cell's tests should give. A cell of text, marked by hand, has none.
    """

    source: str
    points: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """One student's work.

    Attributes
    ----------
    kind : str
        What it is an example of.
    student : str
    answers : mapping of grade id to Answer
        By solution cell. A cell that is left out stays as it was released and earns nothing.
    """

    kind: str
    student: str
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def points(self, grade_id: str) -> float:
        """Points that a test cell should give to this work."""
        return sum(answer.points.get(grade_id, 0) for answer in self.answers.values())
