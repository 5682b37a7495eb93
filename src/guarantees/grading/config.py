"""Switching it on."""

from traitlets.config import Config


def protect(c: Config) -> None:
    """Set a course's ``nbgrader autograde`` up to be safe.

    Parameters
    ----------
    c : Config
        What ``get_config()`` gives in ``nbgrader_config.py``.
    """
    c.Autograde.exporter_class = "guarantees.grading.exporter.SafeExporter"
    c.Autograde.autograde_preprocessors = [
        "guarantees.grading.watch.Watched",
        "nbgrader.preprocessors.IgnorePattern",
        "nbgrader.preprocessors.LimitOutput",
        "guarantees.grading.scores.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
