"""How fast a class is graded, as ``benchmarks/grading.py`` last measured it."""

import json
import statistics
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from guarantees import catalog
from guarantees.show.html import Html, Row, table

STOCK, OURS = "nbgrader", "guarantees grade"


class NothingMeasured(FileNotFoundError):
    """There is no result of the benchmark here; the message says where it was looked for."""


def grading_speed() -> Html:
    """Table the latest committed result: each way of grading, where the time goes, and what a larger class costs.

    Raises
    ------
    NothingMeasured
        If the project's folder of benchmarks is not there, as in an installed package.
    """
    results = catalog.folder().parent / "benchmarks" / "results" / "grading.json"
    if not results.is_file():
        raise NothingMeasured(f"{results} is missing: a clone of the project's repository has it")
    known = json.loads(results.read_text(encoding="utf-8"))
    tables = [*_comparison(known["comparison"])]
    if "growth" in known:
        tables.append(_growth(known["growth"]))
    return Html(f'<div class="shown">{"".join(tables)}</div>')


def _measured(what: str, result: Mapping[str, Any]) -> str:
    machine = result["machine"]
    return (
        f"{what}: measured on {result['date']} on {machine['cores used']} cores ({machine['processor']}, "
        f"{machine['memory']}) with nbgrader {result['versions']['nbgrader']}"
    )


def _comparison(result: Mapping[str, Any]) -> Iterable[str]:
    size, rounds, ratios = result["submissions"], result["rounds"], result["ratios"]

    def median(way: str, measure: str) -> float:
        return statistics.median(float(costs[way][measure]) for costs in rounds)

    yield table(
        _measured(f"{size} submissions, {_times(len(rounds))}", result),
        ("Graded by", "Submissions a minute", "Throughput", "Processor seconds each", "Processor time", "Memory"),
        (
            Row(
                (
                    escape(way),
                    f"{60 * size / median(way, 'seconds'):.0f}",
                    f"× {ratios[way]['throughput']:.3g}",
                    f"{median(way, 'cpu') / size:.2f}",
                    f"× {ratios[way]['cpu']:.2g}",
                    f"{median(way, 'memory'):.0f} MiB",
                )
            )
            for way in ratios
        ),
    )
    split = result["split"]
    parts = list(dict.fromkeys([*split[OURS], *split[STOCK]]))
    yield table(
        f"Where the processor time of a submission goes. The same cells run in one Python process take "
        f"{1000 * result['floor']:.0f} ms",
        ("Part", *split),
        (
            Row((escape(part), *(f"{ms[part]['cpu_ms']:.0f} ms" if part in ms else "–" for ms in split.values())))
            for part in parts
        ),
    )


def _times(rounds: int) -> str:
    return "one round" if rounds == 1 else f"medians of {rounds} rounds"


def _growth(result: Mapping[str, Any]) -> str:
    return table(
        _measured("Classes of several sizes, guarantees grade", result),
        ("Submissions", "Minutes", "Processor seconds each", "Memory"),
        (
            Row(
                (
                    str(each["submissions"]),
                    f"{each['seconds'] / 60:.1f}",
                    f"{each['cpu'] / each['submissions']:.2f}",
                    f"{each['memory']:.0f} MiB",
                )
            )
            for each in result["classes"]
        ),
    )
