"""The referee: runs an instructor's setup and test cells in its own box, and asks the student's kernel for answers.

It is run as text by :mod:`guarantees.grading.inside`, in a Python that need not have this package. One process for each
notebook runs what comes before the first answer; a fork of it judges one submission, and ends with it. From the student
come functions, which are called where they live, and values, which are copied; both as plain data. Nothing that the
student's side says is run or trusted.
"""

import ast
import builtins
import contextlib
import gc
import io
import linecache
import os
import re
import signal
import socket
import sys
import time
import traceback
from collections.abc import Mapping
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from IPython.lib.pretty import pretty

from guarantees.grading.wire import Malformed, NotPlain, decode, encode, pack, receive, send

_OUTPUT = 1_000_000  # characters of a cell's output
_UNREAD = 30_000  # characters that may wait for the grader, which reads when the student's kernel is done


class Undecidable(BaseException):
    """The test reached something that does not cross: no cell may catch it, and no score comes of it."""


class Cell:
    """A cell of the notebook, compiled before there is a submission.

    Parameters
    ----------
    number : int
        Which code cell it is.
    kind : str
        ``setup``, ``answer``, ``test`` or ``other``.
    name : str
        Its grade id.
    text : str
    sets : list of str
        The names that it sets.
    """

    def __init__(self, number: int, kind: str, name: str, text: str, sets: list[str]) -> None:
        self.kind, self.name, self.sets = kind, name, sets
        self.body: CodeType | None = None
        self.value: CodeType | None = None
        self.fault: Exception | None = None
        title = f"<test cell {name}>" if kind == "test" else f"<cell {number}>"
        try:
            source = TransformerManager().transform_cell(text)
            linecache.cache[title] = len(source), None, source.splitlines(keepends=True), title
            tree = ast.parse(source, title)
            # Nobody sees what a setup cell shows.
            if kind == "test" and tree.body and not source.rstrip().endswith(";"):
                last = tree.body[-1]
                if isinstance(last, ast.Expr):
                    self.value = compile(ast.Expression(last.value), title, "eval")
                    del tree.body[-1]
            self.body = compile(tree, title, "exec")
        except Exception as error:
            self.fault = error

    def run(self, names: "Names") -> list[dict[str, Any]]:
        """Run it and give its outputs, as a notebook holds them."""
        outputs: list[dict[str, Any]] = []
        with (
            contextlib.redirect_stdout(_Stream(outputs, "stdout")),
            contextlib.redirect_stderr(_Stream(outputs, "stderr")),
        ):
            try:
                if self.body is None:
                    assert self.fault is not None
                    raise self.fault
                exec(self.body, names)
                value = eval(self.value, names) if self.value else None
                if value is not None:
                    shown = {"text/plain": pretty(value)[:_OUTPUT]}
                    outputs.append(
                        {"output_type": "execute_result", "data": shown, "metadata": {}, "execution_count": None}
                    )
            except BaseException as error:
                outputs.append(_as_output(error))
        return outputs


class Names(dict[str, Any]):
    """The referee's variables. What the instructor's cells do not define is the student's.

    Attributes
    ----------
    why : str or None
        Why the running cell cannot be judged.
    unset : str or None
        Why a setup cell could not define all that it should.
    missed : bool
        Whether a student's name was asked for while there was no student.
    """

    def __init__(self, cells: list[Cell], students: list[str]) -> None:
        self.cells, self.students = cells, frozenset(students)
        # What nobody sets needs no asking.
        set_here = self.students.union(*(cell.sets for cell in cells))
        ready = {
            name: value for name, value in vars(builtins).items() if not name.startswith("__") and name not in set_here
        }
        super().__init__(ready, __name__="__main__", __builtins__=builtins, get_ipython=_Shell)
        self.instructors: set[str] = set()
        self.kernel: socket.socket | None = None
        self.why: str | None = None
        self.unset: str | None = None
        self.missed = False
        self.calls = 0
        self.fetched: list[str] = []

    def __missing__(self, name: str) -> Any:
        if name.startswith("__") or (
            name not in self.students and (name in self.instructors or hasattr(builtins, name))
        ):
            if name in self.instructors and self.unset:
                raise self.stop(self.unset)
            raise KeyError(name)
        answer = self.ask(name)
        if answer.get("missing") is True:
            raise KeyError(name)
        if type(kind := answer.get("callable")) is str:
            self[name] = type(kind if kind.isidentifier() else "function", (_Proxy,), {})(self, name)
        else:
            self[name] = self.plain(name, answer)
        self.fetched.append(name)
        return self[name]

    def turn_to(self, number: int) -> None:
        """Let go of what was the student's, and know what is the instructor's when a cell is run."""
        before = (cell for place, cell in enumerate(self.cells) if cell.kind == "setup" or place < number)
        self.instructors = {name for cell in before for name in cell.sets}
        for name in (*self.fetched, *self.students):
            self.pop(name, None)
        self.fetched.clear()

    def stop(self, why: str) -> Undecidable:
        """Note why the cell cannot be judged; the first reason counts."""
        self.why = self.why or why
        return Undecidable(self.why)

    def ask(self, name: str, **more: Any) -> dict[str, Any]:
        """Ask the student's kernel."""
        if self.kernel is None:
            self.missed = True
            raise self.stop("there is no student yet")
        self.calls += 1
        try:
            send(self.kernel, {"number": self.calls, "name": name, **more})
            answer, _ = receive(self.kernel)
        except NotPlain as error:
            raise self.stop(f"the test gives {name} {error}") from None
        except (OSError, EOFError, Malformed) as error:
            raise self.stop(f"the student's kernel did not answer for {name} ({type(error).__name__})") from None
        if type(answer) is not dict or answer.get("number") != self.calls or type(answer.get("number")) is not int:
            raise self.stop(f"something else answered for {name}")
        return answer

    def encoded(self, name: str, given: list[Any]) -> list[Any]:
        """Encode what a function is given."""
        try:
            return [encode(argument) for argument in given]
        except NotPlain as error:
            raise self.stop(f"the test gives {name} no plain data but {error}") from None

    def plain(self, name: str, answer: Mapping[str, Any]) -> Any:
        """Read a value out of an answer."""
        if type(what := answer.get("unplain")) is str:
            raise self.stop(f"{name} gives no plain data but {_printable(what, 100)}")
        try:
            return decode(answer["value"])
        except (Malformed, KeyError):
            raise self.stop(f"something else answered for {name}") from None


class _Proxy:
    """A student's function; a message that names its type names the student's."""

    def __init__(self, names: Names, name: str) -> None:
        object.__setattr__(self, "it", (names, name))

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        names, name = object.__getattribute__(self, "it")
        given = [*arguments, *keywords.values()]
        packed = pack(given)
        sent: dict[str, Any] = {"packed": packed} if packed else {"arguments": names.encoded(name, given)}
        answer = names.ask(name, keywords=list(keywords), **sent)
        if answer.get("changed"):
            try:
                for number, new in answer["changed"]:
                    if not _overwritten(given[number], decode(new)):
                        raise Malformed
            except Exception:
                raise names.stop(f"{name} changed what it was given in a way that cannot be followed") from None
        if "error" in answer:
            raise _error(names, name, answer["error"])
        if type(same := answer.get("same")) is int and 0 <= same < len(given):
            return given[same]
        return names.plain(name, answer)

    def __refuse(self, *_: Any) -> Any:
        names, name = object.__getattribute__(self, "it")
        raise names.stop(f"the test looks into {name}, which is a function or a class")

    def __getattribute__(self, attribute: str) -> Any:
        if attribute == "__class__":
            return type(self)
        names, name = object.__getattribute__(self, "it")
        raise names.stop(f"the test looks into {name}, which is a function or a class")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {object.__getattribute__(self, 'it')[1]}>"

    __setattr__ = __delattr__ = __eq__ = __lt__ = __iter__ = __len__ = __getitem__ = __refuse
    __hash__ = object.__hash__


def _error(names: Names, name: str, said: Any) -> BaseException:
    """Make the exception that the student's function raised, of the nearest built-in kind."""
    try:
        own, kinds, message, trace = said
        own, message, trace = _printable(own, 60), _printable(message, 2000), _printable(trace, 4000)
        known = [getattr(builtins, kind, None) for kind in kinds if type(kind) is str]
    except (TypeError, ValueError):
        return names.stop(f"something else answered for {name}")
    error: BaseException = RuntimeError(message)
    for kind in known:
        if isinstance(kind, type) and issubclass(kind, BaseException):
            with contextlib.suppress(TypeError):
                error = kind(message)
                break
    if type(error).__name__ != own and own.isidentifier():
        error = type(own, (type(error),), {"__module__": "student"})(message)
    if trace:
        error.add_note(f"in the student's kernel:\n{trace}")
    return error


def _overwritten(old: Any, new: Any) -> bool:
    """Make a mutable value what it has become, in place, and say whether that could be done."""
    if type(old) is not type(new):
        return False
    if type(old) is list:
        old[:] = [a if _overwritten(a, b) else b for a, b in zip(old, new)] + new[len(old) :]  # noqa: B905
    elif type(old) is dict:
        merged = {key: old[key] if key in old and _overwritten(old[key], new[key]) else new[key] for key in new}
        old.clear()
        old.update(merged)
    elif type(old) is tuple:
        return len(old) == len(new) and all(_overwritten(a, b) or _same(a, b) for a, b in zip(old, new, strict=True))
    elif type(old) is set:
        old.clear()
        old.update(new)
    elif type(old) is bytearray:
        old[:] = new
    elif type(old).__module__.startswith("pandas") and hasattr(old, "iloc"):
        type(old).__init__(old, new)
    elif type(old).__module__ == "numpy" and hasattr(old, "setflags"):
        if old.shape != new.shape or old.dtype != new.dtype or not old.ndim:
            return False
        old[...] = new
    else:
        return False
    return True


def _same(one: Any, other: Any) -> bool:
    return repr(encode(one)) == repr(encode(other))


def _printable(text: Any, length: int) -> str:
    if type(text) is not str:
        raise TypeError
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text[:length])


class _Shell:
    """What is left of a shell: the magic commands that prepare a figure do nothing."""

    def run_line_magic(self, name: str, *_: Any, **__: Any) -> None:
        if name not in ("matplotlib", "config"):
            raise NameError(f"the magic command {name} is not there")


class _Stream(io.TextIOBase):
    def __init__(self, outputs: list[dict[str, Any]], name: str) -> None:
        self.outputs, self.name, self.left = outputs, name, _OUTPUT

    def write(self, text: str) -> int:
        kept = text[: self.left]
        self.left -= len(kept)
        if self.outputs and self.outputs[-1].get("name") == self.name:
            self.outputs[-1]["text"] += kept
        elif kept:
            self.outputs.append({"output_type": "stream", "name": self.name, "text": kept})
        return len(text)


def _as_output(error: BaseException) -> dict[str, Any]:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if re.fullmatch("<.*>", frame.filename)]
    lines = [*traceback.format_list(frames), *traceback.format_exception_only(error)]
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": str(error)[:_OUTPUT],
        "traceback": "".join(lines)[:_OUTPUT].splitlines(),
    }


def judge(names: Names, done: int, grader: socket.socket) -> None:
    """Judge one submission: run the tests that the grader names, each after the setup cells before it."""
    while True:
        wanted, (kernel,) = receive(grader, 1)
        size = 0
        with socket.socket(fileno=kernel) as names.kernel:
            for test in wanted:
                outputs: list[dict[str, Any]] = []
                names.why = None
                for number, cell in enumerate(names.cells):
                    if cell.name == test:
                        names.turn_to(number)
                        outputs = cell.run(names)
                        break
                    if cell.kind == "setup" and number >= done:
                        names.turn_to(number)
                        cell.run(names)
                        done = number + 1
                        names.unset, names.why = names.unset or names.why, None
                else:
                    names.stop(f"the referee knows no test {test}")
                size += len(repr(outputs))
                last = test == wanted[-1] or names.why is not None or size > _UNREAD
                if last:
                    with contextlib.suppress(OSError):
                        names.kernel.shutdown(socket.SHUT_RDWR)
                cpu = time.process_time()
                send(grader, {"outputs": outputs, "undecidable": names.why, "cpu": cpu, "last": last})
                if last:
                    break
        names.kernel = None


def main(control: socket.socket, order: Mapping[str, Any]) -> None:
    """Prepare a notebook, then fork for each submission whose connection comes over `control`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    names = Names([Cell(number, *cell) for number, cell in enumerate(order["cells"], 1)], order["students"])
    done = 0
    for number, cell in enumerate(names.cells):
        if cell.kind == "answer":
            break
        if cell.kind == "setup":
            names.turn_to(number)
            cell.run(names)
            if names.missed:
                break
            done = number + 1
    if len(os.listdir("/proc/self/task")) > 1:
        sys.exit("the setup cells start threads, and a process with threads cannot be forked")
    gc.collect()
    gc.freeze()
    control.sendall(b"ready")
    control.settimeout(None)
    while True:
        said, descriptors, *_ = socket.recv_fds(control, 1, 1)
        if not said:
            return
        if os.fork() == 0:
            control.close()
            try:
                judge(names, done, socket.socket(fileno=descriptors[0]))
            finally:
                os._exit(0)
        os.close(descriptors[0])
        # Waited for, not ignored: the system counts a child's time only then.
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
