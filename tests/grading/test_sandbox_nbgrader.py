"""nbgrader's own tests of autograding, as its wheel ships them, with every kernel in a box."""

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_nbgraders_own_tests_pass(tmp_path: Path) -> None:
    """Nothing but the default provisioner differs from stock nbgrader; files that the code writes count among them."""
    assert entry_points(group="jupyter_client.kernel_provisioners", name="guarantees-sandbox"), (
        "install the package again"
    )
    environment = {
        **os.environ,
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "guarantees-sandbox",
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
