"""The real server, which one run of the tests starts once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.connectors.mastodon.real import Real
from tests.connectors.mastodon.stage import Imitated
from tests.standins.snac.far import Far, far_server
from tests.standins.snac.server import Snac, running


@pytest.fixture(scope="session")
def snac(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snac]:
    """A running snac."""
    with running(tmp_path_factory.mktemp("snac")) as server:
        yield server


@pytest.fixture(scope="session")
def far(snac: Snac) -> Iterator[Far]:
    """A far server whose people write to it."""
    with far_server(snac) as server:
        yield server


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is closed at the end of a test."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def real(snac: Snac, far: Far, stack: ExitStack) -> Real:
    """A new account on the real server."""
    return Real(snac, far, stack)


@pytest.fixture
def stage(stack: ExitStack) -> Imitated:
    """A new account on the imitation."""
    return Imitated(stack)
