"""A JupyterLab with a kernel that imports this package, and notebooks in it."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import ROOT
from tests.conftest import DESKTOP

START_SECONDS = 180
STOP_SECONDS = 60
SYNC_SECONDS = 60
KERNEL_IDLE = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
ALL_RAN = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map((prompt) => prompt.innerText);
  return prompts.length && prompts.every((prompt) => /\\d/.test(prompt));
}"""
EXECUTE = """async (code) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const future = kernel.requestExecute({ code });
  let said = "";
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") said += content.text;
    if (header.msg_type === "error") said += content.evalue;
  };
  await future.done;
  return said.trim();
}"""

# Gives what was printed last. Not for Playwright's wait_for_function, which takes a promise for a yes.
EXECUTE_UNTIL = f"""async ([code, text, seconds]) => {{
  const execute = {EXECUTE};
  const end = Date.now() + 1000 * seconds;
  let said;
  do said = await execute(code);
  while (said !== text && Date.now() < end);
  return said;
}}"""


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a running JupyterLab, and the folder that it shows."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    runtime = home / "runtime"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"]
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(ROOT / "src"),
    }
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--IdentityProvider.token="],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield address(server, runtime, home / "lab.log"), folder
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


def address(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Where a JupyterLab that takes any free port (0) answers: it says so in its runtime folder."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            told = json.loads((runtime / f"jpserver-{server.pid}.json").read_text(encoding="utf-8"))
            urllib.request.urlopen(f"{told['url']}api", timeout=5)
            return told["url"].rstrip("/")
        except (OSError, ValueError):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "JupyterLab did not start"
            time.sleep(0.2)


@pytest.fixture
def run_live(lab: tuple[str, Path], browser: Browser) -> Iterator[Callable[..., Page]]:
    """Run a cell of code in a new notebook of a new browser."""
    site, folder = lab
    contexts = []

    def run_live(code: str, **context_options: object) -> Page:
        cell = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": [], "source": code}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        content = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        name = f"notebook-{len(list(folder.iterdir()))}.ipynb"
        (folder / name).write_text(json.dumps(content))
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **context_options})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}/lab/tree/{name}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
        page.wait_for_function(KERNEL_IDLE, timeout=120_000)
        page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(ALL_RAN, timeout=120_000)
        return page

    yield run_live
    for context in contexts:
        context.close()


def execute(page: Page, code: str) -> str:
    """Run code in the notebook's kernel, beside its cells, and give what it printed."""
    return page.evaluate(EXECUTE, code)


def wait_until_printed(page: Page, code: str, text: str) -> None:
    """Run code again until it prints this: the browser sends changes when the kernel has answered the ones before."""
    assert page.evaluate(EXECUTE_UNTIL, [code, text, SYNC_SECONDS]) == text
