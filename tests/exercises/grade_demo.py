"""Grade a handful of generated submissions with stock nbgrader and print their scores: ``make grade-demo``."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.exercises.answers import Submission
from tests.exercises.cycle import Course, Mark, NbgraderFailed
from tests.exercises.submissions import EXERCISES, everyone, max_points

ASSIGNMENT = "ps1_reading_guarantees"
HANDFUL = 6
KEPT = EXERCISES.parent / "_build" / "grade-demo"


def question(grade_id: str) -> str:
    return grade_id.split("_")[0]


def score(marks: Mapping[str, Mark], name: str) -> str:
    """Write out the score of one question, or that it waits for a marker."""
    mine = [mark for grade_id, mark in marks.items() if question(grade_id) == name]
    return "by hand" if any(mark.by_hand for mark in mine) else f"{sum(mark.points for mark in mine):g}"


def table(submissions: Sequence[Submission], marks: Mapping[str, Mapping[str, Mark]]) -> Iterator[str]:
    """Lay the scores out: a row for each submission, a column for each question."""
    full = max_points(ASSIGNMENT)
    names = list(dict.fromkeys(map(question, full)))
    heads = [f"{name} /{sum(points for cell, points in full.items() if question(cell) == name):g}" for name in names]
    columns = "".join(f"{head:>9}" for head in heads)
    yield f"{'student':<13}{columns}{'total':>9} /{sum(full.values()):g}"
    for submission in submissions:
        mine = marks[submission.student]
        cells = "".join(f"{score(mine, name):>9}" for name in names)
        total = sum(mark.points for mark in mine.values())
        yield f"{submission.student:<13}{cells}{total:>9g}"


def surprises(submissions: Sequence[Submission], marks: Mapping[str, Mapping[str, Mark]]) -> Iterator[str]:
    """Name each cell whose score is not the one that the answer bank expects."""
    for submission in submissions:
        for grade_id, mark in marks[submission.student].items():
            expected = submission.points(grade_id)
            if mark.points != expected:
                yield f"{submission.student}, {grade_id}: {mark.points:g} points where {expected:g} were expected"


def main() -> int:
    """Run the cycle; 1 if nbgrader fails or a score is not the expected one."""
    start = time.monotonic()
    *some, blank = everyone(ASSIGNMENT)
    submissions = [*some[:HANDFUL], blank]

    def progress(step: str) -> None:
        print(f"{time.monotonic() - start:4.0f} s  {step}", flush=True)

    with tempfile.TemporaryDirectory(prefix="grade-demo-") as scratch:
        course = Course.copy(Path(scratch))
        try:
            course.grade(ASSIGNMENT, submissions, progress)
            course.give_back(ASSIGNMENT, on_step=progress)
        except NbgraderFailed as failure:
            print(failure, file=sys.stderr)
            return 1
        marks = course.marks(ASSIGNMENT)
        shutil.rmtree(KEPT, ignore_errors=True)
        shutil.copytree(course.folder / "feedback", KEPT / "feedback")
        shutil.copy(course.folder / "grades.csv", KEPT)

    print("", *table(submissions, marks), "", sep="\n")
    print(f"Feedback: {os.path.relpath(KEPT)}/feedback/<student>/{ASSIGNMENT}/{ASSIGNMENT}.html")
    print(f"Scores:   {os.path.relpath(KEPT)}/grades.csv")
    faults = list(surprises(submissions, marks))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
