"""The kernel in the box is the one of a notebook, whatever carries its messages."""

import pytest
from nbformat import NotebookNode

from tests.grading.boxed import errors, printed, run

CELLS = {
    "value": "6 * 7",
    "streams": "import sys\nprint('out')\nprint('error', file=sys.stderr)\nprint('out again')",
    "program": "import os\nos.system('echo of a program; echo its error >&2');",
    "piped": "import subprocess\nsubprocess.run(['echo', 'into the stream'], stdout=sys.stdout);",
    "shell": "!echo of the shell",
    "child": "print('of its parent')\n"
    "if not os.fork():\n    print('of a child', flush=True)\n    os._exit(0)\nos.wait();",
    "thread": "import threading\nthread = threading.Thread(target=print, args=('of a thread',))\n"
    "thread.start()\nthread.join()",
    "display": "handle = display('first', display_id='one')",
    "update": "handle.update('second')",
    "cleared": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "cleared later": "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "wait": "import asyncio\nawait asyncio.sleep(0.01)\nprint('waited')",
    "widget": "import ipywidgets\nipywidgets.IntSlider(3)",
    "input": "input('your name: ')",
    "history": "print(In[1], Out[1], _1)",
    "place": "import pandas.io.formats.console as console\nprint(console.in_ipython_frontend(), __name__)",
    "exit": "print('last')\nexit()",
    "after": "print('never')",
}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    notebook = run(tmp_path_factory.mktemp("kernel"), list(CELLS.values()))
    return dict(zip(CELLS, notebook.cells, strict=True))


def test_values_are_counted_and_shown(cells: dict[str, NotebookNode]) -> None:
    (output,) = cells["value"].outputs
    assert (output.output_type, output.data["text/plain"], output.execution_count) == ("execute_result", "42", 1)
    assert [cell.execution_count for cell in cells.values()][:18] == list(range(1, 19))


def test_streams_keep_their_order(cells: dict[str, NotebookNode]) -> None:
    shown = [(output.name, output.text) for output in cells["streams"].outputs]
    assert shown == [("stdout", "out\n"), ("stderr", "error\n"), ("stdout", "out again\n")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("program", "of a program"),
        ("piped", "into the stream"),
        ("shell", "of the shell"),
        ("child", "of its parent\nof a child"),
        ("thread", "of a thread"),
        ("wait", "waited"),
        ("history", "6 * 7 42 42"),
        ("place", "True __main__"),
        ("cleared", "kept"),
        ("cleared later", "kept"),
        ("exit", "last"),
    ],
)
def test_whatever_prints_is_read(cells: dict[str, NotebookNode], name: str, text: str) -> None:
    assert printed(cells[name]) == text
    assert not errors(cells[name])


def test_what_a_program_says_goes_where_it_says_it(cells: dict[str, NotebookNode]) -> None:
    assert [(output.name, output.text) for output in cells["program"].outputs][1:] == [("stderr", "its error\n")]


def test_displays(cells: dict[str, NotebookNode]) -> None:
    assert [output.data["text/plain"] for output in cells["display"].outputs] == ["'second'"]
    assert not cells["update"].outputs
    assert "image/png" in cells["figure"].outputs[-1].data
    assert "application/vnd.jupyter.widget-view+json" in cells["widget"].outputs[-1].data


def test_nobody_is_there_to_be_asked(cells: dict[str, NotebookNode]) -> None:
    assert errors(cells["input"]) == ["StdinNotImplementedError"]


def test_it_ends_when_it_is_told_to(cells: dict[str, NotebookNode]) -> None:
    assert errors(cells["after"]) == ["KernelDied"]
