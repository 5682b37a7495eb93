"""Launch and repository buttons that open the fork the book is built from."""

import os
import re
import subprocess
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

REMOTE = re.compile(
    r"(?:git@|(?:ssh|https?|git)://(?:[^@/]+@)?)(?P<host>[^/:]+)(?::\d+)?[:/](?P<path>.+?)(?:\.git)?/?$"
)
BUTTONS = ("use_repository_button", "use_issues_button", "use_edit_page_button")


def web_address(remote: str) -> str:
    """Turn a git remote into the address of its web page; empty where it has none, as for a local clone.

    Examples
    --------
    >>> web_address("git@example.org:team/course.git")
    'https://example.org/team/course'
    >>> web_address("/srv/course")
    ''
    """
    match = REMOTE.match(remote)
    return f"https://{match['host']}/{match['path']}" if match else ""


def git(folder: Path, *arguments: str) -> str:
    """Output of a git command, empty where git or the repository is missing."""
    try:
        run = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout.strip()


def point_to_fork(app: Sphinx, config: Config) -> None:
    """Fill in repository and branch; without an address, buttons that need one are left out.

    ``BOOK_REPOSITORY_URL`` and ``BOOK_REPOSITORY_BRANCH`` override git, for a build on a detached HEAD.
    """
    options = config.html_theme_options
    source = Path(app.srcdir)
    url = os.environ.get("BOOK_REPOSITORY_URL") or web_address(git(source, "remote", "get-url", "origin"))
    branch = os.environ.get("BOOK_REPOSITORY_BRANCH") or git(source, "symbolic-ref", "--quiet", "--short", "HEAD")
    if url:
        options["repository_url"] = url
        options["repository_branch"] = branch or git(source, "rev-parse", "HEAD")
        options.update(dict.fromkeys(BUTTONS, True))
    else:
        options["launch_buttons"] = {}
