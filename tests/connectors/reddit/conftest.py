"""What the tests of the Reddit connector may ask for."""

from collections.abc import Iterator

import pytest

from tests.standins.reddit import Server, World, served


@pytest.fixture
def server() -> Iterator[Server]:
    """A Reddit of this test's own."""
    with served() as one:
        yield one


@pytest.fixture
def world(server: Server) -> World:
    """What there is on it."""
    return server.world
