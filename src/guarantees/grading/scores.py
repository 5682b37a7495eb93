"""Scores go into the gradebook once, together, and only for what was seen to be tested."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from sqlalchemy.exc import OperationalError

ATTEMPTS = 3


class SaveGrades(NbGraderPreprocessor):
    """Takes the place of nbgrader's ``SaveAutoGrades``: one transaction, and scores withheld until a human looks.

    A test cell earns its score if the record of the run (``review`` in the notebook's metadata) says that it was
    tested. Without that, or if the review withholds it, the cell has no automatic score and waits for manual grading,
    which is what nbgrader's formgrader lists. A score given by hand is never touched.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Save the scores and comments of all cells, or of none; then mark the notebook as done."""
        review = nb.metadata.get("review", {})
        scores = {cell.metadata.nbgrader.grade_id: self._score(cell, review) for cell in nb.cells if is_grade(cell)}
        comments = {
            cell.metadata.nbgrader.grade_id: _comment(cell) for cell in nb.cells if is_solution(cell) or is_task(cell)
        }
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _save(scores, comments, resources["nbgrader"])
                break
            except OperationalError:
                if attempt == ATTEMPTS:
                    raise
                self.log.warning("The gradebook is busy: trying again")
        review |= {"scores": scores, "complete": True}
        return nb, resources

    def _score(self, cell: NotebookNode, review: dict[str, Any]) -> float | None:
        """Points for a cell, or none if a human gives them."""
        name = cell.metadata.nbgrader.grade_id
        if name in review.get("withheld", []):
            return None
        if cell.cell_type == "code" and not is_solution(cell) and name not in review.get("cells", {}):
            return None
        try:
            score, full = determine_grade(cell, self.log)
        except (ValueError, KeyError):
            score, full = -1.0, 0.0
        if score is None or (0 <= score <= full and not _strange(cell)):
            return score
        review["flags"].append(f"test cell {name} gave no number from 0 to its points: score withheld")
        review["withheld"].append(name)
        return None


def _strange(cell: NotebookNode) -> bool:
    """Say whether a cell's value is a number below 0 or none at all, which nbgrader takes for full marks."""
    for output in cell.get("outputs", []):
        if output.output_type == "execute_result":
            try:
                return not float(output.data.get("text/plain", "")) >= 0
            except ValueError:
                return False
    return False


def _comment(cell: NotebookNode) -> str | None:
    unchanged = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) and not is_task(cell)
    return "No response." if unchanged else None


def cell_names(gradebook: Gradebook, notebook: SubmittedNotebook) -> dict[str, str]:
    """Look up the grade ids of a notebook's cells, all at once, by their key in the gradebook."""
    query = gradebook.db.query(BaseCell.id, BaseCell.name).filter(BaseCell.notebook_id == notebook.notebook_id)
    return dict(query.all())


def _save(scores: dict[str, float | None], comments: dict[str, str | None], ids: dict[str, str]) -> None:
    with Gradebook(ids["db_url"]) as gradebook:
        notebook = gradebook.find_submission_notebook(ids["notebook"], ids["assignment"], ids["student"])
        names = cell_names(gradebook, notebook)
        grades = {names[grade.cell_id]: grade for grade in notebook.grades}
        for name, score in scores.items():
            grades[name].auto_score = score
            grades[name].needs_manual_grade = score is None or grades[name].manual_score is not None
        kept = {names[comment.cell_id]: comment for comment in notebook.comments}
        for name, comment in comments.items():
            kept[name].auto_comment = comment
        gradebook.db.commit()
