"""Self-checks."""

from guarantees import catalog
from guarantees.tableschema import near
from guarantees.widgets.quiz import Quiz


def quiz(id: str) -> Quiz:
    """Show a self-check.

    Parameters
    ----------
    id : str
        A key of ``data/quizzes.yml``.

    Raises
    ------
    guarantees.catalog.UnknownId
        If there is no such quiz; the message lists near matches.
    """
    quizzes = catalog.quizzes()
    if id not in quizzes:
        raise catalog.UnknownId(f"quizzes.yml has no quiz with the id {id!r}{near(id, quizzes)}")
    return Quiz(id, quizzes[id])
