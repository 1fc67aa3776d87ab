"""The contract on the imitation of Bluesky."""

import pytest

from tests.connectors.bluesky.stage import FAILURES, BlueskyStage
from tests.connectors.contract import ConnectorContract


class TestBluesky(ConnectorContract):
    failures = FAILURES

    @pytest.fixture
    def stage(self, stage: BlueskyStage) -> BlueskyStage:
        return stage
