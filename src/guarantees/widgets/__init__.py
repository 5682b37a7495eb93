"""What a reader can take hold of: one small Python class, one script and one style per widget."""

from guarantees.widgets.model_explorer import ModelExplorer
from guarantees.widgets.quiz import Quiz
from guarantees.widgets.timeline import Timeline

__all__ = ["ModelExplorer", "Quiz", "Timeline"]
