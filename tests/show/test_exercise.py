import re

import pytest

from guarantees import catalog, show
from guarantees.show.exercise import NoProblemSets, notebooks
from tests.exercises.submissions import max_points


def rows(html):
    return [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r'<tr role="row">(.*?)</tr>', html)]


def test_points_are_those_of_the_metadata():
    tables = re.findall(r"<table.*?</table>", show.problem_sets().body)
    assert len(tables) == len(notebooks()) > 0
    for path, html in zip(notebooks(), tables, strict=True):
        cells = re.findall(r'data-head="Points by (?:tests|hand)">([\d.–]+)<', html)
        points = [0 if cell == "–" else float(cell) for cell in cells]
        assert sum(points[:-2]) == sum(points[-2:]) == sum(max_points(path.stem).values())
        assert html.count("<tr") - 2 == len(re.findall(r"## Question \d", path.read_text("utf-8")))


def test_what_a_person_reads_is_told_from_what_tests_give():
    html = show.problem_sets().body
    first, last = (re.search(rf">Question {number}\..*?</tr>", html)[0] for number in (1, 5))
    assert re.search(r"Points by tests\">5<.*Points by hand\">–<", first)
    assert re.search(r"Points by tests\">–<.*Points by hand\">9<", last)
    assert 'data-head="Outcome">argue from a text, and meet the best case on the other side.<' in last


def test_without_a_clone_it_is_said_where_the_notebooks_are(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "folder", lambda: tmp_path / "data")
    with pytest.raises(NoProblemSets, match=r"exercises: a clone"):
        show.problem_sets()
