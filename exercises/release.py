"""What goes out with the student versions that nbgrader wrote: ``make release``.

``_build/release/`` then holds

``manifest.json``
    The version of the course, and a checksum for each notebook and each file of the data: what students were given.
``outcomes.csv``
    The points for each question and its learning outcome, from the notebooks' metadata.
``exercises.zip``
    The problem sets to work on offline, with the chapters that they link to, the package with its data, and how to
    start.
"""

import csv
import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from guarantees import catalog
from guarantees.show.exercise import questions

ROOT = Path(__file__).resolve().parents[1]
# The same content makes the same archive.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
START = """\
Needed: Python 3.11, 3.12 or 3.13. Installing asks the network; after that, none is needed.

python3 -m venv .venv
.venv/bin/pip install "./{wheel}[lab]"
.venv/bin/jupyter lab exercises

On Windows, write .venv\\Scripts\\ in place of .venv/bin/. Hand in the notebook as your instructor says.
"""


def checksum(path: Path) -> str:
    """Compute what ``sha256sum`` prints."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(released: list[Path]) -> dict[str, object]:
    """Say what students were given."""
    return {
        "version": version("guarantees"),
        "assignments": {path.stem: checksum(path) for path in released},
        "data": {path.name: checksum(path) for path in sorted(catalog.folder().iterdir()) if path.is_file()},
    }


def archive(released: list[Path], manifest: Path, target: Path) -> None:
    """Pack the sets with what they need."""
    with TemporaryDirectory() as scratch, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        build = ["-m", "uv", "build", "--quiet", "--wheel", "--no-build-isolation", "--out-dir", scratch, ROOT]
        subprocess.run([sys.executable, *build], check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        files = {f"exercises/{path.stem}/{path.name}": path.read_bytes() for path in released}
        files |= {str(path.relative_to(ROOT)): path.read_bytes() for path in ROOT.glob("chapters/**/*.md")}
        files |= {path.name: path.read_bytes() for path in (manifest, wheel)}
        files["START.txt"] = START.format(wheel=wheel.name).encode()
        for name, content in sorted(files.items()):
            package.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), content, zipfile.ZIP_DEFLATED)


def main(course: Path, target: Path) -> None:
    """Write all three from the release versions of a course."""
    names = sorted(folder.name for folder in course.glob("source/*/"))
    released = [course / "release" / name / f"{name}.ipynb" for name in names]
    target.mkdir(parents=True, exist_ok=True)
    given = target / "manifest.json"
    given.write_text(json.dumps(manifest(released), indent=2) + "\n", encoding="utf-8")
    archive(released, given, target / "exercises.zip")
    with (target / "outcomes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["assignment", "question", "course_outcome", "outcome", "points_by_tests", "points_by_hand"])
        writer.writerows([path.stem, *astuple(question)] for path in released for question in questions(path))


if __name__ == "__main__":
    main(ROOT / "exercises", ROOT / "_build" / "release")
    print("Student versions: exercises/release/. Manifest, outcomes and the zip for work offline: _build/release/.")
