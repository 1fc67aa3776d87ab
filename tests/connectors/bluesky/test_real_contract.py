"""The contract on the real Bluesky network."""

import pytest

from tests.connectors.bluesky.real import RealStage
from tests.connectors.bluesky.stage import FAILURES
from tests.connectors.contract import ConnectorContract

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class TestBlueskyOnItsNetwork(ConnectorContract):
    failures = {name: FAILURES[name] for name in ("no connection", "lost answer", "lost write")}  # noqa: RUF012

    @pytest.fixture
    def stage(self, real_stage: RealStage) -> RealStage:
        return real_stage
