"""What ends a kernel: each has a verdict, costs the cells from there on, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import validate, write
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from guarantees.grading.box import MIB, python_of
from guarantees.grading.execute import STOPPED, SandboxedExecute
from guarantees.grading.nursery import nurseries, nursery_of
from guarantees.grading.workers import begin_nursery, settle
from tests.grading.boxed import errors, printed, run

MACHINE_CODE = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex('b814000000cd80c3'))  # mov eax, 20 (getpid); int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""
X86 = pytest.mark.skipif(os.uname().machine != "x86_64", reason="another architecture's system calls are x86-64's")
# name: cell, limits, reason, error of the cell
STOPS = {
    "R2-memory-that-children-share-out": (
        "import os, time\n"
        "for _ in range(6):\n"
        "    if not os.fork(): hoard = bytearray(b'x') * (100 << 20); time.sleep(60)\n"
        "time.sleep(60)",
        {"memory": 400 * MIB},
        "memory",
        "MemoryLimit",
    ),
    "R2-memory-on-no-heap": (
        "import mmap\nhoard = []\nwhile True: hoard.append(mmap.mmap(-1, 1 << 24)); hoard[-1].write(bytes(1 << 24))",
        {"memory": 400 * MIB},
        "memory",
        "MemoryLimit",
    ),
    "R2-memory-in-files": (
        "for place in ('/dev/shm', '/tmp'):\n"
        "    for number in range(30): open(f'{place}/{number}', 'wb').write(bytes(8 << 20))",
        {"memory": 400 * MIB, "scratch": 256 * MIB},
        "memory",
        "MemoryLimit",
    ),
    "R2-memory-in-sockets": (
        "import os, socket, time\npairs = []\n"
        "for _ in range(4): os.fork()\n"
        "try:\n    while True: pairs.append(socket.socketpair())\n"
        "except OSError: time.sleep(60)",
        {"memory": 400 * MIB},
        "memory",
        "MemoryLimit",
    ),
    "R3-spin-in-many-processes": (
        "import os\nfor _ in range(3): os.fork()\nwhile True: pass",
        {"cpu": 1.5},
        "cpu",
        "CpuLimit",
    ),
    "R3-sleep-for-ever": ("import time; time.sleep(600)", {"wall": 2}, "wall", "WallLimit"),
    "R5-flood-that-heeds-no-interrupt": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: print('x' * 100_000)",
        {"output": 16 * MIB},
        "output",
        "OutputLimit",
    ),
    "R5-message-that-is-too-large": (
        "get_ipython().kernel.outlet.connection.sendall(b'\\xff' * 8)",
        {},
        "protocol",
        "ProtocolError",
    ),
    "R6-a-million-files": (
        "for number in range(10**6): open(f'{number}', 'w').close()",
        {"files": 3000},
        "scratch",
        "ScratchLimit",
    ),
    "R9-bad-pointer": ("import ctypes; ctypes.string_at(0)", {}, "died", "KernelDied"),
    "R9-stack-overflow": (
        "import ctypes, sys, threading\nsys.setrecursionlimit(10**9)\n"
        "class Deep:\n    def __repr__(self): return repr(self)\nrepr(Deep())",
        {},
        "died",
        "KernelDied",
    ),
    "T1-exit-without-a-word": ("import os; os._exit(0)", {}, "died", "KernelDied"),
    "E1-kill-the-parent": ("import os; os.kill(os.getppid(), 9)", {}, "died", "KernelDied"),
    "E1-kill-the-own-group": ("import os; os.killpg(0, 9)", {}, "died", "KernelDied"),
    "protocol-nonsense": (
        "get_ipython().kernel.outlet.connection.sendall(b'\\0\\0\\0\\2{}')",
        {},
        "protocol",
        "ProtocolError",
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_kernel_is_stopped(name: str, tmp_path: Path) -> None:
    source, limits, reason, error = STOPS[name]
    notebook = run(tmp_path, ["print('before')", source, "print('after')"], limits=limits, timeout=60)
    before, attack, after = notebook.cells
    stopped = notebook.metadata.grading["stopped"]
    assert (stopped["reason"], stopped["cell"]) == (reason, 1)
    assert printed(before) == "before"
    assert errors(attack)[-1:] == [error]
    assert errors(after) == ["NotRun"]
    assert STOPPED.issuperset([error, "NotRun"])
    assert stopped["message"] in after.outputs[0].evalue
    validate(notebook)


@X86
@pytest.mark.parametrize("source", [MACHINE_CODE, "import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)"])
def test_E3_another_architectures_calls_kill(source: str, tmp_path: Path) -> None:
    notebook = run(tmp_path, [source, "print('after')"])
    assert [errors(cell) for cell in notebook.cells] == [["KernelDied"], ["NotRun"]]


def test_R3_many_cells_each_under_the_limit(tmp_path: Path) -> None:
    notebook = run(tmp_path, ["import time; time.sleep(0.5)"] * 20, limits={"wall": 3}, timeout=2)
    assert notebook.metadata.grading["stopped"]["reason"] == "wall"
    assert errors(notebook.cells[-1]) == ["NotRun"]


def test_R4_endless_loop_is_interrupted_and_the_rest_is_run(tmp_path: Path) -> None:
    notebook = run(tmp_path, ["kept = 1", "while True: pass", "print(kept)"], timeout=1)
    assert errors(notebook.cells[1]) == ["KeyboardInterrupt", "CellTimeoutError"]
    assert printed(notebook.cells[2]) == "1"
    assert (notebook.metadata.grading["stopped"], notebook.metadata.grading["timeouts"]) == (None, [1])


def test_R4_interrupt_swallower_is_killed(tmp_path: Path) -> None:
    swallow = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.alarm(0)\nwhile True: pass"
    notebook = run(tmp_path, [swallow, "print('after')"], timeout=1, iopub_timeout=1)
    assert [errors(cell) for cell in notebook.cells] == [["InterruptIgnored"], ["NotRun"]]


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('no end')",
        "while True: display('x' * 10_000, clear=True)",
        "print('x' * 3_000_000)",
        "'x' * (40 << 20)",
    ],
)
def test_R5_flood_ends_its_cell_alone(source: str, tmp_path: Path) -> None:
    notebook = run(tmp_path, [source, "print('after')"], max_output=100_000)
    assert errors(notebook.cells[0])[-1] == "OutputLimit"
    assert sum(len(str(output)) for output in notebook.cells[0].outputs) < 200_000
    assert printed(notebook.cells[1]) == "after"
    assert notebook.metadata.grading["stopped"] is None


def test_R1_daemons_die_with_the_box(tmp_path: Path) -> None:
    name = f"daemon-{os.getpid()}"
    daemon = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', '{name}'], start_new_session=True)"
    )
    run(tmp_path, [daemon])
    assert subprocess.run(["pgrep", "-f", name], capture_output=True).stdout == b""


@pytest.mark.parametrize("warm", [True, False])
def test_Q3_the_next_submission_is_none_the_worse(warm: bool, tmp_path: Path) -> None:
    kill_all = "import os\ntry: os.kill(-1, 9)\nexcept ProcessLookupError: pass\nos.kill(os.getpid(), 11)"
    poison = run(tmp_path, [kill_all], warm=warm)
    assert errors(poison.cells[0]) == ["KernelDied"]
    assert printed(run(tmp_path, ["print(6 * 7)"], warm=warm).cells[0]) == "42"


def test_Q5_kernels_start_when_the_nursery_was_killed(tmp_path: Path) -> None:
    assert printed(run(tmp_path, ["print(6 * 7)"]).cells[0]) == "42"
    for nursery in nurseries.values():
        assert nursery is not None
        nursery.process.kill()
        nursery.process.wait()
    assert printed(run(tmp_path, ["print(6 * 7)"]).cells[0]) == "42"


def test_Q5_a_nursery_begins_with_what_the_settings_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And with nothing if they cannot be read: what is wrong with them is said when they are needed."""
    monkeypatch.chdir(tmp_path)
    known = dict(nurseries)
    for settings in ("1 / 0", "c = get_config()\nc.Sandbox.preload = ['colorsys']"):
        assert nurseries == known
        (tmp_path / "nbgrader_config.py").write_text(settings)
        begin_nursery()
        settle()
    python = python_of(sys.executable)
    (begun,) = [nursery for key, nursery in nurseries.items() if key not in known]
    assert nursery_of(python.executable, python.search_path, ("colorsys",)) is begun
    loaded = run(tmp_path, ["import sys; print('colorsys' in sys.modules)"], preload=["colorsys"])
    assert printed(loaded.cells[0]) == "True"
    begun.close()


def test_Q5_what_starts_threads_is_not_forked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Threads do not survive a fork, and their locks may be held for ever: such kernels start cold."""
    (tmp_path / "threaded.py").write_text(
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    search_path = (str(tmp_path), *python_of(sys.executable).search_path)
    assert nursery_of(sys.executable, search_path, ("threaded",)) is None
    assert "threads" in caplog.text


def test_Q5_warm_libraries_compute(tmp_path: Path) -> None:
    """A child forked while OpenBLAS had threads would hang here."""
    multiply = "import numpy as np\nprint(int(np.dot(np.ones((600, 600)), np.ones((600, 600)))[0, 0]))"
    assert printed(run(tmp_path, [multiply], preload=["numpy", "pandas", "scipy.linalg"]).cells[0]) == "600"


def test_T_no_way_to_skip_an_error(tmp_path: Path) -> None:
    """What hides an error from the front end, or asks for it to be ignored, hides nothing from the score."""
    grade = {"nbgrader": {"grade": True, "solution": False, "points": 2, "grade_id": "x", "locked": True}}
    asked = ["skip-execution", "raises-exception", "nbconvert-skip"]
    cells = [
        new_code_cell("1 / 0", metadata={**grade, "tags": asked}),
        new_code_cell("get_ipython().showtraceback = lambda *_, **__: None"),
        new_code_cell("1 / 0", metadata=grade),
        new_code_cell("import ipywidgets; out = ipywidgets.Output(); display(out); out.__enter__()"),
        new_code_cell("out.msg_id = get_ipython().kernel.get_parent()['header']['msg_id']\n1 / 0", metadata=grade),
        new_code_cell("import sys; sys.exit(0)", metadata=grade),
        new_code_cell("raise KeyboardInterrupt", metadata=grade),
        new_code_cell("class No(Exception):\n    def __bool__(self): return False\nraise No", metadata=grade),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    SandboxedExecute().preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert [determine_grade(cell)[0] for cell in notebook.cells if cell.metadata.get("nbgrader")] == [0] * 6


FORGED = {
    "N7-lone-surrogate": ("stream", "{'name': 'stdout', 'text': 'lone \\ud800'}"),
    "N7-deep-nesting": ("display_data", "{'data': {'application/json': deep}, 'metadata': {}}"),
    "F3-name-with-escapes": ("\x1b[31mred", "{}"),
    "N7-wrong-types": ("display_data", "{'data': 5, 'metadata': []}"),
}


def test_forged_messages_leave_a_notebook_that_can_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """They come as the kernel's own: what they hold is for the grader to bear."""
    forge = (
        "kernel, deep = get_ipython().kernel, 1\n"
        "for _ in range(80): deep = [deep]\n"
        "def forge(kind, content): kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())"
    )
    sources = [f"forge({kind!r}, {content})" for kind, content in FORGED.values()]
    notebook = run(tmp_path, [forge, *sources])
    validate(notebook)
    write(notebook, tmp_path / "notebook.ipynb")
    assert notebook.metadata.grading["stopped"] is None
    assert [errors(cell) for cell in notebook.cells[1:]] == [[], ["ProtocolError"], [], ["ProtocolError"]]
    assert "\x1b" not in caplog.text


def test_P4_a_cell_that_waits_is_not_a_cell_that_computes(tmp_path: Path) -> None:
    """Busy neighbours make correct code slow on the clock: processor time is what a cell's limit counts first."""
    cells = ["import time; time.sleep(1.5); print('slow')", "time.sleep(60)", "print('after')"]
    notebook = run(tmp_path, cells, timeout=1, patience=3)
    assert printed(notebook.cells[0]) == "slow"
    assert errors(notebook.cells[1])[-1] == "CellTimeoutError"
    assert printed(notebook.cells[2]) == "after"
    assert notebook.metadata.grading["timeouts"] == [1]


GRADER = """
import sys
from pathlib import Path
from tests.grading.boxed import run
sleep = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)', '{name}'])"
run(Path(sys.argv[1]), [sleep.format(name=sys.argv[2])])
"""


def running(name: str) -> bool:
    """Whether a process inside a box has this word among its arguments."""
    found = subprocess.run(["pgrep", "-f", f"sleep.600. {name}"], capture_output=True, text=True)
    return bool(found.stdout)


def test_Q4_nothing_outlives_a_grader_that_is_killed(tmp_path: Path) -> None:
    name = f"orphan-{os.getpid()}"
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}:{root / 'src'}"}
    grader = subprocess.Popen([sys.executable, "-c", GRADER, str(tmp_path), name], env=environment)
    while not running(name):
        assert grader.poll() is None
    grader.kill()
    grader.wait()
    while running(name):  # the test's time limit bounds both loops
        pass
