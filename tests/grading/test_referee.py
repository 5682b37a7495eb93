"""The referee: tests and expected values outside the student's kernel, plain data in between."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from traitlets.config import Config

from guarantees.grading.names import Source
from guarantees.grading.plan import Plan
from guarantees.grading.rebuild import Findings, rebuild
from guarantees.grading.release import ReleasedNotebook
from guarantees.grading.trial import _scores
from guarantees.grading.watch import REFEREED, WATCHED, Watched
from guarantees.grading.wire import Malformed, NotPlain, decode, encode, pack, unpack
from tests.grading.attacks import ATTACKS, TABLE_ATTACKS, Attack
from tests.grading.course import (
    CELLS,
    FULL,
    HIDDEN,
    HONEST,
    NOTHING,
    TABLE_CELLS,
    WRONG,
    Course,
    answered,
    by_id,
    source,
)

pytestmark = pytest.mark.timeout(300)
Cells = list[tuple[str, str, int | None, bool, str]]


def released(cells: Cells) -> ReleasedNotebook:
    """What ``nbgrader generate_assignment`` would make of cells."""
    notebook = source(cells)
    whole = {name: cell.source for name, cell in by_id(notebook).items()}
    for cell in notebook.cells:
        if cell.metadata.nbgrader.solution:
            cell.source = "raise NotImplementedError"
        cell.source = re.sub("### BEGIN HIDDEN TESTS.*### END HIDDEN TESTS", "", cell.source, flags=re.DOTALL)
    return ReleasedNotebook("ps1", notebook, whole, digest="")


@dataclass(frozen=True)
class Graded:
    notebook: NotebookNode

    @property
    def scores(self) -> dict[str, float | None]:
        withheld = self.notebook.metadata.review.withheld
        return {name: None if name in withheld else score for name, score in _scores(self.notebook).items()}

    @property
    def flags(self) -> str:
        return "\n".join(self.notebook.metadata.review.flags)

    def said(self, name: str) -> str:
        """What went wrong in a cell."""
        return "\n".join(
            f"{output.ename}: {output.evalue}"
            for output in by_id(self.notebook)[name].outputs
            if output.output_type == "error"
        )


def grade(
    folder: Path,
    cells: Cells,
    answers: Mapping[str, str],
    kernel: tuple[str, ...] = (),
    plan: Plan | None = None,
    **settings: Any,
) -> Graded:
    """Grade answers with every test refereed but those named."""
    release = released(cells)
    plan = plan or Plan.of(release)
    notebook = rebuild(nbformat.writes(answered(release.notebook, answers)), release, Findings())
    for name, text in release.whole.items():
        if not by_id(notebook)[name].metadata.nbgrader.solution:
            by_id(notebook)[name].source = text
    plan = replace(plan, refereed=plan.refereed - set(kernel))
    Watched(config=Config(Watched=settings), plan=plan).preprocess(notebook, {"metadata": {"path": str(folder)}})
    return Graded(notebook)


ATOMS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary()
    | st.dates() | st.datetimes() | st.timedeltas()
)  # fmt: skip
KEYS = st.booleans() | st.integers() | st.text() | st.tuples(st.integers(), st.text())
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner) | st.frozensets(KEYS),
    max_leaves=12,
)


class TestWire:
    """What crosses is plain data, exactly."""

    @given(VALUES)
    def test_comes_back_as_it_was(self, value: object) -> None:
        sent = encode(value)
        back = decode(json.loads(json.dumps(sent)))
        assert repr(encode(back)) == repr(sent)
        assert type(back) is type(value)
        assert back == value or "nan" in repr(value).lower()

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"], ordered=True)}),
            pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.to_datetime(["2022-02-24", None])}),
            pd.DataFrame({"a": pd.date_range("2022", periods=2, tz="Europe/Kyiv"), "b": [[1], {"k": {2}}]}),
            pd.DataFrame(
                {"a": [np.nan, -0.0]}, index=pd.MultiIndex.from_tuples([(1, "x"), (2, "y")], names=["n", None])
            ),
            pd.DataFrame([[1, True]], columns=["same", "same"], index=pd.Index(["row"], name="of")),
            pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=["x", "y"]).T,
            pd.DataFrame({"a": ["x", "y"], "b": [None, ("z",)]}, dtype=object),
            pd.DataFrame({"a": pd.Series(["x", "y"], dtype=object), "b": [1, 2]}),
            pd.DataFrame({"a": pd.to_datetime(["2022-02-24", None])}),
            pd.DataFrame({"a": np.array([], dtype="int8")}),
            pd.DataFrame(index=["x"]),
            pd.DataFrame(),
        ],
        ids=[
            "texts",
            "missing",
            "zoned",
            "levels",
            "twins",
            "alike",
            "objects",
            "odd",
            "days",
            "rowless",
            "bare",
            "empty",
        ],
    )
    def test_tables_keep_types_names_and_gaps(self, frame: pd.DataFrame) -> None:
        sent = encode(frame)
        back = decode(json.loads(json.dumps(sent)))
        pd.testing.assert_frame_equal(back, frame)
        assert repr(encode(back)) == repr(sent)

    @pytest.mark.parametrize(
        "value", [np.float64(2.5), np.int8(3), np.bool_(True), np.str_("a"), np.datetime64("2022-02-24"), pd.NA, pd.NaT]
    )
    def test_scalars_keep_their_type(self, value: object) -> None:
        assert repr(decode(encode(value))) == repr(value)

    def test_a_subclass_arrives_as_what_it_is_underneath(self) -> None:
        class Yes(int):
            def __eq__(self, other: object) -> bool:
                return True

            __hash__ = int.__hash__

        class Agreeable(np.ndarray):
            pass

        assert (type(decode(encode(Yes(3)))), decode(encode(Yes(3))) == 4) == (int, False)
        assert type(decode(encode(np.ones(2).view(Agreeable)))) is np.ndarray

    @pytest.mark.parametrize(
        "value",
        [object(), len, lambda: 0, pd, int, iter([]), np.ma.array([1]), 10**5000],
        ids=lambda value: type(value).__name__,
    )
    def test_what_is_not_plain_is_named_and_stays(self, value: object) -> None:
        with pytest.raises(NotPlain):
            encode([value])

    def test_what_has_no_end_stays(self) -> None:
        endless: list[Any] = []
        endless.append(endless)
        for value in (endless, (n for n in iter(int, 1))):
            with pytest.raises(NotPlain, match="too large"):
                encode(value, lazily=True)

    @pytest.mark.parametrize(
        "message",
        [
            {}, [], ["eval", "1"], ["list"], ["list", "ab"], [["list", []]], ["dict", [[["list", []], 1]]],
            ["dict", [[1]]],
            ["array", "O", [1], "AAAAAAAAAAA="], ["array", "<i8", [2], "AAAAAAAAAAA="], ["array", "<i8", [-1], ""],
            ["array", "|b1", [1], "Bw=="], ["array", "<U9", [0], ""], ["texts", "<U999999", [2], ["", 1]],
            ["texts", "<U99999", [200], [""] * 200], ["objects", [2], []], ["scalar", ["list", []]],
            ["range", 1, True, 1],
            ["NA", "x"], ["bytes", "ä"], ["typed", "object", []], ["frame", ["list", []], 1, []], ["datetime", "soon"],
            ["Timestamp", "x", "ns", None], ["rangeindex", 0, "1", 1, None],
            ["category", ["array", "|i1", [1], "CQ=="], ["rangeindex", 0, 1, 1, None], True], ["complex", 1, "2"],
            ["table", ["rangeindex", 0, 1, 1, None], ["rangeindex", 0, 1, 1, None], ["array", "<i2", [1], "AAA="]],
            ["table", ["rangeindex", 0, 2, 1, None], ["rangeindex", 0, 1, 1, None], ["objects", [1, 1], [1]]],
            ["table", ["rangeindex", 0, 1, 1, None], ["rangeindex", 0, 1, 1, None], ["list", [1]]],
        ],
    )  # fmt: skip
    def test_hostile_messages_are_refused(self, message: object) -> None:
        with pytest.raises(Malformed):
            decode(message)

    @pytest.mark.parametrize(
        "value",
        [
            {"a": (1, None), "b": {2.5, "x"}},
            np.arange(6.0).reshape(2, 3),
            pd.Series([1, 2], index=["x", "y"], name="n"),
            pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"]), "d": [np.nan, -0.0]}),
            pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.to_datetime(["2022-02-24", None])}),
            pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, "x")])),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_what_the_referee_gives_may_be_packed(self, value: object) -> None:
        packed = pack([value, value])
        assert packed is not None
        one, other = unpack(packed)
        assert one is other
        assert (type(one), repr(encode(one))) == (type(value), repr(encode(value)))

    @pytest.mark.parametrize(
        "value",
        [object(), len, lambda: 0, pd, int, iter([]), Source, Config(), {"in": pd.Series([len])}],
        ids=lambda value: type(value).__name__,
    )
    def test_what_is_someone_else_s_is_not_packed(self, value: object) -> None:
        assert pack([value]) is None

    def test_depth_is_bounded(self) -> None:
        deep: Any = 1
        for _ in range(100):
            deep = ["list", [deep]]
        with pytest.raises(Malformed):
            decode(deep)


@dataclass(frozen=True)
class Case:
    """An answer and its test: earns the point, or nothing, or is left to a human."""

    name: str
    answer: str
    test: str
    score: float | None
    said: str = ""


EQUAL = "    def __eq__(self, other): return True\n"
CASES = [
    Case("change_of_an_argument_is_seen", "def f(x): x.sort()", "data = [2, 1]\nf(data)\nassert data == [2, 1]", 0),
    Case("change_inside_is_seen", "def f(x): x['a'][0] += 1", "row = [1]\nf({'a': row})\nassert row == [1]", 0),
    Case("change_is_made_in_place", "def f(x): x.append(3)", "data = same = [1]\nf(data)\nassert same == [1, 3]", 1),
    Case("change_of_a_table", "def f(x): x['b'] = 1", "t = pd.DataFrame({'a': [1]})\nf(t)\nassert list(t) == ['a']", 0),
    Case("change_of_an_array", "def f(x): x *= 2", "v = np.arange(3.0)\nf(v)\nassert v.tolist() == [0, 1, 2]", 0),
    Case("sets_do_not_change_by_crossing", "def f(x): return len(x)", "assert f({'c', 'a', 'b'}) == 3", 1),
    Case("the_same_list_is_the_same", "def f(x): return x", "data = [1]\nsame = f(data) is data\nassert not same", 0),
    Case("exception", "def f(_): raise ValueError('a')", "try: f(1)\nexcept ValueError as e: assert str(e) == 'a'", 1),
    Case(
        "exception_of_a_class_of_ones_own",
        "class Odd(KeyError): pass\ndef f(x): raise Odd('no')",
        "try: f(1)\nexcept LookupError as error: assert type(error).__name__ == 'Odd'",
        1,
    ),
    Case("another_exception", "def f(x): raise TypeError", "try: f(1)\nexcept ValueError: pass", 0, "TypeError"),
    Case("exit", "def f(x): raise SystemExit", "f(1)", 0, "SystemExit"),
    Case("nan", "def f(): return float('nan')", "assert math.isnan(f())", 1),
    Case("negative_zero", "def f(): return -0.0", "assert math.copysign(1, f()) == -1", 1),
    Case("a_truth_value_is_no_number", "def f(): return True", "assert type(f()) is int", 0),
    Case("a_list_is_no_tuple", "def f(): return [1]", "assert f() == (1,)", 0),
    Case("text_like_numbers", "def f(): return '4'", "assert f() == 4", 0),
    Case("a_huge_number", "def f(n): return 7 ** n", "assert f(900) == 7 ** 900", 1),
    Case("one_list_given_twice", "def f(a, b): a.append(1); return len(b)", "data = []\nassert f(data, data) == 1", 1),
    Case("a_date", "def f(d): return d.year", "import datetime\nassert f(datetime.date(2022, 2, 24)) == 2022", 1),
    Case(
        "change_beside_a_date",
        "def f(x): x[1] = 1",
        "import datetime\nrow = [datetime.date(2022, 2, 24), 0]\nf(row)\nassert row[1] == 0, 'changed'",
        0,
        "changed",
    ),
    Case("given_to_another", "def f(g): pass\ndef g(): pass", "f([g])", None, "gives f no plain data"),
    Case("a_generator", "def f(n):\n    for i in range(n): yield i", "assert list(f(3)) == [0, 1, 2]", 1),
    Case("keywords", "def f(a, *, b): return a - b", "assert f(3, b=1) == 2", 1),
    Case("a_table", "def f(): return pd.DataFrame({'a': [1, None]})", "assert_frame_equal(f(), TABLE)", 1),
    Case("a_wrong_table", "def f(): return pd.DataFrame({'a': [1, 0]})", "assert_frame_equal(f(), TABLE)", 0),
    Case("a_value", "x = {'a': (1, 2)}", "assert x == {'a': (1, 2)}", 1),
    Case("no_such_name", "pass", "undefined_name", 0, "NameError"),
    Case("part_marks", "def f(): return 1", "(f() + f()) / 4", 0.5),
    Case("equal_to_all", f"class Yes:\n{EQUAL}def f(): return Yes()", "assert f() == 3", None),
    Case("a_number_equal_to_all", f"class Yes(int):\n{EQUAL}def f(): return Yes()", "assert f() == 3", 0),
    Case("a_function_for_a_list", "def f(): pass", "assert type(f) is list, type(f).__name__", 0, "function"),
    Case("stolen_fails", "def f(): 1 / 0", "f()\nwanted = 9", 0, "ZeroDivisionError"),
    Case("stolen_expectation", "wanted = 7\ndef f(): return 7", "assert f() == wanted", 0, "NameError"),
    Case("looked_into", "def f(): pass", "assert not hasattr(f, 'cheat')", None, "looks into f"),
    Case("swallowed", "def f(): return object", "try: f() == 3\nexcept BaseException: pass", None),
    Case("a_huge_reply", "def f(): return 'x' * (9 << 20)", "assert len(f()) > 9", None),
    Case("endless", "def f():\n  while True: pass", "f()", 0, "CellTimeoutError"),
    Case("after_that", "def f(): return 1", "assert f() == 1", 1),
    Case(
        "something_else_answers",
        """
        import sys
        def f(): return 3
        envoy = next(m for m in list(sys.modules.values()) if hasattr(m, "serve") and hasattr(m, "_answer"))
        true, envoy._answer = envoy._answer, lambda request, names: {"value": ["scalar", 3]}
        """,
        "assert f() == 3",
        None,
    ),
    Case(
        "an_earlier_question_is_answered",
        "def f(): return 3\nenvoy._answer = lambda request, names: {'number': 1, 'value': 3}",
        "assert f() == 3",
        None,
    ),
    Case(
        "a_pickled_answer_is_none",
        "def f(): return 3\nfrom guarantees.grading.wire import pack\n"
        "envoy._answer = lambda request, names: {'packed': pack([3])}",
        "assert f() == 3",
        None,
    ),
    Case("kernel_killed", "envoy._answer = true\nimport os\ndef f(): os._exit(0)", "f()", 0, "KernelDied"),
    Case("after_its_death", "def f(): return 1", "assert f() == 1", 0, "NotRun"),
]  # fmt: skip
SETUP = """
import math
import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal
TABLE = pd.DataFrame({'a': [1, None]})
"""


class TestCalls:
    """One notebook with a question for each case."""

    @pytest.fixture(scope="class")
    @staticmethod
    def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
        cells: Cells = [("setup", "code", None, False, SETUP)]
        for case in CASES:
            cells.append((case.name, "code", None, True, ""))
            cells.append((f"{case.name}_test", "code", 1, False, case.test))
        answers = {case.name: dedent(case.answer) for case in CASES}
        return grade(tmp_path_factory.mktemp("calls"), cells, answers, timeout=2)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_earns_what_it_should(self, graded: Graded, case: Case) -> None:
        name = f"{case.name}_test"
        assert graded.notebook.metadata.review.cells[name] == REFEREED
        assert graded.scores[name] == case.score, graded.said(name) + graded.flags
        assert case.said in graded.said(name) + graded.flags


TOGETHER: Cells = [
    ("f", "code", None, True, ""),
    *((f"t{n}", "code", 1, False, f"assert f({n}) == {n}") for n in (1, 2, 3)),
]


class TestTogether:
    """Tests with no cell of the student's between them are judged in one request; none pays for another."""

    @pytest.mark.parametrize(
        ("at_two", "scores", "said"),
        [
            ("while True: pass", (1, 0, 1), ("", "CellTimeoutError", "")),
            ("while time.sleep(0.01) is None: print('x' * 100_000)", (1, 0, 1), ("", "OutputLimit", "")),
            ("return object()", (1, None, 1), ("", "Undecidable", "")),
            ("import os; os._exit(0)", (1, 0, 0), ("", "KernelDied", "NotRun")),
        ],
        ids=["endless", "loud", "undecidable", "killed"],
    )
    def test_what_one_does_costs_no_other(
        self, tmp_path: Path, at_two: str, scores: tuple[float | None], said: tuple[str]
    ) -> None:
        answer = f"import time\ndef f(x):\n    if x == 2:\n        {at_two}\n    return x"
        graded = grade(tmp_path, TOGETHER, {"f": answer}, timeout=1 if "CellTimeoutError" in said else 30)
        assert tuple(graded.scores.values()) == scores, graded.flags
        for name, what in zip(("t1", "t2", "t3"), said, strict=True):
            assert graded.said(name).split(":")[0] == what
        assert graded.notebook.metadata.grading.timeouts == ([2] if "CellTimeoutError" in said else [])
        assert (graded.notebook.metadata.grading.stopped or {}).get("cell") == (2 if "KernelDied" in said else None)

    @pytest.mark.parametrize(("shown", "requests"), [("", 1), ("\nprint('x' * 400_000)", 3)], ids=["little", "much"])
    def test_one_request_does_unless_much_is_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str, requests: int
    ) -> None:
        asked: list[Mapping[str, Any]] = []
        perform = Watched.perform

        def watched(
            self: Watched, cell: NotebookNode, index: int, request: Mapping[str, Any], *a: Any, **k: Any
        ) -> None:
            asked.append(request)
            perform(self, cell, index, request, *a, **k)

        monkeypatch.setattr(Watched, "perform", watched)
        cells: Cells = [
            (name, kind, points, answer, text and text + shown) for name, kind, points, answer, text in TOGETHER
        ]
        graded = grade(tmp_path, cells, {"f": "def f(x):\n    print('called')\n    return x"})
        assert tuple(graded.scores.values()) == (1, 1, 1)
        assert asked.count({"serve": True}) == requests
        assert by_id(graded.notebook)["t1"].outputs[0].text.count("called") == (3 if requests == 1 else 1)

    def test_the_student_s_cell_between_is_run_between(self, tmp_path: Path) -> None:
        cells = [*TOGETHER[:2], ("g", "code", None, True, ""), *TOGETHER[2:]]
        unseen = "unseen = not any('serve' in text for text in In[:-1])"
        answers = {"f": "def f(x): return 1", "g": f"{unseen}\ndef f(x): return x if unseen else 0"}
        assert grade(tmp_path, cells, answers).scores == {"t1": 1, "t2": 1, "t3": 1}


SEARCH = r"""
import gc, re
def search(_):
    found = 0
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            area = re.match(r"(\w+)-(\w+) rw", line)
            if area:
                start, end = (int(number, 16) for number in area.groups())
                memory.seek(start)
                found += len(re.findall(rb"canary-[4]2", memory.read(end - start)))
    return found + sum("canary-4" in repr(o)[:10_000] and "2" in o for o in gc.get_objects() if isinstance(o, str))
"""


SEARCHED: Cells = [
    ("search", "code", None, True, ""),
    (
        "search_test",
        "code",
        1,
        False,
        "result = search(1)" + HIDDEN.format("secret = 'canary-42'\nassert result == 0"),
    ),
]


class TestSecrets:
    """What a hidden test says is nowhere in the student's kernel."""

    @pytest.mark.parametrize(("kernel", "score"), [((), 1), (("search_test",), 0)], ids=["refereed", "in the kernel"])
    def test_memory_holds_no_text_of_it(self, tmp_path: Path, kernel: tuple[str, ...], score: float) -> None:
        graded = grade(tmp_path, SEARCHED, {"search": SEARCH}, kernel)
        assert _scores(graded.notebook) == {"search_test": score}, graded.flags


QUICK = [
    "equal_to_everything_as_a_number",
    "patched_builtin",
    "input_transformer",
    "patched_do_execute",
    "reads_the_frame",
]


class TestAttacks:
    """Attacks on tests in the student's kernel meet none there: they are wrong answers, or no plain data."""

    @pytest.mark.parametrize(
        "attack",
        [attack if attack.name in QUICK else pytest.param(attack, marks=pytest.mark.slow) for attack in ATTACKS],
        ids=lambda attack: attack.name,
    )
    def test_gains_nothing(self, tmp_path: Path, attack: Attack) -> None:
        graded = grade(tmp_path, CELLS, attack.answers)
        assert set(graded.notebook.metadata.review.cells.values()) == {REFEREED}
        if graded.flags:
            assert not any(graded.scores.values())
            assert "no plain data" in graded.flags or "transformer" in attack.name
        else:
            assert graded.scores == NOTHING

    @pytest.mark.parametrize("code", TABLE_ATTACKS.values(), ids=TABLE_ATTACKS.keys())
    def test_patched_libraries_judge_nothing(self, tmp_path: Path, code: str) -> None:
        wrong = {
            "table": f'import numpy as np\n{code}\ndef table():\n    return pd.DataFrame({{"a": [7, 7]}})',
            "vector": "def vector():\n    made = np.array([7.0, 7.0])\n"
            "    return made.view(Agreeable) if 'Agreeable' in globals() else made",
        }
        graded = grade(tmp_path, TABLE_CELLS, wrong)
        assert (set(graded.scores.values()), graded.flags) == ({0}, "")

    def test_in_a_mixed_notebook_what_was_patched_costs_the_watched_cells_alone(self, tmp_path: Path) -> None:
        answers = {
            "square": "import math\nmath.isclose = lambda *a, **k: True\n" + HONEST["square"],
            "mean": HONEST["mean"],
        }
        graded = grade(tmp_path, CELLS, answers, kernel=("square_close",))
        assert graded.scores == FULL | {"square_close": None}
        assert graded.notebook.metadata.review.cells == {
            name: WATCHED if name == "square_close" else REFEREED for name in FULL
        }

    def test_what_a_test_brings_in_is_there_for_those_who_rely_on_it(self, tmp_path: Path) -> None:
        cells: Cells = [
            ("first", "code", None, True, ""),
            ("first_test", "code", 1, False, "import statistics\nassert first" + HIDDEN.format("secret = 4")),
            ("second", "code", None, True, ""),
            ("second_test", "code", 1, False, "assert second == 2"),
        ]
        answers = {"first": "first = True", "second": "second = statistics.mean([1, 3])"}
        assert grade(tmp_path, cells, answers).scores == {"first_test": 1, "second_test": 1}
        spying = {"first": "first = True", "second": "statistics\nsecond = 2 if 'secret' not in globals() else 0"}
        assert grade(tmp_path, cells, spying).scores == {"first_test": 1, "second_test": 1}

    def test_nobody_relies_on_a_test_for_names_of_his_own_function(self) -> None:
        cells: Cells = [("t", "code", 1, False, "for row, by in [(1, 'a')]: assert f(row, by)")]
        plan = Plan.of(released(cells))
        assert plan.missed_without([Source.of("def f(row, key):\n    by = key\n    return row, by")]) == {}
        assert plan.missed_without([Source.of("def f(row, key):\n    return row, by")]).keys() == {"t"}


class TestFailure:
    """What goes wrong on our side costs nobody a point, and gives none."""

    @pytest.mark.parametrize(
        "test",
        [
            "import ctypes\nctypes.string_at(0)",
            pytest.param("while True: pass", marks=pytest.mark.slow),
            "import os as o\no._exit(0)",
        ],
        ids=["crash", "endless", "exit"],
    )
    def test_of_the_referee_leaves_the_score_to_a_human(self, tmp_path: Path, test: str) -> None:
        cells: Cells = [
            ("answer", "code", None, True, ""),
            ("broken", "code", 1, False, test),
            ("after", "code", 1, False, "assert answer == 1"),
        ]
        plan = replace(Plan.of(released(cells)), refereed=frozenset({"broken", "after"}))
        graded = grade(tmp_path, cells, {"answer": "answer = 1"}, plan=plan, timeout=1, iopub_timeout=1)
        assert graded.scores == {"broken": None, "after": None}
        assert "the referee did not come to a result" in graded.flags

    def test_of_a_referee_that_does_not_start(self, tmp_path: Path) -> None:
        cells: Cells = [
            ("setup", "code", None, False, "import threading\nthreading.Thread(target=threading.Event().wait).start()"),
            ("t", "code", 1, False, "assert True"),
        ]
        graded = grade(tmp_path, cells, {}, timeout=5)
        assert graded.scores == {"t": None}
        assert "the referee does not run" in graded.flags


class TestPlan:
    @pytest.mark.parametrize(
        "test",
        [
            "import contextlib as c\nwith c.redirect_stdout(stream): square(1)\nassert not stream.getvalue()",
            "assert 'for' not in In[-2]",
            "data = [1]\nassert square(data) is not data",
            "import inspect\nassert inspect.getsource(square)",
            "import math\nmath.sqrt = None\nassert square(2) == 4",
            "del square\nassert cube(2) == 8",
            "FACTOR = 3\nassert cube(2) == 24",
        ],
    )
    def test_leaves_to_the_kernel_what_has_no_meaning_elsewhere(self, test: str) -> None:
        solution = "def square(x): return x * x\ndef cube(x): return square(x) * x * FACTOR\nFACTOR = 1"
        cells: Cells = [("square", "code", None, True, ""), ("t", "code", 1, False, test)]
        assert Plan.of(released(cells), [solution]).refereed == set()

    def test_does_not_mind_names_that_mean_nothing_to_the_answers(self) -> None:
        cells: Cells = [
            ("setup", "code", None, False, "import numpy as np\nfor x in (1, 2): print(x)"),
            ("square", "code", None, True, ""),
            (
                "t",
                "code",
                1,
                False,
                "for x in (1, 2):\n    expected = x * x\n    assert square(x) == expected is not None",
            ),
        ]
        assert Plan.of(released(cells), ["def square(x):\n    expected = x * x\n    return expected"]).refereed == {"t"}

    def test_what_both_sides_set_is_taken_from_neither(self) -> None:
        cells: Cells = [
            ("setup", "code", None, False, "answer = 42\ndef check(): assert answer == 42"),
            ("work", "code", None, True, ""),
            ("direct", "code", 1, False, "assert answer == 42"),
            ("by_helper", "code", 1, False, "check()"),
            ("first", "code", 1, False, "wanted = 9"),
            ("second", "code", 1, False, "assert square(3) == wanted"),
        ]
        solution = "answer, wanted = 42, 9\ndef square(x): return x * x"
        assert Plan.of(released(cells), [solution]).refereed == set()

    def test_a_function_of_the_students_is_not_the_built_in_of_its_name(self, tmp_path: Path) -> None:
        cells: Cells = [
            ("setup", "code", None, False, "from math import *"),
            ("own", "code", None, True, ""),
            ("built_in", "code", 1, False, "assert max([1, 2]) == 2"),
            ("imported", "code", 1, False, "assert sqrt(4) == 2"),
        ]
        solution = "def max(values): return sorted(values)[-1]\ndef sqrt(x): return x**0.5"
        plan = Plan.of(released(cells), [solution])
        assert plan.refereed == {"imported"}
        assert grade(tmp_path, cells, {"own": solution}, plan=plan).scores["imported"] == 1
        assert grade(tmp_path, cells, {"own": "def sqrt(x): return 7"}, plan=plan).scores["imported"] == 0

    def test_tests_that_share_names_are_judged_in_one_place(self) -> None:
        cells: Cells = [
            ("a", "code", 1, False, "tried = [square(n) for n in (1, 2)]\nimport inspect\ninspect.getsource(square)"),
            ("b", "code", 1, False, "assert tried == [1, 4]"),
            ("c", "code", 1, False, "assert square(3) == 9"),
        ]
        assert Plan.of(released(cells)).refereed == {"c"}


EXTRA: Cells = [
    ("power", "code", None, True, "### BEGIN SOLUTION\ndef power(n):\n    return lambda x: x**n\n### END SOLUTION"),
    ("power_test", "code", 1, False, "assert power(2)(3) == 9"),
    ("free", "code", 1, False, "assert True"),
]


class TestCourse:
    """With nbgrader: what the trial leaves to the referee, and what it does not."""

    @pytest.fixture(scope="class")
    @staticmethod
    def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
        course = Course.create(tmp_path_factory.mktemp("course"), source(CELLS + EXTRA))
        power = {"power": "def power(n):\n    return lambda x: x**n"}
        course.hand_in("student-001", answered(course.release, HONEST | power))
        course.hand_in("student-002", answered(course.release, WRONG | power))
        course.guarantees("grade", "ps1")
        return course

    def test_scores(self, course: Course) -> None:
        extra = {"power_test": 1.0, "free": 1.0}
        assert course.scores("student-001") == FULL | extra
        assert course.scores("student-002") == NOTHING | extra

    def test_report_says_who_judged(self, course: Course) -> None:
        outcome = json.loads((course.folder / "reports" / "ps1.json").read_text())["outcomes"][0]
        expected = dict.fromkeys([*FULL, "free"], REFEREED) | {"power_test": WATCHED}
        assert outcome["cells"] == {f"ps1/{name}": how for name, how in expected.items()}

    def test_trial_is_remembered(self, course: Course) -> None:
        (kept,) = json.loads((course.folder / ".grading" / "ps1.referee.json").read_text()).values()
        assert kept == sorted([*FULL, "free"])
