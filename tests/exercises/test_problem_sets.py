"""Every problem set: its file, its release, and how stock nbgrader marks its answer bank."""

import ast
import csv
import json
import re
import sys

import nbformat
import pytest

from guarantees.grading.watch import WATCHED
from tests.exercises.answers import Submission
from tests.exercises.conftest import Graded
from tests.exercises.cycle import NbgraderFailed
from tests.exercises.run import drawn_for, handed_in, outcomes
from tests.exercises.submissions import (
    ASSIGNMENTS,
    EXERCISES,
    bank,
    by_hand,
    everyone,
    grade_id,
    is_solution,
    is_test,
    max_points,
    read,
    reference,
    source,
)

REGION = re.compile(r"^ *### BEGIN (?:SOLUTION|HIDDEN TESTS)$.*?^ *### END (?:SOLUTION|HIDDEN TESTS)$", re.M | re.S)
READERS_PACKAGES = sys.stdlib_module_names | {"IPython", "numpy", "pandas", "guarantees"}
RIGHT, WRONG = 3, 6

each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)


def left_to_a_human(graded: Graded, work: Submission) -> set[str]:
    """Name the tests without a score: of objects that are no plain data, or of work that is made to deceive them."""
    review = graded.notebook("autograded", work.student).metadata.review
    left = {
        name
        for name in review.withheld
        for flag in review.flags
        if flag.startswith(f"score withheld: test cell {name}: ") and "no plain data" in flag
    }
    if any(answer.kind == "claims to equal everything" for answer in work.answers.values()):
        left |= {name for name, how in review.cells.items() if how == WATCHED}
    return left


class TestScores:
    def test_every_cell_earns_what_the_bank_expects(self, graded: Graded) -> None:
        faults = [
            f"{work.student}, {name}: {mark.points:g} points where {work.points(name):g} were expected"
            for work in graded.submissions
            for name, mark in graded.marks[work.student].items()
            if mark.points != work.points(name)
        ]
        assert faults == []

    def test_reference_solution_earns_every_point_that_is_marked_automatically(self, graded: Graded) -> None:
        full = max_points(graded.assignment)
        marks = graded.marks[graded.submissions[0].student]
        automatic = sum(full.values()) - sum(full[name] for name in by_hand(graded.assignment))
        assert sum(mark.points for mark in marks.values()) == automatic > 0

    def test_every_cell_runs_and_shows_what_it_should_with_the_reference_solution(self, graded: Graded) -> None:
        cells = graded.notebook("autograded", graded.submissions[0].student).cells
        failed = [grade_id(cell) for cell in cells for output in cell.get("outputs", []) if output.get("ename")]
        assert failed == []

    def test_only_writing_waits_for_a_marker_and_only_if_there_is_some(self, graded: Graded) -> None:
        for work in graded.submissions:
            waiting = {name for name, mark in graded.marks[work.student].items() if mark.by_hand}
            assert waiting == by_hand(graded.assignment) & set(work.answers) | left_to_a_human(graded, work), (
                work.student
            )


class TestMessages:
    def test_who_loses_points_is_told_why(self, graded: Graded) -> None:
        full = max_points(graded.assignment)
        silent = [
            (work.student, name)
            for work in graded.submissions
            for name, text in graded.said(work.student).items()
            if name in full and work.points(name) < full[name] and not text.strip()
        ]
        assert silent == []

    def test_messages_name_the_answer_and_what_was_expected(self, graded: Graded) -> None:
        missing = []
        for work in graded.submissions:
            said = graded.said(work.student)
            for cell, answer in work.answers.items():
                tests = reference(graded.assignment).answers[cell].points
                unclear = left_to_a_human(graded, work) & tests.keys()
                if not any(answer.says in said[name] for name in tests) and answer.says and not unclear:
                    missing.append((work.student, answer.kind, answer.says, [said[name] for name in tests]))
        assert missing == []

    def test_tests_write_nothing_to_stderr(self, graded: Graded) -> None:
        for work in graded.submissions:
            for cell in graded.notebook("autograded", work.student).cells:
                if is_test(cell):
                    assert all(output.get("name") != "stderr" for output in cell.outputs), grade_id(cell)


class TestRelease:
    def test_no_trace_of_solutions_and_hidden_tests(self, graded: Graded) -> None:
        cells = source(graded.assignment).cells
        secret = {
            line.strip() for cell in cells for region in REGION.findall(cell.source) for line in region.split("\n")
        }
        open_lines = {line.strip() for cell in cells for line in REGION.sub("", cell.source).split("\n")}
        release = json.dumps(graded.notebook("release"), ensure_ascii=False)
        leaked = [
            line
            for line in secret - open_lines
            if len(line) > 8 and json.dumps(line, ensure_ascii=False)[1:-1] in release
        ]
        assert len(secret) > 100
        assert leaked == []
        assert not re.search("BEGIN|SOLUTION|HIDDEN", release)

    def test_files_are_the_notebook_alone(self, graded: Graded) -> None:
        folder = graded.course.folder / "release" / graded.assignment
        assert [path.name for path in folder.iterdir()] == [f"{graded.assignment}.ipynb"]

    def test_runs_on_what_a_reader_has(self, graded: Graded) -> None:
        imported = set()
        for cell in graded.notebook("release").cells:
            if cell.cell_type == "code":
                for node in ast.walk(ast.parse(cell.source)):
                    if isinstance(node, ast.Import):
                        imported |= {alias.name.split(".")[0] for alias in node.names}
                    elif isinstance(node, ast.ImportFrom):
                        imported.add((node.module or "").split(".")[0])
        assert imported <= READERS_PACKAGES

    def test_every_answer_is_left_to_the_student(self, graded: Graded) -> None:
        for cell in graded.notebook("release").cells:
            if is_solution(cell):
                assert ("YOUR CODE HERE" if cell.cell_type == "code" else "YOUR ANSWER HERE") in cell.source

    def test_a_correct_answer_passes_the_visible_checks(self, graded: Graded) -> None:
        handed_in = graded.notebook("submitted", graded.submissions[0].student)
        failed = {name: outcome.said for name, outcome in outcomes(handed_in).items() if not outcome.points}
        assert failed == {}


@each_assignment
class TestBank:
    def test_every_question_has_right_and_wrong_answers_enough(self, assignment: str) -> None:
        for cell, solution in reference(assignment).answers.items():
            given = [work.answers[cell] for work in bank(assignment) if cell in work.answers]
            if not solution.points:
                assert given, f"no answer to {cell}"
                continue
            right = sum(answer.points == solution.points for answer in given)
            assert right >= RIGHT, f"{right} right answers to {cell}"
            assert len(given) - right >= WRONG, f"{len(given) - right} wrong answers to {cell}"
            for name in solution.points:
                assert any(answer.points.get(name, 0) < solution.points[name] for answer in given), f"all pass {name}"

    def test_answers_differ(self, assignment: str) -> None:
        for cell in reference(assignment).answers:
            given = [work.answers[cell] for work in everyone(assignment) if cell in work.answers]
            assert len({answer.source.strip() for answer in given}) == len(given), cell
            assert len({answer.kind for answer in given}) == len(given), cell

    @pytest.mark.parametrize("variant", [0, *(pytest.param(number, marks=pytest.mark.slow) for number in range(1, 4))])
    def test_right_is_right_and_wrong_is_wrong_for_every_variant_and_course_seed(
        self, assignment: str, variant: int
    ) -> None:
        solutions = reference(assignment).answers
        faults = []
        for work in everyone(assignment):
            found = outcomes(drawn_for(handed_in(assignment, work), variant, seed=variant + 7))
            for cell, answer in work.answers.items():
                full = solutions[cell].points
                earned = {name: found[name].points for name in full}
                expected = {name: answer.points.get(name, 0) for name in full}
                # What a wrong answer still earns may hang on the variant, that it is wrong may not.
                if earned != expected and (variant == 0 or full in (earned, expected)):
                    faults.append((answer.kind, earned, [found[name].said for name in full]))
        assert faults == []


@each_assignment
class TestSource:
    def test_file_is_what_nbformat_writes_with_nothing_run(self, assignment: str) -> None:
        path = EXERCISES / "source" / assignment / f"{assignment}.ipynb"
        notebook = read(path)
        assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
        assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)

    def test_cells_are_named_once_and_locked_unless_they_take_an_answer(self, assignment: str) -> None:
        cells = source(assignment).cells
        assert len({grade_id(cell) for cell in cells}) == len({cell.id for cell in cells}) == len(cells)
        assert all(cell.metadata.nbgrader.locked != is_solution(cell) for cell in cells)

    def test_points_stand_in_the_metadata_alone(self, assignment: str) -> None:
        assert [
            cell.id for cell in source(assignment).cells if re.search(r"\bpoints?\b.*\d|\d\s+points?\b", cell.source)
        ] == []

    def test_every_check_says_what_was_expected(self, assignment: str) -> None:
        for cell in filter(is_test, source(assignment).cells):
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, ast.Assert) or node.msg is not None, f"{grade_id(cell)}: a bare assert"

    def test_random_inputs_come_from_the_course_seed(self, assignment: str) -> None:
        for cell in filter(is_test, source(assignment).cells):
            if re.search(r"\brandom\b", cell.source):
                assert re.search(r"^COURSE_SEED = 0$", cell.source, re.M), grade_id(cell)

    def test_every_question_names_its_outcome_and_links_to_a_chapter_that_exists(self, assignment: str) -> None:
        questions = [cell for cell in source(assignment).cells if cell.source.startswith("## Question ")]
        assert len(questions) >= 4
        for cell in questions:
            assert "*Outcome: " in cell.source
            links = re.findall(r"\]\(([^)#]+\.md)[^)]*\)", cell.source)
            # A reader's copy stands in exercises/<assignment>/, as on Binder.
            assert links
            assert all((EXERCISES / assignment / link).resolve().exists() for link in links)


@pytest.mark.parametrize("graded", ASSIGNMENTS[:1], indirect=True)
def test_a_set_goes_round_from_validation_to_the_exchange(graded: Graded) -> None:
    course, assignment = graded.course, graded.assignment
    full = sum(max_points(assignment).values())
    expected = {work.student: float(sum(map(work.points, max_points(assignment)))) for work in graded.submissions}
    student = graded.submissions[1].student
    course.give_back(assignment, student)
    with (course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        exported = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert exported == {student: (points, full) for student, points in expected.items()}
    page = course.folder / "feedback" / student / assignment / f"{assignment}.html"
    assert f"(Score: {expected[student]} / {float(full)})" in page.read_text(encoding="utf-8")
    handed_in = course.folder / "submitted" / student / assignment / f"{assignment}.ipynb"
    assert "Success!" in course.nbgrader("validate", str(handed_in))
    course.nbgrader("release_assignment", assignment)
    course.nbgrader("release_feedback", assignment)
    exchange = course.folder / "exchange" / "security-guarantees"
    assert (exchange / "outbound" / assignment / f"{assignment}.ipynb").exists()
    assert len(list((exchange / "feedback").iterdir())) == 1


@pytest.mark.parametrize("graded", ASSIGNMENTS[:1], indirect=True)
def test_a_command_that_fails_says_why(graded: Graded) -> None:
    with pytest.raises(NbgraderFailed, match=r"generate_assignment ps9 failed:[\s\S]*ps9"):
        graded.course.nbgrader("generate_assignment", "ps9")
