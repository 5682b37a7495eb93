"""What goes out to students, and what a course seed changes in it."""

import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from guarantees import catalog
from guarantees.show.exercise import notebooks, questions
from tests.exercises.cycle import Course, NbgraderFailed
from tests.exercises.submissions import (
    ASSIGNMENTS,
    EXERCISES,
    by_hand,
    grade_id,
    is_solution,
    is_test,
    max_points,
    read,
    reference,
    source,
)

sys.path.insert(0, str(EXERCISES))
import course_seed
import release

SEED = 2026
LITERALS = ("COURSE_SEED = 0", "VARIANT = 0")


def literals(assignment: str) -> set[str]:
    lines = {line for cell in source(assignment).cells for line in cell.source.split("\n")}
    return lines & set(LITERALS)


ASSIGNMENT = next(name for name in ASSIGNMENTS if len(literals(name)) == 2)


def with_seed(folder: Path, seed: int, assignment: str) -> Course:
    """A private fork of the course with one problem set."""
    course = Course.copy(folder)
    for other in set(ASSIGNMENTS) - {assignment}:
        shutil.rmtree(course.folder / "source" / other)
    with (course.folder / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        settings.write(f"\nc.CourseSeed.seed = {seed}\n")
    course.grade(assignment, [reference(assignment)])
    return course


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return with_seed(tmp_path_factory.mktemp("seeded"), SEED, ASSIGNMENT)


@pytest.fixture(scope="module")
def released(seeded: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("released")
    release.main(seeded.folder, target)
    return target


def changed(before: NotebookNode, after: NotebookNode) -> set[tuple[str, str]]:
    pairs = [
        lines
        for one, other in zip(before.cells, after.cells, strict=True)
        for lines in zip(one.source.split("\n"), other.source.split("\n"), strict=True)
    ]
    return {(one, other) for one, other in pairs if one != other}


def earned(course: Course, assignment: str) -> float:
    return sum(mark.points for mark in course.marks(assignment)[reference(assignment).student].values())


def automatic(assignment: str) -> float:
    full = max_points(assignment)
    return sum(full.values()) - sum(full[name] for name in by_hand(assignment))


class TestSeed:
    def seed(self, assignment: str, seed: int | None) -> NotebookNode:
        resources = {"nbgrader": {"assignment": assignment}}
        return course_seed.CourseSeed(seed=seed).preprocess(source(assignment), resources)[0]

    @pytest.mark.parametrize("assignment", ASSIGNMENTS)
    def test_a_seed_changes_its_two_lines_and_nothing_else(self, assignment: str) -> None:
        numbers = course_seed.numbers(SEED, assignment)
        expected = {(line, f"{line.split()[0]} = {numbers[line.split()[0]]}") for line in literals(assignment)}
        assert changed(source(assignment), self.seed(assignment, SEED)) == {
            pair for pair in expected if len({*pair}) == 2
        }

    @pytest.mark.parametrize("assignment", ASSIGNMENTS)
    def test_without_a_seed_nothing_changes(self, assignment: str) -> None:
        assert self.seed(assignment, None) == source(assignment)

    def test_numbers_hang_on_the_seed_and_the_assignment(self) -> None:
        drawn = [course_seed.numbers(seed, name) for seed in range(30) for name in ("ps1", "ps2")]
        assert len({numbers["COURSE_SEED"] for numbers in drawn}) == len(drawn)
        assert {numbers["VARIANT"] for numbers in drawn} == {0, 1, 2, 3}
        assert course_seed.numbers(7, "ps1") == course_seed.numbers(7, "ps1")
        assert any(one["VARIANT"] != two["VARIANT"] for one, two in zip(drawn[::2], drawn[1::2], strict=True))

    def test_the_gradebook_holds_the_seeded_hidden_tests(self, seeded: Course) -> None:
        with Gradebook(f"sqlite:///{seeded.folder / 'gradebook.db'}") as gradebook:
            held = {cell.name: cell.source for cell in gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT).source_cells}
        for cell in filter(is_test, self.seed(ASSIGNMENT, SEED).cells):
            assert held[grade_id(cell)] == cell.source

    def test_the_release_has_its_variant_and_no_seed(self, seeded: Course) -> None:
        notebook = (seeded.folder / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
        numbers = course_seed.numbers(SEED, ASSIGNMENT)
        assert f"VARIANT = {numbers['VARIANT']}" in notebook
        assert "COURSE_SEED" not in notebook
        assert str(numbers["COURSE_SEED"]) not in notebook

    def test_the_reference_solution_still_earns_everything(self, seeded: Course) -> None:
        assert earned(seeded, ASSIGNMENT) == automatic(ASSIGNMENT)

    @pytest.mark.slow
    @pytest.mark.parametrize("assignment", ASSIGNMENTS)
    def test_the_reference_solutions_earn_everything_with_any_seed(self, tmp_path: Path, assignment: str) -> None:
        for seed in random.Random(assignment).sample(range(1_000_000), 4):
            assert earned(with_seed(tmp_path / str(seed), seed, assignment), assignment) == automatic(assignment), seed

    def test_a_seed_that_is_no_number_is_refused(self, tmp_path: Path) -> None:
        course = Course.copy(tmp_path / "course")
        with pytest.raises(NbgraderFailed, match="seed"):
            course.nbgrader("generate_assignment", ASSIGNMENT, "--CourseSeed.seed=spring")
        assert not (course.folder / "release").exists()


class TestRelease:
    def test_manifest_has_the_checksums_of_what_students_get(self, seeded: Course, released: Path) -> None:
        manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
        notebook = seeded.folder / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        assert manifest["assignments"] == {ASSIGNMENT: hashlib.sha256(notebook.read_bytes()).hexdigest()}
        data = {path.name for path in catalog.folder().glob("*.csv")}
        assert data < set(manifest["data"])
        for name, digest in manifest["data"].items():
            assert hashlib.sha256((catalog.folder() / name).read_bytes()).hexdigest() == digest
        with zipfile.ZipFile(released / "exercises.zip") as package:
            assert package.read("manifest.json") == (released / "manifest.json").read_bytes()

    def test_outcomes_account_for_every_point(self, released: Path) -> None:
        with (released / "outcomes.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert sum(float(row["points_by_tests"]) for row in rows) == automatic(ASSIGNMENT) > 0
        assert sum(float(row["points_by_hand"]) for row in rows) == sum(max_points(ASSIGNMENT).values()) - automatic(
            ASSIGNMENT
        )
        headings = [cell.source for cell in source(ASSIGNMENT).cells if cell.source.startswith("## Question ")]
        assert len(rows) == len(headings)
        for row, heading in zip(rows, headings, strict=True):
            assert f"*Outcome: {row['outcome']} Read: " in heading

    def test_every_question_serves_an_outcome_of_the_course_and_each_is_served(self) -> None:
        chapter = EXERCISES.parent / "chapters" / "foundations" / "why_guarantees.md"
        stated = set(re.findall(r"^\*\*(LO\d+)\. ", chapter.read_text(encoding="utf-8"), re.MULTILINE))
        asked = [question.course for path in notebooks() for question in questions(path)]
        assert set(asked) == stated

    def test_archive_holds_no_answer(self, released: Path) -> None:
        with zipfile.ZipFile(released / "exercises.zip") as package:
            assert package.testzip() is None
            names = [name for name in package.namelist() if name.startswith("exercises/")]
            assert names == [f"exercises/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"]
            assert "BEGIN SOLUTION" not in package.read(names[0]).decode()
            (wheel,) = (name for name in package.namelist() if name.endswith(".whl"))
            package.extract(wheel, released)
        with zipfile.ZipFile(released / wheel) as contents:
            assert {name.split("/")[0].split("-")[0] for name in contents.namelist()} == {"guarantees"}

    def test_archive_does_not_hang_on_the_hour(self, released: Path) -> None:
        with zipfile.ZipFile(released / "exercises.zip") as package:
            assert {info.date_time for info in package.infolist()} == {release.ZIP_EPOCH}
            assert package.namelist() == sorted(package.namelist())

    def test_notebook_runs_outside_the_repository_on_the_package_in_the_archive(
        self, released: Path, tmp_path: Path
    ) -> None:
        with zipfile.ZipFile(released / "exercises.zip") as package:
            package.extractall(tmp_path)
        (wheel,) = tmp_path.glob("*.whl")
        with zipfile.ZipFile(wheel) as contents:
            contents.extractall(tmp_path / "installed")
        notebook = tmp_path / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        given = [cell for cell in read(notebook).cells if cell.cell_type == "code"]
        given = [cell.source for cell in given if not is_solution(cell) and not is_test(cell)]
        assert len(given) > 3
        script = "\n".join([*given, "import guarantees; print(guarantees.__file__)"])
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=notebook.parent,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
            capture_output=True,
            text=True,
        )
        assert run.stderr == ""
        assert run.stdout.split("\n")[-2].startswith(str(tmp_path))
