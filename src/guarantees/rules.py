"""What the tables must keep to that Table Schema cannot say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from guarantees.tableschema import HEADER, Fault, Table, near

Tables: TypeAlias = Mapping[str, Table]


def broken(tables: Tables, faults: Sequence[Fault] = ()) -> list[Fault]:
    """Find the rules that the tables break.

    Parameters
    ----------
    tables : mapping of str to Table
        As :func:`guarantees.tableschema.read` returns them.
    faults : sequence of Fault
        What is known to be wrong already; rules pass over these rows, and over tables that lack a column.

    Returns
    -------
    list of Fault
    """
    known = {(fault.file, fault.row) for fault in faults}
    sound = {name for name, table in tables.items() if (table.file, HEADER) not in known}
    found = [fault for needed, rule in RULES.items() if sound.issuperset(needed) for fault in rule(tables)]
    return [fault for fault in found if (fault.file, fault.row) not in known]


def _codings(tables: Tables) -> Iterator[Fault]:
    """Demand an alternative, another level with a reason, exactly where a coding is contested."""
    table = tables["codings"]
    for number, record in table.rows.items():
        contested, value, alternative = (record[name] for name in ("contested", "value", "alternative"))
        for column in ("alternative", "alternative_reason"):
            reason = "the coding is contested" if contested else "the coding is not contested"
            yield from _either(table, number, column, record[column], bool(contested), reason)
        if alternative is not None and alternative == value:
            yield Fault(table.file, number, "alternative", str(alternative), "another level than the value")


def _instruments(tables: Tables) -> Iterator[Fault]:
    """Demand that unverified fields are names of columns."""
    table = tables["instruments"]
    return _listed(table, "unverified_fields", [field["name"] for field in table.schema["fields"]], "names of columns")


def _claims(tables: Tables) -> Iterator[Fault]:
    """Demand a paragraph exactly where an article argues, and an excerpt from that paragraph."""
    table, excerpts = tables["claims"], {record["id"]: record for record in tables["excerpts"].rows.values()}
    for number, record in table.rows.items():
        argued = record["kind"] == "argued"
        reason = "the article argues this" if argued else "the article is silent"
        yield from _either(table, number, "paragraph", record["paragraph"], argued, reason)
        excerpt = excerpts.get(record["excerpt"])
        if excerpt and (excerpt["source"], excerpt["paragraph"]) != (record["source"], str(record["paragraph"])):
            there = f"an excerpt from {record['source']}, paragraph {record['paragraph']}"
            yield Fault(table.file, number, "excerpt", record["excerpt"], there)


def _source_issues(tables: Tables) -> Iterator[Fault]:
    """Demand another article exactly where articles disagree."""
    table = tables["source_issues"]
    for number, record in table.rows.items():
        disagree = record["kind"] == "disagreement"
        reason = "the articles disagree" if disagree else "this is no disagreement"
        yield from _either(table, number, "other", record["other"], disagree, reason)


def _glossary(tables: Tables) -> Iterator[Fault]:
    """Demand that related terms are in the glossary."""
    table = tables["glossary"]
    return _listed(table, "see_also", [record["id"] for record in table.rows.values()], "ids of terms")


def _criterion_features(tables: Tables) -> Iterator[Fault]:
    """Demand that no criterion is made of an outcome."""
    table, features = tables["criterion_features"], tables["features"].rows.values()
    designed = [record["id"] for record in features if record["direction"] != "outcome"]
    for number, record in table.rows.items():
        if record["feature"] not in designed:
            yield Fault(table.file, number, "feature", record["feature"], "a feature of the design, not an outcome")


def _either(table: Table, number: int, column: str, cell: Any, filled: bool, reason: str) -> Iterator[Fault]:
    """Find a cell that is empty and should not be, or the other way round."""
    if (cell is not None) != filled:
        accepted = f"{'something' if filled else 'nothing'}, as {reason}"
        yield Fault(table.file, number, column, "" if cell is None else str(cell), accepted)


def _listed(table: Table, column: str, known: list[str], kind: str) -> Iterator[Fault]:
    """Find what is not known in cells that list several things."""
    for number, record in table.rows.items():
        for name in (record[column] or "").split("; "):
            if name and name not in known:
                accepted = f"{kind}, with '; ' between them{near(name, known)}"
                yield Fault(table.file, number, column, name, accepted)


# Each rule looks at the tables it is listed with.
RULES: Mapping[tuple[str, ...], Callable[[Tables], Iterator[Fault]]] = {
    ("codings",): _codings,
    ("instruments",): _instruments,
    ("claims", "excerpts"): _claims,
    ("source_issues",): _source_issues,
    ("glossary",): _glossary,
    ("criterion_features", "features"): _criterion_features,
}
