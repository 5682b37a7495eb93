"""Tests in the student's own kernel, watched.

A test cell runs where the student's code has run: in the same process, with the same names. Before each one, the grader

1. asks a sentry in the kernel (:mod:`guarantees.grading.sentry`, installed before the first cell) to compare the shell,
   the built-ins, the libraries that tests lean on and the instructor's own names with what they were, and to put back
   what was changed;
2. runs a canary: the same test cell behind an assertion that must fail. If the failure does not arrive, with its random
   message, the kernel no longer reports failures, by whatever means;

and after it asks the sentry again. Whatever is found withholds the scores of the whole notebook until a human looks.

This can never guarantee that the student's code computed what the test saw. A program written against this grader can
read the test while it runs, find the sentry and answer for it, or change the interpreter below both. The sandbox
holds whatever happens here; only the honesty of the score is at stake. What would guarantee more is a referee that
keeps tests and expected values in a process of its own and calls the student's functions across the sandbox by plain
data.
"""

import ast
import hashlib
import json
import secrets
from collections.abc import Iterator
from importlib import resources
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbgrader.utils import has_failed, is_grade, is_locked

from guarantees.grading.execute import SandboxedExecute
from guarantees.grading.names import Source
from guarantees.grading.rebuild import empty_review

SENTRY = resources.files("guarantees.grading").joinpath("sentry.py").read_text(encoding="utf-8")
WATCHED = "in the student's kernel, watched"
UNWATCHED = "in the student's kernel, not watched, which is for Python only"


class Watched(SandboxedExecute):
    """Runs a notebook in its box, and watches its test cells.

    What happened goes into ``review`` of the notebook's metadata: ``cells`` (how each test cell was graded), ``flags``
    and ``withheld``.
    """

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        """Run all cells."""
        self.review = nb.metadata.setdefault("review", empty_review())
        self.key = secrets.token_bytes(32)
        self.post = f"_{secrets.token_hex(8)}"
        self.sources = {
            index: Source.of(cell.source)
            for index, cell in enumerate(nb.cells)
            if cell.cell_type == "code" and is_locked(cell) and cell.source.strip()
        }
        self.imports = {name: origin for source in self.sources.values() for name, origin in source.imports.items()}
        self.all_tests = [
            cell.metadata.nbgrader.grade_id
            for index, cell in enumerate(nb.cells)
            if index in self.sources and is_grade(cell)
        ]
        for cell in nb.cells:
            if cell.cell_type == "code" and not is_locked(cell) and (prying := Source.of(cell.source).prying):
                self._withhold(f"the student's code uses {', '.join(sorted(prying))}")
        return super().preprocess(nb, resources, km)

    def _withhold(self, why: str) -> None:
        self.review["flags"].append(f"score withheld: {why}")
        self.review["withheld"] = sorted({*self.review["withheld"], *self.all_tests})

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run one cell; a test cell only between two verdicts and after a canary."""
        if index == 0:
            self.watching = self.nb.metadata.get("language_info", {}).get("name") == "python"
            if self.watching:
                self._install()
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
        content = self._run("", silent=True, user_expressions={"it": expression})
        shown = content.get("user_expressions", {}).get("it", {}).get("data", {}).get("text/plain")
        try:
            value = ast.literal_eval(shown)
        except (ValueError, SyntaxError, TypeError):
            return None
        return value if isinstance(value, str) else None

    def _run(self, code: str, **how: Any) -> dict[str, Any]:
        """Run code that is no cell of the notebook; an empty answer if the kernel gives none."""
        if self.stopped:
            return {}
        try:
            reply = self.wait_for_reply(self.kc.execute(code, store_history=False, stop_on_error=False, **how))
        except (DeadKernelError, RuntimeError):
            return {}
        return (reply or {}).get("content", {})

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
        content = self._run(f"{assertion}\n{text}" if whole else assertion)
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
