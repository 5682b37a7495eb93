import re

import pytest

from guarantees import catalog, show
from guarantees.show.exercise import NoProblemSets, notebooks
from tests.exercises.submissions import max_points, source


def test_points_are_those_of_the_metadata():
    tables = re.findall(r"<table.*?</table>", show.problem_sets().body)
    assert len(tables) == len(notebooks()) > 0
    for path, html in zip(notebooks(), tables, strict=True):
        cells = re.findall(r'data-head="Points by (?:tests|hand)">([\d.–]+)<', html)
        points = [0 if cell == "–" else float(cell) for cell in cells]
        assert sum(points[:-2]) == sum(points[-2:]) == sum(max_points(path.stem).values())
        assert html.count("<tr") - 2 == len(re.findall(r"## Question \d", path.read_text("utf-8")))


def test_what_a_person_reads_is_told_from_what_tests_give():
    for path, html in zip(notebooks(), re.findall(r"<table.*?</table>", show.problem_sets().body), strict=True):
        marks = [cell.metadata.nbgrader for cell in source(path.stem).cells if cell.metadata.nbgrader.grade]
        by_hand = sum(mark.points for mark in marks if mark.solution)
        assert by_hand > 0
        assert re.findall(r'data-head="Points by hand">(\d+)<', html) == [f"{by_hand:g}"] * 2, (
            "the last question, and all"
        )


def test_every_question_says_what_it_is_for():
    outcomes = re.findall(r'data-head="Outcome">(.*?)</td>', show.problem_sets().body)
    assert outcomes.count("") == len(notebooks()), "only the sum has no outcome"
    assert not [outcome for outcome in outcomes if "Read:" in outcome or "*" in outcome]


def test_without_a_clone_it_is_said_where_the_notebooks_are(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "folder", lambda: tmp_path / "data")
    with pytest.raises(NoProblemSets, match=r"exercises: a clone"):
        show.problem_sets()
