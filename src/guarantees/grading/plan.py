"""What the referee is told of a notebook, from the instructor's side alone, and the process that it is."""

import builtins
import contextlib
import json
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

from guarantees.grading.box import Box
from guarantees.grading.names import Source
from guarantees.grading.release import ReleasedNotebook
from guarantees.grading.wire import Malformed, receive, send

# What has a meaning only where the student's code runs: a test that mentions one of these stays there.
IN_PLACE = frozenset(
    [
        *("redirect_stdout", "redirect_stderr", "stdout", "stderr", "capture_output", "capture", "input"),
        *("inspect", "ast", "dis", "mock", "patch", "setattr", "monkeypatch", "warnings", "catch_warnings", "pytest"),
        *("globals", "locals", "vars", "dir", "eval", "exec", "id", "get_ipython", "In", "Out", "_ih"),
        *("__main__", "modules", "tracemalloc", "gc", "sys", "os", "threading", "subprocess", "open", "plt", "seed"),
    ]
)


def texts_of(*modules: str) -> list[list[str]]:
    """Read modules of this package, to be sent to where it need not be installed."""
    files = resources.files("guarantees.grading")
    return [
        [f"guarantees.grading.{name}", files.joinpath(f"{name}.py").read_text(encoding="utf-8")] for name in modules
    ]


PROGRAM = texts_of("wire", "referee")


@dataclass(frozen=True)
class Plan:
    """How the referee judges a notebook.

    Attributes
    ----------
    cells : tuple of (kind, grade id, text)
        The code cells of the release in order, tests with their hidden part: ``setup``, ``answer`` (without its text)
        or ``test``.
    students : tuple of str
        Names that the answers set.
    visible : mapping
        What a student sees of each test.
    refereed : frozenset of str
        The tests that the referee judges; the others are run in the student's kernel.
    """

    cells: tuple[tuple[str, str, str], ...]
    students: tuple[str, ...]
    visible: Mapping[str, str] = field(default_factory=dict)
    refereed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, released: ReleasedNotebook, solutions: Iterable[str] = ()) -> "Plan":
        """Plan to have the referee judge every test that does not say in its text that it must be run in place.

        Parameters
        ----------
        released : ReleasedNotebook
        solutions : iterable of str
            The instructor's answers.
        """
        cells: list[tuple[str, str, str]] = []
        visible: dict[str, str] = {}
        stubs: list[Source] = []
        doubtful: set[str] = set()
        for cell in released.notebook.cells:
            if cell.cell_type != "code":
                continue
            marks = cell.metadata.get("nbgrader", {})
            name = marks.get("grade_id", "")
            text = released.whole.get(name, cell.source)
            if marks.get("solution"):
                cells.append(("answer", name, ""))
                stubs.append(Source.of(cell.source))
            elif marks.get("grade"):
                cells.append(("test", name, text))
                visible[name] = cell.source
            else:
                cells.append(("setup", name, text))
                if not marks.get("locked"):  # the student may have changed it
                    source = Source.of(text)
                    doubtful |= source.brings - source.imports.keys()
        answers = [*stubs, *map(Source.of, solutions)]
        imports = {name: origin for _, _, text in cells for name, origin in Source.of(text).imports.items()}
        students = {
            name
            for answer in answers
            for name in answer.sets
            if name not in imports or answer.imports.get(name) != imports[name]
        }
        plan = cls(tuple(cells), tuple(sorted(students)), visible)
        return plan.narrowed(_able(plan, answers, doubtful))

    def narrowed(self, able: Iterable[str]) -> "Plan":
        """Leave only tests that the referee is able to judge, and that share no names with those it is not."""
        refereed = set(able)
        source = {name: Source.of(text) for kind, name, text in self.cells if kind == "test"}
        setups = {name for kind, _, text in self.cells if kind == "setup" for name in Source.of(text).brings}
        order = list(source)

        def leans(one: str, other: str) -> bool:
            first, second = order.index(other), order.index(one)
            return first < second and bool(source[one].reads & source[other].sets - source[one].sets - setups)

        while torn := {
            one for one in refereed for other in source.keys() - refereed if leans(one, other) or leans(other, one)
        }:
            refereed -= torn
        return replace(self, refereed=frozenset(refereed))

    def missed_without(self, students: Iterable[Source]) -> dict[str, str]:
        """Give the visible text of those refereed tests that bring in a name which the student's own cells rely on."""
        cells = list(students)
        brought = {name for cell in cells for name in cell.sets}
        for kind, _, text in self.cells:
            if kind == "setup":
                brought |= Source.of(text).brings
        relied_on = {name for cell in cells for name in cell.reads} - brought
        texts = {}
        for name in self.refereed:
            source = Source.of(self.visible[name])
            if relied_on & source.brings:
                texts[name] = self.visible[name]
        return texts

    @property
    def order(self) -> dict[str, Any]:
        """What the referee is told."""
        cells = [
            [kind, name, text, sorted(Source.of(text).sets)]
            if kind != "test" or name in self.refereed
            else ["other", "", "", sorted(Source.of(text).sets)]
            for kind, name, text in self.cells
        ]
        return {"program": PROGRAM, "cells": cells, "students": self.students}


def _able(plan: Plan, answers: Iterable[Source], doubtful: set[str]) -> Iterator[str]:
    """Name the tests that need not be run where the student's code is, as far as their text tells."""
    # A test that sets what the answers' functions read wants to see what becomes of them.
    watched = {name for answer in answers for name in answer.shared | (answer.defined & answer.settings.keys())}
    # Set by the instructor up to here; a setup cell that comes later counts, too.
    ours = {name for kind, _, text in plan.cells if kind == "setup" for name in Source.of(text).sets}
    theirs = set(plan.students)
    shadows = {name for name in theirs if hasattr(builtins, name)}
    setups: list[Source] = []
    for kind, name, text in plan.cells:
        source = Source.of(text)
        if kind == "setup":
            setups.append(source)
        elif kind == "test":
            given = {setting for setup in setups for setting in setup.settings.items()}
            set_before = watched | {setting for setting, _ in given}
            meddles = any(setting[0] in set_before and setting not in given for setting in source.settings.items())
            # A library or a table that it alters here would stay what it is for the student's functions.
            elsewhere = {*source.imports, *(name for setup in setups for name in setup.brings)}
            meddles = meddles or bool(source.altered & elsewhere)
            needed = [source, *_needed(source.reads - source.brings, setups)]
            names = {name for one in needed for name in one.reads}
            # What both sides set may be either's.
            unclear = doubtful | shadows | (ours & theirs - source.sets)
            if not (meddles or names & unclear or any(one.reached & IN_PLACE or one.identity for one in needed)):
                yield name
            ours |= source.sets


def _needed(names: Set[str], setups: Iterable[Source]) -> list[Source]:
    """Give the setup cells that bring in names, and those that bring in what these read."""
    wanted, needed, left = set(names), list[Source](), list(setups)
    while more := [setup for setup in left if wanted & setup.brings - setup.imports.keys()]:
        needed += more
        left = [setup for setup in left if setup not in more]
        wanted |= {name for setup in more for name in setup.reads}
    return needed


class Referee:
    """The process that judges one notebook, submission after submission.

    Parameters
    ----------
    plan : Plan
    start : callable
        Starts a program in a box.

    Raises
    ------
    SandboxUnavailable
        If it does not start.
    """

    def __init__(self, plan: Plan, start: Callable[..., Box]) -> None:
        self._box = start(order=plan.order)

    @property
    def alive(self) -> bool:
        """Whether it can judge another submission."""
        return self._box.alive

    def fork(self) -> "Session":
        """Have it judge a submission.

        Raises
        ------
        OSError
            If it does not live any more.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._box.control, [b"+"], [theirs.fileno()])
        return Session(ours)

    def close(self) -> None:
        """End it."""
        self._box.kill()
        self._box.close()


class Session:
    """The referee at one submission."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def ask(self, tests: list[str], kernel: socket.socket) -> None:
        """Have tests judged over a connection at whose other end the student's kernel serves.

        Raises
        ------
        OSError
            If the referee is gone.
        """
        send(self._connection, tests, [kernel.fileno()])

    def answer(self, patience: float) -> dict[str, Any] | None:
        """Give what the next test came to; None if the referee is gone.

        There are ``outputs``, why it is ``undecidable`` or None, the processor time of the referee so far (``cpu``),
        and whether it was the ``last``: the referee ends early where it could not judge.
        """
        self._connection.settimeout(patience)
        with contextlib.suppress(OSError, EOFError, Malformed):
            answer, _ = receive(self._connection)
            return dict(answer)
        return None

    def close(self) -> None:
        """Let it go."""
        self._connection.close()


_referees: dict[tuple[int, str], Referee] = {}
_MOST = 4  # referees that wait for the next submission


def referee_of(plan: Plan, start: Callable[..., Box]) -> Referee:
    """Give this process's referee for a plan: a new one if there is none or it died."""
    known = _referees.get(_key(plan))
    if known is None or not known.alive:
        give_up(plan)
        known = Referee(plan, start)
        while len(_referees) >= _MOST:
            _referees.pop(next(iter(_referees))).close()
        _referees[_key(plan)] = known
    return known


def give_up(plan: Plan) -> None:
    """End this process's referee for a plan, with all that it does."""
    if known := _referees.pop(_key(plan), None):
        known.close()


def _key(plan: Plan) -> tuple[int, str]:
    return os.getpid(), json.dumps(plan.order, sort_keys=True)
