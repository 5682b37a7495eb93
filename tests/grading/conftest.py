from collections.abc import Callable, Iterator

import pytest

from tests.grading.postgres import postgres


@pytest.fixture(scope="session")
def database() -> Iterator[Callable[..., str]]:
    """Make a PostgreSQL database, empty or like another, and give its address."""
    with postgres() as new:
        yield new
