"""A notebook put together anew: the frame from the release, the answers from the student.

Nothing of a student's file is filtered; it is only drawn from. Points, locks, tags, kernel, order and the test cells
with their hidden part are the release's, so whatever a student's metadata says has no effect. From the student come the
text of the answer cells and the cells they added, each after the cell it stood after.
"""

import itertools
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict, v4
from nbgrader.utils import compute_checksum, is_locked

from guarantees.grading.release import ReleasedNotebook

CELL_TYPES = ("code", "markdown", "raw")


class Damaged(ValueError):
    """The file holds no notebook of format 4; the message says what it holds instead."""


@dataclass
class Findings:
    """What was mended, what a human should look at, and which cells earn nothing before that.

    Attributes
    ----------
    repairs, flags : list of str
        One sentence each, for the report.
    withheld : list of str
        Grade ids whose score a human gives.
    """

    repairs: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)


def empty_review() -> dict[str, Any]:
    """Make the record that travels with a notebook, in its metadata under ``review``, from intake to the report.

    ``repairs`` and ``flags``: sentences. ``withheld``: grade ids that earn nothing before a human looks. ``cells``: how
    each test cell was graded. ``own``: names that the release leaves to the student. ``work``: what was graded, see
    :attr:`guarantees.grading.intake.Submission.work`. ``scores``: automatic scores by cell, none where a human gives
    one. ``complete``: they are saved.
    """
    kept: dict[str, Any] = {"repairs": [], "flags": [], "withheld": [], "cells": {}, "own": [], "work": {}}
    return kept | {"scores": {}, "complete": False}


@dataclass
class StudentCell:
    """One cell of the student's file: its text and what it claims to be, nothing else."""

    kind: str
    text: str
    grade_id: str | None
    cell_id: str | None
    tags: tuple[str, ...]
    points: object
    attachments: Mapping[str, Mapping[str, str]]


def parse(text: str) -> tuple[list[StudentCell], str | None]:
    """Read the cells of a notebook, and the kernel it asks for.

    Raises
    ------
    Damaged
        If the text is no JSON, or not a notebook of format 4.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise Damaged("it is nested too deeply to be a notebook") from None
    except ValueError as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number"
        cut = isinstance(error, json.JSONDecodeError) and (
            error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        )
        raise Damaged(f"it is {'cut off' if cut else 'no valid JSON'} at {where}") from None
    if not isinstance(document, dict) or "nbformat" not in document:
        raise Damaged("it is JSON, but not a notebook")
    if document["nbformat"] != 4:
        raise Damaged(f"it has notebook format {str(document['nbformat'])[:20]!r}, and 4 is needed")
    if not isinstance(document.get("cells"), list):
        raise Damaged("it has no list of cells")
    cells = [_student_cell(number, cell) for number, cell in enumerate(document["cells"], start=1)]
    return cells, _text(_path(document, "metadata", "kernelspec", "name"))


def _student_cell(number: int, cell: object) -> StudentCell:
    kind = _path(cell, "cell_type")
    text = _path(cell, "source")
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if kind not in CELL_TYPES or not isinstance(text, str):
        raise Damaged(f"its cell {number} has no {'text' if kind in CELL_TYPES else 'known type'}")
    tags = _path(cell, "metadata", "tags")
    return StudentCell(
        kind=str(kind),
        text=text,
        grade_id=_text(_path(cell, "metadata", "nbgrader", "grade_id")),
        cell_id=_text(_path(cell, "id")),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        points=_path(cell, "metadata", "nbgrader", "points"),
        attachments=_attachments(_path(cell, "attachments")),
    )


def _path(value: object, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _attachments(value: object) -> dict[str, dict[str, str]]:
    """Pictures in a written answer: file name, media type, base64."""
    if not isinstance(value, dict):
        return {}
    return {
        _storable(name): {media: _storable(data) for media, data in bundle.items() if isinstance(data, str)}
        for name, bundle in value.items()
        if isinstance(bundle, dict)
    }


def rebuild(text: str, released: ReleasedNotebook, findings: Findings) -> NotebookNode:
    """Put a submitted notebook together anew on the frame of the release.

    Parameters
    ----------
    text : str
        The student's file.
    released : ReleasedNotebook
        What the student was given.
    findings : Findings
        Is added to.

    Raises
    ------
    Damaged
        If the text is not a notebook of format 4.
    """
    cells, kernel = parse(text)
    frame = released.cells
    wanted = _path(released.notebook.metadata, "kernelspec", "name")
    if kernel is not None and wanted is not None and kernel != wanted:
        findings.repairs.append(f"asked for the kernel {kernel!r}: graded with {wanted!r}")

    if any(cell.text != _storable(cell.text) for cell in cells):
        findings.repairs.append("had characters that no file can hold: replaced by �")
    owners = _owners(cells, frame, findings)
    place = {grade_id: index for index, grade_id in owners.items()}
    groups: dict[str | None, list[NotebookNode]] = {None: []}
    anchor = None
    for index, cell in enumerate(cells):
        if index in owners:
            anchor = owners[index]
            groups.setdefault(anchor, [])
        else:
            groups[anchor].append(_free_cell(index, cell))

    submitted_order = list(owners.values())
    if submitted_order != [grade_id for grade_id in frame if grade_id in place]:
        findings.repairs.append("had cells out of order: the order of the release was restored")

    rebuilt = groups[None]
    for grade_id, template in frame.items():
        whole = released.whole[grade_id] if is_locked(template) else template.source
        if grade_id in place:
            rebuilt.append(_labelled_cell(cells[place[grade_id]], template, whole, findings))
            rebuilt.extend(groups[grade_id])
        else:
            rebuilt.extend(_missing_cell(grade_id, template, whole, findings))
    notebook = v4.new_notebook(cells=rebuilt)
    notebook.metadata["review"] = empty_review() | {
        "repairs": findings.repairs,
        "flags": findings.flags,
        "withheld": findings.withheld,
        "own": released.students_names,
    }
    for key in ("kernelspec", "language_info"):
        if key in released.notebook.metadata:
            notebook.metadata[key] = released.notebook.metadata[key]
    return notebook


def _owners(cells: Sequence[StudentCell], frame: Mapping[str, NotebookNode], findings: Findings) -> dict[int, str]:
    """Say which student cell is which cell of the release: by grade id, else cell id, else text, else place."""
    owners: dict[int, str] = {}
    copies: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        if cell.grade_id is not None and cell.grade_id in frame:
            copies.setdefault(cell.grade_id, []).append(index)
    for grade_id, indices in copies.items():
        owners[indices[0]] = grade_id
        if len(indices) > 1:
            _report_copies(grade_id, len(indices), frame[grade_id], findings)

    by_id = {template.id: grade_id for grade_id, template in frame.items() if "id" in template}
    by_text = {
        _squeezed(template.source): grade_id
        for grade_id, template in frame.items()
        if not template.metadata.nbgrader.solution
    }
    restored: list[str] = []
    for table, keys in (
        (by_id, [cell.cell_id for cell in cells]),
        (by_text, [_squeezed(cell.text) or None for cell in cells]),
    ):
        for index, key in enumerate(keys):
            name = table.get(key) if key else None
            if index not in owners and name and name not in owners.values():
                owners[index] = name
                restored.append(name)
    by_place = _owners_by_place(cells, frame, owners)
    owners.update(by_place)
    restored.extend(by_place.values())
    if restored:
        findings.repairs.append(f"had lost nbgrader's marks on {_names(restored)}: restored from the release")
    return dict(sorted(owners.items()))


def _report_copies(grade_id: str, count: int, template: NotebookNode, findings: Findings) -> None:
    if template.metadata.nbgrader.solution:
        findings.flags.append(f"answer cell {grade_id} is there {count} times (split or copied): all were run in place")
        if template.metadata.nbgrader.grade:
            findings.withheld.append(grade_id)
    else:
        findings.flags.append(
            f"cell {grade_id} is there {count} times: the first was graded, the others are the student's"
        )


def _owners_by_place(
    cells: Sequence[StudentCell], frame: Mapping[str, NotebookNode], owners: Mapping[int, str]
) -> dict[int, str]:
    """Find unmarked answers between known neighbours: as many cells of a type as answers of that type are missing."""
    place = {grade_id: index for index, grade_id in owners.items()}
    found: dict[int, str] = {}
    before = -1
    for known, run in itertools.groupby(frame, key=place.__contains__):
        names = list(run)
        if known:
            before = max(place[name] for name in names)
            continue
        following = list(frame)[list(frame).index(names[-1]) + 1 :]
        after = min((place[name] for name in following if name in place), default=len(cells))
        for kind in CELL_TYPES:
            answers = [
                name for name in names if frame[name].cell_type == kind and frame[name].metadata.nbgrader.solution
            ]
            candidates = [
                index for index in range(before + 1, after) if cells[index].kind == kind and index not in owners
            ]
            if len(answers) == len(candidates):
                found.update(zip(candidates, answers, strict=True))
    return found


def _labelled_cell(cell: StudentCell, template: NotebookNode, whole: str, findings: Findings) -> NotebookNode:
    """Take an answer's text from the student and all else from the release."""
    marks = template.metadata.nbgrader
    grade_id = marks.grade_id
    if cell.kind != template.cell_type:
        findings.flags.append(f"cell {grade_id} had become {cell.kind}: graded as {template.cell_type}")
    if ignored := sorted({"skip-execution", "raises-exception"} & set(cell.tags)):
        findings.flags.append(f"cell {grade_id} carried the tag {_names(ignored)}: ignored")
    if "points" in marks and cell.points is not None and cell.points != marks.points:
        findings.flags.append(f"cell {grade_id} claimed {str(cell.points)[:20]} points: it has {marks.points:g}")
    if not marks.solution:
        if _squeezed(cell.text) != _squeezed(template.source):
            findings.repairs.append(f"had changed the locked cell {grade_id}: restored")
        return _copy(template, whole)
    return _copy(template, _storable(cell.text), cell.attachments)


def _missing_cell(grade_id: str, template: NotebookNode, whole: str, findings: Findings) -> Iterable[NotebookNode]:
    """Put back a cell the student deleted, unless that could undo an answer given elsewhere."""
    marks = template.metadata.nbgrader
    if marks.solution and not marks.grade:
        findings.flags.append(f"answer cell {grade_id} is missing: the tests ran on what the other cells define")
        return
    if marks.solution:
        findings.withheld.append(grade_id)
    if marks.grade or marks.solution:
        findings.flags.append(f"cell {grade_id} was missing: put back")
    else:
        findings.repairs.append(f"lacked the locked cell {grade_id}: put back")
    yield _copy(template, whole)


def _copy(
    template: NotebookNode, text: str, attachments: Mapping[str, Mapping[str, str]] | None = None
) -> NotebookNode:
    metadata = {"nbgrader": dict(template.metadata.nbgrader)}
    cell = _new_cell(template.cell_type, text, metadata, **({"id": template.id} if "id" in template else {}))
    if cell.cell_type == "markdown" and attachments:
        cell.attachments = attachments
    if is_locked(cell):
        cell.metadata.nbgrader.checksum = compute_checksum(cell)
    return cell


def _free_cell(index: int, cell: StudentCell) -> NotebookNode:
    free = _new_cell(cell.kind, _storable(cell.text), {}, id=f"student-{index + 1}")
    if cell.kind == "markdown" and cell.attachments:
        free.attachments = cell.attachments
    return free


def _new_cell(kind: str, text: str, metadata: Mapping[str, Any], **more: str) -> NotebookNode:
    # The makers of nbformat.v4 would validate each cell; the whole is validated when it is read.
    outputs: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    cell = {"id": uuid.uuid4().hex[:8], "cell_type": kind, "source": text, "metadata": metadata}
    return from_dict(cell | outputs | more)


def _storable(text: str) -> str:
    """Replace lone surrogates, which JSON may name and UTF-8 cannot hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _squeezed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
