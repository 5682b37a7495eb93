"""Stock nbgrader, made safe: a sandboxed kernel, an intake that loses nothing, and a report.

Any nbgrader course switches it on with three lines in ``nbgrader_config.py``::

    c = get_config()
    from guarantees.grading import protect
    protect(c)

``nbgrader autograde``, the formgrader and the gradebook stay what they are. From then on

- a submission is read without trust (:mod:`~guarantees.grading.intake`), put together anew on the frame of the release
  (:mod:`~guarantees.grading.rebuild`) and graded from that clean copy (:mod:`~guarantees.grading.exporter`);
- its code runs in a box (:mod:`~guarantees.grading.execute`); its tests are judged outside that box where they allow
  it, and are watched inside where they do not (:mod:`~guarantees.grading.watch` says what either can guarantee);
- its scores enter the gradebook together, or not at all (:mod:`~guarantees.grading.scores`).

``guarantees preflight ASSIGNMENT`` and ``guarantees grade ASSIGNMENT``, run in the course's folder, do the same and say
what happened to each submission (:mod:`~guarantees.grading.report`). A submission that cannot be graded does not stop
the others: ``nbgrader autograde`` prints its line and goes on; ``guarantees grade`` also ends with status 1.

A score is *withheld* where something was found that a student would not do by accident, or where a test could not be
judged: the test cells have no automatic score and wait in the formgrader for manual grading. A score given by hand is
never overwritten.
"""

import sys

from traitlets.config import Config

# jsonschema, which nbformat imports, would spend a second of processor time on a grammar of international addresses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

EXPORTER = "guarantees.grading.exporter.SafeExporter"


def protect(c: Config) -> None:
    """Make ``nbgrader autograde`` safe.

    Parameters
    ----------
    c : Config
        What ``get_config()`` gives in ``nbgrader_config.py``.
    """
    c.Autograde.exporter_class = EXPORTER
    # A rebuilt notebook needs no sanitizing: its kernel, every mark and every locked cell are the release's.
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = [
        "guarantees.grading.watch.Watched",
        "nbgrader.preprocessors.IgnorePattern",
        "nbgrader.preprocessors.LimitOutput",
        "guarantees.grading.scores.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
