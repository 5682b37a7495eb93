"""A course seed: other random inputs in the hidden tests, and another variant of the questions, for a graded course.

The sets are public. With a seed that only the instructor knows, ``nbgrader generate_assignment`` changes two lines of
the source notebooks, ``COURSE_SEED = 0`` and ``VARIANT = 0``, to numbers derived from it, before it saves the hidden
tests to the gradebook. Without a seed nothing changes.
"""

import hashlib
import re

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer

LINE = re.compile(r"^(COURSE_SEED|VARIANT) = 0$", re.MULTILINE)
VARIANTS = 4


def numbers(seed: int, assignment: str) -> dict[str, int]:
    """Derive the numbers of an assignment: the variants of one tell nothing about those of another."""
    derived = int.from_bytes(hashlib.sha256(f"{seed} {assignment}".encode()).digest()[:4])
    return {"COURSE_SEED": derived, "VARIANT": derived % VARIANTS}


class CourseSeed(NbGraderPreprocessor):
    """Put the course seed into the notebooks of an assignment.

    Attributes
    ----------
    seed : int, optional
        ``c.CourseSeed.seed`` in ``nbgrader_config.py``, or ``--CourseSeed.seed``.
    """

    seed = Integer(None, allow_none=True, help="Known to the instructor alone.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Replace the two lines wherever they stand in code."""
        if self.seed is not None:
            derived = numbers(self.seed, resources["nbgrader"]["assignment"])
            for cell in nb.cells:
                if cell.cell_type == "code":
                    cell.source = LINE.sub(lambda line: f"{line[1]} = {derived[line[1]]}", cell.source)
        return nb, resources
