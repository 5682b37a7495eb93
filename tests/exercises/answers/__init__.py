"""Answers that students might give, with the points that each should earn.

One module per assignment, named after it: ``BANK`` has the answers by solution cell, ``SUBMISSIONS`` lays them out as
students' work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What stands in one solution cell, and the points that it should earn.

    Attributes
    ----------
    kind : str
        What it is an example of.
    source : str
        The cell's text.
    points : mapping of grade id to number
        What the cell's tests should give; a test that is left out gives nothing. A cell of text, marked by hand, has
        none.
    says : str
        Part of what the tests must tell the student.
    """

    kind: str
    source: str
    points: Mapping[str, float] = field(default_factory=dict)
    says: str = ""


@dataclass(frozen=True)
class Submission:
    """One student's work.

    Attributes
    ----------
    student : str
    answers : mapping of grade id to Answer
        By solution cell. A cell that is left out stays as it was released and earns nothing.
    """

    student: str
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def points(self, grade_id: str) -> float:
        """Points that a test cell should give to this work."""
        return sum(answer.points.get(grade_id, 0) for answer in self.answers.values())


def laid_out(bank: Mapping[str, Sequence[Answer]]) -> tuple[Submission, ...]:
    """Lay a bank out as students' work: the first student gives the first answer to every question, and so on."""
    longest = max(map(len, bank.values()))
    return tuple(
        Submission(
            f"student-{place + 2:03}", {cell: given[place] for cell, given in bank.items() if place < len(given)}
        )
        for place in range(longest)
    )
