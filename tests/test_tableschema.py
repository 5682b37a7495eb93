"""Faults in tables: each found, named and placed, all at once, and agreed with the frictionless library."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from guarantees import catalog, tableschema
from guarantees.tableschema import Fault

Edit = Callable[[str, int, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that a test may break."""
    return Path(shutil.copytree(catalog.folder(), tmp_path / "data"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Put a value into a cell, addressed as a spreadsheet shows it."""

    def put(file: str, row: int, column: str, value: str) -> None:
        path = folder / file
        with path.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.reader(stream))
        lines[row - 1][lines[0].index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(lines)

    return put


def faults(folder: Path) -> list[Fault]:
    return tableschema.read(folder)[1]


def test_the_data_has_no_fault():
    assert faults(catalog.folder()) == []


def test_frictionless_finds_no_fault_either():
    report = Package(str(catalog.folder() / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])


BROKEN_CELLS = {
    "level out of range": ("codings.csv", 2, "value", "4", "a whole number from 0 to 3"),
    "level not a number": ("codings.csv", 2, "value", "three", "a whole number from 0 to 3"),
    "level with a fraction": ("codings.csv", 2, "value", "2.0", "a whole number from 0 to 3"),
    "unknown status": ("codings.csv", 3, "status", "verifed", "one of verified, unverified (did you mean verified"),
    "not a boolean": ("codings.csv", 3, "contested", "maybe", "true or false"),
    "empty but required": ("codings.csv", 4, "rationale", "", "the cell may not be empty"),
    "dangling model": ("codings.csv", 5, "model", "nato_artcle5", "an id of models.csv (did you mean nato_article5"),
    "dangling source": ("codings.csv", 6, "source", "stimson-red-cel", "(did you mean stimson-red-cell"),
    "day that does not exist": ("events.csv", 2, "date", "1979-02-30", "a day of the calendar"),
    "day in another order": ("events.csv", 2, "date", "26.03.1979", "a day of the calendar"),
    "month that does not exist": ("sources.csv", 2, "published", "2023-13", "such as 1987, 1987-11 or 1987-11-29"),
    "number with a comma": ("figures.csv", 2, "value", "1,000", "a number with a point for decimals"),
    "id with a blank": ("models.csv", 2, "id", "nato article5", "such as us-rok-treaty-1953"),
    "blanks around": ("features.csv", 2, "name", "Legal form ", "text without blanks around it"),
}


@pytest.mark.parametrize(("file", "row", "column", "value", "accepted"), BROKEN_CELLS.values(), ids=BROKEN_CELLS)
def test_a_broken_cell_is_named_and_placed(folder, edit, file, row, column, value, accepted):
    edit(file, row, column, value)
    found = [fault for fault in faults(folder) if fault.file == file]
    assert [(fault.row, fault.column, fault.value) for fault in found] == [(row, column, value)]
    assert accepted in found[0].accepted


def test_a_message_reads_as_a_sentence(folder, edit):
    edit("codings.csv", 2, "value", "4")
    assert [str(fault) for fault in faults(folder)] == [
        "codings.csv, row 2, column value: found '4', expected a whole number from 0 to 3"
    ]


def test_all_faults_are_reported_at_once(folder, edit):
    places = [(file, row, column, value) for file, row, column, value, _ in BROKEN_CELLS.values()]
    first = {place[:3]: place for place in places}.values()
    for place in first:
        edit(*place)
    found = {(fault.file, fault.row, fault.column, fault.value) for fault in faults(folder)}
    assert set(first) <= found


def test_a_repeated_key_names_the_row_that_has_it(folder):
    path = folder / "models.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    assert faults(folder) == [Fault("models.csv", 10, "id", "nato_article5", "a key of its own: row 2 has this one")]


def test_a_repeated_pair_is_a_repeated_key(folder, edit):
    edit("codings.csv", 3, "feature", "legal_form")
    assert [(fault.row, fault.column) for fault in faults(folder)] == [(3, "model + feature")]


def test_a_missing_column_is_one_fault_and_suggests_the_mistyped_one(folder):
    path = folder / "models.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("summary", "sumary", 1), encoding="utf-8")
    found = faults(folder)
    assert [(fault.row, fault.column) for fault in found] == [(1, "summary"), (1, "sumary")]
    assert "did you mean sumary" in found[0].accepted
    assert "did you mean summary" in found[1].accepted


def test_a_row_of_the_wrong_length_is_one_fault(folder):
    path = folder / "models.csv"
    path.write_text(path.read_text(encoding="utf-8") + "swiss_neutrality,Swiss neutrality\n", encoding="utf-8")
    assert faults(folder) == [Fault("models.csv", 10, None, "2 cells", "6 cells, as in the header")]


def test_a_quoted_line_break_does_not_shift_the_rows(folder, edit):
    edit("models.csv", 2, "summary", "Two\nlines.")
    edit("models.csv", 3, "as_of", "January")
    assert [(fault.row, fault.column) for fault in faults(folder)] == [(3, "as_of")]


def test_a_file_that_is_not_utf8_names_the_line_and_the_byte(folder):
    path = folder / "models.csv"
    lines = path.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b"treaty", "traité".encode("latin-1"), 1)
    path.write_bytes(b"\n".join(lines))
    assert faults(folder)[0] == Fault("models.csv", 3, None, r"\xe9", "UTF-8 text")


def test_a_byte_order_mark_is_no_fault(folder):
    path = folder / "models.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert faults(folder) == []


def test_true_and_false_may_be_written_as_a_spreadsheet_writes_them(folder, edit):
    edit("codings.csv", 2, "contested", "FALSE")
    tables, found = tableschema.read(folder)
    assert found == []
    assert tables["codings"].rows[2]["contested"] is False


@pytest.mark.parametrize("value", ["NaN", "inf", "1e5", "1_000", " 1", "+1", "9" * 400, "null", "[1]", "true"])
def test_what_only_a_program_would_read_as_a_number_is_none(folder, edit, value):
    edit("figures.csv", 2, "value", value)
    assert [(fault.row, fault.column, fault.value) for fault in faults(folder)] == [(2, "value", value)]


def test_a_missing_file_is_one_fault(folder):
    (folder / "features.csv").unlink()
    assert faults(folder) == [Fault("features.csv", None, None, None, "a file of this name in data/")]


def test_an_empty_file_lacks_every_column(folder):
    (folder / "models.csv").write_text("")
    columns = [fault.column for fault in faults(folder) if fault.file == "models.csv"]
    assert columns == ["id", "name", "short_name", "era", "summary", "as_of"]


@pytest.mark.parametrize("content", [None, "{"], ids=["missing", "not JSON"])
def test_a_descriptor_that_cannot_be_read_is_a_fault(folder, content):
    path = folder / "datapackage.json"
    path.unlink() if content is None else path.write_text(content)
    assert [fault.file for fault in faults(folder)] == ["datapackage.json"]


def test_frictionless_finds_the_same_broken_cells(folder, edit):
    broken = {cell[:3]: cell[3] for name, cell in BROKEN_CELLS.items() if name != "blanks around"}
    for place, value in broken.items():
        edit(*place, value)
    report = Package(str(folder / "datapackage.json")).validate()
    rows = {(task.place, row) for task in report.tasks for [row] in task.flatten(["rowNumber"])}
    assert {(file, row) for file, row, _ in broken} <= rows


@given(st.lists(st.text(max_size=12), min_size=6, max_size=6))
def test_no_content_of_a_row_is_an_error_of_ours(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("any")
    for name in ("datapackage.json", "models.csv"):
        shutil.copy(catalog.folder() / name, folder)
    with (folder / "models.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(cells)
    assert all(str(fault) for fault in faults(folder))
