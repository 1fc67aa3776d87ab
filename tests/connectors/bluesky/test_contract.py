"""The contract on the imitation of Bluesky."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.bluesky.stage import FAILURES, BlueskyStage
from tests.connectors.contract import ConnectorContract
from tests.standins.bluesky.imitation import Imitation


class TestBluesky(ConnectorContract):
    failures = FAILURES

    @pytest.fixture
    def stage(self, tmp_path: Path) -> Iterator[BlueskyStage]:
        network = Imitation()
        stage = BlueskyStage(network.port)
        yield stage
        stage.close()
        network.close()
