"""What a student handed in, before nbgrader touches it: accepted, mended on the way, or refused with a question to ask.

The folder in ``submitted/`` is only read. What is good in it goes into a clean copy: rebuilt notebooks, ordinary side
files, a timestamp that can be parsed. nbgrader grades the copy.
"""

import codecs
import fnmatch
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_locked, parse_utc

from guarantees.grading.rebuild import Damaged, Findings, rebuild
from guarantees.grading.release import Release

TIMESTAMP = "timestamp.txt"
DEEPEST = 12
MOST_FILES = 1000
UNUSABLE_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
UNUSABLE_ID = re.compile(r"^[.\-]|[*?\[\]{}]|^.{129,}|" + UNUSABLE_NAME.pattern)


class CannotBeGraded(Exception):
    """A submission that no repair can make gradable.

    Attributes
    ----------
    reason : str
        What is wrong, in one sentence.
    ask : str
        What to ask the student.
    """

    def __init__(self, reason: str, ask: str) -> None:
        super().__init__(f"{reason}. {ask}")
        self.reason = reason
        self.ask = ask


@dataclass(frozen=True)
class Bounds:
    """How much of a submission is read.

    Attributes
    ----------
    file, folder : int
        Bytes; nbgrader's own ``CourseDirectory.max_file_size`` and ``max_dir_size``.
    ignore : tuple of str
        File name patterns left out silently; nbgrader's own ``CourseDirectory.ignore``.
    """

    file: int
    folder: int
    ignore: tuple[str, ...]

    @classmethod
    def of(cls, course: CourseDirectory) -> "Bounds":
        """Take the bounds from a course's settings, which are in kilobytes."""
        return cls(course.max_file_size * 1000, course.max_dir_size * 1000, tuple(course.ignore))


@dataclass(frozen=True)
class SideFile:
    """An ordinary file beside the notebooks: where it goes in the copy, and its content's source."""

    relative: Path
    source: Path


@dataclass(frozen=True)
class Submission:
    """A submission that can be graded.

    Attributes
    ----------
    notebooks : dict
        Rebuilt notebooks by name.
    files : tuple of SideFile
    timestamp : datetime, optional
        When it was handed in, UTC, as the folder claims.
    findings : dict
        What was found, by notebook.
    work : dict
        By notebook, digests of all that its grade depends on: ``answers`` (cells, files beside them, when it was handed
        in) and ``release`` (the instructor's).
    """

    notebooks: dict[str, NotebookNode]
    files: tuple[SideFile, ...]
    timestamp: datetime | None
    findings: dict[str, Findings] = field(default_factory=dict)
    work: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def repairs(self) -> list[str]:
        """Sentences on what was mended, all notebooks together."""
        return list(dict.fromkeys(line for found in self.findings.values() for line in found.repairs))

    @property
    def flags(self) -> list[str]:
        """Sentences on what a human should look at, all notebooks together."""
        return list(dict.fromkeys(line for found in self.findings.values() for line in found.flags))


def take_in(folder: Path, release: Release, bounds: Bounds) -> Submission:
    """Read one submission folder without following a link, blocking on a pipe or trusting a word of its metadata.

    Raises
    ------
    CannotBeGraded
        With the reason and what to ask the student.
    """
    if UNUSABLE_ID.search(folder.parent.name):
        raise CannotBeGraded("its folder's name is no usable student id", "Rename the folder to the student's id")
    if folder.is_symlink() or not folder.is_dir():
        raise CannotBeGraded("it is a link or a file, not a folder", "Ask for the files themselves")
    shared = Findings()
    files, others = _side_files(folder, release, bounds, shared)
    timestamp = _timestamp(folder / TIMESTAMP, shared)
    missing = [name for name in release.notebooks if not os.path.lexists(folder / f"{name}.ipynb")]
    if len(missing) == len(release.notebooks):
        there = f", but there is {', '.join(map(_quoted, others))}" if others else ""
        raise CannotBeGraded(
            f"{_notebooks(missing)} is missing{there}", "Ask for the notebook under the name it was given out with"
        )
    shared.flags.extend(f"{name}.ipynb is missing: its questions earn nothing" for name in missing)
    if others:
        shared.repairs.append(f"held other notebooks, which were left out: {', '.join(map(_quoted, others))}")
    notebooks, findings, work = {}, {}, {}
    around = [str(timestamp), *((str(file.relative), _digest(file.source)) for file in files)]
    for name, released in release.notebooks.items():
        if name in missing:
            continue
        found = Findings(list(shared.repairs), list(shared.flags))
        text = _decoded(_content(folder / f"{name}.ipynb", bounds.file), found)
        try:
            notebooks[name] = rebuild(text, released, found)
        except Damaged as damage:
            raise CannotBeGraded(
                f"{name}.ipynb cannot be read: {damage}",
                "Ask the student to open it in Jupyter, save it and hand it in again",
            ) from None
        findings[name] = found
        cells = [(cell.cell_type, cell.source) for cell in notebooks[name].cells if not is_locked(cell)]
        answers = hashlib.sha256(json.dumps([cells, around, vars(found)]).encode()).hexdigest()
        work[name] = notebooks[name].metadata["review"]["work"] = {"answers": answers, "release": released.digest}
    return Submission(notebooks, files, timestamp, findings, work)


def write_copy(submission: Submission, folder: Path) -> None:
    """Write the clean copy that nbgrader grades; the findings travel in each notebook's metadata under ``review``."""
    for file in submission.files:
        target = folder / file.relative
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(_open_plain(file.source), "rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in submission.notebooks.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    if submission.timestamp:
        (folder / TIMESTAMP).write_text(f"{submission.timestamp:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")


def _open_plain(path: Path) -> int:
    """Open an ordinary file: no link is followed and a pipe does not block."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not an ordinary file")
    return descriptor


def _digest(path: Path) -> str:
    with open(_open_plain(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(path: Path, most: int) -> bytes:
    try:
        descriptor = _open_plain(path)
    except OSError:
        raise CannotBeGraded(
            f"{path.name} is not an ordinary file (a link, a pipe, a folder or unreadable)", "Ask for the file itself"
        ) from None
    with open(descriptor, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise CannotBeGraded(
            f"{path.name} is larger than {most // 1000:,} kB",
            "Ask the student to clear its outputs and hand it in again",
        )
    if not content.strip():
        raise CannotBeGraded(f"{path.name} is empty", "Ask the student to save it and hand it in again")
    return content


def _decoded(content: bytes, findings: Findings) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            findings.repairs.append(f"began with a byte order mark: read as {encoding.removesuffix('-sig').upper()}")
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        findings.repairs.append("was not in UTF-8: read as Windows-1252, so accented letters may differ")
        return content.decode("cp1252", "replace")


def _side_files(
    folder: Path, release: Release, bounds: Bounds, findings: Findings
) -> tuple[tuple[SideFile, ...], list[str]]:
    """List the ordinary files to copy, and the names of notebooks that were not asked for."""
    files: list[SideFile] = []
    others: list[str] = []
    room = bounds.folder
    for relative, status in _walk(folder, Path(), bounds.ignore):
        name = str(relative)
        if name == TIMESTAMP or (relative.suffix == ".ipynb" and name.removesuffix(".ipynb") in release.notebooks):
            continue
        why = _unwelcome(relative, status, bounds.file, room)
        if why is None and len(files) == MOST_FILES:
            why = f"more than {MOST_FILES} files"
        if why:
            findings.flags.append(f"{_quoted(name)} was left out: {why}")
            if len(findings.flags) > 2 * DEEPEST:
                findings.flags.append("more files were left out")
                break
        elif relative.suffix == ".ipynb":
            others.append(name)
        else:
            files.append(SideFile(relative, folder / relative))
            room -= status.st_size
    return tuple(files), others


def _walk(folder: Path, relative: Path, ignore: tuple[str, ...]) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield everything that is not a folder, and folders too deep to look into."""
    with os.scandir(folder / relative) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        inner = relative / entry.name
        if any(fnmatch.fnmatch(entry.name, pattern) for pattern in ignore):
            continue
        if entry.is_dir(follow_symlinks=False) and len(inner.parts) <= DEEPEST:
            yield from _walk(folder, inner, ignore)
        else:
            yield inner, entry.stat(follow_symlinks=False)


def _unwelcome(relative: Path, status: os.stat_result, most: int, room: int) -> str | None:
    if UNUSABLE_NAME.search(str(relative)):
        return "its name has characters that could mislead"
    if stat.S_ISLNK(status.st_mode):
        return "it is a link"
    if stat.S_ISDIR(status.st_mode):
        return f"it is more than {DEEPEST} folders deep"
    if not stat.S_ISREG(status.st_mode):
        return "it is not an ordinary file"
    if status.st_nlink > 1:
        return "it is a second name of another file (a hard link)"
    if status.st_size > min(most, room):
        return f"it is too large ({status.st_size // 1000:,} kB)"
    return None


def _timestamp(path: Path, findings: Findings) -> datetime | None:
    """Read when the work was handed in; a stamp that cannot be parsed or lies ahead is left out with a note."""
    if not os.path.lexists(path):
        return None
    try:
        with open(_open_plain(path), "rb") as file:
            text = file.read(200).decode("utf-8-sig").strip()
        stamp: datetime = parse_utc(text)
    except (OSError, ValueError, OverflowError, TypeError, AttributeError):
        findings.repairs.append(
            f"had a {TIMESTAMP} that gives no date: left out, so it is not known whether it was late"
        )
        return None
    if stamp > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        findings.flags.append(f"{TIMESTAMP} lies in the future: left out, so it is not known whether it was late")
        return None
    return stamp


def _notebooks(names: list[str]) -> str:
    return ", ".join(f"{name}.ipynb" for name in names)


def _quoted(name: str) -> str:
    return ascii(name)[:80] if UNUSABLE_NAME.search(name) else repr(name)[:80]
