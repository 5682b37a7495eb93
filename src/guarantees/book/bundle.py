"""The widget bundle: what esbuild makes of ``entry.js`` and the locked npm packages."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ANYWIDGET_AMD = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
FILES = ("widgets.js", "widgets.css")


class MissingPackages(RuntimeError):
    """The npm packages are not installed."""


def esbuild(npm_packages: Path, *arguments: str | Path, text: str | None = None) -> str:
    """Run esbuild, with a text as its input if there is one.

    Raises
    ------
    MissingPackages
        If esbuild is not among the npm packages.
    """
    program = npm_packages / ".bin" / "esbuild"
    if not program.exists():
        raise MissingPackages(f"{program} is not there: run `make book`, which installs the npm packages first")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NODE_PATH": str(npm_packages)}
    command = [program, "--minify", "--legal-comments=none", "--log-level=warning", *arguments]
    return subprocess.run(command, check=True, env=environment, input=text, stdout=subprocess.PIPE, text=True).stdout


def minified(npm_packages: Path, text: str, language: str) -> str:
    """Shorten a script (``"js"``) or a style (``"css"``) without changing what it does."""
    return esbuild(npm_packages, f"--loader={language}", text=text)


def build(npm_packages: Path, out: Path) -> None:
    """Write ``widgets.js`` and ``widgets.css`` into a folder.

    Parameters
    ----------
    npm_packages : Path
        The ``node_modules`` folder.
    out : Path
        Made if it is not there.

    Raises
    ------
    MissingPackages
        If esbuild is not among the npm packages.
    """
    esbuild(
        npm_packages,
        HERE / "entry.js",
        "--bundle",
        "--format=iife",
        "--target=es2022",
        "--loader:.svg=dataurl",
        # ipywidgets sets formulas in labels with MathJax 2 and throws where a page has version 3.
        "--define:window.MathJax=undefined",
        f"--alias:anywidget-amd={ANYWIDGET_AMD}",
        f"--inject:{HERE / 'patience.js'}",
        "--define:AbortSignal.timeout=timeout",
        f"--outfile={out / FILES[0]}",
    )
