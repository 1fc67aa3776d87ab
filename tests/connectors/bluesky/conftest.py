"""Bluesky for a test: the imitation, anew for each, or (slow) the real network, once a run."""

from collections.abc import Iterator

import pytest

from tests.connectors.bluesky.real import RealStage, Settled
from tests.connectors.bluesky.stage import BlueskyStage
from tests.standins.bluesky.imitation import Imitation
from tests.standins.bluesky.real import Real, Unobtainable, real_network
from tests.standins.cache import do_without


@pytest.fixture
def imitation() -> Iterator[Imitation]:
    """An empty network in this process."""
    network = Imitation()
    yield network
    network.close()


@pytest.fixture
def stage(imitation: Imitation) -> Iterator[BlueskyStage]:
    """A brand on the imitation."""
    stage = BlueskyStage(imitation.port)
    yield stage
    stage.close()


@pytest.fixture(scope="session")
def network() -> Iterator[Real]:
    """The real network on the loopback; without it what asks for it is skipped."""
    try:
        with real_network() as running:
            yield running
    except Unobtainable as problem:
        do_without(str(problem))


@pytest.fixture(scope="session")
def strangers() -> list[Settled]:
    """People of the real network, made when they are needed."""
    return []


@pytest.fixture
def real_stage(network: Real, strangers: list[Settled]) -> Iterator[RealStage]:
    """A brand on the real network."""
    stage = RealStage(network, strangers)
    yield stage
    stage.close()
