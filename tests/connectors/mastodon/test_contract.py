"""The Mastodon connector keeps the contract, on an imitation of the server."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.mastodon.failing import FEW
from tests.connectors.mastodon.stage import Imitated


class TestMastodon(ConnectorContract):
    failures = FEW

    @pytest.fixture(autouse=True)
    def _stack(self, stack: ExitStack) -> None:
        self.stack = stack

    def make_stage(self, folder: Path) -> Imitated:
        return Imitated(self.stack)
