"""Attacks that a kernel survives, all in one: each cell tries one and says what came of it.

Letters and numbers are those of the list of attacks that the grader is held against: S secrets, W writes, E escapes,
R resources, T tampering.
"""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode
from traitlets.config import Config

from tests.grading.boxed import errors, printed, run

SECRET = "the hidden tests"
# Handed in beside the notebook.
MODULES = ("random.py", "pandas.py", "sitecustomize.py", "usercustomize.py")
SETTINGS = ("ipython_config.py", "ipython_kernel_config.py", "jupyter_config.py", "nbgrader_config.py")
# What a cell has at hand: attempt() says how a call failed, syscall() makes a raw one.
TOOLS = """
import ctypes, errno, fcntl, os, signal, socket, struct, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)

def attempt(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except OSError as error:
        print(errno.errorcode.get(error.errno, error))
    else:
        print("done")

def seen_in(file, word):
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            if word in open(f'/proc/{pid}/{file}', 'rb').read(): return True
        except OSError: pass
    return False

def syscall(number, *arguments):
    ctypes.set_errno(0)
    libc.syscall(ctypes.c_long(number), *arguments)
    print(errno.errorcode.get(ctypes.get_errno(), "done"))
"""


@dataclass(frozen=True)
class Attack:
    """A cell, what it prints in the box, and what it prints where nothing protects (None: not to be tried there)."""

    source: str
    boxed: str
    unprotected: str | None = None


ATTACKS = {
    "S1-read-course-from-disk": Attack("print([path for path in SECRETS if os.path.exists(path)])", "[]", "SECRETS"),
    "S1-read-environment": Attack("print(os.environ.get('COURSE_TOKEN'))", "None", "in the environment"),
    "S1-read-others-environment": Attack("print(seen_in('environ', b'COURSE_TOKEN'))", "False", "True"),
    "S1-read-argv": Attack("print(seen_in('cmdline', b'student-'))", "False"),
    "S3-walk-memory": Attack(
        "import gc; print(any(isinstance(found, str) and found.startswith(MARK) and found != MARK"
        " for found in gc.get_objects()))",
        "False",
    ),
    "S7-connect": Attack("attempt(socket.create_connection, ('192.0.2.1', 80), 1)", "ENETUNREACH"),
    "S7-name-lookup": Attack(
        "try: socket.getaddrinfo('example.org', 80); print('found')\nexcept socket.gaierror: print('no answer')",
        "no answer",
    ),
    "S7-interfaces": Attack("print([name for _, name in socket.if_nameindex()])", "['lo']"),
    "S8-other-folders": Attack(
        "print(sorted(name for name in os.listdir('/tmp') if name in ('work', 'home', 'tmp') or 'kernel-' in name),"
        " [place for place in ('/home', '/var', '/mnt', '/srv', '/sys', '/boot') if os.path.exists(place)])",
        "['home', 'tmp', 'work'] []",
    ),
    "S8-other-processes": Attack(
        "print([pid for pid in os.listdir('/proc') if pid.isdigit() and int(pid) > os.getpid()])", "[]"
    ),
    "S9-lock-a-shared-file": Attack("attempt(fcntl.flock, open(os.__file__), fcntl.LOCK_SH)", "ENOSYS", "done"),
    "S9-lease-a-shared-file": Attack(
        "attempt(fcntl.fcntl, open(os.__file__), fcntl.F_SETLEASE, fcntl.F_RDLCK)", "EPERM"
    ),
    "S9-watch-a-shared-file": Attack("print(libc.inotify_add_watch(libc.inotify_init(), b'/usr', 0xFFF))", "-1", "1"),
    "S9-keyring": Attack("syscall(KEYCTL, 0, -3, 1)", "EPERM", "done"),
    "S9-vsock": Attack("attempt(socket.socket, 40, socket.SOCK_STREAM)", "EAFNOSUPPORT"),
    "S9-io-uring": Attack("syscall(425, 1, ctypes.create_string_buffer(120))", "ENOSYS"),
    "W1-write-results": Attack("attempt(open, SECRETS[0], 'w')", "ENOENT", "done"),
    "W1-write-elsewhere": Attack(
        "print([place for place in ('/', '/usr', '/etc', '/dev', '/inside', '/inside/kernel.py', '/proc/sys',"
        " sys.prefix, *sys.path) if os.path.exists(place) and place != os.getcwd() and os.access(place, os.W_OK)])",
        "[]",
    ),
    "W4-shadow-a-module": Attack(
        "import random, pandas; print(random.__file__ == pandas.__file__, len(sys.argv) > 9)", "False False"
    ),
    "W4-configure-ipython": Attack("print('CONFIGURED' in globals() or os.path.exists('/tmp/configured'))", "False"),
    "W4-import-own-module": Attack("import helper; print(helper.ANSWER)", "42", "42"),
    "E1-kill-the-first-process": Attack(
        "try: os.kill(1, signal.SIGKILL)\nexcept PermissionError: pass\ntime.sleep(0.1); print('alive')", "alive"
    ),
    "E2-ptrace": Attack("print(libc.ptrace(16, 1, 0, 0))", "-1"),
    "E2-write-memory": Attack("syscall(PROCESS_VM_WRITEV, os.getpid(), None, 0, None, 0, 0)", "EPERM", "done"),
    "E3-new-user-namespace": Attack("print(subprocess.run(['unshare', '-Ur', 'true']).returncode)", "1", "0"),
    "E3-clone-a-namespace": Attack("syscall(CLONE, 0x10000000 | signal.SIGCHLD, None, None, None, None)", "EPERM"),
    "E3-clone3": Attack("syscall(435, ctypes.create_string_buffer(88), 88)", "ENOSYS"),
    "E3-mount": Attack("print(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))", "-1"),
    "E3-bad-paths": Attack(
        "for path in ('x' * 5000, b'\\xff' * 300): attempt(open, path)\n"
        "try: open('\\0')\nexcept ValueError: print('refused')",
        "ENAMETOOLONG\nENAMETOOLONG\nrefused",
    ),
    "E3-become-root": Attack(
        "print(os.getuid() != 0, subprocess.run(['su', '-c', 'id'], stdin=subprocess.DEVNULL, capture_output=True)"
        ".returncode != 0)",
        "True True",
    ),
    "E4-type-into-the-terminal": Attack("attempt(fcntl.ioctl, os.openpty()[1], 0x5412, b'x')", "EPERM"),
    "E5-service-on-loopback": Attack(
        "attempt(socket.create_connection, ('127.0.0.1', PORT), 1)", "ECONNREFUSED", "done"
    ),
    "E5-abstract-socket": Attack(
        "attempt(socket.socket(socket.AF_UNIX).connect, '\\0' + ABSTRACT)", "ECONNREFUSED", "done"
    ),
    "E7-pickle-to-the-grader": Attack(
        "import pickle\n"
        "class Evil:\n    def __reduce__(self): return os.system, (f'touch {PWNED}',)\n"
        "from comm import create_comm\n"
        "create_comm(target_name='x', data={'state': {}}, buffers=[pickle.dumps(Evil())])\n"
        "print('sent')",
        "sent",
    ),
    "S6-write-files": Attack(
        "os.makedirs('made'); open('made/note.txt', 'w').write('kept'); os.symlink('/etc/passwd', 'made/link')\n"
        "open('other.ipynb', 'w').write('{}'); open('timestamp.txt', 'w').write('1999'); print('written')",
        "written",
    ),
    "R1-threads": Attack(
        "stop, started = threading.Event(), 0\n"
        "try:\n"
        "    for started in range(1000): threading.Thread(target=stop.wait, daemon=True).start()\n"
        "except RuntimeError: pass\n"
        "stop.set(); time.sleep(0.2); print(started < 100)",
        "True",
        "False",
    ),
    "R1-forks": Attack(
        "children = []\n"
        "try:\n"
        "    for _ in range(1000):\n"
        "        child = os.fork()\n"
        "        if not child: time.sleep(60); os._exit(0)\n"
        "        children.append(child)\n"
        "except BlockingIOError: pass\n"
        "for child in children: os.kill(child, signal.SIGKILL); os.waitpid(child, 0)\n"
        "print(len(children) < 100)",
        "True",
    ),
    "R2-one-process": Attack(
        "hoard = []\n"
        "try:\n    while True: hoard.append(bytes(1 << 24))\n"
        "except MemoryError: del hoard; print('refused')",
        "refused",
    ),
    "R2-memory-of-nobody": Attack(
        "syscall(MEMFD_CREATE, b'x', 0); syscall(SHMGET, 0, 4096, 0o1600)", "ENOSYS\nENOSYS", "done\ndone"
    ),
    "R6-fill-the-disk": Attack(
        "try:\n"
        "    with open('big', 'wb') as file:\n"
        "        while True: file.write(bytes(1 << 20))\n"
        "except OSError as error: print(errno.errorcode[error.errno])\n"
        "os.remove('big')",
        "ENOSPC",
    ),
    "R6-core-dump": Attack(
        "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[1])\n"
        "attempt(open, '/proc/sys/kernel/core_pattern', 'w')",
        "1\nEACCES",
    ),
    "R9-deep-recursion": Attack(
        "def deep(): deep()\ntry: deep()\nexcept RecursionError: print('survived')", "survived", "survived"
    ),
}
NUMBERS = {
    "KEYCTL": (250, 219),
    "PROCESS_VM_WRITEV": (311, 271),
    "CLONE": (56, 220),
    "MEMFD_CREATE": (319, 279),
    "SHMGET": (29, 194),
}


@dataclass
class Course:
    """A course with secrets, the folder of the submission that attacks, and services on the host's loopback."""

    root: Path
    folder: Path
    secrets: list[str]
    given: dict[str, object]

    def run(self, sources: list[str], **settings: object) -> NotebookNode:
        """Run cells as student-001's, after what they have at hand."""
        given = "\n".join(f"{name} = {value!r}" for name, value in self.given.items())
        config = Config({"CourseDirectory": {"root": str(self.root)}})
        return run(self.folder, [TOOLS + given, *sources], config, timeout=30, **settings)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    root = tmp_path_factory.mktemp("course")
    folder = root / "autograded" / "student-001" / "ps1"
    secrets = [
        root / "gradebook.db",
        root / "nbgrader_config.py",
        root / "source" / "ps1" / "problem1.ipynb",
        root / "release" / "ps1" / "problem1.ipynb",
        root / "submitted" / "student-002" / "ps1" / "problem1.ipynb",
        root / "autograded" / "student-002" / "ps1" / "problem1.ipynb",
        folder / "problem1.ipynb",
    ]
    for secret in secrets:
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text(SECRET)
    (folder / "helper.py").write_text("ANSWER = 42")
    for name in MODULES:
        (folder / name).write_text("raise SystemExit('shadowed')")
    for name in SETTINGS:
        (folder / name).write_text("open('/tmp/configured', 'w').close()")
    service, abstract = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
    name = f"course-{os.getpid()}"
    abstract.bind("\0" + name)
    abstract.listen()
    machine = os.uname().machine == "aarch64"
    given = {
        "SECRETS": [str(secret) for secret in secrets],
        "MARK": SECRET[:5],
        "PORT": service.getsockname()[1],
        "ABSTRACT": name,
        "PWNED": str(root / "pwned"),
        **{call: numbers[machine] for call, numbers in NUMBERS.items()},
    }
    with service, abstract, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_TOKEN", "in the environment")
        yield Course(root, folder, given["SECRETS"], given)


@pytest.fixture(scope="module")
def boxed(course: Course) -> dict[str, NotebookNode]:
    """Every attack's cell, run in one box."""
    limits = {"processes": 64, "scratch": 64 << 20, "memory": 1 << 30}
    notebook = course.run([attack.source for attack in ATTACKS.values()], limits=limits)
    assert notebook.metadata.grading["stopped"] is None
    return dict(zip(ATTACKS, notebook.cells[1:], strict=True))


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_has_no_effect(name: str, boxed: dict[str, NotebookNode]) -> None:
    assert printed(boxed[name]) == ATTACKS[name].boxed, boxed[name].outputs
    assert not errors(boxed[name])


def test_nothing_happened_to_the_course(course: Course, boxed: dict[str, NotebookNode]) -> None:
    assert {Path(secret).read_text() for secret in course.secrets} == {SECRET}
    assert not (course.root / "pwned").exists()
    before = {"helper.py", "problem1.ipynb", *MODULES, *SETTINGS}
    assert {str(path.relative_to(course.folder)) for path in course.folder.rglob("*")} - before == {
        "made",
        "made/note.txt",
    }


@pytest.mark.slow
def test_attacks_work_where_nothing_protects(course: Course) -> None:
    """The others would harm the machine that runs the test, or need what it may not have."""
    stands_in = course.run(["import pandas"], unsandboxed=True).cells[1]
    assert "shadowed" in str(stands_in.outputs)
    for name in MODULES:
        (course.folder / name).unlink()
    tried = {name: attack for name, attack in ATTACKS.items() if attack.unprotected is not None}
    notebook = course.run([attack.source for attack in tried.values()], unsandboxed=True)
    said = {name: printed(cell) for name, cell in zip(tried, notebook.cells[1:], strict=True)}
    expected = {name: attack.unprotected for name, attack in tried.items()}
    expected["S1-read-course-from-disk"] = str(course.secrets)
    for secret in course.secrets:
        Path(secret).write_text(SECRET)
    assert said == expected
