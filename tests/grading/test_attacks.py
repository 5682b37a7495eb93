"""Attacks on tests in the student's kernel, all graded in one run: none gains a point or touches another's result."""

import json
import sys
from dataclasses import dataclass
from typing import Any

import nbformat
import pytest

from tests.grading.attacks import ATTACKS, TABLE_ATTACKS, WITHHELD, ZERO, Attack
from tests.grading.course import (
    FULL,
    IN_KERNEL,
    NOTHING,
    STOCK_CONFIG,
    TABLE,
    TABLE_CELLS,
    UNKNOWN,
    VECTOR,
    WRONG,
    Course,
    answered,
    by_id,
    source,
)

pytestmark = pytest.mark.timeout(600)


def student(attack: Attack) -> str:
    return f"student-{ATTACKS.index(attack) + 100}"


@dataclass(frozen=True)
class Graded:
    course: Course
    outcomes: dict[str, dict[str, Any]]
    printed: str
    exit_status: int


def hand_everything_in(course: Course) -> None:
    release = course.release
    for attack in ATTACKS:
        course.hand_in(student(attack), answered(release, attack.answers))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Everyone's work, graded with ``guarantees grade``."""
    course = Course.create(tmp_path_factory.mktemp("course"), source(), IN_KERNEL)
    hand_everything_in(course)
    release = course.release
    honest = answered(release)
    course.hand_in("student-001", honest)
    course.hand_in("student-002", answered(release, WRONG))
    course.hand_in("student-003", b'{"cells": [')
    course.hand_in("student-004", release)

    twice = answered(release, WRONG)
    twice.cells.append(nbformat.from_dict(json.loads(json.dumps(by_id(twice)["square_test"]))))
    course.hand_in("student-005", twice)
    skipping = answered(release, WRONG)
    for cell in skipping.cells:
        cell.metadata["tags"] = ["skip-execution"]
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(grade=False, points=0)
    course.hand_in("student-006", skipping)
    backwards = answered(release)
    backwards.cells.reverse()
    course.hand_in("student-007", backwards)
    stripped = answered(release)
    for cell in stripped.cells:
        cell.metadata = {}
    course.hand_in("student-008", b"\xef\xbb\xbf" + json.dumps(stripped).encode())
    (course.submitted("student-009") / "ps1 final.ipynb").write_text(nbformat.writes(honest))
    (course.hand_in("student-010", honest) / "timestamp.txt").write_text("soon")
    secret = course.hand_in("student-011", honest)
    (secret / "config.py").symlink_to(course.folder / "nbgrader_config.py")
    without_test = answered(release)
    without_test.cells = [cell for cell in without_test.cells if cell.metadata.nbgrader.grade_id != "mean_test"]
    course.hand_in("student-012", without_test)
    course.hand_in("a\nb\x1b[2J", honest)
    shadowed = course.hand_in("student-013", answered(release, WRONG))
    for name in ("math.py", "unittest.py", "random.py", "sitecustomize.py", "nbgrader_config.py"):
        (shadowed / name).write_text("isclose = TestCase = lambda *a: None")

    done = course.guarantees("grade", "ps1")
    report = json.loads((course.folder / "reports" / "ps1.json").read_text())
    return Graded(course, {outcome["student"]: outcome for outcome in report["outcomes"]}, done.stdout, done.returncode)


class TestAttack:
    """One test per attack: the score is the honest one, 0, or withheld."""

    @pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
    def test_gains_nothing(self, graded: Graded, attack: Attack) -> None:
        outcome = graded.outcomes[student(attack)]
        expected = {ZERO: (NOTHING, "graded"), WITHHELD: (UNKNOWN, "needs review")}[attack.verdict]
        assert (graded.course.scores(student(attack)), outcome["state"]) == expected, outcome["flags"]

    def test_n2_n3_n5_tags_and_marks_have_no_effect(self, graded: Graded) -> None:
        assert graded.course.scores("student-006") == NOTHING
        assert graded.outcomes["student-006"]["max_score"] == sum(FULL.values()) + 5
        assert any("skip-execution" in flag for flag in graded.outcomes["student-006"]["flags"])

    def test_w4_files_that_shadow_modules(self, graded: Graded) -> None:
        assert graded.course.scores("student-013") == NOTHING

    def test_c1_symlink_is_neither_followed_nor_returned(self, graded: Graded) -> None:
        result = graded.course.folder / "autograded" / "student-011" / "ps1"
        assert [path.name for path in result.iterdir()] == ["ps1.ipynb"]
        assert graded.course.scores("student-011") == FULL


UNUSUAL = """
%matplotlib inline
import dataclasses, warnings
import matplotlib.pyplot as plt

@dataclasses.dataclass(order=True)
class Point:
    x: int = 0

class Pair:
    def __init__(self, a): self.a = a
    def __eq__(self, other): return self.a == other.a

sum = 3
pd.options.display.max_rows = 7
np.seterr(all="ignore")
warnings.simplefilter("ignore")
get_ipython().ast_node_interactivity = "all"
plt.plot([1, 2])
"""


class TestTables:
    """Attacks on numpy and pandas, and an honest student who does much that is unusual and nothing that is wrong."""

    @pytest.fixture(scope="class")
    @staticmethod
    def tables(tmp_path_factory: pytest.TempPathFactory) -> Course:
        course = Course.create(tmp_path_factory.mktemp("tables"), source(TABLE_CELLS), IN_KERNEL)
        release = course.release
        course.hand_in("student-001", answered(release, {"table": UNUSUAL + TABLE, "vector": "%%time\n" + VECTOR}))
        for number, code in enumerate(TABLE_ATTACKS.values()):
            wrong = {
                "table": f'{code}\ndef table():\n    return pd.DataFrame({{"a": [7, 7]}})',
                "vector": "def vector():\n    made = np.array([7.0, 7.0])\n"
                "    return made.view(Agreeable) if 'Agreeable' in globals() else made",
            }
            course.hand_in(f"student-{number + 100}", answered(release, wrong))
        course.guarantees("grade", "ps1")
        return course

    @pytest.mark.parametrize("name", TABLE_ATTACKS)
    def test_t2_t3_gains_nothing(self, tables: Course, name: str) -> None:
        scores = tables.scores(f"student-{list(TABLE_ATTACKS).index(name) + 100}")
        assert scores == {"table_test": None, "vector_test": None, "vector_equal": None}

    def test_unusual_but_honest_work_is_not_suspected(self, tables: Course) -> None:
        assert tables.graded("student-001").metadata.review.flags == []
        assert set(tables.scores("student-001").values()) == {1.0}


@pytest.mark.slow
class TestAttackWithoutProtection:
    """The same work with stock nbgrader: the attacks work there, or it says why not."""

    @pytest.fixture(scope="class")
    @staticmethod
    def stock(tmp_path_factory: pytest.TempPathFactory) -> Course:
        course = Course.create(tmp_path_factory.mktemp("stock"), source(), STOCK_CONFIG)
        hand_everything_in(course)
        course.run(sys.executable, "-m", "nbgrader", "autograde", "ps1", check=False)
        return course

    @pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
    def test_gains_points(self, stock: Course, attack: Attack) -> None:
        gained = sum(score or 0 for score in stock.scores(student(attack)).values())
        assert (gained > 0) == (not attack.stock), f"{gained:g} points"


class TestNothingLost:
    """Honest work keeps its score next to all this, and every fault has its line."""

    @pytest.mark.parametrize("number", ["001", "007", "008", "010", "011", "012"])
    def test_honest_work_earns_everything(self, graded: Graded, number: str) -> None:
        assert graded.course.scores(f"student-{number}") == FULL
        assert graded.outcomes[f"student-{number}"]["state"] == "graded"

    @pytest.mark.parametrize("number", ["002", "004", "005"])
    def test_wrong_and_empty_work_scores_0_which_is_a_score(self, graded: Graded, number: str) -> None:
        outcome = graded.outcomes[f"student-{number}"]
        assert (outcome["state"], outcome["score"], outcome["because"]) == ("graded", 0, None)

    @pytest.mark.parametrize(
        ("name", "reason"),
        [("student-003", "cut off"), ("student-009", "ps1 final.ipynb"), ("a\nb\x1b[2J", "no usable student id")],
    )
    def test_what_cannot_be_graded_says_why_and_what_to_ask(self, graded: Graded, name: str, reason: str) -> None:
        outcome = graded.outcomes[name]
        assert (outcome["state"], outcome["score"]) == ("cannot be graded", None)
        assert reason in outcome["because"]
        assert outcome["ask"]

    def test_f3_table_has_a_line_for_everyone_and_no_control_characters(self, graded: Graded) -> None:
        assert all(character == "\n" or character.isprintable() for character in graded.printed)
        assert "a\\nb\\x1b[2J  cannot be graded" in graded.printed
        assert len([line for line in graded.printed.splitlines() if line.startswith("student-")]) == len(ATTACKS) + 13
        assert graded.exit_status == 1

    def test_repairs_are_noted(self, graded: Graded) -> None:
        assert len(graded.outcomes["student-008"]["repairs"]) == 2
        assert "gives no date" in graded.outcomes["student-010"]["repairs"][0]

    def test_originals_are_untouched(self, graded: Graded) -> None:
        original = graded.course.folder / "submitted" / "student-008" / "ps1" / "ps1.ipynb"
        assert original.read_bytes().startswith(b"\xef\xbb\xbf")

    def test_report_says_how_each_cell_was_graded(self, graded: Graded) -> None:
        cells = graded.outcomes["student-001"]["cells"]
        assert cells == {f"ps1/{name}": "in the student's kernel, watched" for name in FULL}
        assert graded.outcomes["student-001"]["by_hand"] == ["ps1/essay"]
        assert graded.outcomes["student-001"]["sandbox"] == "bubblewrap"
