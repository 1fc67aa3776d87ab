"""The real Bluesky network, once a run, for the slow tests that ask for it."""

from collections.abc import Iterator

import pytest

from tests.connectors.bluesky.real import RealStage
from tests.standins.bluesky.people import Person
from tests.standins.bluesky.real import Real, Unobtainable, real_network
from tests.standins.cache import do_without


@pytest.fixture(scope="session")
def network() -> Iterator[Real]:
    """The real network on the loopback; without it what asks for it is skipped."""
    try:
        with real_network() as running:
            yield running
    except Unobtainable as problem:
        do_without(str(problem))


@pytest.fixture(scope="session")
def strangers() -> list[Person]:
    """People of the real network, made when they are needed."""
    return []


@pytest.fixture
def real_stage(network: Real, strangers: list[Person]) -> Iterator[RealStage]:
    """A brand on the real network."""
    stage = RealStage(network, strangers)
    yield stage
    stage.close()
