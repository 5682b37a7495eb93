"""CSV tables read and checked against a Frictionless data package, every fault at once.

The part of Table Schema [1]_ that this package uses, and no more: the frictionless library checks the same files in
the tests, but takes over a second to import and read the descriptor, too long for every load.

References
----------
.. [1] Frictionless Data, Table Schema, https://specs.frictionlessdata.io/table-schema/
"""

import csv
import datetime as dt
import difflib
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DESCRIPTOR = "datapackage.json"
HEADER = 1

Field = Mapping[str, Any]
Record = dict[str, Any]


class Unknown(KeyError):
    """Something asked for is not there; unlike a plain KeyError it prints as a sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file, where it is, and what would be right.

    Attributes
    ----------
    file : str
        Name of the file.
    row : int or None
        Row as a spreadsheet numbers it, the header being row 1; None if the fault is not in a row.
    column : str or None
        Name of the column; None if the fault is not in one.
    value : str or None
        What stands there; None if nothing can.
    accepted : str
        What would be accepted.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    accepted: str

    def __str__(self) -> str:
        place = [self.file]
        place += [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column is not None else []
        found = "nothing" if self.value == "" else repr(self.value)
        return (
            f"{', '.join(place)}: " + ("" if self.value is None else f"found {found}, ") + f"expected {self.accepted}"
        )


@dataclass(frozen=True)
class Table:
    """A table as read: its schema, and its records with their row numbers.

    A cell that is empty, or that has a fault, is None.
    """

    resource: Mapping[str, Any]
    records: list[Record]
    rows: list[int]

    @property
    def name(self) -> str:
        """The name of the table in the data package."""
        return str(self.resource["name"])

    @property
    def file(self) -> str:
        """The file that holds it."""
        return str(self.resource["path"])

    @property
    def fields(self) -> list[Field]:
        """The descriptions of its columns."""
        return list(self.resource["schema"]["fields"])

    def numbered(self) -> Iterator[tuple[Record, int]]:
        """Pair the records with their row numbers."""
        return zip(self.records, self.rows, strict=True)


def near(word: str, known: Iterable[str]) -> str:
    """Suggest what may have been meant, as the end of a sentence; empty if nothing comes close.

    Examples
    --------
    >>> near("verifed", ["verified", "unverified"])
    ' (did you mean verified or unverified?)'
    """
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(close)}?)" if close else ""


def read(folder: Path) -> tuple[dict[str, Table], list[Fault]]:
    """Read every table of a data package.

    Parameters
    ----------
    folder : Path
        Where ``datapackage.json`` and the tables are.

    Returns
    -------
    tables : dict of str to Table
        The tables that could be read, by name, in the order of the descriptor.
    faults : list of Fault
        All that is wrong with them: files, columns, cells, keys and references.
    """
    try:
        package = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return {}, [Fault(DESCRIPTOR, None, None, None, f"a readable data package descriptor ({error})")]
    faults: list[Fault] = []
    tables: dict[str, Table] = {}
    for resource in package["resources"]:
        table, found = _read_table(folder, resource)
        faults += found
        if table:
            tables[table.name] = table
    for table in tables.values():
        faults += _repeated_keys(table)
        faults += _dangling_references(table, tables)
    return tables, faults


def _read_table(folder: Path, resource: Mapping[str, Any]) -> tuple[Table | None, list[Fault]]:
    file = str(resource["path"])
    try:
        content = (folder / file).read_bytes()
    except OSError:
        return None, [Fault(file, None, None, None, f"a file of this name in {folder.name}/")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return None, [Fault(file, row, None, repr(content[error.start : error.end])[2:-1], "UTF-8 text")]
    header, *lines = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    fields: list[Field] = resource["schema"]["fields"]
    faults = list(_header_faults(file, header, [field["name"] for field in fields]))
    casts = [(field["name"], header.index(field["name"]), _cast(field)) for field in fields if field["name"] in header]
    records, rows = [], []
    for number, line in enumerate(lines, HEADER + 1):
        if not line:
            continue
        if len(line) != len(header):
            faults.append(Fault(file, number, None, f"{len(line)} cells", f"{len(header)} cells, as in the header"))
            continue
        record: Record = {}
        for name, position, cast in casts:
            record[name], accepted = cast(line[position])
            if accepted:
                faults.append(Fault(file, number, name, line[position], accepted))
        records.append(record)
        rows.append(number)
    return Table(resource, records, rows), faults


def _header_faults(file: str, header: list[str], names: list[str]) -> Iterator[Fault]:
    for name in names:
        if header.count(name) != 1:
            found = f"{header.count(name)} times" if name in header else None
            yield Fault(
                file,
                HEADER,
                name,
                found,
                f"this column, once{near(name, [other for other in header if other not in names])}",
            )
    for name in header:
        if name not in names:
            yield Fault(file, HEADER, name, name, f"one of the columns {', '.join(names)}{near(name, names)}")


def _cast(field: Field) -> Callable[[str], tuple[Any, str]]:
    """Make the function that turns a cell into a value, or says what would be accepted."""
    limits: Mapping[str, Any] = field.get("constraints", {})
    parse = PARSERS[field["type"]]
    pattern = re.compile(limits["pattern"]) if "pattern" in limits else None
    low, high = limits.get("minimum", -math.inf), limits.get("maximum", math.inf)
    wanted = _in_words(field)

    def cast(cell: str) -> tuple[Any, str]:
        if cell == "":
            return None, (f"{wanted}; the cell may not be empty" if limits.get("required") else "")
        value = parse(cell)
        if value is None:
            return None, wanted
        if "enum" in limits and value not in limits["enum"]:
            return None, wanted + near(cell, limits["enum"])
        if pattern and not pattern.search(cell):
            return None, wanted
        if isinstance(value, int | float) and not low <= value <= high:
            return None, wanted
        return value, ""

    return cast


def _in_words(field: Field) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        return f"one of {', '.join(limits['enum'])}"
    words = KINDS[field["type"]]
    if "minimum" in limits and "maximum" in limits:
        words += f" from {limits['minimum']} to {limits['maximum']}"
    return f"{words} such as {field['example']}" if "example" in field else words


def _text(cell: str) -> str | None:
    return cell if cell == cell.strip() else None


def _integer(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"-?\d+", cell) else None


def _number(cell: str) -> float | None:
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else None


def _boolean(cell: str) -> bool | None:
    return {"true": True, "false": False}.get(cell.lower())


def _date(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell) if len(cell) == len("2026-01-31") else None
    except ValueError:
        return None


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
}
KINDS = {
    "string": "text without blanks around it",
    "integer": "a whole number",
    "number": "a number with a point for decimals",
    "boolean": "true or false",
    "date": "a day of the calendar written as year-month-day,",
}


def _names(key: str | list[str]) -> list[str]:
    return [key] if isinstance(key, str) else list(key)


def _repeated_keys(table: Table) -> Iterator[Fault]:
    names = _names(table.resource["schema"].get("primaryKey", []))
    seen: dict[tuple[Any, ...], int] = {}
    for record, row in table.numbered():
        key = tuple(record.get(name) for name in names)
        if not key or None in key:
            continue
        if (first := seen.setdefault(key, row)) != row:
            value = ", ".join(map(str, key))
            yield Fault(table.file, row, " + ".join(names), value, f"a key of its own: row {first} has this one")


def _dangling_references(table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    for link in table.resource["schema"].get("foreignKeys", []):
        target = tables.get(link["reference"]["resource"])
        if target is None:
            continue
        name, key = link["fields"], link["reference"]["fields"]
        known = dict.fromkeys(record[key] for record in target.records if record.get(key) is not None)
        for record, row in table.numbered():
            value = record.get(name)
            if value is not None and value not in known:
                yield Fault(table.file, row, name, value, f"an id of {target.file}{near(value, known)}")
