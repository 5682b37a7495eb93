"""IPython's kernel as it is in a box: Jupyter's, but for the sockets. It serves one connection, a request at a time.

It is run beside :mod:`guarantees.grading.wire` and :mod:`guarantees.grading.envoy` by a Python that need not have this
package. A request has an ``id`` and one of

- ``code``, to be run as a cell; with ``store`` it is counted and goes into the history;
- ``expression``, whose value is given if it is text;
- ``serve``, which comes with a connection for the envoy;
- ``info``, to be told what the kernel is.

What is shown meanwhile is sent as it comes: the kind of a Jupyter message and its content. The last message is
``reply``.
"""

import contextlib
import io
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ipykernel import zmqshell
from ipykernel.ipkernel import IPythonKernel
from ipykernel.jsonutil import json_clean
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets import Instance, Type
from traitlets.config import Config

from guarantees.grading.envoy import serve
from guarantees.grading.wire import NotPlain, framed, receive

_HELD = 1 << 13  # characters of output that wait for more
_DELAY = 0.2  # seconds that they wait at most, if there is more
_SAID = 1 << 21  # bytes that are taken of what a cell's other processes print
_PRINTED = {1: "stdout", 2: "stderr"}
_SHOWN = frozenset(["display_data", "update_display_data", "execute_result", "error", "clear_output", "stream"])


class Outlet:
    """What leaves the kernel. Messages stay whole, however a cell is interrupted and whatever threads it has."""

    def __init__(self) -> None:
        self.connection: socket.socket | None = None
        self.process = 0
        self._lock = threading.RLock()
        self._held: list[tuple[str, str]] = []
        self._size = 0
        self._since = 0.0

    def open(self, connection: socket.socket) -> None:
        """Send to a connection, from this process only."""
        self.connection, self.process = connection, os.getpid()

    def write(self, name: str, text: str, file: int) -> None:
        """Take what is printed; what a child of the kernel prints goes into the file that all its children share."""
        if os.getpid() != self.process:
            os.write(file, text.encode("utf-8", "backslashreplace"))
            return
        with self._lock:
            self._held.append((name, text))
            self._size += len(text)
            if self._size > _HELD or time.monotonic() - self._since > _DELAY:
                self.flush()

    def flush(self) -> None:
        """Send what was printed."""
        if os.getpid() != self.process:  # a child has but a copy, and perhaps of a lock that nobody opens
            return
        with self._lock:
            held, self._held, self._size, self._since = self._held, [], 0, time.monotonic()
            while held:
                name = held[0][0]
                texts = []
                while held and held[0][0] == name:
                    texts.append(held.pop(0)[1])
                self._send("stream", {"name": name, "text": "".join(texts)})

    def show(self, kind: str, content: Mapping[str, Any]) -> None:
        """Send a message, after what was printed before."""
        if os.getpid() != self.process:
            return
        with self._lock:
            self.flush()
            self._send(kind, content)

    def _send(self, kind: str, content: Mapping[str, Any]) -> None:
        try:
            text = json.dumps([kind, content], default=json_default, allow_nan=False)
        except (TypeError, ValueError):
            text = json.dumps([kind, json_clean(content)], default=json_default)
        try:
            message = framed(text.encode())
        except NotPlain:
            message = framed(json.dumps(["excess", {"size": len(text)}]).encode())
        assert self.connection is not None
        with _uninterrupted():
            self.connection.sendall(message)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


class _Stream(io.TextIOBase):
    encoding = "UTF-8"

    def __init__(self, outlet: Outlet, name: str, file: int) -> None:
        self.name, self._outlet, self._file = name, outlet, file

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outlet.write(self.name, text, self._file)
        return len(text)

    def flush(self) -> None:
        self._outlet.flush()

    def fileno(self) -> int:
        return self._file

    def writable(self) -> bool:
        return True


class _Session(Session):
    outlet = Instance(Outlet)

    def send(self, _: object, message: Any, content: Any = None, *__: Any, **___: Any) -> None:  # type: ignore[override]
        """Show what means something to a notebook."""
        kind, content = (message["msg_type"], message["content"]) if isinstance(message, dict) else (message, content)
        if kind in _SHOWN:
            self.outlet.show(kind, content)


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """The shell of a notebook, by whose name libraries know where they are."""

    left = False

    def ask_exit(self) -> None:
        """End the kernel after the cell."""
        self.left = True

    def enable_gui(self, gui: str | None = None) -> None:
        """Show figures in the notebook; there is no other place."""
        if gui not in (None, "inline"):
            raise NotImplementedError(f"there is no screen for {gui!r}")


class BoxedKernel(IPythonKernel):
    """The kernel."""

    shell: ZMQInteractiveShell
    shell_class = Type(ZMQInteractiveShell)
    outlet = Instance(Outlet)

    def serve(self, connection: socket.socket) -> None:
        """Say ``ready`` and serve a connection until it ends."""
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        self.shell.init_environment()
        self._forward_input(allow_stdin=False)
        self.set_parent([], {"header": {"msg_id": ""}, "content": {}})
        for number, name in _PRINTED.items():
            file = os.open(os.environ["TMPDIR"], os.O_TMPFILE | os.O_RDWR | os.O_APPEND, 0o600)
            os.dup2(file, number)
            os.close(file)
            setattr(sys, name, _Stream(self.outlet, name, number))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        connection.sendall(b"ready")
        connection.settimeout(None)
        connection.set_inheritable(False)
        self.outlet.open(connection)
        while not self.shell.left:
            try:
                request, descriptors = receive(connection, 1)
            except (OSError, EOFError):
                break
            try:
                answer = self._heed(request, descriptors)
            except BaseException as error:  # an interrupt that came late, or a shell that is no longer one
                answer = _failure(error)
            self._give_what_others_printed()
            self.outlet.show("reply", {"id": request["id"], **answer})

    def _heed(self, request: Mapping[str, Any], descriptors: list[int]) -> dict[str, Any]:
        if "info" in request:
            return {"status": "ok", "language_info": self.language_info}
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            if "code" in request:
                return self._run(request["code"], request["store"])
            with self.shell.builtin_trap, self.shell.display_trap:
                if "serve" in request:
                    serve(socket.socket(fileno=descriptors[0]), self.shell.user_ns)
                    self.shell.events.trigger("post_execute")
                    return {"status": "ok"}
                value = eval(request["expression"], self.shell.user_global_ns, self.shell.user_ns)
                return {"status": "ok", "value": value if isinstance(value, str) else None}
        except BaseException:
            if "serve" in request:
                self.shell.showtraceback()
            raise
        finally:
            _ignore_interrupts()

    def _run(self, code: str, store: bool) -> dict[str, Any]:
        result = self.shell.run_cell(code, store_history=store)
        # Not by their truth, which a student's exception may deny.
        error = result.error_in_exec if result.error_before_exec is None else result.error_before_exec
        answer = {"status": "ok"} if error is None else _failure(error, self.shell._last_traceback or [])
        return answer | {"execution_count": self.shell.execution_count - 1}

    def _give_what_others_printed(self) -> None:
        """Show what programs that the cell has started wrote to where they think that people read."""
        for number, name in _PRINTED.items():
            with contextlib.suppress(OSError):
                if os.fstat(number).st_size:
                    text = os.pread(number, _SAID, 0).decode("utf-8", "replace")
                    os.ftruncate(number, 0)
                    self.outlet.show("stream", {"name": name, "text": text})


def _ignore_interrupts() -> None:
    """Ignore them from now on, also if one comes meanwhile."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        _ignore_interrupts()
        raise


def _failure(error: BaseException, trace: list[str] | None = None) -> dict[str, Any]:
    try:
        said = str(error)
    except BaseException:
        said = ""
    return {"status": "error", "ename": type(error).__name__, "evalue": said, "traceback": trace or []}


def make() -> BoxedKernel:
    """Make the kernel, as yet without a connection."""
    settings = Config()
    settings.InteractiveShell.xmode = "Plain"
    settings.HistoryManager.enabled = False
    outlet = Outlet()
    session = _Session(key=b"", outlet=outlet)
    kernel: BoxedKernel = BoxedKernel.instance(config=settings, session=session, outlet=outlet)
    return kernel
