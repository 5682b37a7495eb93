"""Run cells as a submission is run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from guarantees.grading.execute import SandboxedExecute
from guarantees.grading.sandbox import Sandbox


def run(folder: Path, sources: Sequence[str], config: Config | None = None, **settings: Any) -> NotebookNode:
    """Run cells with `folder` as the place of the notebook; settings are the sandbox's or the preprocessor's."""
    config = Config(config or {})
    for name, value in settings.items():
        owner = "Sandbox" if name in Sandbox.class_own_traits(config=True) else "SandboxedExecute"
        config[owner][name] = value
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    SandboxedExecute(config=config).preprocess(notebook, {"metadata": {"path": str(folder)}})
    return notebook


def printed(cell: NotebookNode) -> str:
    """What a cell wrote to standard output."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout").strip()


def errors(cell: NotebookNode) -> list[str]:
    """The names of a cell's errors."""
    return [output.ename for output in cell.outputs if output.output_type == "error"]
