"""A saved design comes back as it was, and a faulty file says what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guarantees import catalog, design
from guarantees.design.file import FORMAT

FEATURES = list(design.clauses())
DESIGNS = st.dictionaries(st.sampled_from(FEATURES), st.integers(0, 3))
GOOD = {"format": FORMAT, "version": 1, "title": "A pact", "base": "", "design": {"arms": 2}}

# Each changes a good file into a faulty one; the browser has to refuse the same ones.
FAULTY: dict[str, tuple[Any, str]] = {
    "a list": ([], "no design"),
    "another format": ({**GOOD, "format": "recipe"}, f'"format" should be "{FORMAT}"'),
    "a later version": ({**GOOD, "version": 2}, '"version" should be 1, not 2'),
    "version as text": ({**GOOD, "version": "1"}, '"version" should be 1, not "1"'),
    "version as truth": ({**GOOD, "version": True}, '"version" should be 1, not true'),
    "a mistyped key": ({**GOOD, "desing": {}}, "did you mean design"),
    "a title that is no text": ({**GOOD, "title": 3}, '"title" should be a text, not 3'),
    "an unknown model": ({**GOOD, "base": "isreal_qme"}, "did you mean israel_qme"),
    "a model that is a list": ({**GOOD, "base": ["israel_qme"]}, '"base" should be the id of a model'),
    "no levels": ({key: GOOD[key] for key in ("format", "version")}, "a level for each feature"),
    "levels in a list": ({**GOOD, "design": [1, 2]}, "a level for each feature"),
    "an unknown feature": ({**GOOD, "design": {"armz": 1}}, "did you mean arms"),
    "the outcome": ({**GOOD, "design": {"record": 3}}, "record is an outcome"),
    "a level off the scale": ({**GOOD, "design": {"arms": 4}}, "arms should be 0, 1, 2 or 3, not 4"),
    "half a level": ({**GOOD, "design": {"arms": 1.5}}, "not 1.5"),
    "a level as text": ({**GOOD, "design": {"arms": "2"}}, 'not "2"'),
    "a level as truth": ({**GOOD, "design": {"arms": True}}, "not true"),
    "a missing level": ({**GOOD, "design": {"arms": None}}, "not null"),
}


def saved(folder: Path, content: Any) -> Path:
    path = folder / "design.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DESIGNS, st.text(), st.sampled_from(["", *catalog.load("models")["id"]]))
def test_what_is_written_is_read(tmp_path: Path, levels: dict[str, int], title: str, base: str) -> None:
    design.write_design(tmp_path / "design.json", levels, title, base)
    found = design.read_design(tmp_path / "design.json")
    assert found == levels
    assert list(found) == [feature for feature in FEATURES if feature in levels]


def test_levels_from_a_table_can_be_written(tmp_path: Path) -> None:
    levels = catalog.coding_matrix().drop(columns="record").loc["israel_qme"]
    design.write_design(tmp_path / "design.json", levels)
    assert design.read_design(tmp_path / "design.json", complete=True) == levels.to_dict()


@pytest.mark.parametrize(("content", "message"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_named(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(design.InvalidDesign) as caught:
        design.read_design(saved(tmp_path, content))
    assert message in str(caught.value)
    assert "design.json" in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    content = {**GOOD, "version": 7, "design": {"arms": 9, "armz": 1, "forces": 1}}
    with pytest.raises(design.InvalidDesign) as caught:
        design.read_design(saved(tmp_path, content), complete=True)
    assert len(str(caught.value).splitlines()) == 4


def test_a_file_that_is_not_there_or_not_json(tmp_path: Path) -> None:
    with pytest.raises(design.InvalidDesign, match="cannot be read"):
        design.read_design(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(design.InvalidDesign, match="not JSON"):
        design.read_design(tmp_path / "broken.json")
    (tmp_path / "latin.json").write_bytes(b'{"title": "\xe9"}')
    with pytest.raises(design.InvalidDesign, match="not JSON"):
        design.read_design(tmp_path / "latin.json")


def test_an_unfinished_design_is_refused_where_all_is_needed(tmp_path: Path) -> None:
    path = saved(tmp_path, GOOD)
    assert design.read_design(path) == {"arms": 2}
    with pytest.raises(design.InvalidDesign, match="not decided yet: legal_form, obligation"):
        design.read_design(path, complete=True)


@pytest.mark.parametrize("levels", [{"arms": 4}, {"armz": 1}, {"arms": "2"}])
def test_a_faulty_design_is_not_written(tmp_path: Path, levels: dict[str, Any]) -> None:
    with pytest.raises(design.InvalidDesign):
        design.write_design(tmp_path / "design.json", levels)
    assert not (tmp_path / "design.json").exists()
