import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from guarantees.book import repository
from tests.chromium import ROOT


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@example.org:team/course.git", "https://example.org/team/course"),
        ("https://example.org/team/course", "https://example.org/team/course"),
        ("https://user:secret@example.org/team/course.git/", "https://example.org/team/course"),
        ("ssh://git@example.org:2222/team/sub/course.git", "https://example.org/team/sub/course"),
        ("/srv/git/course.git", ""),
        ("../course", ""),
        ("file:///srv/git/course", ""),
    ],
)
def test_web_address(remote, address):
    assert repository.web_address(remote) == address


@pytest.fixture
def checkout(tmp_path):
    def git(*arguments):
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True, capture_output=True)

    git("init", "--initial-branch", "spring")
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--allow-empty", "-m", "first")
    git("remote", "add", "origin", "git@example.org:fork/course.git")
    return tmp_path


def options_for(folder):
    config = SimpleNamespace(html_theme_options={"launch_buttons": {"binderhub_url": "x"}})
    repository.point_to_fork(SimpleNamespace(srcdir=folder), config)
    return config.html_theme_options


@pytest.fixture(autouse=True)
def no_override(monkeypatch):
    monkeypatch.delenv("BOOK_REPOSITORY_URL", raising=False)
    monkeypatch.delenv("BOOK_REPOSITORY_BRANCH", raising=False)


def test_buttons_point_to_the_remote_and_branch_of_the_checkout(checkout):
    options = options_for(checkout)
    assert options["repository_url"] == "https://example.org/fork/course"
    assert options["repository_branch"] == "spring"
    assert options["use_repository_button"] is True
    assert options["launch_buttons"] == {"binderhub_url": "x"}


def test_a_detached_head_points_to_its_commit(checkout):
    subprocess.run(["git", "-C", checkout, "checkout", "--detach"], check=True, capture_output=True)
    commit = repository.git(checkout, "rev-parse", "HEAD")
    assert len(commit) == 40
    assert options_for(checkout)["repository_branch"] == commit


def test_the_environment_overrides_git(checkout, monkeypatch):
    monkeypatch.setenv("BOOK_REPOSITORY_URL", "https://example.org/other/course")
    monkeypatch.setenv("BOOK_REPOSITORY_BRANCH", "main")
    options = options_for(checkout)
    assert (options["repository_url"], options["repository_branch"]) == ("https://example.org/other/course", "main")


def test_without_a_web_address_no_button_leads_nowhere(tmp_path):
    options = options_for(tmp_path)
    assert options == {"launch_buttons": {}}


def test_buttons_of_a_built_page_open_the_fork_and_its_notebooks(tmp_path):
    config = (
        (ROOT / "_config.yml")
        .read_text(encoding="utf-8")
        .replace("execute_notebooks: inline", "execute_notebooks: off")
    )
    (tmp_path / "_config.yml").write_text(config, encoding="utf-8")
    tools = Path(sys.executable).parent
    fork = {"BOOK_REPOSITORY_URL": "https://github.com/fork/course", "BOOK_REPOSITORY_BRANCH": "spring"}
    command = [
        tools / "jupyter-book",
        "build",
        "--quiet",
        "--config",
        tmp_path / "_config.yml",
        "--path-output",
        tmp_path,
    ]
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", **fork}
    subprocess.run([*command, ROOT], check=True, env=env, capture_output=True)
    html = (tmp_path / "_build" / "html" / "chapters" / "models" / "israel.html").read_text(encoding="utf-8")
    for address in (
        "https://github.com/fork/course",
        "https://github.com/fork/course/edit/spring/chapters/models/israel.md",
        "https://mybinder.org/v2/gh/fork/course/spring?urlpath=lab/tree/chapters/models/israel.md",
    ):
        assert f'href="{address}"' in html
