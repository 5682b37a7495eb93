"""Kernels that start warm: a process that has imported the usual libraries forks them into boxes."""

import contextlib
import json
import logging
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

_PATIENCE = 120  # seconds to import the libraries on a busy machine
_NAMESPACES = 0x6E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID, NEWNET
_USER_NAMESPACE = 0x10000000


class Nursery:
    """Forks kernels. It knows nothing but the libraries that it has imported, and has read no file of a course.

    Parameters
    ----------
    executable : str
        The kernels' Python.
    search_path : sequence of str
        Where it finds modules.
    modules : sequence of str
        What to import.

    Raises
    ------
    RuntimeError
        If the process does not come up, with what it said.
    """

    def __init__(self, executable: str, search_path: tuple[str, ...], modules: tuple[str, ...]) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders.settimeout(_PATIENCE)
        self._home = tempfile.TemporaryDirectory(prefix="nursery-")
        environment = {
            "HOME": self._home.name,
            "LANG": "C.UTF-8",
            "PYTHONPATH": ":".join(search_path),
            # Threads would not survive the fork, and OpenBLAS would wait for its own.
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        }
        inside = str(Path(__file__).with_name("inside.py"))
        self.process = subprocess.Popen(
            [executable, "-P", inside, "nursery", str(theirs.fileno()), *modules],
            pass_fds=[theirs.fileno()], env=environment, cwd=self._home.name, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        theirs.close()
        with contextlib.suppress(OSError):
            if self._orders.recv(16) == b"ready":
                assert self.process.stderr is not None
                self.process.stderr.close()  # a kernel that found the pipe could fill it
                return
        self.process.kill()
        raise RuntimeError(self.process.communicate()[1].decode(errors="replace").strip())

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
        """End it; the kernels that it forked live on."""
        self.process.kill()
        self.process.wait()


_nurseries: dict[tuple[int, str, tuple[str, ...], tuple[str, ...]], Nursery | None] = {}


def nursery_of(executable: str, search_path: tuple[str, ...], modules: tuple[str, ...]) -> Nursery | None:
    """Give this process's nursery for a Python: a new one if there is none or it died, None if there cannot be one."""
    key = os.getpid(), executable, search_path, modules  # not the one of a process that forked us
    known = _nurseries.get(key)
    if key not in _nurseries or (known and known.process.poll() is not None):
        try:
            _nurseries[key] = Nursery(executable, search_path, modules)
        except RuntimeError as error:
            logging.getLogger(__name__).warning("Kernels start cold, because: %s", error)
            _nurseries[key] = None
    return _nurseries[key]
