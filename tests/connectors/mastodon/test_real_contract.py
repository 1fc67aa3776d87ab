"""The Mastodon connector keeps the contract on a real server."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.mastodon.failing import FEW
from tests.connectors.mastodon.real import Real
from tests.standins.snac.far import Far
from tests.standins.snac.server import Snac

pytestmark = pytest.mark.slow


class TestMastodonOnSnac(ConnectorContract):
    failures = FEW

    @pytest.fixture(autouse=True)
    def _server(self, snac: Snac, far: Far, stack: ExitStack) -> None:
        self.snac, self.far, self.stack = snac, far, stack

    def make_stage(self, folder: Path) -> Real:
        return Real(self.snac, self.far, self.stack)
