"""The feed connector keeps the contract of connectors that only hear, over HTTP and from a folder."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.connectors.by_hand import ByHandConnectorContract
from tests.connectors.feed.stage import FAILURES, FOLDER_FAILURES, InFolder, OverHttp


class TestFeedOverHttp(ByHandConnectorContract):
    failures = FAILURES

    @pytest.fixture(autouse=True)
    def _stack(self) -> Iterator[None]:
        with ExitStack() as self.stack:
            yield

    def make_stage(self, folder: Path) -> OverHttp:
        return OverHttp(self.stack)


class TestFeedInFolder(ByHandConnectorContract):
    failures = FOLDER_FAILURES

    def make_stage(self, folder: Path) -> InFolder:
        return InFolder(folder)
