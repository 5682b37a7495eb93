"""What a chapter displays: the same in the book and in a live notebook."""

from guarantees.show.claims import claim_counts, claims
from guarantees.show.clauses import clauses
from guarantees.show.codebook import contested, criteria, criterion_ranks, features, nearest, rankings
from guarantees.show.download import all_numbers, columns, downloads, readme
from guarantees.show.exercise import exercise, problem_sets
from guarantees.show.figures import figure
from guarantees.show.figures.game import game_tree
from guarantees.show.positions import position_matrix, positions
from guarantees.show.quiz import quiz
from guarantees.show.references import glossary, sources
from guarantees.show.speed import grading_speed
from guarantees.show.tables import codings, comparators, events, instruments
from guarantees.show.text import excerpt, month, source, value

__all__ = [
    "all_numbers",
    "claim_counts",
    "claims",
    "clauses",
    "codings",
    "columns",
    "comparators",
    "contested",
    "criteria",
    "criterion_ranks",
    "downloads",
    "events",
    "excerpt",
    "exercise",
    "features",
    "figure",
    "game_tree",
    "glossary",
    "grading_speed",
    "instruments",
    "month",
    "nearest",
    "position_matrix",
    "positions",
    "problem_sets",
    "quiz",
    "rankings",
    "readme",
    "source",
    "sources",
    "value",
]
