import copy
import json
import re

import pytest

from guarantees import catalog, show
from guarantees.show.speed import OURS, STOCK, NothingMeasured

MEASURED = {"date": "2026-01-15", "machine": {"processor": "P", "cores used": 2, "memory": "4 GiB"}}
COMPARISON = MEASURED | {
    "versions": {"nbgrader": "0.9.6"},
    "submissions": 40,
    "rounds": [
        {
            STOCK: {"seconds": 60 * stock, "cpu": 80, "memory": 200},
            OURS: {"seconds": 20, "cpu": 16, "memory": 400},
        }
        for stock in (1, 2, 9)
    ],
    "ratios": {STOCK: {"throughput": 1, "cpu": 1}, OURS: {"throughput": 6, "cpu": 0.2}},
    "split": {STOCK: {"start": {"ms": 9, "cpu_ms": 5}}, OURS: {"kernel": {"ms": 9, "cpu_ms": 7}}},
    "floor": 0.123,
}
GROWTH = MEASURED | {
    "versions": {"nbgrader": "0.9.6"},
    "classes": [{"submissions": 2000, "seconds": 600, "cpu": 1000, "memory": 410}],
}


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "folder", lambda: tmp_path / "data")
    results = tmp_path / "benchmarks" / "results" / "grading.json"
    results.parent.mkdir(parents=True)

    def shown(known):
        results.write_text(json.dumps(known))
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", show.grading_speed().body)
        return [re.findall(r">([^<]+)<", row) for row in rows]

    return shown


def test_a_row_is_the_median_of_the_rounds(shown):
    assert shown({"comparison": COMPARISON})[1:3] == [
        [STOCK, "20", "× 1", "2.00", "× 1", "200 MiB"],
        [OURS, "120", "× 6", "0.40", "× 0.2", "400 MiB"],
    ]


def test_a_part_that_one_way_has_not_is_left_open(shown):
    assert shown({"comparison": COMPARISON})[4:6] == [["kernel", "–", "7 ms"], ["start", "5 ms", "–"]]


def test_larger_classes_are_shown_once_measured(shown):
    assert shown({"comparison": COMPARISON, "growth": GROWTH})[-1] == ["2000", "10.0", "0.50", "410 MiB"]


def test_what_was_measured_is_said_with_its_date_and_machine(shown):
    alone = copy.deepcopy(COMPARISON)
    del alone["rounds"][1:]
    shown({"comparison": alone})
    assert "40 submissions, one round: measured on 2026-01-15 on 2 cores (P, 4 GiB)" in repr(show.grading_speed())


def test_without_a_clone_it_is_said_where_the_result_would_be(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "folder", lambda: tmp_path / "data")
    with pytest.raises(NothingMeasured, match=r"grading.json is missing: a clone"):
        show.grading_speed()
