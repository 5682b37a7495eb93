"""Kernels that start warm: a process that has imported the usual libraries forks them into boxes."""

import contextlib
import json
import logging
import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

_PATIENCE = 120  # seconds to import the libraries on a busy machine
_NAMESPACES = 0x6E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID, NEWNET
_USER_NAMESPACE = 0x10000000
USUAL = ("numpy", "pandas")  # what most courses' kernels import


class Nursery:
    """Forks kernels. It knows nothing but the libraries that it has imported, and has read no file of a course.

    Several processes may have the socket for its orders; it ends with the last of them.

    Parameters
    ----------
    orders : socket
        The other end is the nursery's.
    """

    process: subprocess.Popen[bytes]
    _home: tempfile.TemporaryDirectory[str]

    def __init__(self, orders: socket.socket) -> None:
        orders.set_inheritable(False)
        orders.settimeout(_PATIENCE)
        self._orders = orders

    def __reduce__(self) -> tuple[type["Nursery"], tuple[socket.socket]]:
        """Let :mod:`multiprocessing` give it to a new process, which need not start one of its own."""
        return Nursery, (self._orders,)

    @classmethod
    def begin(
        cls,
        executable: str,
        search_path: tuple[str, ...],
        modules: tuple[str, ...],
        stderr: int = subprocess.DEVNULL,
    ) -> "Nursery":
        """Start one and do not wait for it.

        Parameters
        ----------
        executable : str
            The kernels' Python.
        search_path : sequence of str
            Where it finds modules.
        modules : sequence of str
            What to import.
        stderr : int
            As for :class:`subprocess.Popen`.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        nursery = cls(ours)
        nursery._home = tempfile.TemporaryDirectory(prefix="nursery-")
        environment = {
            "HOME": nursery._home.name,
            "LANG": "C.UTF-8",
            "PYTHONPATH": ":".join(search_path),
            # Threads would not survive the fork, and OpenBLAS would wait for its own.
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        }
        inside = str(Path(__file__).with_name("inside.py"))
        nursery.process = subprocess.Popen(
            [executable, "-P", inside, "nursery", str(theirs.fileno()), *modules],
            pass_fds=[theirs.fileno()], env=environment, cwd=nursery._home.name, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
        )  # fmt: skip
        theirs.close()
        return nursery

    @classmethod
    def start(cls, executable: str, search_path: tuple[str, ...], modules: tuple[str, ...]) -> "Nursery":
        """Start one and wait for it.

        Raises
        ------
        RuntimeError
            If the process does not come up, with what it said.
        """
        nursery = cls.begin(executable, search_path, modules, subprocess.PIPE)
        process = nursery.process
        with contextlib.suppress(OSError):
            if nursery._orders.recv(16) == b"ready":
                assert process.stderr is not None
                process.stderr.close()  # a kernel that found the pipe could fill it
                return nursery
        process.kill()
        raise RuntimeError(process.communicate()[1].decode(errors="replace").strip())

    @property
    def alive(self) -> bool:
        """Whether it can fork another kernel."""
        poll = select.poll()
        poll.register(self._orders, 0)
        return not poll.poll(0)

    def fork(self, box: int, control: socket.socket, program: bytes, environment: Mapping[str, str], user: int) -> None:
        """Have a kernel move into a box; it introduces itself on `control`, or closes it."""
        order = {
            "namespaces": _NAMESPACES | (0 if os.geteuid() == 0 else _USER_NAMESPACE),
            "user": user,
            "environment": dict(environment),
            "filter": program.hex(),
        }
        socket.send_fds(self._orders, [json.dumps(order).encode()], [box, control.fileno()])

    def close(self) -> None:
        """End it, for all who have its socket; the kernels that it forked live on."""
        self._orders.shutdown(socket.SHUT_RDWR)


# By the kernels' Python, its search path and the modules; None if there cannot be one.
Nurseries = dict[tuple[str, tuple[str, ...], tuple[str, ...]], Nursery | None]
nurseries: Nurseries = {}


def nursery_of(executable: str, search_path: tuple[str, ...], modules: tuple[str, ...]) -> Nursery | None:
    """Give this process's nursery for a Python: a new one if there is none or it died, None if there cannot be one."""
    key = executable, search_path, modules
    known = nurseries.get(key)
    if key not in nurseries or (known and not known.alive):
        try:
            nurseries[key] = Nursery.start(*key)
        except RuntimeError as error:
            logging.getLogger(__name__).warning("Kernels start cold, because: %s", error)
            nurseries[key] = None
    return nurseries[key]
