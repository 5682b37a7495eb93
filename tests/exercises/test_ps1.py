"""Problem set 1 through stock nbgrader: release, grading, feedback, export."""

import ast
import csv
import json
import re

import nbformat
import pytest
from nbformat import NotebookNode

from tests.exercises.answers import Submission
from tests.exercises.answers.ps1_reading_guarantees import SUBMISSIONS
from tests.exercises.cycle import Course, NbgraderFailed
from tests.exercises.submissions import EXERCISES, grade_id, is_solution, max_points, read, reference, source

ASSIGNMENT = "ps1_reading_guarantees"
BY_HAND = "q5_word"
EVERYONE = [reference(ASSIGNMENT), *SUBMISSIONS]
FULL = max_points(ASSIGNMENT)
REGION = re.compile(r"^ *### BEGIN (?:SOLUTION|HIDDEN TESTS)$.*?^ *### END (?:SOLUTION|HIDDEN TESTS)$", re.M | re.S)
READERS_PACKAGES = {"re", "IPython", "pandas", "guarantees"}

each_submission = pytest.mark.parametrize("submission", EVERYONE, ids=lambda submission: submission.kind)


def notebook_of(course: Course, step: str, student: str = "") -> NotebookNode:
    return read(course.folder / step / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


def printed(notebook: NotebookNode, name: str) -> str:
    """Everything that a cell wrote: what it printed, and its errors."""
    (cell,) = (cell for cell in notebook.cells if grade_id(cell) == name)
    return "\n".join(output.get("text") or output.get("evalue") or "" for output in cell.outputs)


class TestScores:
    @each_submission
    def test_every_cell_earns_what_the_bank_expects(self, ps1: Course, submission: Submission) -> None:
        marks = ps1.marks(ASSIGNMENT, submission.student)
        assert {name: mark.points for name, mark in marks.items()} == {name: submission.points(name) for name in FULL}

    def test_reference_solution_earns_every_point_that_is_marked_automatically(self, ps1: Course) -> None:
        earned = sum(mark.points for mark in ps1.marks(ASSIGNMENT, EVERYONE[0].student).values())
        assert earned == sum(FULL.values()) - FULL[BY_HAND] > 0

    @each_submission
    def test_only_writing_waits_for_a_marker_and_only_if_there_is_some(
        self, ps1: Course, submission: Submission
    ) -> None:
        waiting = {name for name, mark in ps1.marks(ASSIGNMENT, submission.student).items() if mark.by_hand}
        assert waiting == ({BY_HAND} & set(submission.answers))

    def test_export_has_a_row_and_the_total_of_everyone(self, ps1: Course) -> None:
        with (ps1.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            totals = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
        full = sum(FULL.values())
        assert totals == {who.student: (sum(map(who.points, FULL)), full) for who in EVERYONE}

    def test_bank_has_a_right_and_a_wrong_answer_for_every_test_cell(self) -> None:
        for name in FULL.keys() - {BY_HAND}:
            answers = [
                answer.points[name] for who in SUBMISSIONS for answer in who.answers.values() if name in answer.points
            ]
            assert FULL[name] in answers, f"no answer earns everything in {name}"
            assert any(who.points(name) < FULL[name] for who in SUBMISSIONS if who.answers), f"all pass {name}"


class TestFeedback:
    @each_submission
    def test_everyone_gets_a_page_with_the_score(self, ps1: Course, submission: Submission) -> None:
        page = ps1.folder / "feedback" / submission.student / ASSIGNMENT / f"{ASSIGNMENT}.html"
        score = f"(Score: {float(sum(map(submission.points, FULL)))} / {float(sum(FULL.values()))})"
        assert score in page.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("student", "cell", "message"),
        [
            ("student-008", "q1_found_check", "with_defence: expected ['isr-1975', "),
            ("student-008", "q2_codings_check", "codings['conditionality']: expected 3, got 2"),
            (
                "student-008",
                "q2_codings_check",
                "codings['obligation']: 1 is accepted, but 'stimson-21-nuclear' does not",
            ),
            ("student-008", "q3_casus_check", "casus_foederis['isr-qme']['judge']: expected president, got congress"),
            ("student-008", "q4_sums_check", "sums['growth']: expected 15.7, got 155.7"),
            ("student-011", "q1_found_check", "with_defence: expected ids such as 'isr-1975', got ['memorandum"),
            ("student-011", "q2_codings_check", "codings['conditionality']: no excerpt has the id 'us-israel-1979'"),
            ("student-011", "q2_codings_check", "codings['duration']: expected a level of 0, 1, 2 or 3, got 4"),
            ("student-011", "q2_codings_check", "codings['obligation']: expected (level, 'id of an excerpt'), got 0"),
            ("student-011", "q3_casus_check", "casus_foederis['isr-qme']: expected a dict, got 'arms-sale'"),
            ("student-011", "q4_sums_check", "sums['growth']: expected a number, got '15.7 billion'"),
            ("student-003", "q1_occurs_general", "the list of phrases was changed to"),
            ("student-003", "q3_owed_general", "'by': 'Iran', 'demonstrated': True"),
        ],
    )
    def test_messages_name_the_answer_and_what_was_expected(
        self, ps1: Course, student: str, cell: str, message: str
    ) -> None:
        assert message in printed(notebook_of(ps1, "autograded", student), cell)

    @each_submission
    def test_tests_write_nothing_to_stderr(self, ps1: Course, submission: Submission) -> None:
        for cell in notebook_of(ps1, "autograded", submission.student).cells:
            if cell.cell_type == "code" and cell.metadata.nbgrader.grade:
                assert all(output.get("name") != "stderr" for output in cell.outputs), grade_id(cell)


class TestRelease:
    def test_no_trace_of_solutions_and_hidden_tests(self, ps1: Course) -> None:
        cells = source(ASSIGNMENT).cells
        secret = {
            line.strip() for cell in cells for region in REGION.findall(cell.source) for line in region.split("\n")
        }
        open_lines = {line.strip() for cell in cells for line in REGION.sub("", cell.source).split("\n")}
        release = json.dumps(notebook_of(ps1, "release"), ensure_ascii=False)
        leaked = [
            line
            for line in secret - open_lines
            if len(line) > 8 and json.dumps(line, ensure_ascii=False)[1:-1] in release
        ]
        assert len(secret) > 100
        assert leaked == []
        assert not re.search("BEGIN|SOLUTION|HIDDEN", release)

    def test_files_are_the_notebook_alone(self, ps1: Course) -> None:
        assert [path.name for path in (ps1.folder / "release" / ASSIGNMENT).iterdir()] == [f"{ASSIGNMENT}.ipynb"]

    def test_runs_on_what_a_reader_has(self, ps1: Course) -> None:
        imported = set()
        for cell in notebook_of(ps1, "release").cells:
            if cell.cell_type == "code":
                for node in ast.walk(ast.parse(cell.source)):
                    if isinstance(node, ast.Import):
                        imported |= {alias.name.split(".")[0] for alias in node.names}
                    elif isinstance(node, ast.ImportFrom):
                        imported.add((node.module or "").split(".")[0])
        assert imported <= READERS_PACKAGES

    def test_every_answer_is_left_to_the_student(self, ps1: Course) -> None:
        for cell in notebook_of(ps1, "release").cells:
            if is_solution(cell):
                assert ("YOUR CODE HERE" if cell.cell_type == "code" else "YOUR ANSWER HERE") in cell.source

    def test_a_correct_answer_passes_the_visible_checks(self, ps1: Course) -> None:
        handed_in = ps1.folder / "submitted" / "student-002" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        assert "Success!" in ps1.nbgrader("validate", str(handed_in))


class TestSource:
    def test_validates(self, ps1: Course) -> None:
        assert "Success!" in ps1.nbgrader("validate", str(ps1.folder / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"))

    def test_file_is_what_nbformat_writes_with_nothing_run(self) -> None:
        path = EXERCISES / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        notebook = read(path)
        assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
        assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)

    def test_cells_are_named_once_and_locked_unless_they_take_an_answer(self) -> None:
        cells = source(ASSIGNMENT).cells
        assert len({grade_id(cell) for cell in cells}) == len({cell.id for cell in cells}) == len(cells)
        assert all(cell.metadata.nbgrader.locked != is_solution(cell) for cell in cells)

    def test_points_stand_in_the_metadata_alone(self) -> None:
        assert [
            cell.id for cell in source(ASSIGNMENT).cells if re.search(r"\bpoints?\b.*\d|\d\s+points?\b", cell.source)
        ] == []

    def test_every_question_names_its_outcome_and_links_to_a_chapter_that_exists(self) -> None:
        questions = [cell for cell in source(ASSIGNMENT).cells if cell.source.startswith("## ")]
        assert len(questions) == 5
        for cell in questions:
            assert "*Outcome: " in cell.source
            links = re.findall(r"\]\(([^)]+\.md)\)", cell.source)
            # A reader's copy stands in exercises/<assignment>/, as on Binder.
            assert links
            assert all((EXERCISES / ASSIGNMENT / link).resolve().exists() for link in links)


def test_release_and_feedback_reach_the_exchange(ps1: Course) -> None:
    ps1.nbgrader("release_assignment", ASSIGNMENT)
    ps1.nbgrader("release_feedback", ASSIGNMENT)
    exchange = ps1.folder / "exchange" / "security-guarantees"
    assert (exchange / "outbound" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").exists()
    assert len(list((exchange / "feedback").iterdir())) == len(EVERYONE)


def test_a_command_that_fails_says_why(ps1: Course) -> None:
    with pytest.raises(NbgraderFailed, match=r"generate_assignment ps9 failed:[\s\S]*ps9"):
        ps1.nbgrader("generate_assignment", "ps9")
