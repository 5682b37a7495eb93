"""The course's tables, validated and typed.

The files are those of ``data/``, described by ``data/datapackage.json`` and explained in ``data/README.md``. The first
call validates the whole package; later calls answer from memory.
"""

import difflib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pandas as pd

from guarantees import data_folder as folder
from guarantees import rules, tableschema
from guarantees.tableschema import Fault, Field, Table, Unknown, near

if TYPE_CHECKING:
    from guarantees.deterrence import Design, World

__all__ = [
    "CatalogError",
    "Fault",
    "UnknownFigure",
    "UnknownId",
    "UnknownTable",
    "coding_matrix",
    "criteria",
    "figure",
    "folder",
    "load",
    "names",
    "presets",
    "quizzes",
    "row",
    "validate",
]

QUIZZES = "quizzes.yml"
QUIZ_SCHEMA = "quizzes.schema.json"
DESIGN = ("k", "m", "t", "q", "e")
IN_ORDER = ("models", "features", "criteria")
SIGNS = {"for": 1, "against": -1}


class CatalogError(ValueError):
    """The data has faults; the message has one line for each.

    Attributes
    ----------
    faults : tuple of Fault
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([f"the data has {len(self.faults)} faults:", *map(str, self.faults)]))


class UnknownTable(Unknown):
    """No table has this name; the message lists near matches."""


class UnknownId(Unknown):
    """No row has this id; the message names the table, the id and near matches."""


class UnknownFigure(Unknown):
    """No figure, or more than one, answers to this; the message lists what there is."""


def names() -> list[str]:
    """List the tables, in the order of the data package."""
    return list(_tables())


def load(name: str) -> pd.DataFrame:
    """Load a table.

    Parameters
    ----------
    name : str
        Such as ``"codings"``.

    Returns
    -------
    DataFrame
        The caller's own copy. Text is never missing but may be empty, numbers and dates may be missing, columns with
        a fixed list of values are categorical, and references to models, features and criteria are
        categorical in their order.

    Raises
    ------
    UnknownTable
        If there is no such table.
    CatalogError
        If the data has faults, here or in another table.

    Examples
    --------
    >>> load("models")["short_name"].tolist()[:3]
    ['NATO', 'Defence treaty', 'South Korea']
    """
    return _frame(name).copy()


def row(table: str, id: str) -> pd.Series:
    """Look up one row of a table that has ids.

    Raises
    ------
    UnknownTable, UnknownId
        If there is no such table or row.

    Examples
    --------
    >>> row("instruments", "isr-2016")["signed"]
    '2016-09-14'
    """
    frame = _frame(table)
    if "id" not in frame.columns:
        with_ids = [name for name in _tables() if "id" in _frame(name).columns]
        raise UnknownTable(f"the rows of {table} have no ids; those of {', '.join(with_ids)} do")
    found = frame[frame["id"] == id]
    if found.empty:
        raise UnknownId(f"{table} has no row with the id {id!r}{near(str(id), frame['id'])}")
    return found.iloc[0].copy()


def figure(table: str, entity: str, item: str, period: str) -> pd.Series:
    """Look up one number of ``figures.csv``.

    Parameters
    ----------
    table, entity, item, period : str
        The columns that identify a figure.

    Raises
    ------
    UnknownFigure
        If there is no such figure; the message lists what there is instead.

    Examples
    --------
    >>> figure("us_troops", "Israel", "US active-duty troops", "2024")["value"].item()
    115.0
    """
    found = _frame("figures")
    wanted = {"table": table, "entity": entity, "item": item, "period": str(period)}
    for column, value in wanted.items():
        there = list(dict.fromkeys(found[column]))
        found = found[found[column] == value]
        if found.empty:
            close = difflib.get_close_matches(value, there, n=3) or there
            raise UnknownFigure(
                f"no figure has {column} {value!r} in {list(wanted.values())}; there is {'; '.join(close)}"
            )
    return found.iloc[0].copy()


def coding_matrix(column: str = "value") -> pd.DataFrame:
    """Arrange the codings as a matrix.

    Parameters
    ----------
    column : {"value", "alternative"}
        With ``"alternative"``, contested codings take their alternative and the others keep their value.

    Returns
    -------
    DataFrame, shape (models, features)
        Levels 0 to 3, rows and columns in the order of the files.

    Examples
    --------
    >>> coding_matrix().loc["israel_qme", ["legal_form", "obligation", "arms"]].tolist()
    [2, 0, 3]
    """
    if column not in ("value", "alternative"):
        raise ValueError(f"column must be 'value' or 'alternative', not {column!r}")
    return _matrix(column).copy()


@cache
def _matrix(column: str) -> pd.DataFrame:
    codings = _frame("codings")
    levels = codings[column].fillna(codings["value"]).astype("int64")
    matrix = codings.assign(level=levels).pivot(index="model", columns="feature", values="level")
    matrix.index, matrix.columns = (
        pd.Index(axis.astype(str), name=axis.name) for axis in (matrix.index, matrix.columns)
    )
    return matrix


def presets() -> "dict[str, tuple[Design, World]]":
    """Build the guarantee game of each model from ``presets.csv``.

    Returns
    -------
    dict of str to (Design, World)
        By model, in the order of ``models.csv``; what the table leaves out keeps the default of the game.
    """
    from guarantees.deterrence import Design, World

    games = {}
    for model, rows in _frame("presets").groupby("model", observed=True):
        numbers = dict(zip(rows["parameter"], rows["value"], strict=True))
        dials = {name: numbers.pop(name) for name in DESIGN if name in numbers}
        games[str(model)] = Design(**dials), World(**numbers)
    return games


def criteria() -> dict[str, dict[str, int]]:
    """Gather what each criterion of ``criterion_features.csv`` is made of.

    Returns
    -------
    dict of str to dict of str to int
        By criterion and feature: 1 if more of the feature serves the criterion, -1 if less of it does.

    Examples
    --------
    >>> criteria()["autonomy"]
    {'autonomy': 1, 'control': -1}
    """
    parts = _frame("criterion_features").groupby("criterion", observed=True)
    return {
        str(name): {feature: SIGNS[counts] for feature, counts in zip(rows["feature"], rows["counts"], strict=True)}
        for name, rows in parts
    }


def validate(folder: Path) -> list[Fault]:
    """Check a folder of tables against its data package and the course's own rules.

    Parameters
    ----------
    folder : Path
        Such as ``data/``.

    Returns
    -------
    list of Fault
        Empty if all is well.
    """
    return _check(folder)[1]


def quizzes() -> dict[str, dict[str, Any]]:
    """Load the self-check quizzes, validated against ``quizzes.schema.json``.

    Returns
    -------
    dict of str to dict
        By quiz id.

    Raises
    ------
    CatalogError
        If the file has faults; `Fault.column` is then the path to the place in the quiz.
    """
    content, faults = _check_quizzes(folder())
    if faults:
        raise CatalogError(faults)
    return content


def _check(folder: Path) -> tuple[dict[str, Table], list[Fault]]:
    tables, faults = tableschema.read(folder)
    return tables, faults + rules.broken(tables, faults)


@cache
def _tables() -> dict[str, Table]:
    tables, faults = _check(folder())
    if faults:
        raise CatalogError(faults)
    return tables


@cache
def _frame(name: str) -> pd.DataFrame:
    tables = _tables()
    if name not in tables:
        raise UnknownTable(f"no table is called {name!r}{near(str(name), tables)}; there are {', '.join(tables)}")
    table = tables[name]
    orders = {
        link["fields"]: [record["id"] for record in tables[link["reference"]["resource"]].rows.values()]
        for link in table.schema.get("foreignKeys", [])
        if link["reference"]["resource"] in IN_ORDER
    }
    return pd.DataFrame(
        {
            field["name"]: _column(
                [record[field["name"]] for record in table.rows.values()], field, orders.get(field["name"])
            )
            for field in table.schema["fields"]
        }
    )


def _column(values: list[Any], field: Field, order: list[str] | None) -> pd.Series:
    categories = order or field.get("constraints", {}).get("enum")
    if categories:
        return pd.Series(pd.Categorical(values, categories, ordered=bool(field.get("categoriesOrdered"))))
    if field["type"] == "string":
        return pd.Series(["" if value is None else value for value in values], dtype="str")
    if field["type"] == "date":
        return pd.Series(pd.to_datetime(values))
    integer = "Int64" if None in values else "int64"
    return pd.Series(values, dtype={"integer": integer, "number": "float64", "boolean": "bool"}[field["type"]])


def _check_quizzes(folder: Path) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    import yaml

    try:
        text = (folder / QUIZZES).read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        # JSON has no dates: one that stands alone in a quiz stays the text that it is.
        content = json.loads(json.dumps(yaml.safe_load(text), default=str))
        schema = json.loads((folder / QUIZ_SCHEMA).read_text(encoding="utf-8"))
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        return {}, [Fault(QUIZZES, None, None, None, f"a readable file and {QUIZ_SCHEMA} beside it ({error})")]
    faults = []
    for problem in jsonschema_rs.validator_for(schema).iter_errors(content):
        kind, path = problem.kind, problem.instance_path
        # The library's own message names two options and counts the others.
        options = kind.options if isinstance(kind, jsonschema_rs.ValidationErrorKind.Enum) else None
        accepted = f"one of {', '.join(map(repr, options))}" if options else problem.message
        faults.append(Fault(QUIZZES, _line(tree, path), ".".join(map(str, path)) or None, None, accepted))
    return content, faults


def _line(node: Any, path: Iterable[str | int]) -> int:
    """Find the line of a YAML document on which a value starts."""
    for step in path:
        node = node.value[step] if isinstance(step, int) else next(v for key, v in node.value if key.value == step)
    return int(node.start_mark.line) + 1
