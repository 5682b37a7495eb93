"""CSV tables read and checked against a Frictionless data package, every fault at once.

Cells are checked by a JSON schema made from each Table Schema [1]_. The frictionless library checks the same files in
the tests, but takes over a second to import and read the descriptor, too long for every load.

References
----------
.. [1] Frictionless Data, Table Schema, https://specs.frictionlessdata.io/table-schema/
"""

import csv
import difflib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

DESCRIPTOR = "datapackage.json"
HEADER = 1
LITERAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?|true|false", re.IGNORECASE)
KINDS = {
    "string": {"type": "string", "pattern": r"^\S([\s\S]*\S)?$", "description": "text without blanks around it"},
    "integer": {"type": "integer", "description": "a whole number"},
    "number": {"type": "number", "description": "a number with a point for decimals"},
    "boolean": {"type": "boolean", "description": "true or false"},
    "date": {"type": "string", "format": "date", "description": "a day of the calendar written as year-month-day,"},
}

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
        row = "" if self.row is None else f", row {self.row}"
        column = "" if self.column is None else f", column {self.column}"
        found = "" if self.value is None else f"found {repr(self.value) if self.value else 'nothing'}, "
        return f"{self.file}{row}{column}: {found}expected {self.accepted}"


@dataclass(frozen=True)
class Table:
    """A table as read: its file, its Table Schema, and its records by row number.

    A cell that is empty, or that has a fault, is None.
    """

    file: str
    schema: Mapping[str, Any]
    rows: dict[int, Record]


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
        table, found = _read_table(folder, resource["path"], resource["schema"])
        faults += found
        if table:
            tables[resource["name"]] = table
    for table in tables.values():
        faults += _repeated_keys(table)
        faults += _dangling_references(table, tables)
    return tables, faults


def _read_table(folder: Path, file: str, schema: Mapping[str, Any]) -> tuple[Table | None, list[Fault]]:
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
    faults = list(_header_faults(file, header, [field["name"] for field in schema["fields"]]))
    fields = {field["name"]: field for field in schema["fields"] if field["name"] in header}
    cells, rows = {}, {}
    for number, line in enumerate(lines, HEADER + 1):
        if line and len(line) != len(header):
            faults.append(Fault(file, number, None, f"{len(line)} cells", f"{len(header)} cells, as in the header"))
        elif line:
            cells[number] = dict(zip(header, line, strict=True))
            rows[number] = {name: _typed(cells[number][name], field["type"]) for name, field in fields.items()}
    for number, name in _rejected(rows, fields):
        rows[number][name] = None
        faults.append(Fault(file, number, name, cells[number][name], _accepted(fields[name], cells[number][name])))
    return Table(file, schema, rows), faults


def _header_faults(file: str, header: list[str], names: list[str]) -> Iterator[Fault]:
    for name in names:
        if header.count(name) != 1:
            found = f"{header.count(name)} times" if name in header else None
            hint = near(name, [other for other in header if other not in names])
            yield Fault(file, HEADER, name, found, f"this column, once{hint}")
    for name in header:
        if name not in names:
            yield Fault(file, HEADER, name, name, f"one of the columns {', '.join(names)}{near(name, names)}")


def _typed(cell: str, kind: str) -> Any:
    """Read a cell; what is not written as its type demands stays text, so that the check of types rejects it."""
    literal = KINDS[kind]["type"] != "string" and LITERAL.fullmatch(cell)
    return json.loads(cell.lower()) if literal else cell or None


def _rejected(rows: Mapping[int, Record], fields: Mapping[str, Field]) -> Iterator[tuple[int, str]]:
    """Find the cells that break the constraints of their fields, by row and column."""
    schema = {"items": {"properties": {name: _json_schema(field) for name, field in fields.items()}}}
    # Draft 4 is the last in which 2.0 is no integer.
    errors = jsonschema_rs.Draft4Validator(schema, validate_formats=True).iter_errors(list(rows.values()))
    numbers = list(rows)
    for position, name in dict.fromkeys(tuple(error.instance_path) for error in errors):
        yield numbers[int(position)], str(name)


def _json_schema(field: Field) -> dict[str, Any]:
    limits = dict(field.get("constraints", {}))
    required = limits.pop("required", False)
    schema = {**KINDS[field["type"]], **limits}
    return schema if required else {"anyOf": [{"type": "null"}, schema]}


def _accepted(field: Field, cell: str) -> str:
    limits = field.get("constraints", {})
    words = KINDS[field["type"]]["description"]
    if "minimum" in limits and "maximum" in limits:
        words += f" from {limits['minimum']} to {limits['maximum']}"
    if "example" in field:
        words += f" such as {field['example']}"
    if "enum" in limits:
        words = f"one of {', '.join(limits['enum'])}{near(cell, limits['enum'])}"
    return words if cell else f"{words}; the cell may not be empty"


def _repeated_keys(table: Table) -> Iterator[Fault]:
    key = table.schema.get("primaryKey", [])
    names = [key] if isinstance(key, str) else key
    seen: dict[tuple[Any, ...], int] = {}
    for row, record in table.rows.items():
        values = tuple(record.get(name) for name in names)
        if names and None not in values and (first := seen.setdefault(values, row)) != row:
            accepted = f"a key of its own: row {first} has this one"
            yield Fault(table.file, row, " + ".join(names), ", ".join(map(str, values)), accepted)


def _dangling_references(table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    for link in table.schema.get("foreignKeys", []):
        if target := tables.get(link["reference"]["resource"]):
            name, key = link["fields"], link["reference"]["fields"]
            known = dict.fromkeys(record[key] for record in target.rows.values() if record.get(key) is not None)
            for row, record in table.rows.items():
                value = record.get(name)
                if value is not None and value not in known:
                    yield Fault(table.file, row, name, value, f"an id of {target.file}{near(value, known)}")
