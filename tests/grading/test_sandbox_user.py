"""The box as an ordinary user makes it: with a user namespace, and without root's ways."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from guarantees.grading.box import bubblewrap

ROOT = Path(__file__).resolve().parents[2]
USER = 54321
BECOME = f"import os, sys; os.setgroups([]); os.setgid({USER}); os.setuid({USER}); os.execv(sys.argv[1], sys.argv[1:])"


def within_reach(paths: list[Path]) -> list[str]:
    """Options that show an ordinary user what lies in root's home, which only root may enter."""
    home = Path(pwd.getpwuid(0).pw_dir)
    options = ["--dev-bind", "/", "/", "--perms", "0755", "--tmpfs", str(home)]
    for path in paths:
        if path.is_relative_to(home):
            for above in reversed(path.parents):
                if above.is_relative_to(home) and above != home:
                    options += ["--perms", "0755", "--dir", str(above)]
            options += ["--bind", str(path), str(path)]
    return options


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(os.geteuid() != 0, reason="all other tests run as an ordinary user already")
def test_every_attack_as_an_ordinary_user() -> None:
    folder = Path(tempfile.mkdtemp(prefix="user-"))
    os.chown(folder, USER, USER)
    paths = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT]
    names = ("sandbox_attacks", "sandbox_kernel", "sandbox_limits", "referee")
    tests = [str(ROOT / "tests" / "grading" / f"test_{name}.py") for name in names]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "not slow",
        "-p",
        "no:cacheprovider",
        f"--basetemp={folder}/t",
    ]
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [bubblewrap(), *within_reach(paths), sys.executable, "-c", BECOME, *command, *tests],
            env=environment, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
