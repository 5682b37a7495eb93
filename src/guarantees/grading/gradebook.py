"""nbgrader's gradebook, opened once for a submission: nbgrader does it eight times, and looks for its tables each time.

It has no extension point for that. If a name that is replaced here goes, nothing breaks but the gain.
"""

import functools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nbgrader.api
from nbgrader.api import Gradebook
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import scoped_session


def patient(db_url: str) -> str:
    """Have a writer to SQLite wait a minute for the others, not five seconds, if the course does not say how long."""
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database or "timeout" in url.query:
        return db_url
    return url.update_query_dict({"timeout": "60"}).render_as_string(hide_password=False)


def keep_engines() -> None:
    """Have every gradebook of this process use an engine that is kept: its statements are compiled already."""
    nbgrader.api.create_engine = lambda url, **how: _engine((os.getcwd(), threading.get_ident()), url, **how)


@functools.lru_cache(maxsize=4)
def _engine(_where: tuple[str, int], url: str, **how: Any) -> Engine:
    """Keep an engine for each gradebook, whose URL may be relative to the folder, and for one user at a time."""
    return create_engine(url, **how)


@contextmanager
def opened_once() -> Iterator[None]:
    """Have all who open a gradebook meanwhile share a connection, each with a session of its own."""
    opened: dict[tuple[Any, ...], Gradebook] = {}
    initialize, close = Gradebook.__init__, Gradebook.close

    def share(gradebook: Gradebook, *place: Any) -> None:
        if place not in opened:
            initialize(gradebook, *place)
            opened[place] = gradebook
        else:
            vars(gradebook).update(vars(opened[place]))
            gradebook.db = scoped_session(opened[place].db.session_factory)

    def give_back(gradebook: Gradebook) -> None:
        gradebook.db.remove()

    Gradebook.__init__, Gradebook.close = share, give_back
    try:
        yield
    finally:
        Gradebook.__init__, Gradebook.close = initialize, close
        for gradebook in opened.values():
            gradebook.close()
