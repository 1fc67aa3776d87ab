"""The feed connector keeps the contract of connectors that only hear, over HTTP and from a folder."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from responder.connector import Unavailable
from tests.connectors.by_hand import ByHandConnectorContract
from tests.connectors.feed.stage import FAILURES, InFolder, OverHttp
from tests.connectors.stage import Failure


class TestFeedOverHttp(ByHandConnectorContract):
    failures = FAILURES

    @pytest.fixture(autouse=True)
    def _stack(self) -> Iterator[None]:
        with ExitStack() as self.stack:
            yield

    def make_stage(self, folder: Path) -> OverHttp:
        return OverHttp(self.stack)


class TestFeedInFolder(ByHandConnectorContract):
    failures = {"the folder is away": Failure(Unavailable, ("poll", "look"))}

    def make_stage(self, folder: Path) -> InFolder:
        return InFolder(folder)
