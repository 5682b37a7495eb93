"""Two ways to test: by a referee outside the student's kernel, and in that kernel, watched.

**By a referee**, wherever a test calls functions or reads variables that take and give plain data. The test cell, its
expected values and the verdict live in a process of their own (:mod:`guarantees.grading.referee`), in a box of its own.
What it needs of the student's it asks of an envoy in the student's kernel (:mod:`guarantees.grading.envoy`), and only
plain data comes back (:mod:`guarantees.grading.wire`). Nothing that the student's code does to its own process touches
the verdict: it can answer well or badly. It learns what it is called with, never what is expected. Which tests can be
judged so is found out with the instructor's own solutions (:mod:`guarantees.grading.trial`), never from a submission: a
submission that gives no plain data where the solution did has that test's score withheld. Tests that follow one another
with no cell of the student's between are judged in one request to the kernel; what the student's code prints meanwhile
is shown at the first of them. Where one of them runs into a limit, each is judged in a request of its own.

**In the kernel** any other test runs where the student's code has run: in the same process, with the same names. Before
each one, the grader

1. asks a sentry in the kernel (:mod:`guarantees.grading.sentry`, installed before the first cell) to compare the shell,
   the built-ins, the libraries that tests lean on and the instructor's own names with what they were, and to put back
   what was changed;
2. runs a canary: the same test cell behind an assertion that must fail. If the failure does not arrive, with its random
   message, the kernel no longer reports failures, by whatever means;

and after it asks the sentry again. Whatever is found withholds the scores of all tests in the kernel until a human
looks. That can never guarantee that the student's code computed what the test saw. A program written against this
grader can read the test while it runs, find the sentry and answer for it, or change the interpreter below both. The
sandbox holds whatever happens here; only the honesty of the score is at stake.
"""

import contextlib
import hashlib
import json
import secrets
import socket
from collections.abc import Iterator
from importlib import resources
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from nbgrader.utils import has_failed, is_grade, is_locked
from traitlets import Bool, Instance

from guarantees.grading.box import SandboxUnavailable
from guarantees.grading.execute import SandboxedExecute
from guarantees.grading.names import Source
from guarantees.grading.plan import Plan, Session, give_up, referee_of
from guarantees.grading.rebuild import empty_review

SENTRY = resources.files("guarantees.grading").joinpath("sentry.py").read_text(encoding="utf-8")
WATCHED = "in the student's kernel, watched"
UNWATCHED = "in the student's kernel, not watched, which is for Python only"
REFEREED = "by a referee outside the student's kernel"


class Watched(SandboxedExecute):
    """Runs a notebook in its box, and watches its test cells.

    What happened goes into ``review`` of the notebook's metadata: ``cells`` (how each test cell was graded), ``flags``
    and ``withheld``.
    """

    referee = Bool(True, help="Have tests judged outside the student's kernel where they allow it.").tag(config=True)
    plan = Instance(Plan, allow_none=True)
    session: Session | None = None

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        """Run all cells."""
        self.review = nb.metadata.setdefault("review", empty_review())
        notebook = (resources or {}).get("nbgrader", {}).get("notebook")
        plan: Plan | None = self.plan or getattr(self.parent, "plans", {}).get(notebook)
        self.refereed = self._refereed(nb, plan) if plan and self.referee else dict[int, str]()
        self.judged_by = plan
        self.judged: dict[int, tuple[list[NotebookNode], str | None]] = {}
        self.alone: set[int] = set()
        self.seconds: dict[str, float] = {}
        self.referee_cpu = 0.0
        self.referee_lost = False
        self.key = secrets.token_bytes(32)
        self.post = f"_{secrets.token_hex(8)}"
        self.sources = {
            index: Source.of(cell.source)
            for index, cell in enumerate(nb.cells)
            if cell.cell_type == "code" and is_locked(cell) and cell.source.strip() and index not in self.refereed
        }
        self.imports = {name: origin for source in self.sources.values() for name, origin in source.imports.items()}
        self.all_tests = [
            cell.metadata.nbgrader.grade_id
            for index, cell in enumerate(nb.cells)
            if index in self.sources and is_grade(cell)
        ]
        students = [Source.of(cell.source) for cell in nb.cells if cell.cell_type == "code" and not is_locked(cell)]
        self.visible = plan.missed_without(students) if plan and self.refereed else {}
        for source in students:
            if source.prying and self.all_tests:
                self._withhold(f"the student's code uses {', '.join(sorted(source.prying))}")
        try:
            return super().preprocess(nb, resources, km)
        finally:
            if self.session:
                self.session.close()
                self.session = None

    @staticmethod
    def _refereed(nb: NotebookNode, plan: Plan) -> dict[int, str]:
        """Say which cells the referee judges; it knows their very text."""
        known = {name: text for _, name, text in plan.cells if name in plan.refereed}
        return {
            index: cell.metadata.nbgrader.grade_id
            for index, cell in enumerate(nb.cells)
            if cell.cell_type == "code" and is_grade(cell) and known.get(cell.metadata.nbgrader.grade_id) == cell.source
        }

    def _withhold(self, why: str) -> None:
        self.review["flags"].append(f"score withheld: {why}")
        self.review["withheld"] = sorted({*self.review["withheld"], *self.all_tests})

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run one cell; a test cell only between two verdicts and after a canary."""
        if index == 0:
            python = self.nb.metadata.get("language_info", {}).get("name") == "python"
            self.watching = python and bool(self.all_tests)
            if self.watching:
                self._install()
        if index in self.refereed:
            return self._judge(cell, resources, index)
        source = self.sources.get(index)
        if source is None:
            return super().preprocess_cell(cell, resources, index)
        if not is_grade(cell):
            done = super().preprocess_cell(cell, resources, index)
            if self.watching:
                self._ask(f"remember({cell.source!r}, {sorted(source.defined)!r})")
            return done
        name = cell.metadata.nbgrader.grade_id
        self.review["cells"][name] = WATCHED if self.watching else UNWATCHED
        if not self.watching:
            return super().preprocess_cell(cell, resources, index)
        found = self._verdict(cell.source, source, watch=True) + self._canary(cell.source)
        done = super().preprocess_cell(cell, resources, index)
        found += self._verdict(cell.source, source, watch=False) + _invented(cell, source)
        if has_failed(cell):
            found = [line for line in found if line != SILENT]
        if found:
            self._withhold(f"at test cell {name}, {'; '.join(dict.fromkeys(found))}")
        return done

    def _judge(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Put in what the referee found, here and at the tests that follow with no cell of the student's between."""
        if index not in self.judged:
            self._have_judged(self._together(index), resources)
        cell.execution_count = None
        cell.outputs, why = self.judged[index]
        name = self.refereed[index]
        self.review["cells"][name] = REFEREED
        if why and not self.stopped:
            self.review["flags"].append(f"score withheld: test cell {name}: {why}")
            self.review["withheld"] = sorted({*self.review["withheld"], name})
        if name in self.visible:
            super().preprocess_cell(new_code_cell(self.visible[name]), resources, index)
        self.nb.cells[index] = cell
        return cell, resources

    def _together(self, index: int) -> list[int]:
        """Name the tests from here on that one request to the student's kernel will do for."""
        places = [index]
        for place in range(index + 1, len(self.nb.cells)):
            cell = self.nb.cells[place]
            if cell.cell_type == "code" and cell.source.strip():
                if (
                    place not in self.refereed
                    or self.alone & {index, place}
                    or self.refereed[places[-1]] in self.visible
                ):
                    break
                places.append(place)
        return places

    def _have_judged(self, places: list[int], resources: Any) -> None:
        """Have tests judged by the referee, while the student's kernel serves its calls."""
        serve = from_dict({"cell_type": "code", "metadata": {}, "source": "", "outputs": []})
        answers, why = list[dict[str, Any]](), "the referee did not come to a result"
        stopped, before, timeouts = self.stopped, self._used(), len(self._timeouts)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                if not stopped:
                    self._open_session().ask([self.refereed[place] for place in places], ours)
            except (OSError, SandboxUnavailable) as error:
                why = f"the referee does not run ({error})"
                self.log.error("%s", why)
            else:
                self.perform(serve, places[0], {"serve": True}, [theirs.fileno()])
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)  # the student's kernel may have stopped serving by itself
                answers = [] if stopped else self._answers()
        errors = [output for output in serve.outputs if output.output_type == "error"]
        if errors and len(places) > 1 and self.session and not self.stopped:
            # One of them took too long or wrote too much, and the others shall not pay for it.
            self.alone.update(places)
            del self._timeouts[timeouts:]
            return self._have_judged(places[:1], resources)
        found = [(from_dict(answer["outputs"]), answer["undecidable"]) for answer in answers]
        if not answers or not answers[-1]["last"]:
            found.append(([], why))
        self.judged |= dict(zip(places, found, strict=False))
        if answers:
            self.referee_cpu = answers[-1]["cpu"]
        for place in places:
            self.seconds[self.refereed[place]] = self._used() - before
        # What the student's code printed, and why it was stopped; nothing that could be a score.
        found[0][0][:0] = [output for output in serve.outputs if output.output_type == "stream"]
        if errors:
            at = next((number for number, (_, why) in enumerate(found) if why), len(found) - 1)
            found[at][0][:0] = errors
            if not stopped:
                self._at = places[at]

    def _used(self) -> float:
        """Give the processor time of the student's kernel and the referee so far."""
        return self.referee_cpu + (self.kernel.guard.cpu if self.kernel else 0.0)

    def _open_session(self) -> Session:
        if self.session is None:
            assert self.judged_by is not None
            if self.referee_lost:
                raise OSError("it was given up at an earlier test")
            assert self.kernel is not None
            self.session = referee_of(self.judged_by, self.kernel.start_beside).fork()
        return self.session

    def _answers(self) -> list[dict[str, Any]]:
        """Give what the referee says of the tests that it was asked for, up to one that it could not judge."""
        assert self.session is not None
        assert self.judged_by is not None
        answers: list[dict[str, Any]] = []
        while not answers or not answers[-1]["last"]:
            answer = self.session.answer(self.iopub_timeout)
            if answer is None:  # what it may still say would be taken for the answer to the next question
                self.session.close()
                self.session, self.referee_lost = None, True
                give_up(self.judged_by)
                break
            answers.append(answer)
        return answers

    def _install(self) -> None:
        modules = sorted(set(self._modules()))
        self._evaluate(
            f"(lambda names: (exec({SENTRY!r}, names), __import__('sys').modules.__setitem__("
            f"{self.post!r}, names['install']({self.key!r}, {modules!r})))[1])({{'get_ipython': get_ipython}})"
        )

    def _modules(self) -> Iterator[str]:
        """Name the modules that the instructor's cells use, also those that are only loaded when reached for."""
        origins = {name: ".".join(filter(None, origin)) for name, origin in self.imports.items()}
        used = {name for source in self.sources.values() for name in source.dotted | origins.keys()}
        for name in used:
            root, *attributes = name.split(".")
            path = [*origins.get(root, "").split("."), *attributes] if root in origins else []
            yield from (".".join(path[:length]) for length in range(1, len(path) + 1))

    def _ask(self, request: str) -> str | None:
        return self._evaluate(f"__import__('sys').modules[{self.post!r}].{request}")

    def _evaluate(self, expression: str) -> str | None:
        """Evaluate an expression in the kernel, past everything that changes the text of a cell."""
        value = self.ask({"expression": expression}).get("value")
        return value if isinstance(value, str) else None

    def _verdict(self, text: str, source: Source, watch: bool) -> list[str]:
        facts = {
            "names": sorted(source.used - source.defined),
            "imports": {name: origin for name, origin in self.imports.items() if name not in source.imports},
            "own": self.review["own"],
        }
        nonce = secrets.token_hex(8)
        answer = self._ask(f"verdict({nonce!r}, {text!r}, {facts!r}, {watch!r})")
        if answer is None:
            return [SILENT]
        report, signature = answer[:-128], answer[-128:]
        if signature != hashlib.blake2b((nonce + report).encode(), key=self.key).hexdigest():
            return ["something answered in place of the grader's sentry"]
        return list(json.loads(report))

    def _canary(self, text: str) -> list[str]:
        """Run the test cell behind an assertion that must fail, so that nothing of it runs."""
        nonce, number = secrets.token_hex(8), secrets.randbelow(10**6)
        assertion = f"assert {number} == {number + 1}, {nonce!r}"
        # What has to stand at the head of a cell (a magic, an import from __future__) cannot follow an assertion.
        whole = Source.of(f"assert 0, ''\n{text}").used or not Source.of(text).used
        content = self.ask({"code": f"{assertion}\n{text}" if whole else assertion, "store": False})
        if not content:
            return [SILENT]
        failed = content.get("status") == "error" and (content.get("ename"), content.get("evalue")) == (
            "AssertionError",
            nonce,
        )
        return [] if failed else ["an assertion that must fail did not: the kernel does not report failures"]


SILENT = "the kernel did not answer for itself"


def _invented(cell: NotebookNode, source: Source) -> list[str]:
    """Take out values that the test cell did not give; an error comes before any value."""
    values = [output for output in cell.outputs if output.output_type == "execute_result"]
    if has_failed(cell):
        cell.outputs = [output for output in cell.outputs if output not in values]
        return []
    if len(values) > source.value:
        cell.outputs = [output for output in cell.outputs if output not in values]
        return ["a value was put in place of the test's"]
    return []
