from collections.abc import Callable, Iterator

import pytest

from tests.grading.postgres import postgres


@pytest.fixture(scope="session")
def database() -> Iterator[Callable[[], str]]:
    """Makes new PostgreSQL databases and gives their addresses."""
    with postgres() as new:
        yield new
