"""nbgrader's own tests of autograding, as its wheel ships them, with every kernel in a box."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = """
from nbgrader.converters import Autograde

c = get_config()
c.Autograde.autograde_preprocessors = [
    "guarantees.grading.execute.SandboxedExecute" if step.__name__ == "Execute" else step
    for step in Autograde().autograde_preprocessors
]
c.SandboxedExecute.patience = 1  # as with nbgrader, a cell that sleeps is one that works
"""


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_nbgraders_own_tests_pass(tmp_path: Path) -> None:
    """Nothing but where cells are run differs from stock nbgrader; files that the code writes count among them."""
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs"]
    done = subprocess.run(
        [*command, "nbgrader.tests.apps.test_nbgrader_autograde"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 40
