"""What runs first inside the box: takes the limits, unpacks the submission's files, and lets the kernel take over.

It is run as a file by the kernel's own Python, which need not have this package installed: only the standard library,
ipykernel and the files beside this one are used. Until "ready" is sent nothing that a student wrote has been looked at.

A kernel starts cold, as the command of a box, or warm: a nursery, which has imported the usual libraries, has made a
kernel and knows nothing of the course, forks a child, and the child moves into a box that stands ready.
"""

import contextlib
import ctypes
import functools
import gc
import importlib
import importlib.util
import json
import os
import resource
import socket
import struct
import sys
import tarfile
import tempfile
import time
import types
from collections.abc import Mapping
from typing import Any

# No debugger: ipykernel would spend more on loading it than on everything else.
_NO_DEBUGGER: dict[str, Any] = {"debugpy": None}
# What a kernel imports only when it starts, or shows its first error.
_STARTING = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect", "pygments.formatters.html",
    "pygments.formatters.terminal256", "pygments.lexers.python", "stack_data",
)  # fmt: skip
WORK, HOME = "/tmp/work", "/tmp/home"


def main(control: socket.socket, user: int) -> None:
    """Start the kernel that the other end of `control` describes.

    Parameters
    ----------
    control : socket
        We send descriptors of the working folder, of ``/dev/shm`` and of ``/proc``; then read one line of JSON
        (``limits``) and a tar archive; then the kernel sends ``ready`` and takes requests. If the line names a
        ``program`` (names and texts of modules), there is no kernel and no archive: the function ``main`` of the last
        module takes over, and sends ``ready`` itself.
    user : int
        Who to become if we are root.
    """
    if os.getuid() == 0:
        _become(user)
    # What bubblewrap runs in the box can be written to if it runs as the same user: then it gets the same limits.
    others = [
        int(pid) for pid in os.listdir("/proc") if pid.isdigit() and os.stat(f"/proc/{pid}").st_uid == os.getuid()
    ]
    for folder in (WORK, HOME, os.environ["TMPDIR"]):
        os.mkdir(folder)
    opened = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in (WORK, "/dev/shm", "/proc")]
    socket.send_fds(control, [b"\0"], opened)
    for number in opened:
        os.close(number)
    stream = control.makefile("rb")
    order = json.loads(stream.readline())
    for name, value in order["limits"].items():
        for process in {0, *others}:
            resource.prlimit(process, getattr(resource, name), (value, value))
    if "program" in order:
        stream.close()
        return _arrive(order["program"]).main(control, order)
    kernel = _kernel()
    os.chdir(WORK)
    # Last, so that a file named random.py or pandas.py shadows nothing, however early the real one was imported.
    sys.path.append(WORK)
    with tarfile.open(fileobj=stream, mode="r|") as files:
        files.extractall(WORK, filter="data")
    stream.close()
    kernel.serve(control)


@functools.cache
def _kernel() -> Any:
    """Make the kernel, or give the one that the nursery has made."""
    sys.modules.update(_NO_DEBUGGER)
    for name in ("wire", "envoy", "kernel"):
        place = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
        spec = importlib.util.spec_from_file_location(f"guarantees.grading.{name}", place)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module.make()


def _arrive(texts: list[list[str]]) -> Any:
    """Make modules of texts and give the last."""
    for name, text in texts:
        sys.modules[name] = module = types.ModuleType(name)
        exec(compile(text, name, "exec"), vars(module))
    return module


def _become(user: int) -> None:
    """Change from root to another user, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def nursery(orders: socket.socket, modules: list[str]) -> None:
    """Make a kernel and import `modules`, then fork for each order until the other end of `orders` is closed.

    Parameters
    ----------
    orders : socket
        An order is a line of JSON (``namespaces``, ``user``, ``environment``, ``filter``) with two descriptors: of a
        process in the box, and of the control socket for :func:`main`.
    modules : list of str
        Those that are not installed are passed over.
    """
    sys.dont_write_bytecode = True
    gc.disable()  # what is imported stays
    _kernel()
    for module in (*_STARTING, *modules):
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    if len(os.listdir("/proc/self/task")) > 1:
        sys.exit(f"one of {modules} starts threads when it is imported, and a process with threads cannot be forked")
    gc.freeze()
    gc.enable()
    orders.sendall(b"ready")
    while order := orders.recvmsg(1 << 20, socket.CMSG_SPACE(8)):
        text, ancillary, *_ = order
        if not text:
            break
        descriptors = struct.unpack("2i", ancillary[0][2])
        if os.fork() == 0:
            orders.close()
            try:
                _move_in(json.loads(text), *descriptors)
            finally:
                os._exit(1)
        for number in descriptors:
            os.close(number)
        # Waited for, not ignored: the system counts a child's time only then.
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _move_in(order: Mapping[str, Any], box: int, control: int) -> None:
    """Enter the namespaces of a box and be its kernel."""
    _call("setns", box, order["namespaces"])
    os.close(box)
    if child := os.fork():  # the namespace of processes holds for children alone
        os.close(control)
        os.waitpid(child, 0)
        return
    os.setsid()
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    tempfile.tempdir = None
    if os.getuid() == 0:
        _become(order["user"])
    _call("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    _call("capset", struct.pack("Ii", 0x20080522, 0), bytes(24))
    _call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, so that the guard can tell shared memory from the kernel's own
    program = bytes.fromhex(order["filter"])
    held = ctypes.create_string_buffer(program, len(program))
    _call("prctl", 22, 2, struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held)))  # PR_SET_SECCOMP
    main(socket.socket(fileno=control), order["user"])


def _call(name: str, *arguments: object) -> None:
    """Call the C library, and fail if it does."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*(ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments)):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    if sys.argv[1] == "nursery":
        nursery(socket.socket(fileno=int(sys.argv[2])), sys.argv[3:])
    else:
        main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
