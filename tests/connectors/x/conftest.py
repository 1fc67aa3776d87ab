"""What every test of X may ask for: an X of our own."""

from collections.abc import Iterator

import pytest

from tests.standins.x import Server, served


@pytest.fixture
def x() -> Iterator[Server]:
    """An X with nobody on it but the brand, with the rules that hold for everybody."""
    with served(Server()) as server:
        yield server
