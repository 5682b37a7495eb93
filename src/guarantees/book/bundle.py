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
    esbuild = npm_packages / ".bin" / "esbuild"
    if not esbuild.exists():
        raise MissingPackages(f"{esbuild} is not there: run `make book`, which installs the npm packages first")
    command: list[str | Path] = [
        esbuild,
        HERE / "entry.js",
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2022",
        "--legal-comments=none",
        "--log-level=warning",
        "--loader:.svg=dataurl",
        # ipywidgets sets formulas in labels with MathJax 2 and throws where a page has version 3.
        "--define:window.MathJax=undefined",
        f"--alias:anywidget-amd={ANYWIDGET_AMD}",
        f"--outfile={out / FILES[0]}",
    ]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    subprocess.run(command, check=True, env={**os.environ, "PATH": path, "NODE_PATH": str(npm_packages)})
