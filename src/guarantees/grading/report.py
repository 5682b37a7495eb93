"""What happened to each submission, for a terminal and for a program."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """How a submission came out. A score of 0 is a score: it stands under ``GRADED``."""

    READY = "ready"
    GRADED = "graded"
    WITHHELD = "needs review"
    REFUSED = "cannot be graded"
    FAILED = "failed"
    BUSY = "left to another run"
    WRITTEN = "feedback written"


@dataclass(frozen=True)
class Outcome:
    """One submission.

    Attributes
    ----------
    student : str
        The student's id.
    state : State
    score, max_score : float, optional
        As the gradebook has them; none if the submission could not be graded.
    withheld : tuple of str
        ``notebook/cell`` of the test cells that have no score before a human looks.
    repairs, flags : tuple of str
        What was mended; what a human should look at.
    because : str, optional
        Why there is no score.
    ask : str, optional
        What to ask the student.
    by_hand : tuple of str
        Cells that wait for a marker, as they were meant to.
    cells : mapping
        How each test cell was graded, by ``notebook/cell``.
    sandbox : str, optional
        What the code ran in; ``none`` if the instructor asked for that.
    stopped : tuple of str
        Limits at which the kernel was stopped: the cells from there on earned nothing.
    why : str, optional
        Why it was graded; none if the result is that of an earlier run, for the same work and the same tests.
    """

    student: str
    state: State
    score: float | None = None
    max_score: float | None = None
    withheld: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    because: str | None = None
    ask: str | None = None
    by_hand: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    sandbox: str | None = None
    stopped: tuple[str, ...] = ()
    why: str | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything to say about it, the gravest first."""
        because = (f"{self.because}. {self.ask or ''}".strip(),) if self.because else ()
        by_hand = (f"to be marked by hand: {', '.join(self.by_hand)}",) if self.by_hand else ()
        return (*because, *self.flags, *self.stopped, *self.repairs, *by_hand)


@dataclass(frozen=True)
class Report:
    """All submissions of an assignment.

    Attributes
    ----------
    assignment : str
    outcomes : tuple of Outcome
    """

    assignment: str
    outcomes: tuple[Outcome, ...]

    @property
    def complete(self) -> bool:
        """Whether every submission has been graded, if only for a human to look at."""
        return all(outcome.state not in (State.REFUSED, State.FAILED, State.BUSY) for outcome in self.outcomes)

    def lines(self) -> Iterator[str]:
        """Lay it out as a table, a line for each remark, totals at the end."""
        width = max((len(printable(outcome.student)) for outcome in self.outcomes), default=0)
        state_width = max((len(outcome.state) for outcome in self.outcomes), default=0)
        for outcome in sorted(self.outcomes, key=lambda outcome: outcome.student):
            score = "" if outcome.score is None else f"{outcome.score:g}/{outcome.max_score:g}"
            start = f"{printable(outcome.student):<{width}}  {outcome.state:<{state_width}}  {score:>9}  "
            remarks = [printable(remark) for remark in outcome.remarks] or [""]
            for remark in remarks:
                yield f"{start}{remark}".rstrip()
                start = " " * len(start)
        counts = Counter(outcome.state for outcome in self.outcomes)
        yield ""
        yield f"{self.assignment}: " + (
            ", ".join(f"{counts[state]} {state}" for state in State if counts[state]) or "none"
        )
        if graded := Counter(outcome.why for outcome in self.outcomes if outcome.score is not None):
            earlier = graded.pop(None, 0)
            reasons = [f"{count} graded ({why})" for why, count in graded.items()]
            yield ", ".join([*reasons, *([f"{earlier} as graded before"] if earlier else [])])
        if open_air := sum(outcome.sandbox == "none" for outcome in self.outcomes):
            yield f"{open_air} submissions ran WITHOUT A SANDBOX."

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all."""
        content = json.dumps(asdict(self), indent=1, ensure_ascii=True)
        write_whole(path, content + "\n")


def printable(text: str) -> str:
    """Escape what could move a terminal's cursor, colour it or break a line."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def describe(error: BaseException) -> str:
    """Say in a line what went wrong."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def write_whole(path: Path, content: str) -> None:
    """Write a file so that at any moment there is the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
