"""Links from a chapter to its problem set."""

from html import escape

from guarantees.show.html import Html


def exercise(name: str, title: str) -> Html:
    """Link a problem set's notebook: a download on the page, the notebook itself on Binder.

    Both keep it at ``exercises/<name>/<name>.ipynb``, two folders above a chapter.

    Parameters
    ----------
    name : str
        The assignment's name in nbgrader.
    title : str
        What the link says.
    """
    path = escape(f"../../exercises/{name}/{name}.ipynb")
    return Html(f'<p class="exercise"><a href="{path}" data-exercise="{escape(name)}">{escape(title)}</a></p>')
