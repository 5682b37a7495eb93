"""Mutation testing of the reference solutions: whoever slips a little loses a point."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.exercises.answers import Answer, Submission
from tests.exercises.mutants import mutants
from tests.exercises.run import drawn_for, handed_in, outcomes
from tests.exercises.submissions import ASSIGNMENTS, reference

SECONDS = 20

# Slips that make no difference. Most move a value that lies on a bound, where rounding decides the side in any case.
HARMLESS = {
    "if abs(everything - total) < 0.05:  # abs(everything - total) < 0.05 -> abs(everything - total) <= 0.05",
    "if abs(everything - parts[part] - total) < 0.05:"
    "  # abs(everything - parts[part] - total) < 0.05 -> abs(everything - parts[part] - total) <= 0.05",
    'return "agree" if abs(one - two) <= 0.02 * max(one, two) else "disagree"'
    "  # abs(one - two) <= 0.02 * max(one, two) -> abs(one - two) < 0.02 * max(one, two)",
    "while high - low > 1e-6:  # high - low > 1e-06 -> high - low >= 1e-06",
    "sinks = gain[\"peace\"] < -1e-6  # gain['peace'] < -1e-06 -> gain['peace'] <= -1e-06",
    'ties = gain["fights"] - gain["abandons"] > 1e-6'
    "  # gain['fights'] - gain['abandons'] > 1e-06 -> gain['fights'] - gain['abandons'] >= 1e-06",
    "return sorted((loss for loss in losses if loss[2] > 1e-9), key=lambda loss: -loss[2])"
    "  # loss[2] > 1e-09 -> loss[2] >= 1e-09",
    "if abs(slope) < 1e-12:  # abs(slope) < 1e-12 -> abs(slope) <= 1e-12",
    # Dividing by nought gives no weight from 0 to 1 either.
    "if abs(slope) < 1e-12:  # 1e-12 -> -0.999999999999",
}


class TookTooLong(BaseException):
    """The slip made a loop without end. Not an Exception, so that no cell's failure hides it."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def functions(assignment: str) -> dict[str, str]:
    """The solutions that are functions; where a list or a choice is asked, the answer bank has the slips."""
    answers = reference(assignment).answers
    return {cell: answer.source for cell, answer in answers.items() if answer.points and "def " in answer.source}


def noticed(assignment: str, cell: str, mutant: str) -> bool:
    """Whether the mutant loses points in some variant of the questions."""
    answers = reference(assignment).answers
    points = answers[cell].points
    work = Submission("student-001", {**answers, cell: Answer("mutant", mutant, points)})
    for variant in range(4):
        try:
            with at_most(SECONDS):
                found = outcomes(drawn_for(handed_in(assignment, work), variant, seed=variant))
        except (TookTooLong, ValueError):
            return True
        if any(found[name].points != full for name, full in points.items()):
            return True
    return False


# The alarm is ours, so pytest-timeout must not set its own.
@pytest.mark.timeout(0)
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_slip_is_noticed_or_makes_no_difference(assignment: str) -> None:
    slips = [(cell, *slip) for cell, solution in functions(assignment).items() for slip in mutants(solution)]
    survived = {change for cell, change, mutant in slips if not noticed(assignment, cell, mutant)}
    assert len(slips) >= 20
    assert survived <= HARMLESS
