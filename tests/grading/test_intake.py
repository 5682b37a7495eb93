"""Malformed submissions, one test per fault: what is mended, what is refused, and what the student is asked."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from guarantees.grading.intake import Bounds, CannotBeGraded, Submission, take_in, write_copy
from guarantees.grading.release import NotReady, Release
from tests.grading.course import CELLS, CONFIG, FULL, HONEST, Course, answered, by_id, source

BOUNDS = Bounds(file=200_000, folder=500_000, ignore=(".ipynb_checkpoints",))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course.create(tmp_path_factory.mktemp("course"), source())


@pytest.fixture(scope="module")
def release(course: Course) -> Release:
    return Release.load(CourseDirectory(root=str(course.folder), course_id="tiny"), "ps1")


@pytest.fixture
def honest(course: Course) -> NotebookNode:
    return answered(course.release)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "student-017" / "ps1"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def hand_in(folder: Path, release: Release) -> Callable[..., Submission]:
    """Write ``ps1.ipynb`` and take the folder in; what was handed in must stay as it was."""

    def hand_in(content: NotebookNode | dict[str, Any] | bytes | None) -> Submission:
        if content is not None:
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            (folder / "ps1.ipynb").write_bytes(data)
        before = {path: path.lstat() for path in folder.rglob("*")}
        try:
            return take_in(folder, release, BOUNDS)
        finally:
            after = {path: path.lstat() for path in folder.rglob("*")}
            assert {path: (s.st_mtime_ns, s.st_size) for path, s in before.items()} == {
                path: (s.st_mtime_ns, s.st_size) for path, s in after.items()
            }

    return hand_in


def order(submission: Submission) -> list[str]:
    """Grade ids in order, with the text of the student's own cells in between."""
    return [
        cell.metadata.nbgrader.grade_id if "nbgrader" in cell.metadata else cell.source
        for cell in submission.notebooks["ps1"].cells
    ]


RELEASED = [cell[0] for cell in CELLS]


def test_a_good_submission_is_taken_as_it_is(hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
    submission = hand_in(honest)
    assert (submission.repairs, submission.flags) == ([], [])
    assert order(submission) == RELEASED
    cells = by_id(submission.notebooks["ps1"])
    assert {name: cells[name].source for name in HONEST} == HONEST


def test_cells_that_the_student_added_stay_where_they_were(
    hand_in: Callable[..., Submission], honest: NotebookNode
) -> None:
    honest.cells.insert(3, nbformat.v4.new_code_cell("print('trying')"))
    honest.cells.insert(0, nbformat.v4.new_markdown_cell("My notes"))
    assert order(hand_in(honest)) == ["My notes", *RELEASED[:3], "print('trying')", *RELEASED[3:]]


def cells_of(cells: bytes) -> bytes:
    return b'{"nbformat": 4, "cells": [' + cells + b"]}"


class TestRefused:
    """Nothing that could be graded: the reason, and what to ask."""

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            pytest.param(b"", "ps1.ipynb is empty", id="empty_file"),
            pytest.param(b" \n\n ", "ps1.ipynb is empty", id="blank_file"),
            pytest.param(b'{"cells": [{"cell_type": "co', "cut off at line 1", id="truncated_json"),
            pytest.param(b"<html>Not found</html>", "no valid JSON at line 1", id="a_web_page"),
            pytest.param(b"PK\x03\x04\x00\x00", "no valid JSON at line 1", id="a_zip_file"),
            pytest.param(b"\x00" * 4096, "no valid JSON at line 1", id="nothing_but_zeros"),
            pytest.param(b"<<<<<<< HEAD\n{}\n=======\n{}", "no valid JSON at line 1", id="merge_conflict"),
            pytest.param(b"[" * 100_000 + b"]" * 100_000, "nested too deeply", id="nested_100000_deep"),
            pytest.param(b"[1, 2]", "not a notebook", id="json_that_is_no_notebook"),
            pytest.param(b"null", "not a notebook", id="json_null"),
            pytest.param(b'{"nbformat": 3, "worksheets": []}', "notebook format '3'", id="nbformat_3"),
            pytest.param(b'{"nbformat": 99, "cells": []}', "notebook format '99'", id="nbformat_99"),
            pytest.param(b'{"nbformat": "4", "cells": {}}', "notebook format '4'", id="nbformat_as_text"),
            pytest.param(b'{"nbformat": 4}', "no list of cells", id="no_cells"),
            pytest.param(b'{"nbformat": 4, "cells": {"a": 1}}', "no list of cells", id="cells_as_object"),
            pytest.param(b'{"nbformat": 4, "cells": [7]}', "cell 1 has no known type", id="cell_as_number"),
            pytest.param(cells_of(b'{"cell_type": "code", "source": 7}'), "cell 1 has no text", id="source_as_number"),
            pytest.param(cells_of(b'{"cell_type": "poem", "source": ""}'), "cell 1 has no known type", id="a_poem"),
            pytest.param(cells_of(b"9" * 5000), "no valid JSON", id="number_of_5000_digits"),
            pytest.param(b" " * 200_001, "larger than 200 kB", id="huge_notebook"),
        ],
    )  # fmt: skip
    def test_what_is_no_notebook(self, hand_in: Callable[..., Submission], content: bytes, reason: str) -> None:
        with pytest.raises(CannotBeGraded, match=reason) as refusal:
            hand_in(content)
        assert refusal.value.ask.startswith("Ask")

    def test_missing_notebook(self, hand_in: Callable[..., Submission]) -> None:
        with pytest.raises(CannotBeGraded, match=r"ps1\.ipynb is missing\."):
            hand_in(None)

    def test_renamed_notebook(self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode) -> None:
        nbformat.write(honest, folder / "ps1 (1).ipynb")
        with pytest.raises(CannotBeGraded, match=r"ps1\.ipynb is missing, but there is 'ps1 \(1\)\.ipynb'"):
            hand_in(None)

    def test_notebook_that_is_a_link(self, hand_in: Callable[..., Submission], folder: Path, course: Course) -> None:
        (folder / "ps1.ipynb").symlink_to(course.folder / "source" / "ps1" / "ps1.ipynb")
        with pytest.raises(CannotBeGraded, match="not an ordinary file"):
            hand_in(None)

    def test_notebook_that_is_a_pipe(self, hand_in: Callable[..., Submission], folder: Path) -> None:
        os.mkfifo(folder / "ps1.ipynb")
        with pytest.raises(CannotBeGraded, match="not an ordinary file"):
            hand_in(None)

    def test_notebook_that_is_a_folder(self, hand_in: Callable[..., Submission], folder: Path) -> None:
        (folder / "ps1.ipynb").mkdir()
        with pytest.raises(CannotBeGraded, match="not an ordinary file"):
            hand_in(None)

    def test_submission_that_is_a_link(self, folder: Path, release: Release, course: Course) -> None:
        link = folder.parent / "ps2"
        link.symlink_to(course.folder / "source" / "ps1")
        with pytest.raises(CannotBeGraded, match="a link or a file"):
            take_in(link, release, BOUNDS)

    @pytest.mark.parametrize("name", ["a\nb", "-rf", "..x", "a*", "\x1b[2Jx", "x" * 129, "a\udcffb"])
    def test_student_id_that_could_mislead(self, folder: Path, release: Release, name: str) -> None:
        with pytest.raises(CannotBeGraded, match="no usable student id"):
            take_in(folder.parent.parent / name / "ps1", release, BOUNDS)


class TestMended:
    """Faults that a note is enough for."""

    def test_byte_order_mark(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        submission = hand_in(b"\xef\xbb\xbf" + json.dumps(honest).encode())
        assert submission.repairs == ["began with a byte order mark: read as UTF-8"]

    def test_utf_16(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        assert "UTF-16" in hand_in(json.dumps(honest).encode("utf-16")).repairs[0]

    def test_latin_1(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        by_id(honest)["essay"].source = "Un résumé"
        submission = hand_in(json.dumps(honest, ensure_ascii=False).encode("latin-1"))
        assert "Windows-1252" in submission.repairs[0]
        assert by_id(submission.notebooks["ps1"])["essay"].source == "Un résumé"

    @pytest.mark.parametrize("kernel", ["bash", "../evil", "julia-1.10"])
    def test_wrong_kernelspec(self, hand_in: Callable[..., Submission], honest: NotebookNode, kernel: str) -> None:
        honest.metadata.kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
        submission = hand_in(honest)
        assert submission.notebooks["ps1"].metadata.kernelspec.name == "python3"
        assert submission.repairs == [f"asked for the kernel {kernel!r}: graded with 'python3'"]

    def test_metadata_stripped_but_ids_left(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        for cell in honest.cells:
            cell.metadata = {}
        submission = hand_in(honest)
        assert order(submission) == RELEASED
        assert "restored from the release" in submission.repairs[0]

    def test_metadata_and_ids_stripped(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        for cell in honest.cells:
            cell.metadata = {}
            del cell["id"]
        honest.nbformat_minor = 4
        submission = hand_in(honest)
        cells = by_id(submission.notebooks["ps1"])
        assert order(submission) == RELEASED
        assert {name: cells[name].source for name in HONEST} == HONEST

    @pytest.mark.parametrize("marks", [[], "no", 7, {"grade_id": 7}, {"grade_id": ["a"]}])
    def test_metadata_of_another_type(
        self, hand_in: Callable[..., Submission], honest: NotebookNode, marks: object
    ) -> None:
        honest.cells[3].metadata["nbgrader"] = marks
        assert order(hand_in(honest)) == RELEASED

    def test_cells_without_metadata_or_outputs(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        for cell in honest.cells:
            for key in ("metadata", "outputs", "execution_count"):
                cell.pop(key, None)
        assert order(hand_in(honest)) == RELEASED

    def test_lone_surrogate(self, hand_in: Callable[..., Submission], honest: NotebookNode, tmp_path: Path) -> None:
        by_id(honest)["essay"].source = "a \ud800 b 😀"
        submission = hand_in(honest)
        write_copy(submission, tmp_path / "copy")
        assert by_id(submission.notebooks["ps1"])["essay"].source == "a � b 😀"

    def test_number_beyond_all_bounds(
        self, hand_in: Callable[..., Submission], honest: NotebookNode, tmp_path: Path
    ) -> None:
        data = json.dumps(honest).replace('"execution_count": null', '"execution_count": 1e400').encode()
        submission = hand_in(data)
        write_copy(submission, tmp_path / "copy")
        nbformat.validate(nbformat.read(tmp_path / "copy" / "ps1.ipynb", as_version=4))

    def test_extra_notebook(self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode) -> None:
        nbformat.write(honest, folder / "scratch.ipynb")
        assert "left out: 'scratch.ipynb'" in hand_in(honest).repairs[0]

    @pytest.mark.parametrize("stamp", [b"", b"yesterday-ish", b"\xff\xfe", b"99999-01-01", b"1" * 5000, b"0000-00-00"])
    def test_timestamp_that_is_none(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode, stamp: bytes
    ) -> None:
        (folder / "timestamp.txt").write_bytes(stamp)
        submission = hand_in(honest)
        assert submission.timestamp is None
        assert "gives no date" in submission.repairs[0]

    def test_timestamp_that_is_a_pipe(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode
    ) -> None:
        os.mkfifo(folder / "timestamp.txt")
        assert hand_in(honest).timestamp is None

    def test_timestamp_in_the_future(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode
    ) -> None:
        (folder / "timestamp.txt").write_text("2999-01-01 00:00:00 UTC")
        submission = hand_in(honest)
        assert submission.timestamp is None
        assert "in the future" in submission.flags[0]


class TestSideFiles:
    """What lies beside the notebook comes along if it is an ordinary file (C1, C2)."""

    def test_ordinary_files_come_along(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode, tmp_path: Path
    ) -> None:
        (folder / "data").mkdir()
        (folder / "data" / "mine.csv").write_text("1,2")
        write_copy(hand_in(honest), tmp_path / "copy")
        assert (tmp_path / "copy" / "data" / "mine.csv").read_text() == "1,2"

    def test_c1_symlink_in_submission(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode, tmp_path: Path, course: Course
    ) -> None:
        (folder / "notes.txt").symlink_to(course.folder / "nbgrader_config.py")
        (folder / "all").symlink_to(course.folder)
        submission = hand_in(honest)
        write_copy(submission, tmp_path / "copy")
        assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["ps1.ipynb"]
        assert len([flag for flag in submission.flags if "it is a link" in flag]) == 2

    def test_c2_special_files_in_submission(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode, tmp_path: Path, course: Course
    ) -> None:
        os.mkfifo(folder / "pipe")
        os.link(course.folder / "nbgrader_config.py", folder / "hard")
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(str(folder / "s"))
            submission = hand_in(honest)
        write_copy(submission, tmp_path / "copy")
        assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["ps1.ipynb"]
        assert len(submission.flags) == 3

    @pytest.mark.parametrize("name", ["..\\..\\evil.py", "a\nb", "\x1b[31mred", "evil\u202efdp.py"])
    def test_names_that_could_mislead(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode, name: str
    ) -> None:
        (folder / name).write_text("x")
        submission = hand_in(honest)
        assert submission.files == ()
        assert submission.flags[0].isprintable()

    def test_files_too_large_too_many_too_deep(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode
    ) -> None:
        (folder / "big.bin").write_bytes(b"x" * 200_001)
        for number in range(5):
            (folder / f"part{number}.bin").write_bytes(b"x" * 120_000)
        (folder / Path(*"abcdefghijklmnop")).mkdir(parents=True)
        submission = hand_in(honest)
        assert sum(file.source.stat().st_size for file in submission.files) <= BOUNDS.folder
        assert len(submission.flags) == 3

    def test_swapped_for_a_link_after_the_look(
        self, hand_in: Callable[..., Submission], folder: Path, honest: NotebookNode, tmp_path: Path, course: Course
    ) -> None:
        (folder / "notes.txt").write_text("mine")
        submission = hand_in(honest)
        (folder / "notes.txt").unlink()
        (folder / "notes.txt").symlink_to(course.folder / "nbgrader_config.py")
        with pytest.raises(OSError, match="symbolic links"):
            write_copy(submission, tmp_path / "copy")


class TestStructure:
    """The student's metadata has no effect (N2, N3, N5)."""

    def test_n2_edited_locked_cell(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        by_id(honest)["square_test"].source = "assert True"
        submission = hand_in(honest)
        assert by_id(submission.notebooks["ps1"])["square_test"].source == by_id(source())["square_test"].source
        assert submission.repairs == ["had changed the locked cell square_test: restored"]

    def test_n2_edited_points_locks_and_types(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        untouched = by_id(hand_in(honest).notebooks["ps1"])
        by_id(honest)["square_test"].metadata.nbgrader.update(points=100, locked=False, grade=False, solution=True)
        by_id(honest)["mean_test"].cell_type = "markdown"
        submission = hand_in(honest)
        cells = by_id(submission.notebooks["ps1"])
        assert cells["square_test"].metadata.nbgrader == untouched["square_test"].metadata.nbgrader
        assert cells["mean_test"].cell_type == "code"
        assert len(submission.flags) == 2

    def test_n2_outputs_are_not_taken(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        by_id(honest)["mean_partial"].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "4"})]
        assert not any(cell.get("outputs") for cell in hand_in(honest).notebooks["ps1"].cells)

    @pytest.mark.parametrize("tag", ["skip-execution", "raises-exception"])
    def test_tags_of_the_student(self, hand_in: Callable[..., Submission], honest: NotebookNode, tag: str) -> None:
        for cell in honest.cells:
            cell.metadata["tags"] = [tag]
        submission = hand_in(honest)
        assert not any("tags" in cell.metadata for cell in submission.notebooks["ps1"].cells)
        assert f"cell square_test carried the tag {tag}: ignored" in submission.flags

    def test_n3_deleted_test_cell(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        honest.cells = [cell for cell in honest.cells if cell.metadata.nbgrader.grade_id != "square_test"]
        submission = hand_in(honest)
        assert order(submission) == RELEASED
        assert submission.flags == ["cell square_test was missing: put back"]

    def test_n3_all_cells_deleted(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        honest.cells = []
        submission = hand_in(honest)
        assert order(submission) == [name for name in RELEASED if name not in ("square", "mean")]
        assert submission.findings["ps1"].withheld == ["essay"]

    def test_n5_reordered_cells(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        honest.cells.reverse()
        submission = hand_in(honest)
        assert order(submission) == RELEASED
        assert submission.repairs == ["had cells out of order: the order of the release was restored"]

    @pytest.mark.parametrize("place", [0, 4, None])
    def test_n5_decoy_test_cell(
        self, hand_in: Callable[..., Submission], honest: NotebookNode, place: int | None
    ) -> None:
        decoy = nbformat.from_dict(json.loads(json.dumps(by_id(honest)["square_test"])))
        decoy.source = "pass"
        honest.cells.insert(len(honest.cells) if place is None else place, decoy)
        submission = hand_in(honest)
        kept = [name for name in order(submission) if name in RELEASED]
        assert kept == RELEASED
        assert "square_test is there 2 times" in submission.flags[0]

    def test_duplicated_answer_stays_in_place(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        scratch = nbformat.from_dict(json.loads(json.dumps(by_id(honest)["square"])))
        scratch.source = "square = None"
        honest.cells.append(scratch)
        assert order(hand_in(honest)) == [*RELEASED, "square = None"]

    def test_split_answer_for_a_marker(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        half = nbformat.from_dict(json.loads(json.dumps(by_id(honest)["essay"])))
        half.source = "And more."
        honest.cells.append(half)
        submission = hand_in(honest)
        assert order(submission) == [*RELEASED, "And more."]
        assert submission.findings["ps1"].withheld == ["essay"]

    def test_deleted_mark_of_an_answer_does_not_put_the_stub_behind_it(
        self, hand_in: Callable[..., Submission], honest: NotebookNode
    ) -> None:
        honest.cells[2] = nbformat.v4.new_code_cell(HONEST["square"])
        honest.cells.insert(3, nbformat.v4.new_code_cell("square(2)"))
        submission = hand_in(honest)
        assert order(submission) == ["intro", "setup", HONEST["square"], "square(2)", *RELEASED[3:]]

    def test_pictures_in_an_answer_are_kept(self, hand_in: Callable[..., Submission], honest: NotebookNode) -> None:
        by_id(honest)["essay"]["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
        assert by_id(hand_in(honest).notebooks["ps1"])["essay"].attachments == {"a.png": {"image/png": "iVBORw0KGgo="}}


class TestCourse:
    """The course itself is not ready: say what to run."""

    def test_vanished_gradebook_is_not_made_anew(self, tmp_path: Path) -> None:
        with pytest.raises(NotReady, match="There is no gradebook at"):
            Release.load(CourseDirectory(root=str(tmp_path)), "ps1")
        assert not (tmp_path / "gradebook.db").exists()

    def test_unknown_assignment(self, course: Course) -> None:
        with pytest.raises(NotReady, match="no assignment 'ps9'"):
            Release.load(CourseDirectory(root=str(course.folder), course_id="tiny"), "ps9")

    def test_release_that_differs_from_the_gradebook(self, course: Course, tmp_path: Path) -> None:
        directory = CourseDirectory(root=str(course.folder), course_id="tiny", release_directory=str(tmp_path))
        (tmp_path / "ps1").mkdir()
        notebook = course.release
        del notebook.cells[3]
        nbformat.write(notebook, tmp_path / "ps1" / "ps1.ipynb")
        with pytest.raises(NotReady, match="differ in the cells square_test"):
            Release.load(directory, "ps1")

    def test_points_are_those_of_the_gradebook(self, course: Course, tmp_path: Path) -> None:
        directory = CourseDirectory(root=str(course.folder), course_id="tiny", release_directory=str(tmp_path))
        (tmp_path / "ps1").mkdir()
        notebook = course.release
        by_id(notebook)["square_test"].metadata.nbgrader.points = 99
        nbformat.write(notebook, tmp_path / "ps1" / "ps1.ipynb")
        released = Release.load(directory, "ps1").notebooks["ps1"]
        assert released.cells["square_test"].metadata.nbgrader.points == FULL["square_test"]


def test_three_lines_switch_it_on() -> None:
    assert len(CONFIG.strip().splitlines()) <= 4
