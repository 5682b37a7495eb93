"""Build the book: ``python -m guarantees.book``, from the project's root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path.cwd()
HTML = ROOT / "_build" / "html"


def missing_pages() -> list[str]:
    """Pages of the table of contents that the build did not write."""
    pages = parse_toc_yaml(ROOT / "_toc.yml").as_json()["documents"]
    return [name for name in pages if not (HTML / f"{name}.html").exists()]


def main() -> int:
    """Build with warnings as errors, then check that every page came out."""
    command = ["jupyter-book", "build", "-W", "-n", "--keep-going", "--path-output", str(ROOT), str(ROOT)]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    failed = subprocess.run(command, env={**os.environ, "PATH": path}).returncode
    if failed:
        # Sphinx would not read a page again whose cell failed, and the next build would pass.
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)
        print("The book was not built: see the warnings above.", file=sys.stderr)
        return failed
    if missing := missing_pages():
        print(f"The book lacks pages that _toc.yml names: {', '.join(missing)}", file=sys.stderr)
        return 1
    print(f"\nThe book is ready: open {HTML / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
