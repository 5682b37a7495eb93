"""What a chapter displays: the same in the book and in a live notebook."""

from guarantees.show.exercise import exercise
from guarantees.show.figures import figure
from guarantees.show.quiz import quiz
from guarantees.show.tables import events, instruments
from guarantees.show.text import excerpt, month, source, value

__all__ = ["events", "excerpt", "exercise", "figure", "instruments", "month", "quiz", "source", "value"]
